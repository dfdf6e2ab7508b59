"""Sign-in by a page: sessions and their cookie, other sites, other doors, changed passwords (hardening A1, A2, A7, H6)."""

import json
import unittest

import wire
from browser import Browser, BrowserJmap
from case import ServerCase
from jmap import CORE, MAIL
from server import PASSWORD


class WebSignInTest(ServerCase):
    settings = {"clock.manual": "true"}

    def signed_in(self, user=None, **more):
        browser = Browser(self.server)
        status, told = browser.sign_in(user or self.person(), **more)
        self.assertEqual(200, status, told)
        return browser

    def test_a_session_is_a_cookie_that_no_script_and_no_other_site_gets(self):
        user = self.person()
        browser = Browser(self.server)
        status, told = browser.sign_in(user, remember=True)
        self.assertEqual((200, user, False), (status, told["user"], told["admin"]))
        self.assertTrue(browser.cookie.startswith("__Host-lockstep="))
        self.assertEqual({"httponly", "secure", "samesite", "path", "max-age"}, set(browser.attributes))
        self.assertEqual(("Strict", "/"), (browser.attributes["samesite"], browser.attributes["path"]))
        self.assertNotIn(browser.cookie.partition("=")[2], json.dumps(told))
        self.assertEqual((200, told), browser.whoami())
        plain = Browser(self.server, tls=False)
        self.assertEqual(200, plain.sign_in(user)[0])
        self.assertNotIn("secure", plain.attributes)
        self.assertNotIn("max-age", plain.attributes)

    def test_jmap_takes_the_session(self):
        user = self.person()
        jmap = BrowserJmap(self.signed_in(user), user)
        self.assertEqual(user, jmap.session["username"])
        self.assertTrue(jmap.mailbox("inbox"))
        blob = jmap.upload(b"cookie upload")["blobId"]
        self.assertEqual(b"cookie upload", jmap.download(blob).plain_body())

    def test_other_sites_do_nothing_with_it(self):
        browser = self.signed_in()
        request = {"using": [CORE], "methodCalls": [["Core/echo", {}, "0"]]}
        self.assertEqual(200, browser.fetch("POST", "/jmap/api", request).status)
        self.assertEqual(401, browser.fetch("POST", "/jmap/api", request, origin="https://evil.example").status)
        self.assertEqual(401, browser.fetch("POST", "/jmap/api", request, origin=None).status)
        self.assertEqual(200, browser.fetch("POST", "/jmap/api", request, origin=None, headers=[("X-Lockstep", "web")]).status)
        cross = [("Sec-Fetch-Site", "cross-site")]
        self.assertEqual(401, browser.fetch("POST", "/jmap/api", request, origin=None, headers=cross).status)
        self.assertEqual(403, browser.fetch("DELETE", "/session", origin="https://evil.example").status)
        self.assertEqual(200, browser.whoami()[0])
        # Login CSRF: neither another origin nor a form's content type signs anybody in.
        body = {"user": self.person(), "password": PASSWORD}
        self.assertEqual(403, Browser(self.server).fetch("POST", "/session", body, origin="https://evil.example").status)
        self.assertEqual(400, Browser(self.server).fetch("POST", "/session", body, content_type="text/plain").status)

    def test_wrong_and_unknown_are_answered_alike_and_in_the_end_not_at_all(self):
        user = self.person()
        wrong = Browser(self.server).sign_in(user, "nope")
        self.assertEqual((401, {"error": "wrong"}), wrong)
        self.assertEqual(wrong, Browser(self.server).sign_in("nobody@example.org", "nope"))
        for _ in range(12):
            status, told = Browser(self.server).sign_in(user, "nope")
        self.assertEqual((429, "tooMany"), (status, told["error"]))
        self.assertNotIn("nope", self.server.log())
        # Leave the counters of this address empty for the other tests.
        self.server.advance("10m")

    def test_an_app_password_opens_no_session(self):
        user = self.person()
        made = self.server.cli_json("account", "app-password", "add", user, "Script", "--scope", "web")
        self.assertTrue(made)
        secret = next(word for word in json.dumps(made).replace('"', " ").split() if word.count("-") == 3)
        self.assertEqual(401, Browser(self.server).sign_in(user, secret)[0])

    def test_signing_out_ends_it_at_once(self):
        browser = self.signed_in()
        cookie = browser.cookie
        answer = browser.fetch("DELETE", "/session")
        self.assertEqual(204, answer.status)
        self.assertIn("storage", answer.header("Clear-Site-Data"))
        self.assertIsNone(browser.cookie)
        browser.cookie = cookie
        self.assertEqual((401, {"error": "signedOut"}), browser.whoami())
        answer = browser.fetch("GET", "/.well-known/jmap", headers=[("X-Lockstep", "web")])
        self.assertEqual((401, None), (answer.status, answer.header("WWW-Authenticate")))
        self.assertEqual(401, wire.fetch(self.server.https_port, "GET", "/.well-known/jmap", [("Cookie", cookie)], tls=True).status)

    def test_signing_in_again_changes_the_session(self):
        user = self.person()
        browser = self.signed_in(user)
        first = browser.cookie
        self.assertEqual(200, browser.sign_in(user)[0])
        self.assertNotEqual(first, browser.cookie)
        browser.cookie = first
        self.assertEqual(401, browser.whoami()[0])

    def test_sessions_end_by_themselves(self):
        user = self.person()
        shared, own = self.signed_in(user), self.signed_in(user, remember=True)
        self.server.advance("3h")
        self.assertEqual((401, 200), (shared.whoami()[0], own.whoami()[0]))
        lively = self.signed_in(user)
        for _ in range(8):
            self.server.advance("100m")
            status = lively.whoami()[0]
        self.assertEqual((401, 200), (status, own.whoami()[0]))

    def test_a_new_password_ends_every_session(self):
        user = self.person()
        browser = self.signed_in(user)
        self.assertEqual(200, browser.whoami()[0])
        self.server.cli("account", "password", user, "--password-stdin", stdin="another horse 8\n")
        self.assertEqual(401, browser.whoami()[0])

    def test_a_disabled_account_is_out(self):
        user = self.person()
        browser = self.signed_in(user)
        self.server.cli("account", "disable", user)
        self.assertEqual(401, browser.whoami()[0])

    def test_sessions_outlive_a_restart(self):
        browser = self.signed_in(remember=True)
        self.server.restart()
        self.assertEqual(200, browser.whoami()[0])

    def test_confirming_makes_a_session_fresh_again(self):
        browser = self.signed_in(remember=True)
        self.assertTrue(browser.whoami()[1]["fresh"])
        self.server.advance("20m")
        self.assertFalse(browser.whoami()[1]["fresh"])
        self.assertEqual(401, browser.fetch("POST", "/session/confirm", {"password": "nope"}).status)
        self.assertEqual(200, browser.fetch("POST", "/session/confirm", {"password": PASSWORD}).status)
        self.assertTrue(browser.whoami()[1]["fresh"])


if __name__ == "__main__":
    unittest.main()
