"""No data before a policy was taken and acknowledged (W9; MS-ASPROV 3.2.5)."""

import unittest

from case import ServerCase
from eas import Device, E
from server import PASSWORD


class ProvisionTest(ServerCase):
    def device(self, version="16.1"):
        return Device(self.server, self.person(), PASSWORD, version)

    def refused(self, answer):
        """True when the answer asks to provision: 142 or 144 in the body (MS-ASCMD 2.2.2)."""
        return answer.status == 200 and answer.root is not None and answer.code in (142, 144)

    def test_w9_no_command_gives_data_before_the_policy(self):
        device = self.device()
        for name, answer in (
            ("FolderSync", device.folder_sync()),
            ("Sync", device.sync([device.collection("1", "0")])),
            ("GetItemEstimate", device.get_item_estimate([("1", "0", None, "Email")])),
            ("MoveItems", device.move_items([("1:1", "1", "2")])),
            ("ItemOperations", device.fetch("1", "1:1")),
            ("FolderCreate", device.folder_create("1", "0", "x", 12)),
            ("SendMail", device.send_mail(b"From: a@example.org\r\nTo: b@example.org\r\n\r\nx\r\n", "c1")),
        ):
            with self.subTest(name):
                self.assertTrue(self.refused(answer), answer)

    def test_w9_up_to_12_1_the_refusal_is_http_449(self):
        self.assertEqual(449, self.device("12.1").folder_sync().status)

    def test_both_phases_lead_to_data(self):
        for version in ("12.1", "14.1", "16.1"):
            with self.subTest(version):
                device = self.device(version)
                first, second = device.provision()
                policy = first.root.find("Policies/Policy")
                self.assertEqual("MS-EAS-Provisioning-WBXML", policy.text("PolicyType"))
                self.assertTrue(policy.has("Data/EASProvisionDoc"))
                self.assertFalse(second.root.has("Policies/Policy/Data"))
                self.assertNotEqual(policy.text("PolicyKey"), second.root.text("Policies/Policy/PolicyKey"))
                self.assertFalse(first.root.has("RemoteWipe") or first.root.has("AccountOnlyRemoteWipe"))
                self.assertEqual(1, device.folder_sync().code)

    def test_device_information_inside_provision_is_answered(self):
        first = self.device().provision_request()
        self.assertEqual(1, first.root.number("Settings:DeviceInformation/Status"))
        self.assertEqual("Settings:DeviceInformation", first.root.children[0].name)

    def test_w9_the_temporary_key_gives_no_data(self):
        device = self.device()
        device.policy_key = device.provision_request().root.number("Policies/Policy/PolicyKey")
        self.assertTrue(self.refused(device.folder_sync()))

    def test_w9_a_forged_acknowledgement_is_status_5(self):
        device = self.device()
        temporary = device.provision_request().root.number("Policies/Policy/PolicyKey")
        device.policy_key = temporary
        answer = device.provision_acknowledge(temporary + 1)
        statuses = {answer.code, answer.root.number("Policies/Policy/Status")}
        self.assertIn(5, statuses, answer)
        self.assertFalse(answer.root.has("Policies/Policy/PolicyKey"))
        self.assertTrue(self.refused(device.folder_sync()))

    def test_w9_an_acknowledgement_without_a_first_phase_is_refused(self):
        device = self.device()
        device.policy_key = 12345
        answer = device.provision_acknowledge(12345)
        self.assertIn(5, {answer.code, answer.root.number("Policies/Policy/Status")}, answer)

    def test_w9_the_key_of_another_device_is_worth_nothing(self):
        one, other = self.device(), self.device()
        one.provision()
        other.policy_key = one.policy_key
        self.assertTrue(self.refused(other.folder_sync()))

    def test_w9_a_wrong_key_after_provisioning_is_refused_and_mended(self):
        device = self.device()
        device.provision()
        good = device.policy_key
        device.policy_key = good ^ 1
        answer = device.folder_sync()
        self.assertTrue(self.refused(answer), answer)
        device.provision()
        self.assertEqual(1, device.folder_sync().code)

    def test_an_unknown_policy_type_is_status_3(self):
        device = self.device()
        answer = device.post("Provision", E("Provision:Provision", device.device_information(),
            E("Policies", E("Policy", E("PolicyType", "MS-Bogus")))))
        self.assertEqual(3, answer.root.number("Policies/Policy/Status"), answer)

    def test_a_status_before_remote_wipe_is_accepted(self):
        """iOS 5 and later put a Status before RemoteWipe; nothing was ordered, so nothing is wiped."""
        device = self.device()
        device.provision()
        answer = device.post("Provision", E("Provision:Provision", E("Status", 1), E("RemoteWipe", E("Status", 1))))
        self.assertEqual(200, answer.status)
        self.assertFalse(answer.root.has("RemoteWipe"), answer)

    def test_an_empty_provision_is_answered_without_a_wipe(self):
        answer = self.device().post("Provision", E("Provision:Provision"))
        self.assertEqual((200, 1), (answer.status, answer.code), answer)
        self.assertEqual(["Status"], [node.tag for node in answer.root.children])

    def test_provisioning_again_keeps_the_folders(self):
        phone = self.phone()
        key, count = phone.folder_key, len(phone.folders)
        phone.provision()
        self.assertEqual([], phone.learn_folders())
        self.assertEqual(count, len(phone.folders))
        self.assertNotEqual("0", key)

    def test_the_device_is_listed_for_the_administrator(self):
        device = self.device()
        device.provision()
        listed = self.server.cli_json("device", "list")
        self.assertIn(device.device_id.upper(), str(listed).upper())


if __name__ == "__main__":
    unittest.main()
