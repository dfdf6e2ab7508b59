"""The test HTTP client cuts where it is told, and takes no answer that is not HTTP."""

import socket
import threading
import unittest

from wire import Connection, HttpError, Lost


class OneAnswer:
    """A listener that reads one request, sends fixed bytes, and tells how its connection ended."""

    def __init__(self, answer, keep=False):
        self.answer, self.keep = answer, keep
        self.request = b""
        self.reset = None
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        connection, _ = self.socket.accept()
        connection.settimeout(5)
        try:
            while b"\r\n\r\n" not in self.request or len(self.request.split(b"\r\n\r\n", 1)[1]) < self._length():
                data = connection.recv(4096)
                if not data:
                    return
                self.request += data
            connection.sendall(self.answer)
            self.reset = connection.recv(1) == b""
        except OSError:
            self.reset = True
        finally:
            connection.close()

    def _length(self):
        for line in self.request.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                return int(line.split(b":")[1])
        return 0

    def close(self):
        self.socket.close()
        self.thread.join(5)


class WireTest(unittest.TestCase):
    def ask(self, answer, lose=None, body=b"x" * 100):
        server = OneAnswer(answer)
        self.addCleanup(server.close)
        connection = Connection("127.0.0.1", server.port, timeout=5)
        self.addCleanup(connection.close)
        try:
            return connection.request("POST", "/x", [("X-A", "b")], body, lose), server
        except Exception:
            server.thread.join(5)
            self.server = server
            raise

    def test_a_length_and_chunks_give_the_same_body(self):
        plain, _ = self.ask(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        chunked, _ = self.ask(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
        self.assertEqual((200, b"hello"), (plain.status, plain.body))
        self.assertEqual(plain.body, chunked.body)

    def test_interim_answers_are_skipped(self):
        answer, _ = self.ask(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
        self.assertEqual(204, answer.status)

    def test_a_lost_request_is_half_sent(self):
        with self.assertRaises(Lost):
            self.ask(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "request")
        head, body = self.server.request.split(b"\r\n\r\n", 1)
        self.assertEqual(50, len(body))
        self.assertIn(b"Content-Length: 100", head)

    def test_a_lost_answer_was_asked_for_whole(self):
        for lose in ("unread", 1, 10, 30, 100000):
            with self.assertRaises(Lost):
                self.ask(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", lose)
            self.assertTrue(self.server.request.endswith(b"x" * 100))

    def test_what_is_no_answer_is_an_error(self):
        for bad in (b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", b"HTTP/1.1 200 OK\r\nbad line\r\n\r\n",
                    b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            with self.subTest(bad):
                server = OneAnswer(bad)
                connection = Connection("127.0.0.1", server.port, timeout=2)
                if not bad or b"hello" in bad[-5:]:
                    connection.timeout = 1
                with self.assertRaises(HttpError):
                    connection.request("GET", "/")
                connection.close()
                server.close()


if __name__ == "__main__":
    unittest.main()
