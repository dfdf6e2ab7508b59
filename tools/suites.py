#!/usr/bin/env python3
"""Runs every suite of a build folder and prints each one's totals; the last line is `N passed, N failed`.

Invariants: a suite that crashes, hangs or prints no total counts as failed; no process of a suite outlives it.
A suite's whole output lies in BUILD/logs/NAME.log, and the end of it is printed when the suite fails.
"""
import argparse
import concurrent.futures
import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SANITIZERS = {
    "ASAN_SYMBOLIZER_PATH": "/usr/bin/llvm-symbolizer-19",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "external_symbolizer_path=/usr/bin/llvm-symbolizer-19",
}
TALLY = re.compile(rb"^(\d+) passed, (\d+) failed\b", re.M)
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Suite:
    """One program: how its output is counted is `kind`: gtest, tally (last line `N passed, N failed`) or check."""

    name: str
    command: list
    kind: str = "check"
    limit: int = 600  # seconds
    env: dict = field(default_factory=dict)


@dataclass
class Outcome:
    passed: int
    failed: int
    seconds: float
    note: str = ""


def count(suite, output, status):
    """(passed, failed, note) of a finished suite; a bad exit without a counted failure is one failure more."""
    note = "" if status == 0 else f"exit {status}" if status > 0 else signal.Signals(-status).name
    if suite.kind == "check":
        return (1, 0, "") if status == 0 else (0, 1, note)
    if suite.kind == "gtest":
        passed = len(re.findall(rb"^\[       OK \] ", output, re.M))
        failed = len(re.findall(rb"^\[  FAILED  \] .*\(\d+ ms\)$", output, re.M))
        if not re.search(rb"^\[==========\] \d+ tests? from .* ran\.", output, re.M):
            return passed, failed + 1, note or "no total"
    else:
        totals = TALLY.findall(output)
        if not totals:
            return 0, 1, note or "no total"
        passed, failed = (int(number) for number in totals[-1])
    if status != 0 and failed == 0:
        failed = 1
    return passed, failed, note if status < 0 else ""


def end_group(pid):
    """Ends whatever is left of the process group (and session) that a suite was started as the leader of."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def end_orphans():
    """As their subreaper we inherit processes that a suite left behind in sessions of their own: end those that live.

    Returns how many there were. Only our own children are touched, and one that ends meanwhile is merely collected.
    """
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    ended = 0
    while pids := children.read_text().split() if children.exists() else []:
        for pid in map(int, pids):
            alive = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
            if alive:
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            ended += alive
    return ended


def run(suite, logs):
    log = logs / f"{suite.name.replace('/', '_')}.log"
    started = time.monotonic()
    with open(log, "wb") as out:
        try:
            process = subprocess.Popen(
                suite.command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True, cwd=ROOT, env={**SANITIZERS, **os.environ, **suite.env},
            )
        except OSError as error:
            return Outcome(0, 1, 0.0, f"cannot be started: {error.strerror}")
        try:
            status = process.wait(timeout=suite.limit)
            late = False
        except subprocess.TimeoutExpired:
            late = True
            end_group(process.pid)
            status = process.wait()
        except BaseException:
            end_group(process.pid)
            raise
        end_group(process.pid)
    passed, failed, note = count(suite, log.read_bytes(), status)
    if late:
        note = f"ended after {suite.limit} s"
    return Outcome(passed, failed, time.monotonic() - started, note)


def report(suite, outcome, logs):
    note = f"  {outcome.note}" if outcome.note else ""
    print(f"{suite.name:<34} {outcome.passed:>6} passed {outcome.failed:>4} failed {outcome.seconds:>8.1f} s{note}", flush=True)
    log = logs / f"{suite.name.replace('/', '_')}.log"
    lines = log.read_text(errors="replace").splitlines()
    if outcome.failed:
        for line in lines[-60:]:
            print("    | " + line)
        print(f"    all of it: {log.relative_to(ROOT) if log.is_relative_to(ROOT) else log}", flush=True)
    else:
        for line in lines:
            if line.startswith(("note: ", "figure: ")):
                print("    " + line, flush=True)


def fuzzers(build, everything):
    seconds = 60 if everything else 3
    for program in sorted(build.glob("fuzz_*_fuzz")):
        name = program.name[len("fuzz_"):-len("_fuzz")]
        found = build / "found"
        found.mkdir(exist_ok=True)
        kept = build / "corpus" / name
        kept.mkdir(parents=True, exist_ok=True)
        seeds = ROOT / "tests/corpus" / name
        command = [str(program), f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
                   f"-artifact_prefix={found}/{name}-", str(kept)]
        yield Suite(f"fuzz/{name}", command + ([str(seeds)] if seeds.is_dir() else []))


def programs(build):
    listing = build / "programs.txt"
    return [build / line for line in listing.read_text().split()] if listing.exists() else []


def plan(build, release, everything):
    """The suites of ./dev test, quick ones first."""
    python = "/usr/bin/python3"
    env = {"LOCKSTEP_BUILD": str(build), "LOCKSTEP_BIN": str(build / "lockstep")}
    yield Suite("check-arrows", [python, "tools/check-arrows"])
    yield Suite("check-size", [python, "tools/check-size"])
    yield Suite("web-budget", [python, "tools/web-budget"])
    yield Suite("web", ["node", "web/test.mjs"], "tally")
    for test in sorted((ROOT / "tools").glob("*_test.py")):
        yield Suite(f"tools/{test.stem}", [python, str(test)], "tally")
    server = build / "lockstep"
    if server.exists():
        yield Suite("docs/config.md is current", ["tools/check-config-doc", str(server)])
    for program in programs(build):
        yield Suite(program.name, [str(program), "--gtest_color=no"], "gtest", 7200 if os.environ.get("LOCKSTEP_LONG") else 900)
    yield from fuzzers(build, everything)
    if not server.exists():
        return
    if release:
        env["LOCKSTEP_RELEASE_BIN"] = str(release / "lockstep")
        yield Suite("web in the browser", ["node", "tests/web/run.mjs", str(release / "lockstep"), str(ROOT / "build/web-pictures")], "tally", 300)
        if (release / "lockstep_bench").exists():
            yield Suite("bench, in short", [str(release / "lockstep_bench"), "short"])
    for runner in ("tests/lib/run.py", "tests/crash/run.py"):
        if (ROOT / runner).exists():
            yield Suite(runner.split("/")[1].replace("lib", "server"), [python, runner], "tally", 7200 if everything else 1800, env)


SERVER_BENCHES = ("fill", "unchanged", "parked", "push", "smtp")  # what lockstep_bench measures


def bench_plan(build, wanted):
    """The running server's benchmarks by their own names, then those of single rooms."""
    env = {"LOCKSTEP_BUILD": str(build), "LOCKSTEP_BIN": str(build / "lockstep")}
    office = build / "lockstep_bench"
    if wanted == "short":
        yield Suite("short", [str(office), "short"], env=env)
    for name in SERVER_BENCHES:
        yield Suite(name, [str(office), name], env=env, limit=1800)
    for program in sorted(build.glob("*_bench")):
        if program != office:
            yield Suite(program.name, [str(program)], env=env)
    for script in sorted((ROOT / "tests/perf").glob("*_bench.py")):
        yield Suite(script.stem, ["/usr/bin/python3", str(script)], env=env, limit=1800)


def run_benches(suites, logs):
    """One after the other, output shown as it is: figures are for reading."""
    failed = 0
    for suite in suites:
        print(f"== {suite.name}", flush=True)
        outcome = run(suite, logs)
        sys.stdout.write((logs / f"{suite.name}.log").read_text(errors="replace"))
        failed += outcome.failed
        if outcome.failed:
            print(f"{suite.name} failed: {outcome.note}", flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--release", type=Path)
    parser.add_argument("--all", action="store_true", help="long fuzz runs and every crash point")
    parser.add_argument("--bench", metavar="NAME", nargs="?", const="", help="run benchmarks instead of tests")
    parser.add_argument("name", nargs="*", help="only suites whose name contains one of these")
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    build = arguments.build.resolve()
    logs = build / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    try:
        if arguments.bench is not None:
            wanted = "" if arguments.bench == "all" else arguments.bench
            planned = list(bench_plan(build, wanted))
            chosen = [s for s in planned if s.name == wanted] or [s for s in planned if wanted in s.name]
            return 1 if run_benches(chosen, logs) or not chosen else 0
        release = arguments.release.resolve() if arguments.release else None
        suites = [
            s for s in plan(build, release, arguments.all)
            if not arguments.name or any(part in s.name for part in arguments.name)
        ]
        return run_suites(suites, logs)
    except KeyboardInterrupt:
        return 130
    finally:
        end_orphans()


def run_suites(suites, logs):
    """Small suites run two at a time; the whole-server suites (tally) get the machine to themselves."""
    started = time.monotonic()
    passed = failed = 0
    alone = [s for s in suites if s.kind == "tally"]
    together = [s for s in suites if s.kind != "tally"]
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        results = pool.map(lambda s: (s, run(s, logs)), together)
        for suite, outcome in results:
            report(suite, outcome, logs)
            passed, failed = passed + outcome.passed, failed + outcome.failed
    for suite in alone:
        outcome = run(suite, logs)
        report(suite, outcome, logs)
        passed, failed = passed + outcome.passed, failed + outcome.failed
    left = end_orphans()
    if left:
        print(f"{left} processes were left running by a suite and have been ended")
        failed += 1
    if not passed and not failed:
        print("no suite has that name")
        failed = 1
    print(f"all suites: {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
