"""Builders of what phones send: events, contacts, tasks, notes and the TimeZone blob.

Spec: MS-ASCAL 2.2.2, MS-ASCNTC 2.2.2, MS-ASTASK 2.2.2, MS-ASNOTE 2.2.2, MS-ASDTYPE 2.7.4 (TimeZone).
"""

import base64
import struct

from wbxml import E

# (year, month, weekday with Sunday 0, week of the month 1-5, day unused, hour): SYSTEMTIME of a transition.
_NEVER = (0, 0, 0, 0, 0)


def zone_blob(bias, standard=_NEVER, daylight=_NEVER, daylight_bias=-60, names=("", "")):
    """172 bytes, base64. `bias` in minutes west of UTC; transitions are (month, weekday, week, hour, minute)."""

    def name(text):
        return text.encode("utf-16-le").ljust(64, b"\0")[:64]

    def moment(transition):
        month, weekday, week, hour, minute = transition
        return struct.pack("<8H", 0, month, weekday, week, hour, minute, 0, 0)

    data = struct.pack("<i", bias) + name(names[0]) + moment(standard) + struct.pack("<i", 0)
    data += name(names[1]) + moment(daylight) + struct.pack("<i", daylight_bias if daylight != _NEVER else 0)
    assert len(data) == 172
    return base64.b64encode(data).decode("ascii")


def read_zone(blob):
    """The blob as a dictionary; AssertionError when it is not 172 bytes."""
    data = base64.b64decode(blob)
    assert len(data) == 172, f"a TimeZone of {len(data)} bytes"
    bias, = struct.unpack_from("<i", data, 0)
    standard_bias, = struct.unpack_from("<i", data, 84)
    daylight_bias, = struct.unpack_from("<i", data, 168)
    moment = lambda at: struct.unpack_from("<8H", data, at)
    name = lambda at: data[at : at + 64].decode("utf-16-le").split("\0")[0]
    return {"bias": bias, "standard_bias": standard_bias, "daylight_bias": daylight_bias, "standard": moment(68),
            "daylight": moment(152), "names": (name(4), name(88))}


BERLIN = zone_blob(-60, (10, 0, 5, 3, 0), (3, 0, 5, 2, 0), names=("W. Europe Standard Time", "W. Europe Daylight Time"))
NEW_YORK = zone_blob(300, (11, 0, 1, 2, 0), (3, 0, 2, 2, 0), names=("Eastern Standard Time", "Eastern Daylight Time"))
KOLKATA = zone_blob(-330, names=("India Standard Time", ""))
SYDNEY = zone_blob(-600, (4, 0, 1, 3, 0), (10, 0, 1, 2, 0), names=("AUS Eastern Standard Time", "AUS Eastern Daylight Time"))
UTC = zone_blob(0, names=("UTC", ""))


def body(text, kind=1):
    return E("AirSyncBase:Body", E("Type", kind), E("Data", text))


def event(subject, start, end, *more, zone=BERLIN, version=16.1, uid=None, all_day=False, stamp="20261120T120000Z"):
    """Properties of an event as the version has them: 16.x knows no UID and DtStamp, and no zone of all-day events."""
    old = version < 16
    return [E("Calendar:Timezone", zone) if zone and (old or not all_day) else None,
            E("Calendar:AllDayEvent", 1 if all_day else 0), E("Calendar:BusyStatus", 2),
            E("Calendar:DtStamp", stamp) if old else None, E("Calendar:EndTime", end), E("Calendar:Sensitivity", 0),
            E("Calendar:Subject", subject), E("Calendar:StartTime", start),
            E("Calendar:UID", uid or f"uid-{subject}".replace(" ", "-")) if old else
            E("Calendar:ClientUid", uid or f"uid-{subject}".replace(" ", "-")),
            E("Calendar:MeetingStatus", 0) if old else None, *more]


def recurrence(kind, **parts):
    """Recurrence of an event, parts in any order: interval, occurrences, until, day_of_week and so on."""
    names = {"interval": "Interval", "occurrences": "Occurrences", "until": "Until", "day_of_week": "DayOfWeek",
             "day_of_month": "DayOfMonth", "week_of_month": "WeekOfMonth", "month_of_year": "MonthOfYear",
             "first_day_of_week": "FirstDayOfWeek", "calendar_type": "CalendarType"}
    return E("Calendar:Recurrence", E("Type", kind), [E(names[key], value) for key, value in parts.items()])


def contact(last, first="Anna", *more):
    return [E("Contacts:FileAs", f"{last}, {first}"), E("Contacts:FirstName", first), E("Contacts:LastName", last), *more]


def task(subject, *more, complete=0):
    return [E("Tasks:Subject", subject), E("Tasks:Importance", 1), E("Tasks:Complete", complete), *more]


def note(subject, text="text", *more):
    return [E("Notes:Subject", subject), E("Notes:MessageClass", "IPM.StickyNote"), body(text), *more]
