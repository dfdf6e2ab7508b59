"""A phone that sends an item back exactly as it got it changes nothing for anybody (client churn; items stay stable)."""

import unittest

from case import ServerCase
from eas import E
from items import BERLIN, NEW_YORK, body, contact, event, note, recurrence, task
from phone import CALENDAR, CONTACTS, NOTES, TASKS

VERSIONS = ("12.1", "14.1", "16.1")
# What the server itself sets anew with each change, or what belongs to one version only.
MOVING = {"Calendar:DtStamp", "Notes:LastModifiedDate", "Calendar:ResponseType", "Calendar:AppointmentReplyTime"}
# What a client of 16.x must not send (MS-ASCAL 2.2.2).
SERVERS_OWN_16 = {"Calendar:DtStamp", "Calendar:OrganizerName", "Calendar:OrganizerEmail", "Calendar:UID", "Calendar:MeetingStatus",
                  "Calendar:ResponseType", "Calendar:AppointmentReplyTime", "Calendar:Exceptions"}
SERVERS_OWN = {"AirSyncBase:NativeBodyType", "Calendar:ResponseType", "Calendar:AppointmentReplyTime"}
START, END = "20261102T080000Z", "20261102T090000Z"
LONG = "Line one\r\nLine two with ümlaut\r\n\r\n  indented; semi, comma \\ backslash\r\n"
ITEMS = {
    "plain event": (CALENDAR, lambda: event("Plain", START, END, E("Calendar:Reminder", 15), body(LONG), E("AirSyncBase:Location", E("DisplayName", "Room; 4, left")))),
    "new york event": (CALENDAR, lambda: event("New York", "20260708T133000Z", "20260708T143000Z", zone=NEW_YORK)),
    "all day": (CALENDAR, lambda: event("All day", "20261224T000000Z", "20261227T000000Z", all_day=True)),
    "weekly": (CALENDAR, lambda: event("Weekly", START, END, recurrence(1, interval=2, day_of_week=42, first_day_of_week=1))),
    "until": (CALENDAR, lambda: event("Until", START, END, recurrence(0, interval=1, until="20261220T080000Z"), zone=BERLIN)),
    "monthly": (CALENDAR, lambda: event("Monthly", START, END, recurrence(3, interval=1, week_of_month=5, day_of_week=32))),
    "yearly all day": (CALENDAR, lambda: event("Birthday", "20260517T000000Z", "20260518T000000Z", recurrence(5, interval=1, day_of_month=17, month_of_year=5), all_day=True)),
    "attendees": (CALENDAR, lambda: event("Guests", START, END, E("Calendar:Attendees",
        E("Attendee", E("Email", "a@example.net"), E("Name", "A, B"), E("AttendeeType", 1)), E("Attendee", E("Email", "c@example.net"), E("Name", "C"), E("AttendeeType", 2))))),
    "private": (CALENDAR, lambda: event("Private", START, END, E("Calendar:Categories", E("Category", "A,B"), E("Category", "C")))),
    "contact": (CONTACTS, lambda: contact("Größe", "Änne", E("Contacts:MiddleName", "M."), E("Contacts:Title", "Dr."), E("Contacts:CompanyName", "A; B, C"),
        E("Contacts:Birthday", "1980-05-17T00:00:00.000Z"), E("Contacts:Email1Address", "a@example.net"), E("Contacts:MobilePhoneNumber", "+49 170"),
        E("Contacts:BusinessAddressStreet", "Street 1"), E("Contacts:BusinessAddressCity", "Ulm"), E("Contacts:Categories", E("Category", "VIP")), body(LONG),
        E("Contacts:Picture", "/9j/4AAQSkZJRg=="), E("Contacts2:NickName", "Annie"), E("Contacts:WebPage", "https://example.net/"))),
    "company card": (CONTACTS, lambda: [E("Contacts:FileAs", "Northlight"), E("Contacts:CompanyName", "Northlight")]),
    "task": (TASKS, lambda: task("Task", E("Tasks:StartDate", "2026-11-23T00:00:00.000Z"), E("Tasks:UtcStartDate", "2026-11-22T23:00:00.000Z"),
        E("Tasks:DueDate", "2026-11-27T00:00:00.000Z"), E("Tasks:UtcDueDate", "2026-11-26T23:00:00.000Z"), E("Tasks:ReminderSet", 1),
        E("Tasks:ReminderTime", "2026-11-27T08:00:00.000Z"), E("Tasks:Sensitivity", 2), body(LONG))),
    "recurring task": (TASKS, lambda: task("Again", E("Tasks:StartDate", "2026-11-23T00:00:00.000Z"), E("Tasks:UtcStartDate", "2026-11-22T23:00:00.000Z"),
        E("Tasks:DueDate", "2026-11-23T00:00:00.000Z"), E("Tasks:UtcDueDate", "2026-11-22T23:00:00.000Z"),
        E("Tasks:Recurrence", E("Type", 1), E("Start", "20261123T000000Z"), E("Interval", 1), E("DayOfWeek", 2)))),
    "done task": (TASKS, lambda: task("Done", E("Tasks:DateCompleted", "2026-11-24T10:00:00.000Z"), complete=1)),
    "note": (NOTES, lambda: note("Note", LONG, E("Notes:Categories", E("Category", "Private")))),
}


def shape(node):
    return (node.name, node.value or "", tuple(shape(child) for child in node.children))


def seen(item):
    return {name: shape(node) for name, node in item.fields.items() if name not in MOVING}


class EchoTest(ServerCase):
    def test_an_echo_changes_nothing(self):
        for name, (kind, make) in ITEMS.items():
            for version in VERSIONS:
                if kind == NOTES and version == "12.1":
                    continue
                with self.subTest(f"{name} at {version}"):
                    self.echo(kind, make(), version)

    def echo(self, kind, properties, version):
        user = self.person()
        author, other = self.phone(user), self.phone(user, version)
        author.start(kind)
        item = author.add(kind, *properties)
        watcher = self.phone(user)
        before = seen(watcher.pull(kind).items[item])
        mirror = other.pull(kind).items[item]
        own = SERVERS_OWN_16 if other.number >= 16 else SERVERS_OWN
        for _ in range(2):
            sent = [self.as_sent(node) for field, node in mirror.fields.items() if field not in own | SERVERS_OWN]
            result = other.sync_box(kind, [other.change_command(item, *sent)])
            self.assertNotIn(item, result.changed, result.node)
        after = seen(watcher.pull(kind).items[item])
        self.assertEqual(before, after)
        self.assertEqual(1, len(watcher.box(kind).items))

    def as_sent(self, node):
        """A received property as a client sends it: a Body without the server's sizes."""
        if node.name == "AirSyncBase:Body":
            return body(node.text("Data", ""), int(node.text("Type")))
        return node

    def test_an_echo_of_exceptions_keeps_them(self):
        for version in ("12.1", "14.1"):
            with self.subTest(version):
                user = self.person()
                author, other = self.phone(user), self.phone(user, version)
                author.start(CALENDAR)
                item = author.add(CALENDAR, *event("Series", START, END, recurrence(1, interval=1, day_of_week=2), body("Text")))
                author.change(CALENDAR, item, E("Calendar:Subject", "Special"), E("Calendar:StartTime", "20261116T100000Z"),
                    E("Calendar:EndTime", "20261116T110000Z"), instance="20261116T080000Z")
                author.sync_box(CALENDAR, [author.delete_command(item, instance="20261109T080000Z")])
                watcher = self.phone(user)
                before = seen(watcher.pull(CALENDAR).items[item])
                self.assertIn("Calendar:Exceptions", before)
                mirror = other.pull(CALENDAR).items[item]
                sent = [self.as_sent(node) for field, node in mirror.fields.items() if field not in SERVERS_OWN]
                other.change(CALENDAR, item, *sent)
                self.assertEqual(self.without_stamps(before), self.without_stamps(seen(watcher.pull(CALENDAR).items[item])))

    def without_stamps(self, fields):
        def strip(shaped):
            name, value, children = shaped
            return (name, value, tuple(strip(child) for child in children if child[0] not in MOVING))
        return {name: strip(shaped) for name, shaped in fields.items()}


if __name__ == "__main__":
    unittest.main()
