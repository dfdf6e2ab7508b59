"""Phone and server changed the same item (MS-ASCMD 2.2.3.34 Conflict, 2.2.3.177.17 Status 7)."""

import unittest

from case import ServerCase
from eas import E, body_preference, sync_options
from phone import CONTACTS

SERVER_WINS, CLIENT_WINS = 1, 0


def contact(last, first="Anna"):
    return [E("Contacts:FileAs", f"{last}, {first}"), E("Contacts:FirstName", first), E("Contacts:LastName", last)]


class ConflictTest(ServerCase):
    def pair(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        one.start(CONTACTS)
        item = one.add(CONTACTS, *contact("Original"))
        two.pull(CONTACTS)
        return one, two, item

    def options(self, conflict):
        return sync_options(None, [body_preference(1)], conflict=conflict)

    def test_the_server_wins_when_told_so(self):
        one, two, item = self.pair()
        one.change(CONTACTS, item, *contact("FromOne"))
        result = two.sync_box(CONTACTS, [two.change_command(item, *contact("FromTwo"))], options=self.options(SERVER_WINS))
        self.assertEqual(7, result.changed[item].number("Status"), result.node)
        two.pull(CONTACTS)
        one.pull(CONTACTS)
        for phone in (one, two):
            self.assertEqual("FromOne", phone.box(CONTACTS).items[item].text("Contacts:LastName"))

    def test_the_server_wins_by_default(self):
        one, two, item = self.pair()
        one.change(CONTACTS, item, *contact("FromOne"))
        result = two.sync_box(CONTACTS, [two.change_command(item, *contact("FromTwo"))])
        self.assertEqual(7, result.changed[item].number("Status"), result.node)
        two.pull(CONTACTS)
        self.assertEqual("FromOne", two.box(CONTACTS).items[item].text("Contacts:LastName"))

    def test_the_client_wins_when_told_so(self):
        one, two, item = self.pair()
        one.change(CONTACTS, item, *contact("FromOne"))
        result = two.sync_box(CONTACTS, [two.change_command(item, *contact("FromTwo"))], options=self.options(CLIENT_WINS))
        self.assertNotIn(item, result.changed, result.node)
        one.pull(CONTACTS)
        two.pull(CONTACTS)
        for phone in (one, two):
            self.assertEqual("FromTwo", phone.box(CONTACTS).items[item].text("Contacts:LastName"))

    def test_a_change_of_what_was_deleted_is_status_8(self):
        one, two, item = self.pair()
        one.delete(CONTACTS, item)
        result = two.sync_box(CONTACTS, [two.change_command(item, *contact("Ghost"))])
        self.assertIn(result.changed[item].number("Status"), (7, 8), result.node)
        two.pull(CONTACTS)
        self.assertNotIn(item, two.box(CONTACTS).items)

    def test_no_conflict_without_a_change_of_the_other(self):
        _, two, item = self.pair()
        for name in ("A", "B", "C"):
            result = two.sync_box(CONTACTS, [two.change_command(item, *contact(name))])
            self.assertNotIn(item, result.changed, result.node)

    def test_two_commands_for_one_item_apply_the_first_or_both_but_stay_whole(self):
        """Exchange applies the first and answers 16; either way one of the two states is there, and the key works."""
        one, two, item = self.pair()
        answer = two.sync([two.request_of(two.box(CONTACTS), [two.change_command(item, *contact("First")),
                                                               two.change_command(item, *contact("Second"))])])
        self.assertEqual(200, answer.status)
        if answer.code in (None, 1):
            two.take(two.box(CONTACTS), answer.root.find("Collections/Collection"))
        one.pull(CONTACTS)
        self.assertIn(one.box(CONTACTS).items[item].text("Contacts:LastName"), ("First", "Second"))


if __name__ == "__main__":
    unittest.main()
