"""R1, R4, R5: the real server is ended, or lied to, at the Nth call of a thread that writes to the disk.

Done by strace; skipped with a reason where tracing is not allowed. The short form samples the calls, LOCKSTEP_LONG=1
takes every one. LOCKSTEP_SEED chooses another sample.
"""

import collections
import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
import unittest

from rig import LONG, SEED, CrashServer, Ledger, check, load, settle, verify

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "renameat2", "unlink", "mkdir", "ftruncate")
SAMPLE = 40
ERROR_SAMPLE = 12
MAILS = 10


def reason_not_to():
    if not shutil.which("strace"):
        return "strace is not installed"
    probe = subprocess.run(["strace", "-D", "-f", "-qq", "-e", "trace=none", "true"], capture_output=True, text=True)
    return f"strace may not trace here: {probe.stderr.strip()[-200:]}" if probe.returncode else None


REASON = reason_not_to()


@unittest.skipIf(REASON, REASON or "")
class Inject(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A furnished data folder that every round starts from, and a count of the calls of one round."""
        cls.folder = tempfile.mkdtemp(prefix="lockstep-crash-")
        cls.template = os.path.join(cls.folder, "data")
        server = CrashServer()
        try:
            server.start()
            server.furnish()
            server.stop()
            shutil.copytree(server.data, cls.template, ignore=shutil.ignore_patterns("*.sock"))
        finally:
            server.kill()
            server.remove()
        cls.counts = cls.rehearse()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def rehearse(cls):
        """{call: how often the busiest thread makes it in one round}; strace counts by thread."""
        log = os.path.join(cls.folder, "calls")
        with cls.round(["-o", log, "-e", "trace=" + ",".join(CALLS)]) as one:
            one.work()
        counts = collections.Counter()
        with open(log, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                found = re.match(r"(\d+)\s+(\w+)\(", line)
                if found:
                    counts[found.groups()] += 1
        most = collections.Counter()
        for (_, call), count in counts.items():
            most[call] = max(most[call], count)
        return most

    @classmethod
    def round(cls, strace):
        return Round(cls.template, strace)

    def points(self, calls, sample, rng):
        """(call, N) pairs: all, or a sample that takes every kind of call."""
        every = [(call, n) for call in calls for n in range(1, self.counts.get(call, 0) + 1)]
        if LONG or len(every) <= sample:
            return every
        first = [rng.choice([point for point in every if point[0] == call]) for call in sorted({p[0] for p in every})]
        return first + rng.sample([point for point in every if point not in first], sample - len(first))

    def inject(self, call, n, what):
        """A round with one injection; the trace file tells whether it came to pass."""
        return self.round(["-o", os.path.join(self.folder, "struck"), "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={n}"])

    def test_a_kill_at_any_writing_call_loses_nothing_acknowledged(self):
        died, acknowledged = 0, 0
        points = self.points(CALLS, SAMPLE, random.Random(SEED))
        for call, n in points:
            with self.subTest(call=call, n=n), self.inject(call, n, "signal=KILL") as one:
                one.work()
                died += one.server.process is None or one.server.wait_for_death(0.2)
                one.recover_and_check()
                acknowledged += len(one.ledger.acknowledged)
        print(f"note: {died} of {len(points)} kills struck, {acknowledged} mails were acknowledged before")
        self.assertGreater(died, len(points) // 2, "most rounds did not end the server")

    def errors(self, error, calls):
        struck = 0
        points = self.points(calls, ERROR_SAMPLE, random.Random(SEED))
        for call, n in points:
            with self.subTest(call=call, n=n, error=error), self.inject(call, n, f"error={error}") as one:
                one.work()
                with open(os.path.join(self.folder, "struck"), encoding="utf-8", errors="replace") as trace:
                    struck += "(INJECTED)" in trace.read()
                one.recover_and_check()
        print(f"note: {struck} of {len(points)} injections of {error} struck")
        self.assertGreater(struck, len(points) // 2, "most rounds met no error")

    def test_an_input_output_error_loses_nothing_acknowledged(self):
        self.errors("EIO", ("pwrite64", "fsync", "fdatasync"))

    def test_a_full_disk_loses_nothing_acknowledged(self):
        self.errors("ENOSPC", ("pwrite64", "mkdir"))


class Round:
    """One traced life of the server and what follows it."""

    def __init__(self, template, strace):
        self.server = CrashServer(template)
        self.server.strace = strace
        self.ledger = Ledger()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.kill()
        self.server.remove()

    def work(self):
        """Starts, which may be the end of it already, and delivers by two clients at a time."""
        try:
            self.server.start()
        except RuntimeError:
            self.server.kill()
            return
        stop = threading.Event()
        threads = [threading.Thread(target=load, args=(self.server, self.ledger, seed, stop, MAILS // 2)) for seed in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def recover_and_check(self):
        self.server.kill()
        self.server.strace = None
        verify(self.server)
        self.server.start()
        settle(self.server)
        check(self.server, self.ledger)
        self.server.stop()
        verify(self.server)


if __name__ == "__main__":
    unittest.main()
