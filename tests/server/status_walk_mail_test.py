"""Every status of SendMail, SmartReply, SmartForward, MeetingResponse and ItemOperations that a client can cause
(MS-ASCMD 2.2.2, 2.2.3.177.8, .9, .14, .16)."""

import unittest

from eas import E, body_preference
from items import event, recurrence
from phone import CALENDAR, INBOX, SENT, TRASH, USER_MAIL, new_client_id
from walk import WalkCase, common, http

LONG = "x" * 300
C = lambda tag, *parts: E("ComposeMail:" + tag, *parts)
NEWER = ("14.1", "16.1")


class MailWalk(WalkCase):
    def phone_at(self, version):
        phone = self.phone(version=version)
        self.mail(phone.user)
        (phone.item,) = phone.pull(INBOX).items
        phone.mime = (f"From: {phone.user}\r\nTo: {phone.user}\r\nSubject: Walk\r\nContent-Type: text/plain\r\n\r\nHello.\r\n").encode()
        phone.nobody = phone.mime.replace(f"To: {phone.user}\r\n".encode(), b"")
        return phone

    def test_send_mail(self):
        def ask(client=True, mime=True, *more):
            return lambda phone: phone.post("SendMail", C("SendMail", None if client is None else C("ClientId", new_client_id() if client is True else client),
                *more, None if mime is None else C("Mime", phone.mime if mime is True else phone.nobody if mime == "nobody" else mime)))
        self.walk([
            ("no ClientId", 103, ask(None)), ("an empty one", 103, ask("")), ("one of 41 characters", 103, ask("x" * 41)),
            ("no Mime", 103, ask(mime=None)), ("an empty Mime", 107, ask(mime=b"")), ("nobody to send it to", 119, ask(mime="nobody")),
            ("a good one", "empty", ask("same")), ("the same again", 118, ask("same")),
            ("a bare message", 101, lambda phone: phone.post("SendMail", body=phone.mime, kind="message/rfc822")),
            ("another root", 103, lambda phone: phone.post("SendMail", E("Ping:Ping"))),
            ("no WBXML", http(400), lambda phone: phone.post("SendMail", body=b"hello", kind="application/vnd.ms-sync.wbxml")),
            ("nothing", http(400), lambda phone: phone.post("SendMail")),
        ], self.phone_at, versions=NEWER)
        self.walk([("an account that is none", 166, ask(True, True, C("AccountId", "x")))], self.phone_at, versions=NEWER)
        self.walk([
            ("WBXML", http(400), ask()), ("nobody to send it to", http(400), lambda phone: phone.post("SendMail", body=phone.nobody, kind="message/rfc822")),
            ("nothing", http(400), lambda phone: phone.post("SendMail")),
            ("a good one", "empty", lambda phone: phone.post("SendMail", body=phone.mime, kind="message/rfc822")),
        ], self.phone_at, versions=("12.1",))

    def smart_walk(self, command):
        def ask(source=True, mime=True, client=True, *more):
            def make(phone):
                what = None if source is None else C("Source", [C("FolderId", phone.folder(INBOX).id), C("ItemId", phone.item)] if source is True else list(source(phone)))
                return phone.post(command, C(command, None if client is None else C("ClientId", new_client_id() if client is True else client), what, *more,
                    None if mime is None else C("Mime", phone.mime if mime is True else mime)))
            return make
        source = lambda folder, item, *more: ask(lambda phone: [C("FolderId", phone.folder(INBOX).id if folder is True else folder) if folder else None,
            C("ItemId", phone.item if item is True else item) if item else None, *more])
        self.walk([
            ("no ClientId", 103, ask(client=None)), ("no Mime", 103, ask(mime=None)), ("an empty Mime", 107, ask(mime=b"")), ("no Source", 103, ask(None)),
            ("an empty Source", 103, ask(lambda phone: [])), ("an unknown item", 150, source(True, "1:99999")), ("an item that is no id", 150, source(True, "x")),
            ("an unknown folder", 150, source("99999", True)), ("another folder", 150, lambda phone: source(phone.folder(SENT).id, True)(phone)),
            ("an unknown LongId", 150, source(None, None, C("LongId", "nothing"))),
            ("LongId and ItemId", 105, lambda phone: source(True, True, C("LongId", phone.item))(phone)),
            ("an InstanceId that is no time", 104, source(True, True, C("InstanceId", "yesterday"))),
            ("nobody to send it to", 119, lambda phone: ask(mime=phone.nobody)(phone)),
            ("by LongId", "empty", lambda phone: source(None, None, C("LongId", phone.item))(phone)), ("a good one", "empty", ask()),
        ], self.phone_at, versions=NEWER)
        bare = lambda item: lambda phone: phone.post(command, body=phone.mime, kind="message/rfc822",
            parameters=[("CollectionId", phone.folder(INBOX).id), ("ItemId", phone.item if item is True else item)])
        self.walk([("an unknown item", http(400), bare("1:99999")), ("no item", http(400), lambda phone: phone.post(command, body=phone.mime, kind="message/rfc822")),
                   ("a good one", "empty", bare(True))], self.phone_at, versions=("12.1",))

    def test_smart_reply(self):
        self.smart_walk("SmartReply")

    def test_smart_forward(self):
        self.smart_walk("SmartForward")

    def test_smart_forward_of_forwardees(self):
        def ask(*forwardees):
            return lambda phone: phone.post("SmartForward", C("SmartForward", C("ClientId", new_client_id()), C("Source", C("FolderId", phone.folder(INBOX).id),
                C("ItemId", phone.item)), C("Forwardees", *[C("Forwardee", C("Email", address)) for address in forwardees])))
        self.walk([("an address that is none", 179, ask("nobody")), ("an empty one", 179, ask("")), ("two in one", 179, ask("a@example.org, b@example.org")),
                   ("nobody", 103, ask())], self.phone_at, versions=("16.0", "16.1"))

    def test_meeting_response(self):
        def prepare(version):
            phone = self.phone_at(version)
            phone.start(CALENDAR)
            phone.event = phone.add(CALENDAR, *event("Own", "20261201T120000Z", "20261201T130000Z", version=phone.number))
            return phone

        M = lambda tag, *parts: E("MeetingResponse:" + tag, *parts)

        def ask(response=1, folder=INBOX, item=True, *more):
            def make(phone):
                where = phone.folder(folder).id if isinstance(folder, int) else folder
                return phone.post("MeetingResponse", M("MeetingResponse", M("Request", None if response is None else M("UserResponse", response),
                    None if where is None else M("CollectionId", where), None if item is None else M("RequestId", phone.item if item is True else item(phone) if callable(item) else item), *more)))
            return make
        rows = [
            ("a plain mail", 2, ask()), ("no answer", 2, ask(None)), ("an answer that is none", 2, ask(4)), ("answer 0", 2, ask(0)), ("a word", 2, ask("yes")),
            ("an unknown folder", 2, ask(folder="99999")), ("no folder", 2, ask(folder=None)), ("an unknown item", 2, ask(item="1:99999")), ("no item", 2, ask(item=None)),
            ("an item that is no id", 2, ask(item="x")), ("another folder", 2, ask(folder=SENT)), ("the own event", 2, ask(1, CALENDAR, lambda phone: phone.event)),
            ("an item of 65 characters", common(103), ask(item="x" * 65)), ("nothing", common(103), lambda phone: phone.post("MeetingResponse", M("MeetingResponse"))),
            ("101 requests (MS-ASCMD 3.1.5.10)", common(103), lambda phone: phone.post("MeetingResponse", M("MeetingResponse", [M("Request", M("UserResponse", 1), M("RequestId", "x"))] * 101))),
        ]
        self.walk(rows, prepare, "Result/Status")
        self.walk([("an InstanceId that is no time", 104, ask(1, INBOX, True, M("InstanceId", "yesterday"))), ("an empty InstanceId", 2, ask(1, INBOX, True, M("InstanceId", ""))),
                   ("LongId and item", 2, ask(1, INBOX, True, E("Search:LongId", "x")))], prepare, "Result/Status", ("14.1", "16.1"))

    def test_item_operations(self):
        def prepare(version):
            phone = self.phone_at(version)
            phone.other = phone.make_folder("Other", USER_MAIL)
            return phone
        I = lambda tag, *parts: E("ItemOperations:" + tag, *parts)
        ask = lambda *parts: lambda phone: phone.post("ItemOperations", I("ItemOperations", *[part(phone) if callable(part) else part for part in parts]))

        def fetch(*parts, store="Mailbox", folder=True, item=True, options=()):
            return lambda phone: I("Fetch", None if store is None else I("Store", store), E("AirSync:CollectionId", phone.folder(INBOX).id if folder is True else folder) if folder else None,
                E("AirSync:ServerId", phone.item if item is True else item) if item else None, *parts, I("Options", *options) if options else None)
        F, X = "Response/Fetch/Status", "Response/EmptyFolderContents/Status"
        self.walk([
            ("nothing", 2, ask()), ("a folder of 65 characters", 2, ask(fetch(folder="x" * 65))), ("an item of 65 characters", 2, ask(fetch(item="x" * 65))),
            ("no store", 2, ask(fetch(store=None)), F), ("an unknown store", 9, ask(fetch(store="Cupboard")), F), ("no item", 2, ask(fetch(folder=None, item=None)), F),
            ("an unknown item", 6, ask(fetch(item="1:99999")), F), ("an item that is no id", 6, ask(fetch(item="x")), F), ("an unknown folder", 6, ask(fetch(folder="99999")), F),
            ("body type 9", 2, ask(fetch(options=(body_preference(9),))), F), ("DeleteSubFolders of a fetch", 2, ask(fetch(options=(I("DeleteSubFolders"),))), F),
            ("an unknown attachment", 15, ask(I("Fetch", I("Store", "Mailbox"), E("AirSyncBase:FileReference", "x"))), F),
            ("two attachments", 2, ask(I("Fetch", I("Store", "Mailbox"), E("AirSyncBase:FileReference", "x"), E("AirSyncBase:FileReference", "y"))), F),
            ("a range that is none", 8, ask(I("Fetch", I("Store", "Mailbox"), E("AirSyncBase:FileReference", "x"), I("Options", I("Range", "all")))), F),
            ("a folder to empty that is none", 6, ask(I("EmptyFolderContents", E("AirSync:CollectionId", "99999"))), X), ("none named", 2, ask(I("EmptyFolderContents")), X),
            ("a range of it", 2, ask(lambda phone: I("EmptyFolderContents", E("AirSync:CollectionId", phone.other.id), I("Options", I("Range", "0-1")))), X),
            ("1,001 fetches", 2, ask(*[I("Fetch", I("Store", "Mailbox"))] * 1001)),
            ("a good fetch", 1, ask(fetch()), F), ("the whole of it", 1, ask(fetch())), ("a good emptying", 1, ask(lambda phone: I("EmptyFolderContents", E("AirSync:CollectionId", phone.other.id))), X),
        ], prepare)
        move = lambda target, conversation, options: ask(lambda phone: I("Move", None if conversation is None else I("ConversationId", conversation),
            None if target is None else I("DstFldId", phone.other.id if target is True else phone.folder(target).id if isinstance(target, int) else target), None if options is None else I("Options", *options)))
        always = [I("MoveAlways")]
        M = "Response/Move/Status"
        self.walk([
            ("no options", 155, move(True, b"x" * 16, None), M), ("no MoveAlways", 155, move(True, b"x" * 16, []), M), ("another option", 2, move(True, b"x" * 16, [I("MoveAlways"), I("Range", "0-1")]), M),
            ("no target", 2, move(None, b"x" * 16, always), M), ("an unknown target", 6, move("99999", b"x" * 16, always), M), ("a calendar", 156, move(CALENDAR, b"x" * 16, always), M),
            ("an unknown conversation", 6, move(True, b"x" * 16, always), M), ("a conversation of 5 bytes", 6, move(True, b"short", always), M),
        ], prepare, versions=NEWER)


if __name__ == "__main__":
    unittest.main()
