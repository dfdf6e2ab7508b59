"""JMAP's own capabilities: sessions, app passwords, second factors, devices, what they keep, detained mail, administration."""

import base64
import calendar
import hashlib
import hmac
import json
import struct
import time
import unittest

from browser import Browser, BrowserJmap
from case import ServerCase
from jmap import Jmap, MethodError
from server import PASSWORD

NOW_STEP = 30
OWN = ["urn:lockstep:jmap:" + name for name in ("signin", "devices", "syncpolicy", "detained", "settings", "admin")]


def code_at(secret, seconds):
    """RFC 6238, written from the RFC."""
    mac = hmac.new(secret, struct.pack(">Q", seconds // NOW_STEP), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


class JmapOwnTest(ServerCase):
    settings = {"clock.manual": "true"}

    def client(self, user=None):
        user = user or self.person()
        browser = Browser(self.server)
        status, told = browser.sign_in(user)
        self.assertEqual(200, status, told)
        return BrowserJmap(browser, user, OWN)

    def test_the_session_names_the_capabilities(self):
        jmap = self.client()
        for name in OWN:
            self.assertIn(name, jmap.session["capabilities"])
            self.assertEqual(jmap.account, jmap.session["primaryAccounts"][name])

    def test_sessions_are_listed_and_ended(self):
        user = self.person()
        one, two = self.client(user), self.client(user)
        sessions = one.get("WebSession")
        self.assertEqual([True, False], sorted((each["isCurrent"] for each in sessions), reverse=True))
        self.assertTrue(all(each["userAgent"] == "Test browser" for each in sessions))
        other = next(each["id"] for each in sessions if not each["isCurrent"])
        answer = one.call("WebSession/set", destroy=[other, "s999"])
        self.assertEqual(([other], "notFound"), (answer["destroyed"], answer["notDestroyed"]["s999"]["type"]))
        self.assertEqual(401, two.browser.whoami()[0])
        self.assertEqual(200, one.browser.whoami()[0])

    def test_app_passwords_are_made_once_and_taken_away(self):
        jmap = self.client()
        made = jmap.create("AppPassword", name="Thunderbird", scope=["web", "imap"])
        self.assertEqual(jmap.user, Jmap(self.server, jmap.user, made["password"]).session["username"])
        listed = jmap.one("AppPassword", made["id"])
        self.assertEqual(("Thunderbird", {"web", "imap"}), (listed["name"], set(listed["scope"])))
        self.assertNotIn(made["password"], json.dumps(listed))
        self.assertEqual([made["id"]], jmap.call("AppPassword/set", destroy=[made["id"]])["destroyed"])
        self.assertEqual([], jmap.get("AppPassword"))
        bad = jmap.call("AppPassword/set", create={"a": {"name": "x", "scope": ["nope"]}, "b": {"scope": ["imap"]}})
        self.assertEqual({"a": "invalidProperties", "b": "invalidProperties"}, {key: error["type"] for key, error in bad["notCreated"].items()})

    def test_a_stale_sign_in_makes_no_passwords(self):
        jmap = self.client()
        self.server.advance("20m")
        refused = jmap.call("AppPassword/set", create={"a": {"name": "x"}})["notCreated"]["a"]
        self.assertEqual(("forbidden", "confirm"), (refused["type"], refused["description"]))
        self.assertEqual(200, jmap.browser.fetch("POST", "/session/confirm", {"password": PASSWORD}).status)
        self.assertTrue(jmap.create("AppPassword", name="x")["password"])

    def test_the_password_is_changed_and_other_sessions_end(self):
        user = self.person()
        one, two = self.client(user), self.client(user)
        with self.assertRaises(MethodError):
            one.call("Password/set", current="wrong", new="another horse 8")
        one.call("Password/set", current=PASSWORD, new="another horse 8")
        self.assertEqual((200, 401), (one.browser.whoami()[0], two.browser.whoami()[0]))
        self.assertEqual(401, Browser(self.server).sign_in(user)[0])
        self.assertEqual(200, Browser(self.server).sign_in(user, "another horse 8")[0])
        self.assertNotIn("another horse", self.server.log())

    def test_codes_of_an_authenticator_come_second_and_count_once(self):
        user = self.person()
        jmap = self.client(user)
        given = jmap.call("SecondFactor/secret")
        secret = base64.b32decode(given["text"])
        self.assertIn(given["text"], given["url"])
        seconds = self.server_seconds(jmap)
        wrong = jmap.call("SecondFactor/set", create={"a": {"kind": "code", "name": "App", "secret": given["secret"], "code": "000000"}})
        self.assertEqual(["code"], wrong["notCreated"]["a"]["properties"])
        app = {"kind": "code", "name": "App", "secret": given["secret"], "code": code_at(secret, seconds)}
        made = jmap.call("SecondFactor/set", create={"a": app})["created"]["a"]
        self.assertEqual((401, {"error": "codeNeeded", "methods": ["code"]}), Browser(self.server).sign_in(user))
        used = Browser(self.server).sign_in(user, code=code_at(secret, seconds))
        self.assertEqual("codeWrong", used[1]["error"])
        self.server.advance("60s")
        fresh = code_at(secret, seconds + 60)
        self.assertEqual(200, Browser(self.server).sign_in(user, code=fresh)[0])
        self.assertEqual("codeWrong", Browser(self.server).sign_in(user, code=fresh)[1]["error"])
        # No other door takes the password alone any more; an app password goes on.
        self.assertEqual(401, Browser(self.server).fetch("GET", "/jmap/session", headers=[self.basic(user, PASSWORD)]).status)
        app = jmap.create("AppPassword", name="Phone")["password"]
        self.assertEqual(200, Browser(self.server).fetch("GET", "/jmap/session", headers=[self.basic(user, app)]).status)
        self.assertEqual([made["id"]], jmap.call("SecondFactor/set", destroy=[made["id"]])["destroyed"])
        self.assertEqual(200, Browser(self.server).sign_in(user)[0])

    @staticmethod
    def basic(user, password):
        return "Authorization", "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def server_seconds(self, jmap):
        made = jmap.get("WebSession")[0]["created"]
        return calendar.timegm(time.strptime(made[:19], "%Y-%m-%dT%H:%M:%S"))

    def test_devices_are_shown_named_paused_and_asked(self):
        user = self.person()
        phone = self.phone(user)
        jmap = self.client(user)
        device = jmap.get("Device")[0]
        self.assertEqual(("ok", "none", "ActiveSync", "16.1"), tuple(device[key] for key in ("state", "desired", "protocol", "protocolVersion")))
        change = lambda **patch: jmap.call("Device/set", update={device["id"]: patch})
        self.assertIn(device["id"], change(name="Mara's phone", desired="pause")["updated"])
        now = jmap.one("Device", device["id"])
        self.assertEqual(("Mara's phone", "paused", "pause"), (now["name"], now["state"], now["desired"]))
        change(desired="none")
        self.assertEqual("ok", jmap.one("Device", device["id"])["state"])
        change(desired="eraseAccount")
        self.assertEqual(("asked", "eraseAccount"), tuple(jmap.one("Device", device["id"])[key] for key in ("state", "desired")))
        change(desired="none")
        self.assertEqual("ok", jmap.one("Device", device["id"])["state"])
        self.assertEqual("invalidProperties", change(desired="dance")["notUpdated"][device["id"]]["type"])
        self.assertTrue(jmap.one("DeviceLog", device["id"])["entries"])
        self.server.advance("20m")
        self.assertEqual("confirm", change(desired="resetDevice")["notUpdated"][device["id"]]["description"])
        self.assertEqual([device["id"]], jmap.call("Device/set", destroy=[device["id"]])["destroyed"])
        self.assertEqual([], jmap.get("Device"))
        phone.close()

    def test_what_devices_keep_is_set_and_counted_before(self):
        jmap = self.client()
        policy = jmap.one("SyncPolicy", "singleton")
        self.assertIsNone(policy["mailDays"])
        inbox = jmap.mailbox("inbox")
        self.mail(jmap.user, "Counted")
        jmap.call("SyncPolicy/set", update={"singleton": {"mailDays": 30, "daysBefore": "all", "mailFolders": {"only": [inbox]}}})
        policy = jmap.one("SyncPolicy", "singleton")
        self.assertEqual((30, "all", {"only": [inbox]}), (policy["mailDays"], policy["daysBefore"], policy["mailFolders"]))
        counted = next(each for each in jmap.call("SyncPolicy/preview", mailDays=7)["list"] if each["collectionId"] == inbox)
        self.assertEqual((1, 1, True), (counted["inside"], counted["total"], counted["isShown"]))
        wrong = jmap.call("SyncPolicy/set", update={"singleton": {"mailDays": -1}, "d1": {"mailDays": 1}})
        self.assertEqual({"singleton": "invalidProperties", "d1": "notFound"}, {key: error["type"] for key, error in wrong["notUpdated"].items()})
        jmap.call("SyncPolicy/set", update={"singleton": {"mailDays": None, "mailFolders": None}})
        self.assertIsNone(jmap.one("SyncPolicy", "singleton")["mailFolders"])

    def test_detained_mail_is_released_and_senders_are_kept(self):
        jmap = self.client()
        jmap.call("AccountSettings/set", update={"singleton": {"detain": "strangers", "detainDays": 5}})
        settings = jmap.one("AccountSettings", "singleton")
        self.assertEqual(("strangers", 5, True), (settings["detain"], settings["detainDays"], settings["imapDeleteRemoves"]))
        self.mail(jmap.user, "Who are you", sender="stranger@example.net")
        waiting = self.until(lambda: jmap.get("Detained"))
        self.assertEqual("Who are you", waiting[0]["subject"])
        answer = jmap.call("Detained/release", ids=[waiting[0]["id"], "i9999"], action="allow")
        self.assertEqual(([waiting[0]["id"]], "notFound"), (answer["released"], answer["notReleased"]["i9999"]["type"]))
        self.assertEqual([], jmap.get("Detained"))
        rules = {each["sender"]: each for each in jmap.get("SenderRule")}
        self.assertEqual(["allow"], [each["mark"] for each in rules.values()])
        made = jmap.create("SenderRule", sender="@bad.example", mark="block")
        self.assertEqual("block", jmap.one("SenderRule", made["id"])["mark"])
        self.assertEqual([made["id"]], jmap.call("SenderRule/set", destroy=[made["id"]])["destroyed"])

    def test_administration_is_for_administrators_who_just_signed_in(self):
        user = self.person()
        jmap = self.client(user)
        run = lambda *words, **arguments: jmap.call("Admin/run", command=list(words), arguments=arguments)
        self.assertEqual("forbidden", jmap.error("Admin/run", command=["account", "list"]))
        self.server.cli("account", "admin", user, "on")
        self.assertTrue(jmap.browser.whoami()[1]["admin"])
        listed = run("account", "list")
        self.assertIn(user, [row[listed["columns"].index("address")] for row in listed["rows"]])
        run("domain", "add", name="new.example")
        self.assertIn("new.example", self.server.cli("domain", "list"))
        self.assertEqual("invalidArguments", jmap.error("Admin/run", command=["domain", "add"], arguments={"name": "new.example"}))
        self.assertEqual("forbidden", jmap.error("Admin/run", command=["clock", "advance"], arguments={"duration": "1h"}))
        self.server.advance("20m")
        with self.assertRaises(MethodError) as stale:
            run("account", "list")
        self.assertEqual("confirm", stale.exception.error["description"])


if __name__ == "__main__":
    unittest.main()
