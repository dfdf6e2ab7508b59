"""R1: kill -9 of the real server at random moments, under delivery by several clients and with a phone that follows.

The phone keeps its keys across all the crashes, as a real one does: in the end it must hold what the server holds.
"""

import os
import random
import threading
import unittest

from rig import LONG, SEED, CrashServer, Ledger, check, load, settle, stored, verify
from phone import INBOX, Phone
from server import PASSWORD
from wire import HttpError, Lost

ROUNDS = int(os.environ.get("LOCKSTEP_ROUNDS", 60 if LONG else 6))
CLIENTS = 3


class Kill(unittest.TestCase):
    def setUp(self):
        self.server = CrashServer()
        self.addCleanup(self.server.remove)
        self.addCleanup(self.server.kill)
        self.server.start()
        self.server.furnish()
        self.ledger = Ledger()

    def follow(self, phone, stop):
        """Pulls until told to stop; a dying server cuts answers, and the phone goes on with the key it has."""
        while not stop.is_set():
            try:
                phone.pull(INBOX)
            except (HttpError, Lost, OSError):
                if self.server.process is None or self.server.process.poll() is not None:
                    return
            except AssertionError as error:
                self.complaints.append(error)
                return
            stop.wait(0.02)

    def crash(self, rng, phone):
        """One round: load, a kill in the middle of it, and the first look at what is left."""
        stop, self.complaints = threading.Event(), []
        threads = [threading.Thread(target=load, args=(self.server, self.ledger, rng.random(), stop))
                   for _ in range(CLIENTS)]
        threads.append(threading.Thread(target=self.follow, args=(phone, stop)))
        for thread in threads:
            thread.start()
        stop.wait(rng.uniform(0.05, 1.5))
        self.server.kill()
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(self.complaints, [])
        phone.close()
        verify(self.server)

    def test_everything_acknowledged_is_there_once_after_each_kill(self):
        rng = random.Random(SEED)
        phone = Phone(self.server, f"anna@{self.server.domain}", PASSWORD, "16.1")
        phone.set_up()
        for _ in range(ROUNDS):
            before = len(self.ledger.acknowledged)
            self.crash(rng, phone)
            self.server.start()
            settle(self.server)
            check(self.server, self.ledger)
            if rng.random() < 0.3:
                phone.pull(INBOX)
        self.assertGreater(len(self.ledger.acknowledged), 0, "the load never got a mail through")
        self.assertGreaterEqual(len(self.ledger.acknowledged), before)
        subjects = phone.pull(INBOX).texts("Email:Subject")
        held = [self.ledger.mails[name] for name in stored(self.server)[f"anna@{self.server.domain}"]]
        self.assertEqual(subjects, sorted(f"crash {mail.id[7:].partition('@')[0]}" for mail in held))
        phone.close()
        self.server.stop()
        verify(self.server)
        print(f"note: {ROUNDS} kills, {len(self.ledger.mails)} mails sent, {len(self.ledger.acknowledged)} acknowledged, "
              f"{len(subjects)} on the phone")


if __name__ == "__main__":
    unittest.main()
