"""What phones are known to do, that has to do with commands and transport (quirks 24 to 30)."""

import unittest

from case import Background, ServerCase
from eas import WBXML_TYPE, Device, E
from items import contact, event, task
from phone import CALENDAR, CONTACTS, INBOX, TASKS
from server import PASSWORD
from wbxml import HEADER

VERSIONS = ("2.5", "12.1", "14.1", "16.1")
COMMANDS = ("Sync", "SendMail", "SmartForward", "SmartReply", "GetAttachment", "FolderSync", "FolderCreate", "FolderDelete", "FolderUpdate",
            "GetHierarchy", "MoveItems", "MeetingResponse", "GetItemEstimate", "Search", "Find", "ResolveRecipients", "ValidateCert",
            "Settings", "ItemOperations", "Provision", "Ping")


class QuirksTest(ServerCase):
    def test_quirk_24_nothing_is_answered_with_500(self):
        """Several 500s make an iPhone load everything again (Apple TS4511)."""
        roots = {"Sync": b"\x00\x00\x45", "Ping": b"\x00\x0d\x45", "Settings": b"\x00\x12\x45"}
        for version in VERSIONS:
            phone = self.phone(version=version)
            for command in COMMANDS:
                bodies = [(None, None), (b"\x00", WBXML_TYPE), (HEADER, WBXML_TYPE), (HEADER + roots.get(command, b"\x00\x07\x56") + b"\x01", WBXML_TYPE),
                          (b"hello", "text/plain"), (b"\xff" * 300, "message/rfc822")]
                for body, kind in bodies:
                    answer = phone.post(command, body=body, kind=kind)
                    self.assertIn(answer.status, (200, 400, 501), (version, command, body, kind))
            self.assertEqual(1, phone.folder_sync().code)

    def test_quirk_25_push_goes_on_for_as_long_as_a_phone_asks(self):
        """59 minutes, and the wait ends at the first mail."""
        phone = self.phone()
        phone.pull(INBOX)
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 3540, timeout=60)
        self.mail(phone.user)
        self.assertEqual(2, ping.result(20).code)

    def test_quirk_26_only_the_date_of_a_birthday_counts(self):
        phone = self.phone()
        phone.start(CONTACTS)
        for number, hour in enumerate((0, 8, 11, 12)):
            phone.add(CONTACTS, *contact(f"Born{number}", "Anna", E("Contacts:Birthday", f"1980-05-17T{hour:02}:00:00.000Z")))
        other = self.phone(phone.user)
        self.assertEqual(["1980-05-17T00:00:00.000Z"] * 4, other.pull(CONTACTS).texts("Contacts:Birthday"))

    def test_quirk_28_an_android_phone_sets_itself_up(self):
        """The device id "validate", no collection at all, a search without a folder, a heartbeat on a folder that is not there."""
        user = self.person()
        self.mail(user)
        trial = Device(self.server, user, PASSWORD, device_id="validate", device_type="Android", version="14.1")
        self.assertEqual(200, trial.options().status)
        trial.provision()
        self.assertEqual(1, trial.folder_sync().code)
        phone = self.phone(user, version="14.1", device_type="Android")
        self.assertEqual(4, phone.post("Sync", E("AirSync:Sync", E("Collections"))).code)
        found = phone.post("Search", E("Search:Search", E("Store", E("Name", "Mailbox"), E("Query", E("And", E("AirSync:Class", "Email"), E("FreeText", "Hello"))))))
        self.assertEqual(1, len([r for r in found.root.all("Response/Store/Result") if r.has("Properties")]), found)
        self.assertEqual(7, phone.ping([("4711", "Email")], 600).code)

    def test_quirk_29_both_forms_of_a_date_are_taken(self):
        phone = self.phone()
        phone.start(CALENDAR)
        phone.start(TASKS)
        for start, end in (("20261125T090000Z", "20261125T100000Z"), ("2026-11-25T09:00:00.000Z", "2026-11-25T10:00:00.000Z")):
            phone.add(CALENDAR, *event(f"At {start}", start, end))
        for due in ("20261127T000000Z", "2026-11-27T00:00:00.000Z"):
            phone.add(TASKS, *task(f"Due {due}", E("Tasks:UtcDueDate", due), E("Tasks:DueDate", due)))
        other = self.phone(phone.user)
        self.assertEqual(["20261125T090000Z"] * 2, other.pull(CALENDAR).texts("Calendar:StartTime"))
        self.assertEqual(["2026-11-27T00:00:00.000Z"] * 2, other.pull(TASKS).texts("Tasks:DueDate"))

    def test_quirk_30_a_phone_may_ask_for_a_short_wait(self):
        """Devices whose network cuts connections after 90 s ask for less: what they ask is what they get."""
        phone = self.phone()
        phone.pull(INBOX)
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 60, timeout=30)
        self.mail(phone.user)
        self.assertEqual(2, ping.result(20).code)


if __name__ == "__main__":
    unittest.main()
