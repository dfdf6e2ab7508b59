"""Push to an iPhone: 59 minutes of waiting, woken by mail, folders and colleagues, never by itself."""

import time
import unittest

from case import Background, ServerCase
from eas import E
from items import contact, event, note
from iphone import IPhone
from phone import CALENDAR, CONTACTS, INBOX, NOTES, USER_CALENDAR, USER_MAIL
from server import PASSWORD


class PushTest(ServerCase):
    settings = {"clock.manual": "true"}

    def iphone(self, user=None):
        iphone = IPhone(self.server, user or self.person(), PASSWORD)
        self.addCleanup(iphone.close)
        iphone.enrol()
        iphone.first_fill()
        return iphone

    def listening(self, iphone, **options):
        ping = Background(iphone.listen, timeout=60, **options)
        time.sleep(0.3)
        self.assertTrue(ping.running, ping.value)
        return ping

    def test_the_heartbeat_lasts_59_minutes(self):
        iphone = self.iphone()
        ping = self.listening(iphone)
        for _ in range(5):
            self.server.advance("11m")
            time.sleep(0.1)
            self.assertTrue(ping.running, ping.value)
        self.server.advance("4m")
        self.assertEqual(1, ping.result(10).code)
        again = Background(iphone.ping, timeout=60)
        time.sleep(0.3)
        self.assertTrue(again.running, "the empty Ping repeats the list")
        self.mail(iphone.user, "Later")
        self.assertEqual(2, again.result(10).code)

    def test_mail_in_the_58th_minute_arrives_at_once(self):
        iphone = self.iphone()
        ping = self.listening(iphone)
        self.server.advance("58m")
        begin = time.monotonic()
        self.mail(iphone.user, "At last")
        answer = ping.result(10)
        self.assertLess(time.monotonic() - begin, 1)
        self.assertEqual([iphone.folder(INBOX).id], [n.text() for n in answer.root.all("Folders/Folder")])
        iphone.pull(INBOX)
        self.assertEqual(["At last"], iphone.box(INBOX).texts("Email:Subject"))

    def test_a_day_of_reading_and_writing_never_wakes_the_phone_itself(self):
        user = self.person()
        self.mail(user, "Read me")
        iphone = self.iphone(user)
        item = iphone.box(INBOX).by("Email:Subject", "Read me").id
        iphone.change(INBOX, item, E("Email:Read", 1))
        iphone.add(CONTACTS, *contact("Mine"))
        iphone.add(CALENDAR, *event("Mine", "20400101T090000Z", "20400101T100000Z"))
        iphone.add(NOTES, *note("Mine"))
        iphone.delete(INBOX, item)
        ping = self.listening(iphone)
        time.sleep(0.7)
        self.assertTrue(ping.running, ping.value)
        self.mail(user, "Foreign")
        self.assertEqual(2, ping.result(10).code)
        iphone.refresh()
        self.assertTrue(self.listening(iphone).running, "one wake-up per change")

    def test_an_ipad_of_the_same_person_wakes_the_iphone(self):
        iphone = self.iphone()
        ipad = self.iphone(iphone.user)
        ping = self.listening(iphone)
        ipad.add(NOTES, *note("From the iPad"))
        answer = ping.result(10)
        self.assertEqual([iphone.folder(NOTES).id], [n.text() for n in answer.root.all("Folders/Folder")])
        iphone.pull(NOTES)
        self.assertEqual(["From the iPad"], iphone.box(NOTES).texts("Notes:Subject"))

    def test_a_new_folder_is_noticed(self):
        iphone = self.iphone()
        ping = self.listening(iphone)
        self.phone(iphone.user).make_folder("New", USER_MAIL)
        self.assertEqual(7, ping.result(10).code)
        self.assertEqual(["New"], [node.text("DisplayName") for node in iphone.learn_folders()])
        self.listening(iphone)

    def test_a_colleagues_event_in_the_group_calendar_wakes_all(self):
        people = [self.person() for _ in range(3)]
        self.server.group("sales", *people)
        phones = [self.iphone(person) for person in people]
        pings = [self.listening(phone) for phone in phones[1:]]
        calendar = phones[0].folder(USER_CALENDAR)
        phones[0].add(calendar, *event("Team day", "20400101T090000Z", "20400101T100000Z"))
        for ping in pings:
            answer = ping.result(10)
            self.assertEqual([calendar.id], [n.text() for n in answer.root.all("Folders/Folder")])
        for phone in phones[1:]:
            phone.refresh()
            self.assertEqual(["Team day"], phone.box(calendar.id).texts("Calendar:Subject"))

    def test_a_phone_out_of_reach_comes_back(self):
        """The radio is gone for an hour; the old Ping is dead on the phone's side only."""
        iphone = self.iphone()
        self.listening(iphone)
        self.server.advance("30m")
        self.mail(iphone.user, "While away")
        answer = iphone.listen(timeout=20)
        self.assertEqual(2, answer.code)
        iphone.refresh()
        self.assertEqual(["While away"], iphone.box(INBOX).texts("Email:Subject"))


if __name__ == "__main__":
    unittest.main()
