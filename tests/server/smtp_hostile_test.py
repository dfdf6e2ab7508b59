"""S6, S10: long lines, many recipients, huge headers, loops; the server stays up and small."""

import os
import unittest

import smtp
from case import ServerCase
from smtp import Smtp


class SmtpHostileTest(ServerCase):
    def memory(self):
        """Resident bytes of the server process."""
        with open(f"/proc/{self.server.process.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def ready(self):
        session = Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        session.hello()
        return session

    def survives(self):
        user = self.person()
        self.mail(user, "Alive")
        self.assertEqual(["Alive"], self.inbox_subjects(self.phone(user)))

    def flood(self, session, data, times):
        """Sends data many times, until the server closes; returns the first reply code or 0."""
        try:
            for _ in range(times):
                session.send(data)
            session.send(b"\r\n")
        except OSError:
            return 0
        try:
            return session.reply()[0]
        except OSError:
            return 0

    def test_s6_an_endless_command_line_is_cut_off(self):
        before = self.memory()
        code = self.flood(self.ready(), b"NOOP " + b"x" * 65536, 300)
        self.assertTrue(code == 0 or code == 421 or 500 <= code < 600, code)
        self.assertLess(self.memory() - before, 32 << 20)
        self.survives()

    def test_s6_long_lines_in_a_body_are_kept(self):
        user = self.person()
        smtp.deliver(self.server, user, smtp.message(user, "Long lines", text="x" * 900 + "\r\n"))
        raw = f"From: a@example.net\r\nTo: {user}\r\nSubject: Longer\r\n\r\n".encode() + b"y" * 200000 + b"\r\n"
        with Smtp(self.server.smtp_port) as session:
            session.hello()
            session.envelope("a@example.net", [user])
            self.assertIn(session.data(raw)[0], (250, 500, 552, 554))
        self.assertIn("Long lines", self.inbox_subjects(self.phone(user)))

    def test_s6_too_many_recipients_are_452_and_the_rest_is_delivered(self):
        user = self.person()
        session = self.ready()
        session.expect("MAIL FROM:<a@example.net>", 250)
        codes = [session.command(f"RCPT TO:<{user}>")[0] for _ in range(1200)]
        self.assertGreaterEqual(codes.count(250), 100, "RFC 5321 4.5.3.1.8")
        if 250 in codes:
            self.assertTrue(set(codes) <= {250, 452, 421, 550, 552, 0}, set(codes))

    def test_s6_a_hundred_thousand_unknown_recipients_end_the_connection(self):
        session = self.ready()
        session.expect("MAIL FROM:<a@example.net>", 250)
        code = 550
        count = 0
        while code == 550 and count < 2000:
            code = session.command(f"RCPT TO:<x{count}@example.org>")[0]
            count += 1
        self.assertIn(code, (0, 421))

    def test_s6_a_huge_header_is_linear(self):
        user = self.person()
        before = self.memory()
        head = b"".join(b"X-Field-%d: value\r\n" % number for number in range(100000))
        with Smtp(self.server.smtp_port, timeout=60) as session:
            session.hello()
            session.envelope("a@example.net", [user])
            self.assertIn(session.data(b"Subject: Many fields\r\n" + head + b"\r\nbody\r\n")[0], (250, 552, 554))
        self.assertLess(self.memory() - before, 128 << 20)
        self.survives()
        self.assertLessEqual(len(self.phone(user).pull(2).items), 1)

    def test_s6_an_address_field_with_everyone_is_linear(self):
        user = self.person()
        people = b", ".join(b"p%d <p%d@example.net>" % (n, n) for n in range(50000))
        smtp.deliver(self.server, user, b"Subject: Everyone\r\nTo: " + people.replace(b", ", b",\r\n ") + b"\r\n\r\nx\r\n")
        self.assertEqual(["Everyone"], self.inbox_subjects(self.phone(user)))

    def test_s6_a_message_over_the_limit_is_552(self):
        with Smtp(self.server.smtp_port) as session:
            limit = int(session.hello()["SIZE"])
        self.assertGreater(limit, 1 << 20)
        session = self.ready()
        self.assertEqual(552, session.command(f"MAIL FROM:<a@example.net> SIZE={limit + 1}")[0])

    def test_s10_a_mail_that_went_round_too_often_is_refused(self):
        user = self.person()
        received = b"".join(b"Received: from a%d.example by b.example; Mon, 23 Nov 2026 09:30:00 +0100\r\n" % n for n in range(120))
        session = self.ready()
        session.envelope("a@example.net", [user])
        code, text = session.data(received + smtp.message(user, "Loop"))
        self.assertEqual(554, code, text)
        self.assertEqual([], self.inbox_subjects(self.phone(user)))

    def test_many_idle_connections_do_not_keep_others_out(self):
        idle = [Smtp(self.server.smtp_port) for _ in range(60)]
        try:
            self.survives()
        finally:
            for session in idle:
                session.close()

    def test_binary_rubbish_ends_politely(self):
        for rubbish in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, b"\xff" * 5000 + b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                        b"\r\n" * 1000, b"\0\r\n"):
            with self.subTest(rubbish[:12]):
                session = Smtp(self.server.smtp_port, timeout=5)
                try:
                    session.send(rubbish)
                    code, _ = session.reply()
                    self.assertFalse(200 <= code < 300)
                except OSError:
                    pass
                finally:
                    session.close()
        self.survives()


class SmtpSizeTest(ServerCase):
    settings = {"smtp.max_size": "64K"}

    def test_s6_a_body_over_the_limit_is_552_after_the_dot(self):
        user = self.person()
        for chunked in (False, True):
            with Smtp(self.server.smtp_port) as session:
                session.hello()
                session.envelope("a@example.net", [user])
                data = smtp.message(user, "Too big", text="x" * 70 + "\r\n") + b"y" * 70 * 1024 + b"\r\n"
                if chunked:
                    session.send(f"BDAT {len(data)} LAST\r\n".encode() + data)
                    code = session.reply()[0]
                else:
                    code = session.data(data)[0]
                self.assertEqual(552, code)
                if not chunked:
                    session.expect("NOOP", 250)
        self.mail(user, "Small enough")
        self.assertEqual(["Small enough"], self.inbox_subjects(self.phone(user)))


if __name__ == "__main__":
    unittest.main()
