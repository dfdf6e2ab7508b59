"""S1, S2, S3: no byte sequence but CRLF.CRLF ends a message, and nothing before TLS counts after it."""

import time
import unittest

import smtp
from case import ServerCase
from phone import INBOX
from smtp import Smtp

SEQUENCES = {
    "LF.LF": b"\n.\n", "LF.CRLF": b"\n.\r\n", "CRLF.LF": b"\r\n.\n", "CR.CRLF": b"\r.\r\n", "CRLF.CR": b"\r\n.\r",
    "CR.CR": b"\r.\r", "CRLF NUL.CRLF": b"\r\n\x00.\r\n", "CRLF.CRCRLF": b"\r\n.\r\r\n", "CRCRLF.CRCRLF": b"\r\r\n.\r\r\n",
    "LF.CR": b"\n.\r", "CR.LF": b"\r.\n", "CRLF.NUL CRLF": b"\r\n.\x00\r\n", "CRLF. CRLF": b"\r\n. \r\n",
}


class SmtpSmugglingTest(ServerCase):
    def attack(self, user, sequence, split, chunked=False):
        """Sends a message whose body holds the sequence and a smuggled envelope behind; returns the reply codes."""
        head = f"From: a@example.net\r\nTo: {user}\r\nSubject: outer\r\n\r\nbody".encode()
        inner = (f"MAIL FROM:<boss@example.org>\r\nRCPT TO:<{user}>\r\nDATA\r\nFrom: boss@example.org\r\n"
                 f"Subject: smuggled\r\n\r\ninner\r\n.\r\n").encode()
        with Smtp(self.server.smtp_port, timeout=5) as session:
            session.hello()
            session.envelope("a@example.net", [user])
            if chunked:
                data = head + sequence + b"end\r\n"
                stream = f"BDAT {len(data)} LAST\r\n".encode() + data
            else:
                session.expect("DATA", 354)
                stream = head + sequence + inner
            codes = []
            stream += b"QUIT\r\n"
            try:
                if split is None:
                    session.send(stream)
                else:
                    at = stream.index(sequence) + split
                    session.send(stream[:at])
                    time.sleep(0.01)
                    session.send(stream[at:])
                while len(codes) < 8:
                    code, _ = session.reply()
                    if code in (0, 221):
                        break
                    codes.append(code)
            except (TimeoutError, OSError):
                codes.append(None)
            return codes

    def test_s1_no_sequence_smuggles_a_message(self):
        for name, sequence in SEQUENCES.items():
            for split in (None, *range(len(sequence) + 1)):
                with self.subTest(f"{name} split at {split}"):
                    user = self.person() if split is None else user
                    codes = self.attack(user, sequence, split)
                    self.assertNotIn(354, codes, "a second DATA was accepted")
                    self.assertLessEqual(codes.count(250), 1, codes)
            subjects = self.inbox_subjects(self.phone(user))
            self.assertNotIn("smuggled", subjects)

    def test_s1_bare_cr_and_lf_are_refused_and_the_connection_closed(self):
        user = self.person()
        for name in ("LF.LF", "LF.CRLF", "CRLF.LF", "CR.CRLF"):
            with self.subTest(name):
                codes = self.attack(user, SEQUENCES[name], None)
                self.assertTrue(codes and 500 <= codes[0] < 600, codes)
                self.assertEqual(1, len(codes), "nothing behind it is answered")
        self.assertEqual([], self.inbox_subjects(self.phone(user)))

    def test_s1_bdat_counts_and_never_looks_for_dots(self):
        user = self.person()
        for name, sequence in SEQUENCES.items():
            with self.subTest(name):
                codes = self.attack(user, sequence, None, chunked=True)
                self.assertLessEqual(codes.count(250), 1, codes)
        self.assertNotIn("smuggled", self.inbox_subjects(self.phone(user)))

    def test_s1_a_proper_end_split_at_every_byte_works(self):
        user = self.person()
        data = smtp.message(user, "Split").rstrip(b"\r\n") + b"\r\n.\r\n"
        for at in range(len(data) - 8, len(data)):
            with Smtp(self.server.smtp_port) as session:
                session.hello()
                session.envelope("a@example.net", [user])
                session.expect("DATA", 354)
                session.send(data[:at])
                time.sleep(0.01)
                session.send(data[at:])
                self.assertEqual(250, session.reply()[0])
                session.expect("NOOP", 250)
        self.assertEqual(["Split"] * 8, self.inbox_subjects(self.phone(user)))

    def test_s1_a_dot_line_inside_is_unstuffed(self):
        user = self.person()
        self.mail(user, "Dots", text="a\r\n.\r\n..\r\n...b\r\n")
        body = self.phone(user).pull(INBOX).by("Email:Subject", "Dots").text("AirSyncBase:Body/Data")
        self.assertEqual("a\r\n.\r\n..\r\n...b\r\n", body)

    def test_a_command_line_must_end_in_crlf(self):
        for ending in (b"\n", b"\r"):
            with Smtp(self.server.smtp_port, timeout=3) as session:
                session.hello()
                session.send(b"NOOP" + ending + b"NOOP\r\n")
                try:
                    code, _ = session.reply()
                except TimeoutError:
                    code = None
                self.assertFalse(code == 250, "a bare line end was taken for one")

    def test_s2_talking_before_the_greeting_or_before_the_answer_to_ehlo(self):
        with Smtp(self.server.smtp_port, greet=False) as session:
            session.send(b"EHLO early.example.net\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<x@example.org>\r\nDATA\r\n")
            codes = []
            while (code := session.reply()[0]) and len(codes) < 6:
                codes.append(code)
            self.assertNotIn(354, codes)

    def test_s2_what_follows_a_refused_data_is_not_a_body(self):
        user = self.person()
        with Smtp(self.server.smtp_port) as session:
            session.hello()
            session.send(b"MAIL FROM:<a@example.net>\r\nRCPT TO:<nobody.here@example.org>\r\nDATA\r\nSubject: x\r\n\r\n.\r\n")
            codes = []
            try:
                while (code := session.reply()[0]) and len(codes) < 6:
                    codes.append(code)
                    if len(codes) == 3:
                        session.socket.settimeout(1)
            except TimeoutError:
                pass
            self.assertEqual([250, 550], codes[:2])
            self.assertTrue(500 <= codes[2] < 600, codes)
            self.assertNotIn(250, codes[2:])
        self.assertEqual([], self.inbox_subjects(self.phone(user)))

    def test_s3_plain_text_behind_starttls_never_counts(self):
        for injected in (b"NOOP\r\n", b"EHLO evil.example\r\n", b"MAIL FROM:<evil@example.net>\r\n", b"X"):
            with self.subTest(injected):
                with Smtp(self.server.smtp_port, timeout=5) as session:
                    session.hello()
                    session.send(b"STARTTLS\r\n" + injected)
                    code, _ = session.reply()
                    if code == 220:
                        try:
                            session.wrap()
                            session.hello()
                        except OSError:
                            continue
                        self.fail("the handshake went on over injected bytes")
                    self.assertIn(code, (0, 421, 454, 501, 503, 554))


if __name__ == "__main__":
    unittest.main()
