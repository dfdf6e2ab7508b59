"""Notes go both ways, and autosaving one makes no copies (MS-ASNOTE 2.2.2; client lists of duplicates)."""

import unittest

from case import ServerCase
from eas import E
from items import body, note
from phone import NOTES, USER_NOTES
from wire import Lost


class NotesTest(ServerCase):
    def put(self, *properties, version="16.1", other="16.1"):
        user = self.person()
        one, two = self.phone(user, version), self.phone(user, other)
        one.start(NOTES)
        item = one.add(NOTES, *properties)
        return one, two, item, two.pull(NOTES).items[item]

    def test_a_note_arrives_whole(self):
        _, _, _, held = self.put(*note("Ideen", "Erste Zeile\r\nZweite Größe", E("Notes:Categories", E("Category", "Privat"))))
        self.assertEqual(("Ideen", "IPM.StickyNote", "Privat"), (held.text("Notes:Subject"), held.text("Notes:MessageClass"), held.text("Notes:Categories/Category")))
        self.assertRegex(held.text("Notes:LastModifiedDate"), r"^\d{8}T\d{6}Z$")
        self.assertEqual("Erste Zeile\r\nZweite Größe", held.text("AirSyncBase:Body/Data").rstrip("\r\n"))

    def test_lines_end_in_crlf(self):
        _, _, _, held = self.put(*note("Lines", "a\nb\r\nc"))
        self.assertEqual("a\r\nb\r\nc", held.text("AirSyncBase:Body/Data").rstrip("\r\n"))

    def test_editing_a_note_many_times_keeps_one(self):
        one, two, item, _ = self.put(*note("Draft", "0"))
        for number in range(1, 15):
            one.change(NOTES, item, *note("Draft", "word " * number))
        two.pull(NOTES)
        self.assertEqual([item], list(two.box(NOTES).items))
        self.assertEqual("word " * 14, two.box(NOTES).items[item].text("AirSyncBase:Body/Data").rstrip("\r\n"))

    def test_w4_autosaves_with_lost_answers_make_no_copies(self):
        """iOS 18: each autosave of a new note repeats the Add with its ClientId until an answer arrives."""
        user = self.person()
        phone = self.phone(user)
        phone.start(NOTES)
        texts = ["H", "He", "Hell", "Hello", "Hello W", "Hello World"]
        for number, text in enumerate(texts):
            command = phone.add_command("autosave-1", *note("Hello", text))
            with self.assertRaises(Lost):
                phone.sync([phone.request_of(phone.box(NOTES), [command])], lose=("unread", 30, 100)[number % 3])
        result = phone.sync_box(NOTES, [phone.add_command("autosave-1", *note("Hello", texts[-1]))])
        self.assertEqual(1, result.added["autosave-1"].number("Status"))
        item = result.added["autosave-1"].text("ServerId")
        phone.change(NOTES, item, *note("Hello", "Hello World!"))
        box = self.phone(user).pull(NOTES)
        self.assertEqual([item], list(box.items))
        self.assertEqual("Hello World!", box.items[item].text("AirSyncBase:Body/Data").rstrip("\r\n"))

    def test_reading_a_note_as_html_does_not_change_it(self):
        from eas import body_preference, sync_options
        one, two, item, _ = self.put(*note("Plain", "a < b & c"))
        held = two.pull(NOTES, options=sync_options(None, [body_preference(2)])).items[item]
        two.change(NOTES, item, E("Notes:Subject", "Plain"), E("Notes:MessageClass", "IPM.StickyNote"),
                   body(held.text("AirSyncBase:Body/Data"), int(held.text("AirSyncBase:Body/Type"))))
        self.assertEqual("a < b & c", self.phone(one.user).pull(NOTES).items[item].text("AirSyncBase:Body/Data").strip())

    def test_a_note_without_subject_or_text(self):
        _, _, _, held = self.put(E("Notes:MessageClass", "IPM.StickyNote"), body(""))
        self.assertEqual("", held.text("AirSyncBase:Body/Data", "").strip())

    def test_a_long_note_is_whole(self):
        text = "Zeile äöü\r\n" * 20000
        _, _, _, held = self.put(*note("Long", text))
        self.assertEqual(text.rstrip(), held.text("AirSyncBase:Body/Data").rstrip())

    def test_categories_are_replaced_and_removed(self):
        one, two, item, _ = self.put(*note("Tags", "x", E("Notes:Categories", E("Category", "A"), E("Category", "B"))))
        one.change(NOTES, item, *note("Tags", "x", E("Notes:Categories", E("Category", "C"))))
        self.assertEqual(["C"], [n.text() for n in two.pull(NOTES).items[item].node("Notes:Categories").children])

    def test_a_second_notepad(self):
        user = self.person()
        one, two = (self.phone(user, device_type="Tablet") for _ in range(2))
        pad = one.make_folder("Recipes", USER_NOTES)
        one.start(pad)
        one.add(pad, *note("Soup"))
        two.learn_folders()
        self.assertEqual(["Soup"], two.pull(pad.id).texts("Notes:Subject"))

    def test_deleting_a_note(self):
        one, two, item, _ = self.put(*note("Gone"))
        one.delete(NOTES, item)
        self.assertEqual({}, two.pull(NOTES).items)

    def test_14_1_shares_notes_with_16_1(self):
        _, _, _, held = self.put(*note("Shared", "text"), version="14.1")
        self.assertEqual("Shared", held.text("Notes:Subject"))


if __name__ == "__main__":
    unittest.main()
