"""Clients that take one folder of a class get one: iOS for notes, Samsung for all, Outlook for contacts (quirk 27)."""

import unittest

from case import Background, ServerCase
from eas import E
from items import contact, event, note
from phone import CALENDAR, CONTACTS, NOTES, USER_CALENDAR, USER_CONTACTS, USER_NOTES

SUBJECT, LABELS = "Notes:Subject", "Notes:Categories"


class OneFolderTest(ServerCase):
    def family(self, right="edit"):
        """A person with a second notepad and a shared one: (its id, the friend, a tablet with all folders, an iPhone)."""
        user, friend = self.person(), self.person()
        writer = self.phone(friend, device_type="Tablet")
        writer.start(NOTES)
        writer.add(NOTES, *note("From a friend", "text"))
        self.server.cli("share", "grant", friend, user, "--folder", "Notes", "--right", right)
        many = self.phone(user, device_type="Tablet")
        many.make_folder("House", USER_NOTES)
        return user, writer, many, self.phone(user)

    def labels(self, item):
        return [each.text() for each in item.node(LABELS).children] if item.has(LABELS) else []

    def second(self, phone):
        return next(f for f in phone.folders.values() if f.kind == USER_NOTES and f.name == "House")

    def test_an_iphone_has_one_notepad_with_the_notes_of_all(self):
        _, _, many, iphone = self.family()
        self.assertEqual(2, len([f for f in many.folders.values() if f.kind == USER_NOTES]))
        self.assertEqual([], [f for f in iphone.folders.values() if f.kind == USER_NOTES])
        many.start(NOTES)
        many.add(NOTES, *note("Mine"))
        many.start(self.second(many))
        many.add(self.second(many), *note("Ours"))
        box = iphone.pull(NOTES)
        self.assertEqual(["From a friend", "Mine", "Ours"], box.texts(SUBJECT))
        self.assertEqual([], self.labels(box.by(SUBJECT, "Mine")), "one's own have no mark")
        for name in ("Ours", "From a friend"):
            self.assertEqual(1, len(self.labels(box.by(SUBJECT, name))), "the others say whose they are")

    def test_what_the_phone_adds_is_personal(self):
        _, _, many, iphone = self.family()
        iphone.start(NOTES)
        iphone.add(NOTES, *note("New one"))
        self.assertEqual(["New one"], many.pull(NOTES).texts(SUBJECT))

    def test_an_edit_and_a_removal_reach_the_source(self):
        _, writer, many, iphone = self.family()
        ours = self.second(many)
        many.start(ours)
        many.add(ours, *note("Ours"))
        box = iphone.pull(NOTES)
        iphone.change(NOTES, box.by(SUBJECT, "From a friend").id, *note("Answered", "yes"))
        iphone.delete(NOTES, box.by(SUBJECT, "Ours").id)
        self.assertEqual(["Answered"], writer.pull(NOTES).texts(SUBJECT))
        self.assertEqual([], many.pull(ours.id).texts(SUBJECT))
        self.assertEqual(["Answered"], iphone.pull(NOTES).texts(SUBJECT))

    def test_a_category_edited_on_the_phone_moves_nothing(self):
        _, writer, _, iphone = self.family()
        item = iphone.pull(NOTES).by(SUBJECT, "From a friend")
        mark, = self.labels(item)
        iphone.change(NOTES, item.id, *note("From a friend", "text", E(LABELS, E("Category", mark), E("Category", "Red"))))
        held, = writer.pull(NOTES).items.values()
        self.assertEqual(["Red"], self.labels(held), "the mark is not stored")
        iphone.change(NOTES, item.id, *note("From a friend", "text", E(LABELS, E("Category", "Blue"))))
        held, = writer.pull(NOTES).items.values()
        self.assertEqual(["Blue"], self.labels(held))
        self.assertEqual([], self.phone(iphone.user, device_type="Tablet").pull(NOTES).texts(SUBJECT))

    def test_a_read_only_source_stays_so(self):
        _, writer, _, iphone = self.family("read")
        item = iphone.pull(NOTES).by(SUBJECT, "From a friend")
        iphone.change(NOTES, item.id, *note("Spoiled"))
        self.assertEqual(["From a friend"], iphone.pull(NOTES).texts(SUBJECT))
        iphone.delete(NOTES, item.id)
        self.assertEqual(["From a friend"], iphone.pull(NOTES).texts(SUBJECT))
        self.assertEqual(["From a friend"], writer.pull(NOTES).texts(SUBJECT))

    def test_w4_a_lost_answer_makes_no_copies(self):
        _, writer, many, iphone = self.family()
        item = iphone.pull(NOTES).by(SUBJECT, "From a friend")
        box = iphone.box(NOTES)
        commands = [iphone.add_command("n1", *note("Once")),
                    E("Change", E("ServerId", item.id), E("ApplicationData", *note("Edited", "once")))]
        with self.assertRaises(Exception):
            iphone.sync([iphone.request_of(box, commands)], lose="unread")
        iphone.sync_box(NOTES, commands)
        self.assertEqual(["Edited"], writer.pull(NOTES).texts(SUBJECT))
        self.assertEqual(["Once"], many.pull(NOTES).texts(SUBJECT))
        self.assertEqual(["Edited", "Once"], iphone.pull(NOTES).texts(SUBJECT))

    def test_a_window_is_shared_by_the_sources(self):
        _, writer, many, iphone = self.family()
        many.start(NOTES)
        for number in range(5):
            many.add(NOTES, *note(f"Mine {number}"))
            writer.add(NOTES, *note(f"Theirs {number}"))
        iphone.start(NOTES)
        seen = 0
        for _ in range(10):
            answer = iphone.sync_box(NOTES, window=2)
            self.assertLessEqual(len(answer.adds), 2)
            seen += len(answer.adds)
            if not answer.more:
                break
        self.assertEqual(11, seen)
        self.assertTrue(iphone.sync_box(NOTES, window=2).quiet)

    def test_a_ping_hears_of_every_source(self):
        _, writer, _, iphone = self.family()
        iphone.pull(NOTES)
        notes = iphone.folder(NOTES)
        waiting = Background(iphone.ping, [(notes.id, "Notes")], 600)
        writer.add(NOTES, *note("News"))
        answer = waiting.result()
        self.assertEqual(2, answer.code)
        self.assertEqual([notes.id], [each.text() for each in answer.root.all("Folders/Folder")])
        self.assertIn("News", iphone.pull(NOTES).texts(SUBJECT))

    def test_a_source_that_goes_takes_its_notes_along(self):
        user, writer, many, iphone = self.family()
        iphone.start(NOTES)
        iphone.add(NOTES, *note("Mine"))
        iphone.pull(NOTES)
        self.server.cli("share", "revoke", writer.user, user, "--folder", "Notes")
        answer = iphone.sync_box(NOTES)
        self.assertEqual(3, answer.status, "nobody can say any more which notes were of it")
        iphone.box(NOTES).key = "0"
        iphone.start(NOTES)
        self.assertEqual(["Mine"], iphone.pull(NOTES).texts(SUBJECT))
        self.assertEqual(["Mine"], many.pull(NOTES).texts(SUBJECT))

    def test_samsung_has_one_folder_of_each_class(self):
        user = self.person()
        many = self.phone(user, device_type="Tablet")
        calendar, book = many.make_folder("Sport", USER_CALENDAR), many.make_folder("Club", USER_CONTACTS)
        for folder, data in ((calendar, event("Match", "20261125T090000Z", "20261125T100000Z")), (book, contact("Captain"))):
            many.start(folder)
            many.add(folder, *data)
        phone = self.phone(user, "14.1", device_type="SAMSUNGSMG991B")
        self.assertEqual([], [f for f in phone.folders.values() if f.kind in (USER_CALENDAR, USER_CONTACTS)])
        self.assertEqual(["Match"], phone.pull(CALENDAR).texts("Calendar:Subject"))
        self.assertEqual(["Captain"], phone.pull(CONTACTS).texts("Contacts:LastName"))
        held = phone.box(CALENDAR).by("Calendar:Subject", "Match")
        phone.change(CALENDAR, held.id, *event("Replay", "20261125T090000Z", "20261125T100000Z"))
        self.assertEqual(["Replay"], many.pull(calendar.id).texts("Calendar:Subject"))

    def test_quirk_27_outlook_has_one_address_book_and_many_calendars(self):
        user = self.person()
        many = self.phone(user, device_type="Tablet")
        many.make_folder("Sport", USER_CALENDAR)
        many.make_folder("Club", USER_CONTACTS)
        phone = self.phone(user, "14.0", device_type="WindowsOutlook15")
        self.assertEqual(["Sport"], [f.name for f in phone.folders.values() if f.kind in (USER_CALENDAR, USER_CONTACTS)])

    def test_a_setting_decides_in_place_of_the_client(self):
        user, _, _, iphone = self.family()
        iphone.pull(NOTES)
        self.server.cli("sync", "set", user, "one-folder", "none")
        iphone.learn_folders()
        self.assertEqual(2, len([f for f in iphone.folders.values() if f.kind == USER_NOTES]))
        self.server.cli("sync", "set", user, "one-folder", "all")
        iphone.learn_folders()
        self.assertEqual([], [f for f in iphone.folders.values() if f.kind == USER_NOTES])
        self.server.run_cli("sync", "set", user, "one-folder", "some")

    def test_the_device_tells_how_many_notes_it_holds(self):
        user, _, _, iphone = self.family()
        iphone.pull(NOTES)
        self.assertIn("notes 1", self.server.cli("device", "show", user, iphone.device_id))


if __name__ == "__main__":
    unittest.main()
