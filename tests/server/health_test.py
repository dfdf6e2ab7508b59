"""Health, readiness, metrics, and the manners of the HTTP server (hardening H9, H10)."""

import time
import unittest

import wire
from case import Background, ServerCase
from phone import INBOX


class HealthTest(ServerCase):
    def get(self, path, headers=(), tls=False, method="GET"):
        port = self.server.https_port if tls else self.server.http_port
        return wire.fetch(port, method, path, headers, tls=tls)

    def test_health_and_readiness_are_200(self):
        for path in ("/healthz", "/readyz"):
            for tls in (False, True):
                self.assertEqual(200, self.get(path, tls=tls).status)

    def test_metrics_count_what_happens(self):
        user = self.person()
        self.mail(user, "Counted")
        self.phone(user).pull(INBOX)
        answer = self.get("/metrics")
        self.assertEqual(200, answer.status)
        self.assertTrue(answer.header("Content-Type").startswith("text/plain"))
        text = answer.body.decode()
        samples = [line for line in text.splitlines() if line and not line.startswith("#")]
        self.assertGreater(len(samples), 5)
        for line in samples:
            self.assertRegex(line, r'^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^}]*\})? -?[0-9.eE+naNif]+$')
        self.assertTrue(any(name.startswith("lockstep_") for name in samples))
        self.assertNotIn(user, text, "no personal data in metrics")

    def test_no_header_says_more_than_needed(self):
        answer = self.get("/healthz")
        self.assertNotRegex(answer.header("Server") or "", r"\d")

    def test_an_unknown_path_is_404(self):
        for path in ("/nothing", "/healthz/x", "/..%2f..%2fetc/passwd", "/%00", "//healthz/.."):
            self.assertIn(self.get(path).status, (400, 404))

    def raw(self, data, seconds=3):
        """Sends raw bytes; returns the status of the first answer, or None when the server just closes."""
        connection = wire.Connection("127.0.0.1", self.server.http_port, timeout=seconds)
        try:
            connection.send(data)
            return connection.response().status
        except (wire.HttpError, OSError):
            return None
        finally:
            connection.close()

    def test_h9_ambiguous_requests_are_400(self):
        for name, data in {
            "length and chunked": b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "two lengths": b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "two hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
            "obs-fold": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n",
            "space before colon": b"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
            "bare lf": b"GET /healthz HTTP/1.1\nHost: x\n\n",
            "negative length": b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "odd length": b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0x10\r\n\r\n",
            "unknown coding": b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, identity\r\n\r\n",
            "nul in a header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n",
            "rubbish": b"\x16\x03\x01\x00\xff" + b"\0" * 300 + b"\r\n\r\n",
        }.items():
            with self.subTest(name):
                self.assertIn(self.raw(data), (400, 411, 501, None))

    def test_h9_a_huge_head_is_refused(self):
        self.assertIn(self.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Big: " + b"a" * 200000 + b"\r\n\r\n"), (400, 431, None))
        many = b"".join(b"X-%d: y\r\n" % n for n in range(20000))
        self.assertIn(self.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n"), (400, 431, None))
        self.assertIn(self.raw(b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"), (400, 414, 431, None))

    def test_chunked_bodies_are_read(self):
        answer = self.raw(b"POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        self.assertIn(answer, (404, 405))

    def test_pipelined_requests_are_answered_in_order(self):
        connection = wire.Connection("127.0.0.1", self.server.http_port)
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 5 + b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual([200] * 5 + [404], [connection.response().status for _ in range(6)])
        connection.close()

    def test_expect_continue_is_honoured(self):
        connection = wire.Connection("127.0.0.1", self.server.http_port)
        connection.send(b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        time.sleep(0.2)
        connection.send(b"hello")
        self.assertIn(connection.response().status, (404, 405, 417))
        connection.close()

    def test_head_has_no_body(self):
        connection = wire.Connection("127.0.0.1", self.server.http_port)
        self.assertEqual(200, connection.request("HEAD", "/healthz", [("Host", "x")]).status)
        self.assertEqual(200, connection.request("GET", "/healthz", [("Host", "x")]).status)
        connection.close()

    def test_h10_slow_heads_do_not_keep_others_out(self):
        slow = []
        for _ in range(80):
            connection = wire.Connection("127.0.0.1", self.server.http_port)
            connection.send(b"POST /Microsoft-Server-ActiveSync HTTP/1.1\r\nHost: x\r\n")
            slow.append(connection)
        begin = time.monotonic()
        self.assertEqual(200, self.get("/healthz").status)
        self.assertLess(time.monotonic() - begin, 2)
        for connection in slow:
            connection.close()

    def test_h10_a_head_that_never_ends_is_cut_after_its_time(self):
        connection = wire.Connection("127.0.0.1", self.server.http_port)
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        self.assertTrue(connection.closed_by_peer(14), "10 s for a head (kHttpHeaderTime)")

    def test_errors_show_no_details(self):
        answer = self.get("/nothing")
        self.assertLess(len(answer.body), 200)
        self.assertNotRegex(answer.body.decode(), r"\.cpp|std::|/src/")


class TlsTest(ServerCase):
    def test_a8_old_protocols_are_refused(self):
        import subprocess
        for option, good in (("-tls1", False), ("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
            done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.server.https_port}", option, "-cipher", "ALL:@SECLEVEL=0"],
                                  input=b"", capture_output=True, timeout=20)
            self.assertEqual(good, b"Cipher is (NONE)" not in done.stdout and b"BEGIN CERTIFICATE" in done.stdout, option)

    def test_plain_http_on_the_tls_port_is_closed(self):
        connection = wire.Connection("127.0.0.1", self.server.https_port)
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertTrue(connection.closed_by_peer(5))
        self.assertEqual(200, wire.fetch(self.server.https_port, "GET", "/healthz", tls=True).status)

    def test_alpn_names_http_1_1(self):
        connection = wire.Connection("127.0.0.1", self.server.https_port, tls=True)
        self.assertIn(connection.socket.selected_alpn_protocol(), ("http/1.1", None))
        connection.close()


class ShutdownTest(ServerCase):
    def test_r15_waiting_phones_do_not_hold_the_server_up(self):
        phones = [self.phone() for _ in range(3)]
        for phone in phones:
            phone.pull(INBOX)
        pings = [Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 3540, timeout=60) for phone in phones]
        time.sleep(0.5)
        begin = time.monotonic()
        self.server.stop()
        self.assertLess(time.monotonic() - begin, 10)
        self.server.start()
        for phone in phones:
            phone.close()
            self.assertTrue(phone.sync_box(INBOX).quiet)
        for ping in pings:
            try:
                ping.result(5)
            except (wire.HttpError, OSError, AssertionError):
                pass

    def test_r15_stopping_in_the_middle_of_work_is_clean_again_and_again(self):
        """Phones synchronise and mail comes in while the server is told to stop; each stop is clean and loses nothing."""
        user = self.person()
        acknowledged = []

        def deliver(number):
            try:
                self.mail(user, f"Mail {number}")
                acknowledged.append(f"Mail {number}")
            except (AssertionError, OSError):
                pass

        def synchronise():
            phone = self.phone(user)
            for _ in range(50):
                phone.sync_box(INBOX)

        for number in range(6):
            work = [Background(deliver, f"{number}-{one}") for one in range(4)] + [Background(synchronise) for _ in range(3)]
            time.sleep(0.15)
            self.server.restart()
            for one in work:
                try:
                    one.result(60)
                except (wire.HttpError, OSError, AssertionError, AttributeError):
                    pass
        held = self.phone(user).pull(INBOX).texts("Email:Subject")
        self.assertLessEqual(set(acknowledged), set(held))
        self.assertEqual(len(held), len(set(held)))
        self.server.cli("verify")


if __name__ == "__main__":
    unittest.main()
