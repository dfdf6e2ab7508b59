"""The web client's page, as a browser that opens the server's address gets it."""

import unittest

import wire
from case import ServerCase


class WebFilesTest(ServerCase):
    def get(self, path, *headers):
        return wire.fetch(self.server.https_port, "GET", path, list(headers), tls=True)

    def test_the_address_alone_opens_a_page_with_a_strict_policy(self):
        answer = self.get("/")
        self.assertEqual(200, answer.status)
        self.assertTrue(answer.header("Content-Type").startswith("text/html"))
        policy = answer.header("Content-Security-Policy")
        for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"):
            self.assertIn(part, policy)
        self.assertNotIn("unsafe-eval", policy)
        self.assertEqual("nosniff", answer.header("X-Content-Type-Options"))

    def test_doors_keep_their_paths(self):
        html = ("Accept", "text/html")
        self.assertEqual(401, self.get("/jmap/session", html).status)
        self.assertEqual(401, self.get("/session", html).status)
        self.assertEqual(404, self.get("/assets/nothing.js", html).status)
        self.assertEqual(404, self.get("/nothing").status)


if __name__ == "__main__":
    unittest.main()
