"""Each protocol version gets what it may see, and nothing of later ones (version tables of the MS-AS* documents)."""

import unittest

import smtp
from case import ServerCase
from eas import E, body_preference, sync_options
from items import contact, event, note, recurrence, task
from phone import CALENDAR, CONTACTS, DRAFTS, INBOX, NOTES, TASKS

VERSIONS = ("12.1", "14.1", "16.1")
START, END = "20261125T090000Z", "20261125T100000Z"
# (element, first version that may have it)
SINCE = {
    "Email2:ConversationId": 14.0, "Email2:ConversationIndex": 14.0, "Email:Categories": 14.0, "Calendar:ResponseType": 14.0,
    "Calendar:DisallowNewTimeProposal": 14.0, "Calendar:ResponseRequested": 14.0, "Calendar:AppointmentReplyTime": 14.0,
    "Contacts:Alias": 14.0, "Contacts:WeightedRank": 14.0, "AirSyncBase:Preview": 14.0, "AirSyncBase:BodyPart": 14.1,
    "Calendar:FirstDayOfWeek": 14.1, "Tasks:FirstDayOfWeek": 14.1, "Email2:IsDraft": 16.0, "Email2:Bcc": 16.0,
    "AirSyncBase:Location": 16.0, "AirSyncBase:InstanceId": 16.0, "Calendar:ClientUid": 16.0, "AirSyncBase:ClientId": 16.0,
}
# (element, first version that may no longer have it)
UNTIL = {"Calendar:Location": 16.0, "Email:Location": 16.0, "Calendar:ExceptionStartTime": 16.0, "AirSync:Class": 14.0,
         "Email:GlobalObjId": 16.0}


def names(node):
    yield node.name
    for child in node.children:
        yield from names(child)


class VersionsTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("versions")
        cls.server_side = None

    def fill(self):
        """One item of everything, made once with a 16.1 phone."""
        if type(self).server_side is None:
            type(self).server_side = phone = self.phone(self.user)
            smtp.deliver(self.server, self.user, smtp.message(self.user, "Mail", html="<p>x</p>", attachments=[("a", "text/plain", b"a")]))
            for kind in (CALENDAR, CONTACTS, TASKS, NOTES, DRAFTS):
                phone.start(kind)
            item = phone.add(CALENDAR, *event("Series", "20261102T080000Z", "20261102T090000Z", recurrence(1, interval=1, day_of_week=2),
                E("AirSyncBase:Location", E("DisplayName", "Room"), E("City", "Ulm"))))
            phone.change(CALENDAR, item, E("Calendar:Subject", "Special"), instance="20261109T080000Z")
            phone.add(CALENDAR, *event("All day", "20261224T000000Z", "20261225T000000Z", all_day=True))
            phone.add(CONTACTS, *contact("Person"))
            phone.add(TASKS, *task("Task"))
            phone.add(NOTES, *note("Note"))
            phone.add(DRAFTS, E("Email:To", "a@example.net"), E("Email:Subject", "Draft"))

    def everything(self, version):
        """Names of all elements that the whole first synchronisation contains."""
        phone = self.phone(self.user, version)
        seen = set()
        for folder in list(phone.folders.values()):
            if folder.kind in (DRAFTS,) and float(version) < 16 or (folder.item_class == "Notes" and float(version) < 14):
                continue
            phone.start(folder)
            options = {"Email": sync_options(0, [body_preference(2)], mime=0), "Notes": sync_options(None, [body_preference(1)]),
                       "Contacts": sync_options(None, [body_preference(1)])}.get(folder.item_class, sync_options(0, [body_preference(1)]))
            while True:
                result = phone.sync_box(folder, options=options)
                self.assertEqual(1, result.status, f"{folder}: {result.node}")
                if result.node is not None:
                    seen.update(names(result.node))
                if not result.more:
                    break
        return seen

    def test_no_version_gets_elements_of_a_later_one(self):
        self.fill()
        for version in VERSIONS:
            with self.subTest(version):
                seen = self.everything(version)
                for name, since in SINCE.items():
                    if float(version) < since:
                        self.assertNotIn(name, seen)
                for name, until in UNTIL.items():
                    if float(version) >= until:
                        self.assertNotIn(name, seen)

    def test_what_a_version_needs_is_there(self):
        self.fill()
        for version in VERSIONS:
            seen = self.everything(version)
            with self.subTest(version):
                self.assertIn("Email:Subject", seen)
                self.assertEqual(float(version) >= 14, "Email2:ConversationId" in seen)
                self.assertEqual(float(version) >= 16, "AirSyncBase:Location" in seen)
                self.assertEqual(float(version) < 16, "Calendar:Location" in seen)
                self.assertEqual(float(version) >= 14, "Notes:Subject" in seen)

    def test_12_1_may_name_the_class_of_a_collection(self):
        phone = self.phone(self.user, "12.1")
        answer = phone.sync([phone.request_of(phone.box(INBOX))])
        self.assertEqual("Email", answer.root.text("Collections/Collection/Class", "Email"))

    def test_one_device_may_change_its_version(self):
        """After an upgrade the same device comes with a higher version and its old keys."""
        phone = self.phone(self.user, "14.1")
        phone.pull(INBOX)
        phone.version = "16.1"
        answer = phone.folder_sync(phone.folder_key)
        if answer.code in (142, 144):
            phone.provision()
            answer = phone.folder_sync(phone.folder_key)
        self.assertIn(answer.code, (1, 9), answer)
        answer = phone.sync([phone.request_of(phone.box(INBOX))])
        self.assertEqual(200, answer.status)


if __name__ == "__main__":
    unittest.main()
