"""The recipient information cache: whom a person writes to, as a folder that is only read (MS-ASCMD 2.2.3.30.6, 2.2.3.103.2)."""

import unittest

from case import ServerCase
from eas import E, sync_options
from items import contact
from phone import CONTACTS, new_client_id

CACHE = 19
VERSIONS = ("14.0", "14.1", "16.0", "16.1")


class RecipientCacheTest(ServerCase):
    def send(self, phone, *to):
        mime = f"From: {phone.user}\r\nTo: {', '.join(to)}\r\nSubject: Hello\r\nContent-Type: text/plain\r\n\r\nHello.\r\n".encode()
        answer = phone.send_mail(mime, new_client_id())
        self.assertEqual((200, b""), (answer.status, answer.body), answer)

    def sync(self, phone, *parts, key=None):
        """One round; the Collection, or None."""
        box = phone.box(CACHE)
        answer = phone.sync([E("AirSync:Collection", E("SyncKey", box.key if key is None else key), E("CollectionId", "RI"), *parts)])
        self.assertEqual(200, answer.status, answer)
        found = answer.root.find("Collections/Collection") if answer.root is not None else None
        if found is not None and found.number("Status") == 1:
            box.key = found.text("SyncKey")
        return found

    def held(self, node):
        return {n.text("ApplicationData/Contacts:Email1Address"): n.number("ApplicationData/Contacts:WeightedRank") for n in node.all("Commands/Add")}

    def test_it_lists_whom_the_person_writes_to(self):
        for version in VERSIONS:
            phone, often, once = self.phone(version=version), self.person(), self.person()
            self.assertEqual("RI", phone.folder(CACHE).id)
            self.send(phone, f"Olga Often <{often}>")
            self.send(phone, often, once)
            self.assertEqual(1, self.sync(phone, key="0").number("Status"))
            node = self.sync(phone, sync_options())
            ranks = self.held(node)
            self.assertEqual({often, once}, set(ranks))
            self.assertGreater(ranks[often], ranks[once], "higher is more relevant (MS-ASCNTC 2.2.2.64)")
            names = {n.text("ApplicationData/Contacts:Email1Address"): n.text("ApplicationData/Contacts:FileAs") for n in node.all("Commands/Add")}
            self.assertEqual("Olga Often", names[often])
            self.assertIsNone(self.sync(phone), "nothing is told twice")
            self.send(phone, once)
            changed = self.sync(phone)
            self.assertEqual([once], [n.text("ApplicationData/Contacts:Email1Address") for n in changed.all("Commands/Change")])

    def test_a_lost_answer_is_given_again(self):
        phone, other = self.phone(), self.person()
        self.send(phone, other)
        self.sync(phone, key="0")
        first = phone.box(CACHE).key
        self.assertEqual({other}, set(self.held(self.sync(phone))))
        phone.box(CACHE).key = first
        self.assertEqual({other}, set(self.held(self.sync(phone))))
        self.assertIsNone(self.sync(phone))

    def test_max_items_and_the_window(self):
        phone = self.phone()
        people = [self.person() for _ in range(4)]
        for number, someone in enumerate(people):
            for _ in range(4 - number):
                self.send(phone, someone)
        self.sync(phone, key="0")
        options = E("Options", E("MaxItems", 2))
        self.assertEqual(set(people[:2]), set(self.held(self.sync(phone, options))))
        third = self.sync(phone, E("WindowSize", 1), E("Options", E("MaxItems", 4)))
        self.assertEqual((1, True), (len(self.held(third)), third.has("MoreAvailable")))
        gone = self.sync(phone, E("Options", E("MaxItems", 1)))
        self.assertEqual(2, len(gone.all("Commands/Delete")))
        self.assertEqual(4, self.sync(phone, E("Options", E("MaxItems", 0))).number("Status"))

    def test_estimates(self):
        phone, other = self.phone(), self.person()
        self.send(phone, other)
        ask = lambda key: phone.post("GetItemEstimate", E("GetItemEstimate:GetItemEstimate", E("Collections", E("Collection",
            E("AirSync:SyncKey", key), E("CollectionId", "RI"), E("AirSync:Options", E("MaxItems", 5)))))).root.find("Response")
        self.assertEqual(3, ask("0").number("Status"))
        self.assertEqual(4, ask("99999").number("Status"))
        self.sync(phone, key="0")
        self.assertEqual((1, 1), (lambda r: (r.number("Status"), r.number("Collection/Estimate")))(ask(phone.box(CACHE).key)))

    def test_it_is_only_read(self):
        for version in VERSIONS:
            phone = self.phone(version=version)
            self.sync(phone, key="0")
            add = E("Commands", E("Add", E("ClientId", "x"), E("ApplicationData", *contact("X"))))
            answer = phone.sync([E("AirSync:Collection", E("SyncKey", phone.box(CACHE).key), E("CollectionId", "RI"), add)])
            self.assertEqual(4, answer.code, "a Status of the whole (MS-ASCMD 2.2.3.7.2)")
            key = phone.folder_key
            self.assertEqual(3, phone.folder_delete(key, "RI").code)
            self.assertEqual(3, phone.folder_update(key, "RI", "0", "New").code)
            self.assertEqual(3, phone.folder_create(key, "RI", "New", 12).code)
            self.assertEqual(3, self.sync(phone, key="99999").number("Status"))

    def test_a_ping_is_not_ended_by_it(self):
        phone = self.phone()
        phone.start(CONTACTS)
        answer = phone.ping([("RI", "Contacts"), (phone.folder(CONTACTS).id, "Contacts")], 59)
        self.assertEqual(5, answer.code, "the folder is no reason for a FolderSync")

    def test_clients_before_14_do_not_see_it(self):
        for version in ("2.5", "12.0", "12.1"):
            phone = self.phone(version=version)
            self.assertNotIn("RI", phone.folders)


if __name__ == "__main__":
    unittest.main()
