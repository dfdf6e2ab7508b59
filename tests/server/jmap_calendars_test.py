"""Calendars over JMAP (draft-ietf-jmap-calendars-29): calendars, events and their occurrences, also those that a phone keeps."""

import unittest

from case import ServerCase
from eas import E
from items import event
from jmap import BLOB, CALENDARS, CONTACTS, CORE, MAIL, Jmap
from phone import CALENDAR, INBOX

EVENT = {"@type": "Event", "title": "Lunch", "start": "2026-11-25T12:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H"}
WEEKLY = {**EVENT, "title": "Standup", "start": "2026-11-02T09:00:00", "duration": "PT30M",
          "recurrenceRule": {"frequency": "weekly", "byDay": [{"day": "mo"}], "count": 6}}


class JmapCalendarsTest(ServerCase):
    def client(self, user=None):
        client = Jmap(self.server, user or self.person())
        client.using = [CORE, MAIL, BLOB, CONTACTS, CALENDARS, CALENDARS + ":parse"]
        return client

    def calendar(self, client):
        return next(each["id"] for each in client.get("Calendar") if each["isDefault"])

    def event(self, client, calendar=None, send=False, **values):
        answer = client.call("CalendarEvent/set", sendSchedulingMessages=send,
                             create={"k": {**EVENT, "calendarIds": {calendar or self.calendar(client): True}, **values}})
        self.assertIsNone(answer["notCreated"], answer)
        return answer["created"]["k"]["id"]

    def expanded(self, client, after, before, zone="Europe/Berlin", **more):
        return client.call("CalendarEvent/query", filter={"after": after, "before": before, **more}, expandRecurrences=True, timeZone=zone)["ids"]

    def test_the_session_tells_the_capability(self):
        client = self.client()
        facts = client.session["accounts"][client.account]["accountCapabilities"][CALENDARS]
        self.assertEqual((1, True), (facts["maxCalendarsPerEvent"], facts["mayCreateCalendar"]))
        self.assertRegex(facts["maxExpandedQueryDuration"], r"^P\d+D$")

    def test_a_calendar_lives(self):
        client = self.client()
        state = client.call("Calendar/get")["state"]
        made = client.create("Calendar", name="Rowing", color="#102030", isVisible=False)
        held = client.one("Calendar", made["id"])
        self.assertEqual(("Rowing", "#102030", False, True, "all", 0), tuple(held[key] for key in ("name", "color", "isVisible", "isSubscribed", "includeInAvailability", "sortOrder")))
        self.assertTrue(all(held["myRights"].values()), held["myRights"])
        self.assertEqual([made["id"]], client.call("Calendar/changes", sinceState=state)["created"])
        alerts = {"x": {"@type": "Alert", "trigger": {"@type": "OffsetTrigger", "offset": "-PT10M"}, "action": "display"}}
        client.call("Calendar/set", update={made["id"]: {"defaultAlertsWithTime": alerts, "timeZone": "Asia/Tokyo"}})
        held = client.one("Calendar", made["id"])
        self.assertEqual((alerts, "Asia/Tokyo"), (held["defaultAlertsWithTime"], held["timeZone"]))
        for wrong in ({"color": "no color!"}, {"timeZone": "Mars"}, {"includeInAvailability": "some"}, {"sortOrder": -1}, {"nothing": 1}, {"isDefault": True}):
            refused = client.call("Calendar/set", update={made["id"]: wrong})["notUpdated"][made["id"]]
            self.assertEqual(("invalidProperties", list(wrong)), (refused["type"], refused["properties"]))
        self.event(client, made["id"])
        self.assertEqual("calendarHasEvent", client.call("Calendar/set", destroy=[made["id"]])["notDestroyed"][made["id"]]["type"])
        self.assertEqual([made["id"]], client.call("Calendar/set", destroy=[made["id"]], onDestroyRemoveEvents=True)["destroyed"])

    def test_an_event_is_made_read_changed_and_destroyed(self):
        client = self.client()
        state = client.call("CalendarEvent/get", ids=[])["state"]
        made = client.call("CalendarEvent/set", create={"k": {**EVENT, "calendarIds": {self.calendar(client): True}, "description": None}})["created"]["k"]
        for key in ("id", "uid", "created", "updated", "isOrigin", "isDraft"):
            self.assertIn(key, made)
        held = client.one("CalendarEvent", made["id"])
        for key, value in EVENT.items():
            self.assertEqual(value, held[key])
        self.assertEqual((True, False), (held["isOrigin"], held["isDraft"]))
        self.assertNotIn("utcStart", held)
        times = client.one("CalendarEvent", made["id"], ["utcStart", "utcEnd", "iCalendar"])
        self.assertEqual(("2026-11-25T11:00:00Z", "2026-11-25T12:00:00Z"), (times["utcStart"], times["utcEnd"]))
        self.assertIn("BEGIN:VEVENT", times["iCalendar"])
        answer = client.call("CalendarEvent/set", update={made["id"]: {"title": "Dinner", "start": "2026-11-25T19:00:00", "keywords/food": True, "keywords": None}})
        self.assertEqual("invalidPatch", answer["notUpdated"][made["id"]]["type"])
        answer = client.call("CalendarEvent/set", update={made["id"]: {"title": "Dinner", "start": "2026-11-25T19:00:00", "keywords": {"food": True}}})
        self.assertEqual(1, answer["updated"][made["id"]]["sequence"])
        held = client.one("CalendarEvent", made["id"])
        self.assertEqual(("Dinner", "2026-11-25T19:00:00", {"food": True}), (held["title"], held["start"], held["keywords"]))
        client.call("CalendarEvent/set", update={made["id"]: {"utcStart": "2026-11-26T19:00:00Z"}})
        self.assertEqual("2026-11-26T20:00:00", client.one("CalendarEvent", made["id"])["start"])
        self.assertEqual([made["id"]], client.call("CalendarEvent/changes", sinceState=state)["created"])
        self.assertEqual([made["id"]], client.call("CalendarEvent/set", destroy=[made["id"]])["destroyed"])
        self.assertEqual([made["id"]], client.call("CalendarEvent/get", ids=[made["id"]])["notFound"])

    def test_what_makes_no_sense_is_refused_by_its_property(self):
        client = self.client()
        place = {"calendarIds": {self.calendar(client): True}}
        wrong = {"start": {"start": "tomorrow"}, "timeZone": {"timeZone": "Mars"}, "duration": {"duration": "long"}, "method": {"method": "request"},
                 "recurrenceRule": {"recurrenceRule": {"frequency": "sometimes"}}, "calendarIds": {"calendarIds": {}}, "@type": {"@type": "Task"},
                 "utcEnd": {"utcEnd": "2020-01-01T00:00:00Z"}, "id": {"id": "i1"}}
        refused = client.call("CalendarEvent/set", create={str(i): {**EVENT, **place, **value} for i, value in enumerate(wrong.values())})["notCreated"]
        self.assertEqual(list(wrong), [refused[str(i)]["properties"][0] for i in range(len(wrong))])
        self.assertEqual({"invalidProperties"}, {each["type"] for each in refused.values()})

    def test_a_series_is_expanded_and_changed_one_by_one(self):
        client = self.client()
        series = self.event(client, **WEEKLY)
        single = self.event(client, start="2026-11-10T12:00:00")
        ids = self.expanded(client, "2026-11-01T00:00:00", "2026-12-01T00:00:00")
        self.assertEqual(6, len(ids))
        self.assertEqual(single, ids[2], "in order of their starts")
        shown = client.get("CalendarEvent", ids, ["start", "title", "recurrenceId", "baseEventId", "recurrenceRule", "utcStart"])
        self.assertEqual(["2026-11-02", "2026-11-09", "2026-11-10", "2026-11-16", "2026-11-23", "2026-11-30"], [each["start"][:10] for each in shown])
        self.assertEqual((series, "2026-11-09T09:00:00", None, "2026-11-09T08:00:00Z"), tuple(shown[1][key] for key in ("baseEventId", "recurrenceId", "recurrenceRule", "utcStart")))
        answer = client.call("CalendarEvent/set", update={ids[1]: {"title": "Late", "start": "2026-11-09T11:00:00"}}, destroy=[ids[3]])
        self.assertEqual(([ids[1]], [ids[3]]), (list(answer["updated"]), answer["destroyed"]))
        held = client.one("CalendarEvent", series)
        self.assertEqual({"2026-11-09T09:00:00": {"title": "Late", "start": "2026-11-09T11:00:00"}, "2026-11-16T09:00:00": {"excluded": True}}, held["recurrenceOverrides"])
        again = self.expanded(client, "2026-11-01T00:00:00", "2026-12-01T00:00:00")
        self.assertEqual([ids[0], ids[1], ids[2], ids[4], ids[5]], again)
        self.assertEqual(("Late", "2026-11-09T11:00:00"), tuple(client.one("CalendarEvent", ids[1])[key] for key in ("title", "start")))
        self.assertEqual([ids[3]], client.call("CalendarEvent/get", ids=[ids[3]])["notFound"])
        self.assertEqual([ids[1]], self.expanded(client, "2026-11-01T00:00:00", "2026-12-01T00:00:00", title="late"))
        client.call("CalendarEvent/set", update={series: {"recurrenceOverrides/2026-11-09T09:00:00/title": None}})
        self.assertEqual("Standup", client.one("CalendarEvent", ids[1])["title"])

    def test_events_are_found_by_time_and_text(self):
        client = self.client()
        series = self.event(client, **{**WEEKLY, "recurrenceRule": {"frequency": "weekly"}})
        lunch = self.event(client, locations={"1": {"name": "Canteen"}}, description="with Zoe")
        day = self.event(client, title="Fair", start="2026-11-24T00:00:00", duration="P1D", timeZone=None, showWithoutTime=True)
        def ids(zone="Europe/Berlin", **condition):
            return client.call("CalendarEvent/query", filter=condition, timeZone=zone)["ids"]
        self.assertEqual([lunch], ids(after="2026-11-25T12:30:00", before="2026-11-25T13:30:00"))
        self.assertEqual([], ids(after="2026-11-25T13:00:00", before="2026-11-25T14:00:00"))
        self.assertEqual([series], ids(after="2027-11-29T00:00:00", before="2027-11-30T00:00:00"))
        self.assertEqual([], ids(after="2027-11-30T00:00:00", before="2027-12-01T00:00:00"))
        self.assertEqual([day], ids(after="2026-11-24T00:00:00", before="2026-11-25T00:00:00"))
        self.assertEqual([lunch], ids(text="canteen zoe"))
        self.assertEqual([lunch], ids(location="cant"))
        self.assertEqual([series, day, lunch], ids())
        self.assertEqual([lunch], ids(inCalendar=self.calendar(client), title="lunch"))
        self.assertEqual("expandDurationTooLarge", client.error("CalendarEvent/query", filter={"after": "2020-01-01T00:00:00", "before": "2026-01-01T00:00:00"}, expandRecurrences=True))
        self.assertEqual("invalidArguments", client.error("CalendarEvent/query", filter={"after": "2020-01-01T00:00:00"}, expandRecurrences=True))
        state = client.call("CalendarEvent/query", filter={"text": "lunch"})["queryState"]
        client.call("CalendarEvent/set", update={lunch: {"title": "Brunch", "description": None}})
        changed = client.call("CalendarEvent/queryChanges", filter={"text": "lunch"}, sinceQueryState=state)
        self.assertEqual(([lunch], []), (changed["removed"], changed["added"]))

    def test_a_phone_and_the_page_see_the_same(self):
        user = self.person()
        client, phone = self.client(user), self.phone(user)
        phone.start(CALENDAR)
        item = phone.add(CALENDAR, *event("From the phone", "20261125T090000Z", "20261125T100000Z"))
        [found] = client.call("CalendarEvent/query", filter={"title": "phone"})["ids"]
        client.call("CalendarEvent/set", update={found: {"title": "From the page", "alerts": {"a": {"trigger": {"offset": "-PT20M"}}}, "x.example:y": {"z": 1}}})
        box = phone.pull(CALENDAR)
        self.assertEqual(("From the page", "20"), (box.items[item].text("Calendar:Subject"), box.items[item].text("Calendar:Reminder")))
        made = self.event(client, **WEEKLY)
        box = phone.pull(CALENDAR)
        [other] = set(box.items) - {item}
        self.assertEqual("1", box.items[other].text("Calendar:Recurrence/Type"))
        first = self.expanded(client, "2026-11-01T00:00:00", "2026-11-04T00:00:00")[0]
        client.call("CalendarEvent/set", destroy=[first])
        box = phone.pull(CALENDAR)
        self.assertEqual("1", box.items[other].text("Calendar:Exceptions/Exception/Deleted"))
        phone.change(CALENDAR, item, *event("Phone again", "20261125T090000Z", "20261125T100000Z"))
        held = client.one("CalendarEvent", found)
        self.assertEqual(("Phone again", {"z": 1}), (held["title"], held["x.example:y"]))
        self.assertEqual(made, client.one("CalendarEvent", made)["id"])

    def test_guests_are_invited_and_answer(self):
        host, guest = self.person(), self.person()
        page, other, phone = self.client(host), self.client(guest), self.phone(guest)
        me = page.get("ParticipantIdentity")
        self.assertEqual([("mailto:" + host, True)], [(each["calendarAddress"], each["isDefault"]) for each in me])
        people = {"me": {"calendarAddress": "mailto:" + host, "roles": {"owner": True}},
                  "you": {"calendarAddress": "mailto:" + guest, "name": "Guest", "participationStatus": "needs-action", "expectReply": True}}
        quiet = self.event(page, title="Quiet", participants=people)
        made = self.event(page, send=True, title="Loud", participants=people)
        self.assertEqual("mailto:" + host, page.one("CalendarEvent", made)["organizerCalendarAddress"])
        self.until(lambda: "Loud" in " ".join(filter(None, self.inbox_subjects(phone))))
        self.assertNotIn("Quiet", " ".join(filter(None, self.inbox_subjects(phone))))
        [invited] = self.until(lambda: other.call("CalendarEvent/query", filter={"title": "loud"})["ids"])
        copy = other.one("CalendarEvent", invited)
        self.assertEqual(False, copy["isOrigin"])
        key = next(key for key, person in copy["participants"].items() if person["calendarAddress"] == "mailto:" + guest)
        answer = other.call("CalendarEvent/set", update={invited: {f"participants/{key}/participationStatus": "accepted"}}, sendSchedulingMessages=True)
        self.assertEqual([invited], list(answer["updated"]))
        self.until(lambda: page.one("CalendarEvent", made)["participants"]["you"]["participationStatus"] == "accepted", what="the answer")
        page.call("CalendarEvent/set", destroy=[made], sendSchedulingMessages=True)
        self.until(lambda: other.one("CalendarEvent", invited).get("status") == "cancelled", what="the cancellation")
        self.assertEqual([quiet], page.call("CalendarEvent/query")["ids"])

    def test_files_and_parse(self):
        client = self.client()
        blob = client.upload(b"agenda", "text/plain")["blobId"]
        made = self.event(client, links={"f": {"rel": "enclosure", "blobId": blob, "contentType": "text/plain", "title": "agenda.txt"}})
        link = client.one("CalendarEvent", made)["links"]["f"]
        self.assertEqual(("agenda.txt", "enclosure"), (link["title"], link["rel"]))
        self.assertEqual(b"agenda", client.download(link["blobId"]).body)
        client.call("CalendarEvent/set", update={made: {"title": "New"}})
        self.assertEqual(b"agenda", client.download(client.one("CalendarEvent", made)["links"]["f"]["blobId"]).body)
        raw = client.one("CalendarEvent", made, ["iCalendar"])["iCalendar"]
        blobs = [client.upload(raw.encode(), "text/calendar")["blobId"], client.upload(b"nothing")["blobId"]]
        answer = client.call("CalendarEvent/parse", blobIds=[*blobs, "u999"], properties=["title", "start"])
        self.assertEqual({blobs[0]: [{"title": "New", "start": EVENT["start"]}]}, answer["parsed"])
        self.assertEqual(([blobs[1]], ["u999"]), (answer["notParsable"], answer["notFound"]))

    def test_private_events_keep_their_secrets(self):
        owner, viewer = self.client(), self.client()
        calendar = owner.create("Calendar", name="Shared")["id"]
        private = self.event(owner, calendar, title="Doctor", privacy="private", locations={"1": {"name": "Clinic"}})
        secret = self.event(owner, calendar, title="Surprise", privacy="secret")
        rights = {"mayReadItems": True, "mayReadFreeBusy": True, "mayWriteAll": True, "mayWriteOwn": True, "mayUpdatePrivate": True, "mayRSVP": True, "mayShare": False, "mayDelete": False}
        answer = owner.call("Calendar/set", update={calendar: {"shareWith": {"p" + viewer.account[1:]: rights}}})
        self.assertEqual({calendar: None}, answer["updated"], answer)
        there = {"accountId": owner.account}
        self.assertEqual(rights, viewer.one("Calendar", calendar, **there)["myRights"])
        self.assertEqual("none", viewer.one("Calendar", calendar, **there)["includeInAvailability"])
        self.assertEqual([private], viewer.call("CalendarEvent/query", **there)["ids"])
        shown = viewer.one("CalendarEvent", private, **there)
        self.assertEqual(EVENT["start"], shown["start"])
        self.assertNotIn("title", shown)
        self.assertNotIn("locations", shown)
        self.assertEqual([secret], viewer.call("CalendarEvent/get", ids=[secret], **there)["notFound"])
        refused = viewer.call("CalendarEvent/set", update={private: {"title": "x"}}, destroy=[secret, private], **there)
        self.assertEqual("willDestroy", refused["notUpdated"][private]["type"])
        self.assertEqual(("forbidden", "notFound"), tuple(refused["notDestroyed"][each]["type"] for each in (private, secret)))
        self.assertEqual("forbidden", viewer.call("CalendarEvent/set", update={private: {"title": "x"}}, **there)["notUpdated"][private]["type"])
        self.assertEqual("Doctor", owner.one("CalendarEvent", private)["title"])

    def test_changes_are_pushed(self):
        user = self.person()
        client, phone = self.client(user), self.phone(user)
        events = client.events(types="CalendarEvent")
        self.addCleanup(events.close)
        phone.start(CALENDAR)
        phone.add(CALENDAR, *event("Pushed", "20261125T090000Z", "20261125T100000Z"))
        _, data = events.next()
        self.assertEqual(client.call("CalendarEvent/get", ids=[])["state"], data["changed"][client.account]["CalendarEvent"])


if __name__ == "__main__":
    unittest.main()
