"""A small HTTP/1.1 client that may lose any part of an exchange, for testing what servers do about it.

Spec: RFC 9112.
Errors: Lost when this side cut the exchange on purpose; HttpError when the server's answer is not HTTP.
Invariants: own code and no library, because the tests need to cut at a chosen byte and to see what was sent, framing
and all.
"""

import gzip
import socket
import ssl
import time

TIMEOUT = 30


class HttpError(Exception):
    """The server closed, stalled, or sent something that is not HTTP."""


class Lost(Exception):
    """The exchange was cut on purpose."""


class Response:
    def __init__(self, status, reason, headers, body):
        self.status, self.reason, self.headers, self.body = status, reason, headers, body

    def header(self, name, default=None):
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[0] if values else default

    def headers_named(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def plain_body(self):
        return gzip.decompress(self.body) if self.header("Content-Encoding") == "gzip" else self.body


class Connection:
    """One connection; `request` may be called again while both sides keep it open.

    `lose` of a request: None reads the answer; "request" closes after half of the body was sent; "unread" waits until the
    answer begins and closes without reading it; a number closes after that many bytes of the answer.
    """

    def __init__(self, host, port, tls=False, timeout=TIMEOUT):
        self.host, self.port = host, port
        self.timeout = timeout
        raw = socket.create_connection((host, port), timeout=timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.set_alpn_protocols(["http/1.1"])
            raw = context.wrap_socket(raw, server_hostname="mail.example.org")
        self.socket = raw
        self.buffer = b""
        self.received = 0
        self.open = True

    def close(self):
        self.open = False
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def request(self, method, target, headers=(), body=b"", lose=None, timeout=None):
        self.socket.settimeout(timeout or self.timeout)
        names = {key.lower() for key, _ in headers}
        lines = [f"{method} {target} HTTP/1.1"]
        if "host" not in names:
            lines.append(f"Host: {self.host}:{self.port}")
        lines += [f"{key}: {value}" for key, value in headers]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")
        if lose == "request":
            self.send(head + body[: len(body) // 2])
            self._abort()
            raise Lost("closed in the middle of the request")
        self.send(head + body)
        if lose is not None:
            self._lose(lose)
        return self.response(method)

    def _abort(self):
        """Closes so that the peer sees it at once."""
        self.open = False
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        finally:
            self.socket.close()

    def _lose(self, lose):
        """Reads as much of the answer as was asked for, at most all of it, and throws it away."""
        wanted = 1 if lose == "unread" else int(lose)
        try:
            while len(self.buffer) < wanted and len(self.buffer) < self._end() and self._more():
                pass
        finally:
            self._abort()
        raise Lost(f"closed after {lose} of the answer")

    def _end(self):
        """Where the answer in the buffer ends, as far as its head is there."""
        head, found, _ = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return len(self.buffer) + 1
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                return len(head) + 4 + int(line.split(b":")[1])
        return len(self.buffer) + 1

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except TimeoutError as error:
            raise HttpError("no answer in time") from error
        except (ConnectionError, ssl.SSLError) as error:
            raise HttpError(f"connection broken: {error}") from error
        self.received += len(data)
        self.buffer += data
        return bool(data)

    def _line(self):
        while b"\r\n" not in self.buffer:
            if len(self.buffer) > 65536:
                raise HttpError("a header line without end")
            if not self._more():
                raise HttpError("closed before the answer was complete" if self.buffer else "closed without an answer")
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.decode("latin-1")

    def _exactly(self, count):
        while len(self.buffer) < count:
            if not self._more():
                raise HttpError(f"closed {count - len(self.buffer)} bytes before the end of the body")
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def response(self, method="GET"):
        """Reads one final answer (interim 1xx answers are skipped)."""
        while True:
            parts = self._line().split(" ", 2)
            if len(parts) < 2 or not parts[0].startswith("HTTP/1.") or not parts[1].isdigit():
                raise HttpError(f"no status line: {' '.join(parts)!r}")
            status, reason = int(parts[1]), parts[2] if len(parts) > 2 else ""
            headers = self._headers()
            if status >= 200:
                break
        answer = Response(status, reason, headers, b"")
        answer.body = b"" if method == "HEAD" or status in (204, 304) else self._body(answer)
        if (answer.header("Connection") or "").lower() == "close":
            self.close()
        return answer

    def _headers(self):
        headers = []
        while line := self._line():
            name, colon, value = line.partition(":")
            if not colon or name != name.strip():
                raise HttpError(f"bad header line {line!r}")
            headers.append((name, value.strip()))
        return headers

    def _body(self, answer):
        coding, length = answer.header("Transfer-Encoding"), answer.header("Content-Length")
        if coding is not None and length is not None:
            raise HttpError("Content-Length together with Transfer-Encoding")
        if coding is not None:
            return self._chunks()
        if length is not None:
            return self._exactly(int(length))
        while self._more():
            pass
        self.close()
        data, self.buffer = self.buffer, b""
        return data

    def _chunks(self):
        data = b""
        while size := int(self._line().split(";")[0], 16):
            data += self._exactly(size)
            if self._exactly(2) != b"\r\n":
                raise HttpError("a chunk without its end")
        while self._line():
            pass
        return data

    def closed_by_peer(self, seconds=5):
        """True when the server closes within that time, reading away what it still sends."""
        deadline = time.monotonic() + seconds
        self.socket.settimeout(0.1)
        while time.monotonic() < deadline:
            try:
                if not self.socket.recv(65536):
                    return True
            except TimeoutError:
                continue
            except OSError:
                return True
        return False


def fetch(port, method, target, headers=(), body=b"", tls=False, timeout=TIMEOUT):
    """One request on a connection of its own."""
    connection = Connection("127.0.0.1", port, tls, timeout)
    try:
        return connection.request(method, target, headers, body)
    finally:
        connection.close()
