"""Adding an account on an iPhone: the commands in iOS's order, over TLS, each answered as iOS needs it."""

import unittest

import wire
from case import ServerCase
from eas import E, basic
from iphone import IPhone
from phone import CALENDAR, CONTACTS, DRAFTS, INBOX, NOTES, SENT, TASKS, TRASH
from server import PASSWORD


class SetUpTest(ServerCase):
    def iphone(self, user=None):
        iphone = IPhone(self.server, user or self.person(), PASSWORD)
        self.addCleanup(iphone.close)
        return iphone

    def test_the_whole_set_up(self):
        iphone = self.iphone()
        answers = iphone.enrol()
        self.assertEqual(401, answers["options without name"].status)
        self.assertEqual(200, answers["options"].status)
        self.assertEqual("16.1", max(iphone.versions, key=float), "iOS takes the highest version offered")
        self.assertEqual(1, answers["settings"].code)
        first = answers["first"].root
        self.assertEqual(1, first.number("Settings:DeviceInformation/Status"), "16.1 sends DeviceInformation inside Provision")
        self.assertNotEqual("0", first.text("Policies/Policy/PolicyKey"))
        for kind in (INBOX, DRAFTS, SENT, TRASH, CALENDAR, CONTACTS, TASKS, NOTES):
            self.assertTrue(iphone.folder(kind))

    def test_settings_names_a_full_address_so_that_ios_can_send(self):
        iphone = self.iphone()
        settings = iphone.enrol()["settings"].root
        addresses = [n.text() for n in settings.all("UserInformation/Get/Accounts/Account/EmailAddresses/SMTPAddress")]
        addresses += [n.text() for n in settings.all("UserInformation/Get/Accounts/Account/EmailAddresses/PrimarySmtpAddress")]
        self.assertIn(iphone.user, addresses)
        self.assertTrue(all("@" in address for address in addresses))

    def test_the_name_may_be_written_with_a_domain_before_it(self):
        user = self.person()
        iphone = self.iphone("EXAMPLE.ORG\\" + user.split("@")[0])
        iphone.enrol()
        self.assertTrue(iphone.folder(INBOX))

    def test_autodiscover_before_the_manual_form(self):
        """iOS asks autodiscover.<domain> and <domain>; whatever comes back, the manual form works afterwards."""
        user = self.person()
        schema = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/"
        body = (f'<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="{schema}requestschema/2006">\n<Request>\n'
                f"<EMailAddress>{user}</EMailAddress>\n<AcceptableResponseSchema>{schema}responseschema/2006"
                f"</AcceptableResponseSchema>\n</Request>\n</Autodiscover>").encode()
        for host in ("autodiscover.example.org", "example.org"):
            answer = wire.fetch(self.server.https_port, "POST", "/autodiscover/autodiscover.xml",
                [("Host", host), ("Content-Type", "text/xml"), ("Authorization", basic(user, PASSWORD))], body, tls=True)
            self.assertEqual(200, answer.status)
            self.assertIn(b"/Microsoft-Server-ActiveSync", answer.body)
        self.iphone(user).enrol()

    def test_a_wrong_password_is_asked_again(self):
        user = self.person()
        wrong = IPhone(self.server, user, "wrong")
        answer = wrong.options()
        self.assertEqual(401, answer.status)
        wrong.password = PASSWORD
        wrong.enrol()
        wrong.close()

    def test_the_device_is_known_under_its_model(self):
        iphone = self.iphone()
        iphone.enrol()
        shown = self.server.cli("device", "show", iphone.user, iphone.device_id, "--json")
        self.assertIn("iPhone14C2", shown)
        self.assertIn("iPhone", shown)

    def test_the_device_id_is_the_same_in_any_case(self):
        iphone = self.iphone()
        iphone.enrol()
        iphone.first_fill()
        iphone.device_id = iphone.device_id.lower()
        self.assertEqual([], iphone.learn_folders())
        self.assertTrue(iphone.sync_box(INBOX).quiet)

    def test_a_second_account_setup_of_the_same_phone_starts_afresh(self):
        iphone = self.iphone()
        self.mail(iphone.user, "Hello")
        iphone.enrol()
        iphone.first_fill()
        again = IPhone(self.server, iphone.user, PASSWORD, device_id=iphone.device_id)
        again.enrol()
        again.first_fill()
        self.assertEqual(["Hello"], again.box(INBOX).texts("Email:Subject"))
        again.close()

    def test_find_of_ios_is_never_a_server_error(self):
        """iOS 16 sends Find even on older versions; 501 or a Status is right, 500 is not."""
        iphone = self.iphone()
        iphone.enrol()
        answer = iphone.post("Find", E("Find:Find", E("SearchId", "A1B2"), E("ExecuteSearch", E("MailBoxSearchCriterion",
            E("Query", E("AirSync:Class", "Email"), E("FreeText", "hello")), E("Options", E("Range", "0-24"))))))
        self.assertIn(answer.status, (200, 400, 501))


if __name__ == "__main__":
    unittest.main()
