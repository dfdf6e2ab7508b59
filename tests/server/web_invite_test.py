"""Invitations for a device: a link that is good once, and what it gives (Apple profile, or settings with a password)."""

import plistlib
import re
import unittest
import urllib.parse

import wire
from browser import Browser, BrowserJmap
from case import ServerCase
from phone import Phone

ONBOARDING = "urn:lockstep:jmap:onboarding"


class WebInviteTest(ServerCase):
    settings = {"clock.manual": "true"}

    def invite(self, kind):
        user = self.person()
        browser = Browser(self.server)
        self.assertEqual(200, browser.sign_in(user)[0])
        made = BrowserJmap(browser, user, [ONBOARDING]).call("DeviceInvite/set", create={"k": {"kind": kind}})["created"]["k"]
        return user, urllib.parse.urlsplit(made["url"]).path

    def fetch(self, method, path):
        return wire.fetch(self.server.https_port, method, path, [("Origin", "null")] if method == "POST" else [], b"", tls=True)

    def test_an_iphone_gets_a_profile_once_and_is_in_step_with_it(self):
        user, path = self.invite("apple")
        for _ in range(3):
            page = self.fetch("GET", path)
            self.assertEqual(200, page.status)
        self.assertIn(user, page.plain_body().decode())
        self.assertEqual(("no-store", "no-referrer"), (page.header("Cache-Control"), page.header("Referrer-Policy")))
        given = self.fetch("POST", path)
        self.assertEqual((200, "application/x-apple-aspen-config"), (given.status, given.header("Content-Type")))
        profile = plistlib.loads(given.plain_body())
        self.assertEqual("Configuration", profile["PayloadType"])
        account = profile["PayloadContent"][0]
        self.assertEqual(("com.apple.eas.account", user, user, True), tuple(account[key] for key in ("PayloadType", "EmailAddress", "UserName", "SSL")))
        self.assertTrue(account["EnableMail"] and account["EnableNotes"] and account["EnableReminders"])
        phone = Phone(self.server, user, account["Password"], "16.1")
        self.addCleanup(phone.close)
        phone.set_up()
        self.assertEqual((410, 410), (self.fetch("POST", path).status, self.fetch("GET", path).status))
        self.assertNotIn(path.rpartition("/")[2], self.server.log())
        self.assertNotIn(account["Password"], self.server.log())

    def test_other_devices_get_their_settings(self):
        user, path = self.invite("other")
        text = self.fetch("POST", path).plain_body().decode()
        self.assertIn(user, text)
        self.assertTrue(re.search(r"[a-z0-9]{8}(-[a-z0-9]{8}){3}", text))

    def test_a_link_is_over_after_ten_minutes_or_when_it_never_was(self):
        _, path = self.invite("apple")
        self.server.advance("11m")
        self.assertEqual(410, self.fetch("POST", path).status)
        self.assertEqual(410, self.fetch("GET", "/s/nothing").status)


if __name__ == "__main__":
    unittest.main()
