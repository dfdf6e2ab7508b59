"""A browser as far as sign-in is concerned: it keeps a cookie, says where a request comes from, and speaks JMAP with both.

Spec: RFC 6265bis. Invariants: it sees of the cookie what a browser sees, and checks the attributes it was set with.
"""

import json

import wire
from jmap import BLOB, CORE, MAIL, Jmap
from server import PASSWORD


class Browser:
    def __init__(self, server, tls=True):
        self.server, self.tls, self.cookie, self.attributes = server, tls, None, {}
        self.port = server.https_port if tls else server.http_port
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def fetch(self, method, path, body=b"", origin="own", content_type="application/json", headers=()):
        """`origin`: "own", another site's, or None for none."""
        fields = [("User-Agent", "Test browser"), *headers]
        if self.cookie:
            fields.append(("Cookie", self.cookie))
        if origin:
            fields.append(("Origin", self.origin if origin == "own" else origin))
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        if body:
            fields.append(("Content-Type", content_type))
        answer = wire.fetch(self.port, method, path, fields, body, tls=self.tls)
        for value in answer.headers_named("Set-Cookie"):
            pair, *attributes = [part.strip() for part in value.split(";")]
            self.attributes = {name.lower(): rest for name, _, rest in (each.partition("=") for each in attributes)}
            self.cookie = pair if self.attributes.get("max-age") != "0" else None
        return answer

    def sign_in(self, user, password=PASSWORD, **more):
        """The status and the object that the page is told."""
        answer = self.fetch("POST", "/session", {"user": user, "password": password, **more})
        return answer.status, json.loads(answer.plain_body())

    def whoami(self):
        answer = self.fetch("GET", "/session")
        return answer.status, json.loads(answer.plain_body())


class BrowserJmap(Jmap):
    """JMAP by the browser's cookie."""

    def __init__(self, browser, user, using=()):
        self.browser = browser
        super().__init__(browser.server, user)
        self.using = [CORE, MAIL, BLOB, *using]

    def fetch(self, method, target, headers=(), body=b""):
        kind = dict(headers).get("Content-Type", "application/json")
        return self.browser.fetch(method, target, body, content_type=kind)
