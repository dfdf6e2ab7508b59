"""The base class of whole-server tests: one server per test class, fresh people per test.

Invariants: a test class fails when its server does not end cleanly (see server.py). Tests of one class share the server
and must not depend on each other; each makes its own accounts with `person`.
"""

import threading
import time
import unittest

import smtp
from phone import INBOX, Phone
from server import PASSWORD, Server


class ServerCase(unittest.TestCase):
    """`settings` are passed to the server with --set."""

    settings = {}
    server = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.settings)
        try:
            cls.prepare()
        except BaseException:
            cls.server.kill()
            cls.server.remove()
            raise

    @classmethod
    def prepare(cls):
        cls.server.start()
        cls.server.add_domain()

    @classmethod
    def tearDownClass(cls):
        try:
            cls.server.stop()
        finally:
            cls.server.kill()
            cls.server.remove()

    # -- short words -----------------------------------------------------------------------------------------------

    def person(self, name=None):
        return self.server.person(name)

    def phone(self, user=None, version="16.1", set_up=True, **options):
        """A phone of that user (a new person unless given), provisioned and with its folders unless told otherwise."""
        phone = Phone(self.server, user or self.person(), PASSWORD, version, **options)
        self.addCleanup(phone.close)
        return phone.set_up() if set_up else phone

    def mail(self, to, subject="Hello", sender="sender@example.net", **parts):
        """Delivers a message by SMTP and returns its bytes."""
        data = smtp.message(to if isinstance(to, str) else ", ".join(to), subject, **parts)
        smtp.deliver(self.server, to, data, sender)
        return data

    def inbox_subjects(self, phone):
        return phone.pull(INBOX).texts("Email:Subject")

    def until(self, condition, seconds=15, what="the expected state"):
        """Waits for work that the server does behind an answer (queues); returns the condition's value."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        self.fail(f"{what} did not come within {seconds} s")


class Background:
    """Runs a call in a thread; `result` waits and gives the value or raises the exception; `elapsed` in seconds."""

    def __init__(self, call, *arguments, **options):
        self.value = self.error = None
        self.elapsed = None
        self._started = time.monotonic()

        def run():
            try:
                self.value = call(*arguments, **options)
            except BaseException as error:
                self.error = error
            self.elapsed = time.monotonic() - self._started

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    @property
    def running(self):
        return self._thread.is_alive()

    def result(self, timeout=30):
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise AssertionError(f"no answer within {timeout} s")
        if self.error is not None:
            raise self.error
        return self.value
