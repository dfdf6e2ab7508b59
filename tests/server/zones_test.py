"""Series across the change of the clocks, in zones of every kind: each occurrence is found under its true instant."""

import calendar
import datetime
import random
import unittest
import zoneinfo

from case import ServerCase
from eas import E
from items import event, read_zone, recurrence, zone_blob
from phone import CALENDAR

UTC = datetime.timezone.utc
ZONES = ("Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/St_Johns", "Australia/Sydney",
         "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "America/Sao_Paulo",
         "America/Santiago", "Africa/Johannesburg", "Asia/Beirut", "Europe/Helsinki", "Pacific/Honolulu")
# Zones whose change lies at midnight: Microsoft writes one millisecond before it, on the day before; both mean the same.
MIDNIGHT = ("America/Santiago", "Asia/Beirut")


def transitions(zone, year=2026):
    """[(local time before the change, offset before, offset after in minutes)] of that year."""
    found, moment = [], datetime.datetime(year, 1, 1, tzinfo=UTC)
    offset = lambda t: int(t.astimezone(zone).utcoffset().total_seconds() // 60)
    while moment.year == year:
        later = moment + datetime.timedelta(minutes=30)
        if offset(moment) != offset(later):
            found.append(((later + datetime.timedelta(minutes=offset(moment))).replace(tzinfo=None), offset(moment), offset(later)))
        moment = later
    return found


def rule(local):
    """A local moment as (month, weekday, week, hour, minute); the last week of a month is 5."""
    last = calendar.monthrange(local.year, local.month)[1]
    week = 5 if local.day + 7 > last else (local.day - 1) // 7 + 1
    return (local.month, (local.weekday() + 1) % 7, week, local.hour, local.minute)


def blob_of(name):
    zone = zoneinfo.ZoneInfo(name)
    changes = transitions(zone)
    if not changes:
        offset = int(datetime.datetime(2026, 6, 1, tzinfo=UTC).astimezone(zone).utcoffset().total_seconds() // 60)
        return zone_blob(-offset, names=(name[:31], ""))
    to_summer = next(c for c in changes if c[2] > c[1])
    to_winter = next(c for c in changes if c[2] < c[1])
    return zone_blob(-to_winter[2], rule(to_winter[0]), rule(to_summer[0]), to_winter[2] - to_summer[2], (name[:31], name[:31]))


def compact(moment):
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


class ZonesTest(ServerCase):
    def test_every_zone_keeps_its_rules(self):
        phone = self.phone()
        phone.start(CALENDAR)
        for name in ZONES:
            with self.subTest(name):
                blob = blob_of(name)
                phone.add(CALENDAR, *event(name, "20260601T100000Z", "20260601T110000Z", zone=blob))
                held = self.phone(phone.user).pull(CALENDAR).by("Calendar:Subject", name)
                sent, back = read_zone(blob), read_zone(held.text("Calendar:Timezone"))
                for key in ("bias", "daylight_bias") + (() if name in MIDNIGHT else ("standard", "daylight")):
                    self.assertEqual(sent[key], back[key], key)

    def test_occurrences_on_both_sides_of_the_change_are_found(self):
        dice = random.Random(26)
        user = self.person()
        author = self.phone(user)
        author.start(CALENDAR)
        for name in ZONES:
            zone = zoneinfo.ZoneInfo(name)
            first = datetime.datetime(2026, 1, 5 + dice.randrange(5), dice.choice((0, 9, 15, 23)), 30, tzinfo=zone)
            occurrences = [first + datetime.timedelta(weeks=week) for week in range(60)]   # wall-clock arithmetic: same local hour
            day = 1 << ((first.weekday() + 1) % 7)
            item = author.add(CALENDAR, *event(f"Series {name}", compact(first), compact(first + datetime.timedelta(hours=1)),
                recurrence(1, interval=1, day_of_week=day), zone=blob_of(name)))
            chosen = sorted(dice.sample(range(1, 60), 6))
            with self.subTest(name):
                for week in chosen:
                    instance = compact(occurrences[week])
                    result = author.sync_box(CALENDAR, [author.change_command(item, E("Calendar:Subject", f"Week {week}"), instance=instance)])
                    self.assertNotIn(item, result.changed, f"{instance}: {result.node}")
                for version, place in (("16.1", "AirSyncBase:InstanceId"), ("14.1", "Calendar:ExceptionStartTime")):
                    held = self.phone(user, version).pull(CALENDAR).items[item]
                    exceptions = {e.text(place).replace("-", "").replace(":", "").replace(".000", ""): e.text("Subject")
                                  for e in held.node("Calendar:Exceptions").all("Exception")}
                    self.assertEqual({compact(occurrences[week]): f"Week {week}" for week in chosen}, exceptions)


if __name__ == "__main__":
    unittest.main()
