"""FolderSync: the hierarchy a device learns, its keys and its statuses (MS-ASCMD 2.2.1.5, 2.2.3.177.5)."""

import unittest

from case import ServerCase
from eas import E
from phone import CALENDAR, CONTACTS, DRAFTS, INBOX, NOTES, SENT, TASKS, TRASH, USER_MAIL
from wire import Lost


class FolderSyncTest(ServerCase):
    def test_a_new_account_has_its_default_folders(self):
        phone = self.phone()
        kinds = [folder.kind for folder in phone.folders.values()]
        for kind in (INBOX, DRAFTS, TRASH, SENT, TASKS, CALENDAR, CONTACTS, NOTES):
            self.assertEqual(1, kinds.count(kind), f"type {kind}: {phone.folders}")
        for folder in phone.folders.values():
            self.assertTrue(folder.name and len(folder.id) <= 64)
            self.assertTrue(folder.parent == "0" or folder.parent in phone.folders, folder)
            self.assertNotIn(folder.kind, (11, 16, 18), f"journal and unknown folders are not for phones: {folder}")

    def test_the_current_key_brings_no_change(self):
        phone = self.phone()
        self.assertEqual([], phone.learn_folders())

    def test_a_wrong_key_is_status_9(self):
        phone = self.phone()
        for key in ("99999", "{1}" + "x" * 20, "x" * 64, "1234567890" * 6, "-1"):
            with self.subTest(key):
                answer = phone.folder_sync(key)
                self.assertEqual(9, answer.code, answer)
                self.assertFalse(answer.root.has("SyncKey"), answer)

    def test_a_request_without_key_is_status_10(self):
        phone = self.phone()
        answer = phone.post("FolderSync", E("FolderHierarchy:FolderSync"))
        self.assertIn(answer.code, (9, 10), answer)
        answer = phone.post("FolderSync", E("FolderHierarchy:FolderSync", E("DisplayName", "x")))
        self.assertEqual(10, answer.code, answer)

    def test_key_0_starts_afresh(self):
        phone = self.phone()
        before = {f.id: f.name for f in phone.folders.values()}
        phone.folder_key = "0"
        phone.learn_folders()
        self.assertEqual(before, {f.id: f.name for f in phone.folders.values()})

    def test_two_devices_see_the_same_folders(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        names = lambda phone: sorted((f.name, f.kind, f.id) for f in phone.folders.values())
        self.assertEqual(names(one), names(two))

    def test_another_devices_folder_arrives(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        made = one.make_folder("Projects", USER_MAIL)
        (change,) = two.learn_folders()
        self.assertEqual(("Add", "Projects", USER_MAIL), (change.tag, change.text("DisplayName"), change.number("Type")))
        self.assertEqual(made.id, change.text("ServerId"))
        self.assertEqual([], one.learn_folders(), "the author hears nothing of its own folder")

    def test_d5_a_lost_folder_sync_is_repeated_without_loss(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        one.make_folder("Lost and found", USER_MAIL)
        for lose in ("unread", 1, 20, 200):
            with self.assertRaises(Lost):
                two.learn_folders(lose=lose)
        (change,) = two.learn_folders()
        self.assertEqual("Lost and found", change.text("DisplayName"))
        self.assertEqual([], two.learn_folders())

    def test_d5_the_first_folder_sync_may_be_lost(self):
        phone = self.phone(set_up=False)
        phone.provision()
        with self.assertRaises(Lost):
            phone.learn_folders(lose="unread")
        phone.learn_folders()
        self.assertTrue(phone.folder(INBOX))

    def test_keys_of_another_device_are_status_9(self):
        one, two = self.phone(), self.phone()
        one.make_folder("A", USER_MAIL)
        one.make_folder("B", USER_MAIL)
        one.make_folder("C", USER_MAIL)
        self.assertEqual(9, two.folder_sync(one.folder_key).code)

    def test_folder_names_keep_their_characters(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        names = ["Überweisungen", "日本語", "x & <y>", "😀", "back\\slash", "q" * 200]
        for name in names:
            one.make_folder(name, USER_MAIL)
        two.learn_folders()
        self.assertLessEqual(set(names), {f.name for f in two.folders.values()})
        slash = one.make_folder("a/b", USER_MAIL)
        two.learn_folders()
        self.assertEqual("ab", two.folders[slash.id].name, "a slash parts names at other doors: it is left out at every door")

    def test_12_1_speaks_the_same_hierarchy(self):
        phone = self.phone(version="12.1")
        self.assertTrue(phone.folder(INBOX))
        self.assertEqual([], phone.learn_folders())


if __name__ == "__main__":
    unittest.main()
