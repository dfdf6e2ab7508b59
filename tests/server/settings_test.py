"""Settings: who the user is, which device this is, out-of-office (MS-ASCMD 2.2.1.18)."""

import unittest

from case import ServerCase
from eas import E


class SettingsTest(ServerCase):
    def test_the_user_has_a_full_address(self):
        """Without it iOS marks the account as unable to send."""
        for version in ("12.1", "14.1", "16.1"):
            with self.subTest(version):
                phone = self.phone(version=version)
                answer = phone.settings(E("UserInformation", E("Get")))
                self.assertEqual((1, 1), (answer.code, answer.root.number("UserInformation/Status")), answer)
                if version == "12.1":
                    addresses = [n.text() for n in answer.root.all("UserInformation/Get/EmailAddresses/SMTPAddress")]
                else:
                    path = "UserInformation/Get/Accounts/Account/EmailAddresses/SMTPAddress" if version >= "14.1" else "UserInformation/Get/EmailAddresses/SMTPAddress"
                    addresses = [n.text() for n in answer.root.all(path)]
                self.assertIn(phone.user, addresses)

    def test_the_account_is_the_primary_one_and_may_send(self):
        phone = self.phone()
        account = phone.settings(E("UserInformation", E("Get"))).root.find("UserInformation/Get/Accounts/Account")
        self.assertEqual(phone.user, account.text("EmailAddresses/PrimarySmtpAddress") or account.text("EmailAddresses/SMTPAddress"))
        self.assertNotEqual("1", account.text("SendDisabled", "0"))

    def test_the_one_request_of_an_iphone(self):
        phone = self.phone()
        answer = phone.settings(E("UserInformation", E("Get")), phone.device_information())
        self.assertEqual((1, 1, 1), (answer.code, answer.root.number("UserInformation/Status"), answer.root.number("DeviceInformation/Status")))

    def test_device_information_reaches_the_administrator(self):
        phone = self.phone()
        phone.settings(E("DeviceInformation", E("Set", E("Model", "iPhone99C9"), E("OS", "iOS 99.9 99Z99"), E("FriendlyName", "Größe's phone"))))
        shown = self.server.cli("device", "show", phone.user, phone.device_id, "--json")
        self.assertIn("iPhone99C9", shown)

    def test_an_empty_settings_is_refused(self):
        phone = self.phone()
        answer = phone.settings()
        self.assertTrue(answer.status == 400 or answer.code != 1, answer)

    def test_w9_settings_asks_for_the_policy_or_gives_the_address(self):
        """iOS asks before it provisions; either answer leads on."""
        phone = self.phone(set_up=False)
        answer = phone.settings(E("UserInformation", E("Get")), phone.device_information())
        self.assertIn(answer.code, (1, 142, 144), answer)


class OofTest(ServerCase):
    def get(self, phone):
        answer = phone.settings(E("Oof", E("Get", E("BodyType", "Text"))))
        self.assertEqual((1, 1), (answer.code, answer.root.number("Oof/Status")), answer)
        return answer.root.find("Oof/Get")

    def test_it_is_off_at_first(self):
        self.assertEqual(0, self.get(self.phone()).number("OofState"))

    def test_setting_it_is_refused_openly(self):
        """It cannot be set yet; a phone must be told so, not believe that it is on."""
        phone = self.phone()
        answer = phone.settings(E("Oof", E("Set", E("OofState", 1), E("OofMessage", E("AppliesToInternal"), E("Enabled", 1),
            E("ReplyMessage", "I am away."), E("BodyType", "Text")))))
        self.assertEqual(200, answer.status)
        self.assertNotEqual(1, answer.root.number("Oof/Status") or answer.code, answer)
        self.assertEqual(0, self.get(phone).number("OofState"))


if __name__ == "__main__":
    unittest.main()
