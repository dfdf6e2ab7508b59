"""2.5 and 12.0: what devices of that time send, and what they may get (MS-ASWBXML's version columns; the bodies of 2.5)."""

import base64
import unittest

import smtp
from case import ServerCase
from eas import E, body_preference, sync_options
from items import body, contact, event, task
from phone import CALENDAR, CONTACTS, INBOX, SENT, TASKS, USER_MAIL

START, END = "20261125T090000Z", "20261125T100000Z"
OLD = ("2.5", "12.0")
# Namespaces and elements that came after 2.5, and after 12.0.
LATER = {"2.5": ("AirSyncBase:", "Email2:", "Settings:", "ItemOperations:", "ComposeMail:", "Notes:", "RightsManagement:", "Email:Flag", "Email:ContentClass", "Email:Categories",
                 "Provision:EASProvisionDoc"),
         "12.0": ("Email2:", "ComposeMail:", "Notes:", "RightsManagement:", "Email:Categories", "AirSyncBase:Preview", "AirSyncBase:BodyPart", "AirSync:Wait")}


def names(node):
    yield node.name
    for child in node.children:
        yield from names(child)


class OldVersionsTest(ServerCase):
    def box_of(self, phone, where, options=None):
        phone.start(where)
        return phone.pull(where, options=options)

    def filled(self):
        """A person with one item of everything."""
        user = self.person()
        new = self.phone(user)
        smtp.deliver(self.server, user, smtp.message(user, "Mail", text="Plain text.\r\n", attachments=[("a.txt", "text/plain", b"content")]))
        for kind in (CALENDAR, CONTACTS, TASKS):
            new.start(kind)
        new.add(CALENDAR, *event("Meeting", START, END, body("Bring cake")))
        new.add(CONTACTS, *contact("Berg", "Anna", body("Note of the card")))
        new.add(TASKS, *task("Task", body("Note of the task")))
        return user

    def test_each_gets_only_what_its_time_knew(self):
        user = self.filled()
        for version in OLD:
            phone = self.phone(user, version)
            for where in (INBOX, CALENDAR, CONTACTS, TASKS):
                phone.start(where)
                result = phone.sync_box(where, options=sync_options(0 if where == INBOX else None))
                self.assertEqual((1, 1), (result.status, len(result.adds)), (version, where, result.node))
                self.assertTrue(result.node.has("Class"), "the class stands in the answer up to 12.1")
                for name in names(result.node):
                    self.assertFalse(name.startswith(LATER[version]), (version, name))

    def test_bodies_of_2_5(self):
        phone = self.phone(self.filled(), "2.5")
        (mail,) = self.box_of(phone, INBOX, sync_options(0)).items.values()
        self.assertEqual("Plain text.", mail.text("Email:Body").strip())
        self.assertEqual("0", mail.text("Email:BodyTruncated"))
        self.assertEqual("1", self.only(mail, "Email:Attachments", "DisplayName", "a.txt"))
        (held,) = self.box_of(phone, CALENDAR).items.values()
        self.assertEqual("Bring cake", held.text("Calendar:Body").strip())
        (card,) = self.box_of(phone, CONTACTS).items.values()
        self.assertEqual("Note of the card", card.text("Contacts:Body").strip())
        (todo,) = self.box_of(phone, TASKS).items.values()
        self.assertEqual("Note of the task", todo.text("Tasks:Body").strip())

    def only(self, item, name, child, text):
        found = [node for node in item.node(name).all("Attachment") if node.text(child) == text]
        self.assertEqual(1, len(found), item)
        return "1"

    def test_mail_of_2_5_as_mime_and_cut(self):
        user = self.filled()
        phone = self.phone(user, "2.5")
        (mail,) = self.box_of(phone, INBOX, sync_options(0, mime=2)).items.values()
        self.assertIn("Subject: Mail", mail.text("Email:MIMEData"))
        other = self.phone(user, "2.5")
        (mail,) = self.box_of(other, INBOX, E("AirSync:Options", E("FilterType", 0), E("Truncation", 0))).items.values()
        self.assertEqual(("1", ""), (mail.text("Email:BodyTruncated"), mail.text("Email:Body", "")))

    def test_attachments_of_2_5(self):
        phone = self.phone(self.filled(), "2.5")
        (mail,) = self.box_of(phone, INBOX, sync_options(0)).items.values()
        name = mail.node("Email:Attachments").all("Attachment/AttName")[0].text()
        answer = phone.post("GetAttachment", parameters=[("AttachmentName", name)])
        self.assertEqual((200, b"content"), (answer.status, answer.body))

    def test_edits_of_2_5_reach_the_others(self):
        user = self.filled()
        old, new = self.phone(user, "2.5"), self.phone(user)
        for where in (CALENDAR, CONTACTS, TASKS):
            old.start(where)
        old.add(CALENDAR, *event("Old event", START, END, E("Calendar:Body", "Old text"), version=2.5))
        old.add(CONTACTS, *contact("Old", "Olga", E("Contacts:Body", "Old card")))
        old.add(TASKS, *task("Old task", E("Tasks:Body", "Old note")))
        body_of = lambda where, name: new.pull(where).by(name, {CALENDAR: "Old event", CONTACTS: "Old", TASKS: "Old task"}[where]).text("AirSyncBase:Body/Data").strip()
        self.assertEqual("Old text", body_of(CALENDAR, "Calendar:Subject"))
        self.assertEqual("Old card", body_of(CONTACTS, "Contacts:LastName"))
        self.assertEqual("Old note", body_of(TASKS, "Tasks:Subject"))

    def test_rich_text_goes_both_ways(self):
        """MS-ASAIRS Type 3 up to 12.1, CompressedRTF of 2.5; here uncompressed (MS-OXRTFCP)."""
        user = self.filled()
        phone = self.phone(user, "12.1")
        (todo,) = self.box_of(phone, TASKS, sync_options(None, [body_preference(3)])).items.values()
        self.assertEqual("3", todo.text("AirSyncBase:Body/Type"))
        data = base64.b64decode(todo.text("AirSyncBase:Body/Data"))
        self.assertEqual((len(data) - 4, b"MELA"), (int.from_bytes(data[:4], "little"), data[8:12]))
        self.assertIn(b"Note of the task", data[16:])
        rtf = b"{\\rtf1\\ansi Rich\\par text}"
        packed = (len(rtf) + 12).to_bytes(4, "little") + len(rtf).to_bytes(4, "little") + b"MELA" + bytes(4) + rtf
        encoded = base64.b64encode(packed).decode()
        phone.add(TASKS, *task("Rich", body(encoded, 3)))
        old = self.phone(user, "2.5")
        old.start(TASKS)
        old.add(TASKS, *task("Rich of old", E("Tasks:CompressedRTF", encoded)))
        new = self.phone(user)
        for name in ("Rich", "Rich of old"):
            self.assertEqual("Rich\r\ntext", new.pull(TASKS).by("Tasks:Subject", name).text("AirSyncBase:Body/Data"))

    def test_an_unchanged_folder_is_named_all_the_same(self):
        for version in OLD:
            phone = self.phone(version=version)
            phone.start(CONTACTS)
            key = phone.box(CONTACTS).key
            answer = phone.sync([phone.request_of(phone.box(CONTACTS))])
            self.assertEqual((key, 1), (answer.root.text("Collections/Collection/SyncKey"), answer.root.number("Collections/Collection/Status")), version)

    def test_a_class_alone_names_its_folder(self):
        for version in OLD:
            phone = self.phone(version=version)
            answer = phone.post("Sync", E("AirSync:Sync", E("Collections", E("Collection", E("Class", "Contacts"), E("SyncKey", "0")))))
            found = answer.root.find("Collections/Collection")
            self.assertEqual((1, phone.folder(CONTACTS).id), (found.number("Status"), found.text("CollectionId")), answer)
            estimate = phone.post("GetItemEstimate", E("GetItemEstimate:GetItemEstimate", E("Collections", E("Collection", E("Class", "Contacts"),
                E("AirSync:FilterType", 0), E("AirSync:SyncKey", found.text("SyncKey"))))))
            self.assertEqual((1, 0), (estimate.root.number("Response/Status"), estimate.root.number("Response/Collection/Estimate")), estimate)

    def test_the_policy_of_2_5_is_a_provisioning_document(self):
        phone = self.phone(version="2.5", set_up=False)
        ask = lambda *parts: phone.post("Provision", E("Provision:Provision", E("Policies", E("Policy", E("PolicyType", "MS-WAP-Provisioning-XML"), *parts))))
        self.assertEqual(449, phone.folder_sync().status)
        policy = ask().root.find("Policies/Policy")
        self.assertEqual(1, policy.number("Status"))
        self.assertTrue(policy.text("Data").startswith("<wap-provisioningdoc>"), policy)
        answer = ask(E("PolicyKey", policy.text("PolicyKey")), E("Status", 1))
        phone.policy_key = answer.root.number("Policies/Policy/PolicyKey")
        self.assertEqual(1, phone.folder_sync().code)

    def test_commands_of_later_versions_are_refused(self):
        phone = self.phone(version="2.5")
        for command, root in (("Settings", E("Settings:Settings", E("UserInformation", E("Get")))), ("ItemOperations", E("ItemOperations:ItemOperations", E("Fetch", E("Store", "Mailbox"))))):
            self.assertEqual(400, phone.post(command, root).status, command)
        for version in OLD:
            self.assertEqual(4, self.phone(version=version).post("Sync").code, "an empty Sync came with 12.1")

    def test_mail_is_sent_moved_and_pushed(self):
        for version in OLD:
            user, other = self.person(), self.person()
            self.mail(user)
            phone = self.phone(user, version)
            (item,) = self.box_of(phone, INBOX).items
            mime = f"From: {user}\r\nTo: {other}\r\nSubject: Old\r\nContent-Type: text/plain\r\n\r\nHello.\r\n".encode()
            self.assertEqual((200, b""), (lambda a: (a.status, a.body))(phone.send_mail(mime, None)))
            self.assertEqual((200, b""), (lambda a: (a.status, a.body))(phone.smart("SmartReply", mime, None, phone.folder(INBOX).id, item)))
            self.assertEqual(2, len(self.phone(other).pull(INBOX).items))
            self.mail(user, "More")
            self.assertEqual(2, phone.ping([(phone.folder(INBOX).id, "Email")], 600).code)
            target = phone.make_folder("Target", USER_MAIL)
            self.assertEqual(3, phone.move_items([(item, phone.folder(INBOX).id, target.id)]).root.number("Response/Status"))


if __name__ == "__main__":
    unittest.main()
