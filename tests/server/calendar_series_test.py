"""Recurring events: every pattern, exceptions in both styles, daylight saving (MS-ASCAL 2.2.2.21, 2.2.2.37)."""

import unittest

from case import ServerCase
from eas import E
from items import BERLIN, NEW_YORK, event, recurrence
from phone import CALENDAR

START, END = "20261102T080000Z", "20261102T090000Z"   # Monday, 9:00 in Berlin
PATTERNS = {
    "daily": recurrence(0, interval=2, occurrences=10),
    "weekdays": recurrence(1, interval=1, day_of_week=62, first_day_of_week=1),
    "weekly until": recurrence(1, interval=2, day_of_week=2, until="20270131T080000Z", first_day_of_week=1),
    "monthly by day": recurrence(2, interval=1, day_of_month=2),
    "monthly last friday": recurrence(3, interval=1, week_of_month=5, day_of_week=32),
    "monthly second monday": recurrence(3, interval=3, week_of_month=2, day_of_week=2),
    "yearly": recurrence(5, interval=1, day_of_month=2, month_of_year=11),
    "yearly first monday": recurrence(6, interval=1, week_of_month=1, day_of_week=2, month_of_year=11),
    "monthly last day": recurrence(3, interval=1, week_of_month=5, day_of_week=127),
    "monthly last weekday": recurrence(3, interval=1, week_of_month=5, day_of_week=62),
}


def parts(node):
    """A Recurrence as comparable dictionary without the defaults."""
    values = {child.tag: child.text() for child in node.children}
    if values.get("Interval") == "1":
        values.pop("Interval")
    for name, default in (("CalendarType", ("0", "1")), ("IsLeapMonth", ("0",)), ("FirstDayOfWeek", None)):
        if name in values and (default is None or values[name] in default):
            values.pop(name)
    return values


class CalendarSeriesTest(ServerCase):
    def put(self, *properties, version="16.1", other="16.1"):
        user = self.person()
        one, two = self.phone(user, version), self.phone(user, other)
        one.start(CALENDAR)
        item = one.add(CALENDAR, *properties)
        return one, two, item, two.pull(CALENDAR).items[item]

    def series(self, version="16.1", other="16.1", zone=BERLIN):
        return self.put(*event("Weekly", START, END, recurrence(1, interval=1, day_of_week=2, first_day_of_week=1),
            zone=zone, version=float(version)), version=version, other=other)

    def exceptions(self, held):
        """{instance: Exception} by start time of the original occurrence."""
        node = held.node("Calendar:Exceptions")
        found = {}
        for exception in node.all("Exception") if node is not None else []:
            found[exception.text("ExceptionStartTime") or exception.text("AirSyncBase:InstanceId").replace("-", "").replace(":", "").replace(".000", "")] = exception
        return found

    def test_every_pattern_comes_back(self):
        for name, pattern in PATTERNS.items():
            for version in ("14.1", "16.1"):
                with self.subTest(f"{name} from {version}"):
                    _, _, _, held = self.put(*event(name, START, END, pattern, version=float(version)), version=version)
                    self.assertEqual(parts(pattern), parts(held.node("Calendar:Recurrence")))

    def test_weekly_series_name_the_first_day_of_the_week(self):
        _, _, _, held = self.series()
        self.assertIn(held.text("Calendar:Recurrence/FirstDayOfWeek"), ("0", "1"))

    def test_until_is_compact(self):
        _, _, _, held = self.put(*event("Until", START, END, PATTERNS["weekly until"]))
        self.assertRegex(held.text("Calendar:Recurrence/Until"), r"^\d{8}T\d{6}Z$")

    def test_a_cancelled_occurrence_at_16_1_is_a_delete_with_instance(self):
        one, two, item, _ = self.series()
        result = one.sync_box(CALENDAR, [one.delete_command(item, instance="20261109T080000Z")])
        self.assertEqual(1, result.status)
        self.assertNotIn(item, result.deleted, result.node)
        exceptions = self.exceptions(two.pull(CALENDAR).items[item])
        self.assertEqual(["20261109T080000Z"], list(exceptions))
        self.assertEqual("1", exceptions["20261109T080000Z"].text("Deleted"))

    def test_a_changed_occurrence_at_16_1_is_a_change_with_instance(self):
        one, two, item, _ = self.series()
        one.change(CALENDAR, item, E("Calendar:Subject", "Special"), E("Calendar:StartTime", "20261116T100000Z"),
            E("Calendar:EndTime", "20261116T113000Z"), instance="20261116T080000Z")
        held = two.pull(CALENDAR).items[item]
        self.assertEqual("Weekly", held.text("Calendar:Subject"))
        exception = self.exceptions(held)["20261116T080000Z"]
        self.assertEqual(("Special", "20261116T100000Z", "20261116T113000Z"), (exception.text("Subject"), exception.text("StartTime"), exception.text("EndTime")))
        self.assertNotEqual("1", exception.text("Deleted"))

    def test_iso_instances_are_read_too(self):
        one, two, item, _ = self.series()
        one.change(CALENDAR, item, E("Calendar:Subject", "ISO"), instance="2026-11-16T08:00:00.000Z")
        self.assertEqual("ISO", self.exceptions(two.pull(CALENDAR).items[item])["20261116T080000Z"].text("Subject"))

    def test_one_occurrence_changed_twice_and_then_cancelled(self):
        one, two, item, _ = self.series()
        for subject in ("First", "Second"):
            one.change(CALENDAR, item, E("Calendar:Subject", subject), instance="20261116T080000Z")
        self.assertEqual("Second", self.exceptions(two.pull(CALENDAR).items[item])["20261116T080000Z"].text("Subject"))
        one.sync_box(CALENDAR, [one.delete_command(item, instance="20261116T080000Z")])
        exceptions = self.exceptions(two.pull(CALENDAR).items[item])
        self.assertEqual([("20261116T080000Z", "1")], [(k, e.text("Deleted")) for k, e in exceptions.items()])

    def test_an_instance_that_does_not_exist_is_refused(self):
        one, two, item, _ = self.series()
        result = one.sync_box(CALENDAR, [one.change_command(item, E("Calendar:Subject", "Never"), instance="20261111T080000Z")])
        self.assertIn(result.changed[item].number("Status"), (4, 6, 8), result.node)
        self.assertEqual({}, self.exceptions(two.pull(CALENDAR).items[item]))

    def test_a_zone_or_deleted_in_an_instance_is_status_6(self):
        one, _, item, _ = self.series()
        for bad in (E("Calendar:Timezone", BERLIN), E("Calendar:Deleted", 1)):
            result = one.sync_box(CALENDAR, [one.change_command(item, bad, instance="20261116T080000Z")])
            self.assertEqual(6, result.changed[item].number("Status"), result.node)

    def test_exceptions_of_14_1_come_inside_the_event(self):
        old = lambda *x: E("Calendar:Exception", *x)
        one, two, item, held = self.put(*event("Weekly", START, END, recurrence(1, interval=1, day_of_week=2),
            E("Calendar:Exceptions", old(E("Deleted", 1), E("ExceptionStartTime", "20261109T080000Z")),
              old(E("ExceptionStartTime", "20261116T080000Z"), E("Subject", "Special"), E("StartTime", "20261116T100000Z"),
                  E("EndTime", "20261116T110000Z"))), version=14.1), version="14.1")
        exceptions = self.exceptions(held)
        self.assertEqual({"20261109T080000Z", "20261116T080000Z"}, set(exceptions))
        self.assertEqual(("1", "Special"), (exceptions["20261109T080000Z"].text("Deleted"), exceptions["20261116T080000Z"].text("Subject")))

    def test_exceptions_cross_versions(self):
        one, two, item, _ = self.series("16.1", "14.1")
        one.change(CALENDAR, item, E("Calendar:Subject", "Special"), instance="20261116T080000Z")
        one.sync_box(CALENDAR, [one.delete_command(item, instance="20261109T080000Z")])
        exceptions = self.exceptions(two.pull(CALENDAR).items[item])
        self.assertEqual(("1", "Special"), (exceptions["20261109T080000Z"].text("Deleted"), exceptions["20261116T080000Z"].text("Subject")))
        for exception in exceptions.values():
            self.assertTrue(exception.has("ExceptionStartTime") and not exception.has("InstanceId"))

    def test_the_body_of_an_occurrence_is_its_own(self):
        from items import body
        one, two, item, _ = self.put(*event("Weekly", START, END, recurrence(1, interval=1, day_of_week=2), body("Master")))
        one.change(CALENDAR, item, body("Only this one"), instance="20261116T080000Z")
        held = two.pull(CALENDAR).items[item]
        self.assertIn("Master", held.text("AirSyncBase:Body/Data"))
        self.assertIn("Only this one", self.exceptions(held)["20261116T080000Z"].text("Body/Data"))

    def test_ending_a_series_early(self):
        one, two, item, _ = self.series()
        one.change(CALENDAR, item, recurrence(1, interval=1, day_of_week=2, until="20261130T080000Z"))
        self.assertTrue(two.pull(CALENDAR).items[item].text("Calendar:Recurrence/Until").startswith("20261130"))

    def test_a_series_becomes_a_single_event_at_16(self):
        one, two, item, _ = self.series()
        one.change(CALENDAR, item, E("Calendar:Recurrence"))
        self.assertFalse(two.pull(CALENDAR).items[item].has("Calendar:Recurrence"))

    def test_a_new_pattern_drops_the_exceptions_at_16(self):
        one, two, item, _ = self.series()
        one.sync_box(CALENDAR, [one.delete_command(item, instance="20261109T080000Z")])
        one.change(CALENDAR, item, recurrence(1, interval=2, day_of_week=2))
        self.assertEqual({}, self.exceptions(two.pull(CALENDAR).items[item]), "MS-ASCAL 2.2.2.37")

    def test_a_series_over_the_change_of_the_clocks_keeps_its_local_hour(self):
        """9:00 in New York is 13:00Z in summer; the occurrence after the change is addressed as 14:00Z."""
        one, two, item, _ = self.put(*event("Summer", "20261026T130000Z", "20261026T140000Z",
            recurrence(1, interval=1, day_of_week=2), zone=NEW_YORK))
        one.change(CALENDAR, item, E("Calendar:Subject", "Winter"), instance="20261102T140000Z")
        self.assertEqual({"20261102T140000Z"}, set(self.exceptions(two.pull(CALENDAR).items[item])))

    def test_an_all_day_series_is_addressed_by_date(self):
        one, two, item, held = self.put(*event("Bins", "20261103T000000Z", "20261104T000000Z",
            recurrence(1, interval=1, day_of_week=4), all_day=True))
        self.assertEqual("20261103T000000Z", held.text("Calendar:StartTime"))
        one.sync_box(CALENDAR, [one.delete_command(item, instance="20261110T000000Z")])
        self.assertEqual({"20261110T000000Z"}, set(self.exceptions(two.pull(CALENDAR).items[item])))

    def test_a_recurrence_without_sense_is_refused_without_harm(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(CALENDAR)
        bad = [E("Calendar:Recurrence", E("Type", 9)), E("Calendar:Recurrence", E("Type", "x")),
               recurrence(3, week_of_month=9, day_of_week=2), recurrence(1, day_of_week=0), recurrence(0, interval=-1),
               recurrence(2, day_of_month=42), recurrence(0, until="someday")]
        for number, pattern in enumerate(bad):
            result = phone.sync_box(CALENDAR, [phone.add_command(f"bad-{number}", *event(f"Bad {number}", START, END, pattern))])
            self.assertIn(result.added[f"bad-{number}"].number("Status"), (1, 4, 6), result.node)
        self.assertTrue(self.phone(user).pull(CALENDAR) is not None)


if __name__ == "__main__":
    unittest.main()
