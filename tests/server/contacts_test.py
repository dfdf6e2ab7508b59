"""Contacts go both ways with every field, photo and note (MS-ASCNTC 2.2.2)."""

import base64
import unittest

from case import ServerCase
from eas import E
from items import body, contact
from phone import CONTACTS, USER_CONTACTS

PHOTO = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20 + b"\xff\xd9").decode()
FIELDS = {
    "Contacts": {
        "FirstName": "Änne", "MiddleName": "Maria", "LastName": "O'Größe", "Title": "Dr.", "Suffix": "jun.",
        "CompanyName": "Büro & Söhne", "Department": "Ein/Kauf", "JobTitle": "Leiterin", "OfficeLocation": "3.14",
        "Email1Address": "anne@example.net", "Email2Address": "anne2@example.net", "Email3Address": "anne3@example.net",
        "BusinessPhoneNumber": "+49 30 1", "Business2PhoneNumber": "+49 30 2", "HomePhoneNumber": "+49 30 3",
        "Home2PhoneNumber": "+49 30 4", "MobilePhoneNumber": "+49 170 5", "BusinessFaxNumber": "+49 30 6",
        "HomeFaxNumber": "+49 30 7", "PagerNumber": "+49 30 8", "CarPhoneNumber": "+49 30 9", "RadioPhoneNumber": "+49 30 10",
        "AssistantName": "Otto", "AssistantPhoneNumber": "+49 30 11", "Spouse": "Kim", "WebPage": "https://example.net/a?b=c",
        "BusinessAddressStreet": "Hauptstr. 1\r\nHof", "BusinessAddressCity": "Berlin", "BusinessAddressState": "BE",
        "BusinessAddressPostalCode": "10115", "BusinessAddressCountry": "Deutschland", "HomeAddressStreet": "Weg 2",
        "HomeAddressCity": "Köln", "HomeAddressPostalCode": "50667", "HomeAddressCountry": "Deutschland",
        "OtherAddressStreet": "Platz 3", "OtherAddressCity": "Ulm", "OtherAddressPostalCode": "89073",
        "OtherAddressCountry": "Deutschland", "YomiFirstName": "アンネ", "YomiLastName": "グレーセ", "YomiCompanyName": "ビューロー",
        "FileAs": "O'Größe, Änne", "Alias": "agroesse",
    },
    "Contacts2": {
        "NickName": "Annie", "IMAddress": "annie@chat.example.net", "IMAddress2": "xmpp:b", "IMAddress3": "xmpp:c",
        "ManagerName": "Chef", "CompanyMainPhone": "+49 30 12", "CustomerId": "K-1", "GovernmentId": "G-2",
        "AccountName": "acc", "MMS": "mms@example.net",
    },
}


class ContactsTest(ServerCase):
    def put(self, *properties, version="16.1", other="16.1"):
        user = self.person()
        one, two = self.phone(user, version), self.phone(user, other)
        one.start(CONTACTS)
        item = one.add(CONTACTS, *properties)
        return one, two, item, two.pull(CONTACTS).items[item]

    def test_every_field_comes_back(self):
        sent = [E(f"{ns}:{tag}", value) for ns, fields in FIELDS.items() for tag, value in fields.items() if tag != "Alias"]
        for version, other in (("16.1", "16.1"), ("14.1", "16.1"), ("16.1", "12.1")):
            _, _, _, held = self.put(*sent, version=version, other=other)
            for ns, fields in FIELDS.items():
                for tag, value in fields.items():
                    if tag != "Alias":
                        with self.subTest(f"{version} to {other}: {ns}:{tag}"):
                            self.assertEqual(value.replace("\r\n", "\n"), held.text(f"{ns}:{tag}").replace("\r\n", "\n"))

    def test_a_photo_comes_back(self):
        one, two, item, held = self.put(*contact("Photo"), E("Contacts:Picture", PHOTO))
        self.assertEqual(PHOTO, held.text("Contacts:Picture"))

    def test_an_empty_picture_means_unchanged(self):
        """iOS 8.2 and later send it on every edit of a contact whose photo came from the server."""
        one, two, item, _ = self.put(*contact("Photo"), E("Contacts:Picture", PHOTO))
        one.sync_box(CONTACTS, [one.change_command(item, *contact("Renamed"), E("Contacts:Picture"))])
        held = two.pull(CONTACTS).items[item]
        self.assertEqual(("Renamed", PHOTO), (held.text("Contacts:LastName"), held.text("Contacts:Picture")))

    def test_a_missing_picture_stays(self):
        one, two, item, _ = self.put(*contact("Photo"), E("Contacts:Picture", PHOTO))
        one.change(CONTACTS, item, *contact("Renamed"))
        self.assertEqual(PHOTO, two.pull(CONTACTS).items[item].text("Contacts:Picture"))

    def test_a_picture_over_48_kib_is_status_6(self):
        phone = self.phone()
        phone.start(CONTACTS)
        big = base64.b64encode(b"x" * 49 * 1024).decode()
        result = phone.sync_box(CONTACTS, [phone.add_command("big", *contact("Big"), E("Contacts:Picture", big))])
        self.assertEqual(6, result.added["big"].number("Status"), "MS-ASCNTC 2.2.2.58")

    def test_a_photo_on_a_stored_card_may_be_large_without_breaking_the_folder(self):
        photo = base64.b64encode(b"x" * 35 * 1024).decode()
        _, _, _, held = self.put(*contact("Edge"), E("Contacts:Picture", photo))
        self.assertEqual(photo, held.text("Contacts:Picture"))

    def test_notes_come_back_and_survive_an_edit_without_body(self):
        one, two, item, held = self.put(*contact("Noted"), body("Line one\r\nLine two"))
        self.assertIn("Line two", held.text("AirSyncBase:Body/Data"))
        one.change(CONTACTS, item, *contact("Edited"))
        self.assertIn("Line two", two.pull(CONTACTS).items[item].text("AirSyncBase:Body/Data"), "MS-ASCNTC 3.1.5.4")

    def test_a_field_left_out_of_a_change_is_deleted(self):
        one, two, item, _ = self.put(*contact("Full"), E("Contacts:JobTitle", "Boss"), E("Contacts:MobilePhoneNumber", "1"))
        one.change(CONTACTS, item, *contact("Full"), E("Contacts:MobilePhoneNumber", "1"))
        held = two.pull(CONTACTS).items[item]
        self.assertFalse(held.has("Contacts:JobTitle"))
        self.assertEqual("1", held.text("Contacts:MobilePhoneNumber"))

    def test_ghosted_fields_stay_when_supported_names_others(self):
        """Supported lists what the phone manages; the rest is ghosted and kept (MS-ASCMD 2.2.3.180)."""
        user = self.person()
        full, small = self.phone(user), self.phone(user)
        full.start(CONTACTS)
        item = full.add(CONTACTS, *contact("Full"), E("Contacts:JobTitle", "Boss"), E("Contacts:Spouse", "Kim"))
        supported = E("AirSync:Supported", E("Contacts:JobTitle"), E("Contacts:FirstName"), E("Contacts:LastName"), E("Contacts:FileAs"))
        box = small.box(CONTACTS)
        small.sync_box(CONTACTS, supported=supported)
        small.pull(CONTACTS)
        small.change(CONTACTS, item, *contact("Changed"))
        held = full.pull(CONTACTS).items[item]
        self.assertEqual("Changed", held.text("Contacts:LastName"))
        self.assertEqual("Kim", held.text("Contacts:Spouse"), "ghosted: kept")
        self.assertFalse(held.has("Contacts:JobTitle"), "supported and not sent: deleted")
        self.assertTrue(box.items)

    def test_a_birthday_is_a_date_whatever_hour_is_sent(self):
        for sent in ("1980-05-17T00:00:00.000Z", "1980-05-17T08:00:00.000Z", "1980-05-17T11:59:00.000Z", "1980-05-17T12:00:00.000Z"):
            with self.subTest(sent):
                _, _, _, held = self.put(*contact("Born"), E("Contacts:Birthday", sent), E("Contacts:Anniversary", sent))
                self.assertEqual("1980-05-17", held.text("Contacts:Birthday")[:10])
                self.assertEqual("1980-05-17", held.text("Contacts:Anniversary")[:10])

    def test_a_birthday_does_not_wander_over_many_edits(self):
        one, two, item, held = self.put(*contact("Born"), E("Contacts:Birthday", "1980-05-17T00:00:00.000Z"))
        for number in range(4):
            phone = (one, two)[number % 2]
            phone.pull(CONTACTS)
            birthday = phone.box(CONTACTS).items[item].text("Contacts:Birthday")
            phone.change(CONTACTS, item, *contact(f"Edit {number}"), E("Contacts:Birthday", birthday))
        self.assertEqual("1980-05-17", self.phone(one.user).pull(CONTACTS).items[item].text("Contacts:Birthday")[:10])

    def test_categories_and_children_are_lists(self):
        _, _, _, held = self.put(*contact("Lists"), E("Contacts:Categories", E("Category", "VIP"), E("Category", "a,b")),
                                 E("Contacts:Children", E("Child", "Tim"), E("Child", "Tom, jun.")))
        self.assertEqual(["VIP", "a,b"], [n.text() for n in held.node("Contacts:Categories").children])
        self.assertEqual(["Tim", "Tom, jun."], [n.text() for n in held.node("Contacts:Children").children])

    def test_characters_of_vcard_syntax_are_data(self):
        for value in ("semi;colon", "com,ma", "back\\slash", "new\nline", "quote\"s", "colon:x", "=20", "\\n", "BEGIN:VCARD"):
            with self.subTest(value):
                _, _, _, held = self.put(*contact(value), E("Contacts:CompanyName", value))
                self.assertEqual(value.replace("\n", "\n"), held.text("Contacts:CompanyName").replace("\r\n", "\n"))
                self.assertEqual(value, held.text("Contacts:LastName").replace("\r\n", "\n"))

    def test_an_address_book_of_its_own(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        book = one.make_folder("Customers", USER_CONTACTS)
        one.start(book)
        one.add(book, *contact("Customer"))
        two.learn_folders()
        self.assertEqual(["Customer"], two.pull(book.id).texts("Contacts:LastName"))
        self.assertEqual([], two.pull(CONTACTS).texts("Contacts:LastName"))

    def test_deleting_a_contact(self):
        one, two, item, _ = self.put(*contact("Gone"))
        one.delete(CONTACTS, item)
        self.assertEqual({}, two.pull(CONTACTS).items)

    def test_an_item_with_hostile_text_never_stops_the_folder(self):
        one, two, item, _ = self.put(*contact("Plain"))
        for number, text in enumerate(("\ufffe", "\u0007bell", "\u202eevil", "😀" * 500, "\x1b[31m")):
            one.sync_box(CONTACTS, [one.add_command(f"odd-{number}", *contact(text or "x"), E("Contacts:JobTitle", text))])
        self.assertGreaterEqual(len(self.phone(one.user).pull(CONTACTS).items), 1)


if __name__ == "__main__":
    unittest.main()
