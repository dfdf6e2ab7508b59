"""An IMAP client on a bare socket: commands, literals, and what the server said, word by word.

Spec: RFC 9051 9. Errors: AssertionError when the server refuses what a test expects to succeed, or says what is not in
the grammar. Invariants: no library sits between the test and the wire; every answer is parsed strictly, to its end.
"""

import re
import socket
import ssl

PASSWORD = "correct horse 7"


class Answer:
    """The untagged lines (parsed) before a tagged one."""

    def __init__(self, status, text, untagged):
        self.status, self.text, self.untagged = status, text, untagged

    def of(self, word):
        """Those untagged answers that have this word, as lists of tokens without it."""
        found = []
        for tokens in self.untagged:
            if tokens and tokens[0] == word:
                found.append(tokens[1:])
            elif len(tokens) > 1 and tokens[1] == word:
                found.append([tokens[0]] + tokens[2:])
        return found

    @property
    def code(self):
        match = re.match(r"\[([^\]]*)\]", self.text)
        return match.group(1) if match else ""


class Imap:
    """One connection. `run` sends a command and gives its Answer; `ok` insists on OK."""

    def __init__(self, port, user=None, password=PASSWORD, tls=False, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        if tls:
            self.wrap()
        self.buffer = b""
        self.count = 0
        self.greeting = self.line()
        if user:
            self.ok(f'LOGIN "{user}" "{password}"')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def wrap(self):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket, server_hostname="mail.example.org")
        self.buffer = b""

    # -- the wire --------------------------------------------------------------------------------------------------

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode("utf-8"))

    def _fill(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise EOFError("the server closed the connection")
        self.buffer += data

    def raw_line(self):
        while b"\n" not in self.buffer:
            self._fill()
        line, self.buffer = self.buffer.split(b"\n", 1)
        assert line.endswith(b"\r"), f"a line without CR: {line!r}"
        return line[:-1]

    def take(self, count):
        while len(self.buffer) < count:
            self._fill()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def line(self):
        """One whole answer with its literals, as a list of pieces: bytes of lines and ("literal", bytes)."""
        pieces = []
        while True:
            line = self.raw_line()
            match = re.search(rb"~?\{(\d+)\}$", line)
            if not match:
                pieces.append(line)
                return pieces
            pieces += [line[:match.start()], ("literal", self.take(int(match.group(1))))]

    # -- commands --------------------------------------------------------------------------------------------------

    def tag(self):
        self.count += 1
        return f"t{self.count}"

    def start(self, command):
        """Sends a command and gives its tag. A list of str and bytes sends the bytes as literals."""
        tag = self.tag()
        if isinstance(command, str):
            self.send(f"{tag} {command}\r\n")
            return tag
        self.send(f"{tag} ")
        for piece in command:
            if isinstance(piece, bytes):
                self.send(b"{%d+}\r\n" % len(piece) + piece)
            else:
                self.send(piece)
        self.send("\r\n")
        return tag

    def finish(self, tag):
        untagged = []
        while True:
            pieces = self.line()
            first = pieces[0]
            if first.startswith(b"* "):
                untagged.append(parse(pieces))
                continue
            assert not first.startswith(b"+"), f"an unexpected continuation {first!r}"
            got, status, text = first.decode("utf-8").split(" ", 2)
            assert got == tag, f"the tag {got} instead of {tag}"
            assert status in ("OK", "NO", "BAD") and text
            return Answer(status, text, untagged)

    def run(self, command):
        return self.finish(self.start(command))

    def ok(self, command):
        answer = self.run(command)
        assert answer.status == "OK", f"{command}: {answer.status} {answer.text}"
        return answer

    def no(self, command, code=None):
        answer = self.run(command)
        assert answer.status == "NO", f"{command}: {answer.status} {answer.text}"
        assert code is None or answer.code.split(" ")[0] == code, f"{command}: [{answer.code}]"
        return answer

    def bad(self, command):
        answer = self.run(command)
        assert answer.status == "BAD", f"{command}: {answer.status} {answer.text}"
        return answer

    # -- short words -----------------------------------------------------------------------------------------------

    def append(self, mailbox, message, flags="", date=""):
        words = " ".join(word for word in (f"({flags})" if flags else "", f'"{date}"' if date else "") if word)
        return self.ok([f'APPEND "{mailbox}" {words + " " if words else ""}', message])

    def fetch(self, numbers, items, uid=False):
        """{number: {item: value}} of the FETCH answers."""
        answer = self.ok(f"{'UID ' if uid else ''}FETCH {numbers} {items}")
        return fetched(answer)

    def search(self, keys, uid=False):
        lines = self.ok(f"{'UID ' if uid else ''}SEARCH {keys}").of("SEARCH")
        assert len(lines) == 1
        return [int(number) for number in lines[0]]

    def mailboxes(self, command='LIST "" "*"'):
        """{name: set of attributes}."""
        word = command.split(" ")[0]
        return {tokens[2]: set(tokens[0]) for tokens in self.ok(command).of(word)}

    def idle(self):
        tag = self.start("IDLE")
        first = self.line()[0]
        assert first.startswith(b"+ "), first
        return tag

    def done(self, tag):
        self.send("DONE\r\n")
        return self.finish(tag)

    def hear(self):
        """One untagged answer that comes by itself."""
        pieces = self.line()
        assert pieces[0].startswith(b"* "), pieces
        return parse(pieces)


def fetched(answer):
    found = {}
    for number, items in answer.of("FETCH"):
        values = found.setdefault(int(number), {})
        assert len(items) % 2 == 0, items
        for name, value in zip(items[::2], items[1::2]):
            values[name] = value
    return found


_TOKEN = re.compile(
    r'(?P<quoted>"(?:[^"\\\r\n]|\\["\\])*")|(?P<open>\()|(?P<close>\))'
    r'|(?P<atom>[^\s()"{]*\[[^\]]*\](?:<\d+>)?|[^\s()"{]+)'
)


def parse(pieces):
    """The tokens of an untagged answer: nested lists, str, bytes of literals, None for NIL."""
    stack, current = [], []
    blank_wanted = False
    for index, piece in enumerate(pieces):
        if isinstance(piece, tuple):
            current.append(piece[1])
            blank_wanted = True
            continue
        text = piece.decode("utf-8")
        if index == 0:
            assert text.startswith("* ")
            text = text[2:]
            if re.match(r"(OK|NO|BAD|BYE|PREAUTH)\b", text):
                return text.split(" ", 1)
        at = 0
        while at < len(text):
            if text[at] == " ":
                assert blank_wanted, f"a blank where none belongs: {piece!r}"
                blank_wanted, at = False, at + 1
                continue
            match = _TOKEN.match(text, at)
            assert match, f"not in the grammar: {text[at:]!r}"
            at = match.end()
            if match.group("open"):
                stack.append(current)
                current, blank_wanted = [], False
                continue
            if match.group("close"):
                done, current = current, stack.pop()
                current.append(done)
            elif match.group("quoted"):
                current.append(re.sub(r"\\(.)", r"\1", match.group("quoted")[1:-1]))
            else:
                atom = match.group("atom")
                current.append(None if atom == "NIL" else atom)
            blank_wanted = True
        assert index < len(pieces) - 1 or blank_wanted, f"a blank at the end: {piece!r}"
    assert not stack, "parentheses that do not close"
    return current
