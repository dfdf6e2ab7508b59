"""The test phone notices what a server must never do; the answers here are made by hand."""

import unittest

import wbxml
from eas import base64_query
from items import BERLIN, read_zone
from phone import INBOX, Folder, Phone
from wbxml import E


class Stub(Phone):
    """A phone whose requests go nowhere; `answers` come back one by one."""

    def __init__(self, *answers):
        super().__init__(None, "anna@example.org", "x")
        self.answers = list(answers)
        self.requests = []
        self.folders = {"1": Folder("1", "0", "Inbox", INBOX)}

    def post(self, command, root=None, **options):
        self.requests.append(wbxml.decode(wbxml.encode(root)))
        node = self.answers.pop(0)
        answer = type("Answer", (), {"status": 200, "body": b"" if node is None else b"x", "code": None})()
        answer.root = None if node is None else wbxml.decode(wbxml.encode(node))
        return answer


def collection(key, *parts, status=1):
    return E("AirSync:Sync", E("Collections", E("Collection", E("SyncKey", key), E("CollectionId", "1"), E("Status", status), *parts)))


def add(item, subject="s"):
    return E("Add", E("ServerId", item), E("ApplicationData", E("Email:Subject", subject)))


class PhoneTest(unittest.TestCase):
    def test_it_holds_what_it_was_told(self):
        phone = Stub(collection("1"), collection("2", E("Commands", add("1:1", "a"), add("1:2", "b"))),
                     collection("3", E("Commands", E("Change", E("ServerId", "1:1"), E("ApplicationData", E("Email:Read", 1))),
                                       E("Delete", E("ServerId", "1:2")))), None)
        phone.start(INBOX)
        phone.sync_box(INBOX)
        phone.sync_box(INBOX)
        self.assertTrue(phone.sync_box(INBOX).quiet)
        (item,) = phone.box(INBOX).items.values()
        self.assertEqual(("a", "1"), (item.text("Email:Subject"), item.text("Email:Read")))
        self.assertEqual(["0", "1", "2", "3"], [r.text("Collections/Collection/SyncKey") for r in phone.requests])

    def fails(self, *answers):
        phone = Stub(collection("1"), *answers)
        phone.start(INBOX)
        with self.assertRaises(AssertionError):
            for _ in answers:
                phone.sync_box(INBOX)

    def test_a_second_add_is_a_failure(self):
        self.fails(collection("2", E("Commands", add("1:1"))), collection("3", E("Commands", add("1:1"))))

    def test_a_change_or_delete_of_what_it_never_had_is_a_failure(self):
        self.fails(collection("2", E("Commands", E("Change", E("ServerId", "1:9"), E("ApplicationData", E("Email:Read", 1))))))
        self.fails(collection("2", E("Commands", E("Delete", E("ServerId", "1:9")))))
        self.fails(collection("2", E("Commands", E("SoftDelete", E("ServerId", "1:9")))))

    def test_a_key_that_stays_is_a_failure(self):
        self.fails(collection("1"))

    def test_a_class_in_the_answer_is_a_failure_after_12_1(self):
        self.fails(collection("2", E("Class", "Email")))

    def test_items_in_the_answer_to_key_0_are_a_failure(self):
        phone = Stub(collection("1", E("Commands", add("1:1"))))
        with self.assertRaises(AssertionError):
            phone.start(INBOX)

    def test_an_add_of_its_own_takes_the_servers_id(self):
        phone = Stub(collection("1"), collection("2", E("Responses", E("Add", E("ClientId", "c"), E("ServerId", "1:7"), E("Status", 1)))))
        phone.start(INBOX)
        phone.sync_box(INBOX, [phone.add_command("c", E("Email:Subject", "mine"))])
        self.assertEqual("mine", phone.box(INBOX).items["1:7"].text("Email:Subject"))

    def test_an_add_without_a_response_is_a_failure(self):
        phone = Stub(collection("1"), collection("2"))
        phone.start(INBOX)
        with self.assertRaises(AssertionError):
            phone.sync_box(INBOX, [phone.add_command("c", E("Email:Subject", "mine"))])

    def test_the_base64_query_is_the_one_of_the_specification(self):
        self.assertEqual("jAAJBAp2MTQwRGV2aWNlAApTbWFydFBob25l", base64_query("Sync", "14.0", "v140Device", "SmartPhone"), "MS-ASHTTP 2.2.1.1.1")

    def test_the_zone_blob_reads_back(self):
        zone = read_zone(BERLIN)
        self.assertEqual((-60, -60, "W. Europe Standard Time"), (zone["bias"], zone["daylight_bias"], zone["names"][0]))
        self.assertEqual((0, 3, 0, 5, 2, 0, 0, 0), zone["daylight"])


if __name__ == "__main__":
    unittest.main()
