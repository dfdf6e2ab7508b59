"""Notes and events that iOS saves again and again, with answers that get lost on the way."""

import random
import unittest

from case import ServerCase
from items import event, note
from iphone import IPhone
from phone import CALENDAR, NOTES
from server import PASSWORD
from wire import Lost


class AutosaveTest(ServerCase):
    def iphone(self, user=None):
        iphone = IPhone(self.server, user or self.person(), PASSWORD)
        self.addCleanup(iphone.close)
        iphone.enrol()
        iphone.first_fill()
        return iphone

    def test_w4_a_note_typed_over_a_bad_line_is_one_note(self):
        """Every letter is saved; half of the answers are lost at random points."""
        dice = random.Random(181)
        iphone = self.iphone()
        text, item, client_id = "Shopping: milk, bread, apples", None, "note-autosave"
        for end in range(1, len(text) + 1):
            properties = note(text[:end].split(":")[0], text[:end])
            command = iphone.add_command(client_id, *properties) if item is None else iphone.change_command(item, *properties)
            cut = dice.choice((None, None, "unread", "request", dice.randrange(1, 400)))
            try:
                result = iphone.sync_box(NOTES, [command], lose=cut)
            except Lost:
                continue
            if item is None:
                item = result.added[client_id].text("ServerId")
        iphone.change(NOTES, item, *note("Shopping", text))
        fresh = self.iphone(iphone.user)
        self.assertEqual([item], list(fresh.box(NOTES).items))
        self.assertEqual(text, fresh.box(NOTES).items[item].text("AirSyncBase:Body/Data").strip())

    def test_w4_an_event_repeated_with_its_client_uid_is_one_event(self):
        iphone = self.iphone()
        properties = event("Dentist", "20400101T090000Z", "20400101T100000Z", uid="A1B2C3D4E5F60718293A4B5C6D7E8F901")
        for number, cut in enumerate(("unread", 100, "unread")):
            with self.assertRaises(Lost):
                iphone.sync([iphone.request_of(iphone.box(CALENDAR), [iphone.add_command("event-1", *properties)])], lose=cut)
        iphone.sync_box(CALENDAR, [iphone.add_command("event-1", *properties)])
        self.assertEqual(["Dentist"], self.iphone(iphone.user).box(CALENDAR).texts("Calendar:Subject"))

    def test_the_same_client_uid_under_a_new_client_id_is_the_same_event(self):
        """After key 0 iOS sends its unsent event again with another ClientId."""
        iphone = self.iphone()
        properties = event("Dentist", "20400101T090000Z", "20400101T100000Z", uid="SAME-CLIENT-UID")
        with self.assertRaises(Lost):
            iphone.sync([iphone.request_of(iphone.box(CALENDAR), [iphone.add_command("event-1", *properties)])], lose="unread")
        iphone.start(CALENDAR)
        iphone.sync_box(CALENDAR, [iphone.add_command("event-2", *properties)], get_changes=0)
        self.assertEqual(["Dentist"], self.iphone(iphone.user).box(CALENDAR).texts("Calendar:Subject"))


if __name__ == "__main__":
    unittest.main()
