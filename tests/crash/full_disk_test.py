"""R5: the disk of the running server fills up and is emptied again, without a restart in between.

Needs a disk of its own to fill: a small tmpfs; skipped with a reason where none may be mounted.
"""

import os
import random
import shutil
import subprocess
import tempfile
import time
import unittest

from rig import SEED, CrashServer, Ledger, check, send, settle, verify
from imap import Imap
from phone import INBOX, Phone
from server import PASSWORD

DISK_MIB = 48


class SmallDisk:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="lockstep-disk-")
        words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=0700", "lockstep-test", self.folder]
        mounted = subprocess.run(words, capture_output=True, text=True)
        self.reason = mounted.stderr.strip() if mounted.returncode else None

    def free(self):
        status = os.statvfs(self.folder)
        return status.f_bavail * status.f_frsize

    def fill(self):
        """Until not a byte more is taken."""
        with open(os.path.join(self.folder, "filler"), "ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    pass

    def empty(self):
        os.remove(os.path.join(self.folder, "filler"))

    def remove(self):
        if not self.reason:
            subprocess.run(["umount", self.folder], check=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.disk = SmallDisk()
        self.addCleanup(self.disk.remove)
        if self.disk.reason:
            self.skipTest(f"no disk may be mounted here: {self.disk.reason}")
        self.server = CrashServer()
        self.addCleanup(self.server.remove)
        self.addCleanup(self.server.kill)
        self.server.settings["clock.manual"] = "true"
        # Its data on the small disk, its logs beside it.
        os.symlink(self.disk.folder, self.server.data)
        self.server.start()
        self.server.furnish()
        self.ledger = Ledger()
        self.rng = random.Random(SEED)

    def deliver(self):
        return send(self.server, self.ledger, self.ledger.draw(self.rng, self.server.domain))

    def until(self, what, act, seconds=20):
        """The first refusal sets the reserve free, so what a client tries again works."""
        deadline = time.monotonic() + seconds
        while not act():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.2)

    def test_mail_waits_deletion_works_and_all_goes_on_when_there_is_room(self):
        anna = f"anna@{self.server.domain}"
        for _ in range(40):
            self.assertTrue(self.deliver())
        settle(self.server)
        phone = Phone(self.server, anna, PASSWORD, "16.1")
        self.addCleanup(phone.close)
        phone.set_up()
        before = len(phone.pull(INBOX).items)
        self.assertGreater(before, 5)

        self.disk.fill()
        self.assertEqual(self.disk.free(), 0)
        refused = [self.deliver() for _ in range(30)]
        self.assertIn(False, refused, "a full disk took everything")
        self.until("mail is refused for now", lambda: not self.deliver())
        self.assertGreater(self.disk.free(), 0, "the reserve was not set free")

        # Reading goes on, and so does what makes room.
        with Imap(self.server.imap_port, anna) as imap:
            there = int(imap.ok("SELECT INBOX").of("EXISTS")[0][0])
            self.assertTrue(imap.fetch("1", "BODY.PEEK[]"))
            self.until("deletion works", lambda: imap.run("STORE 1:3 +FLAGS.SILENT (\\Deleted)").status == "OK")
            self.until("expunge works", lambda: imap.run("EXPUNGE").status == "OK")
            self.assertEqual(imap.run("APPEND INBOX {3+}\r\nabc").status, "NO")
            imap.run("NOOP")
            left = int(imap.ok("SELECT INBOX").of("EXISTS")[0][0])
            self.assertEqual(left, there - 3)
        self.assertFalse(self.deliver(), "what was set free was taken for new mail")

        self.disk.empty()
        self.server.advance("61s")
        self.until("mail comes in again", self.deliver)
        settle(self.server)
        self.assertEqual(len(phone.pull(INBOX).items), left + sum(
            anna in mail.recipients for mail in list(self.ledger.mails.values())[-1:]))
        self.server.stop()
        verify(self.server)
