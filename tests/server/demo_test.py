"""The sample office: every phone version can take all of it, and it shows what it is there to show."""

import unittest

from case import ServerCase
from eas import E, body_preference, sync_options
from phone import CALENDAR, CONTACTS, INBOX, NOTES, Phone, TASKS, USER_CALENDAR, USER_CONTACTS, USER_NOTES, USER_TASKS

PEOPLE = ("anna", "ben", "clara", "david", "emil", "fatima")
DEMO_PASSWORD = "lockstep"


class DemoTest(ServerCase):
    @classmethod
    def prepare(cls):
        cls.server.cli("demo")
        cls.server.start()

    def signed_in(self, name, version="16.1"):
        phone = Phone(self.server, f"{name}@example.org", DEMO_PASSWORD, version)
        self.addCleanup(phone.close)
        return phone.set_up()

    def pull_all(self, phone, bodies):
        """Every folder to its end; returns the number of items."""
        count = 0
        for folder in list(phone.folders.values()):
            kind = folder.item_class
            if kind == "Notes" and phone.number < 14:
                continue
            options = {"Email": sync_options(0, bodies, mime=2), "Calendar": sync_options(0, bodies)}.get(kind, sync_options(None, bodies))
            count += len(phone.pull(folder, options=options, window=50).items)
        return count

    def test_every_version_takes_all_of_it_in_every_form(self):
        for version in ("12.1", "14.1", "16.1"):
            for bodies in ([body_preference(1)], [body_preference(2, 1000), body_preference(1, 1000)], [body_preference(4)]):
                with self.subTest(f"{version}, {bodies[0].text('Type')}"):
                    self.assertGreater(self.pull_all(self.signed_in("anna", version), bodies), 60)

    def test_everybody_can_sign_in_and_has_something(self):
        for name in PEOPLE:
            phone = self.signed_in(name)
            self.assertTrue(self.pull_all(phone, [body_preference(1, 500)]), name)

    def test_the_group_and_the_whole_company_are_seen(self):
        phone = self.signed_in("anna")
        for kind in (USER_CALENDAR, USER_CONTACTS, USER_TASKS):
            shared = [folder for folder in phone.folders.values() if folder.kind == kind and "." in folder.id]
            self.assertTrue(shared, f"type {kind}: {phone.folders}")
            self.assertTrue(any(phone.pull(folder).items for folder in shared), f"type {kind} is empty")
        # An iPhone shows one folder of notes: those of all notepads are in it.
        self.assertEqual([], [folder for folder in phone.folders.values() if folder.kind == USER_NOTES])
        notes = phone.pull(NOTES, options=sync_options(None, [body_preference(1)])).items.values()
        self.assertIn("Wi-Fi and printer", [note.text("Notes:Subject") for note in notes])

    def test_what_the_sample_promises_is_there(self):
        phone = self.signed_in("anna")
        self.pull_all(phone, [body_preference(2), body_preference(1)])
        mail = [item for box in phone.boxes.values() if box.folder.item_class == "Email" for item in box.items.values()]
        self.assertTrue(any(item.has("AirSyncBase:Attachments") for item in mail))
        self.assertTrue(any(item.text("AirSyncBase:NativeBodyType") == "2" for item in mail))
        self.assertTrue(any(item.text("Email:Read") == "0" for item in phone.box(INBOX).items.values()))
        events = list(phone.box(CALENDAR).items.values())
        self.assertTrue(any(item.has("Calendar:Recurrence") for item in events))
        self.assertTrue(phone.box(CONTACTS).items and phone.box(TASKS).items and phone.box(NOTES).items)
        cards = [item for box in phone.boxes.values() if box.folder.item_class == "Contacts" for item in box.items.values()]
        self.assertTrue(any(item.has("Contacts:Picture") for item in cards))

    def test_every_attachment_can_be_opened(self):
        phone = self.signed_in("anna")
        self.pull_all(phone, [body_preference(1, 500)])
        opened = 0
        for box in phone.boxes.values():
            for item in box.items.values():
                node = item.node("AirSyncBase:Attachments")
                for entry in node.all("Attachment") if node is not None else []:
                    answer = phone.fetch(reference=entry.text("FileReference"), multipart=True)
                    self.assertEqual(1, answer.root.number("Response/Fetch/Status"), answer)
                    size = len(answer.parts[answer.root.number("Response/Fetch/Properties/Part")])
                    self.assertGreater(size, 0)
                    opened += 1
        self.assertGreater(opened, 3)

    def test_a_shared_list_is_shared(self):
        one, two = self.signed_in("ben"), self.signed_in("david")
        (folder,) = [f for f in one.folders.values() if f.kind == USER_TASKS and "." in f.id]
        one.pull(folder)
        two.pull(folder.id)
        try:
            item = one.add(folder, E("Tasks:Subject", "Water the plants"), E("Tasks:Complete", 0))
        except AssertionError:
            return self.assertEqual(0, len([1 for i in two.pull(folder.id).items.values() if i.text("Tasks:Subject") == "Water the plants"]))
        self.assertEqual("Water the plants", two.pull(folder.id).items[item].text("Tasks:Subject"))

    def test_the_store_is_sound(self):
        self.server.cli("verify")


if __name__ == "__main__":
    unittest.main()
