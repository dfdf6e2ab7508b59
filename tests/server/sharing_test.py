"""Rights on single folders and on whole owners, for people and groups, and how phones see them come and go."""

import time
import unittest

from case import Background, ServerCase
from items import event
from phone import CALENDAR, USER_CALENDAR

START, END = "20261125T090000Z", "20261125T100000Z"


class SharingTest(ServerCase):
    def folder_number(self, owner, kind="calendar"):
        return next(row["folder"] for row in self.server.cli_json("folder", "list", owner) if row["kind"] == kind)

    def pair(self):
        owner = self.phone()
        owner.start(CALENDAR)
        owner.add(CALENDAR, *event("Dentist", START, END))
        return owner, self.phone()

    def shared(self, phone):
        return [folder for folder in phone.folders.values() if folder.kind == USER_CALENDAR]

    def test_one_calendar_is_shared_and_only_that(self):
        owner, other = self.pair()
        self.server.cli("share", "grant", owner.user, other.user, "--folder", str(self.folder_number(owner.user)))
        before = set(other.folders)
        other.learn_folders()
        new = [other.folders[id] for id in set(other.folders) - before]
        self.assertEqual([USER_CALENDAR], [folder.kind for folder in new])
        self.assertIn(owner.user.split("@")[0], new[0].name, "the name says whose it is")
        self.assertEqual(["Dentist"], other.pull(new[0].id).texts("Calendar:Subject"))

    def test_quirk_17_a_revoked_share_is_noticed_at_once_and_goes(self):
        owner, other = self.pair()
        self.server.cli("share", "grant", owner.user, other.user, "--folder", "Calendar")
        other.learn_folders()
        folder, = self.shared(other)
        other.pull(folder.id)
        ping = Background(other.ping, [(folder.id, "Calendar")], 600, timeout=60)
        time.sleep(0.4)
        self.server.cli("share", "revoke", owner.user, other.user, "--folder", "Calendar")
        self.assertEqual(7, ping.result(10).code)
        other.learn_folders()
        self.assertEqual([], self.shared(other))
        answer = other.sync([other.collection(folder.id, "1", "Calendar")])
        self.assertEqual({12}, {c.number("Status") for c in answer.root.all("Collections/Collection")}, "quirk 17")

    def test_a_group_gets_a_share_and_its_members_with_it(self):
        owner, other = self.pair()
        group = self.server.group("crew", other.user)
        other.learn_folders()
        mine = set(other.folders)
        self.server.cli("share", "grant", owner.user, group, "--folder", "Calendar", "--right", "edit")
        other.learn_folders()
        folder, = [other.folders[id] for id in set(other.folders) - mine]
        other.pull(folder.id)
        other.add(folder.id, *event("From a member", START, END))
        self.assertEqual(["Dentist", "From a member"], sorted(owner.pull(CALENDAR).texts("Calendar:Subject")))
        self.server.cli("group", "member", "remove", group, other.user)
        other.learn_folders()
        self.assertNotIn(folder.id, other.folders)

    def test_free_busy_alone_shows_no_folder(self):
        owner, other = self.pair()
        self.server.cli("share", "grant", owner.user, other.user, "--right", "free-busy")
        self.assertEqual([], other.learn_folders())

    def test_a_right_to_read_undoes_edits(self):
        owner, other = self.pair()
        self.server.cli("share", "grant", owner.user, other.user, "--folder", "Calendar")
        other.learn_folders()
        folder, = self.shared(other)
        box = other.pull(folder.id)
        item, = box.items
        other.change(folder.id, item, *event("Mine now", START, END))
        self.assertEqual(["Dentist"], other.pull(folder.id).texts("Calendar:Subject"))
        self.assertEqual(["Dentist"], owner.pull(CALENDAR).texts("Calendar:Subject"))

    def test_shares_are_listed_and_wrong_ones_refused(self):
        owner, other = self.pair()
        self.server.cli("share", "grant", owner.user, other.user, "--right", "add")
        self.assertEqual([{"folder": 0, "name": "(all)", "with": other.user, "right": "add"}],
                         self.server.cli_json("share", "list", owner.user))
        for words in (("share", "grant", owner.user, owner.user), ("share", "grant", owner.user, "nobody@example.org"),
                      ("share", "grant", owner.user, other.user, "--right", "all"),
                      ("share", "grant", owner.user, other.user, "--folder", "Nowhere"),
                      ("share", "revoke", owner.user, other.user, "--folder", "Calendar")):
            with self.subTest(words):
                self.assertNotEqual(0, self.server.run_cli(*words).returncode)


if __name__ == "__main__":
    unittest.main()
