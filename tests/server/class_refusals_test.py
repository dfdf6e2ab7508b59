"""What the class documents call an error is Status 6, each case at each version, and what they call no error is taken."""

import base64
import datetime
import unittest

from case import ServerCase
from eas import E
from items import body, contact, event, note, recurrence, task
from phone import CALENDAR, CONTACTS, INBOX, NOTES, TASKS

VERSIONS = ("12.1", "14.0", "14.1", "16.0", "16.1")
START, END = "20261123T090000Z", "20261123T100000Z"
DATES = [E("Tasks:UtcStartDate", "2026-11-22T23:00:00.000Z"), E("Tasks:StartDate", "2026-11-23T00:00:00.000Z"),
         E("Tasks:UtcDueDate", "2026-11-26T23:00:00.000Z"), E("Tasks:DueDate", "2026-11-27T00:00:00.000Z")]


def flag(*children):
    return E("Email:Flag", *children)


def active(*more):
    return flag(E("Email:Status", 2), E("Email:FlagType", "Flag for follow up"), *more)


def rule(**parts):
    kind = parts.pop("type", None)
    names = {"start": "Start", "interval": "Interval", "occurrences": "Occurrences", "until": "Until", "day_of_week": "DayOfWeek",
             "day_of_month": "DayOfMonth", "week": "WeekOfMonth", "month": "MonthOfYear", "first": "FirstDayOfWeek",
             "calendar": "CalendarType", "regenerate": "Regenerate"}
    return E("Tasks:Recurrence", E("Type", kind) if kind is not None else None, [E(names[k], v) for k, v in parts.items()])


class RefusalsTest(ServerCase):
    def statuses(self, where, cases, versions=VERSIONS):
        """Adds each case at each version; the statuses that differ from what is expected."""
        wrong = []
        for version in versions:
            phone = self.phone(version=version)
            phone.start(where)
            for number, (name, expected, make) in enumerate(cases):
                properties = make(version)
                if properties is None:
                    continue
                result = phone.sync_box(where, [phone.add_command(f"c{number}", *properties)])
                self.assertEqual(1, result.status, result.node)
                status = result.added[f"c{number}"].number("Status")
                if status != expected:
                    wrong.append(f"{version} {name}: {status}, not {expected}")
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))

    def test_events(self):
        def with_rule(**parts):
            kind = parts.pop("type")
            uid = f"rule-{kind}-{sorted(parts.items())}"
            return lambda version: event("Rule", START, END, recurrence(kind, **parts), version=float(version), uid=uid)

        cases = [(f"CalendarType {n}", 6, with_rule(type=2, interval=1, day_of_month=3, calendar_type=n)) for n in (13, 16, 17, 18, 19, 21, 22, 23)]
        cases = [(n, e, lambda v, m=m: m(v) if float(v) >= 14 else None) for n, e, m in cases]
        cases += [
            ("FirstDayOfWeek 7", 6, lambda v: event("R", START, END, recurrence(1, interval=1, day_of_week=2, first_day_of_week=7), version=float(v)) if float(v) > 14 else None),
            ("DayOfMonth of a daily rule", 6, with_rule(type=0, interval=1, day_of_month=3)),
            ("DayOfMonth of a weekly rule", 6, with_rule(type=1, interval=1, day_of_week=2, day_of_month=3)),
            ("DayOfMonth of rule 3", 6, with_rule(type=3, interval=1, week_of_month=1, day_of_week=2, day_of_month=3)),
            ("DayOfWeek of a monthly rule", 6, with_rule(type=2, interval=1, day_of_month=3, day_of_week=2)),
            ("DayOfWeek of a yearly rule", 6, with_rule(type=5, interval=1, day_of_month=3, month_of_year=2, day_of_week=2)),
            ("MonthOfYear of a daily rule", 6, with_rule(type=0, interval=1, month_of_year=3)),
            ("MonthOfYear of a monthly rule", 6, with_rule(type=2, interval=1, day_of_month=3, month_of_year=3)),
            ("WeekOfMonth of a daily rule", 6, with_rule(type=0, interval=1, week_of_month=3)),
            ("WeekOfMonth of a yearly rule", 6, with_rule(type=5, interval=1, day_of_month=3, month_of_year=2, week_of_month=3)),
            ("DayOfWeek 128", 6, with_rule(type=1, interval=1, day_of_week=128)),
            ("an unknown type", 6, with_rule(type=4, interval=1)),
            ("a weekday of a daily rule", 1, with_rule(type=0, interval=1, day_of_week=62)),
            ("ten times and until", 1, with_rule(type=0, interval=1, occurrences=10, until="20270101T000000Z")),
            ("a negative reminder", 6, lambda v: event("Reminder", START, END, E("Calendar:Reminder", -1), version=float(v))),
            ("an empty reminder", 1, lambda v: event("No reminder", START, END, E("Calendar:Reminder"), version=float(v))),
            ("AllDayEvent 2", 6, lambda v: [p if p is None or p.tag != "AllDayEvent" else E("Calendar:AllDayEvent", 2) for p in event("All day 2", START, END, version=float(v))]),
            ("BusyStatus 9", 6, lambda v: [p if p is None or p.tag != "BusyStatus" else E("Calendar:BusyStatus", 9) for p in event("Busy 9", START, END, version=float(v))]),
            ("Sensitivity 5", 6, lambda v: [p if p is None or p.tag != "Sensitivity" else E("Calendar:Sensitivity", 5) for p in event("S 5", START, END, version=float(v))]),
            ("a start that is no date", 6, lambda v: event("No date", "yesterday", END, version=float(v))),
            ("an end before the start", 6, lambda v: event("Backwards", END, START, version=float(v))),
        ]
        self.statuses(CALENDAR, cases)

    def test_events_without_start_or_end(self):
        """MS-ASCAL 3.2.4.4: what is missing is made of the half hour that is nearest to now."""
        now = datetime.datetime.now(datetime.timezone.utc)
        at = lambda **delta: (now + datetime.timedelta(**delta)).strftime("%Y%m%dT%H%M%SZ")

        def without(start, end):
            def make(version):
                return [p for p in event("Halves", start or "", end or "", version=float(version), uid=f"{start}{end}")
                        if p is not None and not (p.tag == "StartTime" and start is None) and not (p.tag == "EndTime" and end is None)]
            return make

        self.statuses(CALENDAR, [
            ("neither", 1, without(None, None)),
            ("no start, end ahead", 1, without(None, at(hours=5))),
            ("no start, end in the past", 6, without(None, at(hours=-5))),
            ("no end, start in the past", 1, without(at(hours=-5), None)),
            ("no end, start ahead", 6, without(at(hours=5), None)),
        ], ("12.1", "14.1"))

    def test_tasks(self):
        start = "20261123T000000Z"
        cases = [(name, status, lambda v, p=parts: [*task(name), *DATES, rule(**p)]) for name, status, parts in [
            ("no type", 6, {"start": start, "interval": 1}), ("no start", 6, {"type": 0, "interval": 1}),
            ("DayOfMonth daily", 6, {"type": 0, "start": start, "day_of_month": 2}),
            ("DayOfMonth weekly", 6, {"type": 1, "start": start, "day_of_week": 2, "day_of_month": 2}),
            ("DayOfMonth of 3", 6, {"type": 3, "start": start, "day_of_week": 2, "week": 1, "day_of_month": 2}),
            ("DayOfMonth of 6", 6, {"type": 6, "start": start, "day_of_week": 2, "week": 1, "month": 2, "day_of_month": 2}),
            ("DayOfWeek of 2", 6, {"type": 2, "start": start, "day_of_week": 2, "day_of_month": 2}),
            ("DayOfWeek of 5", 6, {"type": 5, "start": start, "day_of_week": 2, "day_of_month": 2, "month": 3}),
            ("WeekOfMonth daily", 6, {"type": 0, "start": start, "week": 2}),
            ("WeekOfMonth weekly", 6, {"type": 1, "start": start, "day_of_week": 2, "week": 2}),
            ("WeekOfMonth of 2", 6, {"type": 2, "start": start, "day_of_month": 2, "week": 2}),
            ("WeekOfMonth of 5", 6, {"type": 5, "start": start, "day_of_month": 2, "month": 3, "week": 2}),
            ("both ends", 1, {"type": 0, "start": start, "interval": 1, "occurrences": 3, "until": "20270101T000000Z"}),
        ]]
        newer = [("CalendarType daily", {"type": 0, "start": start, "calendar": 1}), ("CalendarType weekly", {"type": 1, "start": start, "day_of_week": 2, "calendar": 1}),
                 *[(f"CalendarType {n}", {"type": 2, "start": start, "day_of_month": 3, "calendar": n}) for n in (13, 16, 17, 18, 19, 21, 22, 23)]]
        cases += [(name, 6, lambda v, p=parts: [*task(name), *DATES, rule(**p)] if float(v) >= 14 else None) for name, parts in newer]
        cases += [("FirstDayOfWeek 8", 6, lambda v: [*task("F"), *DATES, rule(type=1, start=start, day_of_week=2, first=8)] if float(v) > 14 else None),
                  ("ReminderSet 2", 6, lambda v: [*task("R"), E("Tasks:ReminderSet", 2)]),
                  ("Importance 3", 1, lambda v: [E("Tasks:Subject", "I"), E("Tasks:Importance", 3), E("Tasks:Complete", 0)]),
                  ("Complete 2", 6, lambda v: [E("Tasks:Subject", "I"), E("Tasks:Complete", 2)]),
                  ("Sensitivity 7", 6, lambda v: [*task("S"), E("Tasks:Sensitivity", 7)])]
        self.statuses(TASKS, cases)

    def test_an_importance_out_of_range_is_given_back(self):
        phone = self.phone()
        phone.start(TASKS)
        item = phone.add(TASKS, E("Tasks:Subject", "I"), E("Tasks:Importance", 3), E("Tasks:Complete", 0))
        other = self.phone(phone.user)
        self.assertEqual("3", other.pull(TASKS).items[item].text("Tasks:Importance"), "MS-ASTASK 2.2.2.14")

    def test_notes(self):
        self.statuses(NOTES, [
            ("a foreign class", 6, lambda v: [E("Notes:Subject", "N"), E("Notes:MessageClass", "IPM.Note"), body("x")]),
            ("a derived class", 1, lambda v: [E("Notes:Subject", "N"), E("Notes:MessageClass", "IPM.StickyNote.Mine"), body("x")]),
            ("a date of the client", 1, lambda v: [*note("N"), E("Notes:LastModifiedDate", "20200101T000000Z")]),
        ], VERSIONS[1:])

    def test_supported_has_no_place_with_notes(self):
        for version in VERSIONS[1:]:
            phone = self.phone(version=version)
            result = phone.sync_box(NOTES, supported=E("AirSync:Supported", E("Notes:Subject")))
            self.assertEqual(4, result.status, "MS-ASNOTE 3.2.5.3")

    def test_contacts(self):
        picture = lambda size: base64.b64encode(b"x" * size).decode("ascii")
        self.statuses(CONTACTS, [
            ("a picture of 48 KB", 1, lambda v: contact("P", "A", E("Contacts:Picture", picture(35_000)))),
            ("a greater picture", 6, lambda v: contact("P", "A", E("Contacts:Picture", picture(40_000)))),
            ("a birthday that is none", 6, lambda v: contact("P", "A", E("Contacts:Birthday", "soon"))),
        ])

    def test_mail(self):
        cases = [
            ("Read 2", 6, [E("Email:Read", 2)]),
            ("Read yes", 6, [E("Email:Read", "yes")]),
            ("status 3", 6, [flag(E("Email:Status", 3), E("Email:FlagType", "Flag for follow up"))]),
            ("no status", 6, [flag(E("Email:FlagType", "Flag for follow up"))]),
            ("no type", 6, [flag(E("Email:Status", 2))]),
            ("follow up", 1, [active()]),
            ("follow up with dates", 1, [active(*DATES)]),
            ("half the dates", 6, [active(*DATES[:2])]),
            ("three dates", 6, [active(*DATES[:3])]),
            ("due before start", 6, [active(DATES[0], E("Tasks:StartDate", "2026-11-28T00:00:00.000Z"), DATES[2], DATES[3])]),
            ("UTC due before UTC start", 6, [active(E("Tasks:UtcStartDate", "2026-11-28T00:00:00.000Z"), DATES[1], DATES[2], DATES[3])]),
            ("a reminder without time", 6, [active(*DATES, E("Tasks:ReminderSet", 1))]),
            ("a reminder", 1, [active(*DATES, E("Tasks:ReminderSet", 1), E("Tasks:ReminderTime", "2026-11-27T08:00:00.000Z"))]),
            ("complete without times", 6, [flag(E("Email:Status", 1), E("Email:FlagType", "Flag for follow up"))]),
            ("complete with one time", 6, [flag(E("Email:Status", 1), E("Email:FlagType", "Flag for follow up"), E("Tasks:DateCompleted", "2026-11-27T08:00:00.000Z"))]),
            ("complete", 1, [flag(E("Email:Status", 1), E("Email:FlagType", "Flag for follow up"), E("Tasks:DateCompleted", "2026-11-27T08:00:00.000Z"), E("Email:CompleteTime", "2026-11-27T08:00:00.000Z"))]),
            ("cleared", 1, [flag(E("Email:Status", 0))]),
            ("cleared by nothing", 1, [flag()]),
        ]
        newer = [("ConversationId", [E("Email2:ConversationId", b"0123456789abcdef")]), ("UmCallerID", [E("Email2:UmCallerID", "1")]),
                 ("UmUserNotes", [E("Email2:UmUserNotes", "1")]), ("ReceivedAsBcc", [E("Email2:ReceivedAsBcc", 1)]), ("Sender", [E("Email2:Sender", "a@example.net")])]
        wrong = []
        for version in VERSIONS:
            phone = self.phone(version=version)
            self.mail(phone.user)
            (item,) = phone.pull(INBOX).items
            for name, expected, properties in cases + [(n, 6, p) for n, p in newer if float(version) >= 14]:
                response = phone.change(INBOX, item, *properties).changed.get(item)
                status = 1 if response is None else response.number("Status")
                if status != expected:
                    wrong.append(f"{version} {name}: {status}, not {expected}")
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))


if __name__ == "__main__":
    unittest.main()
