"""IMAP: SEARCH, SORT, THREAD and what is told of their results (RFC 9051, 5256, 5957, 5267, 7377, 9394, 8474)."""

import re
import unittest

from case import ServerCase
from imap import Imap


def letter(number, subject, sender="Anna <anna@example.org>", date="Mon, 2 Mar 2026 09:00:00 +0000", body="Hello",
           refs="", to="Bob <bob@example.net>", cc=""):
    lines = [f"From: {sender}", f"To: {to}"]
    lines += [f"Cc: {cc}"] if cc else []
    lines += [f"Subject: {subject}", f"Date: {date}", f"Message-ID: <m{number}@example.org>"]
    lines += [f"References: {refs}", f"In-Reply-To: {refs.split()[-1]}"] if refs else []
    return ("\r\n".join(lines) + "\r\n\r\n" + body + "\r\n").encode("utf-8")


class Searching(ServerCase):
    settings = {"auth.attempts": "100"}

    def setUp(self):
        self.user = self.person()
        self.client = Imap(self.server.imap_port, self.user)
        self.addCleanup(self.client.close)
        self.client.ok('CREATE "Box"')
        self.client.ok('SELECT "Box"')

    def fill(self, *letters):
        for each in letters:
            self.client.append("Box", each)

    def raw(self, command):
        """The untagged lines as they are on the wire."""
        tag = self.client.start(command)
        lines = []
        while True:
            line = self.client.line()[0].decode()
            if line.startswith(tag + " "):
                self.assertIn(" OK ", line)
                return lines
            lines.append(line)

    def test_keys(self):
        self.fill(letter(1, "Apples", body="red fruit"), letter(2, "Pears", "Karl <karl@example.org>", body="GREEN fruit"),
                  letter(3, "Re: Apples", cc="Dora <dora@example.org>", date="Tue, 3 Mar 2026 23:30:00 -0200"))
        client = self.client
        client.ok("STORE 2 +FLAGS (\\Flagged $Label1)")
        for keys, expected in {
                "ALL": [1, 2, 3], "SUBJECT apples": [1, 3], "NOT SUBJECT apples": [2], "FROM karl": [2],
                "OR FROM karl CC dora": [2, 3], "BODY green": [2], "TEXT fruit": [1, 2], "FLAGGED": [2],
                "UNFLAGGED": [1, 3], "KEYWORD $label1": [2], "UNKEYWORD $LABEL1": [1, 3], "2:*": [2, 3],
                "*": [3], "UID 1,3": [1, 3], "SENTON 3-Mar-2026": [3], "SENTSINCE 3-Mar-2026": [3],
                "SENTBEFORE 3-Mar-2026": [1, 2], "HEADER Message-ID m2@": [2], "HEADER Cc \"\"": [3],
                "(FROM anna SUBJECT re:)": [3], "NOT (OR 1 2)": [3], "LARGER 10 SMALLER 100000": [1, 2, 3],
                "YOUNGER 100": [1, 2, 3], "OLDER 100": [], "NEW": [], "RECENT": [], "OLD": [1, 2, 3],
                "FUZZY SUBJECT pears": [2], "DELETED": [], "UNSEEN UNDELETED UNANSWERED UNDRAFT": [1, 2, 3],
                "CHARSET UTF-8 SUBJECT apples": [1, 3], "charset us-ascii all": [1, 2, 3], "SAVEDSINCE 1-Jan-2020": [1, 2, 3],
                "OR OR 1 2 3": [1, 2, 3], "1,1,2:1": [1, 2]}.items():
            self.assertEqual(client.search(keys), expected, keys)
        self.assertEqual(client.ok(["SEARCH SUBJECT ", b"pears", " ALL"]).of("SEARCH"), [["2"]])
        client.no("SEARCH CHARSET KOI8-R ALL", "BADCHARSET")
        for wrong in ("SEARCH", "SEARCH ", "SEARCH (ALL", "SEARCH ALL)", "SEARCH NOT", "SEARCH OR ALL", "SEARCH BEFORE 2026",
                      "SEARCH LARGER x", "SEARCH ALL ", "SEARCH  ALL", "SEARCH ()", "SEARCH RETURN (ALL", "SEARCH UID 0"):
            client.bad(wrong)

    def test_what_is_searched_is_never_stale(self):
        for number in range(5):
            self.fill(letter(number, "S", body=f"needle{number} eedle"))
            self.assertEqual(self.client.search(f"TEXT eedle{number}"), [number + 1])

    def test_the_index_can_be_built_anew_while_serving(self):
        self.fill(letter(1, "S", body="needle"), letter(2, "T"))
        self.assertIn("2 items of", self.server.cli("search", "rebuild", self.user))
        self.assertEqual(self.client.search("TEXT needle"), [1])

    def test_esearch_min_max_count_partial_save(self):
        self.fill(*(letter(i, "even" if i % 2 == 0 else "odd") for i in range(1, 11)))
        lines = self.raw("SEARCH RETURN (MIN MAX COUNT) SUBJECT even")
        self.assertEqual(lines, ['* ESEARCH (TAG "t%d") MIN 2 MAX 10 COUNT 5' % self.client.count])
        self.assertIn("ALL 2,4,6,8,10", self.raw("SEARCH RETURN () SUBJECT even")[0])
        self.assertIn("UID PARTIAL (1:2 2,4)", self.raw("UID SEARCH RETURN (PARTIAL 1:2) SUBJECT even")[0])
        self.assertIn("PARTIAL (-1:-2 8,10)", self.raw("UID SEARCH RETURN (PARTIAL -1:-2) SUBJECT even")[0])
        self.assertIn("PARTIAL (9:10 NIL)", self.raw("UID SEARCH RETURN (PARTIAL 9:10) SUBJECT even")[0])
        self.client.bad("SEARCH RETURN (ALL PARTIAL 1:2) ALL")
        self.assertEqual(self.raw("SEARCH RETURN (SAVE) SUBJECT even"), [])
        self.assertEqual(sorted(self.client.fetch("$", "UID")), [2, 4, 6, 8, 10])
        self.raw("SEARCH RETURN (SAVE MIN) SUBJECT odd")
        self.assertEqual(self.client.search("$"), [1])
        self.raw("UID SEARCH RETURN (SAVE PARTIAL -1:-2) SUBJECT even")
        self.assertEqual(self.client.search("$"), [8, 10])
        self.assertRegex(self.raw("SEARCH RETURN (MAX) MODSEQ 1")[0], r"MAX 10 MODSEQ \d+$")

    def test_fetch_partial(self):
        self.fill(*(letter(i, "x") for i in range(1, 8)))
        uids = [int(v["UID"]) for v in self.client.fetch("1:*", "UID").values()]
        got = self.client.fetch("1:*", "(UID) (PARTIAL 2:3)", uid=True)
        self.assertEqual([int(v["UID"]) for v in got.values()], uids[1:3])
        got = self.client.fetch("1:*", "(UID) (PARTIAL -1:-2)", uid=True)
        self.assertEqual([int(v["UID"]) for v in got.values()], uids[-2:])
        self.client.bad("FETCH 1:* (UID) (PARTIAL 1:2)")

    def test_sort(self):
        self.fill(letter(1, "Re: banana", "Zoe <a@example.org>", "Mon, 2 Mar 2026 09:00:00 +0000", "x" * 500, to="zed@x.example"),
                  letter(2, "apple", "Adam <m@example.org>", "Sun, 1 Mar 2026 09:00:00 +0000"),
                  letter(3, "Fwd: cherry", "Mia <z@example.org>", "Tue, 3 Mar 2026 09:00:00 +0000"))
        for command, expected in {
                "SORT (SUBJECT) UTF-8 ALL": "2 1 3", "SORT (REVERSE SUBJECT) UTF-8 ALL": "3 1 2",
                "SORT (DATE) US-ASCII ALL": "2 1 3", "SORT (FROM) UTF-8 ALL": "1 2 3",
                "SORT (DISPLAYFROM) UTF-8 ALL": "2 3 1", "SORT (REVERSE SIZE) UTF-8 ALL": "1 3 2",
                "SORT (ARRIVAL) UTF-8 2:3": "2 3", "SORT (CC REVERSE DATE) UTF-8 ALL": "3 1 2",
                "SORT (TO) UTF-8 ALL": "2 3 1", "SORT (DISPLAYTO) UTF-8 ALL": "2 3 1"}.items():
            self.assertEqual(self.raw(command), [f"* SORT {expected}"], command)
        self.assertEqual(self.raw("SORT (DATE) UTF-8 SUBJECT none"), ["* SORT"])
        self.assertIn("MIN 2 MAX 3 COUNT 3 ALL 2,1,3", self.raw("SORT RETURN (MIN MAX COUNT ALL) (SUBJECT) UTF-8 ALL")[0])
        self.assertIn("UID PARTIAL (1:2 3,1)", self.raw("UID SORT RETURN (PARTIAL 1:2) (REVERSE DATE) UTF-8 ALL")[0])
        for wrong in ("SORT () UTF-8 ALL", "SORT (NAME) UTF-8 ALL", "SORT (DATE) UTF-8", "SORT DATE UTF-8 ALL", "SORT (REVERSE) UTF-8 ALL"):
            self.client.bad(wrong)
        self.client.no("SORT (DATE) KLINGON ALL", "BADCHARSET")

    def test_thread(self):
        self.fill(letter(1, "Plan"), letter(2, "Re: Plan", refs="<m1@example.org>"),
                  letter(3, "Re: Plan", refs="<m1@example.org>"), letter(4, "Other", date="Wed, 4 Mar 2026 09:00:00 +0000"),
                  letter(5, "Re: Plan", refs="<m1@example.org> <m2@example.org>"))
        self.assertEqual(self.raw("THREAD REFERENCES UTF-8 ALL"), ["* THREAD (1 (2 5)(3))(4)"])
        self.assertEqual(self.raw("UID THREAD REFS UTF-8 ALL")[0].count("("), 4)
        self.assertEqual(self.raw("THREAD ORDEREDSUBJECT UTF-8 ALL"), ["* THREAD (1 (2)(3)(5))(4)"])
        self.assertEqual(self.raw("THREAD REFERENCES UTF-8 SUBJECT none"), ["* THREAD"])
        self.assertEqual(self.raw("THREAD REFERENCES UTF-8 2:3"), ["* THREAD ((2)(3))"])
        self.client.bad("THREAD UNKNOWN UTF-8 ALL")
        self.client.bad("THREAD REFERENCES ALL")

    def test_objectid_threads_and_emails(self):
        self.fill(letter(1, "Plan"), letter(2, "Re: Plan", refs="<m1@example.org>"), letter(3, "Other"))
        items = self.client.fetch("1:3", "(EMAILID THREADID)")
        thread = items[1]["THREADID"][0]
        self.assertEqual(items[2]["THREADID"], [thread])
        self.assertNotEqual(items[3]["THREADID"], [thread])
        self.assertEqual(self.client.search(f"THREADID {thread}"), [1, 2])
        self.assertEqual(self.client.search(f"EMAILID {items[3]['EMAILID'][0]}"), [3])
        self.assertEqual(self.client.search("EMAILID nonsense"), [])
        self.client.ok("COPY 1 INBOX")
        self.client.ok("SELECT INBOX")
        self.assertEqual(self.client.fetch("1", "(EMAILID)")[1]["EMAILID"], items[1]["EMAILID"])

    def test_a_result_is_kept_up_to_date(self):
        self.fill(letter(1, "one"), letter(2, "two"))
        client = self.client
        first = self.raw("SEARCH RETURN (UPDATE) UNSEEN")
        tag = f"t{client.count}"
        self.assertEqual(first, [f'* ESEARCH (TAG "{tag}") ALL 1:2'])
        lines = self.raw("STORE 1 +FLAGS.SILENT (\\Seen)")
        self.assertIn(f'* ESEARCH (TAG "{tag}") REMOVEFROM (0 1)', lines)
        client.append("Box", letter(3, "three"))
        lines = self.raw("NOOP")
        other = Imap(self.server.imap_port, self.user)
        self.addCleanup(other.close)
        other.ok("SELECT Box")
        other.append("Box", letter(4, "four"))
        lines += self.raw("NOOP")
        self.assertTrue(any(re.search(r"ADDTO \(0 \d(:4)?\)", line) for line in lines), lines)
        other.ok("STORE 2 +FLAGS (\\Deleted)")
        other.ok("EXPUNGE")
        lines = self.raw("NOOP")
        removed = lines.index(f'* ESEARCH (TAG "{tag}") REMOVEFROM (0 2)')
        self.assertLess(removed, lines.index("* 2 EXPUNGE"))
        client.ok(f'CANCELUPDATE "{tag}"')
        other.append("Box", letter(5, "five"))
        self.assertFalse(any("ESEARCH" in line for line in self.raw("NOOP")))
        for _ in range(9):
            lines = self.raw("SEARCH RETURN (COUNT UPDATE) ALL")
        self.assertIn("NOUPDATE", lines[-1])

    def test_one_search_in_several_mailboxes(self):
        self.fill(letter(1, "needle"), letter(2, "hay"))
        client = self.client
        client.ok('CREATE "Box/Sub"')
        client.append("Box/Sub", letter(3, "needle"))
        client.append("INBOX", letter(4, "needle"))
        client.append("Trash", letter(5, "hay"))

        def places(sources):
            return sorted(re.search(r'MAILBOX "([^"]*)" UIDVALIDITY \d+\) UID ', line).group(1)
                          for line in self.raw(f"ESEARCH {sources}SUBJECT needle"))

        self.assertEqual(places("IN (mailboxes (INBOX Box Trash)) RETURN (ALL) "), ["Box", "INBOX"])
        self.assertEqual(places("IN (subtree Box) "), ["Box", "Box/Sub"])
        self.assertEqual(places("IN (inboxes) "), ["INBOX"])
        self.assertEqual(places("IN (personal) "), ["Box", "Box/Sub", "INBOX"])
        self.assertEqual(places("IN (selected inboxes) "), ["Box", "INBOX"])
        self.assertEqual(places(""), ["Box"])
        client.bad("ESEARCH IN (nowhere) ALL")
        client.bad("ESEARCH IN (personal) 1:*")
        client.bad("ESEARCH IN (personal) RETURN (SAVE) ALL")


if __name__ == "__main__":
    unittest.main()
