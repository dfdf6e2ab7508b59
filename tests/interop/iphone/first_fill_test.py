"""An iPhone's first fill, mail as it is read, and the second key 0 that iOS sends."""

import datetime
import unittest

import smtp
from case import Background, ServerCase
from items import contact, event, note, task
from iphone import IPhone
from phone import CALENDAR, CONTACTS, INBOX, NOTES, TASKS
from server import PASSWORD


class FirstFillTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("anna")
        smtp.deliver_many(cls.server, cls.user, (smtp.message(cls.user, f"Mail {n:03}", text="Text " * 300) for n in range(120)))

    def iphone(self, user=None):
        iphone = IPhone(self.server, user or self.user, PASSWORD)
        self.addCleanup(iphone.close)
        iphone.enrol()
        return iphone

    def test_everything_arrives_newest_mail_first(self):
        iphone = self.iphone()
        box = iphone.start(INBOX, deletes_as_moves=1)
        box.window = 50
        first = iphone.sync_box(INBOX)
        self.assertEqual([f"Mail {n:03}" for n in range(119, 69, -1)], [box.items[i].text("Email:Subject") for i in first.adds])
        self.assertTrue(first.more)
        iphone.pull(INBOX)
        self.assertEqual(120, len(box.items))

    def test_list_entries_are_short_and_carry_the_date(self):
        iphone = self.iphone()
        iphone.first_fill()
        for item in iphone.box(INBOX).items.values():
            self.assertLessEqual(len(item.text("AirSyncBase:Body/Data")), 500)
            self.assertEqual("1", item.text("AirSyncBase:Body/Truncated"))
            self.assertTrue(item.text("Email:DateReceived"), "without DateReceived iOS shows the time of the sync")
            received = datetime.datetime.fromisoformat(item.text("Email:DateReceived").replace("Z", "+00:00"))
            self.assertEqual(datetime.timezone.utc, received.tzinfo)

    def test_a_tapped_mail_comes_whole(self):
        user = self.person()
        data = self.mail(user, "Tap", text="Long " * 2000, html="<p>" + "long " * 2000 + "</p>")
        iphone = self.iphone(user)
        iphone.first_fill()
        self.assertTrue(iphone.open_mail(iphone.box(INBOX).by("Email:Subject", "Tap").id).endswith(data))

    def test_the_other_classes_arrive_too(self):
        user = self.person()
        other = self.phone(user)
        for kind, properties in ((CALENDAR, event("Date", "20400101T090000Z", "20400101T100000Z")), (CONTACTS, contact("Friend")),
                                 (TASKS, task("To do")), (NOTES, note("Idea"))):
            other.start(kind)
            other.add(kind, *properties)
        iphone = self.iphone(user)
        iphone.first_fill()
        for kind, name, value in ((CALENDAR, "Calendar:Subject", "Date"), (CONTACTS, "Contacts:LastName", "Friend"),
                                  (TASKS, "Tasks:Subject", "To do"), (NOTES, "Notes:Subject", "Idea")):
            self.assertEqual([value], iphone.box(kind).texts(name))

    def test_an_answer_never_has_an_empty_collections(self):
        """iOS misbehaves on it: no change is an empty body."""
        iphone = self.iphone()
        iphone.first_fill()
        answer = iphone.sync([iphone.request_of(iphone.box(folder)) for folder in iphone.kinds()])
        self.assertEqual((200, b""), (answer.status, answer.body))

    def test_a_second_key_0_while_the_first_chain_runs(self):
        iphone = self.iphone()
        box = iphone.start(INBOX)
        box.window = 10
        iphone.sync_box(INBOX)
        running = Background(iphone.sync, [iphone.request_of(box)])
        box.key = "0"
        iphone.sync_box(INBOX)
        running.result()
        iphone.pull(INBOX)
        self.assertEqual(120, len(box.items))

    def test_a_ping_before_any_sync_does_not_loop(self):
        iphone = self.iphone()
        import time
        ping = Background(iphone.listen, 600, timeout=20)
        time.sleep(0.6)
        self.assertTrue(ping.running or ping.value.code in (1, 7), ping.value)
        iphone.close()


if __name__ == "__main__":
    unittest.main()
