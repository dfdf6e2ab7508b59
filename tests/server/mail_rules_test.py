"""What becomes of arriving mail by its owner's rules: forwarding, catch-all, plus-addresses, away replies and Sieve (RFC 5228, 3834; S9, S10)."""

import re
import unittest

import smtp
from case import ServerCase
from eas import E
from phone import INBOX
from mx import Mx
from server import Server

FRIEND = "friend@far.example"


class MailRulesTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.mx = Mx()
        cls.server = Server({"smtp.outbound_port": cls.mx.port, "smtp.hostname": "mail.example.org", "clock.manual": "true", "inbound.check": "all"})
        cls.server.write_zone("far.example. 60 IN MX 10 mx.far.example.", "mx.far.example. 60 IN A 127.0.0.1",
                             "proven.far.example. 60 IN MX 10 mx.far.example.",
                             'proven.far.example. 60 IN TXT "v=spf1 ip4:127.0.0.1 -all"', '_dmarc.proven.far.example. 60 IN TXT "v=DMARC1; p=none"')
        cls.server.start()
        cls.server.add_domain()

    @classmethod
    def tearDownClass(cls):
        cls.mx.close()
        super().tearDownClass()

    def setUp(self):
        self.mx.messages.clear()

    def letter(self, to, subject, sender=FRIEND, fields="", named=None, body="Hello"):
        text = f"From: {sender or 'x@far.example'}\r\nTo: {named or to}\r\nSubject: {subject}\r\nMessage-ID: <{abs(hash(subject))}@far.example>\r\n{fields}\r\n{body}\r\n"
        session = smtp.Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        session.hello()
        session.expect(f"MAIL FROM:<{sender}>", 250)
        code, _ = session.command(f"RCPT TO:<{to}>")
        return code if code != 250 else session.data(text.encode())[0]

    def subjects(self, phone, where=INBOX):
        return sorted(phone.pull(where).texts("Email:Subject"))

    def sieve(self, user, script):
        self.server.cli("account", "sieve", "put", user, "rules", script)
        self.server.cli("account", "sieve", "activate", user, "rules")

    def away(self, phone, *audiences, text="I am away"):
        messages = [E("OofMessage", E(audience), E("Enabled", 1), E("ReplyMessage", text), E("BodyType", "Text")) for audience in audiences]
        self.assertEqual(1, phone.settings(E("Oof", E("Set", E("OofState", 1), *messages))).root.number("Oof/Status"))

    # -- forwarding ------------------------------------------------------------------------------------------------

    def test_mail_is_forwarded_in_the_forwarders_name_and_a_copy_stays(self):
        phone = self.phone()
        self.server.cli("account", "forward", phone.user, "--to", "b@far.example")
        self.assertEqual(250, self.letter(phone.user, "on its way"))
        sender, recipients, content, _ = self.mx.wait_for(1)[0]
        self.assertIn(f"FROM:<{phone.user}>", sender)
        self.assertIn("b@far.example", recipients[0])
        self.assertNotIn(b"Return-Path", content)
        self.assertIn(b"From: " + FRIEND.encode(), content)
        self.assertEqual(["on its way"], self.subjects(phone))
        self.server.cli("account", "forward", phone.user, "--to", "b@far.example", "--only")
        self.letter(phone.user, "gone")
        self.mx.wait_for(2)
        self.assertEqual(["on its way"], self.subjects(phone))

    def test_bounces_are_not_forwarded_S10(self):
        phone = self.phone()
        self.server.cli("account", "forward", phone.user, "--to", "b@far.example", "--only")
        self.letter(phone.user, "it failed", sender="")
        self.assertEqual(["it failed"], self.subjects(phone))
        self.assertEqual([], self.mx.messages)

    def test_two_who_forward_to_each_other_end_S10(self):
        one, two = self.phone(), self.phone()
        self.server.cli("account", "forward", one.user, "--to", two.user)
        self.server.cli("account", "forward", two.user, "--to", one.user)
        self.letter(one.user, "round")
        self.until(lambda: not self.server.cli_json("queue", "list"), 30, "an empty queue")
        self.assertLessEqual(len(self.subjects(one)) + len(self.subjects(two)), 8)

    def test_catch_all_and_plus_addresses(self):
        phone = self.phone()
        local, domain = phone.user.split("@")
        self.assertEqual(250, self.letter(f"{local}+lists@{domain}", "plus"))
        self.assertEqual(550, self.letter(f"nobody-at-all@{domain}", "lost"))
        self.server.cli("domain", "catch-all", domain, phone.user)
        self.addCleanup(lambda: self.server.cli("domain", "catch-all", domain, "off"))
        self.assertEqual(250, self.letter(f"nobody-at-all@{domain}", "caught"))
        self.assertEqual(["caught", "plus"], self.subjects(phone))

    # -- away ------------------------------------------------------------------------------------------------------

    def test_one_reply_to_a_sender_and_none_to_machines_S10(self):
        phone = self.phone()
        self.away(phone, "AppliesToInternal", "AppliesToExternalKnown", "AppliesToExternalUnknown")
        self.letter(phone.user, "first")
        sender, recipients, content, _ = self.mx.wait_for(1)[0]
        self.assertIn("FROM:<>", sender)
        self.assertIn(FRIEND, recipients[0])
        for part in (b"Auto-Submitted: auto-replied", b"I am away", b"Automatic reply: first", b"In-Reply-To: <"):
            self.assertIn(part, content)
        self.letter(phone.user, "second")
        self.letter(phone.user, "list", sender="a@far.example", fields="List-Id: <x.far.example>\r\n")
        self.letter(phone.user, "auto", sender="b@far.example", fields="Auto-Submitted: auto-generated\r\n")
        self.letter(phone.user, "bounce", sender="")
        self.letter(phone.user, "machine", sender="no-reply@far.example")
        self.letter(phone.user, "blind", sender="c@far.example", named="others@far.example")
        self.letter(phone.user, "last", sender="d@far.example")
        recipients = [message[1][0] for message in self.mx.wait_for(2)]
        self.assertIn("d@far.example", recipients[1])
        self.assertEqual(2, len(self.mx.messages))

    # -- Sieve -----------------------------------------------------------------------------------------------------

    def test_scripts_file_flag_and_make_folders(self):
        phone = self.phone()
        self.sieve(phone.user, 'require ["fileinto", "mailbox", "imap4flags"];\n'
                               'if header :contains "subject" "bill" { fileinto :create :flags "\\\\Seen" "Bills/New"; stop; }\n'
                               'if header :is "subject" "noise" { discard; }')
        for subject in ("your bill", "noise", "other"):
            self.letter(phone.user, subject)
        self.assertEqual(["other"], self.subjects(phone))
        folders = self.server.cli_json("folder", "list", phone.user)
        self.assertEqual(1, [row["items"] for row in folders if row["name"] in ("New", "Bills/New")][0])

    def test_redirect_vacation_and_body(self):
        phone = self.phone()
        self.sieve(phone.user, 'require ["copy", "vacation", "body"];\n'
                               'if body :contains "urgent" { redirect :copy "boss@far.example"; }\n'
                               'vacation :days 2 :subject "Not here" "Back soon";')
        self.letter(phone.user, "read this", body="this is URGENT")
        messages = self.mx.wait_for(2)
        self.assertEqual({"boss@far.example", FRIEND}, {re.search("<(.*)>", each[1][0]).group(1) for each in messages})
        self.assertTrue(any(b"Subject: Not here" in each[2] and b"Back soon" in each[2] for each in messages))
        self.assertEqual(["read this"], self.subjects(phone))

    def test_what_cannot_be_followed_stays_in_the_inbox(self):
        phone = self.phone()
        self.sieve(phone.user, 'require ["fileinto", "reject"]; if header :is "subject" "no" { reject "never"; } else { fileinto "Nowhere"; }')
        self.letter(phone.user, "no")
        self.letter(phone.user, "where")
        self.assertEqual(["no", "where"], self.subjects(phone))

    def test_a_proven_stranger_is_told_once_that_the_mail_waits_S9(self):
        phone = self.phone(set_up=False)
        self.server.cli("detained", "mode", phone.user, "strangers", "--challenge", "on")
        phone.set_up()
        self.letter(phone.user, "unproven")
        self.letter(phone.user, "proven", sender="a@proven.far.example")
        _, recipients, content, _ = self.mx.wait_for(1)[0]
        self.assertIn("a@proven.far.example", recipients[0])
        self.assertIn(b"Your message waits: proven", content)
        self.letter(phone.user, "again", sender="a@proven.far.example")
        self.letter(phone.user, "other", sender="b@proven.far.example")
        self.assertIn("b@proven.far.example", self.mx.wait_for(2)[1][1][0])
        self.assertEqual(2, len(self.mx.messages))

    def test_wrong_scripts_are_refused_with_their_line(self):
        user = self.person()
        with self.assertRaises(AssertionError) as refused:
            self.server.cli("account", "sieve", "put", user, "bad", 'keep;\nfileinto "x";')
        self.assertIn("line 2", str(refused.exception))
        self.assertEqual([], self.server.cli_json("account", "sieve", "list", user))


if __name__ == "__main__":
    unittest.main()
