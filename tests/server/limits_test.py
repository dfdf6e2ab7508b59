"""W6, W7, W8: poison items, runaway clients, and crowds of devices."""

import unittest

from case import ServerCase
from eas import Device, E
from items import contact
from phone import CONTACTS, INBOX
from server import PASSWORD


class LimitsTest(ServerCase):
    settings = {"eas.max_devices": "8"}

    def test_w6_a_phone_that_asks_for_one_item_again_and_again_is_not_stuck_forever(self):
        """The phone cannot digest one mail and repeats its key; others must come through in the end."""
        user = self.person()
        phone = self.phone(user)
        box = phone.pull(INBOX)
        for number in range(6):
            self.mail(user, f"Mail {number}")
        key = box.key
        answers = [phone.sync([phone.collection(box.folder.id, key, window=3)]) for _ in range(6)]
        for answer in answers:
            self.assertEqual(1, answer.root.number("Collections/Collection/Status"), "a repeat is never Status 3")
        phone.pull(INBOX)
        self.assertEqual([f"Mail {n}" for n in range(6)], box.texts("Email:Subject"))

    def test_w6_an_item_that_a_phone_never_takes_is_set_aside_and_named(self):
        """The phone throws away each answer with the mail "Bad" and repeats its key; all others come through."""
        user = self.person()
        phone = self.phone(user)
        box = phone.pull(INBOX)
        for number in range(4):
            self.mail(user, "Bad" if number == 1 else f"Mail {number}")
        taken, asked, bad = {}, 0, None
        while asked < 40:
            asked += 1
            answer = phone.sync([phone.collection(box.folder.id, box.key, window=10)])
            if answer.root is None:
                break
            node = answer.root.find("Collections/Collection")
            self.assertEqual(1, node.number("Status"), "a repeat is never Status 3")
            subjects = {n.text("ServerId"): n.text("ApplicationData/Email:Subject") for n in node.all("Commands/Add")}
            if "Bad" in subjects.values():
                bad = next(item for item, subject in subjects.items() if subject == "Bad")
                continue
            taken.update(subjects)
            box.key = node.text("SyncKey")
        self.assertLess(asked, 20, "there is an end")
        self.assertIn("could not be shown", taken.pop(bad), "it is set aside, and not lost")
        self.assertEqual({"Mail 0", "Mail 2", "Mail 3"}, set(taken.values()))
        self.assertIn(bad, self.server.cli("device", "show", user, phone.device_id))
        self.assertIn("again and again", self.server.cli("device", "log", user, phone.device_id))
        self.assertIn("Bad", self.phone(user).pull(INBOX).texts("Email:Subject"), "other devices have it")

    def test_w8_the_number_of_devices_per_person_is_bounded(self):
        user = self.person()
        refused = 0
        for number in range(12):
            device = Device(self.server, user, PASSWORD, device_id=f"CROWD{number}")
            try:
                device.provision()
                answer = device.folder_sync()
                refused += answer.code != 1
            except AssertionError:
                refused += 1
            device.close()
        self.assertEqual(4, refused)
        self.assertLessEqual(len(self.server.cli_json("device", "list", user)), 8)

    def test_w8_one_device_id_of_two_people_is_two_devices(self):
        one, two = self.phone(device_id="SHAREDIDENTITY"), self.phone(device_id="SHAREDIDENTITY")
        one.start(CONTACTS)
        two.start(CONTACTS)
        one.add(CONTACTS, *contact("OfOne"))
        two.add(CONTACTS, *contact("OfTwo"))
        self.assertEqual(["OfTwo"], two.pull(CONTACTS).texts("Contacts:LastName"))
        self.assertEqual(["OfOne"], one.pull(CONTACTS).texts("Contacts:LastName"))

    def test_w11_a_sync_of_too_many_collections_is_status_15(self):
        phone = self.phone()
        answer = phone.sync([phone.collection(f"9{number}", "0") for number in range(1000)])
        self.assertIn(answer.code, (4, 15), answer)

    def test_an_unknown_collection_is_answered_with_status(self):
        phone = self.phone()
        inbox = phone.start(INBOX)
        answer = phone.sync([phone.request_of(inbox), phone.collection("987654", "0")])
        statuses = {c.text("CollectionId"): c.number("Status") for c in answer.root.all("Collections/Collection")}
        self.assertTrue(answer.code in (4, 8, 12) or statuses.get("987654") in (4, 8, 12), answer)

    def test_a_sync_without_its_elements_is_status_4(self):
        phone = self.phone()
        inbox = phone.start(INBOX)
        for root in (E("AirSync:Sync", E("Collections", E("Collection", E("CollectionId", inbox.folder.id)))),
                     E("AirSync:Sync", E("Collections", E("Collection", E("SyncKey", inbox.key)))),
                     E("AirSync:Sync", E("Collections", E("Collection", E("SyncKey", "0"), E("CollectionId", inbox.folder.id),
                       E("Commands", E("Add", E("ClientId", "x"), E("ApplicationData", E("Email:Subject", "no")))))))):
            answer = phone.post("Sync", root)
            statuses = {answer.code} | {c.number("Status") for c in (answer.root.all("Collections/Collection") if answer.root else [])}
            self.assertTrue(answer.status == 400 or statuses & {4, 103}, answer)
        self.assertTrue(phone.sync_box(INBOX).quiet)

    def test_a_deep_request_is_400_without_harm(self):
        import wbxml
        phone = self.phone()
        deep = wbxml.HEADER + b"\x45" + b"\x5c\x4f" * 100000 + b"\x01" * 200001
        self.assertEqual(400, phone.post("Sync", body=deep, kind="application/vnd.ms-sync.wbxml").status)
        self.assertEqual([], phone.learn_folders())

    def test_a_huge_text_is_refused_or_kept_without_harm(self):
        phone = self.phone()
        phone.start(CONTACTS)
        command = phone.add_command("huge", *contact("x" * (4 << 20)))
        answer = phone.sync([phone.request_of(phone.box(CONTACTS), [command])])
        self.assertIn(answer.status, (200, 400, 413))
        self.assertEqual([], phone.learn_folders())


if __name__ == "__main__":
    unittest.main()
