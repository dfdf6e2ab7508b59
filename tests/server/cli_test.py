"""The command line: help for everything, one sentence and exit code 2 for mistakes, JSON on listings, one opener."""

import json
import os
import re
import subprocess
import unittest

from case import ServerCase
from server import PASSWORD, Server, binary

LISTINGS = (("domain", "list"), ("account", "list"), ("group", "list"), ("device", "list"), ("config", "show"))


class CliTest(ServerCase):
    def failed(self, done, code=2):
        self.assertEqual(code, done.returncode, done.stderr + done.stdout)
        self.assertEqual("", done.stdout)
        lines = done.stderr.strip().split("\n")
        self.assertEqual(1, len(lines), done.stderr)
        self.assertTrue(lines[0].startswith("lockstep: "), done.stderr)
        return lines[0]

    def commands(self):
        """Every command that the general help lists, as words."""
        found = []
        for line in self.server.cli("--help").splitlines():
            match = re.match(r"  ([a-z][a-z -]*?)(?: \[?[A-Z].*)?  ", line)
            if match and not line.strip().startswith("--"):
                found.append(match.group(1).split())
        return found

    def test_help_lists_the_commands(self):
        commands = [" ".join(words) for words in self.commands()]
        for expected in ("serve", "demo", "domain add", "account add", "account list", "group add", "group member add",
                         "device list", "verify", "version", "config check"):
            self.assertIn(expected, commands)

    def test_every_command_has_help(self):
        for words in self.commands():
            with self.subTest(" ".join(words)):
                done = self.server.run_cli(*words, "--help")
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertIn("usage: lockstep " + " ".join(words), done.stdout)
                self.assertGreater(len(done.stdout.splitlines()), 3)

    def test_nouns_have_help_too(self):
        for noun in ("domain", "account", "group", "group member", "device", "config", "account app-password"):
            done = self.server.run_cli(*noun.split(), "--help")
            self.assertEqual(0, done.returncode)
            self.assertIn(f"{noun} ", done.stdout)

    def test_mistakes_are_one_sentence_and_exit_code_2(self):
        user = self.person()
        for words in ((), ("bogus",), ("account",), ("account", "bogus"), ("account", "add"), ("domain", "add"), ("domain", "add", "a", "b"),
                      ("account", "list", "--bogus"), ("account", "remove", "nobody@example.org"), ("account", "quota", user, "lots"),
                      ("account", "enable", user, "telepathy"), ("domain", "add", "-bad-.example"), ("domain", "add", "example.org"),
                      ("group", "member", "add", "none@example.org", user), ("device", "show", user, "NONE"), ("clock", "advance", "sometime"),
                      ("account", "app-password", "remove", user, "none"), ("--set", "bogus.key=1", "config", "check"),
                      ("--set", "store.shards=many", "config", "check"), ("--config", "/nowhere/at/all.toml", "config", "check")):
            with self.subTest(" ".join(words)):
                self.failed(self.server.run_cli(*words))

    def test_a_password_is_never_an_argument(self):
        done = self.server.run_cli("account", "add", "x@example.org", "--password", "secret")
        self.assertNotIn("secret", self.failed(done))

    def test_bad_accounts_are_refused(self):
        for address in ("noat", "@example.org", "a@elsewhere.example", "a b@example.org", "a@", "ä@@example.org", "x" * 100 + "@example.org"):
            with self.subTest(address):
                self.failed(self.server.run_cli("account", "add", address, "--password-stdin", stdin=PASSWORD + "\n"))
        self.person("taken")
        self.failed(self.server.run_cli("account", "add", "Taken@Example.org", "--password-stdin", stdin=PASSWORD + "\n"))
        self.failed(self.server.run_cli("account", "add", "empty@example.org", "--password-stdin", stdin="\n"))

    def test_every_listing_has_json(self):
        user = self.person()
        self.phone(user)
        self.server.group("staff", user)
        listings = LISTINGS + (("group", "member", "list", "staff@example.org"), ("account", "app-password", "list", user))
        for words in listings:
            with self.subTest(" ".join(words)):
                rows = json.loads(self.server.cli(*words, "--json"))
                self.assertIsInstance(rows, list)
                self.assertTrue(all(isinstance(row, dict) for row in rows))
        addresses = [row["address"] for row in self.server.cli_json("account", "list")]
        self.assertIn(user, addresses)
        self.assertNotIn("password", json.dumps(self.server.cli_json("account", "list")).lower().replace("app-password", ""))

    def test_listings_for_people_are_tables(self):
        user = self.person()
        table = self.server.cli("account", "list").splitlines()
        self.assertIn("address", table[0])
        self.assertTrue(any(user in line for line in table[1:]))

    def test_verify_finds_a_running_store_sound(self):
        self.mail(self.person(), "Something to verify")
        self.server.cli("verify")

    def test_the_version_is_told(self):
        self.assertRegex(self.server.cli("version"), r"^lockstep \d+\.\d+")

    def test_a_second_opener_gets_exit_code_2(self):
        done = subprocess.run([binary(), "--data", self.server.data, "serve", "--set", "listen.https=off", "--set", "listen.http=off",
                               "--set", "listen.smtp=off", "--set", "listen.submission=off",
                               "--set", "listen.submissions=off", "--set", "listen.imaps=off"], capture_output=True, text=True, timeout=60)
        self.failed(done)
        self.server.cli("account", "list")

    def test_a_port_that_is_taken_is_one_sentence(self):
        other = Server({"listen.http": f"127.0.0.1:{self.server.http_port}", "listen.https": "off", "listen.smtp": "off"})
        try:
            done = other.run_cli("serve", "--set", f"listen.http=127.0.0.1:{self.server.http_port}", "--set", "listen.https=off",
                                 "--set", "listen.smtp=off", "--set", "listen.imaps=off")
            self.assertIn(done.returncode, (1, 2))
            self.assertEqual(1, len([line for line in done.stderr.splitlines() if line.startswith("lockstep: ")]), done.stderr)
        finally:
            other.remove()

    def test_passwords_are_in_no_log_and_no_listing(self):
        user = self.server.person(password="very-secret-word-42")
        wrong = self.server.run_cli("account", "add", user, "--password-stdin", stdin="very-secret-word-42\n")
        self.assertNotIn("very-secret-word-42", wrong.stderr + wrong.stdout + self.server.log() + self.server.cli("account", "list"))

    def test_a_device_is_removed_and_must_start_anew(self):
        user = self.person()
        phone = self.phone(user)
        self.assertEqual([phone.device_id.upper()], [row["device"].upper() for row in self.server.cli_json("device", "list", user)])
        self.server.cli("device", "remove", user, phone.device_id)
        self.assertEqual([], self.server.cli_json("device", "list", user))
        self.assertIn(phone.folder_sync(phone.folder_key).code, (142, 144))


class StoppedServerTest(unittest.TestCase):
    """The same commands without a server running."""

    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.remove)

    def test_everything_works_on_a_stopped_store(self):
        server = self.server
        server.add_domain()
        anna, ben = server.person("anna"), server.person("ben")
        server.group("team", anna, ben)
        self.assertEqual({anna, ben}, {row["address"] for row in server.cli_json("account", "list") if "team" not in row["address"]})
        self.assertEqual(2, len(server.cli_json("group", "member", "list", "team@example.org")))
        server.cli("verify")
        server.start()
        self.assertIn(anna, server.cli("account", "list"))
        server.stop()
        server.cli("account", "remove", ben)
        self.assertNotIn(ben, server.cli("account", "list"))
        server.cli("verify")

    def test_a_data_directory_that_is_not_there_is_one_sentence(self):
        done = self.server.run_cli("account", "list")
        self.assertEqual(2, done.returncode)
        self.assertEqual(1, len(done.stderr.strip().splitlines()), done.stderr)
        self.assertFalse(os.path.exists(self.server.data))

    def test_demo_fills_an_empty_directory_once(self):
        self.server.cli("demo")
        accounts = self.server.cli_json("account", "list")
        self.assertGreaterEqual(len(accounts), 2)
        self.server.cli("verify")
        again = self.server.run_cli("demo")
        self.assertEqual(2, again.returncode, again.stderr)


if __name__ == "__main__":
    unittest.main()
