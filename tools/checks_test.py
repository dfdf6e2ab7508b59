#!/usr/bin/env python3
"""Self-tests of check-arrows, check-size and suites.py: each rule is shown a file that breaks it."""
import importlib.machinery
import importlib.util
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
sys.dont_write_bytecode = True


def load(name):
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_").removesuffix(".py"), str(TOOLS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


arrows, size, suites = load("check-arrows"), load("check-size"), load("suites.py")


class Arrows(unittest.TestCase):
    def faults(self, path, include):
        return arrows.check({path: f"// head\n#include {include}\n"})

    def test_drawn_arrows_pass(self):
        for path, include in [
            ("store/a.cpp", '"model/x.hpp"'), ("office/a.cpp", '"codec/mime/x.hpp"'), ("codec/eas/a.cpp", '"codec/ical/x.hpp"'),
            ("protocols/smtp/a.cpp", '"net/x.hpp"'), ("net/a.cpp", "<boost/beast/http.hpp>"), ("base/task.hpp", "<boost/asio/awaitable.hpp>"),
        ]:
            self.assertEqual(self.faults(path, include), [], (path, include))

    def test_undrawn_arrows_fail_and_are_named(self):
        for path, include, named in [
            ("store/a.cpp", '"sync/x.hpp"', "store -> sync"), ("base/a.cpp", '"net/x.hpp"', "base -> net"),
            ("codec/mime/a.cpp", '"codec/ical/x.hpp"', "codec/mime -> codec/ical"), ("codec/ical/a.cpp", '"store/x.hpp"', "codec/ical -> store"),
            ("protocols/smtp/a.cpp", '"protocols/imap/x.hpp"', "protocols/smtp -> protocols/imap"),
            ("protocols/admin/a.cpp", '"store/x.hpp"', "protocols/admin -> store"), ("server/a.cpp", '"cli/x.hpp"', "server -> cli"),
        ]:
            faults = self.faults(path, include)
            self.assertEqual(len(faults), 1, (path, include))
            self.assertIn(f"src/{path}:2: {named}", faults[0])

    def test_asio_and_beast_stay_in_their_rooms(self):
        for path, header in [
            ("office/a.cpp", "boost/asio.hpp"), ("base/text.cpp", "boost/asio/post.hpp"), ("base/task.hpp", "boost/asio/steady_timer.hpp"),
            ("net/http.hpp", "boost/beast/http.hpp"), ("base/task.cpp", "boost/beast/core.hpp"),
        ]:
            self.assertEqual(len(self.faults(path, f"<{header}>")), 1, (path, header))

    def test_a_fifth_beast_file_fails(self):
        files = {f"net/{n}.cpp": "#include <boost/beast/core.hpp>\n" for n in range(5)}
        self.assertEqual(len(arrows.check(files)), 1)

    def test_an_unknown_room_fails(self):
        self.assertEqual(len(self.faults("misc/a.cpp", '"base/x.hpp"')), 1)

    def test_an_include_without_a_room_fails(self):
        self.assertEqual(len(self.faults("store/a.cpp", '"x.hpp"')), 1)


class Sizes(unittest.TestCase):
    def test_limits(self):
        self.assertEqual(size.check({"a.cpp": "x\n" * 400}), ([], []))
        self.assertEqual(len(size.check({"a.cpp": "x\n" * 401})[1]), 1)
        self.assertEqual(len(size.check({"a.cpp": "x\n" * 801})[0]), 1)

    def test_a_long_function_is_named(self):
        text = "namespace a {\n\nint f(int x) {\n" + "    x++;\n" * 60 + "}\n\n}  // namespace a\n"
        self.assertEqual(size.long_functions(text), [(3, 62)])
        self.assertEqual(size.long_functions(text.replace("    x++;\n" * 60, "    x++;\n" * 58)), [])


class Suites(unittest.TestCase):
    def outcome(self, script, kind, limit=30):
        with tempfile.TemporaryDirectory() as folder:
            return suites.run(suites.Suite("s", ["/bin/sh", "-c", script], kind, limit), Path(folder))

    def test_a_tally_is_read_from_the_last_total(self):
        outcome = self.outcome("echo '1 passed, 0 failed'; echo '7 passed, 2 failed'; exit 1", "tally")
        self.assertEqual((outcome.passed, outcome.failed), (7, 2))

    def test_a_crash_after_a_good_total_counts(self):
        self.assertEqual(self.outcome("echo '7 passed, 0 failed'; kill -SEGV $$", "tally").failed, 1)

    def test_no_total_counts_as_failed(self):
        self.assertEqual(self.outcome("echo hello", "tally").failed, 1)

    def test_gtest_lines_are_counted_and_a_crash_is_a_failure(self):
        good = "printf '[       OK ] A.B (0 ms)\\n[==========] 1 test from 1 test suite ran. (0 ms total)\\n'"
        outcome = self.outcome(good, "gtest")
        self.assertEqual((outcome.passed, outcome.failed), (1, 0))
        crashed = self.outcome("printf '[       OK ] A.B (0 ms)\\n'; kill -ABRT $$", "gtest")
        self.assertEqual((crashed.passed, crashed.failed, crashed.note), (1, 1, "SIGABRT"))

    def test_a_sanitizer_report_at_exit_is_a_failure(self):
        script = "printf '[==========] 1 test from 1 test suite ran. (0 ms total)\\n'; exit 1"
        self.assertEqual(self.outcome(script, "gtest").failed, 1)

    def test_a_missing_program_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder:
            outcome = suites.run(suites.Suite("s", ["/nonexistent/program"], "gtest"), Path(folder))
        self.assertEqual((outcome.passed, outcome.failed), (0, 1))

    def test_a_hanging_suite_is_ended(self):
        outcome = self.outcome("sleep 60", "check", limit=1)
        self.assertEqual(outcome.failed, 1)
        self.assertLess(outcome.seconds, 20)


if __name__ == "__main__":
    result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
