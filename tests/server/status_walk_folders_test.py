"""Every status of FolderSync, FolderCreate, FolderUpdate, FolderDelete, GetItemEstimate, MoveItems and Ping that a client
can cause (MS-ASCMD 2.2.3.177.3 to .7, .10, .11)."""

import unittest

from eas import E
from phone import CALENDAR, CONTACTS, DRAFTS, INBOX, NOTES, OUTBOX, SENT, TASKS, TRASH, USER_MAIL
from walk import WalkCase, common, http

LONG = "x" * 300


class FolderWalk(WalkCase):
    def phone_at(self, version):
        return self.phone(version=version)

    def test_folder_sync(self):
        ask = lambda *parts: lambda phone: phone.post("FolderSync", E("FolderHierarchy:FolderSync", *parts))
        self.walk([
            ("the first", 1, ask(E("SyncKey", "0"))),
            ("an unknown key", 9, ask(E("SyncKey", "7"))),
            ("a key that is no key", 9, ask(E("SyncKey", "key"))),
            ("a negative key", 9, ask(E("SyncKey", "-1"))),
            ("a long key", 9, ask(E("SyncKey", LONG))),
            ("an empty key", 10, ask(E("SyncKey"))),
            ("no key", 10, ask()),
            ("another command's document", common(103), lambda phone: phone.post("FolderSync", E("Ping:Ping"))),
            ("text", common(101), lambda phone: phone.post("FolderSync", body=b"hello", kind="text/plain")),
            ("no WBXML", http(400), lambda phone: phone.post("FolderSync", body=b"hello", kind="application/vnd.ms-sync.wbxml")),
            ("nothing", http(400), lambda phone: phone.post("FolderSync")),
            ("and again the first", 1, ask(E("SyncKey", "0"))),
        ], self.phone_at)

    def test_folder_create(self):
        def ask(key=True, parent="0", name="New", kind=USER_MAIL):
            return lambda phone: phone.post("FolderCreate", E("FolderHierarchy:FolderCreate",
                None if key is None else E("SyncKey", phone.folder_key if key is True else key),
                None if parent is None else E("ParentId", parent), None if name is None else E("DisplayName", name),
                None if kind is None else E("Type", kind)))
        rows = [
            ("no key", 10, ask(key=None)), ("an empty key", 10, ask(key="")), ("key 0", 9, ask(key="0")),
            ("an unknown key", 9, ask(key="99999")), ("a key that is no key", 9, ask(key="key")),
            ("no parent", 10, ask(parent=None)), ("an unknown parent", 5, ask(parent="99999")),
            ("a parent that is no id", 5, ask(parent="parent")),
            ("no name", 10, ask(name=None)), ("an empty name", 10, ask(name="")),
            ("no type", 10, ask(kind=None)), ("no known type", 10, ask(kind=99)), ("a type that is no number", 10, ask(kind="mail")),
            ("the name of a special folder", 2, lambda phone: ask(name=phone.folder(INBOX).name)(phone)),
        ]
        rows += [(f"the default folder {kind}", 10, ask(kind=kind)) for kind in (INBOX, DRAFTS, TRASH, SENT, OUTBOX, TASKS, CALENDAR, CONTACTS, NOTES, 19)]
        rows += [("the unknown type", 10, ask(kind=18)), ("a new one", 1, ask())]
        self.walk(rows, self.phone_at)

    def test_folder_update(self):
        def prepare(version):
            phone = self.phone_at(version)
            phone.one, phone.two = phone.make_folder("One", USER_MAIL), phone.make_folder("Two", USER_MAIL)
            return phone

        def ask(key=True, folder="one", parent="0", name="New", *more):
            return lambda phone: phone.post("FolderUpdate", E("FolderHierarchy:FolderUpdate",
                None if key is None else E("SyncKey", phone.folder_key if key is True else key),
                None if folder is None else E("ServerId", phone.one.id if folder == "one" else folder),
                None if parent is None else E("ParentId", parent), None if name is None else E("DisplayName", name), *more))
        special = lambda kind: lambda phone: ask(folder=phone.folder(kind).id)(phone) if any(f.kind == kind for f in phone.folders.values()) else None
        rows = [
            ("no key", 10, ask(key=None)), ("key 0", 9, ask(key="0")), ("an unknown key", 9, ask(key="99999")),
            ("no folder", 10, ask(folder=None)), ("an unknown folder", 4, ask(folder="99999")),
            ("a folder that is no id", 4, ask(folder="folder")), ("no parent", 10, ask(parent=None)),
            ("an unknown parent", 5, ask(parent="99999")), ("no name", 10, ask(name=None)), ("an empty name", 10, ask(name="")),
            ("the name of another", 2, ask(name="Two")), ("a Status", 10, ask(True, "one", "0", "New", E("Status", 1))),
            ("below itself", 10, lambda phone: ask(parent=phone.one.id)(phone)),
        ]
        rows += [(f"the default folder {kind}", 2, special(kind)) for kind in (INBOX, DRAFTS, TRASH, SENT, OUTBOX, CALENDAR, CONTACTS, TASKS, NOTES)
                 ]
        self.walk(rows + [("another name", 1, ask())], prepare)

    def test_folder_delete(self):
        def prepare(version):
            phone = self.phone_at(version)
            phone.one = phone.make_folder("One", USER_MAIL)
            return phone

        def ask(key=True, folder="one"):
            return lambda phone: phone.post("FolderDelete", E("FolderHierarchy:FolderDelete",
                None if key is None else E("SyncKey", phone.folder_key if key is True else key),
                None if folder is None else E("ServerId", phone.one.id if folder == "one" else folder)))
        special = lambda kind: lambda phone: ask(folder=phone.folder(kind).id)(phone) if any(f.kind == kind for f in phone.folders.values()) else None
        rows = [("no key", 10, ask(key=None)), ("key 0", 9, ask(key="0")), ("an unknown key", 9, ask(key="99999")),
                ("no folder", 10, ask(folder=None)), ("an unknown folder", 4, ask(folder="99999")), ("a folder that is no id", 4, ask(folder="x"))]
        rows += [(f"the default folder {kind}", 3, special(kind)) for kind in (INBOX, DRAFTS, TRASH, SENT, OUTBOX, CALENDAR, CONTACTS, TASKS, NOTES)]
        self.walk(rows + [("one", 1, ask())], prepare)

    def test_get_item_estimate(self):
        def prepare(version):
            phone = self.phone_at(version)
            for kind in (INBOX, CALENDAR, CONTACTS, TASKS):
                phone.start(kind)
            return phone

        def ask(where=INBOX, key=True, chosen=0, folder=None):
            def make(phone):
                box = phone.box(where)
                return phone.get_item_estimate([(folder or box.folder.id, box.key if key is True else key, chosen, box.folder.item_class)])
            return make
        rows = [("a good one", 1, ask()), ("key 0", 3, ask(key="0")), ("an unknown key", 4, ask(key="999")), ("no key in it", 4, ask(key="")),
                ("an unknown folder", 2, ask(folder="99999")), ("a folder that is no id", 2, ask(folder="x"))]
        fits = {INBOX: range(0, 6), CALENDAR: (0, 4, 5, 6, 7), TASKS: (0, 8)}
        for where, good in fits.items():
            rows += [(f"filter {n} of folder {where}", 1 if n in good else (lambda: common(110))(), ask(where, chosen=n)) for n in range(9)]
        path = "Response/Status"
        rows = [(name, expected, make) for name, expected, make in rows if "filter" not in name]
        self.walk(rows, prepare, path)
        newer = [(f"filter {n} of folder {where}", 1 if n in good else 110, ask(where, chosen=n)) for where, good in fits.items() for n in range(9)]
        newer += [("filter 9", 103, ask(chosen=9)), ("a filter that is no number", 103, ask(chosen="all")), ("filter 9 of contacts", 103, ask(CONTACTS, chosen=9))]
        self.walk(newer, prepare, path, ("14.1", "16.1"))
        self.walk([(name, 1 if expected == 1 else 2, make) for name, expected, make in newer], prepare, path, ("12.1",))

    def test_get_item_estimate_as_a_whole(self):
        one = E("Collection", E("AirSync:SyncKey", "1"), E("CollectionId", "1"))
        ask = lambda *parts: lambda phone: phone.post("GetItemEstimate", E("GetItemEstimate:GetItemEstimate", *parts))
        self.walk([("nothing", common(103), ask()), ("no collection", common(103), ask(E("Collections"))),
                   ("1,001 of them (MS-ASCMD 3.1.5.10)", common(103), ask(E("Collections", [one] * 1001)))], self.phone_at)

    def test_move_items(self):
        def prepare(version):
            phone = self.phone_at(version)
            self.mail(phone.user)
            (phone.item,) = phone.pull(INBOX).items
            phone.elsewhere = phone.make_folder("Target", USER_MAIL)
            return phone

        def ask(item=True, source=INBOX, target=True, times=1):
            def make(phone):
                identity = lambda which: phone.folder(which).id if isinstance(which, int) else which
                move = E("Move", None if item is None else E("SrcMsgId", phone.item if item is True else item),
                         None if source is None else E("SrcFldId", identity(source)),
                         None if target is None else [E("DstFldId", phone.elsewhere.id if target is True else identity(target))] * (2 if times == -1 else 1))
                return phone.post("MoveItems", E("Move:MoveItems", [move] * max(times, 1)))
            return make
        path = "Response/Status"
        self.walk([
            ("an unknown item", 1, ask(item="1:99999"), path), ("an item that is no id", 1, ask(item="x"), path),
            ("an unknown source", 1, ask(source="99999"), path), ("no source", 1, ask(source=None), path),
            ("another folder's item", 1, ask(source=SENT), path), ("an unknown target", 2, ask(target="99999"), path),
            ("no target", 2, ask(target=None), path), ("a calendar", 2, ask(target=CALENDAR), path), ("the same folder", 4, ask(target=INBOX), path),
            ("two targets", 5, ask(times=-1), path), ("no item", common(103), ask(item=None)), ("an empty item", common(103), ask(item="")),
            ("a long item", common(103), ask(item=LONG)), ("nothing", common(103), lambda phone: phone.post("MoveItems", E("Move:MoveItems"))),
            ("1,001 moves (MS-ASCMD 3.1.5.10)", common(103), ask(item="x", times=1001)),
            ("a good one", 3, ask(), path), ("the same again, its answer lost", 3, ask(), path),
        ], prepare)

    def test_ping(self):
        folder = lambda phone, kind=INBOX: (phone.folder(kind).id, "Email")
        many = lambda phone: [(str(number), "Email") for number in range(1000, 1301)]
        raw = lambda *parts: lambda phone: phone.post("Ping", E("Ping:Ping", *parts))
        self.walk([
            ("nothing before any", 3, lambda phone: phone.ping()),
            ("no heartbeat", 3, lambda phone: phone.ping([folder(phone)])),
            ("no folders", 3, lambda phone: phone.ping(heartbeat=600)),
            ("too short", 5, lambda phone: phone.ping([folder(phone)], 59)), ("too long", 5, lambda phone: phone.ping([folder(phone)], 3541)),
            ("its bound", 3540, lambda phone: phone.ping([folder(phone)], 100000), "HeartbeatInterval"),
            ("no number", 4, lambda phone: phone.ping([folder(phone)], "soon")), ("negative", 4, lambda phone: phone.ping([folder(phone)], -1)),
            ("no folder in Folders", 4, raw(E("HeartbeatInterval", 600), E("Folders"))),
            ("a folder without id", 4, raw(E("HeartbeatInterval", 600), E("Folders", E("Folder", E("Class", "Email"))))),
            ("an unknown class", 4, raw(E("HeartbeatInterval", 600), E("Folders", E("Folder", E("Id", "1"), E("Class", "Mail"))))),
            ("a folder twice", 4, lambda phone: phone.ping([folder(phone), folder(phone)], 600)),
            ("too many folders", 6, lambda phone: phone.ping(many(phone), 600)), ("their number", 300, lambda phone: phone.ping(many(phone), 600), "MaxFolders"),
            ("a folder that is gone", 7, lambda phone: phone.ping([("99999", "Email")], 600)),
            ("text", common(101), lambda phone: phone.post("Ping", body=b"hello", kind="text/plain")),
            ("no WBXML", http(400), lambda phone: phone.post("Ping", body=b"hello", kind="application/vnd.ms-sync.wbxml")),
        ], self.phone_at)


if __name__ == "__main__":
    unittest.main()
