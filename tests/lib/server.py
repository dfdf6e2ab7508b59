"""Starts and stops the server under test in a folder of its own, on free loopback ports.

Invariants: only the process started here is ever ended. A test fails when the server does not end cleanly or when a
sanitizer reported anything. No port is fixed, so that suites may run side by side.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOMAIN = "example.org"
PASSWORD = "correct horse 7"
START_SECONDS = 30
STOP_SECONDS = 30
_REPORTS = re.compile(r"AddressSanitizer|LeakSanitizer|ThreadSanitizer|UndefinedBehaviorSanitizer|runtime error:")


def binary():
    return os.environ.get("LOCKSTEP_BIN") or os.path.join(ROOT, "build", "asan", "lockstep")


def free_ports(count):
    """Ports that were free a moment ago; all are held at once so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def certificate(folder):
    """A self-signed certificate for 127.0.0.1 and mail.example.org; returns (certificate file, key file)."""
    cert, key = os.path.join(folder, "test.crt"), os.path.join(folder, "test.key")
    if not os.path.exists(cert):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", cert, "-days", "30", "-subj", "/CN=mail.example.org",
             "-addext", "subjectAltName=DNS:mail.example.org,DNS:localhost,IP:127.0.0.1"],
            check=True, capture_output=True,
        )
    return cert, key


class Server:
    """One server process over one data folder. `start`, `stop`, `restart`; `cli` runs the command line against it."""

    def __init__(self, settings=None, domain=DOMAIN):
        self.folder = tempfile.mkdtemp(prefix="lockstep-test-")
        self.data = os.path.join(self.folder, "data")
        self.certificate, self.key = certificate(self.folder)
        # No question of a test leaves the machine: what is not in this zone does not exist.
        self.zone = os.path.join(self.folder, "zone")
        self.write_zone()
        self.domain = domain
        self._ports = self._take_ports()
        self.settings = {
            **self._ports,
            "dns.zone_file": self.zone,
            "tls.certificate": self.certificate,
            "tls.key": self.key,
            **(settings or {}),
        }
        self.process = None
        self.log_path = os.path.join(self.folder, "server.log")
        self._ready = threading.Event()
        self._reader = None
        self._people = 0

    def _take_ports(self):
        (self.http_port, self.https_port, self.smtp_port, self.imap_port, self.imaps_port, self.submission_port,
         self.submissions_port) = free_ports(7)
        return {
            "listen.http": f"127.0.0.1:{self.http_port}",
            "listen.https": f"127.0.0.1:{self.https_port}",
            "listen.smtp": f"127.0.0.1:{self.smtp_port}",
            "listen.imap": f"127.0.0.1:{self.imap_port}",
            "listen.imaps": f"127.0.0.1:{self.imaps_port}",
            "listen.submission": f"127.0.0.1:{self.submission_port}",
            "listen.submissions": f"127.0.0.1:{self.submissions_port}",
        }

    def write_zone(self, *records):
        """Records of the world outside, one a line as in a zone file; before `start`."""
        with open(self.zone, "w") as zone:
            zone.write("".join(f"{record}\n" for record in records))

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self):
        """Starts, and tries once more with other ports when somebody took one of them in between (the first time only)."""
        first = not os.path.exists(self.log_path)
        try:
            return self._start()
        except RuntimeError as error:
            if not first or "Address already in use" not in str(error):
                raise
            before, self._ports = self._ports, self._take_ports()
            self.settings.update({name: self._ports[name] for name in before if self.settings[name] == before[name]})
            return self._start()

    def _start(self):
        command = [binary(), "--data", self.data, "serve"]
        for key, value in self.settings.items():
            command += ["--set", f"{key}={value}"]
        self._ready.clear()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self._environment()
        )
        self._reader = threading.Thread(target=self._collect, args=(self.process.stdout,), daemon=True)
        self._reader.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._ready.wait(0.02):
            if self.process.poll() is not None:
                self._reader.join(2)
                raise RuntimeError(f"the server ended with {self.process.returncode} at start:\n{self.log()[-3000:]}")
            if time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server was not ready after {START_SECONDS} s:\n{self.log()[-3000:]}")
        return self

    def _environment(self):
        environment = dict(os.environ)
        environment.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:exitcode=99")
        environment.setdefault("UBSAN_OPTIONS", "print_stacktrace=1")
        return environment

    def _collect(self, stream):
        with open(self.log_path, "ab") as log:
            for line in stream:
                log.write(line)
                log.flush()
                if re.match(rb"ready\b", line):
                    self._ready.set()

    def log(self):
        with open(self.log_path, "rb") as log:
            return log.read().decode("utf-8", "replace")

    def stop(self):
        """Asks the server to end; raises AssertionError unless it does so in time, with 0 and without a report."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not end within {STOP_SECONDS} s of SIGTERM") from None
        self._reader.join(5)
        log = self.log()
        report = _REPORTS.search(log)
        if report:
            raise AssertionError(f"sanitizer report:\n{log[max(0, report.start() - 500):report.start() + 6000]}")
        if code != 0:
            raise AssertionError(f"the server ended with {code}:\n{log[-3000:]}")

    def kill(self):
        """Ends the process at once, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def restart(self):
        self.stop()
        return self.start()

    def remove(self):
        if not os.environ.get("LOCKSTEP_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    # -- administration --------------------------------------------------------------------------------------------

    def run_cli(self, *words, stdin=None, timeout=60):
        """Runs the command line; returns the finished process with text output."""
        return subprocess.run(
            [binary(), "--data", self.data, *words], input=stdin, capture_output=True, text=True, timeout=timeout,
            env=self._environment(),
        )

    def cli(self, *words, stdin=None):
        """Runs the command line and insists on success; returns what it printed."""
        done = self.run_cli(*words, stdin=stdin)
        if done.returncode != 0 or _REPORTS.search(done.stderr):
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def cli_json(self, *words):
        return json.loads(self.cli(*words, "--json"))

    def add_domain(self, name=None):
        self.cli("domain", "add", name or self.domain)

    def person(self, name=None, password=PASSWORD):
        """Creates an account (a fresh name unless given) and returns its address."""
        self._people += 1
        address = f"{name or f'person{self._people}'}@{self.domain}"
        self.cli("account", "add", address, "--password-stdin", stdin=password + "\n")
        return address

    def group(self, name, *members):
        address = f"{name}@{self.domain}"
        self.cli("group", "add", address)
        for member in members:
            self.cli("group", "member", "add", address, member)
        return address

    def advance(self, span):
        """Moves the clock of a server that was started with clock.manual=true."""
        self.cli("clock", "advance", span)
