"""The ActiveSync door answers HTTP as MS-ASHTTP says, and refuses what is not a request."""

import gzip
import unittest

import wbxml
import wire
from case import ServerCase
from eas import COMMAND_CODES, PATH, WBXML_TYPE, Device, E, base64_query, basic
from server import PASSWORD

COMMANDS = {"Sync", "SendMail", "SmartForward", "SmartReply", "FolderSync", "FolderCreate", "FolderDelete",
            "FolderUpdate", "MoveItems", "GetItemEstimate", "Settings", "Ping", "ItemOperations", "Provision"}
FOLDER_SYNC = wbxml.encode(E("FolderHierarchy:FolderSync", E("SyncKey", "0")))


class EasHttpTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("anna")

    def fetch(self, method, target, headers=(), body=b""):
        return wire.fetch(self.server.http_port, method, target, headers, body)

    def headers(self, *more, version="16.1"):
        return [("Authorization", basic(self.user, PASSWORD)), ("MS-ASProtocolVersion", version), *more]

    def query(self, command="FolderSync", device="DEVICE1"):
        return f"{PATH}?User=anna&DeviceId={device}&DeviceType=iPhone&Cmd={command}"

    # -- OPTIONS ---------------------------------------------------------------------------------------------------

    def test_options_names_the_versions_and_commands(self):
        answer = Device(self.server, self.user, PASSWORD).options()
        self.assertEqual(200, answer.status)
        versions = answer.header("MS-ASProtocolVersions").replace(" ", "").split(",")
        self.assertLessEqual({"12.1", "14.1", "16.1"}, set(versions))
        self.assertLessEqual(set(versions), {"2.5", "12.0", "12.1", "14.0", "14.1", "16.0", "16.1"})
        self.assertEqual(sorted(versions, key=float), versions)
        commands = set(answer.header("MS-ASProtocolCommands").replace(" ", "").split(","))
        self.assertLessEqual(COMMANDS, commands)
        self.assertEqual(b"", answer.body)

    def test_options_without_credentials_asks_for_basic(self):
        answer = Device(self.server, self.user, PASSWORD).options(authorised=False)
        self.assertEqual(401, answer.status)
        self.assertTrue(answer.header("WWW-Authenticate").lower().startswith("basic realm="))
        self.assertIsNone(answer.header("MS-ASProtocolVersions"))

    def test_every_advertised_command_is_known(self):
        device = Device(self.server, self.user, PASSWORD)
        commands = device.options().header("MS-ASProtocolCommands").replace(" ", "").split(",")
        device.provision()
        for command in commands:
            device.version = "12.1" if command in ("GetAttachment", "GetHierarchy") else "16.1"
            if command not in ("Ping", "Sync"):
                with self.subTest(command):
                    self.assertNotIn(device.post(command).status, (404, 405, 500, 501))

    # -- POST ------------------------------------------------------------------------------------------------------

    def test_post_without_credentials_is_401(self):
        answer = self.fetch("POST", self.query(), [("MS-ASProtocolVersion", "16.1"), ("Content-Type", WBXML_TYPE)],
                            FOLDER_SYNC)
        self.assertEqual(401, answer.status)
        self.assertTrue(answer.header("WWW-Authenticate").lower().startswith("basic"))

    def test_malformed_authorization_is_401(self):
        for value in ("Basic", "Basic !!!!", "Basic " + "A" * 5000, "Bearer x", "Basic YW5uYQ==", "Basic AA=="):
            with self.subTest(value[:20]):
                answer = self.fetch("POST", self.query(), [("Authorization", value)], FOLDER_SYNC)
                self.assertEqual(401, answer.status)

    def test_an_answer_carries_its_type_and_length(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        answer = device.folder_sync()
        self.assertEqual(WBXML_TYPE, answer.header("Content-Type"))
        self.assertEqual(str(len(answer.raw)), answer.header("Content-Length"))
        self.assertIn("private", answer.header("Cache-Control") or "private")

    def test_folder_sync_with_key_0_repeats_what_the_server_can(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        answer = device.folder_sync()
        self.assertIn("16.1", answer.header("MS-ASProtocolVersions") or "")
        self.assertIn("Sync", answer.header("MS-ASProtocolCommands") or "")
        self.assertEqual(answer.header("MS-ASProtocolVersions"), answer.header("X-MS-RP"))

    def test_unknown_command_is_501(self):
        for command in ("Bogus", "GetTheMoon", "sync2"):
            with self.subTest(command):
                answer = self.fetch("POST", self.query(command), self.headers(("Content-Type", WBXML_TYPE)), FOLDER_SYNC)
                self.assertEqual(501, answer.status)

    def test_a_method_the_door_does_not_know_is_refused(self):
        for method, expected in (("GET", (400, 405, 501)), ("PUT", (400, 405, 501)), ("BREW", (400, 405, 501))):
            with self.subTest(method):
                self.assertIn(self.fetch(method, self.query(), self.headers()).status, expected)

    def test_a_request_without_parameters_is_refused(self):
        for target in (PATH, f"{PATH}?", f"{PATH}?Cmd=FolderSync", f"{PATH}?User=anna&Cmd=FolderSync",
                       f"{PATH}?User=anna&DeviceId=&DeviceType=iPhone&Cmd=FolderSync"):
            with self.subTest(target):
                answer = self.fetch("POST", target, self.headers(("Content-Type", WBXML_TYPE)), FOLDER_SYNC)
                if answer.status == 200:
                    self.assertIn(wbxml.decode(answer.body).text("Status"), ("108", "109"))
                else:
                    self.assertEqual(400, answer.status)

    def test_w3_a_parameter_given_twice_is_400(self):
        for extra in ("&Cmd=Sync", "&cmd=FolderSync", "&DeviceId=OTHER", "&User=ben"):
            with self.subTest(extra):
                answer = self.fetch("POST", self.query() + extra, self.headers(("Content-Type", WBXML_TYPE)), FOLDER_SYNC)
                self.assertEqual(400, answer.status)

    def test_w3_an_unusable_device_id_is_refused(self):
        for device in ("A" * 33, "a%2Fb", "a%00b", "%F0%9F%98%80", "..%2F..%2Fetc"):
            with self.subTest(device):
                answer = self.fetch("POST", self.query(device=device), self.headers(("Content-Type", WBXML_TYPE)), FOLDER_SYNC)
                self.assertIn(answer.status, (200, 400))
                if answer.status == 200:
                    self.assertEqual("108", wbxml.decode(answer.body).text("Status"))

    def test_w3_a_version_nobody_speaks_is_refused(self):
        for version in ("1.0", "17.0", "x", "16.1.1", ""):
            with self.subTest(version):
                answer = self.fetch("POST", self.query(), self.headers(("Content-Type", WBXML_TYPE), version=version),
                                    FOLDER_SYNC)
                self.assertIn(answer.status, (400, 505))

    def test_w2_malformed_wbxml_is_400(self):
        good = FOLDER_SYNC
        documents = [b"\x00", b"hello", b"<FolderSync/>", good[:-1], good[:9], good + b"\x01", wbxml.HEADER,
                     wbxml.HEADER + b"\x00\x07\x56" + b"\x52" * 100, wbxml.HEADER + b"\x00\x07\xd6\x01\x01",
                     wbxml.HEADER + b"\x00\x07\x56\x52\x83\x00\x01\x01", wbxml.HEADER + b"\x00\x07\x56\x52\x02\x20\x01\x01",
                     wbxml.HEADER + b"\x00\x07\x56\x52\xc3\x8f\xff\xff\xff\xff\x7f0\x01\x01",
                     wbxml.HEADER + b"\x00\x07\x56\x52\xc3\x8f\xff\xff\xff\x7f0\x01\x01",
                     wbxml.HEADER + b"\x00\x07\x56\x52\x43\x01\x01", wbxml.HEADER + b"\x00\x07\x56\x52\x04\x00\x01\x01",
                     b"\x03\x01\x04\x00\x00\x07\x56\x52\x03\xff0\x00\x01\x01",
                     b"\x03\x01\x6a\x04abc\x00\x00\x07\x56\x52\x83\x00\x01\x01"]
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        for document in documents:
            with self.subTest(document.hex()[:60]):
                answer = device.post("FolderSync", body=document, kind=WBXML_TYPE)
                self.assertEqual(400, answer.status)
        self.assertEqual(1, device.folder_sync().code)

    def test_w2_a_sync_cut_at_any_byte_is_400(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        good = wbxml.encode(E("AirSync:Sync", E("Collections", device.collection("1", "0"))))
        for end in range(1, len(good)):
            with self.subTest(end):
                self.assertEqual(400, device.post("Sync", body=good[:end], kind=WBXML_TYPE).status)

    def test_w2_an_unknown_but_well_formed_element_is_skipped(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        body = wbxml.HEADER + b"\x00\x07\x56\x52\x030\x00\x01\x7e\x03later\x00\x01\x00\x1e\x4c\x03x\x00\x01\x01"
        answer = device.post("FolderSync", body=body, kind=WBXML_TYPE)
        self.assertEqual((200, 1), (answer.status, answer.code))

    def test_another_root_than_the_command_is_refused(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        answer = device.post("FolderSync", E("Ping:Ping", E("HeartbeatInterval", 60)))
        self.assertTrue(answer.status == 400 or answer.code in (4, 10, 101, 103), answer)

    def test_an_empty_folder_sync_is_refused_without_500(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        answer = device.post("FolderSync")
        self.assertTrue(answer.status == 400 or answer.code in (10, 101), answer)

    def test_a_wrong_path_is_404(self):
        for path in ("/", "/Microsoft-Server-ActiveSync/x", "/Microsoft-Server-ActiveSyncX", "/nothing"):
            with self.subTest(path):
                self.assertIn(self.fetch("POST", path, self.headers(), b"x").status, (400, 404, 405))

    def test_the_path_is_found_in_any_case(self):
        answer = self.fetch("OPTIONS", "/microsoft-server-activesync", self.headers())
        self.assertEqual(200, answer.status)

    def test_gzip_is_used_only_when_asked_for(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        key = device.folder_sync().root.text("SyncKey")
        for number in range(12):
            key = device.folder_create(key, "0", f"Folder {number} " + "x" * 80, 12).root.text("SyncKey")
        plain = device.folder_sync()
        self.assertIsNone(plain.header("Content-Encoding"))
        packed = device.folder_sync(extra=[("Accept-Encoding", "gzip, deflate, br")])
        self.assertEqual("gzip", packed.header("Content-Encoding"))
        self.assertEqual(plain.root.number("Changes/Count"), packed.root.number("Changes/Count"))

    def test_a_packed_request_means_the_same(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        packed = lambda data, coding="gzip": device.post("FolderSync", body=data, kind=WBXML_TYPE, extra=[("Content-Encoding", coding)])
        self.assertEqual(1, packed(gzip.compress(FOLDER_SYNC)).code)
        self.assertEqual(400, packed(gzip.compress(FOLDER_SYNC)[:-4]).status)
        self.assertEqual(400, packed(FOLDER_SYNC).status)
        self.assertEqual(400, packed(FOLDER_SYNC, "compress").status)
        self.assertEqual(400, packed(gzip.compress(bytes(40_000_000))).status, "what grows beyond every bound is refused")

    def test_a_client_that_waits_to_be_asked_for_its_body_is_asked(self):
        device = Device(self.server, self.user, PASSWORD)
        device.provision()
        connection = device.connect()
        head = f"POST {device.target('FolderSync')} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: {WBXML_TYPE}\r\nContent-Length: {len(FOLDER_SYNC)}\r\n"
        connection.send((head + "".join(f"{key}: {value}\r\n" for key, value in device.headers()) + "\r\n").encode())
        self.assertTrue(connection.socket.recv(100).startswith(b"HTTP/1.1 100"))
        connection.send(FOLDER_SYNC)
        self.assertEqual(200, connection.response("POST").status)
        connection.close()

    def test_every_command_and_parameter_has_a_base64_form(self):
        device = Device(self.server, self.user, PASSWORD, base64_form=True)
        device.provision()
        for command in COMMAND_CODES:
            answer = device.post(command, parameters=[("CollectionId", b"1"), ("ItemId", b"1:1"), ("LongId", b"x"), ("AttachmentName", b"y"),
                                                      ("Occurrence", b"z"), ("Options", b"\x03"), ("User", b"anna")])
            self.assertIn(answer.status, (200, 400, 501), command)
        self.assertEqual(1, device.folder_sync().code)

    def test_a_connection_serves_many_requests(self):
        connection = wire.Connection("127.0.0.1", self.server.http_port)
        for _ in range(20):
            self.assertEqual(200, connection.request("OPTIONS", PATH, self.headers()).status)
        connection.close()

    # -- the base64 query ------------------------------------------------------------------------------------------

    def test_w3_the_base64_query_means_the_same(self):
        plain = Device(self.server, self.user, PASSWORD, device_id="BASE64DEVICE")
        plain.provision()
        packed = Device(self.server, self.user, PASSWORD, device_id="BASE64DEVICE", base64_form=True)
        packed.policy_key = plain.policy_key
        first, second = plain.folder_sync(), packed.folder_sync()
        names = lambda answer: sorted(node.text("DisplayName") for node in answer.root.all("Changes/Add"))
        self.assertEqual(names(first), names(second))

    def test_w3_a_broken_base64_query_is_400(self):
        good = base64_query("FolderSync", "16.1", "D1", "iPhone", 0)
        for query in (good[:4], good[:8], "!!!!", "AAAA", good.replace(good[:2], "__"), base64_query(
                "FolderSync", "16.1", "D1", "iPhone", 0, parameters=[("LongId", b"x" * 9)])[:-6]):
            with self.subTest(query):
                answer = self.fetch("POST", f"{PATH}?{query}", [("Authorization", basic(self.user, PASSWORD)),
                                                                ("Content-Type", WBXML_TYPE)], FOLDER_SYNC)
                self.assertEqual(400, answer.status)

    def test_w3_a_policy_key_of_three_bytes_is_400(self):
        import base64
        data = bytes((161, 9, 9, 4, 2)) + b"D1" + b"\x03\x01\x02\x03" + b"\x06iPhone"
        answer = self.fetch("POST", f"{PATH}?{base64.b64encode(data).decode()}",
                            [("Authorization", basic(self.user, PASSWORD)), ("Content-Type", WBXML_TYPE)], FOLDER_SYNC)
        self.assertEqual(400, answer.status)


if __name__ == "__main__":
    unittest.main()
