"""An ActiveSync client: one device's HTTP requests and their answers, without memory of items (see phone.py).

Spec: MS-ASHTTP 2.2.1 and 2.2.2, MS-ASCMD 2.2.1, MS-ASPROV 3.1.5.1.
Errors: AssertionError when an answer breaks the protocol or Microsoft's schemas; Lost and HttpError from wire.py.
"""

import base64
import itertools
import select
import struct
import threading
import urllib.parse

import wbxml
import xsd
from wbxml import E
from wire import Connection, Lost

PATH = "/Microsoft-Server-ActiveSync"
WBXML_TYPE = "application/vnd.ms-sync.wbxml"
MULTIPART_TYPE = "application/vnd.ms-sync.multipart"
COMMAND_CODES = {
    "Sync": 0, "SendMail": 1, "SmartForward": 2, "SmartReply": 3, "GetAttachment": 4, "FolderSync": 9,
    "FolderCreate": 10, "FolderDelete": 11, "FolderUpdate": 12, "MoveItems": 13, "GetItemEstimate": 14,
    "MeetingResponse": 15, "Search": 16, "Settings": 17, "Ping": 18, "ItemOperations": 19, "Provision": 20,
    "ResolveRecipients": 21, "ValidateCert": 22, "Find": 23,
}
PARAMETER_TAGS = {
    "AttachmentName": 0, "CollectionId": 1, "ItemId": 3, "LongId": 4, "Occurrence": 6, "Options": 7, "User": 8,
}
_device_numbers = itertools.count(1)


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode("utf-8")).decode("ascii")


def base64_query(command, version, device_id, device_type, policy_key=None, locale=0x0409, parameters=()):
    """The query of MS-ASHTTP 2.2.1.1.1.1; parameters are (name, bytes)."""
    data = bytes((round(float(version) * 10), COMMAND_CODES[command])) + struct.pack("<H", locale)
    data += bytes((len(device_id),)) + device_id.encode("ascii")
    data += b"\0" if policy_key is None else b"\4" + struct.pack("<I", policy_key)
    data += bytes((len(device_type),)) + device_type.encode("ascii")
    for name, value in parameters:
        data += bytes((PARAMETER_TAGS[name], len(value))) + value
    return base64.b64encode(data).decode("ascii")


class Answer:
    """What came back: HTTP parts, the WBXML tree (None when the body is empty or another type), and the parts of a
    multipart answer."""

    def __init__(self, response, version="16.1"):
        self.version = version
        self.status = response.status
        self.header = response.header
        self.response = response
        self.raw = response.body
        self.body = response.plain_body()
        self.root = None
        self.parts = []
        kind = (response.header("Content-Type") or "").split(";")[0].strip()
        if self.status == 200 and self.body and kind == WBXML_TYPE:
            self.root = self._tree(self.body)
        elif self.status == 200 and kind == MULTIPART_TYPE:
            self.parts = self._split(self.body)
            self.root = self._tree(self.parts[0])

    def _tree(self, data):
        root = wbxml.decode(data)
        if float(self.version) < 12:
            return root  # what ended with 2.5 stands in no schema
        errors = xsd.COUNTER.errors(self._checkable(wbxml.to_xml(root)))
        if errors:
            raise AssertionError("the answer breaks Microsoft's schema:\n  " + "\n  ".join(errors[:10]) + f"\n{root}")
        return root

    def _checkable(self, tree):
        """The schemas describe 14.0 and later: the Class of a Collection that 12.1 may have is taken out."""
        if float(self.version) < 14:
            for collection in tree.iter("{AirSync}Collection"):
                for old in collection.findall("{AirSync}Class"):
                    collection.remove(old)
        return tree

    @staticmethod
    def _split(data):
        """MS-ASCMD 2.2.1.10.1: count, then offset and length of each part, little endian."""
        (count,) = struct.unpack_from("<I", data)
        places = [struct.unpack_from("<II", data, 4 + 8 * index) for index in range(count)]
        end = 4 + 8 * count
        for offset, length in places:
            if offset != end:
                raise AssertionError(f"part at {offset}, expected {end}: parts follow each other without a gap")
            end += length
        if end != len(data):
            raise AssertionError(f"{len(data) - end} bytes behind the last part")
        return [data[offset : offset + length] for offset, length in places]

    @property
    def code(self):
        """The command's own Status, as number; None when there is none."""
        return self.root.number("Status") if self.root is not None else None

    def __repr__(self):
        return f"HTTP {self.status}, {len(self.body)} bytes" + (f"\n{self.root}" if self.root is not None else "")


class Device:
    """One device of one user. Each call takes a free connection or opens one, so calls may overlap in threads."""

    def __init__(self, server, user, password, version="16.1", device_id=None, device_type="iPhone", tls=False,
                 agent="Apple-iPhone14C2/2006.75", base64_form=False):
        self.server, self.user, self.password, self.version = server, user, password, version
        self.device_id = device_id or f"TESTDEVICE{next(_device_numbers):016d}"
        self.device_type, self.tls, self.agent, self.base64_form = device_type, tls, agent, base64_form
        self.policy_key = 0
        self.information = True
        self._idle = []
        self._lock = threading.Lock()

    @property
    def number(self):
        return float(self.version)

    @property
    def policy_type(self):
        return "MS-EAS-Provisioning-WBXML" if self.number >= 12 else "MS-WAP-Provisioning-XML"

    # -- connections -----------------------------------------------------------------------------------------------

    def connect(self):
        port = self.server.https_port if self.tls else self.server.http_port
        return Connection("127.0.0.1", port, self.tls)

    def _take(self):
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if not select.select([connection.socket], [], [], 0)[0]:
                    return connection
                connection.close()
        return self.connect()

    def _give(self, connection):
        if connection.open:
            with self._lock:
                self._idle.append(connection)

    def close(self):
        with self._lock:
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    # -- requests --------------------------------------------------------------------------------------------------

    def target(self, command, parameters=()):
        if self.base64_form:
            return f"{PATH}?" + base64_query(
                command, self.version, self.device_id, self.device_type, self.policy_key, parameters=parameters
            )
        fields = [("User", self.user), ("DeviceId", self.device_id), ("DeviceType", self.device_type), ("Cmd", command)]
        return f"{PATH}?" + urllib.parse.urlencode(fields + list(parameters), quote_via=urllib.parse.quote)

    def headers(self):
        headers = [("Authorization", basic(self.user, self.password)), ("User-Agent", self.agent)]
        if not self.base64_form:
            headers += [("MS-ASProtocolVersion", self.version), ("X-MS-PolicyKey", str(self.policy_key))]
        return headers

    def post(self, command, root=None, body=None, kind=None, parameters=(), extra=(), lose=None, timeout=None):
        """Sends a command; `root` is a tree, `body` plain bytes with their media type `kind`."""
        if root is not None:
            body, kind = wbxml.encode(root), WBXML_TYPE
        headers = self.headers() + list(extra)
        if body:
            headers.append(("Content-Type", kind))
        connection = self._take()
        try:
            response = connection.request("POST", self.target(command, parameters), headers, body or b"", lose, timeout)
        except BaseException:
            connection.close()
            raise
        self._give(connection)
        return Answer(response, self.version)

    def options(self, authorised=True):
        connection = self._take()
        headers = [("Authorization", basic(self.user, self.password))] if authorised else []
        response = connection.request("OPTIONS", PATH, headers + [("User-Agent", self.agent)])
        self._give(connection)
        return response

    # -- commands --------------------------------------------------------------------------------------------------

    def device_information(self):
        return E("Settings:DeviceInformation", E("Set",
            E("Model", "iPhone14C2"), E("FriendlyName", "Anna's iPhone"), E("OS", "iOS 16.5 20F75"),
            E("OSLanguage", "en-GB"), E("UserAgent", "iOS/16.5 (20F75) dataaccessd/1.0")))

    def provision_request(self):
        policy = E("Policies", E("Policy", E("PolicyType", self.policy_type)))
        information = self.device_information() if self.number >= 14.1 and self.information else None
        return self.post("Provision", E("Provision:Provision", information, policy))

    def provision_acknowledge(self, key, status=1):
        return self.post("Provision", E("Provision:Provision", E("Policies", E("Policy",
            E("PolicyType", self.policy_type), E("PolicyKey", key), E("Status", status)))))

    def provision(self):
        """Both phases; keeps the final key. Returns the two answers."""
        self.policy_key = 0
        first = self.provision_request()
        assert first.status == 200 and first.code == 1, first
        policy = first.root.find("Policies/Policy")
        assert policy.number("Status") == 1, first
        temporary = policy.number("PolicyKey")
        assert temporary, "the temporary key must not be 0"
        self.policy_key = temporary
        second = self.provision_acknowledge(temporary)
        assert second.status == 200 and second.code == 1, second
        assert second.root.number("Policies/Policy/Status") == 1, second
        self.policy_key = second.root.number("Policies/Policy/PolicyKey")
        assert self.policy_key, "the final key must not be 0"
        return first, second

    def folder_sync(self, key="0", **options):
        return self.post("FolderSync", E("FolderHierarchy:FolderSync", E("SyncKey", key)), **options)

    def folder_create(self, key, parent, name, kind, **options):
        return self.post("FolderCreate", E("FolderHierarchy:FolderCreate", E("SyncKey", key), E("ParentId", parent),
            E("DisplayName", name), E("Type", kind)), **options)

    def folder_update(self, key, folder, parent, name, **options):
        return self.post("FolderUpdate", E("FolderHierarchy:FolderUpdate", E("SyncKey", key), E("ServerId", folder),
            E("ParentId", parent), E("DisplayName", name)), **options)

    def folder_delete(self, key, folder, **options):
        return self.post("FolderDelete", E("FolderHierarchy:FolderDelete", E("SyncKey", key), E("ServerId", folder)),
            **options)

    def ping(self, folders=None, heartbeat=None, **options):
        """`folders` are (id, class); without folders and heartbeat the body is empty."""
        if folders is None and heartbeat is None:
            return self.post("Ping", **options)
        listed = None if folders is None else E("Folders", [E("Folder", E("Id", i), E("Class", c)) for i, c in folders])
        return self.post("Ping", E("Ping:Ping", None if heartbeat is None else E("HeartbeatInterval", heartbeat), listed),
            **options)

    def move_items(self, moves, **options):
        """`moves` are (item, source folder, destination folder)."""
        return self.post("MoveItems", E("Move:MoveItems", [
            E("Move", E("SrcMsgId", item), E("SrcFldId", source), E("DstFldId", destination))
            for item, source, destination in moves]), **options)

    def send_mail(self, mime, client_id, save=True, **options):
        if self.number < 14:
            return self.post("SendMail", body=mime, kind="message/rfc822",
                parameters=[("SaveInSent", "T")] if save else [], **options)
        return self.post("SendMail", E("ComposeMail:SendMail", E("ClientId", client_id),
            E("SaveInSentItems") if save else None, E("Mime", mime)), **options)

    def smart(self, command, mime, client_id, folder=None, item=None, long_id=None, replace=False, save=True,
              instance=None, extra_elements=(), **options):
        """SmartReply or SmartForward."""
        if self.number < 14:
            parameters = [("CollectionId", folder), ("ItemId", item)] + ([("SaveInSent", "T")] if save else [])
            return self.post(command, body=mime, kind="message/rfc822", parameters=parameters, **options)
        source = E("Source", E("LongId", long_id) if long_id else [E("FolderId", folder), E("ItemId", item),
            E("InstanceId", instance) if instance else None])
        return self.post(command, E(f"ComposeMail:{command}", E("ClientId", client_id), source,
            E("SaveInSentItems") if save else None, E("ReplaceMime") if replace else None,
            E("Mime", mime) if mime is not None else None, list(extra_elements)), **options)

    def get_item_estimate(self, collections, **options):
        """`collections` are (id, key, filter, class); the order of elements differs before 14.0."""
        def one(folder, key, filter_type, kind):
            if self.number < 14:
                return E("Collection", E("Class", kind), E("CollectionId", folder),
                    None if filter_type is None else E("AirSync:FilterType", filter_type), E("AirSync:SyncKey", key))
            chosen = None if filter_type is None else E("AirSync:Options", E("FilterType", filter_type))
            return E("Collection", E("AirSync:SyncKey", key), E("CollectionId", folder), chosen)
        return self.post("GetItemEstimate", E("GetItemEstimate:GetItemEstimate",
            E("Collections", [one(*collection) for collection in collections])), **options)

    def fetch(self, folder=None, item=None, reference=None, long_id=None, options=None, multipart=False, **more):
        """ItemOperations Fetch of one item or attachment."""
        if reference is not None:
            what = E("Fetch", E("Store", "Mailbox"), E("AirSyncBase:FileReference", reference), options)
        elif long_id is not None:
            what = E("Fetch", E("Store", "Mailbox"), E("Search:LongId", long_id), options)
        else:
            what = E("Fetch", E("Store", "Mailbox"), E("AirSync:CollectionId", folder), E("AirSync:ServerId", item),
                options)
        extra = [("MS-ASAcceptMultiPart", "T")] if multipart else []
        return self.post("ItemOperations", E("ItemOperations:ItemOperations", what), extra=extra, **more)

    def empty_folder(self, folder, subfolders=False, **options):
        chosen = E("Options", E("DeleteSubFolders")) if subfolders else None
        return self.post("ItemOperations", E("ItemOperations:ItemOperations",
            E("EmptyFolderContents", E("AirSync:CollectionId", folder), chosen)), **options)

    def settings(self, *parts, **options):
        return self.post("Settings", E("Settings:Settings", *parts), **options)

    def meeting_response(self, response, folder, item, instance=None, send=None, **options):
        return self.post("MeetingResponse", E("MeetingResponse:MeetingResponse", E("Request",
            E("UserResponse", response), E("CollectionId", folder), E("RequestId", item),
            E("InstanceId", instance) if instance else None, send)), **options)

    def sync(self, collections, wait=None, heartbeat=None, window=None, partial=False, **options):
        """Sync of collections built by `collection`."""
        return self.post("Sync", E("AirSync:Sync",
            E("Collections", collections) if collections else None,
            None if wait is None else E("Wait", wait), None if heartbeat is None else E("HeartbeatInterval", heartbeat),
            None if window is None else E("WindowSize", window), E("Partial") if partial else None), **options)

    def collection(self, folder, key, kind="Email", commands=(), window=None, options=None, get_changes=None,
                   deletes_as_moves=None, supported=None):
        """A Collection element in the order of MS-ASCMD 2.2.3.29.2."""
        return E("AirSync:Collection",
            E("Class", kind) if self.number < 14 else None,
            E("SyncKey", key), E("CollectionId", folder), supported,
            None if deletes_as_moves is None else E("DeletesAsMoves", deletes_as_moves),
            None if get_changes is None else E("GetChanges", get_changes),
            None if window is None else E("WindowSize", window),
            options, E("Commands", list(commands)) if commands else None)


def body_preference(kind, size=None, all_or_none=None, preview=None):
    return E("AirSyncBase:BodyPreference", E("Type", kind), None if size is None else E("TruncationSize", size),
        None if all_or_none is None else E("AllOrNone", all_or_none), None if preview is None else E("Preview", preview))


def sync_options(filter_type=None, bodies=(), conflict=None, mime=None, mime_truncation=None):
    return E("AirSync:Options", None if filter_type is None else E("FilterType", filter_type), list(bodies),
        None if conflict is None else E("Conflict", conflict), None if mime is None else E("MIMESupport", mime),
        None if mime_truncation is None else E("MIMETruncation", mime_truncation))


__all__ = ["Answer", "Device", "Lost", "E", "base64_query", "basic", "body_preference", "sync_options", "PATH",
           "WBXML_TYPE", "COMMAND_CODES"]
