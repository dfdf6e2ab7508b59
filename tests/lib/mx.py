"""Another domain's mail server, as small as a test needs it, with faults at will.

`replies` maps a verb ("MAIL", "RCPT", "DATA", "." ...) to a reply or a function of the command line that gives one.
Messages are kept as (sender, recipients, content) with CRLF line ends.
"""

import socket
import socketserver
import ssl
import threading
import time


class _Handler(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()

    def reply(self, verb, line, default):
        wanted = self.server.owner.replies.get(verb, default)
        if callable(wanted):
            wanted = wanted(line) or default
        return wanted

    def handle(self):
        owner = self.server.owner
        owner.connections += 1
        self.sender, self.recipients = None, []
        greeting = self.reply("greeting", "", "220 mx.test ESMTP")
        if greeting == "silence":
            time.sleep(owner.silence)
            return
        self.say(greeting)
        while True:
            line = self.rfile.readline()
            if not line:
                return
            line = line.decode("utf-8", "replace").rstrip("\r\n")
            owner.lines.append(line)
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                offers = [each for each in owner.offers if not (each == "STARTTLS" and self.secure())]
                self.say("\r\n".join(f"250-{each}" for each in ["mx.test", *offers]) + "\r\n250 HELP")
            elif verb == "STARTTLS":
                self.start_tls()
            elif verb == "MAIL":
                answer = self.reply("MAIL", line, "250 2.1.0 ok")
                self.sender, self.recipients = line, []
                self.say(answer)
            elif verb == "RCPT":
                answer = self.reply("RCPT", line, "250 2.1.5 ok")
                if answer.startswith("2"):
                    self.recipients.append(line)
                self.say(answer)
            elif verb == "DATA":
                if not self.data(line):
                    return
            elif verb == "QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                self.say(self.reply(verb, line, "250 2.0.0 ok"))

    def secure(self):
        return isinstance(self.connection, ssl.SSLSocket)

    def start_tls(self):
        owner = self.server.owner
        self.say("220 2.0.0 go ahead" + owner.injected)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*owner.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.setup_again()

    def setup_again(self):
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")

    def data(self, line):
        owner = self.server.owner
        if not self.recipients:
            self.say("554 5.5.1 no valid recipients")
            return True
        self.say(self.reply("DATA", line, "354 go ahead"))
        content = b""
        while True:
            piece = self.rfile.readline()
            if not piece or piece == b".\r\n":
                break
            content += piece[1:] if piece.startswith(b".") else piece
        answer = self.reply(".", "", "250 2.0.0 taken")
        if answer.startswith("2"):
            owner.messages.append((self.sender, self.recipients, content, self.secure()))
        if answer == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        self.say(answer)
        return True


class _Listening(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that went away is part of many tests


class Mx:
    def __init__(self, offers=("PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8", "DSN"), certificate=None):
        self.offers, self.certificate = list(offers), certificate
        self.replies, self.messages, self.lines = {}, [], []
        self.connections, self.silence, self.injected = 0, 30, ""
        self._server = _Listening(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait_for(self, count, seconds=20):
        deadline = time.monotonic() + seconds
        while len(self.messages) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.messages)} messages instead of {count}; heard: {self.lines}")
            time.sleep(0.02)
        return self.messages

    def close(self):
        self._server.shutdown()
        self._server.server_close()
