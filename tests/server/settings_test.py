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

    def set(self, phone, *parts):
        answer = phone.settings(E("Oof", E("Set", *parts)))
        self.assertEqual(200, answer.status)
        return answer.root.number("Oof/Status")

    def message(self, audience, text=None, enabled=1, kind="Text"):
        return E("OofMessage", E(audience), E("Enabled", enabled),
            E("ReplyMessage", text) if text is not None else None, E("BodyType", kind) if text is not None else None)

    def audiences(self, got):
        found = {}
        for message in got.all("OofMessage"):
            name = [child.tag for child in message.children if child.tag.startswith("AppliesTo")]
            self.assertEqual(1, len(name), message)
            found[name[0]] = (message.text("Enabled"), message.text("ReplyMessage"), message.text("BodyType"))
        return found

    def test_all_three_audiences_are_kept(self):
        for version in ("12.1", "14.1", "16.1"):
            with self.subTest(version):
                phone = self.phone(version=version)
                self.assertEqual(1, self.set(phone, E("OofState", 1), self.message("AppliesToInternal", "I am away."),
                    self.message("AppliesToExternalKnown", "Away, dear friend."), self.message("AppliesToExternalUnknown", enabled=0)))
                got = self.get(phone)
                self.assertEqual(1, got.number("OofState"))
                self.assertEqual({"AppliesToInternal": ("1", "I am away.", "Text"), "AppliesToExternalKnown": ("1", "Away, dear friend.", "Text"),
                    "AppliesToExternalUnknown": ("0", None, None)}, self.audiences(got))
                self.assertFalse(got.has("StartTime"))

    def test_a_time_based_absence_has_both_ends(self):
        phone = self.phone()
        self.assertEqual(1, self.set(phone, E("OofState", 2), E("StartTime", "2026-12-01T08:00:00.000Z"), E("EndTime", "2026-12-05T17:00:00.000Z"),
            self.message("AppliesToInternal", "Back on Saturday")))
        got = self.get(phone)
        self.assertEqual(("2", "2026-12-01T08:00:00.000Z", "2026-12-05T17:00:00.000Z"), (got.text("OofState"), got.text("StartTime"), got.text("EndTime")))

    def test_one_end_alone_is_a_protocol_error(self):
        phone = self.phone()
        self.assertEqual(2, self.set(phone, E("OofState", 2), E("StartTime", "2026-12-01T08:00:00.000Z")))
        self.assertEqual(2, self.set(phone, E("OofState", 2), E("EndTime", "2026-12-01T08:00:00.000Z")))

    def test_times_of_an_untimed_absence_are_taken_but_not_kept(self):
        phone = self.phone()
        self.assertEqual(1, self.set(phone, E("OofState", 1), E("StartTime", "2026-12-01T08:00:00.000Z"), E("EndTime", "2026-12-05T17:00:00.000Z")))
        self.assertFalse(self.get(phone).has("StartTime"))

    def test_wrong_values_are_refused(self):
        phone = self.phone()
        self.assertEqual(5, self.set(phone, E("OofState", 3)))
        self.assertEqual(5, self.set(phone, E("OofState", 2), E("StartTime", "2026-12-05T08:00:00.000Z"), E("EndTime", "2026-12-01T08:00:00.000Z")))
        self.assertEqual(5, self.set(phone, E("OofState", 1), self.message("AppliesToInternal", "x", kind="RTF")))
        self.assertEqual(6, self.set(phone, E("OofState", 1), self.message("AppliesToInternal", "a"), self.message("AppliesToInternal", "b")))
        self.assertEqual(0, self.get(phone).number("OofState"))

    def test_the_message_comes_in_the_type_that_is_asked_for(self):
        phone = self.phone()
        self.assertEqual(1, self.set(phone, E("OofState", 1), self.message("AppliesToInternal", "<p>Back <b>soon</b></p>", kind="HTML")))
        plain = self.audiences(self.get(phone))["AppliesToInternal"]
        self.assertEqual(("Back soon", "Text"), plain[1:])
        answer = phone.settings(E("Oof", E("Get", E("BodyType", "HTML"))))
        html = self.audiences(answer.root.find("Oof/Get"))["AppliesToInternal"]
        self.assertEqual(("<p>Back <b>soon</b></p>", "HTML"), html[1:])

    def test_get_and_set_in_one_are_a_protocol_error(self):
        answer = self.phone().settings(E("Oof", E("Get", E("BodyType", "Text")), E("Set", E("OofState", 0))))
        self.assertEqual(2, answer.root.number("Oof/Status"))


if __name__ == "__main__":
    unittest.main()
