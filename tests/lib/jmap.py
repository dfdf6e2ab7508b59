"""A JMAP client of the tests' own: sessions, calls with references, blobs, and an event source.

Spec: RFC 8620. Invariants: every answer is checked for the shape that the standard gives it.
"""

import json
import socket
import ssl
import urllib.parse

import wire
from eas import basic
from server import PASSWORD

CORE = "urn:ietf:params:jmap:core"
MAIL = "urn:ietf:params:jmap:mail"
BLOB = "urn:ietf:params:jmap:blob"
CONTACTS = "urn:ietf:params:jmap:contacts"
CALENDARS = "urn:ietf:params:jmap:calendars"
PRINCIPALS = "urn:ietf:params:jmap:principals"
TASKS = "urn:lockstep:jmap:tasks"
NOTES = "urn:lockstep:jmap:notes"
STATE_TYPES = {"newState", "oldState", "state", "queryState", "sessionState"}


class MethodError(AssertionError):
    def __init__(self, error):
        super().__init__(json.dumps(error))
        self.type = error["type"]
        self.error = error


class Jmap:
    """One signed-in person. `call` answers the arguments of the only response; an error raises MethodError."""

    def __init__(self, server, user, password=PASSWORD):
        self.server, self.user, self.password = server, user, password
        self.using = [CORE, MAIL, BLOB]
        self.session = self.fetch_session()
        self.account = self.session["primaryAccounts"][MAIL]

    def headers(self, *more):
        return [("Authorization", basic(self.user, self.password)), *more]

    def fetch(self, method, target, headers=(), body=b""):
        return wire.fetch(self.server.https_port, method, target, self.headers(*headers), body, tls=True)

    def fetch_session(self):
        answer = self.fetch("GET", "/.well-known/jmap")
        assert answer.status == 200, answer.status
        return json.loads(answer.plain_body())

    def post(self, body, content_type="application/json"):
        """The raw HTTP answer to a request body."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.fetch("POST", urllib.parse.urlsplit(self.session["apiUrl"]).path, [("Content-Type", content_type)], data)

    def calls(self, *calls, created=None):
        """The responses, [name, arguments, id] each."""
        request = {"using": self.using, "methodCalls": [list(call) for call in calls]}
        if created is not None:
            request["createdIds"] = created
        answer = self.post(request)
        assert answer.status == 200, (answer.status, answer.body[:300])
        assert answer.header("Content-Type").startswith("application/json")
        whole = json.loads(answer.plain_body())
        assert isinstance(whole["sessionState"], str)
        for name, arguments, call_id in whole["methodResponses"]:
            assert isinstance(name, str) and isinstance(arguments, dict) and isinstance(call_id, str)
            for key in STATE_TYPES & arguments.keys():
                assert arguments[key] is None or isinstance(arguments[key], str), (name, key)
        self.last = whole
        return whole["methodResponses"]

    def call(self, name, account=True, **arguments):
        if account:
            arguments.setdefault("accountId", self.account)
        responses = self.calls([name, arguments, "0"])
        got, answer, _ = responses[0]
        if got == "error":
            raise MethodError(answer)
        assert got == name, responses
        return answer

    def error(self, name, **arguments):
        """The type of the error that the call is answered with."""
        try:
            answer = self.call(name, **arguments)
        except MethodError as error:
            return error.type
        raise AssertionError(f"{name} was answered: {json.dumps(answer)[:300]}")

    def get(self, kind, ids=None, properties=None, **more):
        arguments = {"ids": ids, **more}
        if properties is not None:
            arguments["properties"] = properties
        return self.call(f"{kind}/get", **arguments)["list"]

    def one(self, kind, thing, properties=None, **more):
        found = self.get(kind, [thing], properties, **more)
        assert len(found) == 1, found
        return found[0]

    def create(self, kind, **values):
        answer = self.call(f"{kind}/set", create={"k": values})
        assert answer["created"], answer
        return answer["created"]["k"]

    def mailbox(self, role):
        return next(box["id"] for box in self.get("Mailbox") if box["role"] == role)

    def upload(self, data, content_type="application/octet-stream"):
        path = urllib.parse.urlsplit(self.session["uploadUrl"].replace("{accountId}", self.account)).path
        answer = self.fetch("POST", path, [("Content-Type", content_type)], data)
        assert answer.status == 201, (answer.status, answer.body[:300])
        return json.loads(answer.plain_body())

    def download(self, blob, name="file", content_type="application/octet-stream", account=None):
        url = self.session["downloadUrl"]
        for key, value in {"accountId": account or self.account, "blobId": blob, "name": name, "type": content_type}.items():
            url = url.replace("{" + key + "}", urllib.parse.quote(value, safe=""))
        parts = urllib.parse.urlsplit(url)
        return self.fetch("GET", f"{parts.path}?{parts.query}")

    def events(self, types="*", closeafter="no", ping=0, last=None):
        return Events(self, types, closeafter, ping, last)


class Events:
    """An open event source; `next` answers (event, data) of the next one."""

    def __init__(self, client, types, closeafter, ping, last):
        url = client.session["eventSourceUrl"]
        for key, value in {"types": types, "closeafter": closeafter, "ping": str(ping)}.items():
            url = url.replace("{" + key + "}", urllib.parse.quote(value, safe=""))
        parts = urllib.parse.urlsplit(url)
        raw = socket.create_connection(("127.0.0.1", client.server.https_port), timeout=20)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.socket = context.wrap_socket(raw)
        head = [f"GET {parts.path}?{parts.query} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: {basic(client.user, client.password)}"]
        if last:
            head.append(f"Last-Event-ID: {last}")
        self.socket.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        self.lines = []

    def _chunk(self):
        size = int(self.file.readline().strip() or b"0", 16)
        data = self.file.read(size)
        self.file.readline()
        return data

    def next(self, seconds=10):
        """The next event; None when the server ended the stream."""
        self.socket.settimeout(seconds)
        text = b"".join(self.lines)
        self.lines = []
        while True:
            while b"\n\n" in text:
                block, _, text = text.partition(b"\n\n")
                fields = dict(line.split(": ", 1) for line in block.decode().split("\n") if not line.startswith(":"))
                if fields:
                    self.lines = [text]
                    self.id = fields.get("id")
                    return fields.get("event"), json.loads(fields["data"])
            chunk = self._chunk()
            if not chunk:
                return None
            text += chunk

    def close(self):
        self.socket.close()
