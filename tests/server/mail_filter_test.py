"""The time window of mail: FilterType, SoftDelete, GetItemEstimate (MS-ASCMD 2.2.3.68.2, 2.2.3.171, 2.2.1.9)."""

import unittest

from case import ServerCase
from eas import body_preference, sync_options
from phone import CALENDAR, INBOX, TASKS

ALL, DAY, THREE_DAYS, WEEK, TWO_WEEKS, MONTH = range(6)


def window(filter_type):
    return sync_options(filter_type, [body_preference(1, 500)])


class Held:
    def held(self, phone, filter_type):
        """Subjects of what the phone holds with that filter."""
        return phone.pull(INBOX, options=window(filter_type)).texts("Email:Subject")


class MailFilterTest(Held, ServerCase):
    """The server's clock is moved by hand: mails are 40, 20, 10, 5, 2 and 0 days old."""

    settings = {"clock.manual": "true"}

    @classmethod
    def prepare(cls):
        super().prepare()
        import smtp
        cls.user = cls.server.person("aged")
        for age, pause in ((40, 20), (20, 10), (10, 5), (5, 3), (2, 2), (0, 0)):
            smtp.deliver(cls.server, cls.user, smtp.message(cls.user, f"{age:02} days"))
            if pause:
                cls.server.advance(f"{pause * 24}h")

    def test_each_filter_brings_its_days(self):
        ages = ["00 days", "02 days", "05 days", "10 days", "20 days", "40 days"]
        for filter_type, count in ((ALL, 6), (DAY, 1), (THREE_DAYS, 2), (WEEK, 3), (TWO_WEEKS, 4), (MONTH, 5)):
            with self.subTest(filter_type):
                self.assertEqual(ages[:count], self.held(self.phone(self.user), filter_type))

    def test_narrowing_soft_deletes_and_widening_adds(self):
        phone = self.phone(self.user)
        self.held(phone, ALL)
        box = phone.box(INBOX)
        key = box.key
        self.assertEqual(["00 days", "02 days"], self.held(phone, THREE_DAYS))
        self.assertEqual(4, len(box.soft_deleted), "what leaves the window is SoftDelete, not Delete")
        self.assertNotEqual("0", key)
        self.assertEqual(6, len(self.held(phone, ALL)))
        self.assertEqual(["00 days"], self.held(phone, DAY))

    def test_a_narrowing_is_paged_by_the_window_size(self):
        phone = self.phone(self.user)
        self.held(phone, ALL)
        result = phone.sync_box(INBOX, options=window(DAY), window=2)
        self.assertEqual((2, True), (len(result.soft_deletes), result.more))
        phone.pull(INBOX, options=window(DAY), window=2)
        self.assertEqual(["00 days"], phone.box(INBOX).texts("Email:Subject"))

    def test_a_soft_deleted_mail_is_still_in_the_mailbox(self):
        phone, other = self.phone(self.user), self.phone(self.user)
        self.held(phone, ALL)
        self.held(phone, DAY)
        self.assertEqual(6, len(self.held(other, ALL)))

    def test_a_wrong_filter_for_the_class_is_refused(self):
        """Mail knows 0-5, calendars 0 and 4-7, tasks 0 and 8 (MS-ASCMD 2.2.3.68.2)."""
        phone = self.phone(self.user)
        for kind, filter_type in ((INBOX, 6), (INBOX, 7), (INBOX, 9), (CALENDAR, 1), (CALENDAR, 8), (TASKS, 3)):
            with self.subTest(f"type {kind}, filter {filter_type}"):
                box = phone.start(kind)
                answer = phone.sync([phone.request_of(box, options=sync_options(filter_type))])
                box.options = None
                statuses = {answer.code}
                if answer.root is not None:
                    statuses |= {c.number("Status") for c in answer.root.all("Collections/Collection")}
                self.assertTrue(statuses & {4, 103}, answer)

    # -- GetItemEstimate -------------------------------------------------------------------------------------------

    def estimate(self, phone, filter_type=None):
        box = phone.box(INBOX)
        answer = phone.get_item_estimate([(box.folder.id, box.key, filter_type, "Email")])
        self.assertEqual(200, answer.status)
        return answer.root.find("Response")

    def test_the_estimate_counts_what_a_sync_would_bring(self):
        for version in ("12.1", "16.1"):
            phone = self.phone(self.user, version)
            phone.start(INBOX)
            for filter_type, count in ((ALL, 6), (WEEK, 3)):
                with self.subTest(f"{version}, filter {filter_type}"):
                    response = self.estimate(phone, filter_type)
                    self.assertEqual((1, count), (response.number("Status"), response.number("Collection/Estimate")))
            self.held(phone, ALL)
            self.assertEqual(0, self.estimate(phone, ALL).number("Collection/Estimate"))

    def test_the_estimate_does_not_use_up_the_key(self):
        phone = self.phone(self.user)
        phone.start(INBOX)
        for _ in range(3):
            self.estimate(phone, ALL)
        self.assertEqual(6, len(self.held(phone, ALL)))
        self.estimate(phone)
        self.assertTrue(phone.sync_box(INBOX).quiet)

    def test_an_estimate_with_a_wrong_folder_or_key_has_its_status(self):
        phone = self.phone(self.user)
        box = phone.start(INBOX)
        statuses = lambda folder, key: {phone.get_item_estimate([(folder, key, ALL, "Email")]).root.number("Response/Status")}
        self.assertEqual({2}, statuses("98765", box.key))
        self.assertEqual({4}, statuses(box.folder.id, "98765"))
        self.assertEqual({3}, statuses(box.folder.id, "0"))

    def test_a_bad_collection_does_not_spoil_the_good_one(self):
        phone = self.phone(self.user)
        box = phone.start(INBOX)
        answer = phone.get_item_estimate([(box.folder.id, box.key, ALL, "Email"), ("98765", "1", ALL, "Email")])
        self.assertEqual([1, 2], [node.number("Status") for node in answer.root.all("Response")], answer)


class MovingTimeTest(Held, ServerCase):
    """Tests that move the clock themselves."""

    settings = {"clock.manual": "true"}

    def test_time_alone_moves_mail_out_of_the_window(self):
        user = self.person()
        self.mail(user, "young")
        phone = self.phone(user)
        self.assertEqual(["young"], self.held(phone, DAY))
        self.server.advance("50h")
        phone.pull(INBOX, options=window(DAY))
        self.assertEqual([], phone.box(INBOX).texts("Email:Subject"))
        self.assertEqual(1, len(phone.box(INBOX).soft_deleted))

    def test_a_delete_outside_the_window_is_not_told(self):
        user = self.person()
        self.mail(user, "old")
        self.server.advance("96h")
        self.mail(user, "new")
        one, two = self.phone(user), self.phone(user)
        self.assertEqual(["new"], self.held(one, DAY))
        self.held(two, ALL)
        two.delete(INBOX, two.box(INBOX).by("Email:Subject", "old").id, deletes_as_moves=0)
        self.assertTrue(one.sync_box(INBOX, options=window(DAY)).quiet)


if __name__ == "__main__":
    unittest.main()
