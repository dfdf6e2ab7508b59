"""Tasks go both ways: dates, reminders, completion, recurrence (MS-ASTASK 2.2.2, 3.2.5.3)."""

import unittest

from case import ServerCase
from eas import E, body_preference, sync_options
from items import body, task
from phone import TASKS, USER_TASKS

DATES = [E("Tasks:StartDate", "2026-11-23T00:00:00.000Z"), E("Tasks:UtcStartDate", "2026-11-22T23:00:00.000Z"),
         E("Tasks:DueDate", "2026-11-27T00:00:00.000Z"), E("Tasks:UtcDueDate", "2026-11-26T23:00:00.000Z")]


class TasksTest(ServerCase):
    def put(self, *properties, version="16.1", other="16.1"):
        user = self.person()
        one, two = self.phone(user, version), self.phone(user, other)
        one.start(TASKS)
        item = one.add(TASKS, *properties)
        return one, two, item, two.pull(TASKS).items[item]

    def test_a_task_arrives_whole(self):
        _, _, _, held = self.put(*task("Buy paper"), *DATES, E("Tasks:ReminderSet", 1), E("Tasks:Sensitivity", 2),
            E("Tasks:ReminderTime", "2026-11-27T08:00:00.000Z"), E("Tasks:Categories", E("Category", "Office")), body("A4, 80 g\r\n"))
        self.assertEqual(("Buy paper", "0", "1", "2"), tuple(held.text(f"Tasks:{n}") for n in ("Subject", "Complete", "Importance", "Sensitivity")))
        self.assertEqual("2026-11-27", held.text("Tasks:DueDate")[:10])
        self.assertEqual("2026-11-23", held.text("Tasks:StartDate")[:10])
        self.assertEqual(("1", "2026-11-27T08:00:00.000Z"), (held.text("Tasks:ReminderSet"), held.text("Tasks:ReminderTime")))
        self.assertEqual("Office", held.text("Tasks:Categories/Category"))
        self.assertIn("A4, 80 g", held.text("AirSyncBase:Body/Data"))

    def test_a_due_date_does_not_wander(self):
        one, two, item, held = self.put(*task("Due"), *DATES)
        for number in range(4):
            phone = (two, one)[number % 2]
            phone.pull(TASKS)
            same = [phone.box(TASKS).items[item].node(name) for name in ("Tasks:StartDate", "Tasks:UtcStartDate", "Tasks:DueDate", "Tasks:UtcDueDate")]
            phone.change(TASKS, item, *task(f"Edit {number}"), *same)
        last = self.phone(one.user).pull(TASKS).items[item]
        self.assertEqual(held.text("Tasks:DueDate"), last.text("Tasks:DueDate"))
        self.assertEqual(held.text("Tasks:UtcDueDate"), last.text("Tasks:UtcDueDate"))

    def test_completing_a_task(self):
        one, two, item, _ = self.put(*task("Do it"), *DATES)
        one.change(TASKS, item, *task("Do it", complete=1), *DATES, E("Tasks:DateCompleted", "2026-11-24T10:00:00.000Z"))
        held = two.pull(TASKS).items[item]
        self.assertEqual("1", held.text("Tasks:Complete"))
        self.assertEqual("2026-11-24", held.text("Tasks:DateCompleted")[:10])
        one.change(TASKS, item, *task("Do it", complete=0), *DATES)
        held = two.pull(TASKS).items[item]
        self.assertEqual("0", held.text("Tasks:Complete"))
        self.assertFalse(held.has("Tasks:DateCompleted"))

    def test_a_completed_task_always_says_when(self):
        _, _, _, held = self.put(*task("Done", complete=1), E("Tasks:DateCompleted", "2026-11-24T10:00:00.000Z"))
        self.assertTrue(held.text("Tasks:DateCompleted"), "MS-ASTASK 2.2.2.8")

    def test_importance_and_reminder_stay_when_not_sent(self):
        one, two, item, _ = self.put(E("Tasks:Subject", "Keep"), E("Tasks:Importance", 2), E("Tasks:Complete", 0),
            E("Tasks:ReminderSet", 1), E("Tasks:ReminderTime", "2026-11-27T08:00:00.000Z"))
        one.change(TASKS, item, E("Tasks:Subject", "Kept"), E("Tasks:Complete", 0))
        held = two.pull(TASKS).items[item]
        self.assertEqual(("Kept", "2", "1"), (held.text("Tasks:Subject"), held.text("Tasks:Importance"), held.text("Tasks:ReminderSet")))

    def recurring(self, kind, **parts):
        names = {"interval": "Interval", "occurrences": "Occurrences", "day_of_week": "DayOfWeek", "day_of_month": "DayOfMonth",
                 "week_of_month": "WeekOfMonth", "month_of_year": "MonthOfYear", "until": "Until", "regenerate": "Regenerate",
                 "dead": "DeadOccur", "start": "Start", "first_day_of_week": "FirstDayOfWeek"}
        parts = {"start": "20261123T000000Z", **parts}
        return E("Tasks:Recurrence", E("Type", kind), [E(names[key], value) for key, value in parts.items() if value is not None])

    def test_every_recurrence_comes_back(self):
        for name, node in {"daily": self.recurring(0, interval=3), "weekly": self.recurring(1, interval=1, day_of_week=10),
                           "monthly": self.recurring(2, interval=1, day_of_month=23), "nth": self.recurring(3, interval=1, week_of_month=2, day_of_week=2),
                           "yearly": self.recurring(5, interval=1, day_of_month=23, month_of_year=11),
                           "ten times": self.recurring(0, interval=1, occurrences=10),
                           "regenerate": self.recurring(0, interval=7, regenerate=1)}.items():
            with self.subTest(name):
                _, _, _, held = self.put(*task(name), *DATES, node)
                back = held.node("Tasks:Recurrence")
                for child in node.children:
                    if child.tag not in ("Start",) and not (child.tag == "Interval" and child.text() == "1"):
                        self.assertEqual(child.text(), back.text(child.tag), child.tag)
                if name == "weekly":
                    self.assertTrue(back.has("FirstDayOfWeek"), "MS-ASTASK 2.2.2.13")

    def test_a_recurrence_without_type_or_start_is_status_6(self):
        phone = self.phone()
        phone.start(TASKS)
        for name, node in (("type", E("Tasks:Recurrence", E("Start", "20261123T000000Z"), E("Interval", 1))),
                           ("start", self.recurring(0, interval=1, start=None)),
                           ("day of month", self.recurring(0, day_of_month=3)), ("day of week", self.recurring(2, day_of_week=2, day_of_month=2)),
                           ("week", self.recurring(1, week_of_month=2, day_of_week=2)), ("first day", self.recurring(1, day_of_week=2, first_day_of_week=9))):
            with self.subTest(name):
                result = phone.sync_box(TASKS, [phone.add_command(f"bad {name}", *task(name), *DATES, node)])
                self.assertEqual(6, result.added[f"bad {name}"].number("Status"), result.node)

    def test_a_reminder_set_that_is_no_boolean_is_status_6(self):
        phone = self.phone()
        phone.start(TASKS)
        result = phone.sync_box(TASKS, [phone.add_command("bad", *task("Bad"), E("Tasks:ReminderSet", 7))])
        self.assertEqual(6, result.added["bad"].number("Status"), "MS-ASTASK 2.2.2.22")

    def test_the_filter_8_hides_what_is_done(self):
        one, two, item, _ = self.put(*task("Open"))
        done = one.add(TASKS, *task("Done", complete=1), E("Tasks:DateCompleted", "2026-11-24T10:00:00.000Z"))
        third = self.phone(one.user)
        options = sync_options(8, [body_preference(1)])
        self.assertEqual(["Open"], third.pull(TASKS, options=options).texts("Tasks:Subject"))
        two.pull(TASKS)
        two.change(TASKS, item, *task("Open", complete=1), E("Tasks:DateCompleted", "2026-11-24T10:00:00.000Z"))
        third.pull(TASKS, options=options)
        self.assertEqual([], third.box(TASKS).texts("Tasks:Subject"))
        self.assertIn(done, two.box(TASKS).items)

    def test_several_lists_are_kept_apart(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        other = one.make_folder("Garden", USER_TASKS)
        one.start(other)
        one.start(TASKS)
        one.add(other, *task("Dig"))
        one.add(TASKS, *task("Pay"))
        two.learn_folders()
        self.assertEqual((["Dig"], ["Pay"]), (two.pull(other.id).texts("Tasks:Subject"), two.pull(TASKS).texts("Tasks:Subject")))

    def test_old_versions_take_part(self):
        for version, other in (("14.1", "16.1"), ("12.1", "14.1"), ("16.1", "12.1")):
            with self.subTest(f"{version} to {other}"):
                _, _, _, held = self.put(*task("Shared"), *DATES, body("Text"), version=version, other=other)
                self.assertEqual(("Shared", "2026-11-27"), (held.text("Tasks:Subject"), held.text("Tasks:DueDate")[:10]))

    def test_deleting_a_task(self):
        one, two, item, _ = self.put(*task("Gone"))
        one.delete(TASKS, item)
        self.assertEqual({}, two.pull(TASKS).items)


if __name__ == "__main__":
    unittest.main()
