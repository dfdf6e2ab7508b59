"""A phone: what a device holds by ServerId, brought up to date only by answers that reached it.

Spec: MS-ASCMD 2.2.1.21 (Sync), 2.2.1.5 (FolderSync), 2.2.3.181.4 (SyncKey); behaviour of iOS as in docs/clients/iphone.md.
Invariants: a second Add for a held item, a Change or Delete for an item never held, an answer for a collection not asked
for, and a new key equal to the old one are failures of the server and raise AssertionError at once.
"""

import itertools

from eas import Device, body_preference, sync_options
from wbxml import E
from wire import Lost

INBOX, DRAFTS, TRASH, SENT, OUTBOX, TASKS, CALENDAR, CONTACTS, NOTES = 2, 3, 4, 5, 6, 7, 8, 9, 10
USER_MAIL, USER_CALENDAR, USER_CONTACTS, USER_TASKS, USER_NOTES = 12, 13, 14, 15, 17
CLASS_OF_TYPE = {TASKS: "Tasks", USER_TASKS: "Tasks", CALENDAR: "Calendar", USER_CALENDAR: "Calendar",
                 CONTACTS: "Contacts", USER_CONTACTS: "Contacts", NOTES: "Notes", USER_NOTES: "Notes"}
EVERYTHING = 0
_client_ids = itertools.count(1)


def new_client_id():
    return f"client-{next(_client_ids)}"


class Folder:
    def __init__(self, server_id, parent, name, kind):
        self.id, self.parent, self.name, self.kind = server_id, parent, name, kind

    @property
    def item_class(self):
        return CLASS_OF_TYPE.get(self.kind, "Email")

    def __repr__(self):
        return f"{self.id}:{self.name}({self.kind})"


class Item:
    """ApplicationData as the phone knows it: one node per property."""

    def __init__(self, server_id, data):
        self.id = server_id
        self.fields = {}
        self.update(data)

    def update(self, data):
        for node in data.children:
            self.fields[node.name] = node

    def replace(self, data):
        self.fields = {}
        self.update(data)

    def node(self, name):
        return self.fields.get(name)

    def has(self, name):
        return name in self.fields

    def text(self, name, default=None):
        """Text of Namespace:Tag or Namespace:Tag/child/child."""
        first, _, rest = name.partition("/")
        node = self.fields.get(first)
        if node is None:
            return default
        return node.text(rest or None, default)

    def number(self, name, default=None):
        text = self.text(name)
        return default if text is None else int(text)

    def __repr__(self):
        return f"{self.id}: " + "; ".join(f"{k}={v.text()!r}" for k, v in self.fields.items() if not v.children)


class Box:
    """One collection on the phone: its key, its options, its items."""

    def __init__(self, folder):
        self.folder, self.key = folder, "0"
        self.items = {}
        self.options = None
        self.window = None
        self.moved_away = set()
        self.soft_deleted = []

    def by(self, name, value):
        """The one item whose property has this text."""
        found = [item for item in self.items.values() if item.text(name) == value]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} items with {name} = {value!r} in {self.folder}: {list(self.items.values())}")
        return found[0]

    def texts(self, name):
        return sorted(item.text(name, "") for item in self.items.values())


class Round:
    """What one Sync answer said of one collection."""

    def __init__(self, node=None):
        self.node = node
        self.status = node.number("Status") if node is not None else 1
        self.more = node is not None and node.has("MoreAvailable")
        named = lambda path: [] if node is None else node.all(path)
        self.adds = [n.text("ServerId") for n in named("Commands/Add")]
        self.changes = [n.text("ServerId") for n in named("Commands/Change")]
        self.deletes = [n.text("ServerId") for n in named("Commands/Delete")]
        self.soft_deletes = [n.text("ServerId") for n in named("Commands/SoftDelete")]
        self.added = {n.text("ClientId"): n for n in named("Responses/Add")}
        self.changed = {n.text("ServerId"): n for n in named("Responses/Change")}
        self.deleted = {n.text("ServerId"): n for n in named("Responses/Delete")}
        self.fetched = {n.text("ServerId"): n for n in named("Responses/Fetch")}

    @property
    def quiet(self):
        return not (self.adds or self.changes or self.deletes or self.soft_deletes)


class Phone(Device):
    """A device with memory. `set_up` provisions and learns the folders; `pull` brings a folder up to date."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.folder_key = "0"
        self.folders = {}
        self.boxes = {}

    # -- set-up and folders ----------------------------------------------------------------------------------------

    def set_up(self):
        self.provision()
        self.learn_folders()
        return self

    def learn_folders(self, lose=None):
        answer = self.folder_sync(self.folder_key, lose=lose)
        assert answer.status == 200 and answer.code == 1, answer
        if self.folder_key == "0":
            self.folders = {}
        key = answer.root.text("SyncKey")
        assert key and key != "0", answer
        self.folder_key = key
        changes = answer.root.find("Changes")
        entries = changes.children if changes is not None else []
        counted = [node for node in entries if node.tag != "Count"]
        assert changes is None or changes.number("Count") == len(counted), answer
        for node in counted:
            self._folder(node)
        return counted

    def _folder(self, node):
        server_id = node.text("ServerId")
        if node.tag == "Delete":
            assert server_id in self.folders, f"Delete of a folder the phone never had: {server_id}"
            del self.folders[server_id]
            self.boxes.pop(server_id, None)
            return
        folder = Folder(server_id, node.text("ParentId"), node.text("DisplayName"), node.number("Type"))
        if node.tag == "Add":
            assert server_id not in self.folders, f"second Add of folder {folder}"
            self.folders[server_id] = folder
            return
        assert server_id in self.folders, f"Update of a folder the phone never had: {folder}"
        self.folders[server_id] = folder
        if server_id in self.boxes:
            self.boxes[server_id].folder = folder

    def folder(self, kind=None, name=None):
        found = [f for f in self.folders.values() if (kind is None or f.kind == kind) and (name is None or f.name == name)]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} folders with type {kind}, name {name}: {list(self.folders.values())}")
        return found[0]

    def box(self, where):
        """The box of a folder given by type number, Folder or ServerId."""
        if isinstance(where, int):
            where = self.folder(where)
        folder = where if isinstance(where, Folder) else self.folders[where]
        if folder.id not in self.boxes:
            self.boxes[folder.id] = Box(folder)
        return self.boxes[folder.id]

    def make_folder(self, name, kind, parent="0"):
        answer = self.folder_create(self.folder_key, parent, name, kind)
        assert answer.code == 1, answer
        self.folder_key = answer.root.text("SyncKey")
        server_id = answer.root.text("ServerId")
        self.folders[server_id] = Folder(server_id, parent, name, kind)
        return self.folders[server_id]

    # -- items -----------------------------------------------------------------------------------------------------

    def default_options(self, box):
        """What iOS asks for: HTML and plain bodies of mail cut at 500 bytes here, whole plain bodies elsewhere."""
        if box.folder.item_class == "Email":
            return sync_options(EVERYTHING, [body_preference(1, 32768)], mime=2)
        if box.folder.item_class == "Calendar":
            return sync_options(EVERYTHING, [body_preference(1)])
        return sync_options(None, [body_preference(1)])

    def request_of(self, box, commands=(), window=None, options=None, get_changes=None, deletes_as_moves=None,
                   supported=None):
        first = box.key == "0"
        if options is not None:
            box.options = options
        sent = options if options is not None else None if first else box.options or self.default_options(box)
        return self.collection(box.folder.id, box.key, box.folder.item_class, commands, window or box.window,
            sent, get_changes, deletes_as_moves, supported)

    def sync_box(self, where, commands=(), lose=None, **options):
        """One Sync round of one folder; returns the Round. An empty answer counts as a quiet Round."""
        box = self.box(where)
        answer = self.sync([self.request_of(box, commands, **options)], lose=lose)
        assert answer.status == 200, answer
        if answer.root is None:
            assert not answer.body and not commands, answer
            return Round()
        assert answer.code in (None, 1), answer
        collections = answer.root.all("Collections/Collection")
        assert len(collections) == 1 and collections[0].text("CollectionId") == box.folder.id, answer
        return self.take(box, collections[0], commands)

    def take(self, box, node, commands=()):
        """Applies one Collection of an answer to the box."""
        result = Round(node)
        if result.status != 1:
            return result
        key = node.text("SyncKey")
        assert key and key != "0" and key != box.key, f"key {box.key} -> {key}: {node}"
        if self.number >= 14:
            assert not node.has("Class"), f"Class has no place in a Collection answer after 12.1: {node}"
        if box.key == "0":
            assert result.quiet and not result.more, f"the answer to key 0 has no items: {node}"
            box.items, box.moved_away = {}, set()
        box.key = key
        own = {response.text("ServerId") for response in result.added.values()}
        assert not own & set(result.adds), f"the phone's own new item comes back as an Add: {node}"
        sent = {result.added[c.text("ClientId")].text("ServerId") for c in commands if c.tag == "Add" and c.has("Send")
                and c.text("ClientId") in result.added}
        assert not (own - sent) & set(result.deletes), f"the phone's own new item is deleted again: {node}"
        self._responses(box, result, commands)
        for command in node.all("Commands/*"):
            self._command(box, command)
        return result

    def _responses(self, box, result, commands):
        for command in commands:
            if command.tag == "Add":
                client_id = command.text("ClientId")
                response = result.added.get(client_id)
                assert response is not None, f"no response for the Add {client_id}: {result.node}"
                if response.number("Status") == 1:
                    server_id = response.text("ServerId")
                    assert server_id not in box.items, f"{server_id} is already another item"
                    box.items[server_id] = Item(server_id, command.find("ApplicationData"))
                    if response.has("ApplicationData"):
                        box.items[server_id].update(response.find("ApplicationData"))
            elif command.tag == "Change":
                server_id = command.text("ServerId")
                response = result.changed.get(server_id)
                failed = response is not None and response.number("Status") != 1
                whole = command.find("ApplicationData")
                if not failed and whole is not None and server_id in box.items and not command.has("InstanceId"):
                    box.items[server_id].update(whole)
            elif command.tag == "Delete" and not command.has("InstanceId"):
                response = result.deleted.get(command.text("ServerId"))
                if response is None or response.number("Status") == 1:
                    box.items.pop(command.text("ServerId"), None)

    def _command(self, box, command):
        server_id = command.text("ServerId")
        assert server_id and len(server_id) <= 64, command
        if command.tag == "Add":
            assert server_id not in box.items, f"second Add of {server_id}: the user sees a duplicate"
            box.items[server_id] = Item(server_id, command.find("ApplicationData"))
        elif command.tag == "Change":
            assert server_id in box.items, f"Change of an item the phone does not hold: {server_id}"
            self._change(box, box.items[server_id], command.find("ApplicationData"))
        elif command.tag in ("Delete", "SoftDelete"):
            if server_id in box.moved_away:
                box.moved_away.discard(server_id)
                return
            assert server_id in box.items, f"{command.tag} of an item the phone does not hold: {server_id}"
            del box.items[server_id]
            if command.tag == "SoftDelete":
                box.soft_deleted.append(server_id)
        else:
            raise AssertionError(f"{command.name} is no command of a server")

    def _change(self, box, item, data):
        """Mail changes carry what changed; other classes carry the whole item (MS-ASCMD 2.2.3.24)."""
        if box.folder.item_class == "Email":
            item.update(data)
        else:
            item.replace(data)

    def start(self, where, **options):
        """The round with key 0, which brings no items."""
        box = self.box(where)
        box.key = "0"
        result = self.sync_box(box.folder, **options)
        assert result.status == 1, result.node
        return box

    def pull(self, where, limit=200, **options):
        """Rounds until nothing more is available; returns the box."""
        box = self.box(where)
        if box.key == "0":
            self.start(box.folder)
        for _ in range(limit):
            result = self.sync_box(box.folder, **options)
            assert result.status == 1, result.node
            if not result.more:
                return box
        raise AssertionError(f"more than {limit} rounds with MoreAvailable")

    def add(self, where, *properties, client_id=None, lose=None, **options):
        """Adds an item; returns its ServerId."""
        client_id = client_id or new_client_id()
        result = self.sync_box(where, [self.add_command(client_id, *properties)], lose=lose, **options)
        assert result.status == 1, result.node
        response = result.added[client_id]
        assert response.number("Status") == 1, response
        return response.text("ServerId")

    @staticmethod
    def add_command(client_id, *properties):
        return _named(E("AirSync:Add", E("ClientId", client_id), E("ApplicationData", *properties)))

    @staticmethod
    def change_command(server_id, *properties, instance=None):
        return _named(E("AirSync:Change", E("ServerId", server_id),
            E("AirSyncBase:InstanceId", instance) if instance else None, E("ApplicationData", *properties)))

    @staticmethod
    def delete_command(server_id, instance=None):
        return _named(E("AirSync:Delete", E("ServerId", server_id),
            E("AirSyncBase:InstanceId", instance) if instance else None))

    @staticmethod
    def fetch_command(server_id):
        return _named(E("AirSync:Fetch", E("ServerId", server_id)))

    def change(self, where, server_id, *properties, instance=None, **options):
        """Changes an item; returns the Round."""
        result = self.sync_box(where, [self.change_command(server_id, *properties, instance=instance)], **options)
        assert result.status == 1, result.node
        return result

    def delete(self, where, server_id, **options):
        result = self.sync_box(where, [self.delete_command(server_id)], **options)
        assert result.status == 1, result.node
        return result

    def move(self, server_id, source, destination, lose=None):
        """Moves one item; returns its ServerId in the destination. The content arrives with the next Sync there."""
        source, destination = self.box(source), self.box(destination)
        answer = self.move_items([(server_id, source.folder.id, destination.folder.id)], lose=lose)
        assert answer.status == 200, answer
        response = answer.root.find("Response")
        assert response.number("Status") == 3 and response.text("SrcMsgId") == server_id, answer
        source.items.pop(server_id, None)
        source.moved_away.add(server_id)
        return response.text("DstMsgId")


def _named(node):
    from wbxml import resolve

    return resolve(node)


__all__ = [name for name in dir() if name.isupper()] + ["Phone", "Folder", "Item", "Box", "Round", "Lost", "new_client_id"]
