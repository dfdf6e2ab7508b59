"""Settings: who the user is, which device this is, out-of-office (MS-ASCMD 2.2.1.18)."""

import unittest

import smtp
from case import ServerCase
from eas import E
from phone import INBOX


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

    def set(self, phone, state, text="I am away.", *times):
        messages = [E("OofMessage", E(who), E("Enabled", 1), E("ReplyMessage", text), E("BodyType", "Text"))
                    for who in ("AppliesToInternal", "AppliesToExternalKnown", "AppliesToExternalUnknown")]
        answer = phone.settings(E("Oof", E("Set", E("OofState", state), *times, messages if state else [])))
        self.assertEqual((1, 1), (answer.code, answer.root.number("Oof/Status")), answer)

    def test_it_is_off_at_first(self):
        self.assertEqual(0, self.get(self.phone()).number("OofState"))

    def test_what_is_set_is_read_on_every_device(self):
        one = self.phone()
        self.set(one, 1, "Zurück am Montag.")
        got = self.get(self.phone(one.user))
        self.assertEqual(1, got.number("OofState"))
        internal = [m for m in got.all("OofMessage") if m.has("AppliesToInternal")][0]
        self.assertEqual(("1", "Zurück am Montag."), (internal.text("Enabled"), internal.text("ReplyMessage").strip()))
        self.set(one, 0)
        self.assertEqual(0, self.get(one).number("OofState"))

    def test_a_period_is_kept(self):
        one = self.phone()
        self.set(one, 2, "Away", E("StartTime", "2026-12-24T00:00:00.000Z"), E("EndTime", "2027-01-02T00:00:00.000Z"))
        got = self.get(one)
        self.assertEqual((2, "2026-12-24T00:00:00.000Z", "2027-01-02T00:00:00.000Z"), (got.number("OofState"), got.text("StartTime"), got.text("EndTime")))

    def test_an_absent_person_answers_once(self):
        one, two = self.phone(), self.phone()
        self.set(one, 1, "I am away.")
        for number in range(2):
            two.send_mail(smtp.message(one.user, f"Are you there {number}?", sender=two.user), f"c{number}")
        self.until(lambda: two.pull(INBOX).items, what="the out-of-office answer")
        self.until(lambda: len(one.pull(INBOX).items) == 2, what="both mails")
        self.assertEqual(1, len(two.pull(INBOX).items))


if __name__ == "__main__":
    unittest.main()
