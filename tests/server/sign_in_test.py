"""Who is let in at the ActiveSync door: spellings of the name, app passwords, wrong passwords, the limiter (A1, A2)."""

import base64
import unittest

import wire
from case import ServerCase
from eas import PATH, Device, basic
from server import PASSWORD


class SignInTest(ServerCase):
    settings = {"domain.default": "example.org"}

    def status(self, user, password):
        answer = wire.fetch(self.server.http_port, "OPTIONS", PATH, [("Authorization", basic(user, password))])
        return answer.status

    def test_every_spelling_of_the_name_is_the_same_person(self):
        user = self.person("Anna.Berg")
        for name in ("anna.berg@example.org", "Anna.Berg@Example.ORG", "EXAMPLE.ORG\\anna.berg", "example.org\\Anna.Berg", "anna.berg", "ANNA.BERG"):
            with self.subTest(name):
                self.assertEqual(200, self.status(name, PASSWORD))
        self.assertEqual("anna.berg@example.org", user.lower())

    def test_the_same_device_under_two_spellings_is_one_device(self):
        user = self.person("carla")
        one = self.phone(user)
        other = Device(self.server, "carla", PASSWORD, device_id=one.device_id)
        other.policy_key = one.policy_key
        self.assertEqual(1, other.folder_sync(one.folder_key).code)

    def test_a_wrong_password_is_401_and_names_nothing(self):
        user = self.person()
        known = wire.fetch(self.server.http_port, "OPTIONS", PATH, [("Authorization", basic(user, "wrong"))])
        unknown = wire.fetch(self.server.http_port, "OPTIONS", PATH, [("Authorization", basic("nobody@example.org", "wrong"))])
        self.assertEqual((401, 401), (known.status, unknown.status))
        self.assertEqual(known.body, unknown.body)
        self.assertEqual(known.header("WWW-Authenticate"), unknown.header("WWW-Authenticate"))

    def test_passwords_are_compared_whole_and_in_their_case(self):
        user = self.person()
        for password in (PASSWORD[:-1], PASSWORD + "x", PASSWORD.upper(), "", " " + PASSWORD, PASSWORD + "\n"):
            with self.subTest(repr(password)):
                self.assertEqual(401, self.status(user, password))

    def test_passwords_may_have_colons_and_any_letters(self):
        for password in ("a:b:c:dddddd", "Größe 日本 12", "x" * 200):
            user = self.server.person(password=password)
            self.assertEqual(200, self.status(user, password))
            self.assertEqual(401, self.status(user, password.split(":")[0] + "!"))

    def test_a3_odd_names_are_just_unknown(self):
        for name in ("'; DROP TABLE account; --", "*", "*)(uid=*", "../../etc/passwd", "a\x00b", "\\", "@", "@example.org", "x" * 5000, "ä" * 300):
            with self.subTest(name[:20]):
                value = "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()
                self.assertIn(wire.fetch(self.server.http_port, "OPTIONS", PATH, [("Authorization", value)]).status, (400, 401))

    def app_password(self, user, name):
        (row,) = self.server.cli_json("account", "app-password", "add", user, name)
        return row["password"]

    def test_an_app_password_opens_the_door_until_it_is_taken_away(self):
        user = self.person()
        secret = self.app_password(user, "phone")
        self.assertEqual(200, self.status(user, secret))
        self.assertEqual(200, self.status(user, PASSWORD))
        self.assertNotIn(secret, self.server.cli("account", "app-password", "list", user))
        self.server.cli("account", "app-password", "remove", user, "phone")
        self.assertEqual(401, self.status(user, secret))

    def test_an_app_password_of_another_is_worth_nothing(self):
        one, two = self.person(), self.person()
        self.assertEqual(401, self.status(two, self.app_password(one, "x")))

    def test_a4_a_changed_password_counts_at_once(self):
        user = self.person()
        self.assertEqual(200, self.status(user, PASSWORD))
        self.server.cli("account", "password", user, "--password-stdin", stdin="quite another 9\n")
        self.assertEqual(401, self.status(user, PASSWORD))
        self.assertEqual(200, self.status(user, "quite another 9"))

    def test_a_user_without_the_protocol_is_403(self):
        user = self.person()
        phone = self.phone(user)
        self.server.cli("account", "disable", user, "activesync")
        answer = phone.folder_sync(phone.folder_key)
        self.assertTrue(answer.status == 403 or answer.code == 126, answer)
        self.server.cli("account", "enable", user, "activesync")
        self.assertEqual(1, phone.folder_sync(phone.folder_key).code)

    def test_a_removed_account_is_out(self):
        user = self.person()
        self.phone(user)
        self.server.cli("account", "remove", user)
        self.assertEqual(401, self.status(user, PASSWORD))


class LimiterTest(ServerCase):
    settings = {"auth.attempts": "5", "auth.window": "10m", "clock.manual": "true"}

    def status(self, user, password):
        return wire.fetch(self.server.http_port, "OPTIONS", PATH, [("Authorization", basic(user, password))], timeout=60).status

    def test_a1_guessing_is_slowed_and_ends(self):
        user, other = self.person(), self.person()
        statuses = [self.status(user, f"guess {number}") for number in range(12)]
        self.assertNotIn(200, statuses)
        self.assertTrue(set(statuses) <= {401, 429, 503}, statuses)
        self.assertEqual(200, self.status(other, PASSWORD), "others are not punished")
        self.server.advance("11m")
        self.assertEqual(200, self.status(user, PASSWORD))

    def test_a1_the_right_password_after_some_mistakes_still_works(self):
        user = self.person()
        for _ in range(3):
            self.assertEqual(401, self.status(user, "typo"))
        self.assertEqual(200, self.status(user, PASSWORD))

    def test_a1_an_app_password_is_not_locked_by_guesses(self):
        user = self.person()
        (row,) = self.server.cli_json("account", "app-password", "add", user, "phone")
        for number in range(12):
            self.status(user, f"guess {number}")
        self.assertEqual(200, self.status(user, row["password"]))


if __name__ == "__main__":
    unittest.main()
