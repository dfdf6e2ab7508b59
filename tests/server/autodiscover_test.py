"""Autodiscover: POX for ActiveSync and the JSON form (MS-ASCMD 2.2.1.1; hardening W13)."""

import json
import unittest

from lxml import etree

import wire
import xsd
from case import ServerCase
from eas import basic
from server import PASSWORD

REQUEST = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006"
RESPONSE = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"


def request(address, schema=RESPONSE):
    return (f'<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="{REQUEST}"><Request><EMailAddress>{address}'
            f"</EMailAddress><AcceptableResponseSchema>{schema}</AcceptableResponseSchema></Request></Autodiscover>").encode()


class AutodiscoverTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("anna")

    def post(self, body, user=None, password=PASSWORD, path="/autodiscover/autodiscover.xml", host="autodiscover.example.org"):
        headers = [("Content-Type", "text/xml"), ("Host", host)]
        if password is not None:
            headers.append(("Authorization", basic(user or self.user, password)))
        return wire.fetch(self.server.https_port, "POST", path, headers, body, tls=True)

    def get(self, query, path="/autodiscover/autodiscover.json", **options):
        return wire.fetch(self.server.https_port, "GET", f"{path}?{query}", [("Host", "autodiscover.example.org")], tls=True)

    def valid(self, answer):
        self.assertEqual(200, answer.status)
        self.assertTrue(answer.header("Content-Type").startswith("text/xml"))
        tree = etree.fromstring(answer.body)
        self.assertEqual([], xsd.COUNTER.errors(tree))
        return tree

    def test_the_url_of_the_server_is_told(self):
        tree = self.valid(self.post(request(self.user)))
        server = tree.find(f".//{{{RESPONSE}}}Server")
        self.assertEqual("MobileSync", server.findtext(f"{{{RESPONSE}}}Type"))
        self.assertTrue(server.findtext(f"{{{RESPONSE}}}Url").startswith("https://"))
        self.assertTrue(server.findtext(f"{{{RESPONSE}}}Url").endswith("/Microsoft-Server-ActiveSync"))
        self.assertEqual(self.user, tree.findtext(f".//{{{RESPONSE}}}EMailAddress"))

    def test_the_path_is_found_in_any_case(self):
        for path in ("/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.xml", "/autodiscover/autodiscover.xml"):
            with self.subTest(path):
                self.valid(self.post(request(self.user), path=path))

    def test_w13_nothing_is_told_without_credentials(self):
        answer = self.post(request(self.user), password=None)
        self.assertEqual(401, answer.status)
        self.assertTrue(answer.header("WWW-Authenticate").lower().startswith("basic"))
        self.assertEqual(401, self.post(request(self.user), password="wrong").status)
        self.assertEqual(401, self.post(request("nobody@example.org"), user="nobody@example.org").status)

    def test_w13_another_address_is_an_error_inside(self):
        tree = self.valid(self.post(request("ben@elsewhere.example")))
        self.assertIsNone(tree.find(f".//{{{RESPONSE}}}Url"))
        self.assertTrue(any(etree.QName(e).localname == "ErrorCode" or etree.QName(e).localname == "Error" for e in tree.iter()))

    def test_an_unknown_schema_is_code_601_and_a_broken_request_600(self):
        tree = self.valid(self.post(request(self.user, "http://example.net/other")))
        codes = [e.text for e in tree.iter() if etree.QName(e).localname == "ErrorCode"]
        self.assertEqual(["601"], codes)
        tree = self.valid(self.post(b"<nothing/>"))
        self.assertEqual(["600"], [e.text for e in tree.iter() if etree.QName(e).localname == "ErrorCode"])

    def test_x1_entities_are_refused(self):
        for bomb in (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
                     b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', b"<a>" * 100000, b"not xml"):
            answer = self.post(bomb)
            self.assertIn(answer.status, (200, 400, 413))
            self.assertNotIn(b"root:", answer.body)
            self.assertNotIn(b"MobileSync", answer.body)

    def test_json_names_the_activesync_url(self):
        for protocol in ("ActiveSync", "activesync", "ACTIVESYNC"):
            answer = self.get(f"Email={self.user}&Protocol={protocol}&RedirectCount=1")
            self.assertEqual(200, answer.status)
            document = json.loads(answer.body)
            self.assertEqual("activesync", document["Protocol"].lower())
            self.assertTrue(document["Url"].endswith("/Microsoft-Server-ActiveSync"))

    def test_json_by_path(self):
        answer = wire.fetch(self.server.https_port, "GET", f"/autodiscover/autodiscover.json/v1.0/{self.user}?Protocol=ActiveSync",
                            [("Host", "autodiscover.example.org")], tls=True)
        self.assertEqual(200, answer.status)
        self.assertTrue(json.loads(answer.body)["Url"].endswith("/Microsoft-Server-ActiveSync"))

    def test_json_names_the_v1_service_and_refuses_the_rest(self):
        document = json.loads(self.get(f"Email={self.user}&Protocol=AutodiscoverV1").body)
        self.assertTrue(document["Url"].lower().endswith("/autodiscover/autodiscover.xml"))
        for protocol in ("EWS", "Bogus", ""):
            answer = self.get(f"Email={self.user}&Protocol={protocol}")
            self.assertIn(answer.status, (400, 404))
            self.assertIn("ErrorCode", json.loads(answer.body))

    def test_w13_json_does_not_tell_who_exists(self):
        one = self.get(f"Email={self.user}&Protocol=ActiveSync")
        other = self.get("Email=nobody@example.org&Protocol=ActiveSync")
        self.assertEqual((one.status, one.body), (other.status, other.body))


if __name__ == "__main__":
    unittest.main()
