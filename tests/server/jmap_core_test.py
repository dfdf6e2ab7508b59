"""JMAP Core: session, requests, references, limits, blobs and the event source (RFC 8620, RFC 9404; hardening H6)."""

import base64
import json
import unittest

import wire
from case import ServerCase
from jmap import BLOB, CORE, MAIL, Jmap


class JmapCoreTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("anna")
        cls.jmap = Jmap(cls.server, cls.user)

    def problem(self, body, **options):
        answer = self.jmap.post(body, **options)
        self.assertEqual(400, answer.status)
        self.assertTrue(answer.header("Content-Type").startswith("application/problem+json"))
        return json.loads(answer.plain_body())["type"].removeprefix("urn:ietf:params:jmap:error:")

    def test_session_has_absolute_urls_and_its_limits(self):
        session = self.jmap.session
        for name in ("apiUrl", "downloadUrl", "uploadUrl", "eventSourceUrl"):
            self.assertTrue(session[name].startswith("https://"), session[name])
        for name in ("{accountId}", "{blobId}", "{name}", "{type}"):
            self.assertIn(name, session["downloadUrl"])
        for name in ("{types}", "{closeafter}", "{ping}"):
            self.assertIn(name, session["eventSourceUrl"])
        core = session["capabilities"][CORE]
        self.assertGreaterEqual(core["maxObjectsInGet"], 500)
        self.assertGreaterEqual(core["maxCallsInRequest"], 16)
        self.assertEqual(self.user, session["username"])
        self.assertTrue(session["accounts"][session["primaryAccounts"][MAIL]]["isPersonal"])

    def test_nothing_is_told_without_credentials(self):
        for path in ("/.well-known/jmap", "/jmap/api", "/jmap/eventsource/", "/jmap/upload/a1/", "/jmap/download/a1/b1_1/x"):
            answer = wire.fetch(self.server.https_port, "GET", path, [], tls=True)
            self.assertEqual(401, answer.status, path)

    def test_what_is_no_request_is_told_as_such(self):
        self.assertEqual("notJSON", self.problem(b"{"))
        self.assertEqual("notJSON", self.problem(b'{"using":[],"using":[],"methodCalls":[]}'))
        self.assertEqual("notJSON", self.problem(b'{"using":[],"methodCalls":[]}', content_type="text/plain"))
        self.assertEqual("notRequest", self.problem({"using": [CORE]}))
        self.assertEqual("unknownCapability", self.problem({"using": ["urn:x"], "methodCalls": []}))
        self.assertEqual("limit", self.problem({"using": [CORE], "methodCalls": [["Core/echo", {}, "0"]] * 65}))

    def test_echo_and_unknown_methods(self):
        self.jmap.using = [CORE, MAIL, BLOB]
        name, arguments, call_id = self.jmap.calls(["Core/echo", {"a": [1, {"b": None}], "c": "ü"}, "x7"])[0]
        self.assertEqual(("Core/echo", {"a": [1, {"b": None}], "c": "ü"}, "x7"), (name, arguments, call_id))
        self.assertEqual("unknownMethod", self.jmap.error("Foo/get"))
        self.assertEqual("unknownMethod", self.jmap.error("core/echo"))
        self.jmap.using = [CORE]
        self.assertEqual("unknownMethod", self.jmap.error("Mailbox/get"))
        self.jmap.using = [CORE, MAIL, BLOB]

    def test_references_take_values_of_earlier_calls(self):
        responses = self.jmap.calls(
            ["Mailbox/get", {"accountId": self.jmap.account, "ids": None, "properties": ["name"]}, "0"],
            ["Mailbox/get", {"accountId": self.jmap.account, "#ids": {"resultOf": "0", "name": "Mailbox/get", "path": "/list/*/id"}}, "1"],
            ["Mailbox/get", {"accountId": self.jmap.account, "#ids": {"resultOf": "0", "name": "Mailbox/get", "path": "/nowhere"}}, "2"],
            ["Mailbox/get", {"accountId": self.jmap.account, "ids": [], "#ids": {"resultOf": "0", "name": "Mailbox/get", "path": "/list/*/id"}}, "3"])
        self.assertEqual([box["id"] for box in responses[0][1]["list"]], [box["id"] for box in responses[1][1]["list"]])
        self.assertEqual("invalidResultReference", responses[2][1]["type"])
        self.assertEqual("invalidArguments", responses[3][1]["type"])

    def test_created_ids_come_back_when_they_were_sent(self):
        self.jmap.calls(["Core/echo", {}, "0"])
        self.assertNotIn("createdIds", self.jmap.last)
        self.jmap.calls(["Mailbox/set", {"accountId": self.jmap.account, "create": {"m": {"name": "Made here"}}}, "0"], created={"old": "c9"})
        self.assertEqual("c9", self.jmap.last["createdIds"]["old"])
        self.assertIn("m", self.jmap.last["createdIds"])

    def test_accounts_of_others_are_not_found(self):
        other = Jmap(self.server, self.server.person())
        self.assertEqual("accountNotFound", self.jmap.error("Mailbox/get", accountId=other.account))
        self.assertEqual("accountNotFound", self.jmap.error("Mailbox/get", accountId="zzz"))
        self.assertEqual("invalidArguments", self.jmap.error("Mailbox/get", accountId=7))
        blob = other.upload(b"secret")["blobId"]
        self.assertEqual(404, self.jmap.download(blob).status)
        self.assertEqual(404, self.jmap.download(blob, account=other.account).status)

    def test_wrong_arguments_are_refused(self):
        for arguments in ({"ids": "c1"}, {"ids": [1]}, {"ids": ["a b"]}, {"properties": ["nope"]}, {"foo": 1}, {"ids": ["x" * 256]}):
            self.assertEqual("invalidArguments", self.jmap.error("Mailbox/get", **arguments), arguments)
        self.assertEqual("requestTooLarge", self.jmap.error("Mailbox/get", ids=[f"c{i}" for i in range(1001)]))

    def test_blobs_go_up_and_down_unchanged(self):
        for data in (b"", b"hello", bytes(range(256)) * 4000):
            made = self.jmap.upload(data, "image/png")
            self.assertEqual((len(data), "image/png"), (made["size"], made["type"]))
            answer = self.jmap.download(made["blobId"], "Bild ü.png", "image/png")
            self.assertEqual(200, answer.status)
            self.assertEqual(data, answer.plain_body())
            self.assertEqual("nosniff", answer.header("X-Content-Type-Options"))
            self.assertIn("attachment", answer.header("Content-Disposition"))

    def test_rfc_9404_blobs_are_put_together_and_read_in_parts(self):
        first = self.jmap.upload(b"0123456789")["blobId"]
        answer = self.jmap.call("Blob/upload", create={"b": {"type": "text/plain", "data": [
            {"data:asText": "ä-"}, {"data:asBase64": base64.b64encode(b"xyz").decode()}, {"blobId": first, "offset": 2, "length": 3}]},
            "bad": {"data": [{"blobId": "u1"}]}, "range": {"data": [{"blobId": first, "offset": 9, "length": 5}]}})
        made = answer["created"]["b"]
        self.assertEqual("ä-xyz234".encode(), self.jmap.download(made["id"]).plain_body())
        self.assertEqual("blobNotFound", answer["notCreated"]["bad"]["type"])
        self.assertEqual("invalidProperties", answer["notCreated"]["range"]["type"])
        got = self.jmap.call("Blob/get", ids=[made["id"], "u1"], properties=["data:asText", "size", "digest:sha-256"], offset=0, length=2)
        self.assertEqual(["u1"], got["notFound"])
        self.assertEqual(("ä", len("ä-xyz234".encode())), (got["list"][0]["data:asText"], got["list"][0]["size"]))
        binary = self.jmap.upload(b"\xff\xfe")["blobId"]
        got = self.jmap.call("Blob/get", ids=[binary])["list"][0]
        self.assertTrue(got["isEncodingProblem"])
        self.assertEqual("//4=", got["data:asBase64"])

    def test_event_source_tells_new_mail_and_nothing_before(self):
        events = self.jmap.events(ping=1)
        self.addCleanup(events.close)
        self.assertEqual(200, events.status)
        self.assertEqual("text/event-stream", events.headers["content-type"])
        self.assertEqual("ping", events.next()[0])
        self.mail(self.user, "Pushed")
        while (event := events.next())[0] == "ping":
            pass
        self.assertEqual("state", event[0])
        self.assertEqual("StateChange", event[1]["@type"])
        changed = event[1]["changed"][self.jmap.account]
        self.assertEqual({"Email", "Mailbox", "Thread"}, set(changed))
        state = self.jmap.call("Email/get", ids=[])["state"]
        self.assertEqual(state, changed["Email"])

    def test_event_source_closes_after_a_state_and_tells_what_was_missed(self):
        events = self.jmap.events(types="Email", closeafter="state")
        self.mail(self.user, "One")
        event = events.next()
        self.assertEqual(["Email"], list(event[1]["changed"][self.jmap.account]))
        last = events.id
        self.assertIsNone(events.next())
        events.close()
        self.mail(self.user, "Two")
        again = self.jmap.events(types="Email", last=last)
        self.addCleanup(again.close)
        self.assertEqual("state", again.next()[0])


if __name__ == "__main__":
    unittest.main()
