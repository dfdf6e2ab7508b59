"""SmartForward and SmartReply of events, with Forwardees and InstanceId (MS-ASCMD 2.2.1.19, 2.2.1.20)."""

import email
import unittest

from case import ServerCase
from eas import E, body_preference
from items import event, recurrence
from phone import CALENDAR, INBOX, new_client_id


class ForwardEventTest(ServerCase):
    def smart(self, phone, command, item, mime=b"", forwardees=(), instance=None):
        C = lambda tag, *parts: E("ComposeMail:" + tag, *parts)
        return phone.post(command, C(command, C("ClientId", new_client_id()), C("Source", C("FolderId", phone.folder(CALENDAR).id), C("ItemId", item),
            C("InstanceId", instance) if instance else None), C("SaveInSentItems"), C("Mime", mime) if mime else None,
            C("Forwardees", *[C("Forwardee", C("Email", address)) for address in forwardees]) if forwardees else None))

    def meeting(self, phone):
        phone.start(CALENDAR)
        return phone.add(CALENDAR, *event("Planning", "20261201T120000Z", "20261201T130000Z"))

    def received(self, user):
        reader = self.phone(user)
        box = reader.pull(INBOX)
        self.assertEqual(1, len(box.items), box.items)
        item = next(iter(box.items.values()))
        answer = reader.fetch(box.folder.id, item.id, options=E("ItemOperations:Options", E("AirSync:MIMESupport", 2), body_preference(4)))
        return email.message_from_bytes(answer.root.find("Response/Fetch/Properties/AirSyncBase:Body/Data").bytes())

    def calendar_of(self, message):
        parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        self.assertEqual(1, len(parts), message.as_string()[:1500])
        return parts[0].get_payload(decode=True).decode("utf-8")

    def test_forwardees_get_the_event(self):
        phone, other = self.phone(), self.person()
        item = self.meeting(phone)
        answer = self.smart(phone, "SmartForward", item, forwardees=[other])
        self.assertEqual((200, b""), (answer.status, answer.body), answer)
        message = self.received(other)
        self.assertIn("Planning", message["Subject"])
        self.assertIn("SUMMARY:Planning", self.calendar_of(message))
        self.assertIn(other, message["To"])

    def test_a_message_goes_with_the_event_below_it(self):
        for version in ("16.0", "16.1"):
            with self.subTest(version):
                phone, other = self.phone(version=version), self.person()
                item = self.meeting(phone)
                mime = f"From: {phone.user}\r\nTo: {other}\r\nSubject: Fw: Planning\r\nContent-Type: text/plain\r\n\r\nPlease see.\r\n".encode()
                answer = self.smart(phone, "SmartForward", item, mime)
                self.assertEqual((200, b""), (answer.status, answer.body), answer)
                message = self.received(other)
                self.assertIn("SUMMARY:Planning", self.calendar_of(message))
                self.assertIn("Please see.", message.as_string())

    def test_a_reply_quotes_the_event(self):
        phone, other = self.phone(), self.person()
        item = self.meeting(phone)
        mime = f"From: {phone.user}\r\nTo: {other}\r\nSubject: Re: Planning\r\nContent-Type: text/plain\r\n\r\nI am late.\r\n".encode()
        answer = self.smart(phone, "SmartReply", item, mime)
        self.assertEqual((200, b""), (answer.status, answer.body), answer)
        self.assertIn("I am late.", self.received(other).as_string())

    def test_each_instance_that_is_none_has_its_status(self):
        phone, other = self.phone(), self.person()
        once = self.meeting(phone)
        weekly = phone.add(CALENDAR, *event("Weekly", "20261201T120000Z", "20261201T130000Z",
            recurrence(1, interval=1, day_of_week=4)))
        forward = lambda item, instance: self.smart(phone, "SmartForward", item, forwardees=[other], instance=instance).code
        self.assertEqual(104, forward(weekly, "yesterday"), "no time")
        self.assertEqual(146, forward(once, "2026-12-01T12:00:00.000Z"), "an occurrence of what does not recur")
        self.assertEqual(150, forward(weekly, "2026-12-02T12:00:00.000Z"), "no occurrence of the series")
        self.assertIsNone(forward(weekly, "2026-12-08T12:00:00.000Z"))


if __name__ == "__main__":
    unittest.main()
