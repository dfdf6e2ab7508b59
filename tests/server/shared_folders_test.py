"""Folders of a group appear on the phones of its members, as types 12 to 17, and vanish with the membership."""

import time
import unittest

import wire
from case import Background, ServerCase
from items import contact, event, note, task
from phone import CALENDAR, CONTACTS, NOTES, TASKS, USER_CALENDAR, USER_CONTACTS, USER_NOTES, USER_TASKS

START, END = "20261125T090000Z", "20261125T100000Z"
SHARED = {USER_CALENDAR: ("Calendar:Subject", lambda name: event(name, START, END)),
          USER_CONTACTS: ("Contacts:LastName", lambda name: contact(name)),
          USER_TASKS: ("Tasks:Subject", lambda name: task(name)),
          USER_NOTES: ("Notes:Subject", lambda name: note(name))}


class SharedFoldersTest(ServerCase):
    count = 0

    def team(self, members=2):
        type(self).count += 1
        people = [self.person() for _ in range(members)]
        group = self.server.group(f"team{self.count}", *people)
        return group, [self.phone(person) for person in people]

    def of_group(self, phone, kind):
        return phone.folder(kind)

    def test_members_have_the_groups_folders(self):
        _, (one, two) = self.team()
        calendar = self.of_group(one, USER_CALENDAR)
        self.assertEqual(calendar.id, self.of_group(two, USER_CALENDAR).id)
        self.assertIn("team", calendar.name.lower(), "the name says whose folder it is")

    def test_others_do_not(self):
        self.team()
        outsider = self.phone()
        self.assertEqual([], [f for f in outsider.folders.values() if f.kind in SHARED and "team" in f.name.lower()])

    def test_what_one_member_adds_the_other_has(self):
        _, (one, two) = self.team()
        for kind, (name, make) in SHARED.items():
            if not any(f.kind == kind for f in one.folders.values()):
                continue
            with self.subTest(kind):
                folder = self.of_group(one, kind)
                one.start(folder)
                item = one.add(folder, *make("From one"))
                self.assertEqual(["From one"], two.pull(folder.id).texts(name))
                self.assertIn(item, two.box(folder.id).items)
                two.add(folder.id, *make("From two"))
                self.assertEqual(["From one", "From two"], one.pull(folder).texts(name))
                two.delete(folder.id, item)
                self.assertEqual(["From two"], one.pull(folder).texts(name))

    def test_own_folders_stay_private(self):
        _, (one, two) = self.team()
        one.start(CALENDAR)
        one.add(CALENDAR, *event("Private", START, END))
        self.assertEqual([], two.pull(CALENDAR).texts("Calendar:Subject"))

    def test_a_change_wakes_the_other_member(self):
        _, (one, two) = self.team()
        folder = self.of_group(one, USER_CALENDAR)
        one.start(folder)
        two.pull(folder.id)
        ping = Background(two.ping, [(folder.id, "Calendar")], 600, timeout=60)
        time.sleep(0.4)
        begin = time.monotonic()
        one.add(folder, *event("Team lunch", START, END))
        answer = ping.result(10)
        self.assertEqual((2, folder.id), (answer.code, answer.root.text("Folders/Folder")))
        self.assertLess(time.monotonic() - begin, 2)

    def test_leaving_the_group_takes_the_folders_away(self):
        group, (one, two) = self.team()
        folder = self.of_group(two, USER_CALENDAR)
        two.pull(folder)
        ping = Background(two.ping, [(folder.id, "Calendar")], 600, timeout=60)
        time.sleep(0.4)
        self.server.cli("group", "member", "remove", group, two.user)
        self.assertEqual(7, ping.result(10).code, "the phone notices at once")
        two.learn_folders()
        self.assertNotIn(folder.id, two.folders)
        answer = two.sync([two.collection(folder.id, "1", "Calendar")])
        self.assertNotEqual({1}, {c.number("Status") for c in answer.root.all("Collections/Collection")} or {answer.code})
        self.assertIn(folder.id, one.folders)

    def test_joining_later_brings_everything(self):
        group, (one,) = self.team(1)
        folder = self.of_group(one, USER_CALENDAR)
        one.start(folder)
        one.add(folder, *event("Before you came", START, END))
        late = self.phone()
        late.learn_folders()
        self.server.cli("group", "member", "add", group, late.user)
        late.learn_folders()
        self.assertEqual(["Before you came"], late.pull(folder.id).texts("Calendar:Subject"))

    def test_w12_the_ids_of_a_foreign_folder_open_nothing(self):
        _, (one, _) = self.team()
        folder = self.of_group(one, USER_CALENDAR)
        one.start(folder)
        item = one.add(folder, *event("Secret", START, END))
        outsider = self.phone()
        answer = outsider.sync([outsider.collection(folder.id, "0", "Calendar")])
        statuses = {answer.code, *(c.number("Status") for c in answer.root.all("Collections/Collection"))}
        self.assertTrue(statuses & {8, 12}, answer)
        answer = outsider.fetch(folder.id, item)
        self.assertNotIn(b"Secret", answer.body)
        self.assertNotEqual(1, answer.root.number("Response/Fetch/Status") or answer.code)
        answer = outsider.move_items([(item, folder.id, outsider.folder(CALENDAR).id)])
        self.assertNotEqual(3, answer.root.number("Response/Status"))
        self.assertIn(item, one.pull(folder).items)
        self.assertNotEqual(1, outsider.folder_delete(outsider.folder_key, folder.id).code)
        self.assertNotEqual(1, outsider.folder_update(outsider.folder_key, folder.id, "0", "Mine").code)

    def test_w12_guessed_ids_of_other_owners_open_nothing(self):
        """Ids of shared folders name their owner; nobody gets in by counting."""
        self.team()
        outsider = self.phone()
        own = set(outsider.folders)
        for owner in range(1, 25):
            guesses = [f"{owner}{mark}{collection}" for mark in ".:-/" for collection in (1, 2, 8)]
            collections = [outsider.collection(guess, "0") for guess in guesses if guess not in own]
            answer = outsider.sync(collections)
            self.assertEqual(200, answer.status)
            statuses = {c.number("Status") for c in answer.root.all("Collections/Collection")} or {answer.code}
            self.assertNotIn(1, statuses, answer)

    def reader(self):
        """A group whose only member may read, with the member's phone on its calendar."""
        type(self).count += 1
        user = self.person()
        group = self.server.group(f"readers{self.count}")
        self.server.cli("group", "member", "add", group, user, "--right", "read")
        phone = self.phone(user)
        folder = self.of_group(phone, USER_CALENDAR)
        phone.pull(folder)
        return phone, folder

    def test_an_addition_to_a_read_only_folder_is_taken_and_removed_again(self):
        phone, folder = self.reader()
        item = phone.add(folder, *event("Not wanted", START, END))
        self.assertIn(item, phone.box(folder).items)
        self.assertEqual([], phone.pull(folder).texts("Calendar:Subject"))
        self.assertTrue(phone.sync_box(folder).quiet, "and that is the end of it")
        self.assertEqual(0, self.server.run_cli("verify").returncode)

    def test_w4_lost_answers_do_not_keep_a_refused_addition_alive(self):
        phone, folder = self.reader()
        box = phone.box(folder)
        command = phone.add_command("once", *event("Not wanted", START, END))
        with self.assertRaises(wire.Lost):
            phone.sync_box(folder, [command], lose=1)
        phone.sync_box(folder, [command])
        self.assertEqual(1, len(box.items))
        with self.assertRaises(wire.Lost):
            phone.sync_box(folder, lose=1)
        self.assertEqual([], phone.pull(folder).texts("Calendar:Subject"))
        self.assertTrue(phone.sync_box(folder).quiet)

    def test_a_refused_addition_ends_a_ping_once(self):
        phone, folder = self.reader()
        phone.add(folder, *event("Not wanted", START, END))
        self.assertEqual(2, phone.ping([(folder.id, "Calendar")], 600).code)
        phone.pull(folder)
        ping = Background(phone.ping, [(folder.id, "Calendar")], 600, timeout=30)
        time.sleep(0.3)
        self.assertTrue(ping.running, "it waits: there is nothing more to say")

    def test_ids_do_not_change_with_a_restart(self):
        _, (one, _) = self.team()
        folder = self.of_group(one, USER_CALENDAR)
        self.server.restart()
        one.close()
        self.assertEqual([], one.learn_folders())
        self.assertTrue(folder.id in one.folders)
        self.assertTrue(one.folder(CONTACTS) and one.folder(TASKS) and one.folder(NOTES))


if __name__ == "__main__":
    unittest.main()
