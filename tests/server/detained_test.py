"""[Detained]: mail of strangers waits until it is let in, by any door, or its time is over; groups' addresses reach their members."""

import imaplib
import ssl
import unittest

import smtp
from case import ServerCase
from eas import E
from items import contact
from phone import CONTACTS, INBOX
from server import PASSWORD

FRIEND = "friend@example.net"


class DetainedTest(ServerCase):
    settings = {"clock.manual": "true"}

    def guarded(self, mode="strangers"):
        phone = self.phone(set_up=False)
        self.server.cli("detained", "mode", phone.user, mode)
        phone.set_up()
        return phone

    def letter(self, to, subject, sender):
        """Mail from outside whose From field is the sender, too."""
        session = smtp.Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        session.hello()
        session.envelope(sender, [to])
        self.assertEqual(250, session.data(smtp.message(to, subject, sender=sender))[0])

    def waiting(self, phone):
        return {row["subject"]: row["mail"] for row in self.server.cli_json("detained", "list", phone.user)}

    def senders(self, phone):
        return {row["sender"]: row["mark"] for row in self.server.cli_json("sender", "list", phone.user)}

    def subjects(self, phone, where=INBOX):
        return sorted(phone.pull(where).texts("Email:Subject"))

    def test_a_strangers_mail_waits_and_allowing_lets_it_and_the_next_in(self):
        phone = self.guarded()
        self.letter(phone.user, "first", FRIEND)
        self.assertEqual([], self.subjects(phone))
        self.server.cli("detained", "allow", phone.user, str(self.waiting(phone)["first"]))
        self.assertEqual(["first"], self.subjects(phone))
        self.letter(phone.user, "second", FRIEND)
        self.assertEqual(["first", "second"], self.subjects(phone))
        self.assertEqual({FRIEND: "allowed"}, self.senders(phone))

    def test_a_domain_may_be_let_in(self):
        phone = self.guarded()
        self.letter(phone.user, "one", "a@club.example")
        self.server.cli("detained", "allow", phone.user, str(self.waiting(phone)["one"]), "--domain")
        self.letter(phone.user, "two", "b@club.example")
        self.assertEqual(["one", "two"], self.subjects(phone))

    def test_moving_to_the_inbox_by_a_phone_lets_the_sender_in_quirk_21(self):
        phone = self.guarded()
        self.letter(phone.user, "moved", FRIEND)
        detained = phone.folder(name="[Detained]")
        phone.pull(INBOX)
        phone.move(phone.pull(detained).by("Email:Subject", "moved").id, detained, INBOX)
        self.assertEqual({FRIEND: "allowed"}, self.senders(phone))
        self.letter(phone.user, "later", FRIEND)
        self.assertIn("later", self.subjects(phone))

    def test_moving_or_copying_by_imap_lets_the_sender_in_quirk_21(self):
        for command in ("MOVE", "COPY"):
            with self.subTest(command):
                phone = self.guarded()
                self.letter(phone.user, "moved", FRIEND)
                context = ssl.create_default_context(cafile=self.server.certificate)
                context.check_hostname = False
                client = imaplib.IMAP4_SSL("127.0.0.1", self.server.imaps_port, ssl_context=context)
                client.login(phone.user, PASSWORD)
                client.select('"[Detained]"')
                self.assertEqual("OK", client.uid(command, "1:*", "INBOX")[0])
                client.logout()
                self.assertEqual({FRIEND: "allowed"}, self.senders(phone))
                self.assertEqual(["moved"], self.subjects(phone))

    def test_known_are_contacts_colleagues_and_those_written_to(self):
        phone, colleague = self.guarded(), self.phone()
        phone.pull(CONTACTS)
        phone.add(CONTACTS, *contact("Card"), E("Contacts:Email1Address", '"Card" <card@example.net>'))
        self.letter(phone.user, "from a card", "Card@example.net")
        phone.send_mail(smtp.message("pen@example.net", "Hello", sender=phone.user), "k1")
        self.letter(phone.user, "an answer", "pen@example.net")
        colleague.send_mail(smtp.message(phone.user, "inside", sender=colleague.user), "k2")
        self.letter(phone.user, "forged", colleague.user)
        self.until(lambda: {"from a card", "an answer", "inside"} <= set(self.subjects(phone)), what="the mail of those who are known")
        self.assertIn("forged", self.waiting(phone))

    def test_a_blocked_sender_goes_to_junk(self):
        phone = self.guarded()
        self.letter(phone.user, "bad", FRIEND)
        self.server.cli("detained", "block", phone.user, str(self.waiting(phone)["bad"]))
        self.letter(phone.user, "worse", FRIEND)
        self.assertEqual({}, self.waiting(phone))
        self.assertEqual(["worse"], self.subjects(phone, phone.folder(name="Junk")))

    def test_what_waits_too_long_is_deleted(self):
        phone = self.guarded()
        self.letter(phone.user, "old", FRIEND)
        for _ in range(11):
            self.server.advance("24h")
        self.until(lambda: not self.waiting(phone), what="the end of its time")

    def test_the_list_is_exported_and_imported(self):
        one, two = self.guarded(), self.guarded()
        self.server.cli("sender", "add", one.user, "A@Example.net")
        self.server.cli("sender", "add", one.user, "@spam.example", "--block")
        self.server.cli("sender", "import", two.user, self.server.cli("sender", "export", one.user))
        self.assertEqual({"a@example.net": "allowed", "@spam.example": "blocked"}, self.senders(two))
        self.server.cli("sender", "remove", two.user, "a@example.net")
        self.assertEqual({"@spam.example": "blocked"}, self.senders(two))
        self.assertNotEqual(0, self.server.run_cli("sender", "add", two.user, "no address").returncode)

    def test_off_keeps_nothing_back(self):
        phone = self.phone()
        self.letter(phone.user, "anybody", FRIEND)
        self.assertEqual(["anybody"], self.subjects(phone))

    def test_mail_for_a_group_reaches_its_members_and_posting_may_be_theirs_alone(self):
        one, two, other = self.phone(), self.phone(), self.phone()
        self.server.group("crew", one.user, two.user)
        crew = f"crew@{self.server.domain}"
        self.letter(crew, "for all", FRIEND)
        for phone in (one, two):
            self.assertEqual(["for all"], self.subjects(phone))
        self.server.cli("group", "posting", crew, "members")
        session = smtp.Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        session.hello()
        session.expect(f"MAIL FROM:<{FRIEND}>", 250)
        session.expect(f"RCPT TO:<{crew}>", 550)
        one.send_mail(smtp.message(crew, "from one", sender=one.user), "g1")
        self.until(lambda: "from one" in self.subjects(two), what="a member's mail")
        self.assertEqual([], self.subjects(other))


if __name__ == "__main__":
    unittest.main()
