"""The first fill of a mail folder: newest first, in windows, complete, once (MS-ASCMD 2.2.3.116, 2.2.3.199)."""

import unittest

from case import ServerCase
from eas import body_preference, sync_options
from phone import INBOX, SENT


class MailFirstFillTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("filled")
        import smtp
        for number in range(45):
            smtp.deliver(cls.server, cls.user, smtp.message(cls.user, f"Mail {number:02}"))

    def test_key_0_brings_only_a_key(self):
        phone = self.phone(self.user)
        result = phone.sync_box(INBOX)
        self.assertTrue(result.quiet and not result.more)
        self.assertEqual(1, result.status)

    def test_windows_are_kept_and_newest_come_first(self):
        phone = self.phone(self.user)
        box = phone.start(INBOX)
        seen = []
        for expected in (10, 10, 10, 10, 5):
            result = phone.sync_box(INBOX, window=10)
            self.assertEqual(expected, len(result.adds))
            self.assertEqual(expected == 10, result.more)
            seen += [box.items[server_id].text("Email:Subject") for server_id in result.adds]
        self.assertEqual([f"Mail {number:02}" for number in reversed(range(45))], seen)

    def test_more_available_comes_only_with_more(self):
        phone = self.phone(self.user)
        phone.start(INBOX)
        result = phone.sync_box(INBOX, window=45)
        self.assertEqual(45, len(result.adds))
        self.assertFalse(result.more)

    def test_a_window_of_one_gets_there_too(self):
        phone = self.phone(self.user)
        self.assertEqual(45, len(phone.pull(INBOX, window=1).items))

    def test_mail_that_arrives_during_the_fill_is_not_missed_or_doubled(self):
        user = self.person()
        for number in range(12):
            self.mail(user, f"Old {number:02}")
        phone = self.phone(user)
        box = phone.start(INBOX)
        phone.sync_box(INBOX, window=5)
        self.mail(user, "New during fill")
        phone.sync_box(INBOX, window=5)
        self.mail(user, "New again")
        phone.pull(INBOX, window=5)
        expected = [f"Old {number:02}" for number in range(12)] + ["New during fill", "New again"]
        self.assertEqual(sorted(expected), box.texts("Email:Subject"))

    def test_what_is_deleted_during_the_fill_does_not_arrive(self):
        user = self.person()
        for number in range(8):
            self.mail(user, f"Mail {number}")
        one, two = self.phone(user), self.phone(user)
        ids = one.pull(INBOX)
        two.start(INBOX)
        two.sync_box(INBOX, window=3)
        one.delete(INBOX, ids.by("Email:Subject", "Mail 0").id)
        one.delete(INBOX, ids.by("Email:Subject", "Mail 7").id)
        self.assertEqual([f"Mail {n}" for n in range(1, 7)], two.pull(INBOX, window=3).texts("Email:Subject"))

    def test_one_budget_covers_all_collections(self):
        phone = self.phone(self.user)
        inbox, sent = phone.start(INBOX), phone.start(SENT)
        answer = phone.sync([phone.request_of(inbox, window=30), phone.request_of(sent, window=30)], window=12)
        adds = answer.root.all("Collections/Collection/Commands/Add")
        self.assertEqual(12, len(adds), "the WindowSize of the Sync element is one for all")

    def test_an_item_has_what_a_phone_shows(self):
        user = self.person()
        self.mail(user, "Ünïcode sübject", sender="sender@example.net", headers=[("Cc", "Third <third@example.net>"),
                  ("Reply-To", "Replies <replies@example.net>"), ("Importance", "high")])
        item = self.phone(user).pull(INBOX).by("Email:Subject", "Ünïcode sübject")
        self.assertIn("sender@example.net", item.text("Email:From"))
        self.assertIn(user, item.text("Email:To"))
        self.assertIn("third@example.net", item.text("Email:Cc"))
        self.assertIn("replies@example.net", item.text("Email:ReplyTo"))
        self.assertRegex(item.text("Email:DateReceived"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual("0", item.text("Email:Read"))
        self.assertEqual("2", item.text("Email:Importance"))
        self.assertEqual("IPM.Note", item.text("Email:MessageClass"))
        self.assertEqual("urn:content-classes:message", item.text("Email:ContentClass"))
        self.assertEqual("65001", item.text("Email:InternetCPID"))
        self.assertTrue(item.has("Email:ThreadTopic"))
        self.assertTrue(item.has("Email:Flag"), "an empty Flag says: no flag (MS-ASEMAIL 2.2.2.34)")
        self.assertTrue(item.node("Email2:ConversationId").bytes())
        self.assertIsInstance(item.node("Email2:ConversationId").value, bytes, "opaque (MS-ASEMAIL 2.2.2.21)")
        self.assertIsInstance(item.node("Email2:ConversationIndex").value, bytes)

    def test_a_reply_is_in_the_conversation_of_its_mail(self):
        user = self.person()
        first = self.mail(user, "Plans")
        message_id = [line for line in first.split(b"\r\n") if line.lower().startswith(b"message-id")][0].split(b": ")[1].decode()
        self.mail(user, "Re: Plans", headers=[("In-Reply-To", message_id), ("References", message_id)])
        self.mail(user, "Other")
        box = self.phone(user).pull(INBOX)
        conversation = lambda subject: box.by("Email:Subject", subject).node("Email2:ConversationId").bytes()
        self.assertEqual(conversation("Plans"), conversation("Re: Plans"))
        self.assertNotEqual(conversation("Plans"), conversation("Other"))
        self.assertEqual("Plans", box.by("Email:Subject", "Re: Plans").text("Email:ThreadTopic"))

    def test_no_change_is_an_empty_answer(self):
        phone = self.phone(self.user)
        box = phone.pull(INBOX)
        answer = phone.sync([phone.request_of(box)])
        self.assertEqual((200, b""), (answer.status, answer.body))
        self.assertEqual("0", answer.header("Content-Length"))

    def test_nothing_new_after_an_empty_answer_keeps_the_key(self):
        phone = self.phone(self.user)
        phone.pull(INBOX)
        for _ in range(3):
            self.assertTrue(phone.sync_box(INBOX).quiet)
        self.mail(self.user, "Late")
        self.assertEqual(1, len(phone.sync_box(INBOX).adds))
        box = phone.box(INBOX)
        phone.delete(INBOX, box.by("Email:Subject", "Late").id, deletes_as_moves=0)

    def test_get_changes_0_brings_none(self):
        phone = self.phone(self.user)
        phone.start(INBOX)
        result = phone.sync_box(INBOX, get_changes=0)
        self.assertTrue(result.quiet)
        self.assertEqual(45, len(phone.sync_box(INBOX).adds))

    def test_options_of_a_body_size_are_kept_for_later_rounds(self):
        user = self.person()
        self.mail(user, "Long", text="word " * 1000)
        phone = self.phone(user)
        box = phone.start(INBOX)
        phone.sync([phone.collection(box.folder.id, box.key, options=sync_options(0, [body_preference(1, 100)]), get_changes=0)])
        box.options = sync_options(0, [body_preference(1, 100)])
        phone.pull(INBOX)
        self.mail(user, "Longer", text="word " * 2000)
        answer = phone.sync([phone.collection(box.folder.id, box.key)])
        phone.take(box, answer.root.find("Collections/Collection"))
        data = box.by("Email:Subject", "Longer").text("AirSyncBase:Body/Data")
        self.assertLessEqual(len(data), 100, "Options are sticky per collection (MS-ASCMD 2.2.3.125.5)")


if __name__ == "__main__":
    unittest.main()
