"""Device sync is on, off, or on trial until a date; when it ends, devices keep what they have and are told so."""

import time
import unittest

from case import Background, ServerCase
from phone import INBOX


class ServiceTermTest(ServerCase):
    settings = {"clock.manual": "true"}

    def test_a_trial_ends_and_is_renewed(self):
        phone = self.phone()
        self.mail(phone.user, "Before")
        self.assertEqual(["Before"], self.inbox_subjects(phone))
        self.server.cli("account", "sync", phone.user, "--trial", "2h")
        self.assertEqual(1, phone.folder_sync(phone.folder_key).code)
        self.server.advance("3h")
        self.assertEqual(126, phone.folder_sync(phone.folder_key).code)
        self.server.cli("account", "sync", phone.user, "--on")
        self.mail(phone.user, "After")
        self.assertEqual(["After", "Before"], sorted(self.inbox_subjects(phone)), "with the keys it had")

    def test_off_is_told_to_whoever_waits(self):
        phone = self.phone()
        phone.pull(INBOX)
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 600, timeout=60)
        time.sleep(0.4)
        self.server.cli("account", "sync", phone.user, "--off")
        self.assertEqual(126, ping.result(10).code)

    def test_up_to_12_1_it_is_http_403(self):
        phone = self.phone(version="12.1")
        self.server.cli("account", "sync", phone.user, "--off")
        self.assertEqual(403, phone.folder_sync(phone.folder_key).status)

    def test_a_domain_is_off_but_for_one(self):
        one, other = self.phone(), self.phone()
        self.server.cli("domain", "sync", self.server.domain, "--off")
        self.server.cli("account", "sync", one.user, "--on")
        self.assertEqual((1, 126), (one.folder_sync(one.folder_key).code, other.folder_sync(other.folder_key).code))
        self.server.cli("domain", "sync", self.server.domain, "--on")


if __name__ == "__main__":
    unittest.main()
