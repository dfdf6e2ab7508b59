"""Sync that waits for changes: Wait, HeartbeatInterval, empty and partial requests (MS-ASCMD 2.2.3.198, 2.2.3.87.2)."""

import time
import unittest

from case import Background, ServerCase
from eas import E
from phone import CONTACTS, INBOX


class HangingSyncTest(ServerCase):
    def waiting(self, user=None, version="16.1", **limits):
        phone = self.phone(user, version)
        box = phone.pull(INBOX)
        hanging = Background(phone.sync, [phone.request_of(box)], timeout=60, **(limits or {"heartbeat": 600}))
        time.sleep(0.4)
        self.assertTrue(hanging.running, hanging.value)
        return phone, box, hanging

    def test_mail_ends_the_wait_and_is_inside_the_answer(self):
        for limits in ({"heartbeat": 600}, {"wait": 10}):
            phone, box, hanging = self.waiting(**limits)
            begin = time.monotonic()
            self.mail(phone.user, "Pushed")
            answer = hanging.result(10)
            self.assertLess(time.monotonic() - begin, 1.0)
            phone.take(box, answer.root.find("Collections/Collection"))
            self.assertEqual(["Pushed"], box.texts("Email:Subject"))

    def test_12_1_waits_with_wait(self):
        phone, box, hanging = self.waiting(version="12.1", wait=10)
        self.mail(phone.user, "Pushed")
        phone.take(box, hanging.result(10).root.find("Collections/Collection"))
        self.assertEqual(["Pushed"], box.texts("Email:Subject"))

    def test_only_folders_with_changes_are_in_the_answer(self):
        phone = self.phone()
        inbox, contacts = phone.pull(INBOX), phone.pull(CONTACTS)
        hanging = Background(phone.sync, [phone.request_of(inbox), phone.request_of(contacts)], heartbeat=600, timeout=60)
        time.sleep(0.4)
        self.mail(phone.user, "Only mail")
        collections = hanging.result(10).root.all("Collections/Collection")
        self.assertEqual([inbox.folder.id], [c.text("CollectionId") for c in collections])

    def test_a_request_with_commands_does_not_wait(self):
        phone = self.phone()
        phone.start(CONTACTS)
        command = phone.add_command("now", E("Contacts:FileAs", "Now"), E("Contacts:LastName", "Now"))
        begin = time.monotonic()
        answer = phone.sync([phone.request_of(phone.box(CONTACTS), [command])], heartbeat=600, timeout=20)
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual(1, answer.root.number("Collections/Collection/Responses/Add/Status"))

    def test_an_empty_sync_repeats_the_last_list(self):
        phone, box, hanging = self.waiting()
        self.mail(phone.user, "One")
        phone.take(box, hanging.result(10).root.find("Collections/Collection"))
        self.assertEqual(b"", phone.sync([phone.request_of(box)]).body)
        again = Background(phone.post, "Sync", timeout=60)
        time.sleep(0.4)
        if again.running:
            self.mail(phone.user, "Two")
            answer = again.result(10)
            phone.take(box, answer.root.find("Collections/Collection"))
            self.assertEqual(["One", "Two"], box.texts("Email:Subject"))
        else:
            self.assertEqual(b"", again.result().body, "the cached request had no heartbeat: answered at once")

    def test_an_empty_sync_of_a_new_device_is_status_13(self):
        answer = self.phone().post("Sync")
        self.assertEqual(13, answer.code, answer)

    def test_a_wait_out_of_range_is_status_14_with_the_limit(self):
        phone = self.phone()
        box = phone.pull(INBOX)
        for limits, bound in (({"heartbeat": 10}, 60), ({"heartbeat": 100000}, None), ({"wait": 0}, 1), ({"wait": 1000}, 59)):
            with self.subTest(limits):
                answer = phone.sync([phone.request_of(box)], timeout=20, **limits)
                self.assertEqual(14, answer.code, answer)
                if bound is not None:
                    self.assertEqual(bound, answer.root.number("Limit"), answer)
                else:
                    self.assertGreaterEqual(answer.root.number("Limit"), 900)

    def test_wait_and_heartbeat_together_are_status_4(self):
        phone = self.phone()
        box = phone.pull(INBOX)
        answer = phone.sync([phone.request_of(box)], wait=1, heartbeat=60, timeout=20)
        self.assertEqual(4, answer.code, answer)

    def test_a_newer_sync_ends_the_older(self):
        phone, box, older = self.waiting()
        newer = Background(phone.sync, [phone.request_of(box)], heartbeat=600, timeout=60)
        older.result(5)
        self.assertTrue(newer.running)
        self.mail(phone.user, "For the newer")
        phone.take(box, newer.result(10).root.find("Collections/Collection"))
        self.assertEqual(["For the newer"], box.texts("Email:Subject"))

    def test_own_changes_do_not_end_the_wait_with_content(self):
        user = self.person()
        self.mail(user, "Mine")
        phone, box, hanging = self.waiting(user)
        other = self.phone(user)
        other.pull(INBOX)
        item = box.by("Email:Subject", "Mine").id
        other.change(INBOX, item, E("Email:Read", 1))
        answer = hanging.result(10)
        phone.take(box, answer.root.find("Collections/Collection"))
        self.assertEqual("1", box.items[item].text("Email:Read"))
        silent = Background(other.sync, [other.request_of(other.box(INBOX))], heartbeat=600, timeout=60)
        time.sleep(0.8)
        self.assertTrue(silent.running, silent.value)
        self.mail(user, "End")
        silent.result(10)


class HangingSyncClockTest(ServerCase):
    settings = {"clock.manual": "true"}

    def test_the_wait_ends_with_an_empty_answer(self):
        phone = self.phone()
        box = phone.pull(INBOX)
        for limits, span in (({"heartbeat": 600}, "601s"), ({"wait": 2}, "121s")):
            hanging = Background(phone.sync, [phone.request_of(box)], timeout=60, **limits)
            time.sleep(0.4)
            self.assertTrue(hanging.running, hanging.value)
            self.server.advance(span)
            answer = hanging.result(10)
            self.assertEqual((200, b""), (answer.status, answer.body))
        self.assertTrue(phone.sync_box(INBOX).quiet)


if __name__ == "__main__":
    unittest.main()
