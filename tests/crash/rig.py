"""What crash tests share: a server that can be ended at a system call, a ledger of mails, and the check after a crash.

Invariants: a mail is in the ledger before its first byte is sent and acknowledged only after the server's 250. After a
crash and a new start each acknowledged mail is with each of its recipients exactly once, whole; any other mail at most
once, whole; and `lockstep verify` finds nothing.
Errors: AssertionError with what is missing, double, damaged or unknown.
"""

import collections
import glob
import os
import random
import re
import shutil
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))

import smtp
from server import Server, binary

LONG = os.environ.get("LOCKSTEP_LONG") == "1"
SEED = int(os.environ.get("LOCKSTEP_SEED", "1"))
PEOPLE = ("anna", "bert", "cora")
SETTLE_SECONDS = 30
# Whatever may happen to a client whose server dies; that a test sees one of them proves nothing against the server.
DEATH = (OSError, AssertionError, EOFError)


class Mail:
    def __init__(self, number, recipients, size, rng):
        self.id = f"<crash-{number}@example.net>"
        self.recipients = recipients
        text = "".join(rng.choice("abcdefghij \n") for _ in range(min(size, 2000)))
        text = (text * (size // max(1, len(text)) + 1))[:size]
        self.data = smtp.message(
            ", ".join(recipients), f"crash {number}", text=text + "\n", headers=(("X-Crash", str(number)),)
        ).replace(b"\r\nMessage-ID: ", b"\r\nX-Library-ID: ", 1)
        self.data = b"Message-ID: " + self.id.encode() + b"\r\n" + self.data


class Ledger:
    """Mails that were sent, and those of them that the server took responsibility for. Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self.mails = {}
        self.acknowledged = set()

    def draw(self, rng, domain):
        """A new mail to one to three people, small or large enough to become a file."""
        recipients = [f"{name}@{domain}" for name in rng.sample(PEOPLE, rng.choice((1, 1, 2, 3)))]
        size = rng.choice((50, 700, 4000, 9000, 30000))
        with self._lock:
            mail = Mail(len(self.mails) + 1, recipients, size, rng)
            self.mails[mail.id] = mail
        return mail

    def acknowledge(self, mail):
        with self._lock:
            self.acknowledged.add(mail.id)


class CrashServer(Server):
    """A server whose processes may be traced: `strace` holds further words for it, as `-e inject=...`."""

    def __init__(self, data=None):
        super().__init__()
        self.strace = None
        if data:
            shutil.copytree(data, self.data, ignore=shutil.ignore_patterns("*.sock", "socket", "admin"))

    def _environment(self):
        environment = super()._environment()
        if self.strace:
            # The leak checker is a tracer itself, and a process has one tracer at most.
            environment["ASAN_OPTIONS"] = environment["ASAN_OPTIONS"].replace("detect_leaks=1", "detect_leaks=0")
        return environment

    def start(self):
        if not self.strace:
            return super().start()
        # -D: the server keeps the process that is started here, and strace is its descendant; so kill() ends the server.
        words = ["exec", "strace", "-D", "-f", "-qq", *self.strace, binary(), '"$@"']
        wrapper = os.path.join(self.folder, "traced")
        with open(wrapper, "w", encoding="utf-8") as script:
            script.write("#!/bin/sh\n" + " ".join(words) + "\n")
        os.chmod(wrapper, 0o700)
        before = os.environ.get("LOCKSTEP_BIN")
        os.environ["LOCKSTEP_BIN"] = wrapper
        try:
            return super().start()
        finally:
            del os.environ["LOCKSTEP_BIN"]
            if before is not None:
                os.environ["LOCKSTEP_BIN"] = before

    def furnish(self):
        """Domain and people of every crash test."""
        self.add_domain()
        for name in PEOPLE:
            self.person(name)

    def wait_for_death(self, seconds):
        """Whether the process has ended within that time."""
        deadline = time.monotonic() + seconds
        while self.process is not None and time.monotonic() < deadline:
            if self.process.poll() is not None:
                return True
            time.sleep(0.01)
        return False


def send(server, ledger, mail):
    """Delivers one mail; True when it was acknowledged."""
    with smtp.Smtp(server.smtp_port) as client:
        client.hello()
        client.envelope("sender@example.net", mail.recipients)
        code, _ = client.data(mail.data)
        if code == 250:
            ledger.acknowledge(mail)
        return code == 250


def load(server, ledger, seed, stop, mails=10**9):
    """Delivers mails until told to stop or until the server is gone; answers how many were refused."""
    rng, refused = random.Random(seed), 0
    for _ in range(mails):
        if stop.is_set():
            break
        mail = ledger.draw(rng, server.domain)
        try:
            refused += not send(server, ledger, mail)
        except DEATH:
            refused += 1
            if server.process is None or server.process.poll() is not None:
                break
    return refused


def verify(server):
    """The oracle, on the stopped store."""
    done = server.run_cli("verify", timeout=300)
    assert done.returncode == 0, f"verify ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def shards(data):
    return sorted(glob.glob(os.path.join(data, "shard-*.db")))


def query(path, sql):
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
    try:
        return base.execute(sql).fetchall()
    finally:
        base.close()


def settle(server):
    """Waits until the running server has nothing left to hand on."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while any(query(path, "SELECT count(*) FROM outbox")[0][0] for path in shards(server.data)):
        assert time.monotonic() < deadline, "the outbox does not empty"
        time.sleep(0.1)


def stored(server):
    """{address: {Message-ID: [bytes of each copy]}} of everything that people have."""
    data, found = server.data, collections.defaultdict(lambda: collections.defaultdict(list))
    names = {number: f"{local}@{server.domain}" for number, local in
             query(os.path.join(data, "control.db"), "SELECT account_id, local FROM account")}
    for path in shards(data):
        rows = query(path, "SELECT i.account_id, i.blob_hash, b.bytes FROM item i JOIN blob b "
                           "ON b.account_id = i.account_id AND b.hash = i.blob_hash WHERE i.class = 1")
        for account, digest, content in rows:
            if content is None:
                name = digest.hex()
                with open(os.path.join(data, "blobs", name[:2], name[2:4], name), "rb") as file:
                    content = file.read()
            found_id = re.search(rb"^Message-ID: (\S+)\r$", content, re.MULTILINE)
            if found_id:
                found[names[account]][found_id.group(1).decode()].append(content)
    return found


def check(server, ledger):
    """Holds what people have against the ledger."""
    found = stored(server)
    for mail in ledger.mails.values():
        for address in mail.recipients:
            copies = found[address].pop(mail.id, [])
            assert len(copies) <= 1, f"{mail.id} is {len(copies)} times with {address}"
            assert copies or mail.id not in ledger.acknowledged, f"{mail.id} was acknowledged and {address} lacks it"
            for copy in copies:
                assert copy.endswith(mail.data), f"{mail.id} is damaged with {address}: {copy[:300]!r}"
    for address, rest in found.items():
        strangers = [name for name in rest if name.startswith("<crash-")]
        assert not strangers, f"{address} has mails nobody sent: {strangers}"
