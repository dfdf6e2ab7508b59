"""What one phone adds, another is shown: random items of each class, from every version to every version.

Each item is made of the elements that its version knows, with hostile and foreign text. Where the reader's version
knows an element, it shows the same value. Every answer is validated against the schema by the harness.
"""

import random
import unittest

from case import ServerCase
from eas import E
from items import body, event, recurrence
from phone import CALENDAR, CONTACTS, NOTES, TASKS

VERSIONS = ("12.1", "14.0", "14.1", "16.0", "16.1")
TEXTS = ("plain", "Größe & Maß", "a;b,c\\d", "<b>no markup</b>", "日本語テスト", 'with "quotes"', "semi; colon: x=y", "emoji 😀 end", "x" * 200)
CONTACT_TEXTS = [f"Contacts:{n}" for n in (
    "AssistantName", "AssistantPhoneNumber", "BusinessAddressCity", "BusinessAddressCountry", "BusinessAddressPostalCode",
    "BusinessAddressState", "BusinessAddressStreet", "BusinessFaxNumber", "BusinessPhoneNumber", "Business2PhoneNumber",
    "CarPhoneNumber", "CompanyName", "Department", "FileAs", "FirstName", "HomeAddressCity", "HomeAddressCountry",
    "HomeAddressPostalCode", "HomeAddressState", "HomeAddressStreet", "HomeFaxNumber", "HomePhoneNumber", "Home2PhoneNumber",
    "JobTitle", "LastName", "MiddleName", "MobilePhoneNumber", "OfficeLocation", "OtherAddressCity", "OtherAddressCountry",
    "OtherAddressPostalCode", "OtherAddressState", "OtherAddressStreet", "PagerNumber", "RadioPhoneNumber", "Spouse",
    "Suffix", "Title", "YomiCompanyName", "YomiFirstName", "YomiLastName")] + [f"Contacts2:{n}" for n in (
    "AccountName", "CompanyMainPhone", "CustomerId", "GovernmentId", "IMAddress", "IMAddress2", "IMAddress3", "ManagerName",
    "MMS", "NickName")]
ADDRESSES = [f"Contacts:Email{n}Address" for n in (1, 2, 3)]
# A second one stands after a first one: cards only count them.
COUNTED = {"Contacts:Email2Address": "Contacts:Email1Address", "Contacts:Email3Address": "Contacts:Email2Address",
           "Contacts2:IMAddress2": "Contacts2:IMAddress", "Contacts2:IMAddress3": "Contacts2:IMAddress2",
           "Contacts:Business2PhoneNumber": "Contacts:BusinessPhoneNumber", "Contacts:Home2PhoneNumber": "Contacts:HomePhoneNumber"}


class RoundTripTest(ServerCase):
    def across(self, where, make, versions=VERSIONS, count=4):
        """Adds `count` items at each version and compares what each version is shown; make(random, version) gives the
        properties and a dictionary of what is expected: element or path, and the value (None: absent)."""
        user = self.person()
        expected = {}
        for version in versions:
            phone = self.phone(user, version)
            phone.start(where)
            for number in range(count):
                properties, values = make(random.Random(f"{version}/{number}"), version)
                expected[phone.add(where, *properties)] = (version, values)
        wrong = []
        for version in versions:
            items = self.phone(user, version).pull(where).items
            self.assertEqual(set(expected), set(items))
            for key, (origin, values) in expected.items():
                for name, value in values.items():
                    shown = items[key].text(name)
                    if shown != value:
                        wrong.append(f"{origin} to {version} {name}: {value!r} became {shown!r}")
        self.assertEqual([], wrong, "\n" + "\n".join(wrong[:40]))

    def test_contacts(self):
        def make(dice, version):
            values = {name: dice.choice(TEXTS) for name in CONTACT_TEXTS if dice.random() < 0.7}
            values.setdefault("Contacts:FileAs", "filed")
            values.update({name: f"p{dice.randrange(999)}@example.org" for name in ADDRESSES if dice.random() < 0.7})
            if dice.random() < 0.7:
                values["Contacts:Birthday"] = f"19{dice.randrange(10, 99)}-0{dice.randrange(1, 10)}-1{dice.randrange(10)}T00:00:00.000Z"
            for second, first in COUNTED.items():
                if first not in values:
                    values.pop(second, None)
            absent = {name: None for name in CONTACT_TEXTS + ADDRESSES if name not in values}
            return [E(name, value) for name, value in values.items()], values | absent
        self.across(CONTACTS, make)

    def test_tasks(self):
        def make(dice, version):
            values = {"Tasks:Subject": dice.choice(TEXTS), "Tasks:Importance": str(dice.randrange(3)), "Tasks:Sensitivity": str(dice.randrange(4)),
                      "Tasks:Complete": "0"}
            day = dice.randrange(11, 28)
            # Days of the owner, who lives an hour east of Greenwich.
            values |= {"Tasks:UtcStartDate": f"2026-12-{day - 1}T23:00:00.000Z", "Tasks:StartDate": f"2026-12-{day}T00:00:00.000Z",
                       "Tasks:UtcDueDate": f"2026-12-{day}T23:00:00.000Z", "Tasks:DueDate": f"2026-12-{day + 1}T00:00:00.000Z"}
            if dice.random() < 0.5:
                values |= {"Tasks:ReminderSet": "1", "Tasks:ReminderTime": f"2026-12-{day}T08:15:00.000Z"}
            kind = dice.choice((None, 0, 1, 2, 5))
            rule = {None: [], 0: [], 1: [E("DayOfWeek", 42)], 2: [E("DayOfMonth", day)], 5: [E("DayOfMonth", day), E("MonthOfYear", 12)]}[kind]
            properties = [E(name, value) for name, value in values.items()]
            if kind is not None:
                properties.append(E("Tasks:Recurrence", E("Type", kind), E("Start", f"202612{day}T000000Z"), E("Interval", 2), E("Occurrences", 7), *rule))
                values |= {"Tasks:Recurrence/Type": str(kind), "Tasks:Recurrence/Interval": "2", "Tasks:Recurrence/Occurrences": "7"}
                values |= {f"Tasks:Recurrence/{e.tag}": e.text() for e in rule}
            text = dice.choice(TEXTS)
            return properties + [body(text)], values | {"AirSyncBase:Body/Data": text}
        self.across(TASKS, make)

    def test_notes(self):
        def make(dice, version):
            values = {"Notes:Subject": dice.choice(TEXTS), "Notes:MessageClass": "IPM.StickyNote"}
            text = dice.choice(TEXTS)
            return [E(n, v) for n, v in values.items()] + [body(text), E("Notes:Categories", E("Category", "Kept"))], \
                values | {"AirSyncBase:Body/Data": text, "Notes:Categories/Category": "Kept"}
        self.across(NOTES, make, VERSIONS[1:])

    def test_events(self):
        def make(dice, version):
            number = float(version)
            day, hour, subject = dice.randrange(10, 28), dice.randrange(6, 20), dice.choice(TEXTS)
            values = {"Calendar:Subject": subject, "Calendar:StartTime": f"202612{day}T{hour:02}0000Z", "Calendar:EndTime": f"202612{day}T{hour + 1:02}3000Z",
                      "Calendar:AllDayEvent": "0", "Calendar:Sensitivity": "0"}
            more = []
            if dice.random() < 0.6:
                values["Calendar:Reminder"] = str(dice.choice((0, 5, 15, 60, 1440)))
                more.append(E("Calendar:Reminder", values["Calendar:Reminder"]))
            if dice.random() < 0.6:
                more.append(E("Calendar:Categories", E("Category", "Work")))
                values["Calendar:Categories/Category"] = "Work"
            kind = dice.choice((None, 0, 1, 2, 5))
            if kind is not None:
                # From 16.0 on a series begins with its first occurrence: a Monday of the weekly rule.
                day = 14 if kind == 1 else day
                values |= {"Calendar:StartTime": f"202612{day}T{hour:02}0000Z", "Calendar:EndTime": f"202612{day}T{hour + 1:02}3000Z"}
                parts = {0: {}, 1: {"day_of_week": 42}, 2: {"day_of_month": day}, 5: {"day_of_month": day, "month_of_year": 12}}[kind]
                more.append(recurrence(kind, interval=1 if kind == 5 else 2, occurrences=7, **parts))
                values |= {"Calendar:Recurrence/Type": str(kind), "Calendar:Recurrence/Occurrences": "7"}
            text = dice.choice(TEXTS)
            uid = f"uid-{version}-{dice.random()}"
            return event(subject, values["Calendar:StartTime"], values["Calendar:EndTime"], *more, body(text), version=number, uid=uid), \
                values | {"AirSyncBase:Body/Data": text}
        self.across(CALENDAR, make)


if __name__ == "__main__":
    unittest.main()
