"""Read, flag and categories go both ways, as the smallest change (MS-ASEMAIL 3.2.5.4.1, 3.2.5.4.2)."""

import unittest

from case import ServerCase
from eas import E
from phone import INBOX

FLAGGED = [E("Email:Status", 2), E("Email:FlagType", "Flag for follow up"),
           E("Tasks:StartDate", "2026-11-23T00:00:00.000Z"), E("Tasks:UtcStartDate", "2026-11-23T08:00:00.000Z"),
           E("Tasks:DueDate", "2026-11-24T00:00:00.000Z"), E("Tasks:UtcDueDate", "2026-11-24T08:00:00.000Z")]


class MailFlagsTest(ServerCase):
    def pair(self, subject="Hello"):
        """Two phones of one person that both hold one mail; returns phones and the item's id."""
        user = self.person()
        self.mail(user, subject)
        one, two = self.phone(user), self.phone(user)
        server_id = one.pull(INBOX).by("Email:Subject", subject).id
        self.assertEqual(server_id, two.pull(INBOX).by("Email:Subject", subject).id)
        return one, two, server_id

    def only_change(self, phone):
        """Pulls one Change; returns the names of what it carried."""
        result = phone.sync_box(INBOX)
        self.assertEqual((1, 0, 0), (len(result.changes), len(result.adds), len(result.deletes)))
        return [node.name for node in result.node.find("Commands/Change/ApplicationData").children]

    def test_read_reaches_the_other_phone_alone(self):
        one, two, item = self.pair()
        result = one.change(INBOX, item, E("Email:Read", 1))
        self.assertNotIn(item, result.changed, "no response to a Change that succeeded (MS-ASCMD 2.2.3.24)")
        self.assertEqual(["Email:Read"], self.only_change(two))
        self.assertEqual("1", two.box(INBOX).items[item].text("Email:Read"))
        one.change(INBOX, item, E("Email:Read", 0))
        self.only_change(two)
        self.assertEqual("0", two.box(INBOX).items[item].text("Email:Read"))

    def test_the_author_hears_nothing_of_its_own_change(self):
        one, _, item = self.pair()
        one.change(INBOX, item, E("Email:Read", 1))
        self.assertTrue(one.sync_box(INBOX).quiet)

    def test_a_flag_reaches_the_other_phone_alone(self):
        one, two, item = self.pair()
        one.change(INBOX, item, E("Email:Flag", FLAGGED))
        self.assertEqual(["Email:Flag"], self.only_change(two))
        flag = two.box(INBOX).items[item].node("Email:Flag")
        self.assertEqual(("2", "Flag for follow up"), (flag.text("Status"), flag.text("FlagType")))
        self.assertEqual("2026-11-24T08:00:00.000Z", flag.text("Tasks:UtcDueDate"))

    def test_a_flag_is_completed_and_cleared(self):
        one, two, item = self.pair()
        one.change(INBOX, item, E("Email:Flag", FLAGGED))
        two.sync_box(INBOX)
        one.change(INBOX, item, E("Email:Flag", E("Email:Status", 1), E("Email:FlagType", "Flag for follow up"),
            E("Email:CompleteTime", "2026-11-23T12:00:00.000Z"), E("Tasks:DateCompleted", "2026-11-23T00:00:00.000Z")))
        two.sync_box(INBOX)
        flag = two.box(INBOX).items[item].node("Email:Flag")
        self.assertEqual(("1", "2026-11-23T12:00:00.000Z"), (flag.text("Status"), flag.text("CompleteTime")))
        one.change(INBOX, item, E("Email:Flag"))
        two.sync_box(INBOX)
        self.assertEqual([], two.box(INBOX).items[item].node("Email:Flag").children)

    def test_a_flag_with_a_reminder_keeps_it(self):
        one, two, item = self.pair()
        one.change(INBOX, item, E("Email:Flag", E("Tasks:Subject", "Call back"), FLAGGED, E("Tasks:ReminderSet", 1),
            E("Tasks:ReminderTime", "2026-11-24T07:00:00.000Z")))
        two.sync_box(INBOX)
        flag = two.box(INBOX).items[item].node("Email:Flag")
        self.assertEqual(("1", "2026-11-24T07:00:00.000Z"), (flag.text("Tasks:ReminderSet"), flag.text("Tasks:ReminderTime")))

    def test_categories_go_both_ways_and_are_removed(self):
        one, two, item = self.pair()
        one.change(INBOX, item, E("Email:Categories", E("Category", "Work"), E("Category", "Größe")))
        self.assertEqual(["Email:Categories"], self.only_change(two))
        categories = lambda: [c.text() for c in two.box(INBOX).items[item].node("Email:Categories").children]
        self.assertEqual(["Work", "Größe"], categories())
        one.change(INBOX, item, E("Email:Categories"))
        two.sync_box(INBOX)
        self.assertEqual([], categories())

    def test_several_changes_arrive_as_one(self):
        one, two, item = self.pair()
        one.change(INBOX, item, E("Email:Read", 1))
        one.change(INBOX, item, E("Email:Flag", FLAGGED))
        one.change(INBOX, item, E("Email:Categories", E("Category", "Work")))
        self.assertEqual({"Email:Read", "Email:Flag", "Email:Categories"}, set(self.only_change(two)))

    def test_both_change_the_same_mail(self):
        one, two, item = self.pair()
        one.change(INBOX, item, E("Email:Read", 1))
        two.sync_box(INBOX, [two.change_command(item, E("Email:Flag", FLAGGED))], get_changes=0)
        for phone in (one, two):
            phone.pull(INBOX)
        third = self.phone(one.user)
        held = third.pull(INBOX).items[item]
        self.assertEqual("2", held.text("Email:Flag/Status"))
        for phone in (one, two):
            self.assertEqual(held.text("Email:Read"), phone.box(INBOX).items[item].text("Email:Read"))
            self.assertEqual("2", phone.box(INBOX).items[item].text("Email:Flag/Status"))

    def test_a_change_of_nothing_is_no_change(self):
        one, two, item = self.pair()
        one.change(INBOX, item, E("Email:Read", 0))
        self.assertTrue(two.sync_box(INBOX).quiet)

    def test_a_read_that_is_no_boolean_is_status_6(self):
        one, two, item = self.pair()
        result = one.sync_box(INBOX, [one.change_command(item, E("Email:Read", "maybe"))])
        self.assertEqual(6, result.changed[item].number("Status"), result.node)
        self.assertTrue(two.sync_box(INBOX).quiet)

    def test_a_change_of_the_conversation_is_status_6(self):
        one, _, item = self.pair()
        result = one.sync_box(INBOX, [one.change_command(item, E("Email2:ConversationId", b"\x01\x02"))])
        self.assertEqual(6, result.changed[item].number("Status"), result.node)

    def test_a_change_of_an_unknown_item_is_status_8(self):
        one, _, item = self.pair()
        bogus = item[:-1] + ("1" if item[-1] != "1" else "2") + "99"
        result = one.sync_box(INBOX, [one.change_command(bogus, E("Email:Read", 1))])
        self.assertEqual(8, result.changed[bogus].number("Status"), result.node)

    def test_adding_mail_to_the_inbox_is_status_6(self):
        one, _, _ = self.pair()
        command = one.add_command("draft-1", E("Email:Subject", "No"), E("Email:To", "x@example.net"))
        result = one.sync_box(INBOX, [command])
        self.assertEqual(6, result.added["draft-1"].number("Status"), result.node)

    def test_many_changes_in_one_request_are_all_applied(self):
        user = self.person()
        for number in range(30):
            self.mail(user, f"Mail {number}")
        one, two = self.phone(user), self.phone(user)
        ids = list(one.pull(INBOX).items)
        two.pull(INBOX)
        one.sync_box(INBOX, [one.change_command(i, E("Email:Read", 1)) for i in ids])
        box = two.pull(INBOX, window=7)
        self.assertEqual(["1"] * 30, box.texts("Email:Read"))

    def test_flags_survive_a_restart(self):
        one, two, item = self.pair()
        one.change(INBOX, item, E("Email:Flag", FLAGGED), E("Email:Read", 1))
        self.server.restart()
        for phone in (one, two):
            phone.close()
        two.sync_box(INBOX)
        self.assertEqual("2", two.box(INBOX).items[item].text("Email:Flag/Status"))
        self.assertTrue(one.sync_box(INBOX).quiet, "the author still hears nothing of its own change")


if __name__ == "__main__":
    unittest.main()
