"""Runs the crash tests of the whole server; the last line is `N passed, N failed`.

`--long` (or LOCKSTEP_LONG=1) takes every injection point and many more rounds. Words choose tests by part of their name.
"""

import os
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)


class Result(unittest.TestResult):
    """Prints each test as it ends."""

    def __init__(self):
        super().__init__()
        self.passed, self.failed = 0, 0
        self.current = None

    def startTest(self, test):
        super().startTest(test)
        self.current, self.begin, self.bad = test, time.monotonic(), False

    def complain(self, test, error):
        self.bad = True
        # A class whose set-up failed has no test that stopTest could count.
        self.failed += self.current is None
        print(f"--- {test.id()}\n{self._exc_info_to_string(error, test)}", flush=True)

    addError = addFailure = complain

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.complain(subtest, error)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"    skipped {test.id()}: {reason}", flush=True)

    def stopTest(self, test):
        super().stopTest(test)
        self.current = None
        if any(skipped is test for skipped, _ in self.skipped):
            return
        self.failed += self.bad
        self.passed += not self.bad
        word = "failed" if self.bad else "passed"
        print(f"{test.id():<80} {word} {time.monotonic() - self.begin:7.1f} s", flush=True)


def chosen(suite, words):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from chosen(test, words)
        elif not words or any(word in test.id() for word in words) or "_FailedTest" in test.id():
            yield test


def main():
    words = [word for word in sys.argv[1:] if word != "--long"]
    if "--long" in sys.argv:
        os.environ["LOCKSTEP_LONG"] = "1"
    result = Result()
    loaded = unittest.defaultTestLoader.discover(HERE, "*_test.py")
    suite = unittest.TestSuite(chosen(loaded, words))
    suite.run(result)
    print(f"{result.passed} passed, {result.failed} failed")
    return 1 if result.failed or not (result.passed or result.skipped) else 0


if __name__ == "__main__":
    sys.exit(main())
