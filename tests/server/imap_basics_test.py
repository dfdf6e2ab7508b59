"""IMAP: sign-in, mailboxes, messages. Claims of RFC 9051 and the quirks of clients (numbers as in the test names)."""

import unittest

import smtp
from case import ServerCase
from imap import Imap, fetched


def mail(subject="Hello", body="Good morning.\r\n"):
    return smtp.message("anna@example.org", subject, body)


class Basics(ServerCase):
    settings = {"auth.attempts": "100"}

    def connect(self, user=None):
        client = Imap(self.server.imap_port, user or self.person())
        self.addCleanup(client.close)
        return client

    def two(self):
        user = self.person()
        return self.connect(user), self.connect(user)

    def test_greets_with_capabilities_and_signs_in(self):
        with Imap(self.server.imap_port) as client:
            self.assertIn(b"* OK [CAPABILITY IMAP4rev1", client.greeting[0])
            client.bad("SELECT INBOX")
            client.no('LOGIN nobody@example.org "x"', "AUTHENTICATIONFAILED")
            user = self.person()
            self.assertIn("UIDPLUS", client.ok(f'LOGIN {user} "correct horse 7"').code)
            client.bad("LOGIN a b")
            self.assertEqual(client.ok("LOGOUT").untagged[0][0], "BYE")

    def test_login_takes_literals_and_sasl(self):
        user = self.person()
        with Imap(self.server.imap_port) as client:
            client.ok(["LOGIN ", user.encode(), " ", b"correct horse 7"])
        import base64
        secret = base64.b64encode(f"\0{user}\0correct horse 7".encode()).decode()
        with Imap(self.server.imap_port) as client:
            client.ok(f"AUTHENTICATE PLAIN {secret}")
        with Imap(self.server.imap_port) as client:
            tag = client.start("AUTHENTICATE PLAIN")
            self.assertEqual(client.line(), [b"+ "])
            client.send(secret + "\r\n")
            self.assertEqual(client.finish(tag).status, "OK")

    def test_tls_and_starttls(self):
        user = self.person()
        with Imap(self.server.imaps_port, user, tls=True) as client:
            client.ok("NOOP")
        with Imap(self.server.imap_port) as client:
            client.ok("STARTTLS")
            client.wrap()
            client.ok(f'LOGIN {user} "correct horse 7"')

    def test_S3_nothing_may_follow_starttls(self):
        with Imap(self.server.imap_port) as client:
            client.send("a STARTTLS\r\nb NOOP\r\n")
            self.assertIn(b"BYE", client.line()[0])

    def test_quirk_5_special_use_is_always_sent(self):
        client = self.connect()
        names = client.mailboxes()
        self.assertIn("\\Sent", names["Sent Messages"])
        self.assertIn("\\Trash", names["Trash"])
        self.assertIn("\\Drafts", names["Drafts"])
        self.assertIn("INBOX", names)
        self.assertEqual(set(client.mailboxes('LSUB "" "*"')), set(names))

    def test_quirk_9_a_leading_slash_means_nothing(self):
        client = self.connect()
        client.ok('SELECT "/INBOX"')
        client.ok('CREATE "INBOX/Child"')
        self.assertIn("INBOX/Child", client.mailboxes())
        client.ok('SELECT "inbox/Child"')

    def test_quirk_22_names_nest_or_lose_their_slash(self):
        client = self.connect()
        client.ok('CREATE "A"')
        client.ok('CREATE "A/B"')
        self.assertIn("A/B", client.mailboxes())
        answer = client.ok('CREATE "Fam/ily"')
        self.assertEqual(answer.of("LIST")[0][2], "Family")
        client.ok('SELECT "Fam/ily"')
        answer = client.ok('CREATE "A.Sub"')
        self.assertEqual(answer.of("LIST")[0][2:], ["A/Sub", ["OLDNAME", ["A.Sub"]]])
        client.ok('SELECT "A.Sub"')
        client.ok('CREATE "Plain.Name"')
        self.assertIn("Plain.Name", client.mailboxes())
        client.no('CREATE "A"', "ALREADYEXISTS")
        client.no('DELETE "A"', "HASCHILDREN")
        client.no('DELETE "Nothing"', "NONEXISTENT")
        client.ok('RENAME "A/B" "C"')
        self.assertIn("C", client.mailboxes())

    def test_names_travel_as_utf7_and_as_utf8(self):
        client = self.connect()
        client.ok('CREATE "Entw&APw-rfe"')
        self.assertIn("Entw&APw-rfe", client.mailboxes())
        client.ok("ENABLE UTF8=ACCEPT")
        self.assertIn("Entwürfe", client.mailboxes())
        client.ok('SELECT "Entwürfe"')
        other = self.connect()
        other.no('CREATE "&AC8-"')

    def test_append_fetch_store_expunge(self):
        client = self.connect()
        data = mail("One")
        code = client.append("Archive", data, "\\Seen $Forwarded work", "17-Jul-1996 02:44:25 -0700").code.split(" ")
        self.assertEqual(code[0], "APPENDUID")
        client.ok("SELECT Archive")
        got = client.fetch("1", "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[] ENVELOPE BODYSTRUCTURE)")[1]
        self.assertEqual(got["BODY[]"], data)
        self.assertEqual(got["UID"], code[2])
        self.assertEqual(set(got["FLAGS"]), {"\\Seen", "$Forwarded", "work"})
        self.assertEqual(got["INTERNALDATE"], "17-Jul-1996 09:44:25 +0000")
        self.assertEqual(got["RFC822.SIZE"], str(len(data)))
        self.assertEqual(got["ENVELOPE"][1], "One")
        self.assertEqual(got["BODYSTRUCTURE"][:2], ["TEXT", "PLAIN"])
        stored = fetched(client.ok("STORE 1 -FLAGS (\\Seen work)"))[1]
        self.assertEqual(stored["FLAGS"], ["$Forwarded"])
        self.assertEqual(client.ok("STORE 1 +FLAGS.SILENT (\\Deleted)").of("FETCH"), [])
        self.assertEqual(client.ok("EXPUNGE").of("EXPUNGE"), [["1"]])

    def test_reading_marks_as_seen_unless_it_peeks(self):
        client = self.connect()
        client.append("Archive", mail())
        client.ok("SELECT Archive")
        self.assertNotIn("FLAGS", client.fetch("1", "BODY.PEEK[TEXT]")[1])
        got = client.fetch("1", "(BODY[TEXT]<5.3>)")[1]
        self.assertEqual(got["BODY[TEXT]<5>"], b"mor")
        self.assertEqual(got["FLAGS"], ["\\Seen"])
        client.ok("EXAMINE Archive")
        client.no("STORE 1 FLAGS ()", "NOPERM")

    def test_quirk_14_rfc822_and_enable_answer_fully(self):
        client = self.connect()
        self.assertEqual(client.ok("ENABLE QRESYNC").of("ENABLED"), [["QRESYNC", "CONDSTORE"]])
        data = mail()
        client.append("Archive", data)
        client.ok("SELECT Archive")
        self.assertEqual(client.fetch("1", "RFC822")[1]["RFC822"], data)
        answer = client.ok("UID SEARCH RETURN (MIN MAX COUNT) ALL").of("ESEARCH")[0]
        self.assertEqual(answer[1:], ["UID", "MIN", "1", "MAX", "1", "COUNT", "1"])

    def test_quirk_1_done_and_the_next_command_in_one_packet(self):
        client = self.connect()
        client.ok("SELECT INBOX")
        tag = client.idle()
        client.send("DONE\r\nx2 NOOP\r\n")
        self.assertEqual(client.finish(tag).status, "OK")
        self.assertEqual(client.finish("x2").status, "OK")

    def test_quirk_2_an_empty_line_is_skipped(self):
        client = self.connect()
        client.send("\r\n")
        client.ok("NOOP")

    def test_quirk_3_uids_that_are_gone_are_ok(self):
        client = self.connect()
        client.ok("SELECT INBOX")
        client.ok('UID MOVE 77 "Trash"')
        client.ok('UID COPY 77 "Trash"')
        client.ok("UID STORE 77 +FLAGS (\\Seen)")
        client.ok("UID FETCH 77 (FLAGS)")
        client.bad("FETCH 1 (FLAGS)")

    def test_quirk_4_changedsince_zero(self):
        client = self.connect()
        client.append("INBOX", mail())
        client.ok("SELECT INBOX")
        self.assertIn("MODSEQ", client.fetch("1:*", "(FLAGS) (CHANGEDSINCE 0)", uid=True)[1])

    def test_quirk_17_pipelined_commands_keep_their_order(self):
        client = self.connect()
        client.append("Archive", mail())
        client.append("Archive", mail())
        client.ok("SELECT Archive")
        client.send("a1 STORE 1 +FLAGS (\\Deleted)\r\na2 EXPUNGE\r\na3 FETCH 1 (UID)\r\n")
        client.finish("a1")
        self.assertEqual(client.finish("a2").of("EXPUNGE"), [["1"]])
        self.assertEqual(fetched(client.finish("a3"))[1]["UID"], "2")

    def test_quirk_18_what_moves_in_shows_in_the_next_fetch(self):
        one, two = self.two()
        one.append("INBOX", mail("a"))
        one.ok("SELECT INBOX")
        two.append("Archive", mail("b"))
        two.ok("SELECT Archive")
        two.ok("UID MOVE 1 INBOX")
        self.assertEqual(sorted(one.fetch("2:*", "(FLAGS)", uid=True)), [2])

    def test_idle_tells_of_new_mail_flags_and_removals(self):
        one, two = self.two()
        one.ok("SELECT INBOX")
        tag = one.idle()
        two.append("INBOX", mail())
        self.assertEqual(one.hear(), ["1", "EXISTS"])
        self.assertEqual(one.hear(), ["0", "RECENT"])
        two.ok("SELECT INBOX")
        two.ok("STORE 1 +FLAGS (\\Flagged)")
        self.assertEqual(one.hear()[3 - 1][3], ["\\Flagged"])
        two.ok("MOVE 1 Archive")
        self.assertEqual(one.hear(), ["1", "EXPUNGE"])
        self.assertEqual(one.done(tag).status, "OK")

    def test_I8_numbers_do_not_change_during_fetch_and_store(self):
        one, two = self.two()
        for subject in "abc":
            one.append("Archive", mail(subject))
        one.ok("SELECT Archive")
        two.ok("SELECT Archive")
        two.ok("MOVE 1 INBOX")
        answer = one.ok("FETCH 1:3 (UID)")
        self.assertEqual(answer.of("EXPUNGE"), [])
        self.assertEqual(sorted(fetched(answer)), [2, 3])
        one.ok("STORE 1 +FLAGS (\\Seen)")
        self.assertEqual(one.ok("NOOP").of("EXPUNGE"), [["1"]])

    def test_condstore_and_qresync(self):
        one, two = self.two()
        for subject in "abcd":
            one.append("Archive", mail(subject))
        one.ok("ENABLE QRESYNC")
        answer = one.ok("SELECT Archive")
        codes = {line[1].split(" ")[0].strip("[]"): line[1] for line in answer.of("OK") for line in [["", line[0]]]}
        validity = codes["UIDVALIDITY"].split(" ")[1].rstrip("]")
        modseq = codes["HIGHESTMODSEQ"].split(" ")[1].rstrip("]")
        one.ok("UNSELECT")
        two.ok("SELECT Archive")
        two.ok("STORE 2 +FLAGS (\\Flagged)")
        two.ok("MOVE 3 INBOX")
        answer = one.ok(f"SELECT Archive (QRESYNC ({validity} {modseq} 1:4))")
        self.assertEqual(answer.of("VANISHED"), [[["EARLIER"], "3"]])
        self.assertEqual(list(fetched(answer)), [2])
        two.ok("STORE 1 +FLAGS (\\Seen)")
        answer = one.run(f"STORE 1 (UNCHANGEDSINCE {modseq}) +FLAGS (\\Answered)")
        self.assertIn("MODIFIED 1", answer.code)
        two.ok("MOVE 1 INBOX")
        self.assertEqual(one.ok("NOOP").of("VANISHED"), [["1"]])

    def test_status_and_list_status(self):
        client = self.connect()
        client.append("Archive", mail())
        status = client.ok("STATUS Archive (MESSAGES UIDNEXT UNSEEN SIZE DELETED)").of("STATUS")[0]
        self.assertEqual(status[0], "Archive")
        self.assertEqual(status[1][:6], ["MESSAGES", "1", "UIDNEXT", "2", "UNSEEN", "1"])
        answer = client.ok('LIST "" "*" RETURN (SPECIAL-USE STATUS (UNSEEN))')
        self.assertEqual(len(answer.of("LIST")), len(answer.of("STATUS")))

    def test_multiappend_is_all_or_none(self):
        client = self.connect()
        first, second = mail("1"), mail("2")
        answer = client.ok(["APPEND Archive (\\Seen) ", first, " (\\Flagged) ", second])
        self.assertTrue(answer.code.endswith(" 1:2"))
        client.bad(["APPEND Archive (\\Seen) ", first, " (\\Bogus) ", second])
        self.assertEqual(client.ok("STATUS Archive (MESSAGES)").of("STATUS")[0][1], ["MESSAGES", "2"])
        client.no(["APPEND Nowhere ", first], "TRYCREATE")
        client.ok("NOOP")

    def test_search(self):
        client = self.connect()
        client.append("Archive", mail("Apple pie", "with cream\r\n"), "\\Seen")
        client.append("Archive", mail("Banana", "split\r\n"), "\\Flagged")
        client.ok("SELECT Archive")
        for keys, found in (
            ("ALL", [1, 2]), ("SEEN", [1]), ("UNSEEN", [2]), ('SUBJECT "apple"', [1]), ("BODY split", [2]),
            ("TEXT banana", [2]), ("OR SEEN FLAGGED", [1, 2]), ("NOT SEEN", [2]), ("HEADER Subject pie", [1]),
            ("SINCE 1-Jan-2020", [1, 2]), ("BEFORE 1-Jan-2020", []), ("LARGER 1000000", []), ("2:*", [2]),
            ("UID 1", [1]), ("FROM sender@example.net", [1, 2]), ("(SEEN) FLAGGED", []),
        ):
            self.assertEqual(client.search(keys), found, keys)
        client.append("Archive", mail("Grüße aus KÖLN"))
        client.ok("NOOP")
        tag = client.start(["SEARCH CHARSET UTF-8 SUBJECT ", "köln".encode()])
        self.assertEqual(client.finish(tag).of("SEARCH"), [["3"]])
        client.ok("SEARCH RETURN (SAVE) FLAGGED")
        self.assertEqual(list(client.fetch("$", "(UID)")), [2])
        client.no("SEARCH CHARSET KOI8-R ALL", "BADCHARSET")

    def test_I1_literals_are_bounded_before_sign_in(self):
        with Imap(self.server.imap_port) as client:
            client.send("a LOGIN {99999999}\r\n")
            self.assertIn(b"a NO", client.line()[0])
        with Imap(self.server.imap_port) as client:
            client.send("a NOOP " + "(" * 20000 + "\r\n")
            self.assertIn(b"BAD", client.line()[0])
            client.ok("NOOP")

    def test_I1_a_message_over_every_limit_is_refused_before_it_is_sent(self):
        client = self.connect()
        client.send("a APPEND INBOX {999999999999}\r\n")
        self.assertIn(b"a NO [LIMIT]", client.line()[0])
        client.ok("NOOP")
        client.send("b APPEND INBOX {999999999999+}\r\n")
        self.assertIn(b"* BYE", client.line()[0])

    def test_names_of_utf8_take_large_messages(self):
        client = self.connect()
        client.ok("ENABLE UTF8=ACCEPT")
        client.ok('CREATE "R&D"')
        client.append("R&D", mail("big", ("x" * 76 + "\r\n") * 4000))

    def test_I3_junk_in_authenticate_hurts_nobody_else(self):
        with Imap(self.server.imap_port) as client:
            client.bad("AUTHENTICATE PLAIN !!!")
            tag = client.start("AUTHENTICATE PLAIN")
            client.line()
            client.send("*\r\n")
            self.assertEqual(client.finish(tag).status, "BAD")
            client.ok(f'LOGIN {self.person()} "correct horse 7"')

    def test_a_switched_off_account_hears_so(self):
        user = self.person()
        self.server.cli("account", "disable", user, "imap")
        with Imap(self.server.imap_port) as client:
            self.assertIn("switched off", client.no(f'LOGIN {user} "correct horse 7"').text)

    def test_large_messages_are_streamed(self):
        client = self.connect()
        data = mail("big", ("x" * 76 + "\r\n") * 40000)
        client.append("Archive", data)
        client.ok("SELECT Archive")
        self.assertEqual(client.fetch("1", "BODY.PEEK[]")[1]["BODY[]"], data)
        self.assertEqual(client.fetch("1", "BODY.PEEK[]<1000000.2000000>")[1]["BODY[]<1000000>"], data[1000000:3000000])

    def test_quota_id_namespace_unauthenticate(self):
        client = self.connect()
        self.assertEqual(client.ok("GETQUOTAROOT INBOX").of("QUOTAROOT"), [["INBOX", ""]])
        client.ok('ID ("name" "iPhone Mail" "version" NIL)')
        self.assertEqual(client.ok("NAMESPACE").of("NAMESPACE")[0][0], [["", "/"]])
        client.ok("UNAUTHENTICATE")
        client.bad("SELECT INBOX")


class Actions(ServerCase):
    """The product's table of what a client's actions mean."""

    def setUp(self):
        self.user = self.person()
        self.client = Imap(self.server.imap_port, self.user)
        self.other = Imap(self.server.imap_port, self.user)
        self.addCleanup(self.client.close)
        self.addCleanup(self.other.close)

    def count(self, mailbox):
        return int(self.other.ok(f'STATUS "{mailbox}" (MESSAGES)').of("STATUS")[0][1][1])

    def delete(self, mailbox):
        self.client.append(mailbox, mail(f"in {mailbox}"))
        self.client.ok(f'SELECT "{mailbox}"')
        self.client.ok("STORE 1 +FLAGS (\\Deleted)")
        return self.client.ok("EXPUNGE")

    def test_quirk_19_deleting_in_the_inbox_is_gone_at_once(self):
        self.client.append("INBOX", mail())
        self.client.ok("SELECT INBOX")
        answer = self.client.ok("STORE 1 +FLAGS (\\Deleted)")
        self.assertEqual(answer.of("EXPUNGE"), [])
        self.assertEqual((self.count("INBOX"), self.count("Trash")), (0, 0))
        self.client.ok("FETCH 1 (FLAGS)")
        self.assertEqual(self.client.ok("EXPUNGE").of("EXPUNGE"), [["1"]])

    def test_what_is_gone_can_be_brought_back(self):
        data = mail("come back")
        self.client.append("INBOX", data, "\\Flagged")
        self.client.ok("SELECT INBOX")
        self.client.ok("STORE 1 +FLAGS (\\Deleted)")
        self.client.ok("EXPUNGE")
        listed = self.server.cli("account", "gone", self.user)
        self.assertIn("come back", listed)
        self.server.cli("account", "recover", self.user)
        self.assertEqual(self.client.ok("NOOP").of("EXISTS"), [["1"]])
        got = self.client.fetch("1", "(FLAGS BODY.PEEK[])")[1]
        self.assertEqual((got["BODY[]"], got["FLAGS"]), (data, ["\\Flagged"]))
        self.assertNotIn("come back", self.server.cli("account", "gone", self.user))

    def test_with_the_setting_off_the_inbox_keeps_what_is_marked(self):
        self.server.cli("account", "imap-delete", self.user, "mark")
        self.client.append("INBOX", mail())
        self.client.ok("SELECT INBOX")
        self.client.ok("STORE 1 +FLAGS (\\Deleted)")
        self.assertEqual(self.count("INBOX"), 1)
        self.assertEqual(self.client.fetch("1", "(FLAGS)")[1]["FLAGS"], ["\\Deleted"])
        self.client.ok("EXPUNGE")
        self.assertEqual((self.count("INBOX"), self.count("Trash")), (0, 0))

    def test_quirk_20_deleting_elsewhere_goes_to_the_trash(self):
        self.client.ok("CREATE Work")
        self.assertEqual(self.delete("Work").of("EXPUNGE"), [["1"]])
        self.assertEqual((self.count("Work"), self.count("Trash")), (0, 1))
        self.client.ok("SELECT Trash")
        self.assertEqual(self.client.fetch("1", "(FLAGS)")[1]["FLAGS"], [])

    def test_quirk_8_deleting_in_trash_drafts_and_junk_is_for_good(self):
        for mailbox in ("Drafts", "Junk", "Trash"):
            self.delete(mailbox)
            self.assertEqual((self.count(mailbox), self.count("Trash")), (0, 0), mailbox)

    def test_quirk_20_a_copy_of_the_last_minutes_makes_it_a_move(self):
        self.client.ok("CREATE Work")
        self.client.append("Work", mail())
        self.client.ok("SELECT Work")
        self.client.ok("COPY 1 Archive")
        self.other.ok("SELECT Work")
        self.other.ok("STORE 1 +FLAGS (\\Deleted)")
        self.other.ok("EXPUNGE")
        self.assertEqual((self.count("Work"), self.count("Archive"), self.count("Trash")), (0, 1, 0))

    def test_moving_moves(self):
        self.client.append("INBOX", mail())
        self.client.ok("SELECT INBOX")
        answer = self.client.ok("MOVE 1 Archive")
        self.assertTrue(any("COPYUID" in line[0] for line in answer.of("OK")))
        self.assertEqual((self.count("INBOX"), self.count("Archive")), (0, 1))

    def test_close_expunges_silently_and_unselect_does_not(self):
        self.client.append("Archive", mail())
        self.client.ok("SELECT Archive")
        self.client.ok("STORE 1 +FLAGS (\\Deleted)")
        self.client.ok("UNSELECT")
        self.assertEqual(self.count("Archive"), 1)
        self.client.ok("SELECT Archive")
        self.assertEqual(self.client.ok("CLOSE").untagged, [])
        self.assertEqual(self.count("Archive"), 0)

    def test_quirk_10_a_clients_own_copy_of_what_was_sent_is_recognised(self):
        data = mail("sent once")
        first = self.client.append("Sent Messages", data, "\\Seen").code
        self.assertEqual(self.client.append("Sent Messages", data, "\\Seen").code, first)
        self.assertEqual(self.count("Sent Messages"), 1)


if __name__ == "__main__":
    unittest.main()
