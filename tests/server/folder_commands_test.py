"""FolderCreate, FolderUpdate and FolderDelete with every status a client can cause (MS-ASCMD 2.2.3.177.3, .4, .6)."""

import unittest

from case import ServerCase
from eas import E
from phone import CALENDAR, CONTACTS, INBOX, TRASH, USER_CALENDAR, USER_CONTACTS, USER_MAIL, USER_NOTES, USER_TASKS
from wire import Lost


class FolderCommandsTest(ServerCase):
    def test_every_user_type_can_be_made(self):
        user = self.person()
        # An iPhone has its notes in one folder, whatever there is.
        one, two = (self.phone(user, device_type="Tablet") for _ in range(2))
        for kind in (USER_MAIL, USER_CALENDAR, USER_CONTACTS, USER_TASKS, USER_NOTES):
            with self.subTest(kind):
                made = one.make_folder(f"Folder {kind}", kind)
                two.learn_folders()
                self.assertEqual(kind, two.folders[made.id].kind)

    def test_each_success_brings_a_new_key(self):
        phone = self.phone()
        keys = [phone.folder_key]
        folder = phone.make_folder("One", USER_MAIL)
        keys.append(phone.folder_key)
        answer = phone.folder_update(phone.folder_key, folder.id, "0", "Two")
        self.assertEqual(1, answer.code, answer)
        phone.folder_key = answer.root.text("SyncKey")
        keys.append(phone.folder_key)
        answer = phone.folder_delete(phone.folder_key, folder.id)
        self.assertEqual(1, answer.code, answer)
        keys.append(answer.root.text("SyncKey"))
        self.assertEqual(4, len(set(keys)), keys)

    def failed(self, answer, *statuses):
        self.assertIn(answer.code, statuses, answer)
        self.assertFalse(answer.root.has("SyncKey"), "no key with a failure (MS-ASCMD 2.2.3.181.1)")
        self.assertFalse(answer.root.has("ServerId"), answer)

    def test_a_name_that_exists_is_status_2(self):
        phone = self.phone()
        phone.make_folder("Twice", USER_MAIL)
        self.failed(phone.folder_create(phone.folder_key, "0", "Twice", USER_MAIL), 2)
        self.assertEqual([], phone.learn_folders())

    def test_the_same_name_below_another_parent_is_fine(self):
        phone = self.phone()
        parent = phone.make_folder("Parent", USER_MAIL)
        phone.make_folder("Child", USER_MAIL, parent.id)
        phone.make_folder("Child", USER_MAIL)

    def test_an_unknown_parent_is_status_5(self):
        phone = self.phone()
        self.failed(phone.folder_create(phone.folder_key, "987654", "Orphan", USER_MAIL), 5)
        folder = phone.make_folder("Here", USER_MAIL)
        self.failed(phone.folder_update(phone.folder_key, folder.id, "987654", "Here"), 5)

    def test_a_wrong_key_is_status_9(self):
        phone = self.phone()
        folder = phone.make_folder("Keyed", USER_MAIL)
        self.failed(phone.folder_create("4711", "0", "New", USER_MAIL), 9)
        self.failed(phone.folder_update("4711", folder.id, "0", "New"), 9)
        self.failed(phone.folder_delete("4711", folder.id), 9)

    def test_a_second_default_folder_is_status_10(self):
        phone = self.phone()
        self.failed(phone.folder_create(phone.folder_key, "0", "Inbox 2", INBOX), 3, 10)

    def test_a_request_without_its_elements_is_status_10(self):
        phone = self.phone()
        key = E("SyncKey", phone.folder_key)
        self.failed(phone.post("FolderCreate", E("FolderHierarchy:FolderCreate", key, E("ParentId", "0"), E("Type", 12))), 10)
        self.failed(phone.post("FolderDelete", E("FolderHierarchy:FolderDelete", key)), 10)
        self.failed(phone.post("FolderUpdate", E("FolderHierarchy:FolderUpdate", key)), 10)

    def test_special_folders_cannot_be_deleted_or_renamed(self):
        phone = self.phone()
        for kind in (INBOX, TRASH, CALENDAR, CONTACTS):
            folder = phone.folder(kind)
            with self.subTest(folder.name):
                self.failed(phone.folder_delete(phone.folder_key, folder.id), 3)
                self.failed(phone.folder_update(phone.folder_key, folder.id, "0", "Mine"), 2, 3)

    def test_a_folder_that_is_not_there_is_status_4(self):
        phone = self.phone()
        self.failed(phone.folder_delete(phone.folder_key, "987654"), 4)
        self.failed(phone.folder_update(phone.folder_key, "987654", "0", "x"), 4)

    def test_renaming_onto_a_taken_name_is_status_2(self):
        phone = self.phone()
        phone.make_folder("Taken", USER_MAIL)
        folder = phone.make_folder("Free", USER_MAIL)
        self.failed(phone.folder_update(phone.folder_key, folder.id, "0", "Taken"), 2)

    def test_renaming_keeps_the_id_and_reaches_other_devices(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        folder = one.make_folder("Before", USER_MAIL)
        two.learn_folders()
        answer = one.folder_update(one.folder_key, folder.id, "0", "After")
        self.assertEqual(1, answer.code, answer)
        (change,) = two.learn_folders()
        self.assertEqual(("Update", folder.id, "After"), (change.tag, change.text("ServerId"), change.text("DisplayName")))

    def test_moving_below_another_folder_and_not_below_itself(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        parent, child = one.make_folder("Top", USER_MAIL), one.make_folder("Sub", USER_MAIL)
        answer = one.folder_update(one.folder_key, child.id, parent.id, "Sub")
        self.assertEqual(1, answer.code, answer)
        one.folder_key = answer.root.text("SyncKey")
        two.learn_folders()
        self.assertEqual(parent.id, two.folders[child.id].parent)
        self.assertNotEqual(1, one.folder_update(one.folder_key, parent.id, child.id, "Top").code)
        self.assertNotEqual(1, one.folder_update(one.folder_key, parent.id, parent.id, "Top").code)

    def test_a_deleted_folder_is_gone_everywhere_with_its_children(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        parent = one.make_folder("Doomed", USER_MAIL)
        child = one.make_folder("Doomed too", USER_MAIL, parent.id)
        two.learn_folders()
        answer = one.folder_delete(one.folder_key, parent.id)
        self.assertEqual(1, answer.code, answer)
        two.learn_folders()
        self.assertNotIn(parent.id, two.folders)
        self.assertNotIn(child.id, two.folders)

    def test_sync_of_a_deleted_folder_never_says_8(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        folder = one.make_folder("Short life", USER_MAIL)
        two.learn_folders()
        two.pull(two.folder(name="Short life"))
        one.folder_delete(one.folder_key, folder.id)
        answer = two.sync([two.request_of(two.box(folder.id))])
        statuses = {answer.code, *(c.number("Status") for c in answer.root.all("Collections/Collection"))}
        self.assertTrue(statuses & {3, 12}, answer)
        self.assertNotIn(8, statuses)

    def test_d5_a_lost_create_does_not_make_two_folders(self):
        phone = self.phone()
        with self.assertRaises(Lost):
            phone.folder_create(phone.folder_key, "0", "Once", USER_MAIL, lose="unread")
        answer = phone.folder_create(phone.folder_key, "0", "Once", USER_MAIL)
        self.assertEqual(1, answer.code, "the repeat gets the same answer, not 'exists'")
        other = self.phone(phone.user)
        self.assertEqual(1, sum(f.name == "Once" for f in other.folders.values()))
        self.assertEqual(answer.root.text("ServerId"), other.folder(name="Once").id)

    def test_d5_a_lost_delete_and_a_lost_rename_are_repeated(self):
        phone = self.phone()
        folder = phone.make_folder("Rename me", USER_MAIL)
        with self.assertRaises(Lost):
            phone.folder_update(phone.folder_key, folder.id, "0", "Renamed", lose="unread")
        answer = phone.folder_update(phone.folder_key, folder.id, "0", "Renamed")
        self.assertEqual(1, answer.code, answer)
        phone.folder_key = answer.root.text("SyncKey")
        with self.assertRaises(Lost):
            phone.folder_delete(phone.folder_key, folder.id, lose="unread")
        self.assertEqual(1, phone.folder_delete(phone.folder_key, folder.id).code)

    def test_a_deleted_name_can_be_used_again_with_another_id(self):
        phone = self.phone()
        first = phone.make_folder("Phoenix", USER_MAIL)
        phone.folder_key = phone.folder_delete(phone.folder_key, first.id).root.text("SyncKey")
        self.assertNotEqual(first.id, phone.make_folder("Phoenix", USER_MAIL).id)


if __name__ == "__main__":
    unittest.main()
