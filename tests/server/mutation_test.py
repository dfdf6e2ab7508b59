"""Broken requests of every kind to every command: never a 5xx, never an answer outside the schemas, never a dead server.

Seeded: a failure names its seed and command. LOCKSTEP_LONG=1 tries more.
"""

import os
import random
import unittest

import wbxml
from case import ServerCase
from eas import E, PATH, WBXML_TYPE, body_preference, sync_options
from items import contact, event, note, recurrence, task
from phone import CALENDAR, CONTACTS, DRAFTS, INBOX, NOTES, TASKS
from tags import PAGES

SEEDS = 20000 if os.environ.get("LOCKSTEP_LONG") else 500
TEXTS = ("", "0", "1", "-1", "99999999999999999999", "x" * 70, "x" * 5000, "5:1", "1:1", "20261301T000000Z", "\x01", "ä€😀", "../..", "%n%s",
         "18446744073709551616", "1e9", " 1 ", "true", "2026-11-24T12:00:00.000Z", "a@b", "<>", "T", "BEGIN:VCALENDAR\r\nEND:VCALENDAR")


class MutationTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("victim")

    def setUp(self):
        self.dice = random.Random(0)
        self.victim = self.phone(self.user)
        self.mail(self.user, "Hello", attachments=[("a.txt", "text/plain", b"a")])
        for kind in (INBOX, CALENDAR, CONTACTS, TASKS, NOTES, DRAFTS):
            self.victim.pull(kind)

    def requests(self):
        """(command, tree) of good requests with the present keys."""
        phone = self.victim
        key = lambda kind: phone.box(kind).key
        inbox = phone.folder(INBOX).id
        item = next(iter(phone.box(INBOX).items), inbox + ":1")
        sync = lambda kind, *commands: E("AirSync:Sync", E("Collections", phone.collection(phone.folder(kind).id, key(kind),
            commands=commands, options=sync_options(0, [body_preference(1, 100), body_preference(2, 100)], mime=1), window=5)))
        yield "Sync", sync(INBOX, phone.change_command(item, E("Email:Read", 1), E("Email:Flag", E("Email:Status", 2))))
        yield "Sync", sync(CALENDAR, phone.add_command("c", *event("E", "20261102T080000Z", "20261102T090000Z",
            recurrence(1, interval=1, day_of_week=2), E("Calendar:Reminder", 5), E("Calendar:Attendees", E("Attendee", E("Email", "a@b.c"), E("Name", "A"))))))
        yield "Sync", sync(CONTACTS, phone.add_command("c", *contact("C"), E("Contacts:Birthday", "1980-05-17T00:00:00.000Z"), E("Contacts:Picture", "AAAA")))
        yield "Sync", sync(TASKS, phone.add_command("c", *task("T"), E("Tasks:Recurrence", E("Type", 0), E("Start", "20261123T000000Z"), E("Interval", 1))))
        yield "Sync", sync(NOTES, phone.add_command("c", *note("N")), phone.delete_command("11:1"), phone.fetch_command("11:1"))
        yield "Sync", sync(DRAFTS, phone.add_command("c", E("Email:To", "a@example.net"), E("Email:Subject", "D")))
        yield "FolderSync", E("FolderHierarchy:FolderSync", E("SyncKey", phone.folder_key))
        yield "FolderCreate", E("FolderHierarchy:FolderCreate", E("SyncKey", phone.folder_key), E("ParentId", "0"), E("DisplayName", "M"), E("Type", 12))
        yield "FolderUpdate", E("FolderHierarchy:FolderUpdate", E("SyncKey", phone.folder_key), E("ServerId", "12"), E("ParentId", "0"), E("DisplayName", "M2"))
        yield "FolderDelete", E("FolderHierarchy:FolderDelete", E("SyncKey", phone.folder_key), E("ServerId", "12"))
        yield "GetItemEstimate", E("GetItemEstimate:GetItemEstimate", E("Collections", E("Collection", E("AirSync:SyncKey", key(INBOX)), E("CollectionId", inbox))))
        yield "MoveItems", E("Move:MoveItems", E("Move", E("SrcMsgId", item), E("SrcFldId", inbox), E("DstFldId", "4")))
        yield "ItemOperations", E("ItemOperations:ItemOperations", E("Fetch", E("Store", "Mailbox"), E("AirSync:CollectionId", inbox), E("AirSync:ServerId", item),
            E("Options", body_preference(1))))
        yield "ItemOperations", E("ItemOperations:ItemOperations", E("Fetch", E("Store", "Mailbox"), E("AirSyncBase:FileReference", "x")),
            E("EmptyFolderContents", E("AirSync:CollectionId", "4")))
        yield "Settings", E("Settings:Settings", E("UserInformation", E("Get")), E("Oof", E("Get", E("BodyType", "Text"))), phone.device_information())
        yield "Provision", E("Provision:Provision", phone.device_information(), E("Policies", E("Policy", E("PolicyType", "MS-EAS-Provisioning-WBXML"))))
        yield "SendMail", E("ComposeMail:SendMail", E("ClientId", f"m{self.dice.random()}"), E("SaveInSentItems"), E("Mime", b"To: victim@example.org\r\n\r\nx\r\n"))
        yield "SmartReply", E("ComposeMail:SmartReply", E("ClientId", "r"), E("Source", E("FolderId", inbox), E("ItemId", item)), E("Mime", b"To: victim@example.org\r\n\r\nx\r\n"))
        yield "Ping", E("Ping:Ping", E("HeartbeatInterval", 1), E("Folders", E("Folder", E("Id", inbox), E("Class", "Email"))))

    def mutate_tree(self, node):
        """Changes one to four places of the tree."""
        for _ in range(self.dice.randrange(1, 5)):
            nodes = [node]
            for each in nodes:
                nodes.extend(each.children)
            victim = self.dice.choice(nodes)
            act = self.dice.randrange(7)
            if act == 0 and victim.children:
                victim.children.pop(self.dice.randrange(len(victim.children)))
            elif act == 1 and victim.children:
                victim.children.append(self.dice.choice(victim.children))
            elif act == 2:
                page = self.dice.choice([p for p in PAGES if PAGES[p][1]])
                victim.ns, victim.tag = PAGES[page][0], self.dice.choice(list(PAGES[page][1]))
            elif act == 3 and not victim.children:
                victim.value = self.dice.choice(TEXTS)
            elif act == 4 and not victim.children:
                victim.value = bytes(self.dice.randrange(256) for _ in range(self.dice.randrange(40)))
            elif act == 5:
                self.dice.shuffle(victim.children)
            elif act == 6 and not victim.children:
                victim.value = None
        return node

    def mutate_bytes(self, data):
        data = bytearray(data)
        for _ in range(self.dice.randrange(1, 4)):
            at = self.dice.randrange(4, len(data)) if len(data) > 4 else 0
            act = self.dice.randrange(4)
            if act == 0:
                data[at] = self.dice.randrange(256)
            elif act == 1:
                del data[at : at + self.dice.randrange(1, 8)]
            elif act == 2:
                data[at:at] = bytes(self.dice.randrange(256) for _ in range(self.dice.randrange(1, 8)))
            else:
                data[at:at] = data[at : at + 30]
        return bytes(data)

    def acceptable(self, answer, command, seed):
        self.assertIn(answer.status, (200, 400, 404, 413, 501), f"seed {seed}, {command}")

    def renew(self):
        """Keys that a mutation used up or a policy that it reset."""
        phone = self.victim
        phone.provision()
        phone.folder_key = "0"
        phone.learn_folders()
        for kind in (INBOX, CALENDAR, CONTACTS, TASKS, NOTES, DRAFTS):
            phone.start(kind)
            phone.pull(kind)

    def test_w2_mutated_requests_get_an_answer_and_nothing_breaks(self):
        for seed in range(SEEDS):
            self.dice.seed(seed)
            command, tree = self.dice.choice(list(self.requests()))
            if self.dice.random() < 0.7:
                body = wbxml.encode(self.mutate_tree(wbxml.resolve(tree)))
            else:
                body = self.mutate_bytes(wbxml.encode(tree))
            with self.subTest(seed=seed, command=command):
                answer = self.victim.post(command, body=body, kind=WBXML_TYPE, timeout=20)
                self.acceptable(answer, command, seed)
            if seed % 50 == 49:
                self.renew()
        self.renew()
        self.server.cli("verify")

    def test_w3_mutated_queries_get_an_answer(self):
        self.dice.seed(7)
        body = wbxml.encode(E("FolderHierarchy:FolderSync", E("SyncKey", "0")))
        for seed in range(SEEDS):
            self.dice.seed(seed)
            self.victim.base64_form = self.dice.random() < 0.5
            target = self.victim.target("FolderSync")
            place = self.dice.randrange(len(PATH), len(target))
            letter = self.dice.choice("&=%?A0+/ \\~;#\u00e4")
            target = target[:place] + letter.replace(" ", "%20").replace("#", "%23").replace("\u00e4", "%C3%A4") + target[place + self.dice.randrange(2) :]
            connection = self.victim.connect()
            with self.subTest(seed=seed, target=target):
                answer = connection.request("POST", target, self.victim.headers() + [("Content-Type", WBXML_TYPE)], body)
                # 405: a path that is none of the door's may be a page of people.
                self.assertIn(answer.status, (200, 400, 401, 404, 405, 501, 505))
            connection.close()
        self.victim.base64_form = False
        self.renew()


if __name__ == "__main__":
    unittest.main()
