"""SendMail, SmartReply and SmartForward: delivered once, kept in Sent, original attached (MS-ASCMD 2.2.1.17, .19, .20)."""

import email
import email.policy
import unittest

import smtp
from case import ServerCase
from eas import E, body_preference, sync_options
from phone import INBOX, SENT

MIME = sync_options(0, [body_preference(4)], mime=2)


def parsed(item):
    return email.message_from_bytes(item.node("AirSyncBase:Body").find("Data").bytes(), policy=email.policy.default)


class SendMailTest(ServerCase):
    def received(self, phone, subject):
        """The mail with that subject in the phone's inbox, as parsed message."""
        box = phone.box(INBOX)
        self.until(lambda: subject in phone.pull(INBOX, options=MIME).texts("Email:Subject"), what=f"the mail {subject!r}")
        return box.by("Email:Subject", subject)

    def pair(self, version="16.1"):
        return self.phone(version=version), self.phone()

    def sent_ok(self, answer):
        self.assertEqual((200, b""), (answer.status, answer.body), answer)
        self.assertEqual("0", answer.header("Content-Length"))

    def test_a_mail_arrives_and_a_copy_is_in_sent(self):
        for version in ("12.1", "14.1", "16.1"):
            with self.subTest(version):
                one, two = self.pair(version)
                mime = smtp.message(two.user, f"From {version}", text="Größe\r\n", sender=one.user)
                self.sent_ok(one.send_mail(mime, "c1"))
                item = self.received(two, f"From {version}")
                self.assertIn(one.user, item.text("Email:From"))
                self.assertEqual("Größe\r\n", parsed(item).get_content().replace("\r\n", "\n").replace("\n", "\r\n"))
                self.assertEqual([f"From {version}"], one.pull(SENT).texts("Email:Subject"))
                self.assertEqual(["1"], one.box(SENT).texts("Email:Read"))

    def test_without_save_there_is_no_copy(self):
        one, two = self.pair()
        self.sent_ok(one.send_mail(smtp.message(two.user, "No copy", sender=one.user), "c1", save=False))
        self.received(two, "No copy")
        self.assertEqual([], one.pull(SENT).texts("Email:Subject"))

    def test_all_recipients_get_it_and_bcc_stays_secret(self):
        one, two, three = self.phone(), self.phone(), self.phone()
        mime = smtp.message(two.user, "Round", sender=one.user).replace(b"Subject:", f"Bcc: {three.user}\r\nSubject:".encode())
        self.sent_ok(one.send_mail(mime, "c1"))
        for phone in (two, three):
            item = self.received(phone, "Round")
            self.assertIsNone(parsed(item)["Bcc"])
            self.assertNotIn(three.user, str(parsed(item)["To"]))

    def test_mail_to_oneself_arrives_in_the_inbox(self):
        one = self.phone()
        self.sent_ok(one.send_mail(smtp.message(one.user, "Self", sender=one.user), "c1"))
        self.received(one, "Self")

    def test_a_message_without_recipient_is_status_119(self):
        one = self.phone()
        answer = one.send_mail(f"From: {one.user}\r\nSubject: nobody\r\n\r\nx\r\n".encode(), "c1")
        self.assertEqual(119, answer.code, answer)
        self.assertEqual([], one.pull(SENT).texts("Email:Subject"))

    def test_a_message_without_recipient_at_12_1_is_an_http_error(self):
        one = self.phone(version="12.1")
        answer = one.send_mail(f"From: {one.user}\r\nSubject: nobody\r\n\r\nx\r\n".encode(), "c1")
        self.assertIn(answer.status, (400, 500))

    def test_an_empty_or_broken_mime_is_refused(self):
        one = self.phone()
        for mime in (b"", b"\x00\x01\x02"):
            answer = one.send_mail(mime, f"c{len(mime)}")
            self.assertTrue(answer.status == 400 or answer.code in (101, 103, 107, 119), answer)

    def test_a_request_without_client_id_is_refused_at_14(self):
        one, two = self.pair()
        mime = smtp.message(two.user, "No id", sender=one.user)
        answer = one.post("SendMail", E("ComposeMail:SendMail", E("Mime", mime)))
        self.assertTrue(answer.status == 400 or answer.code in (101, 103), answer)

    def test_the_sender_cannot_be_forged(self):
        one, two = self.pair()
        answer = one.send_mail(smtp.message(two.user, "Forged", sender="boss@example.org"), "c1")
        if answer.body:
            self.assertNotEqual(1, answer.code)
        else:
            item = self.received(two, "Forged")
            self.assertIn(one.user, item.text("Email:From"))

    def test_an_unknown_local_recipient_is_told(self):
        """Either the request fails or a report comes back; silence is not an option."""
        one = self.phone()
        answer = one.send_mail(smtp.message("nobody.here@example.org", "Lost", sender=one.user), "c1")
        if answer.body:
            self.assertNotEqual(1, answer.code)
        else:
            self.until(lambda: one.pull(INBOX).items, what="a non-delivery report")

    def test_a_recipient_elsewhere_is_queued_and_the_others_have_it_at_once(self):
        one, two = self.pair()
        self.sent_ok(one.send_mail(smtp.message(f"{two.user}, far@elsewhere.example", "Half", sender=one.user), "c1"))
        self.assertEqual(["Half"], two.pull(INBOX).texts("Email:Subject"))
        self.assertEqual(["Half"], one.pull(SENT).texts("Email:Subject"))
        self.until(lambda: one.pull(INBOX).items, what="the report that there is no such domain")

    def test_a_large_mail_goes_through(self):
        one, two = self.pair()
        data = bytes(range(256)) * 4096 * 5
        mime = smtp.message(two.user, "Large", sender=one.user, attachments=[("big.bin", "application/octet-stream", data)])
        self.sent_ok(one.send_mail(mime, "c1"))
        item = self.received(two, "Large")
        attachment = next(parsed(item).iter_attachments())
        self.assertEqual(data, attachment.get_content())

    # -- reply and forward -----------------------------------------------------------------------------------------

    def original(self, two, **parts):
        self.mail(two.user, "Question", text="What about it?\r\n", **parts)
        return two.pull(INBOX).by("Email:Subject", "Question").id

    def test_a_smart_reply_quotes_the_original(self):
        for version in ("12.1", "14.1", "16.1"):
            with self.subTest(version):
                one, two = self.phone(), self.phone(version=version)
                item = self.original(two)
                mime = smtp.message(one.user, "Re: Question", text="My answer.\r\n", sender=two.user)
                self.sent_ok(two.smart("SmartReply", mime, "r1", two.folder(INBOX).id, item))
                text = parsed(self.received(one, "Re: Question")).get_body(("plain", "html")).get_content()
                self.assertIn("My answer.", text)
                self.assertIn("What about it?", text)

    def test_replace_mime_sends_exactly_what_the_phone_wrote(self):
        one, two = self.pair()
        item = self.original(two)
        mime = smtp.message(one.user, "Re: Question", text="Only this.\r\n", sender=two.user)
        self.sent_ok(two.smart("SmartReply", mime, "r1", two.folder(INBOX).id, item, replace=True))
        text = parsed(self.received(one, "Re: Question")).get_content()
        self.assertIn("Only this.", text)
        self.assertNotIn("What about it?", text)

    def test_a_smart_forward_carries_the_attachments(self):
        one, two = self.pair()
        item = self.original(two, attachments=[("plan.pdf", "application/pdf", b"%PDF " * 1000), ("ü.txt", "text/plain", b"text")])
        mime = smtp.message(one.user, "Fwd: Question", text="See below.\r\n", sender=two.user)
        self.sent_ok(two.smart("SmartForward", mime, "f1", two.folder(INBOX).id, item))
        message = parsed(self.received(one, "Fwd: Question"))
        text = message.get_body(("plain", "html")).get_content()
        self.assertIn("See below.", text)
        self.assertIn("What about it?", text)
        names = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
        self.assertEqual({"plan.pdf", "ü.txt"}, set(names))
        self.assertEqual(b"%PDF " * 1000, names["plan.pdf"])

    def test_a_forward_keeps_the_phones_own_attachment(self):
        one, two = self.pair()
        item = self.original(two, attachments=[("old.bin", "application/octet-stream", b"old")])
        mime = smtp.message(one.user, "Fwd: Question", sender=two.user, attachments=[("new.bin", "application/octet-stream", b"new")])
        self.sent_ok(two.smart("SmartForward", mime, "f1", two.folder(INBOX).id, item))
        names = {part.get_filename() for part in parsed(self.received(one, "Fwd: Question")).iter_attachments()}
        self.assertEqual({"old.bin", "new.bin"}, names)

    def test_the_original_shows_what_was_done_with_it(self):
        one, two = self.pair()
        other = self.phone(two.user)
        item = self.original(two)
        other.pull(INBOX)
        for command, verb in (("SmartReply", ("1", "2")), ("SmartForward", ("3",))):
            mime = smtp.message(one.user, command, sender=two.user)
            self.sent_ok(two.smart(command, mime, command, two.folder(INBOX).id, item))
            held = other.pull(INBOX).items[item]
            self.assertIn(held.text("Email2:LastVerbExecuted"), verb)
            self.assertRegex(held.text("Email2:LastVerbExecutionTime"), r"^\d{4}-\d\d-\d\dT")

    def test_a_reply_is_in_the_thread(self):
        one, two = self.pair()
        item = self.original(two)
        mime = smtp.message(one.user, "Re: Question", sender=two.user)
        self.sent_ok(two.smart("SmartReply", mime, "r1", two.folder(INBOX).id, item))
        message = parsed(self.received(one, "Re: Question"))
        self.assertTrue(message["In-Reply-To"] or message["References"])

    def test_a_reply_to_what_is_not_there_is_status_150(self):
        one, two = self.pair()
        mime = smtp.message(one.user, "Re: nothing", sender=two.user)
        answer = two.smart("SmartReply", mime, "r1", two.folder(INBOX).id, two.folder(INBOX).id + ":987654")
        self.assertEqual(150, answer.code, answer)
        self.assertEqual([], two.pull(SENT).texts("Email:Subject"))

    def test_w12_a_reply_to_a_foreign_mail_quotes_nothing(self):
        victim, thief = self.phone(), self.phone()
        item = self.original(victim)
        mime = smtp.message(thief.user, "Re: stolen", sender=thief.user)
        answer = thief.smart("SmartForward", mime, "f1", victim.folder(INBOX).id, item)
        self.assertNotEqual(b"", answer.body)
        self.assertNotEqual(1, answer.code)


if __name__ == "__main__":
    unittest.main()
