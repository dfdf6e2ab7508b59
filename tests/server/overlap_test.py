"""W5: requests of one device that overlap, and a second key 0 while the first chain runs."""

import unittest

import smtp
from case import Background, ServerCase
from eas import E
from phone import CONTACTS, INBOX


def contact(name):
    return [E("Contacts:FileAs", name), E("Contacts:LastName", name)]


class OverlapTest(ServerCase):
    def test_w5_one_key_used_twice_at_once_makes_one_item(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(CONTACTS)
        for number in range(8):
            command = phone.add_command(f"overlap-{number}", *contact(f"Contact {number}"))
            request = lambda: phone.sync([phone.request_of(phone.box(CONTACTS), [command])])
            answers = [one.result() for one in [Background(request) for _ in range(4)]]
            ids = {answer.root.text("Collections/Collection/Responses/Add/ServerId") for answer in answers}
            self.assertEqual(1, len(ids), answers)
            phone.take(phone.box(CONTACTS), answers[-1].root.find("Collections/Collection"), [command])
        self.assertEqual([f"Contact {n}" for n in range(8)], self.phone(user).pull(CONTACTS).texts("Contacts:FileAs"))

    def test_w5_any_of_the_overlapping_answers_may_be_followed(self):
        user = self.person()
        for which in (0, 1, 2):
            phone = self.phone(user)
            box = phone.pull(INBOX)
            self.mail(user, f"Mail {which}")
            answers = [Background(phone.sync, [phone.request_of(box)]) for _ in range(3)]
            answers = [one.result() for one in answers]
            phone.take(box, answers[which].root.find("Collections/Collection"))
            self.mail(user, f"More {which}")
            phone.pull(INBOX)
            self.assertEqual(2 * which + 2, len(box.items), "nothing missed, nothing doubled, no Status 3")

    def test_w5_mail_is_sent_once_though_asked_twice_at_once(self):
        sender, receiver = self.person(), self.person()
        phone = self.phone(sender)
        mime = smtp.message(receiver, "Twice at once", sender=sender)
        answers = [one.result() for one in [Background(phone.send_mail, mime, "same-id") for _ in range(4)]]
        for answer in answers:
            self.assertTrue((answer.status == 200 and not answer.body) or answer.code == 118, answer)
        box = self.phone(receiver)
        self.until(lambda: box.pull(INBOX).items, what="the mail")
        self.assertEqual(["Twice at once"], box.pull(INBOX).texts("Email:Subject"))

    def test_a_second_key_0_seconds_after_the_first_is_answered(self):
        """Seen from iPhones (quirk list of docs/clients): the older chain simply loses."""
        user = self.person()
        smtp.deliver_many(self.server, user, (smtp.message(user, f"Mail {n:02}") for n in range(20)))
        phone = self.phone(user)
        box = phone.start(INBOX)
        phone.sync_box(INBOX, window=5)
        old_key = box.key
        phone.start(INBOX)
        self.assertEqual(20, len(phone.pull(INBOX, window=5).items))
        answer = phone.sync([phone.collection(box.folder.id, old_key)])
        if answer.root is not None:
            self.assertIn(answer.root.number("Collections/Collection/Status"), (1, 3), answer)
        self.assertTrue(phone.sync_box(INBOX).quiet)

    def test_two_key_0_at_once_both_lead_to_everything(self):
        user = self.person()
        smtp.deliver_many(self.server, user, (smtp.message(user, f"Mail {n}") for n in range(7)))
        for which in (0, 1):
            phone = self.phone(user)
            box = phone.box(INBOX)
            both = [Background(phone.sync, [phone.request_of(box)]) for _ in range(2)]
            answers = [one.result() for one in both]
            for answer in answers:
                self.assertEqual(1, answer.root.number("Collections/Collection/Status"), answer)
            phone.take(box, answers[which].root.find("Collections/Collection"))
            self.assertEqual(7, len(phone.pull(INBOX).items))

    def test_many_devices_of_one_person_at_once(self):
        user = self.person()
        phones = [self.phone(user) for _ in range(6)]
        for phone in phones:
            phone.start(CONTACTS)
        add = lambda phone, number: phone.add(CONTACTS, *contact(f"From {number}"))
        for work in [Background(add, phone, number) for number, phone in enumerate(phones)]:
            work.result()
        for phone in phones:
            self.assertEqual([f"From {n}" for n in range(6)], phone.pull(CONTACTS).texts("Contacts:FileAs"))


if __name__ == "__main__":
    unittest.main()
