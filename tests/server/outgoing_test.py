"""Mail of our own people to the world: submission, the queue, its retries and reports (RFC 6409, 5321, 3461, 3464; D7, S3, S4, S8, S14)."""

import base64
import smtplib
import ssl
import time
import unittest

from case import ServerCase
from eas import body_preference, sync_options
from mx import Mx
from phone import INBOX
from server import PASSWORD, Server

MIME = sync_options(0, [body_preference(4)], mime=2)
MESSAGE = "From: {0}\r\nTo: {1}\r\nSubject: {2}\r\n\r\nHello\r\n.dot\r\n"


def outgoing_server(mx, **settings):
    server = Server({"smtp.outbound_port": mx.port, "clock.manual": "true", **settings})
    server.write_zone(
        "far.example. 60 IN MX 10 mx.far.example.", "mx.far.example. 60 IN A 127.0.0.1",
        "plain.example. 60 IN A 127.0.0.1", "never.example. 60 IN MX 0 .",
        "loop.example. 60 IN MX 10 mail.loop.example.", "mail.loop.example. 60 IN A 127.0.0.1",
    )
    return server


class OutgoingTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.mx = Mx()
        cls.server = outgoing_server(cls.mx)
        cls.server.settings["smtp.hostname"] = "mail.loop.example"
        cls.server.start()
        cls.server.add_domain()

    @classmethod
    def tearDownClass(cls):
        cls.mx.close()
        super().tearDownClass()

    def setUp(self):
        self.mx.replies.clear()
        self.mx.messages.clear()
        self.mx.lines.clear()

    def client(self, user=None):
        context = ssl.create_default_context(cafile=self.server.certificate)
        context.check_hostname = False
        client = smtplib.SMTP("127.0.0.1", self.server.submission_port, local_hostname="client.test", timeout=20)
        self.addCleanup(client.close)
        client.starttls(context=context)
        client.ehlo()
        if user:
            client.login(user, PASSWORD)
        return client

    def submit(self, user, to, subject="Out", mail=(), rcpt=()):
        self.client(user).sendmail(user, to, MESSAGE.format(user, to, subject).encode(), mail, rcpt)

    def reports(self, phone):
        folder = phone.pull(INBOX, options=MIME)
        return [item.node("AirSyncBase:Body").find("Data").bytes().decode("utf-8", "replace") for item in folder.items.values()]

    def report(self, phone, *words):
        """The first report in the Inbox that has all of the words."""
        found = []
        self.until(lambda: found.extend(each for each in self.reports(phone) if all(word in each for word in words)) or found, 20, f"a report with {words}")
        return found[0]

    def tried(self, count, before=0):
        """Waits until so many tries are settled since the log was so long."""
        self.until(lambda: self.server.log()[before:].count("queue.tried") >= count, 30, f"{count} tries")

    # -- submission ------------------------------------------------------------------------------------------------

    def test_a_password_is_asked_for_within_tls_only(self):
        client = smtplib.SMTP("127.0.0.1", self.server.submission_port, timeout=20)
        self.addCleanup(client.close)
        client.ehlo()
        self.assertFalse(client.has_extn("auth"))
        token = base64.b64encode(b"\0a@example.org\0x").decode()
        self.assertEqual(538, client.docmd("AUTH", f"PLAIN {token}")[0])
        self.assertEqual(530, client.docmd("MAIL", "FROM:<a@example.org>")[0])

    def test_wrong_passwords_are_refused_alike(self):
        user = self.person()
        answers = set()
        for name in (user, "nobody@example.org"):
            with self.assertRaises(smtplib.SMTPAuthenticationError) as refused:
                self.client().login(name, "wrong")
            answers.add((refused.exception.smtp_code, refused.exception.smtp_error))
        self.assertEqual(1, len(answers), answers)

    def test_nobody_sends_in_anothers_name_S8(self):
        one, two = self.person(), self.person()
        client = self.client(one)
        self.assertEqual(553, client.mail(two)[0])
        with self.assertRaises(smtplib.SMTPDataError):
            client.sendmail(one, ["a@far.example"], MESSAGE.format(two, "a@far.example", "forged").encode())
        self.assertEqual([], self.mx.messages)

    def test_tls_from_the_first_byte(self):
        user = self.person()
        context = ssl.create_default_context(cafile=self.server.certificate)
        context.check_hostname = False
        with smtplib.SMTP_SSL("127.0.0.1", self.server.submissions_port, context=context, timeout=20) as client:
            client.login(user, PASSWORD)
            client.sendmail(user, ["b@far.example"], MESSAGE.format(user, "b@far.example", "465").encode())
        self.mx.wait_for(1)

    def test_what_is_sent_is_complete_and_without_bcc(self):
        user = self.person()
        text = f"From: {user}\r\nTo: c@far.example\r\nBcc: d@far.example\r\nSubject: whole\r\n\r\n.dot\r\n..\r\nend\r\n"
        self.client(user).sendmail(user, ["c@far.example", "d@far.example"], text.encode())
        sender, recipients, content, _ = self.mx.wait_for(1)[0]
        self.assertIn(f"FROM:<{user}>", sender)
        self.assertEqual(2, len(recipients))
        self.assertNotIn(b"Bcc", content)
        for field in (b"\r\nDate: ", b"\r\nMessage-ID: <", b"\r\nSubject: whole\r\n"):
            self.assertIn(field, b"\r\n" + content)
        self.assertTrue(content.endswith(b"\r\n\r\n.dot\r\n..\r\nend\r\n"), content)

    # -- the queue -------------------------------------------------------------------------------------------------

    def test_a_refused_recipient_comes_back_as_a_report(self):
        phone = self.phone()
        self.mx.replies["RCPT"] = lambda line: "550 5.1.1 who is that" if "nobody" in line else None
        self.client(phone.user).sendmail(phone.user, ["nobody@far.example", "e@far.example"], MESSAGE.format(phone.user, "x@far.example", "half").encode())
        self.mx.wait_for(1)
        report = self.report(phone, "Status: 5.1.1", "nobody@far.example")
        self.assertIn("Action: failed", report)
        self.assertIn("who is that", report)
        self.assertNotIn("Final-Recipient: rfc822; e@far.example", report)

    def test_a_domain_that_is_not_there_and_one_that_takes_no_mail(self):
        phone = self.phone()
        self.submit(phone.user, "a@missing.example")
        self.submit(phone.user, "a@never.example")
        self.submit(phone.user, "a@loop.example")
        self.report(phone, "Status: 5.1.2", "missing.example")
        self.report(phone, "Status: 5.1.2", "null MX")
        self.report(phone, "Status: 5.1.2", "come back to us")

    def test_a_later_is_tried_again_and_the_sender_told_after_four_hours(self):
        phone = self.phone()
        self.mx.replies["RCPT"] = "450 4.2.0 grey"
        log = len(self.server.log())
        self.submit(phone.user, "grey@far.example", "patience")
        self.tried(1, log)
        self.assertEqual(1, sum("RCPT" in line for line in self.mx.lines), "no second try before its time")
        for more in range(2, 7):
            self.server.advance("3h")
            self.tried(more, log)
        report = self.report(phone, "Action: delayed", "grey@far.example")
        self.assertIn("Will-Retry-Until", report)
        self.mx.replies.clear()
        self.server.advance("5h")
        self.assertIn(b"patience", self.mx.wait_for(1)[0][2])

    def test_after_five_days_it_is_given_up(self):
        phone = self.phone()
        self.mx.replies["."] = "451 4.3.0 tomorrow"
        log = len(self.server.log())
        self.submit(phone.user, "late@far.example", "never")
        self.tried(1, log)
        self.server.advance("121h")
        self.report(phone, "Status: 5.4.7", "late@far.example")

    def test_what_is_queued_survives_a_kill_D7(self):
        self.server.restart()  # the clock of the tests before ran ahead
        phone = self.phone()
        self.mx.replies["MAIL"] = "451 4.3.0 not now"
        self.submit(phone.user, "safe@far.example", "survivor")
        self.server.kill()
        self.mx.replies.clear()
        self.server.start()
        self.server.advance("1h")
        self.assertIn(b"survivor", self.mx.wait_for(1)[0][2])
        self.server.cli("verify")

    def test_a_cut_before_the_answer_is_tried_again(self):
        phone = self.phone()
        self.mx.replies["."] = "cut"
        log = len(self.server.log())
        self.submit(phone.user, "cut@far.example", "again")
        self.tried(1, log)
        self.mx.replies.clear()
        self.server.advance("1h")
        self.assertIn(b"again", self.mx.wait_for(1)[0][2])

    def test_reports_of_success_are_asked_for(self):
        phone = self.phone()
        self.mx.offers.remove("DSN")
        self.addCleanup(self.mx.offers.append, "DSN")
        self.submit(phone.user, "f@far.example", "tell me", ["ENVID=QQ314159"], ["NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;F@far.example"])
        report = self.report(phone, "Action: relayed", "f@far.example")
        self.assertIn("Original-Envelope-Id: QQ314159", report)
        self.assertIn("Original-Recipient: rfc822;F@far.example", report)

    def test_dsn_parameters_go_on_to_a_server_that_reports_itself(self):
        user = self.person()
        self.submit(user, "g@far.example", "pass on", ["ENVID=abc", "RET=HDRS"], ["NOTIFY=SUCCESS"])
        sender, recipients, _, _ = self.mx.wait_for(1)[0]
        self.assertIn("ENVID=abc", sender)
        self.assertIn("RET=HDRS", sender)
        self.assertIn("NOTIFY=SUCCESS", recipients[0])

    def test_a_message_for_later_waits_RFC4865(self):
        user, friend = self.person(), self.phone()
        self.client(user).sendmail(user, ["h@far.example", friend.user], MESSAGE.format(user, "h@far.example", "later").encode(), ["HOLDFOR=7200"])
        time.sleep(1)
        self.assertEqual([], self.mx.messages)
        self.assertNotIn("later", self.inbox_subjects(friend))
        self.server.advance("2h")
        self.mx.wait_for(1)
        self.until(lambda: "later" in self.inbox_subjects(friend), 20, "the copy here")

    def test_phones_send_outside_too(self):
        phone = self.phone()
        phone.send_mail(MESSAGE.format(phone.user, "i@far.example", "from a phone").encode(), "out1")
        self.assertIn(b"from a phone", self.mx.wait_for(1)[0][2])


class OutgoingTlsTest(unittest.TestCase):
    def run_with(self, mx):
        server = outgoing_server(mx)
        try:
            server.start()
            server.add_domain()
            user = server.person()
            context = ssl.create_default_context(cafile=server.certificate)
            context.check_hostname = False
            with smtplib.SMTP_SSL("127.0.0.1", server.submissions_port, context=context, timeout=20) as client:
                client.login(user, PASSWORD)
                client.sendmail(user, ["a@far.example"], MESSAGE.format(user, "a@far.example", "tls").encode())
            return mx.wait_for(1)[0]
        finally:
            server.stop()
            server.remove()
            mx.close()

    def test_tls_is_used_where_it_is_offered(self):
        helper = Server()
        mx = Mx(["STARTTLS", "PIPELINING"], (helper.certificate, helper.key))
        self.assertTrue(self.run_with(mx)[3])
        helper.remove()

    def test_a_broken_tls_is_no_reason_to_keep_the_mail_and_injected_bytes_are_not_believed_S4(self):
        helper = Server()
        mx = Mx(["STARTTLS"], (helper.certificate, helper.key))
        mx.injected = "\r\n250 evil"
        self.assertFalse(self.run_with(mx)[3])
        helper.remove()


if __name__ == "__main__":
    unittest.main()
