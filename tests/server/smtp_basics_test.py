"""Receiving mail: greeting, extensions, recipients, size, TLS, chunks (RFC 5321, 3207, 3030, 1870, 6152, 6531, 2920)."""

import subprocess
import unittest

import smtp
from case import ServerCase
from eas import body_preference, sync_options
from phone import INBOX
from smtp import Smtp

MIME = sync_options(0, [body_preference(4)], mime=2)


class SmtpBasicsTest(ServerCase):
    def session(self):
        session = Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        return session

    def ready(self):
        session = self.session()
        session.hello()
        return session

    def stored(self, phone, subject):
        """The stored bytes of the mail with that subject."""
        return phone.pull(INBOX, options=MIME).by("Email:Subject", subject).node("AirSyncBase:Body").find("Data").bytes()

    # -- dialogue ----------------------------------------------------------------------------------------------------

    def test_the_greeting_is_220_and_names_the_host(self):
        code, text = self.session().greeting
        self.assertEqual(220, code)
        self.assertIn("ESMTP", text)

    def test_ehlo_lists_what_the_server_does(self):
        extensions = self.session().hello()
        for name in ("PIPELINING", "SIZE", "8BITMIME", "CHUNKING", "SMTPUTF8", "STARTTLS", "ENHANCEDSTATUSCODES"):
            self.assertIn(name, extensions)
        self.assertGreaterEqual(int(extensions["SIZE"]), 10 << 20)
        self.assertNotIn("AUTH", extensions, "no password is asked for without TLS")

    def test_helo_is_enough(self):
        session = self.session()
        session.expect("HELO old.example.net", 250)
        user = self.person()
        session.envelope("a@example.net", [user])
        self.assertEqual(250, session.data(smtp.message(user, "HELO"))[0])

    def test_commands_out_of_order_are_503(self):
        session = self.session()
        self.assertIn(session.command("MAIL FROM:<a@example.net>")[0], (503, 550, 554))
        session.hello()
        self.assertEqual(503, session.command("RCPT TO:<a@example.org>")[0])
        self.assertEqual(503, session.command("DATA")[0])
        session.expect("MAIL FROM:<a@example.net>", 250)
        self.assertEqual(503, session.command("MAIL FROM:<b@example.net>")[0])
        self.assertIn(session.command("DATA")[0], (503, 554))

    def test_noop_rset_help_and_quit(self):
        session = self.ready()
        session.expect("NOOP", 250)
        session.expect("NOOP with words", 250)
        session.expect("MAIL FROM:<a@example.net>", 250)
        session.expect("RSET", 250)
        session.expect("MAIL FROM:<b@example.net>", 250)
        self.assertIn(session.command("HELP")[0], (211, 214, 502))
        session.expect("QUIT", 221)
        self.assertEqual(0, session.reply()[0])

    def test_commands_in_any_case(self):
        session = self.session()
        session.expect("eHlO client.example.net", 250)
        user = self.person()
        session.expect("mail from:<a@example.net>", 250)
        session.expect(f"rcpt to:<{user}>", 250)
        self.assertEqual(250, session.data(smtp.message(user, "case"))[0])

    def test_unknown_commands_are_500_and_too_many_close(self):
        session = self.ready()
        codes = []
        for _ in range(60):
            code, _ = session.command("BOGUS")
            codes.append(code)
            if code in (0, 421):
                break
        self.assertIn(codes[0], (500, 502))
        self.assertIn(codes[-1], (0, 421))

    def test_vrfy_and_expn_tell_nothing(self):
        session = self.ready()
        user = self.person()
        self.assertIn(session.command(f"VRFY {user}")[0], (252, 502))
        self.assertEqual(session.command(f"VRFY {user}"), session.command("VRFY nobody@example.org"))
        self.assertIn(session.command("EXPN staff")[0], (252, 502, 550))

    # -- recipients --------------------------------------------------------------------------------------------------

    def test_an_unknown_user_is_550(self):
        session = self.ready()
        session.expect("MAIL FROM:<a@example.net>", 250)
        code, text = session.command("RCPT TO:<nobody.here@example.org>")
        self.assertEqual(550, code)
        self.assertIn("5.1.1", text)

    def test_s8_nobody_can_relay(self):
        session = self.ready()
        session.expect("MAIL FROM:<a@example.net>", 250)
        for recipient in ("x@elsewhere.example", "x%elsewhere.example@example.org", "elsewhere.example!x@example.org",
                          '"x@elsewhere.example"@example.org', "@example.org:x@elsewhere.example", "x@[127.0.0.1]",
                          "x@[IPv6:::1]", "x@elsewhere.example@example.org"):
            with self.subTest(recipient):
                code, _ = session.command(f"RCPT TO:<{recipient}>")
                self.assertTrue(500 <= code < 600, code)

    def test_s8_the_sender_of_the_own_domain_needs_to_sign_in(self):
        """Mail from outside that claims a local sender may come, but never goes out again."""
        session = self.ready()
        session.expect(f"MAIL FROM:<{self.person()}>", 250)
        self.assertIn(session.command("RCPT TO:<x@elsewhere.example>")[0], (550, 551, 553, 554))

    def test_the_address_in_any_case_and_with_a_source_route(self):
        user = self.person("Mixed.Case")
        session = self.ready()
        session.expect("MAIL FROM:<a@example.net>", 250)
        session.expect("RCPT TO:<mixed.case@EXAMPLE.ORG>", 250)
        self.assertEqual(250, session.data(smtp.message(user, "Any case"))[0])
        self.assertIn("Any case", self.inbox_subjects(self.phone(user)))

    def test_postmaster_is_always_accepted_or_unknown_but_never_crashes(self):
        session = self.ready()
        session.expect("MAIL FROM:<>", 250)
        self.assertIn(session.command("RCPT TO:<postmaster>")[0], (250, 550))

    def test_a_mail_for_three_is_delivered_to_three(self):
        people = [self.person() for _ in range(3)]
        self.mail(people, "For all")
        for person in people:
            self.assertEqual(["For all"], self.inbox_subjects(self.phone(person)))

    def test_the_same_recipient_twice_gets_it_once(self):
        user = self.person()
        session = self.ready()
        session.envelope("a@example.net", [user, user.upper(), user])
        self.assertEqual(250, session.data(smtp.message(user, "Once"))[0])
        self.assertEqual(["Once"], self.inbox_subjects(self.phone(user)))

    def test_good_recipients_get_it_though_others_fail(self):
        user = self.person()
        session = self.ready()
        session.expect("MAIL FROM:<a@example.net>", 250)
        self.assertEqual(550, session.command("RCPT TO:<nobody.here@example.org>")[0])
        session.expect(f"RCPT TO:<{user}>", 250)
        self.assertEqual(250, session.data(smtp.message(user, "Partly"))[0])
        self.assertEqual(["Partly"], self.inbox_subjects(self.phone(user)))

    def test_s7_addresses_that_are_none_are_refused(self):
        session = self.ready()
        for bad in ("MAIL FROM:a@example.net", "MAIL FROM:<a b@example.net>", "MAIL FROM:<@example.net>", "MAIL FROM:<a@>",
                    "MAIL FROM:<a@example.net", "MAIL FROM: <a@example..net>", "MAIL FROM:<a@-x.net>x", "MAIL FROM:<|cmd@x y>",
                    "MAIL TO:<a@example.net>", "MAIL FROM:<" + "a" * 300 + "@example.net>", "MAIL"):
            with self.subTest(bad[:40]):
                code, _ = session.command(bad)
                self.assertTrue(500 <= code < 600, code)
                session.expect("RSET", 250)

    # -- content -----------------------------------------------------------------------------------------------------

    def test_the_message_is_stored_unchanged_below_a_trace_header(self):
        user = self.person()
        data = smtp.message(user, "Exact", text="line\r\n.dot\r\n..two dots\r\n")
        smtp.deliver(self.server, user, data)
        stored = self.stored(self.phone(user), "Exact")
        self.assertTrue(stored.endswith(data), stored[-300:])
        head = stored[: len(stored) - len(data)]
        self.assertIn(b"Received:", head)

    def test_a_return_path_of_the_sender_is_replaced(self):
        user = self.person()
        smtp.deliver(self.server, user, b"Return-Path: <forged@example.net>\r\n" + smtp.message(user, "Path"), sender="real@example.net")
        stored = self.stored(self.phone(user), "Path")
        self.assertIn(b"Return-Path: <real@example.net>", stored.split(b"\r\n\r\n")[0])

    def test_size_is_checked_at_mail_and_at_data(self):
        session = self.ready()
        code, _ = session.command("MAIL FROM:<a@example.net> SIZE=99999999999")
        self.assertEqual(552, code)
        self.assertIn(session.command("MAIL FROM:<a@example.net> SIZE=x")[0], (501, 555))
        session.expect("MAIL FROM:<a@example.net> SIZE=1000 BODY=8BITMIME", 250)

    def test_an_unknown_parameter_is_555(self):
        session = self.ready()
        self.assertIn(session.command("MAIL FROM:<a@example.net> MOON=FULL")[0], (501, 555))
        session.expect("RSET", 250)
        session.expect("MAIL FROM:<a@example.net>", 250)
        self.assertIn(session.command(f"RCPT TO:<{self.person()}> MOON=FULL")[0], (501, 555))

    def test_bdat_chunks_make_one_message(self):
        user = self.person()
        data = smtp.message(user, "Chunks", text="one\r\n.\r\ntwo\r\n")
        session = self.ready()
        session.envelope("a@example.net", [user])
        for start in range(0, len(data), 50):
            chunk = data[start : start + 50]
            session.send(f"BDAT {len(chunk)}\r\n".encode() + chunk)
            self.assertEqual(250, session.reply()[0])
        session.send(b"BDAT 0 LAST\r\n")
        self.assertEqual(250, session.reply()[0])
        self.assertTrue(self.stored(self.phone(user), "Chunks").endswith(data))

    def test_one_bdat_with_everything(self):
        user = self.person()
        data = smtp.message(user, "Chunk")
        session = self.ready()
        session.envelope("a@example.net", [user])
        session.send(f"BDAT {len(data)} LAST\r\n".encode() + data)
        self.assertEqual(250, session.reply()[0])
        session.expect("NOOP", 250)

    def test_data_after_bdat_is_503(self):
        user = self.person()
        session = self.ready()
        session.envelope("a@example.net", [user])
        session.send(b"BDAT 3\r\nabc")
        self.assertEqual(250, session.reply()[0])
        self.assertEqual(503, session.command("DATA")[0])

    def test_bdat_with_a_bad_size_is_refused(self):
        for size in ("x", "-1", "99999999999999999999", ""):
            with self.subTest(size):
                session = self.ready()
                session.envelope("a@example.net", [self.person()])
                self.assertTrue(500 <= session.command(f"BDAT {size}")[0] < 600)

    def test_pipelined_commands_are_answered_in_order(self):
        user = self.person()
        session = self.ready()
        session.send(f"MAIL FROM:<a@example.net>\r\nRCPT TO:<nobody.here@example.org>\r\nRCPT TO:<{user}>\r\nDATA\r\n".encode())
        self.assertEqual([250, 550, 250, 354], [session.reply()[0] for _ in range(4)])
        session.send(smtp.message(user, "Pipelined") + b".\r\nMAIL FROM:<b@example.net>\r\nRSET\r\n")
        self.assertEqual([250, 250, 250], [session.reply()[0] for _ in range(3)])
        self.assertEqual(["Pipelined"], self.inbox_subjects(self.phone(user)))

    def test_smtputf8_addresses(self):
        user = self.person()
        session = self.ready()
        session.expect("MAIL FROM:<jürgen@bücher.example> SMTPUTF8 BODY=8BITMIME", 250)
        session.expect(f"RCPT TO:<{user}>", 250)
        data = f"From: Jürgen <jürgen@bücher.example>\r\nTo: {user}\r\nSubject: Grüße\r\n\r\nHällo\r\n".encode()
        self.assertEqual(250, session.data(data)[0])
        self.assertEqual(["Grüße"], self.inbox_subjects(self.phone(user)))

    def test_utf8_in_an_address_without_smtputf8_is_refused(self):
        session = self.ready()
        self.assertTrue(500 <= session.command("MAIL FROM:<jürgen@example.net>")[0] < 600)

    def test_several_mails_over_one_connection(self):
        user = self.person()
        smtp.deliver_many(self.server, user, (smtp.message(user, f"Mail {n:02}") for n in range(25)))
        self.assertEqual([f"Mail {n:02}" for n in range(25)], self.inbox_subjects(self.phone(user)))

    def test_a_connection_cut_in_data_delivers_nothing(self):
        user = self.person()
        session = self.ready()
        session.envelope("a@example.net", [user])
        session.expect("DATA", 354)
        session.send(smtp.message(user, "Cut")[:-10])
        session.close()
        self.mail(user, "After")
        self.assertEqual(["After"], self.inbox_subjects(self.phone(user)))

    # -- TLS ---------------------------------------------------------------------------------------------------------

    def test_mail_over_starttls(self):
        user = self.person()
        session = self.ready()
        session.start_tls()
        extensions = session.hello()
        self.assertNotIn("STARTTLS", extensions)
        session.envelope("a@example.net", [user])
        self.assertEqual(250, session.data(smtp.message(user, "Secret"))[0])
        self.assertEqual(["Secret"], self.inbox_subjects(self.phone(user)))
        self.assertRegex(self.stored(self.phone(user), "Secret"), rb"(?s)Received:.*ESMTPS")

    def test_starttls_forgets_what_was_said_before(self):
        session = self.ready()
        session.expect("MAIL FROM:<a@example.net>", 250)
        session.start_tls()
        self.assertEqual(503, session.command("RCPT TO:<a@example.org>")[0])

    def test_starttls_with_an_argument_is_501(self):
        session = self.ready()
        self.assertEqual(501, session.command("STARTTLS now")[0])

    # -- foreign clients ---------------------------------------------------------------------------------------------

    def swaks(self, *options):
        command = ["swaks", "--server", "127.0.0.1", "--port", str(self.server.smtp_port), "--from", "swaks@example.net",
                   "--ehlo", "client.example.net", *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def test_swaks_delivers_plainly_with_tls_and_pipelined(self):
        user = self.person()
        for number, options in enumerate(([], ["--tls"], ["--pipeline"], ["--tls", "--pipeline"])):
            done = self.swaks("--to", user, "--header", f"Subject: swaks {number}", *options)
            self.assertEqual(0, done.returncode, done.stdout[-2000:] + done.stderr)
        self.assertEqual([f"swaks {n}" for n in range(4)], self.inbox_subjects(self.phone(user)))

    def test_swaks_is_told_of_an_unknown_user(self):
        done = self.swaks("--to", "nobody.here@example.org")
        self.assertEqual(24, done.returncode, done.stdout[-2000:])

    def test_smtp_source_delivers_many_at_once(self):
        user = self.person()
        done = subprocess.run(["/usr/sbin/smtp-source", "-s", "8", "-m", "100", "-l", "3000", "-f", "source@example.net", "-t", user,
                               "-S", "source", f"127.0.0.1:{self.server.smtp_port}"], capture_output=True, text=True, timeout=120)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual(100, len(self.phone(user).pull(INBOX, window=512).items))


if __name__ == "__main__":
    unittest.main()
