"""LMTP: a mail server in front hands mail in, with a reply for each recipient (RFC 2033)."""

import smtplib
import unittest

from case import ServerCase
from phone import INBOX
from server import Server, free_ports

TEXT = "From: a@far.example\r\nTo: {0}\r\nSubject: {1}\r\n\r\nHello\r\n"


class LmtpTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        (cls.port,) = free_ports(1)
        cls.server = Server({"listen.lmtp": f"127.0.0.1:{cls.port}", "inbound.check": "all"})
        cls.server.start()
        cls.server.add_domain()

    def client(self):
        client = smtplib.LMTP("127.0.0.1", self.port, timeout=20)
        self.addCleanup(client.close)
        return client

    def test_each_recipient_has_its_reply(self):
        one, two = self.phone(), self.phone()
        client = self.client()
        self.assertEqual(250, client.docmd("LHLO", "front.test")[0])
        self.assertEqual(250, client.docmd("MAIL", "FROM:<a@far.example>")[0])
        for user in (one.user, two.user):
            self.assertEqual(250, client.docmd("RCPT", f"TO:<{user}>")[0])
        self.assertEqual(550, client.docmd("RCPT", "TO:<nobody@example.org>")[0])
        self.assertEqual(354, client.docmd("DATA")[0])
        client.send(TEXT.format(one.user, "by lmtp").encode() + b".\r\n")
        self.assertEqual([250, 250], [client.getreply()[0] for _ in range(2)])
        for phone in (one, two):
            self.assertEqual(["by lmtp"], phone.pull(INBOX).texts("Email:Subject"))
        self.assertEqual(250, client.docmd("NOOP")[0])

    def test_refusals_come_for_each_recipient_too(self):
        one, two = self.person(), self.person()
        client = self.client()
        client.docmd("LHLO", "front.test")
        client.docmd("MAIL", "FROM:<a@far.example>")
        for user in (one, two):
            client.docmd("RCPT", f"TO:<{user}>")
        client.docmd("DATA")
        client.send(b"Received: x\r\n" * 100 + TEXT.format(one, "loop").encode() + b".\r\n")
        self.assertEqual([554, 554], [client.getreply()[0] for _ in range(2)])

    def test_greetings_of_other_protocols_are_refused(self):
        self.assertEqual(502, self.client().docmd("EHLO", "x")[0])
        with smtplib.SMTP("127.0.0.1", self.server.smtp_port, timeout=20) as client:
            self.assertEqual(502, client.docmd("LHLO", "x")[0])

    def test_the_mail_is_not_judged_again(self):
        phone = self.phone()
        self.client().sendmail("a@far.example", [phone.user], TEXT.format(phone.user, "plain").encode())
        self.assertEqual(["plain"], phone.pull(INBOX).texts("Email:Subject"))


if __name__ == "__main__":
    unittest.main()
