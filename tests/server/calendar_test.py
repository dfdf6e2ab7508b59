"""Events go both ways with their zone, text, reminder and people (MS-ASCAL 2.2.2)."""

import datetime
import unittest

from case import ServerCase
from eas import E, body_preference, sync_options
from items import BERLIN, KOLKATA, NEW_YORK, SYDNEY, UTC, body, event, read_zone
from phone import CALENDAR, USER_CALENDAR

START, END = "20261125T090000Z", "20261125T100000Z"


class CalendarTest(ServerCase):
    def pair(self, version="16.1", other="16.1"):
        user = self.person()
        one, two = self.phone(user, version), self.phone(user, other)
        one.start(CALENDAR)
        return one, two

    def put(self, *properties, version="16.1", other="16.1"):
        """Adds an event with one phone; returns (phones, id, the event as the other phone has it)."""
        one, two = self.pair(version, other)
        item = one.add(CALENDAR, *properties)
        return one, two, two.pull(CALENDAR).items[item]

    def test_an_event_arrives_whole(self):
        _, _, held = self.put(*event("Lunch", START, END, E("Calendar:Reminder", 15), body("Bring the plans.\r\n"),
            E("AirSyncBase:Location", E("DisplayName", "Café Größe")), E("Calendar:Categories", E("Category", "Work"))))
        self.assertEqual(("Lunch", START, END), tuple(held.text(f"Calendar:{n}") for n in ("Subject", "StartTime", "EndTime")))
        self.assertEqual(("15", "2", "0", "0"), tuple(held.text(f"Calendar:{n}") for n in ("Reminder", "BusyStatus", "Sensitivity", "AllDayEvent")))
        self.assertEqual("Café Größe", held.text("AirSyncBase:Location/DisplayName"))
        self.assertEqual("Work", held.text("Calendar:Categories/Category"))
        self.assertIn("Bring the plans.", held.text("AirSyncBase:Body/Data"))
        self.assertTrue(held.text("Calendar:UID"))
        self.assertRegex(held.text("Calendar:DtStamp"), r"^\d{8}T\d{6}Z$")
        self.assertTrue(held.has("Calendar:OrganizerEmail") or held.text("Calendar:MeetingStatus") == "0")

    def test_the_response_to_an_add_at_16_carries_the_uid(self):
        one, _ = self.pair()
        result = one.sync_box(CALENDAR, [one.add_command("c1", *event("Answered", START, END))])
        self.assertEqual(1, result.added["c1"].number("Status"))
        data = result.added["c1"].find("ApplicationData")
        self.assertTrue(data is not None and data.text("Calendar:UID"), result.node)

    def test_times_are_compact_and_utc(self):
        _, _, held = self.put(*event("Times", START, END))
        for name in ("StartTime", "EndTime", "DtStamp"):
            self.assertRegex(held.text(f"Calendar:{name}"), r"^\d{8}T\d{6}Z$")

    def test_zones_come_back_with_their_rules(self):
        for name, zone in (("Berlin", BERLIN), ("New York", NEW_YORK), ("Kolkata", KOLKATA), ("Sydney", SYDNEY), ("UTC", UTC)):
            with self.subTest(name):
                _, _, held = self.put(*event(name, START, END, zone=zone))
                sent, back = read_zone(zone), read_zone(held.text("Calendar:Timezone"))
                for key in ("bias", "standard", "daylight", "daylight_bias"):
                    self.assertEqual(sent[key], back[key], key)
                self.assertTrue(back["names"][0], "a zone is named")
                self.assertEqual((START, END), (held.text("Calendar:StartTime"), held.text("Calendar:EndTime")))

    def test_an_all_day_event_at_16_1_is_a_date_without_zone(self):
        _, _, held = self.put(*event("Holiday", "20261224T000000Z", "20261227T000000Z", all_day=True))
        self.assertEqual("1", held.text("Calendar:AllDayEvent"))
        self.assertEqual(("20261224T000000Z", "20261227T000000Z"), (held.text("Calendar:StartTime"), held.text("Calendar:EndTime")))
        self.assertFalse(held.has("Calendar:Timezone"), "no TimeZone for all-day events at 16.x (MS-ASCAL 2.2.2.1)")

    def test_an_all_day_event_means_the_same_day_in_every_version(self):
        """Up to 14.1 midnight of the zone as UTC travels with the zone (Berlin: 23:00Z of the day before)."""
        old = event("Old way", "20261223T230000Z", "20261224T230000Z", version=14.1, all_day=True)
        _, _, held = self.put(*old, version="14.1", other="16.1")
        self.assertEqual(("20261224T000000Z", "20261225T000000Z"), (held.text("Calendar:StartTime"), held.text("Calendar:EndTime")))
        new = event("New way", "20261224T000000Z", "20261225T000000Z", all_day=True)
        _, _, held = self.put(*new, version="16.1", other="14.1")
        zone = read_zone(held.text("Calendar:Timezone"))
        start = datetime.datetime.strptime(held.text("Calendar:StartTime"), "%Y%m%dT%H%M%SZ")
        local = start - datetime.timedelta(minutes=zone["bias"])
        self.assertEqual(("1", datetime.datetime(2026, 12, 24)), (held.text("Calendar:AllDayEvent"), local))

    def test_old_and_new_versions_share_events(self):
        for version, other in (("14.1", "16.1"), ("16.1", "14.1"), ("12.1", "16.1"), ("16.1", "12.1")):
            with self.subTest(f"{version} to {other}"):
                place = "Calendar:Location" if float(version) < 16 else "AirSyncBase:Location"
                shown = "Calendar:Location" if float(other) < 16 else "AirSyncBase:Location/DisplayName"
                where = E(place, "Room 1") if float(version) < 16 else E(place, E("DisplayName", "Room 1"))
                _, _, held = self.put(*event("Shared", START, END, where, version=float(version)), version=version, other=other)
                self.assertEqual(("Shared", START, "Room 1"), (held.text("Calendar:Subject"), held.text("Calendar:StartTime"), held.text(shown)))

    def test_a_change_at_16_keeps_what_is_not_sent(self):
        one, two, _ = self.put(*event("Meeting", START, END, E("Calendar:Reminder", 30), body("Agenda"),
            E("AirSyncBase:Location", E("DisplayName", "Room"))))
        (item,) = one.box(CALENDAR).items
        one.change(CALENDAR, item, E("Calendar:Subject", "Renamed"))
        held = two.pull(CALENDAR).items[item]
        self.assertEqual(("Renamed", "30", "Room", START), (held.text("Calendar:Subject"), held.text("Calendar:Reminder"),
            held.text("AirSyncBase:Location/DisplayName"), held.text("Calendar:StartTime")))
        self.assertIn("Agenda", held.text("AirSyncBase:Body/Data"))

    def test_a_change_up_to_14_1_removes_what_is_not_sent(self):
        one, two, _ = self.put(*event("Meeting", START, END, E("Calendar:Location", "Room"), version=14.1), version="14.1")
        (item,) = one.box(CALENDAR).items
        one.change(CALENDAR, item, *event("Meeting", START, END, version=14.1))
        self.assertFalse(two.pull(CALENDAR).items[item].text("AirSyncBase:Location/DisplayName"))

    def test_moving_an_event_in_time(self):
        one, two, _ = self.put(*event("Movable", START, END))
        (item,) = one.box(CALENDAR).items
        one.change(CALENDAR, item, E("Calendar:StartTime", "20261126T150000Z"), E("Calendar:EndTime", "20261126T163000Z"))
        held = two.pull(CALENDAR).items[item]
        self.assertEqual(("20261126T150000Z", "20261126T163000Z"), (held.text("Calendar:StartTime"), held.text("Calendar:EndTime")))

    def test_a_reminder_is_removed(self):
        one, two, _ = self.put(*event("Quiet", START, END, E("Calendar:Reminder", 5)))
        (item,) = one.box(CALENDAR).items
        one.change(CALENDAR, item, E("Calendar:Reminder"))
        self.assertIn(two.pull(CALENDAR).items[item].text("Calendar:Reminder", ""), ("",))

    def test_zero_length_events_are_legal(self):
        _, _, held = self.put(*event("Instant", START, START))
        self.assertEqual(START, held.text("Calendar:EndTime"))

    def test_deleting_an_event(self):
        one, two, _ = self.put(*event("Gone", START, END))
        (item,) = one.box(CALENDAR).items
        one.delete(CALENDAR, item)
        self.assertEqual({}, two.pull(CALENDAR).items)

    def test_an_event_with_a_broken_time_is_status_6(self):
        one, _ = self.pair()
        for start, end in (("yesterday", END), (START, "20261125"), ("20261399T000000Z", END)):
            result = one.sync_box(CALENDAR, [one.add_command(f"bad-{start}-{end}", *event("Bad", start, end))])
            (response,) = result.added.values()
            self.assertIn(response.number("Status"), (4, 6), result.node)
        self.assertEqual({}, self.phone(one.user).pull(CALENDAR).items)

    def test_both_date_forms_are_read(self):
        _, _, held = self.put(*event("ISO", "2026-11-25T09:00:00.000Z", "2026-11-25T10:00:00.000Z"))
        self.assertEqual((START, END), (held.text("Calendar:StartTime"), held.text("Calendar:EndTime")))

    def test_the_same_uid_added_twice_is_one_event(self):
        """iOS: 'Add to calendar' from mail before the calendar was synchronised."""
        one, two = self.pair()
        one.sync_box(CALENDAR, [one.add_command("a", *event("First", START, END, uid="SAME-UID"))])
        two.start(CALENDAR)
        two.sync_box(CALENDAR, [two.add_command("b", *event("Second", START, END, uid="SAME-UID"))], get_changes=0)
        self.assertEqual(1, len(self.phone(one.user).pull(CALENDAR).items))

    def test_a_client_uid_with_a_trailing_nul_is_accepted(self):
        """iOS 8 and later at 16.x: 33 characters without dashes and a NUL behind (sent as opaque here)."""
        one, two = self.pair()
        properties = [p for p in event("Nul", START, END) if p is not None and p.tag != "ClientUid"]
        one.add(CALENDAR, *properties, E("Calendar:ClientUid", b"A1B2C3D4E5F60718293A4B5C6D7E8F901\x00"))
        held = two.pull(CALENDAR).by("Calendar:Subject", "Nul")
        self.assertNotIn("\0", held.text("Calendar:UID"))

    def test_several_calendars_are_kept_apart(self):
        one, two = self.pair()
        work = one.make_folder("Work", USER_CALENDAR)
        one.start(work)
        one.add(work, *event("At work", START, END))
        one.add(CALENDAR, *event("At home", START, END))
        two.learn_folders()
        self.assertEqual(["At work"], two.pull(work.id).texts("Calendar:Subject"))
        self.assertEqual(["At home"], two.pull(CALENDAR).texts("Calendar:Subject"))

    def test_an_event_moves_to_another_calendar(self):
        one, two = self.pair()
        work = one.make_folder("Work", USER_CALENDAR)
        item = one.add(CALENDAR, *event("Moving", START, END, E("Calendar:Reminder", 10)))
        one.move(item, CALENDAR, work)
        two.learn_folders()
        self.assertEqual([], two.pull(CALENDAR).texts("Calendar:Subject"))
        self.assertEqual("10", two.pull(work.id).by("Calendar:Subject", "Moving").text("Calendar:Reminder"))

    def test_attendees_are_kept(self):
        people = E("Calendar:Attendees", E("Attendee", E("Email", "guest@example.net"), E("Name", "Guest"), E("AttendeeType", 1)),
                   E("Attendee", E("Email", "extra@example.net"), E("Name", "Extra"), E("AttendeeType", 2)))
        _, _, held = self.put(*event("Party", START, END, people))
        attendees = {a.text("Email"): a for a in held.node("Calendar:Attendees").all("Attendee")}
        self.assertEqual({"guest@example.net", "extra@example.net"}, set(attendees))
        self.assertEqual(("Extra", "2"), (attendees["extra@example.net"].text("Name"), attendees["extra@example.net"].text("AttendeeType")))
        self.assertTrue(int(held.text("Calendar:MeetingStatus")) & 1)
        self.assertTrue(held.text("Calendar:OrganizerEmail"))

    def test_the_window_of_a_calendar_hides_past_events(self):
        one, two = self.pair()
        one.add(CALENDAR, *event("Long ago", "20200101T090000Z", "20200101T100000Z"))
        one.add(CALENDAR, *event("Future", "20400101T090000Z", "20400101T100000Z"))
        options = sync_options(4, [body_preference(1)])
        self.assertEqual(["Future"], two.pull(CALENDAR, options=options).texts("Calendar:Subject"))
        options = sync_options(0, [body_preference(1)])
        self.assertEqual(["Future", "Long ago"], two.pull(CALENDAR, options=options).texts("Calendar:Subject"))

    def test_a_body_is_truncated_as_asked(self):
        one, two = self.pair()
        one.add(CALENDAR, *event("Long text", START, END, body("x" * 5000)))
        box = two.pull(CALENDAR, options=sync_options(0, [body_preference(1, 100)]))
        held = box.by("Calendar:Subject", "Long text")
        self.assertEqual(("1", 100), (held.text("AirSyncBase:Body/Truncated"), len(held.text("AirSyncBase:Body/Data"))))
        two.change(CALENDAR, held.id, E("Calendar:Subject", "Short title"))
        fresh = self.phone(one.user).pull(CALENDAR).by("Calendar:Subject", "Short title")
        self.assertEqual(5000, len(fresh.text("AirSyncBase:Body/Data").rstrip()), "a truncated body is not cut on the server")


if __name__ == "__main__":
    unittest.main()
