"""ItemOperations Fetch of items and attachments, inline, in ranges and in parts (MS-ASCMD 2.2.1.10)."""

import base64
import unittest

from case import ServerCase
from eas import E, body_preference
from items import contact, event
from phone import CALENDAR, CONTACTS, INBOX

DATA = bytes(range(256)) * 100


class FetchTest(ServerCase):
    def reader(self, version="16.1"):
        phone = self.phone(version=version)
        self.mail(phone.user, "With file", text="Body text\r\n", attachments=[("a.bin", "application/octet-stream", DATA), ("b.txt", "text/plain", b"b")])
        item = phone.pull(INBOX).by("Email:Subject", "With file")
        references = [a.text("FileReference") for a in item.node("AirSyncBase:Attachments").all("Attachment")]
        return phone, item.id, references

    def one(self, answer, status=1):
        self.assertEqual((200, 1), (answer.status, answer.code), answer)
        fetch = answer.root.find("Response/Fetch")
        self.assertEqual(status, fetch.number("Status"), answer)
        return fetch

    def bytes_of(self, fetch):
        data = fetch.find("Properties/Data")
        return data.value if isinstance(data.value, bytes) else base64.b64decode(data.value)

    def options(self, *parts):
        return E("ItemOperations:Options", *parts)

    def test_a_mail_is_fetched_with_the_body_asked_for(self):
        phone, item, _ = self.reader()
        fetch = self.one(phone.fetch(phone.folder(INBOX).id, item, options=self.options(body_preference(1))))
        self.assertEqual((phone.folder(INBOX).id, item, "Email"), (fetch.text("CollectionId"), fetch.text("ServerId"), fetch.text("Class")))
        self.assertEqual("With file", fetch.text("Properties/Email:Subject"))
        self.assertEqual("Body text\r\n", fetch.text("Properties/Body/Data"))

    def test_a_mail_is_fetched_as_mime(self):
        phone, item, _ = self.reader()
        fetch = self.one(phone.fetch(phone.folder(INBOX).id, item, options=self.options(E("AirSync:MIMESupport", 2), body_preference(4))))
        self.assertIn(b"Subject: With file", fetch.find("Properties/Body/Data").bytes())
        self.assertEqual("4", fetch.text("Properties/Body/Type"))

    def test_an_attachment_is_fetched_inline(self):
        for version in ("12.1", "14.1", "16.1"):
            with self.subTest(version):
                phone, _, references = self.reader(version)
                fetch = self.one(phone.fetch(reference=references[0]))
                self.assertEqual(DATA, self.bytes_of(fetch))
                self.assertEqual(references[0], fetch.text("FileReference"))
                self.assertEqual("application/octet-stream", fetch.text("Properties/ContentType"))

    def test_no_range_comes_back_when_none_was_asked(self):
        """iOS 10 fails an attachment at first when a Range is returned unasked."""
        phone, _, references = self.reader()
        self.assertFalse(self.one(phone.fetch(reference=references[0])).has("Properties/Range"))

    def test_a_range_of_an_attachment(self):
        phone, _, references = self.reader()
        fetch = self.one(phone.fetch(reference=references[0], options=self.options(E("Range", "100-299"))))
        self.assertEqual(DATA[100:300], self.bytes_of(fetch))
        self.assertEqual(("100-299", str(len(DATA))), (fetch.text("Properties/Range"), fetch.text("Properties/Total")))

    def test_a_range_beyond_the_end_is_status_8(self):
        phone, _, references = self.reader()
        self.one(phone.fetch(reference=references[0], options=self.options(E("Range", "999999-1000000"))), 8)

    def test_parts_carry_the_data_outside(self):
        phone, item, references = self.reader()
        answer = phone.fetch(reference=references[0], multipart=True)
        self.assertEqual("application/vnd.ms-sync.multipart", answer.header("Content-Type"))
        fetch = self.one(answer)
        self.assertEqual(DATA, answer.parts[fetch.number("Properties/Part")])
        self.assertFalse(fetch.has("Properties/Data"))
        answer = phone.fetch(phone.folder(INBOX).id, item, options=self.options(body_preference(1)), multipart=True)
        fetch = self.one(answer)
        self.assertEqual(b"Body text\r\n", answer.parts[fetch.number("Properties/Body/Part")])

    def test_several_fetches_in_one_request(self):
        phone, item, references = self.reader()
        fetches = [E("Fetch", E("Store", "Mailbox"), E("AirSyncBase:FileReference", r)) for r in references]
        fetches.append(E("Fetch", E("Store", "Mailbox"), E("AirSync:CollectionId", phone.folder(INBOX).id), E("AirSync:ServerId", item)))
        fetches.append(E("Fetch", E("Store", "Mailbox"), E("AirSync:CollectionId", phone.folder(INBOX).id), E("AirSync:ServerId", "1:987654")))
        answer = phone.post("ItemOperations", E("ItemOperations:ItemOperations", fetches))
        statuses = [node.number("Status") for node in answer.root.all("Response/Fetch")]
        self.assertEqual([1, 1, 1], statuses[:3], answer)
        self.assertIn(statuses[3], (6, 8), answer)

    def test_contacts_and_events_are_fetched_too(self):
        phone = self.phone()
        phone.start(CONTACTS)
        phone.start(CALENDAR)
        card = phone.add(CONTACTS, *contact("Fetched"))
        date = phone.add(CALENDAR, *event("Fetched", "20261125T090000Z", "20261125T100000Z"))
        fetch = self.one(phone.fetch(phone.folder(CONTACTS).id, card))
        self.assertEqual(("Contacts", "Fetched"), (fetch.text("Class"), fetch.text("Properties/LastName")))
        fetch = self.one(phone.fetch(phone.folder(CALENDAR).id, date))
        self.assertEqual(("Calendar", "Fetched"), (fetch.text("Class"), fetch.text("Properties/Subject")))

    def test_a_reference_that_is_none_is_refused(self):
        phone, _, references = self.reader()
        for bad in ("x", references[0] + "9", "1:1:999", "../../etc/passwd", "%00", "a" * 500):
            with self.subTest(bad):
                answer = phone.fetch(reference=bad)
                self.assertEqual(200, answer.status)
                status = answer.root.number("Response/Fetch/Status") or answer.code
                self.assertIn(status, (2, 6, 8, 15), answer)

    def test_w12_references_of_others_open_nothing(self):
        owner, item, references = self.reader()
        thief = self.phone()
        for answer in (thief.fetch(reference=references[0]), thief.fetch(owner.folder(INBOX).id, item)):
            self.assertEqual(200, answer.status)
            self.assertNotEqual(1, answer.root.number("Response/Fetch/Status") or answer.code)
            self.assertFalse(answer.root.has("Response/Fetch/Properties"), answer)

    def test_a_request_without_a_store_is_status_2(self):
        phone, item, _ = self.reader()
        answer = phone.post("ItemOperations", E("ItemOperations:ItemOperations", E("Fetch",
            E("AirSync:CollectionId", phone.folder(INBOX).id), E("AirSync:ServerId", item))))
        self.assertIn(2, {answer.code, answer.root.number("Response/Fetch/Status")}, answer)

    def test_an_unknown_store_is_status_9(self):
        phone, item, _ = self.reader()
        answer = phone.post("ItemOperations", E("ItemOperations:ItemOperations", E("Fetch", E("Store", "Moon"),
            E("AirSync:CollectionId", phone.folder(INBOX).id), E("AirSync:ServerId", item))))
        self.assertIn(9, {answer.code, answer.root.number("Response/Fetch/Status")}, answer)

    def test_get_attachment_of_12_1_gives_the_bytes(self):
        phone, _, references = self.reader("12.1")
        answer = phone.post("GetAttachment", parameters=[("AttachmentName", references[0])])
        self.assertEqual((200, DATA), (answer.status, answer.body))
        self.assertEqual("application/octet-stream", answer.header("Content-Type"))
        answer = phone.post("GetAttachment", parameters=[("AttachmentName", "none")])
        self.assertIn(answer.status, (400, 404, 500))

    def test_a_schema_limits_what_comes_back(self):
        """MS-ASEMAIL and MS-ASCAL 3.2.5: only the elements that the Schema names."""
        phone, item, _ = self.reader()
        fetch = self.one(phone.fetch(phone.folder(INBOX).id, item, options=self.options(
            E("Schema", E("Email:Subject"), E("Email:From")), body_preference(1))))
        self.assertEqual({"Email:Subject", "Email:From"}, {node.name for node in fetch.find("Properties").children})

    def test_sync_fetch_gives_the_whole_item(self):
        from eas import sync_options
        phone = self.phone()
        self.mail(phone.user, "Long", text="word " * 1000)
        options = sync_options(0, [body_preference(1, 50)])
        item = phone.pull(INBOX, options=options).by("Email:Subject", "Long").id
        result = phone.sync_box(INBOX, [phone.fetch_command(item)], options=sync_options(0, [body_preference(1)]), get_changes=0)
        self.assertEqual(1, result.fetched[item].number("Status"))
        self.assertEqual(5000, len(result.fetched[item].text("ApplicationData/Body/Data").rstrip()) + 1)

    def test_sync_fetch_of_what_is_gone_is_status_8(self):
        phone = self.phone()
        phone.pull(INBOX)
        result = phone.sync_box(INBOX, [phone.fetch_command("1:987654")])
        self.assertEqual(8, result.fetched["1:987654"].number("Status"), result.node)


if __name__ == "__main__":
    unittest.main()
