#!/usr/bin/python3
"""Runs the whole-server tests: every tests/*/*_test.py, each file in a process of its own.

Usage: run.py [--jobs N] [--json] [--list] [NAME...]   NAME is part of a file's or a test's name.
Invariants: a file that crashes or hangs counts as one failure and never stops the others. Files named in
tests/pending.txt (FILE reason, or FILE:test reason) are not run but counted; a run with names runs them too.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import time
import traceback
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
FOLDERS = ("lib", "server", "interop")
FILE_SECONDS = 3600 if os.environ.get("LOCKSTEP_LONG") else 300


def discover():
    """Paths below tests/ of every suite, sorted."""
    found = []
    for folder in FOLDERS:
        for place, folders, files in os.walk(os.path.join(TESTS, folder)):
            folders.sort()
            found += [os.path.relpath(os.path.join(place, f), TESTS) for f in files if f.endswith("_test.py")]
    return sorted(found, key=lambda path: (FOLDERS.index(path.split(os.sep)[0]), path))


def pending():
    """{path: {test name, or "" for the whole file: reason}} of what waits for the server."""
    entries = {}
    path = os.path.join(TESTS, "pending.txt")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.strip() and not line.startswith("#"):
                    name, _, reason = line.strip().partition(" ")
                    suite, _, test = name.partition(":")
                    entries.setdefault(suite, {})[test] = reason.strip()
    return entries


class Result(unittest.TestResult):
    """Keeps an outcome and the seconds of each test."""

    def __init__(self):
        super().__init__()
        self.outcomes = []

    def startTest(self, test):
        super().startTest(test)
        self._begin = time.monotonic()
        self._noted = False

    def _note(self, test, outcome, text=""):
        seconds = time.monotonic() - getattr(self, "_begin", time.monotonic())
        self._noted = True
        self.outcomes.append({"name": test.id().split(".", 1)[-1], "outcome": outcome, "seconds": seconds, "text": text})

    def addSuccess(self, test):
        self._note(test, "passed")

    def addFailure(self, test, err):
        self._note(test, "failed", "".join(traceback.format_exception(*err)))

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._note(subtest, "failed", "".join(traceback.format_exception(*err)))

    def addSkip(self, test, reason):
        self._note(test, "skipped", reason)

    def addExpectedFailure(self, test, err):
        self._note(test, "failed", "expectedFailure is not used here: name the file in pending.txt")


def run_file(path, names, without):
    """Runs one suite in this process and prints its outcome as one JSON line."""
    import xsd

    sys.path.insert(0, os.path.dirname(os.path.join(TESTS, path)))
    loader = unittest.TestLoader()
    loader.sortTestMethodsUsing = None
    result = Result()
    module = __import__(os.path.basename(path)[:-3])
    suite = loader.loadTestsFromModule(module)
    tests = [test for case in suite for test in case]
    if names:
        tests = [test for test in tests if any(name in test.id() or name in path for name in names)]
    suite = unittest.TestSuite(test for test in tests if test.id().rpartition(".")[2] not in without)
    suite.run(result)
    print("RESULT " + json.dumps({"outcomes": result.outcomes, "validated": xsd.COUNTER.validated,
                                  "skipped": xsd.COUNTER.skipped, "reason": xsd.COUNTER.reason}))


def run_apart(path, names, without=()):
    """Runs one suite in a process of its own; returns its record."""
    begin = time.monotonic()
    command = [sys.executable, os.path.join(HERE, "run.py"), "--file", path, *names, *(f"--without={one}" for one in without)]
    record = {"suite": path, "outcomes": [], "validated": 0, "skipped": 0, "reason": ""}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FILE_SECONDS)
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        if lines:
            record.update(json.loads(lines[-1][7:]))
        else:
            text = (done.stdout + done.stderr)[-4000:]
            record["outcomes"] = [{"name": path, "outcome": "failed", "seconds": 0, "text": f"the suite died:\n{text}"}]
    except subprocess.TimeoutExpired:
        text = f"the suite hung for {FILE_SECONDS} s"
        record["outcomes"] = [{"name": path, "outcome": "failed", "seconds": FILE_SECONDS, "text": text}]
    record["seconds"] = time.monotonic() - begin
    return record


def count(records, outcome):
    return sum(1 for record in records for one in record["outcomes"] if one["outcome"] == outcome)


def report(record):
    passed, failed, skipped = (count([record], outcome) for outcome in ("passed", "failed", "skipped"))
    note = f", {skipped} skipped" if skipped else ""
    print(f"{record['suite'][:-8]:<48} {passed:>4} passed, {failed} failed{note}  {record['seconds']:6.1f} s", flush=True)
    for one in record["outcomes"]:
        if one["outcome"] == "failed":
            print(f"--- {record['suite']} {one['name']}\n{one['text']}", flush=True)
        elif one["outcome"] == "skipped":
            print(f"    skipped {one['name']}: {one['text']}", flush=True)


def choose(names, suites, waiting):
    """Which suites to run, and the words that pick tests inside them."""
    if not names:
        return [path for path in suites if "" not in waiting.get(path, {})], []
    chosen = [path for path in suites if any(name in path for name in names)]
    return (chosen, []) if chosen else (suites, names)


def run_all(chosen, words, waiting, jobs, show):
    """Runs the suites, some at a time; returns their records."""
    records = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [pool.submit(run_apart, path, words, waiting.get(path, ())) for path in chosen]
        for future in concurrent.futures.as_completed(running):
            records.append(future.result())
            if show and records[-1]["outcomes"]:
                report(records[-1])
    return records


def report_end(records, held):
    for path, test, reason in held:
        print(f"pending {path}{':' if test else ''}{test}: {reason}")
    validated, skipped = sum(r["validated"] for r in records), sum(r["skipped"] for r in records)
    reason = next((r["reason"] for r in records if r["reason"]), "")
    print(f"{validated} ActiveSync answers validated" + (f" ({skipped} not: {reason})" if reason else ""))
    if held:
        print(f"{len(held)} pending")
    print(f"{count(records, 'passed')} passed, {count(records, 'failed')} failed")


def main():
    parser = argparse.ArgumentParser(description="Runs the whole-server tests.")
    parser.add_argument("names", nargs="*", help="part of a file's or test's name")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="suites at a time")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    parser.add_argument("--list", action="store_true", help="print the suites and end")
    parser.add_argument("--file", help=argparse.SUPPRESS)
    parser.add_argument("--without", action="append", default=[], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.file:
        return run_file(options.file, options.names, options.without)
    suites, waiting = discover(), pending()
    chosen, words = choose(options.names, suites, waiting)
    if options.list:
        print("\n".join(chosen))
        return 0
    if options.names:
        waiting = {}
    records = run_all(chosen, words, waiting, options.jobs, not options.json)
    held = [(path, *entry) for path in waiting if path in suites for entry in waiting[path].items()]
    passed, failed = count(records, "passed"), count(records, "failed")
    if options.json:
        print(json.dumps({"passed": passed, "failed": failed, "pending": held, "suites": records}, indent=1))
    else:
        report_end(records, held)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    sys.exit(main())
