"""An SMTP client on a bare socket, and the messages that tests send.

Spec: RFC 5321, RFC 3030, RFC 3207.
Errors: AssertionError when the server refuses what a test expects to succeed.
Invariants: no library sits between the test and the wire, so that illegal bytes can be sent and odd splits made.
"""

import itertools
import socket
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

_numbers = itertools.count(1)


class Smtp:
    """One connection. `command` sends a line and returns (code, text of all lines)."""

    def __init__(self, port, timeout=20, greet=True):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.buffer = b""
        self.greeting = self.reply() if greet else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def reply(self):
        """Reads one reply; (0, "") when the server closed."""
        lines = []
        while True:
            while b"\n" not in self.buffer:
                try:
                    data = self.socket.recv(65536)
                except (ConnectionError, ssl.SSLError):
                    data = b""
                if not data:
                    return 0, "\n".join(lines)
                self.buffer += data
            line, self.buffer = self.buffer.split(b"\n", 1)
            assert line.endswith(b"\r"), f"a reply line without CR: {line!r}"
            text = line[:-1].decode("utf-8")
            lines.append(text[4:])
            if text[3:4] != "-":
                return int(text[:3]), "\n".join(lines)

    def command(self, line):
        self.send(line.encode("utf-8") + b"\r\n")
        return self.reply()

    def expect(self, line, code):
        got, text = self.command(line)
        assert got == code, f"{line}: {got} {text}"
        return text

    def hello(self, name="client.example.net"):
        """EHLO; returns the extensions as {KEYWORD: parameters}."""
        text = self.expect(f"EHLO {name}", 250)
        return {line.split(" ")[0].upper(): line.partition(" ")[2] for line in text.split("\n")[1:]}

    def start_tls(self):
        self.expect("STARTTLS", 220)
        self.wrap()

    def wrap(self):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket, server_hostname="mail.example.org")
        self.buffer = b""

    def envelope(self, sender, recipients, parameters=""):
        self.expect(f"MAIL FROM:<{sender}>{parameters}", 250)
        for recipient in recipients:
            self.expect(f"RCPT TO:<{recipient}>", 250)

    def data(self, message):
        """DATA with correct dots; returns the final reply."""
        self.expect("DATA", 354)
        body = message if message.endswith(b"\r\n") else message + b"\r\n"
        if body.startswith(b"."):
            body = b"." + body
        self.send(body.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        return self.reply()


def deliver(server, recipients, message, sender="sender@example.net"):
    """Delivers bytes to recipients of the server's own domain; the mail is stored when this returns."""
    if isinstance(recipients, str):
        recipients = [recipients]
    with Smtp(server.smtp_port) as smtp:
        smtp.hello()
        smtp.envelope(sender, recipients)
        code, text = smtp.data(message)
        assert code == 250, f"{code} {text}"
        smtp.command("QUIT")


def deliver_many(server, recipient, messages, sender="sender@example.net"):
    """Delivers several messages over one connection."""
    with Smtp(server.smtp_port) as smtp:
        smtp.hello()
        for data in messages:
            smtp.envelope(sender, [recipient])
            code, text = smtp.data(data)
            assert code == 250, f"{code} {text}"
        smtp.command("QUIT")


def message(to, subject="Hello", text="Good morning.\r\n", html=None, sender="Sender Example <sender@example.net>",
            date=None, attachments=(), headers=()):
    """Bytes of a message. `attachments` are (name, media type, bytes)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<test-{next(_numbers)}@example.net>"
    mail["Date"] = format_datetime(date) if date else "Mon, 23 Nov 2026 09:30:00 +0100"
    for name, value in headers:
        del mail[name]
        mail[name] = value
    mail.set_content(text, cte="quoted-printable" if not text.isascii() else "7bit")
    if html is not None:
        mail.add_alternative(html, subtype="html")
    for name, kind, data in attachments:
        main, _, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
