"""Drafts at 16.1: written, changed and sent by Sync (MS-ASEMAIL 3.1.5.4, 2.2.2.69); hidden below 16.0."""

import unittest

import smtp
from case import ServerCase
from eas import E
from items import body
from phone import DRAFTS, INBOX, SENT
from wbxml import resolve
from wire import Lost


def draft(to, subject, text="Draft text", *more):
    return [E("Email:To", to), E("Email:Subject", subject), body(text), *more]


class DraftsTest(ServerCase):
    def pair(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        one.start(DRAFTS)
        return one, two

    def test_a_draft_reaches_the_other_device(self):
        one, two = self.pair()
        item = one.add(DRAFTS, *draft("guest@example.net", "Not yet", "Größe"))
        held = two.pull(DRAFTS).items[item]
        self.assertEqual(("Not yet", "1"), (held.text("Email:Subject"), held.text("Email2:IsDraft")))
        self.assertIn("guest@example.net", held.text("Email:To"))
        self.assertIn("Größe", held.text("AirSyncBase:Body/Data"))

    def test_bcc_of_a_draft_is_kept(self):
        one, two = self.pair()
        item = one.add(DRAFTS, *draft("a@example.net", "Hidden"), E("Email2:Bcc", "secret@example.net"))
        self.assertIn("secret@example.net", two.pull(DRAFTS).items[item].text("Email2:Bcc"))

    def test_the_response_to_an_add_carries_the_conversation(self):
        one, _ = self.pair()
        result = one.sync_box(DRAFTS, [one.add_command("d1", *draft("a@example.net", "Threaded"))])
        data = result.added["d1"].find("ApplicationData")
        self.assertIsNotNone(data, result.node)
        self.assertTrue(data.has("Email2:ConversationId"), "MS-ASEMAIL 2.2.2.21")

    def test_changing_a_draft(self):
        one, two = self.pair()
        item = one.add(DRAFTS, *draft("a@example.net", "Version 1"))
        two.pull(DRAFTS)
        one.change(DRAFTS, item, *draft("b@example.net", "Version 2", "Other text"))
        box = two.pull(DRAFTS)
        self.assertEqual(1, len(box.items))
        (held,) = box.items.values()
        self.assertEqual("Version 2", held.text("Email:Subject"))
        self.assertIn("b@example.net", held.text("Email:To"))
        self.assertIn("Other text", held.text("AirSyncBase:Body/Data"))

    def test_a_draft_uploaded_as_mime(self):
        one, two = self.pair()
        mime = smtp.message("a@example.net", "From MIME", text="MIME text\r\n", sender=one.user)
        item = one.add(DRAFTS, E("AirSyncBase:Body", E("Type", 4), E("Data", mime)))
        held = two.pull(DRAFTS).items[item]
        self.assertEqual("From MIME", held.text("Email:Subject"))
        self.assertIn("MIME text", held.text("AirSyncBase:Body/Data"))

    def send(self, phone, command):
        command.children.insert(2, resolve(E("Email2:Send")))
        return phone.sync_box(DRAFTS, [command])

    def test_a_new_mail_is_sent_by_add_with_send(self):
        one, _ = self.pair()
        receiver = self.phone()
        command = one.add_command("s1", *draft(receiver.user, "Sent at once"))
        result = self.send(one, command)
        self.assertEqual(1, result.added["s1"].number("Status"), result.node)
        self.until(lambda: receiver.pull(INBOX).items, what="the mail")
        self.assertEqual(["Sent at once"], receiver.box(INBOX).texts("Email:Subject"))
        self.assertEqual(["Sent at once"], one.pull(SENT).texts("Email:Subject"))
        self.assertEqual([], self.phone(one.user).pull(DRAFTS).texts("Email:Subject"))

    def test_a_draft_is_sent_by_change_with_send(self):
        one, two = self.pair()
        receiver = self.phone()
        item = one.add(DRAFTS, *draft(receiver.user, "Finished"))
        two.pull(DRAFTS)
        result = self.send(one, one.change_command(item, *draft(receiver.user, "Finished")))
        self.assertEqual(1, result.status)
        self.until(lambda: receiver.pull(INBOX).items, what="the mail")
        self.assertEqual(["Finished"], receiver.box(INBOX).texts("Email:Subject"))
        self.assertEqual([], two.pull(DRAFTS).texts("Email:Subject"))
        self.assertEqual(["Finished"], two.pull(SENT).texts("Email:Subject"))

    def test_w4_a_lost_send_is_sent_once(self):
        one, _ = self.pair()
        receiver = self.phone()
        command = one.add_command("s1", *draft(receiver.user, "Once"))
        command.children.insert(2, resolve(E("Email2:Send")))
        for lose in ("unread", 50):
            with self.assertRaises(Lost):
                one.sync([one.request_of(one.box(DRAFTS), [command])], lose=lose)
        one.sync([one.request_of(one.box(DRAFTS), [command])])
        self.until(lambda: receiver.pull(INBOX).items, what="the mail")
        self.mail(receiver.user, "marker")
        self.assertEqual(["Once", "marker"], receiver.pull(INBOX).texts("Email:Subject"))
        self.assertEqual(["Once"], one.pull(SENT).texts("Email:Subject"))

    def test_a_send_without_recipient_is_status_183(self):
        one, _ = self.pair()
        command = one.add_command("s1", E("Email:Subject", "To nobody"), body("x"))
        result = self.send(one, command)
        self.assertIn(result.added["s1"].number("Status"), (119, 183), result.node)

    def test_an_attachment_is_added_and_removed(self):
        one, two = self.pair()
        attachment = E("AirSyncBase:Attachments", E("Add", E("ClientId", "att-1"), E("Method", 1), E("ContentType", "text/plain"),
            E("Content", b"file content"), E("DisplayName", "notes.txt")))
        result = one.sync_box(DRAFTS, [one.add_command("d1", *draft("a@example.net", "With file"), attachment)])
        self.assertEqual(1, result.added["d1"].number("Status"), result.node)
        entry = result.added["d1"].find("ApplicationData/Attachments/Attachment")
        self.assertEqual("att-1", entry.text("ClientId"), "MS-ASAIRS 2.2.2.14")
        self.assertTrue(entry.text("FileReference"))
        item = result.added["d1"].text("ServerId")
        held = two.pull(DRAFTS).items[item]
        listed = held.node("AirSyncBase:Attachments").find("Attachment")
        self.assertEqual("notes.txt", listed.text("DisplayName"))
        fetched = two.fetch(reference=listed.text("FileReference"))
        self.assertIn("file content", self.content(fetched))
        two.change(DRAFTS, item, E("AirSyncBase:Attachments", E("Delete", E("FileReference", listed.text("FileReference")))))
        fresh = self.phone(one.user).pull(DRAFTS)
        (held,) = fresh.items.values()
        self.assertFalse(held.has("AirSyncBase:Attachments"))

    def content(self, answer):
        import base64
        data = answer.root.find("Response/Fetch/Properties/Data")
        raw = data.bytes()
        return (raw if isinstance(data.value, bytes) else base64.b64decode(raw)).decode()

    def test_an_attachment_add_without_content_is_ignored(self):
        """iOS 16.2, when an item changes its folder during creation."""
        one, two = self.pair()
        empty = E("AirSyncBase:Attachments", E("Add", E("ClientId", "att-1"), E("Method", 1), E("DisplayName", "ghost.bin")))
        result = one.sync_box(DRAFTS, [one.add_command("d1", *draft("a@example.net", "Ghost"), empty)])
        self.assertEqual(1, result.added["d1"].number("Status"), result.node)
        self.assertFalse(two.pull(DRAFTS).by("Email:Subject", "Ghost").has("AirSyncBase:Attachments"))

    def test_deleting_a_draft(self):
        one, two = self.pair()
        item = one.add(DRAFTS, *draft("a@example.net", "Never mind"))
        two.pull(DRAFTS)
        one.delete(DRAFTS, item, deletes_as_moves=0)
        self.assertEqual({}, two.pull(DRAFTS).items)


if __name__ == "__main__":
    unittest.main()
