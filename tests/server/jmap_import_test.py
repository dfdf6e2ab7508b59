"""Files of cards, events and to-dos over JMAP: in, parsed, and out again (docs/jmap-extensions.md)."""

import unittest

from case import ServerCase
from jmap import BLOB, CALENDARS, CONTACTS, CORE, MAIL, TASKS, Jmap

IMPORT = "urn:lockstep:jmap:import"
CARDS = ("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:one\r\nFN:One\r\nN:One;;;;\r\nX-STRANGE:kept\r\nEND:VCARD\r\n"
         "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Zwei;Zoë\r\nTEL;CELL:+49 1\r\nEND:VCARD\r\n"
         "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Three\r\nbroken line\r\nEND:VCARD\r\n").encode()
FILE = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\n"
        "BEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T100000Z\r\nRRULE:FREQ=DAILY;COUNT=3\r\nSUMMARY:Daily\r\nX-STRANGE:kept\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:20260102T100000Z\r\nDTSTART:20260102T120000Z\r\nSUMMARY:Later\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260105\r\nSUMMARY:No UID\r\nEND:VEVENT\r\n"
        "BEGIN:VTODO\r\nUID:t1\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Tax\r\nDUE;VALUE=DATE:20260531\r\nEND:VTODO\r\n"
        "END:VCALENDAR\r\n").encode()


class JmapImportTest(ServerCase):
    def setUp(self):
        self.client = Jmap(self.server, self.person())
        self.client.using = [CORE, MAIL, BLOB, CONTACTS, CONTACTS + ":parse", CALENDARS, TASKS, IMPORT]

    def default(self, kind):
        return next(each["id"] for each in self.client.get(kind) if each["isDefault"])

    def test_cards_come_in_whole_and_only_once(self):
        client, book = self.client, self.default("AddressBook")
        blob = client.upload(CARDS, "text/vcard")["blobId"]
        parsed = client.call("ContactCard/parse", blobIds=[blob, "u99"], properties=["name"])
        self.assertEqual(["u99"], parsed["notFound"])
        self.assertEqual("One", parsed["parsed"][blob][0]["name"]["full"])
        answer = client.call("ContactCard/import", blobId=blob, addressBookId=book)
        self.assertEqual((3, 2, [2]), (answer["total"], len(answer["created"]), [each["index"] for each in answer["notImported"]]))
        one = client.call("ContactCard/query", filter={"uid": "one"})["ids"][0]
        held = client.one("ContactCard", one, ["blobId", "name"])
        raw = client.download(held["blobId"]).body
        self.assertIn(b"X-STRANGE:kept", raw)
        self.assertTrue(client.call("ContactCard/query", filter={"text": "zoë"})["ids"])
        client.call("ContactCard/set", update={one: {"language": "de"}})
        again = client.call("ContactCard/import", blobId=blob, addressBookId=book)
        self.assertEqual([one], again["skipped"])
        self.assertEqual("de", client.one("ContactCard", one)["language"])
        again = client.call("ContactCard/import", blobId=blob, addressBookId=book, onExisting="replace")
        self.assertEqual([one], again["updated"])
        self.assertNotIn("language", client.one("ContactCard", one))

    def test_events_and_tasks_come_in(self):
        client = self.client
        blob = client.upload(FILE, "text/calendar")["blobId"]
        answer = client.call("CalendarEvent/import", blobId=blob, calendarId=self.default("Calendar"))
        self.assertEqual((2, 2, []), (answer["total"], len(answer["created"]), answer["notImported"]))
        [series] = client.call("CalendarEvent/query", filter={"uid": "e1"})["ids"]
        event = client.one("CalendarEvent", series)
        self.assertEqual({"2026-01-02T10:00:00": {"start": "2026-01-02T12:00:00", "title": "Later"}}, {key: {name: value for name, value in patch.items() if name in ("start", "title")} for key, patch in event["recurrenceOverrides"].items()})
        raw = client.one("CalendarEvent", series, ["iCalendar"])["iCalendar"]
        self.assertIn("X-STRANGE:kept", raw)
        self.assertNotIn("METHOD", raw)
        answer = client.call("Task/import", blobId=blob, taskListId=self.default("TaskList"))
        self.assertEqual(1, len(answer["created"]))
        self.assertEqual("2026-05-31T00:00:00", client.one("Task", answer["created"][0])["due"])

    def test_hostile_extras_of_a_file_break_nothing(self):
        client = self.client
        extras = "".join(f'JSPROP;JSPTR="{path}":{value}\r\n' for path, value in (
            ("participants", "7"), ("participants/x", "[]"), ("recurrenceOverrides", "7"), ("recurrenceOverrides/x", "7"), ("id", '"i1"'), ("calendarIds", "7"),
            ("keywords", "7"), ("alerts/a", "7"), ("links", '"x"'), ("locations", "[1]"), ("start", "7"), ("@type", "7"), ("", "7"), ("a/b/c", "1"), ("privacy", "7")))
        file = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:h\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T100000Z\r\n{extras}SUMMARY:H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        [event] = client.call("CalendarEvent/import", blobId=client.upload(file.encode())["blobId"], calendarId=self.default("Calendar"))["created"]
        shown = client.one("CalendarEvent", event, reduceParticipants=True)
        self.assertEqual((event, "2026-01-01T10:00:00"), (shown["id"], shown["start"]))
        self.assertEqual([event], client.call("CalendarEvent/query", filter={"after": "2026-01-01T00:00:00", "before": "2026-01-02T00:00:00", "title": "h"}, expandRecurrences=True)["ids"])
        self.assertEqual([], client.call("CalendarEvent/query", filter={"owner": "x"})["ids"])
        client.call("CalendarEvent/set", update={event: {"title": "New"}})
        card = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:h\r\nFN:H\r\n" + "".join(f'JSPROP;JSPTR="{path}":{value}\r\n' for path, value in (
            ("emails", "7"), ("emails/x", "7"), ("name/components", "7"), ("members", "7"), ("keywords", "[]"), ("addressBookIds", "7"), ("media", "{}"), ("kind", "7"))) + "END:VCARD\r\n"
        [made] = client.call("ContactCard/import", blobId=client.upload(card.encode())["blobId"], addressBookId=self.default("AddressBook"))["created"]
        self.assertEqual("H", client.one("ContactCard", made)["name"]["full"])
        for condition in ({"text": "h"}, {"email": "x"}, {"hasMember": "x"}, {"kind": "group"}, {"name/given": "x"}):
            client.call("ContactCard/query", filter=condition, sort=[{"property": "name/surname"}])
        client.call("ContactCard/set", update={made: {"language": "en"}})

    def test_what_cannot_be_imported_is_refused(self):
        client, book = self.client, self.default("AddressBook")
        blob = client.upload(b"nothing", "text/vcard")["blobId"]
        self.assertEqual("invalidArguments", client.error("ContactCard/import", blobId=blob, addressBookId=book))
        self.assertEqual("blobNotFound", client.error("ContactCard/import", blobId="u999", addressBookId=book))
        self.assertEqual("invalidArguments", client.error("ContactCard/import", blobId=blob, addressBookId="c999"))
        self.assertEqual("invalidArguments", client.error("ContactCard/import", blobId=blob, addressBookId=book, onExisting="x"))
        box = client.mailbox("inbox")
        answer = client.call("ContactCard/import", blobId=client.upload(CARDS)["blobId"], addressBookId=box)
        self.assertEqual(([], 3), (answer["created"], len(answer["notImported"])))


if __name__ == "__main__":
    unittest.main()
