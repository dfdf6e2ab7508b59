"""Files of events at 16.x: added, listed, fetched, removed; unseen below, and never lost (MS-ASAIRS 2.2.2.2, 2.2.2.7, 2.2.2.24)."""

import base64
import unittest

from case import ServerCase
from eas import E
from items import event, recurrence
from phone import CALENDAR

START, END = "20261123T090000Z", "20261123T100000Z"


def add(client_id, name, content, kind="text/plain"):
    return E("Add", E("ClientId", client_id), E("Method", 1), E("ContentType", kind),
             E("Content", base64.b64encode(content).decode("ascii")), E("DisplayName", name))


def files(*children):
    return E("AirSyncBase:Attachments", *children)


def listed(item):
    node = item.node("AirSyncBase:Attachments")
    return {} if node is None else {f.text("DisplayName"): f.text("FileReference") for f in node.all("Attachment")}


class EventFilesTest(ServerCase):
    def pair(self, *more, version="16.1"):
        user = self.person()
        one, two = self.phone(user, version), self.phone(user, version)
        one.start(CALENDAR)
        return one, two, one.sync_box(CALENDAR, [one.add_command("c1", *event("Files", START, END, *more))])

    def content(self, phone, reference):
        answer = phone.fetch(reference=reference)
        fetch = answer.root.find("Response/Fetch")
        if fetch.number("Status") != 1:
            return fetch.number("Status")
        return fetch.text("Properties/AirSyncBase:ContentType"), base64.b64decode(fetch.text("Properties/Data"))

    def test_an_added_file_is_named_listed_and_fetched(self):
        for version in ("16.0", "16.1"):
            one, two, result = self.pair(files(add("a1", "Plan.txt", b"the plan"), add("a2", "Größe.bin", bytes(range(256)), "application/x-own")), version=version)
            response = result.added["c1"]
            answered = {f.text("ClientId"): f.text("FileReference") for f in response.all("ApplicationData/AirSyncBase:Attachments/Attachment")}
            self.assertEqual({"a1", "a2"}, set(answered), "MS-ASAIRS 2.2.2.14")
            held = two.pull(CALENDAR).items[response.text("ServerId")]
            self.assertEqual({"Plan.txt": answered["a1"], "Größe.bin": answered["a2"]}, listed(held))
            self.assertEqual(("text/plain", b"the plan"), self.content(two, answered["a1"]))
            self.assertEqual(("application/x-own", bytes(range(256))), self.content(two, answered["a2"]))
            sizes = [n.number("EstimatedDataSize") for n in held.node("AirSyncBase:Attachments").all("Attachment")]
            self.assertEqual([8, 256], sizes)

    def test_a_change_adds_and_removes_and_tells_the_phone_the_names(self):
        one, two, result = self.pair(files(add("a1", "Old.txt", b"old")))
        item = result.added["c1"].text("ServerId")
        two.pull(CALENDAR)
        (old,) = listed(two.box(CALENDAR).items[item]).values()
        one.change(CALENDAR, item, E("Calendar:Subject", "Files"), files(E("Delete", E("FileReference", old)), add("a2", "New.txt", b"new")))
        one.pull(CALENDAR)
        self.assertEqual(["New.txt"], list(listed(one.box(CALENDAR).items[item])), "the author learns the reference")
        held = two.pull(CALENDAR).items[item]
        self.assertEqual(["New.txt"], list(listed(held)))
        self.assertEqual(("text/plain", b"new"), self.content(one, listed(one.box(CALENDAR).items[item])["New.txt"]))
        self.assertEqual(15, self.content(two, old))

    def test_an_edit_by_an_old_phone_keeps_the_files(self):
        one, two, result = self.pair(files(add("a1", "Kept.txt", b"kept")))
        item = result.added["c1"].text("ServerId")
        for version in ("12.1", "14.1"):
            old = self.phone(one.user, version)
            held = old.pull(CALENDAR).items[item]
            self.assertFalse(held.has("AirSyncBase:Attachments"))
            old.change(CALENDAR, item, *event(f"By {version}", START, END, version=float(version), uid=held.text("Calendar:UID")))
        held = two.pull(CALENDAR).items[item]
        self.assertEqual(("By 14.1", ["Kept.txt"]), (held.text("Calendar:Subject"), list(listed(held))))

    def test_an_occurrence_has_files_of_its_own(self):
        one, two, result = self.pair(recurrence(0, interval=1, occurrences=5), files(add("a1", "All.txt", b"all")))
        item = result.added["c1"].text("ServerId")
        one.change(CALENDAR, item, E("Calendar:Subject", "Second"), files(add("a2", "Second.txt", b"second")), instance="20261124T090000Z")
        held = two.pull(CALENDAR).items[item]
        self.assertEqual(["All.txt"], list(listed(held)))
        (exception,) = held.node("Calendar:Exceptions").all("Exception")
        own = {f.text("DisplayName"): f.text("FileReference") for f in exception.all("AirSyncBase:Attachments/Attachment")}
        self.assertEqual({"All.txt", "Second.txt"}, set(own))
        self.assertEqual(("text/plain", b"second"), self.content(two, own["Second.txt"]))

    def test_quirk_10_an_addition_without_content_adds_nothing(self):
        one, two, result = self.pair(files(E("Add", E("ClientId", "a1"), E("Method", 1), E("DisplayName", "Nothing"))))
        held = two.pull(CALENDAR).items[result.added["c1"].text("ServerId")]
        self.assertEqual({}, listed(held))

    def test_a_file_that_is_not_base64_is_refused(self):
        _, _, result = self.pair(files(E("Add", E("ClientId", "a1"), E("Method", 1), E("ContentType", "text/plain"), E("Content", "***"), E("DisplayName", "Bad"))))
        self.assertEqual(6, result.added["c1"].number("Status"))

    def test_a_stranger_fetches_nothing(self):
        one, _, result = self.pair(files(add("a1", "Mine.txt", b"mine")))
        reference = result.added["c1"].find("ApplicationData/AirSyncBase:Attachments/Attachment").text("FileReference")
        self.assertEqual(15, self.content(self.phone(), reference))


if __name__ == "__main__":
    unittest.main()
