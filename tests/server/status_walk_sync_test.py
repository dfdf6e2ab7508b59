"""Every status of Sync that a client can cause, at the level where it belongs (MS-ASCMD 2.2.3.177.17)."""

import unittest

from eas import E, body_preference, sync_options
from items import contact, event, note
from phone import CALENDAR, CONTACTS, DRAFTS, INBOX, NOTES, SENT, TASKS
from walk import WalkCase, common, http

COLLECTION = "Collections/Collection/Status"


class SyncWalk(WalkCase):
    def phone_at(self, version):
        phone = self.phone(version=version)
        self.mail(phone.user)
        phone.pull(INBOX)
        phone.start(CONTACTS)
        phone.start(CALENDAR)
        phone.start(TASKS)
        return phone

    @staticmethod
    def one(phone, where=INBOX, key=True, folder=True, more=(), tail=(), **rest):
        """A Collection with the parts given; `more` follows CollectionId."""
        box = phone.box(where)
        return E("AirSync:Collection", E("Class", box.folder.item_class) if phone.number < 14 else None,
            None if key is None else E("SyncKey", box.key if key is True else key),
            None if folder is None else E("CollectionId", box.folder.id if folder is True else folder), *more, *tail)

    def ask(self, *arguments, **options):
        return lambda phone: phone.sync([self.one(phone, *arguments, **options)])

    def test_the_whole_request(self):
        raw = lambda *parts: lambda phone: phone.post("Sync", E("AirSync:Sync", *parts))
        whole = lambda **options: lambda phone: phone.sync([self.one(phone)], **options)
        self.walk([
            ("an empty one before any", 13, lambda phone: phone.post("Sync")),
            ("a partial one before any", 13, lambda phone: phone.sync([self.one(phone)], partial=True)),
            ("Partial alone", 4, raw(E("Partial"))), ("nothing in it", 4, raw()), ("no collection", 4, raw(E("Collections"))),
            ("no key", 4, self.ask(key=None)), ("an empty key", 4, self.ask(key="")), ("no folder", 4, self.ask(folder=None)),
            ("a folder of 65 characters", 4, self.ask(folder="x" * 65)),
            ("Wait 0", 14, whole(wait=0)), ("its bound", 1, whole(wait=0), "Limit"), ("Wait 60", 14, whole(wait=60)), ("its bound", 59, whole(wait=60), "Limit"),
            ("a Wait that is no number", 4, whole(wait="soon")), ("an empty Wait", 4, raw(E("Collections"), E("Wait"))),
            ("HeartbeatInterval 59", 14, lambda phone: whole(heartbeat=59)(phone) if phone.number >= 14 else None),
            ("its bound", 60, lambda phone: whole(heartbeat=59)(phone) if phone.number >= 14 else None, "Limit"),
            ("HeartbeatInterval 3541", 14, lambda phone: whole(heartbeat=3541)(phone) if phone.number >= 14 else None),
            ("its bound", 3540, lambda phone: whole(heartbeat=3541)(phone) if phone.number >= 14 else None, "Limit"),
            ("Wait and HeartbeatInterval", 4, lambda phone: whole(wait=5, heartbeat=600)(phone) if phone.number >= 14 else None),
            ("301 collections", 15, lambda phone: phone.sync([self.one(phone)] * 301)), ("their number", 300, lambda phone: phone.sync([self.one(phone)] * 301), "Limit"),
            ("WindowSize that is no number", 4, whole(window="many")),
            ("another root", common(103), lambda phone: phone.post("Sync", E("Ping:Ping"))),
            ("text", common(101), lambda phone: phone.post("Sync", body=b"hello", kind="text/plain")),
            ("no WBXML", http(400), lambda phone: phone.post("Sync", body=b"hello", kind="application/vnd.ms-sync.wbxml")),
        ], self.phone_at)

    def test_a_collection(self):
        options = lambda *parts: (E("AirSync:Options", *parts),)
        preference = lambda *parts: E("AirSyncBase:BodyPreference", *parts)
        since = lambda version, make: lambda phone: make(phone) if phone.number >= version else None
        self.walk([
            ("an unknown key", 3, self.ask(key="99999"), COLLECTION), ("a key that is no key", 3, self.ask(key="key"), COLLECTION),
            ("an unknown folder", 12, self.ask(folder="99999"), COLLECTION), ("a folder that is no id", 12, self.ask(folder="folder"), COLLECTION),
            ("key 0 with GetChanges", 4, self.ask(key="0", more=(E("GetChanges"),))), ("key 0 with GetChanges 1", 4, self.ask(key="0", more=(E("GetChanges", 1),))),
            ("key 0 with commands", 4, self.ask(key="0", tail=(E("Commands", E("Delete", E("ServerId", "1:1"))),))),
            ("GetChanges 2", 4, self.ask(more=(E("GetChanges", 2),))), ("DeletesAsMoves 2", 4, self.ask(more=(E("DeletesAsMoves", 2),))),
            ("Supported before the folder", 4, lambda phone: phone.sync([E("AirSync:Collection", E("Class", "Contacts") if phone.number < 14 else None,
                E("SyncKey", "0"), E("Supported", E("Contacts:FirstName")), E("CollectionId", phone.folder(CONTACTS).id))])),
            ("Conflict 2", 4, self.ask(more=options(E("Conflict", 2))), COLLECTION), ("MIMESupport 3", 4, self.ask(more=options(E("MIMESupport", 3))), COLLECTION),
            ("MIMETruncation 9", 4, self.ask(more=options(E("MIMETruncation", 9))), COLLECTION),
            ("a filter that is no number", 4, self.ask(more=options(E("FilterType", "all"))), COLLECTION), ("filter 9", 4, self.ask(more=options(E("FilterType", 9))), COLLECTION),
            ("filter 8 of mail", 4, self.ask(more=options(E("FilterType", 8))), COLLECTION),
            ("body type 5", 4, self.ask(more=options(preference(E("Type", 5)))), COLLECTION), ("two bodies of one type", 4, self.ask(more=options(preference(E("Type", 1)), preference(E("Type", 1)))), COLLECTION),
            ("a size before the type", 4, self.ask(more=options(preference(E("TruncationSize", 5), E("Type", 1)))), COLLECTION),
            ("a size that is none", 4, self.ask(more=options(preference(E("Type", 1), E("TruncationSize", "all")))), COLLECTION),
            ("AllOrNone 2", 4, self.ask(more=options(preference(E("Type", 1), E("AllOrNone", 2)))), COLLECTION),
            ("Preview 256", 4, since(14, self.ask(more=options(preference(E("Type", 1), E("Preview", 256))))), COLLECTION),
            ("BodyPart of type 1", 164, since(14.1, self.ask(more=options(E("AirSyncBase:BodyPartPreference", E("Type", 1))))), COLLECTION),
            ("options of one class twice", 4, self.ask(more=options() + options())), ("ConversationMode of contacts", 4, since(14, self.ask(CONTACTS, more=(E("ConversationMode", 1),))), COLLECTION),
            ("201 commands (MS-ASCMD 3.1.5.10)", 4, self.ask(tail=(E("Commands", [E("Delete", E("ServerId", "1:1"))] * 201),)), COLLECTION),
            ("a good one", "empty", self.ask()),
        ], self.phone_at)

    def test_filters(self):
        fits = {INBOX: range(0, 6), CALENDAR: (0, 4, 5, 6, 7), TASKS: (0, 8), CONTACTS: range(0, 9)}

        def ask(where, number):
            def make(phone):
                phone.start(where)
                return phone.sync([self.one(phone, where, more=(E("Options", E("FilterType", number)),))])
            return make

        def refused(phone, where, number):
            answer = ask(where, number)(phone)
            return answer.root.number(COLLECTION) if answer.root is not None else "empty"
        for version in ("12.1", "14.1", "16.1"):
            phone = self.phone_at(version)
            for where, good in fits.items():
                for number in range(9):
                    with self.subTest(version=version, where=where, number=number):
                        seen = refused(phone, where, number)
                        if number in good:
                            self.assertIn(seen, (1, "empty"))
                        else:
                            self.assertEqual(4 if phone.number < 14 or (where, number) == (INBOX, 8) else 103, seen)

    def test_commands(self):
        def prepare(version):
            phone = self.phone_at(version)
            (phone.item,) = phone.box(INBOX).items
            phone.card = phone.add(CONTACTS, *contact("Berg"))
            return phone

        def ask(where, *commands):
            def make(phone):
                made = [command(phone) if callable(command) else command for command in commands]
                result = phone.sync([self.one(phone, where, tail=(E("Commands", made),))])
                node = result.root.find("Collections/Collection") if result.root is not None else None
                if node is not None and node.number("Status") == 1:
                    phone.box(where).key = node.text("SyncKey")
                return result
            return make
        C = lambda tag, *parts: E("AirSync:" + tag, *parts)
        data = lambda *parts: C("ApplicationData", *parts)
        at = lambda what: f"Collections/Collection/Responses/{what}/Status"
        self.walk([
            ("a mail added", 6, lambda phone: ask(INBOX, C("Add", C("ClientId", "a"), data(E("Email:Subject", "x"))))(phone), at("Add")),
            ("a card without data", 6, ask(CONTACTS, C("Add", C("ClientId", "b"))), at("Add")),
            ("a card without ClientId", 6, ask(CONTACTS, C("Add", data(*contact("A")))), at("Add")),
            ("a card with a bad date", 6, ask(CONTACTS, C("Add", C("ClientId", "c"), data(*contact("B", "A", E("Contacts:Birthday", "soon"))))), at("Add")),
            ("a change of what is not there", 8, ask(CONTACTS, C("Change", C("ServerId", "1:99999"), data(*contact("C")))), at("Change")),
            ("a change of what is no id", 8, ask(CONTACTS, C("Change", C("ServerId", "x"), data(*contact("C")))), at("Change")),
            ("a change without data", 6, ask(CONTACTS, lambda phone: C("Change", C("ServerId", phone.card))), at("Change")),
            ("a fetch of what is not there", 8, ask(INBOX, C("Fetch", C("ServerId", "1:99999"))), at("Fetch")),
            ("a command without ServerId", 4, ask(CONTACTS, C("Delete"))), ("a ServerId of 65 characters", 4, ask(CONTACTS, C("Delete", C("ServerId", "x" * 65)))),
            ("Read 2", 6, ask(INBOX, lambda phone: C("Change", C("ServerId", phone.item), data(E("Email:Read", 2)))), at("Change")),
            ("a good fetch", 1, ask(INBOX, lambda phone: C("Fetch", C("ServerId", phone.item))), at("Fetch")),
            ("a good card", 1, ask(CONTACTS, C("Add", C("ClientId", "d"), data(*contact("D")))), at("Add")),
        ], prepare)

    def test_a_conflict_is_status_7(self):
        for version in ("12.1", "14.1", "16.1"):
            user = self.person()
            one, two = self.phone(user, version), self.phone(user, version)
            one.start(CONTACTS)
            card = one.add(CONTACTS, *contact("Berg"))
            two.pull(CONTACTS)
            one.change(CONTACTS, card, *contact("Berg", "Bea"))
            result = two.sync_box(CONTACTS, [two.change_command(card, *contact("Berg", "Cora"))])
            self.assertEqual(7, result.changed[card].number("Status"), (version, result.node))

    def test_a_draft_without_anybody_to_send_it_to(self):
        for version in ("16.0", "16.1"):
            phone = self.phone(version=version)
            phone.start(DRAFTS)
            add = E("AirSync:Add", E("ClientId", "d1"), E("ApplicationData", E("Email:Subject", "x"), E("AirSyncBase:Body", E("Type", 1), E("Data", "x"))), E("Email2:Send"))
            result = phone.sync_box(DRAFTS, [add])
            self.assertIn(result.added["d1"].number("Status"), (119, 183), result.node)


if __name__ == "__main__":
    unittest.main()
