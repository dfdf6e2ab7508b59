"""A folder larger than any window: the default of 100, the cap of 512, and whole-folder changes in pages."""

import time
import unittest

import smtp
from case import ServerCase
from eas import E
from phone import INBOX

COUNT = 640


class MailBigFolderTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("many")
        smtp.deliver_many(cls.server, cls.user, (smtp.message(cls.user, f"Mail {n:04}") for n in range(COUNT)))

    def test_the_window_defaults_to_100(self):
        phone = self.phone(self.user)
        phone.start(INBOX)
        result = phone.sync_box(INBOX)
        self.assertEqual((100, True), (len(result.adds), result.more))

    def test_no_answer_has_more_than_512(self):
        phone = self.phone(self.user)
        phone.start(INBOX)
        result = phone.sync_box(INBOX, window=512)
        self.assertLessEqual(len(result.adds), 512)
        self.assertTrue(result.more)
        self.assertEqual(COUNT, len(phone.pull(INBOX, window=512).items))

    def test_a_larger_window_is_read_as_512(self):
        phone = self.phone(self.user)
        phone.start(INBOX)
        answer = phone.sync([phone.request_of(phone.box(INBOX), window=1000)])
        collection = answer.root.find("Collections/Collection")
        self.assertIn(collection.number("Status"), (1, 4), answer)
        self.assertLessEqual(len(collection.all("Commands/Add")), 512)

    def test_reading_everything_reaches_the_other_phone_in_pages(self):
        one, two = self.phone(self.user), self.phone(self.user)
        ids = list(one.pull(INBOX, window=512).items)
        two.pull(INBOX, window=512)
        self.mark(one, ids[:300], 1)
        result = two.sync_box(INBOX, window=100)
        self.assertEqual((100, True), (len(result.changes), result.more))
        two.pull(INBOX, window=100)
        self.assertEqual(300, two.box(INBOX).texts("Email:Read").count("1"))
        self.mark(one, ids[:300], 0)

    def mark(self, phone, ids, read):
        """By as many commands at once as a request may have."""
        for start in range(0, len(ids), 200):
            phone.sync_box(INBOX, [phone.change_command(i, E("Email:Read", read)) for i in ids[start:start + 200]])

    def test_a_quiet_round_of_a_big_folder_is_quick(self):
        phone = self.phone(self.user)
        phone.pull(INBOX, window=512)
        begin = time.monotonic()
        for _ in range(20):
            self.assertTrue(phone.sync_box(INBOX).quiet)
        self.assertLess(time.monotonic() - begin, 2.0, "an unchanged Sync does not depend on the folder's size")


if __name__ == "__main__":
    unittest.main()
