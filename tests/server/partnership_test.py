"""Device partnerships: pause, access, fresh starts, policies that change, wipes that are ordered and called back."""

import time
import unittest

from case import Background, ServerCase
from eas import Device, E
from items import contact
from phone import CONTACTS, INBOX
from server import PASSWORD


class PartnershipTest(ServerCase):
    def words(self, phone, verb, *more):
        return self.server.cli("device", verb, phone.user, phone.device_id.upper(), *more)

    def test_a_paused_device_gets_nothing_new_and_what_it_sends_is_taken(self):
        phone = self.phone()
        phone.pull(INBOX)
        phone.pull(CONTACTS)
        other = self.phone(phone.user)
        self.words(phone, "pause")
        self.mail(phone.user, "While away")
        self.assertEqual([], self.inbox_subjects(phone))
        phone.add(CONTACTS, *contact("Written while paused"))
        self.assertEqual(["Written while paused"], other.pull(CONTACTS).texts("Contacts:LastName"))
        self.words(phone, "resume")
        self.assertEqual(["While away"], self.inbox_subjects(phone))

    def test_a_paused_ping_is_held(self):
        phone = self.phone()
        phone.pull(INBOX)
        self.words(phone, "pause")
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 600, timeout=60)
        time.sleep(0.3)
        self.mail(phone.user, "Not yet")
        time.sleep(0.5)
        self.assertTrue(ping.running)
        self.words(phone, "resume")
        self.assertEqual(2, ping.result(10).code)

    def test_a_blocked_device_is_told_and_comes_back(self):
        phone = self.phone()
        self.words(phone, "block")
        self.assertEqual(129, phone.folder_sync(phone.folder_key).code)
        self.words(phone, "allow")
        self.assertEqual(1, phone.folder_sync(phone.folder_key).code)

    def test_w8_new_devices_wait_for_approval(self):
        user = self.person()
        self.server.cli("device", "rule", "--account", user, "--new-devices", "quarantine")
        device = Device(self.server, user, PASSWORD)
        self.assertEqual(129, device.folder_sync().code)
        self.server.cli("device", "allow", user, device.device_id.upper())
        device.provision()
        self.assertEqual(1, device.folder_sync().code)

    def test_w8_an_account_has_as_many_devices_as_the_rule_says(self):
        phone = self.phone()
        self.server.cli("device", "rule", "--account", phone.user, "--limit", "1")
        self.assertEqual(177, Device(self.server, phone.user, PASSWORD).folder_sync().code)

    def test_a_changed_policy_is_taken_again(self):
        phone = self.phone()
        self.server.cli("policy", "set", "DevicePasswordEnabled", "1", "--account", phone.user)
        self.assertEqual(143, phone.folder_sync(phone.folder_key).code)
        phone.provision()
        self.assertEqual(1, phone.folder_sync(phone.folder_key).code)
        self.server.cli("policy", "unset", "DevicePasswordEnabled", "--account", phone.user)
        self.assertEqual(143, phone.folder_sync(phone.folder_key).code)

    def test_w10_an_ordered_wipe_is_all_that_the_device_hears_until_it_is_called_back(self):
        phone = self.phone()
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 600, timeout=60)
        time.sleep(0.4)
        self.words(phone, "wipe", "--reason", "lost in the train")
        self.assertEqual(140, ping.result(10).code, "the phone hears at once")
        self.assertEqual(140, phone.folder_sync(phone.folder_key).code)
        state = self.server.cli_json("device", "show", phone.user, phone.device_id.upper())[0]["state"]
        self.assertIn("wipe", state)
        self.words(phone, "unwipe")
        self.assertEqual(1, phone.folder_sync(phone.folder_key).code)
        self.assertIn("lost in the train", self.words(phone, "log"))

    def test_w10_a_closed_account_still_tells_its_device_to_wipe_itself(self):
        for door, status in (((), 401), (("activesync",), 403)):
            phone = self.phone()
            self.words(phone, "wipe", "--reason", "left the office")
            self.server.cli("account", "disable", phone.user, *door)
            self.assertEqual(140, phone.folder_sync(phone.folder_key).code)
            other = Device(self.server, phone.user, PASSWORD)
            self.assertEqual(status, other.folder_sync().status, "another device hears nothing")
            self.assertEqual(status, phone.options().status)
            wrong = Device(self.server, phone.user, "wrong", device_id=phone.device_id)
            self.assertEqual(401, wrong.folder_sync().status)
            order = phone.post("Provision", E("Provision:Provision"))
            self.assertTrue(order.root.has("AccountOnlyRemoteWipe"), order)
            done = phone.post("Provision", E("Provision:Provision", E("AccountOnlyRemoteWipe", E("Status", 1))))
            self.assertEqual(1, done.code)
            self.assertEqual(status, phone.folder_sync(phone.folder_key).status, "the order was obeyed")

    def test_w10_a_device_of_an_older_protocol_cannot_erase_one_account(self):
        phone = self.phone(version="14.1")
        done = self.server.run_cli("device", "wipe", phone.user, phone.device_id.upper())
        self.assertNotEqual(0, done.returncode)
        self.assertIn("16.1", done.stderr)

    def test_sync_from_the_start(self):
        phone = self.phone()
        self.mail(phone.user, "Kept")
        self.assertEqual(["Kept"], self.inbox_subjects(phone))
        self.words(phone, "restart")
        self.assertEqual(9, phone.folder_sync(phone.folder_key).code)

    def test_what_it_holds_its_name_and_its_log(self):
        phone = self.phone()
        self.mail(phone.user, "One")
        phone.pull(INBOX)
        self.words(phone, "rename", "The kitchen phone")
        row = self.server.cli_json("device", "show", phone.user, phone.device_id.upper())[0]
        self.assertEqual(("The kitchen phone", "mail 1", "allowed"), (row["name"], row["holds"], row["state"]))
        self.assertIn("first time", self.words(phone, "log"))


if __name__ == "__main__":
    unittest.main()
