"""IMAP: quirks of clients by their numbers; those about single commands stand beside them in imap_basics_test.py,
imap_extensions_test.py and imap_shared_test.py."""

import unittest

import smtp
from case import ServerCase
from imap import Imap


def mail(subject="Hello", body="Good morning.\r\n"):
    return smtp.message("anna@example.org", subject, body)


class Quirks(ServerCase):
    settings = {"auth.attempts": "100"}

    def connect(self, user=None):
        client = Imap(self.server.imap_port, user or self.person())
        self.addCleanup(client.close)
        return client

    def test_quirk_6_one_folder_for_each_use(self):
        user, guest = self.person(), self.person()
        client, other = self.connect(user), self.connect(guest)
        for name in ("Sent", "Deleted Messages", "Spam"):
            client.ok(f'CREATE "{name}"')
        # The special folders of others are none of this person's.
        for name in ("Sent Messages", "Trash", "Junk"):
            other.ok(f'SETACL "{name}" {user} lr')
        names = client.mailboxes()
        self.assertTrue(any(name.startswith("Shared/") and name.endswith("Trash") for name in names))
        for use in ("\\Sent", "\\Trash", "\\Junk", "\\Drafts", "\\Archive"):
            self.assertEqual(sum(use in attributes for attributes in names.values()), 1, use)

    def test_quirk_11_there_is_an_archive(self):
        client = self.connect()
        archive = [name for name, attributes in client.mailboxes().items() if "\\Archive" in attributes]
        client.append("INBOX", mail())
        client.ok("SELECT INBOX")
        self.assertTrue(client.ok(f'UID MOVE 1 "{archive[0]}"').of("EXPUNGE"))
        client.ok(f'SELECT "{archive[0]}"')
        self.assertEqual(client.search("ALL"), [1])

    def test_quirk_12_the_name_of_a_client_changes_nothing(self):
        answers = []
        for name in ("iPhone Mail", "com.apple.email.maild", "Mac OS X Mail", "Thunderbird"):
            client = self.connect()
            client.ok(f'ID ("name" "{name}" "version" "22A3354" "os" "iOS" "os-version" NIL)')
            answers.append([client.ok("CAPABILITY").of("CAPABILITY"), client.mailboxes(), client.ok("NAMESPACE").of("NAMESPACE")])
        self.assertTrue(all(answer == answers[0] for answer in answers))

    def test_quirk_13_strange_mail_is_told_in_the_grammar(self):
        """The client of the tests parses every answer strictly, to its end."""
        letters = [
            b'From: "A \\"quoted\\" \\\\ name" <a@example.org>\r\nSubject: quotes " and \\ in it \r\n\r\nx\r\n',
            b"Subject: \xe4\xf6\xfc raw bytes\r\nFrom: \xff\xfe <x@\xe9>\r\n\r\n\xe4\xf6\r\n",
            b"To: no sender\r\n\r\n", b"\r\n\r\n", b"", b"no header at all", b"Subject:\r\n\r\n",
            b"From: <>\r\nTo: ;,<,@\r\nDate: never\r\n\r\n",
            b"From: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
            b"From: a@b\r\nContent-Type: multipart/mixed\r\n\r\nno boundary\r\n",
            b'From: a@b\r\nContent-Type: text/plain; name="a\r\n b"; charset=\r\nContent-Disposition: ;;;\r\n\r\nx',
            b"From: a@b\r\nSubject: =?utf-8?B?4pyT?= =?broken?Q?\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ny",
            b"From: group: a@b, c@d;\r\nReply-To: (only a comment)\r\nMessage-ID: <>\r\n\r\nx\r\n",
            b"From: a@b\r\nSubject: " + b"long " * 4000 + b"\r\n\r\nx\r\n", b"From: a@b\r\n\r\nnul \x00 byte\r\n"]
        client = self.connect()
        for letter in letters:
            tag = client.tag()
            client.send(b"%s APPEND INBOX ~{%d+}\r\n%s\r\n" % (tag.encode(), len(letter), letter))
            self.assertEqual(client.finish(tag).status, "OK", letter[:60])
        client.ok("SELECT INBOX")
        items = "(UID FLAGS ENVELOPE BODY BODYSTRUCTURE RFC822.SIZE BODY.PEEK[HEADER] BODY.PEEK[1] BODY.PEEK[TEXT]<0.20> PREVIEW)"
        got = client.fetch("1:*", items)
        self.assertEqual(len(got), len(letters))
        for number, letter in enumerate(letters, 1):
            self.assertEqual(int(got[number]["RFC822.SIZE"]), len(letter))
            self.assertEqual(len(got[number]["ENVELOPE"]), 10)
        self.assertEqual(client.ok("STATUS INBOX (MESSAGES)").of("STATUS"), [["INBOX", ["MESSAGES", str(len(letters))]]])
        client.bad("STATUS INBOX ()")

    def test_quirk_15_long_sets_of_uids(self):
        client = self.connect()
        client.append("INBOX", mail())
        client.ok("SELECT INBOX")
        line = ",".join(str(number) for number in range(1, 20000, 2))
        self.assertGreater(len(line), 50000)
        self.assertEqual(client.fetch(line, "UID", uid=True), {1: {"UID": "1"}})
        client.ok("ENABLE QRESYNC")
        validity = client.ok("STATUS INBOX (UIDVALIDITY)").of("STATUS")[0][1][1]
        client.ok(f"SELECT INBOX (QRESYNC ({validity} 1 {line}))")
        with Imap(self.server.imap_port) as early:
            early.send("a NOOP " + "x" * 9000 + "\r\n")
            self.assertIn(b"BAD", early.line()[0])

    def test_quirk_16_parents_are_real_mailboxes(self):
        client = self.connect()
        client.ok('CREATE "Top"')
        client.ok('CREATE "Top/Middle"')
        client.ok('CREATE "Top/Middle/Low"')
        for name, attributes in client.mailboxes().items():
            self.assertFalse({"\\Noselect", "\\NonExistent"} & attributes, name)
        client.append("Top", mail())
        client.append("Top/Middle", mail())
        client.no('DELETE "Top/Middle"', "HASCHILDREN")
        client.ok('RENAME "Top" "New"')
        client.ok('SELECT "New/Middle/Low"')
        client.ok('SELECT "New/Middle"')
        self.assertEqual(client.search("ALL"), [1])

    def test_quirk_21_what_leaves_the_detained_lets_the_sender_in(self):
        for verb in ("MOVE", "COPY"):
            user = self.person()
            client = self.connect(user)
            sender = f"stranger-{verb.lower()}@elsewhere.example"
            client.append("[Detained]", mail("Please").replace(b"sender@example.net", sender.encode()))
            client.ok('SELECT "[Detained]"')
            self.assertEqual(self.server.cli_json("sender", "list", user), [])
            client.ok(f"{verb} 1 INBOX")
            senders = self.server.cli_json("sender", "list", user)
            self.assertEqual([(row["sender"], row["mark"]) for row in senders], [(sender, "allowed")])


if __name__ == "__main__":
    unittest.main()
