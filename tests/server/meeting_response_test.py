"""Meetings between phones: the server invites for 16.x, phones answer with MeetingResponse (MS-ASCMD 2.2.1.11, 2.2.3.163,
2.2.3.177.9; RFC 5546). python3-icalendar reads what goes out, if it is there."""

import email
import email.policy
import unittest

import smtp
from case import ServerCase
from eas import E, body_preference, sync_options
from items import BERLIN, event, recurrence
from phone import CALENDAR, INBOX, SENT, TRASH

START, END = "20261207T090000Z", "20261207T100000Z"
MIME = sync_options(0, [body_preference(4)], mime=2)


def attendee(address, name="Guest", kind=1):
    return E("Attendee", E("Email", address), E("Name", name), E("AttendeeType", kind))


def meeting(subject, *attendees, start=START, end=END, more=(), version=16.1, uid=None):
    return event(subject, start, end, E("Calendar:MeetingStatus", 1) if version >= 16 else None,
                 E("Calendar:Attendees", [attendee(a) for a in attendees]), *more, version=version, uid=uid)


def calendar_of(data):
    """The text/calendar part of a message, and its method parameter."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            return part.get_content(), part.get_param("method"), message
    raise AssertionError("no calendar part")


class MeetingCase(ServerCase):
    def respond(self, phone, response, folder, item, **options):
        answer = phone.meeting_response(response, folder, item, **options)
        self.assertEqual(200, answer.status, answer)
        return answer.root.find("Result")

    def invitation(self, phone, subject="Plan"):
        return phone.pull(INBOX).by("Email:Subject", subject)

    def statuses(self, phone, subject="Plan"):
        held = phone.pull(CALENDAR).by("Calendar:Subject", subject)
        return {n.text("Email"): n.text("AttendeeStatus") for n in held.node("Calendar:Attendees").all("Attendee")}


class MeetingResponseTest(MeetingCase):
    def invite(self, version="16.1", guest_version="16.1", more=()):
        self.anna, self.bert = self.person(), self.person()
        organizer, guest = self.phone(self.anna, "16.1"), self.phone(self.bert, guest_version)
        organizer.start(CALENDAR)
        self.event = organizer.add(CALENDAR, *meeting("Plan", self.bert, more=more))
        return organizer, guest

    def test_the_server_invites_for_16(self):
        organizer, guest = self.invite()
        mail = self.invitation(guest)
        self.assertEqual("IPM.Schedule.Meeting.Request", mail.text("Email:MessageClass"))
        request = mail.node("Email:MeetingRequest")
        self.assertEqual(("1", "1"), (request.text("Email2:MeetingMessageType"), request.text("ResponseRequested")))
        self.assertIn(self.anna, request.text("Organizer"))
        held = guest.pull(CALENDAR).by("Calendar:Subject", "Plan")
        self.assertEqual(("3", "5", "1"), tuple(held.text(f"Calendar:{n}") for n in ("MeetingStatus", "ResponseType", "BusyStatus")))
        self.assertFalse(held.has("Calendar:AppointmentReplyTime"))
        self.assertEqual("1", organizer.pull(CALENDAR).by("Calendar:Subject", "Plan").text("Calendar:MeetingStatus"))
        self.assertEqual(["Plan"], organizer.pull(SENT).texts("Email:Subject"))

    def test_accepting_tells_the_organizer_when_asked(self):
        for version in ("16.0", "16.1"):
            for send, expected in ((E("SendResponse"), 1), (None, 0)):
                with self.subTest(version=version, send=bool(send)):
                    organizer, guest = self.invite(guest_version=version)
                    mail = self.invitation(guest)
                    result = self.respond(guest, 1, guest.folder(INBOX).id, mail.id, send=send)
                    self.assertEqual(("1", mail.id), (result.text("Status"), result.text("RequestId")))
                    held = guest.pull(CALENDAR).by("Calendar:Subject", "Plan")
                    self.assertEqual(held.id, result.text("CalendarId"))
                    self.assertEqual(("3", "3", "2"), tuple(held.text(f"Calendar:{n}") for n in ("MeetingStatus", "ResponseType", "BusyStatus")))
                    self.assertTrue(held.text("Calendar:AppointmentReplyTime"))
                    self.assertEqual([], guest.pull(INBOX).texts("Email:Subject"))
                    self.assertEqual(["Plan"], guest.pull(TRASH).texts("Email:Subject"))
                    self.assertEqual(["Accepted: Plan"] * expected, organizer.pull(INBOX).texts("Email:Subject"))
                    self.assertIn(self.statuses(organizer)[self.bert], ("3",) if send else (None, "5"))

    def test_the_comment_travels(self):
        organizer, guest = self.invite()
        self.respond(guest, 2, guest.folder(INBOX).id, self.invitation(guest).id,
                     send=E("SendResponse", E("AirSyncBase:Body", E("Type", 1), E("Data", "If the train runs."))))
        mail = organizer.pull(INBOX).by("Email:Subject", "Tentative: Plan")
        self.assertEqual("IPM.Schedule.Meeting.Resp.Tent", mail.text("Email:MessageClass"))
        self.assertIn("If the train runs.", mail.text("AirSyncBase:Body/Data"))
        self.assertEqual({self.bert: "2"}, self.statuses(organizer))

    def test_declining_removes_the_event(self):
        organizer, guest = self.invite()
        guest.pull(CALENDAR)
        mail = self.invitation(guest)
        result = self.respond(guest, 3, guest.folder(INBOX).id, mail.id, send=E("SendResponse"))
        self.assertEqual("1", result.text("Status"))
        self.assertFalse(result.has("CalendarId"))
        self.assertEqual([], guest.pull(CALENDAR).texts("Calendar:Subject"))
        self.assertEqual({self.bert: "4"}, self.statuses(organizer))
        again = self.respond(guest, 3, guest.folder(INBOX).id, mail.id, send=E("SendResponse"))
        self.assertEqual("1", again.text("Status"), "the answer was lost: the same once more")
        self.assertEqual(["Declined: Plan"], organizer.pull(INBOX).texts("Email:Subject"))

    def test_quirk_7_the_calendar_item_is_answered(self):
        organizer, guest = self.invite(guest_version="14.1")
        held = guest.pull(CALENDAR).by("Calendar:Subject", "Plan")
        folder = guest.folder(CALENDAR).id
        result = self.respond(guest, 1, folder, held.id)
        self.assertEqual(("1", held.id), (result.text("Status"), result.text("CalendarId")))
        self.assertEqual("3", guest.pull(CALENDAR).items[held.id].text("Calendar:ResponseType"))
        self.assertEqual([], organizer.pull(INBOX).texts("Email:Subject"), "a 14.1 phone writes by itself")
        old = self.phone(self.bert, "14.0")
        self.assertEqual("2", self.respond(old, 1, folder, held.id).text("Status"), "14.0 cannot")

    def test_proposing_another_time(self):
        organizer, guest = self.invite()
        self.respond(guest, 2, guest.folder(INBOX).id, self.invitation(guest).id, send=E("SendResponse",
            E("ProposedStartTime", "20261208T090000Z"), E("ProposedEndTime", "20261208T100000Z")))
        mail = organizer.pull(INBOX).by("Email:Subject", "New Time Proposed: Plan")
        request = mail.node("Email:MeetingRequest")
        self.assertEqual(("20261208T090000Z", "20261208T100000Z"), (request.text("MeetingResponse:ProposedStartTime"), request.text("MeetingResponse:ProposedEndTime")))
        self.assertEqual("2026-12-07T09:00:00.000Z", request.text("StartTime"))
        self.assertEqual(START, organizer.pull(CALENDAR).by("Calendar:Subject", "Plan").text("Calendar:StartTime"))

    def test_one_occurrence(self):
        organizer, guest = self.invite(more=[recurrence(1, interval=1, day_of_week=2, occurrences=4)])
        held = guest.pull(CALENDAR).by("Calendar:Subject", "Plan")
        folder = guest.folder(CALENDAR).id
        day = "2026-12-14T09:00:00.000Z"
        result = self.respond(guest, 1, folder, held.id, instance=day, send=E("SendResponse"))
        self.assertEqual(("1", day), (result.text("Status"), result.text("InstanceId")))
        for wrong, status in (("2026-12-15T09:00:00.000Z", "2"), ("20261214T090000Z", "104"), ("soon", "104")):
            self.assertEqual(status, self.respond(guest, 1, folder, held.id, instance=wrong).text("Status"), wrong)
        self.assertEqual("2", self.respond(guest, 1, guest.folder(INBOX).id, self.invitation(guest).id, instance=day).text("Status"))
        series = organizer.pull(CALENDAR).by("Calendar:Subject", "Plan")
        exception = series.node("Calendar:Exceptions").find("Exception")
        self.assertEqual("3", exception.text("Attendees/Attendee/AttendeeStatus"))

    def test_wrong_requests_have_their_status(self):
        organizer, guest = self.invite()
        mail = self.invitation(guest)
        inbox = guest.folder(INBOX).id
        held = guest.pull(CALENDAR).by("Calendar:Subject", "Plan")
        single = self.respond(guest, 1, guest.folder(CALENDAR).id, held.id, instance="2026-12-07T09:00:00.000Z")
        self.assertEqual("146", single.text("Status"), "it does not recur")
        own = organizer.pull(CALENDAR).by("Calendar:Subject", "Plan")
        self.mail(self.bert, "Plain")
        plain = self.invitation(guest, "Plain")
        for phone, response, folder, item in ((guest, 1, inbox, "9:99"), (guest, 4, inbox, mail.id), (guest, 1, guest.folder(SENT).id, mail.id),
                                              (guest, 1, inbox, plain.id), (organizer, 1, organizer.folder(CALENDAR).id, own.id)):
            self.assertEqual("2", self.respond(phone, response, folder, item).text("Status"), (response, folder, item))
        self.assertEqual([], organizer.pull(INBOX).texts("Email:Subject"))

    def test_several_in_one_request(self):
        organizer, guest = self.invite()
        organizer.add(CALENDAR, *meeting("Second", self.bert))
        box = guest.pull(INBOX)
        ids = [box.by("Email:Subject", s).id for s in ("Plan", "Second")]
        inbox = guest.folder(INBOX).id
        answer = guest.post("MeetingResponse", E("MeetingResponse:MeetingResponse", [
            E("Request", E("UserResponse", 1), E("CollectionId", inbox), E("RequestId", i)) for i in ids + ["1:999"]]))
        self.assertEqual(["1", "1", "2"], [r.text("Status") for r in answer.root.all("Result")])
        self.assertEqual(ids + ["1:999"], [r.text("RequestId") for r in answer.root.all("Result")])


class OrganizerTest(MeetingCase):
    def pair(self):
        self.anna, self.bert = self.person(), self.person()
        organizer, guest = self.phone(self.anna), self.phone(self.bert)
        organizer.start(CALENDAR)
        return organizer, guest

    def test_changes_and_cancellations_are_told(self):
        organizer, guest = self.pair()
        item = organizer.add(CALENDAR, *meeting("Plan", self.bert))
        self.respond(guest, 1, guest.folder(INBOX).id, self.invitation(guest).id, send=E("SendResponse"))
        organizer.pull(CALENDAR)
        organizer.change(CALENDAR, item, E("Calendar:StartTime", "20261207T130000Z"), E("Calendar:EndTime", "20261207T140000Z"))
        update = self.invitation(guest)
        self.assertEqual("2", update.node("Email:MeetingRequest").text("Email2:MeetingMessageType"))
        held = guest.pull(CALENDAR).by("Calendar:Subject", "Plan")
        self.assertEqual(("20261207T130000Z", "5"), (held.text("Calendar:StartTime"), held.text("Calendar:ResponseType")))
        organizer.change(CALENDAR, item, E("Calendar:Reminder", 5))
        self.assertEqual(["Plan"], guest.pull(INBOX).texts("Email:Subject"), "a reminder is nobody else's business")
        organizer.delete(CALENDAR, item)
        self.assertEqual(["Canceled: Plan", "Plan"], guest.pull(INBOX).texts("Email:Subject"))
        self.assertEqual("7", guest.pull(CALENDAR).by("Calendar:Subject", "Plan").text("Calendar:MeetingStatus"))

    def test_one_occurrence_is_told_by_itself(self):
        organizer, guest = self.pair()
        item = organizer.add(CALENDAR, *meeting("Plan", self.bert, more=[recurrence(1, interval=1, day_of_week=2, occurrences=4)]))
        guest.pull(INBOX)
        guest.pull(CALENDAR)
        organizer.sync_box(CALENDAR, [E("AirSync:Delete", E("ServerId", item), E("AirSyncBase:InstanceId", "20261214T090000Z"))])
        mail = guest.pull(INBOX).by("Email:Subject", "Canceled: Plan")
        self.assertEqual(("3", "2026-12-14T09:00:00.000Z"), tuple(mail.node("Email:MeetingRequest").text(n) for n in ("InstanceType", "RecurrenceId")))
        held = guest.pull(CALENDAR).by("Calendar:Subject", "Plan")
        self.assertEqual("7", held.node("Calendar:Exceptions").find("Exception").text("MeetingStatus"))

    def test_an_invitation_outside_reads_everywhere(self):
        organizer, guest = self.pair()
        organizer.add(CALENDAR, *meeting("Plan", self.bert))
        box = guest.pull(INBOX, options=MIME)
        data = box.by("Email:Subject", "Plan").node("AirSyncBase:Body").find("Data").bytes()
        text, method, message = calendar_of(data)
        self.assertEqual("REQUEST", method)
        self.assertEqual(["text/plain", "text/calendar"], [p.get_content_type() for p in message.walk() if not p.is_multipart()][:2])
        self.assertIn("2026-12-07 10:00", message.get_body(("plain",)).get_content())
        try:
            import icalendar
        except ImportError:
            return
        parsed = icalendar.Calendar.from_ical(text)
        self.assertEqual("REQUEST", parsed["METHOD"])
        inner = parsed.walk("VEVENT")[0]
        self.assertEqual(f"mailto:{self.anna}", str(inner["ORGANIZER"]).lower())
        self.assertEqual("20261207T090000Z", inner["DTSTART"].dt.astimezone(__import__("datetime").timezone.utc).strftime("%Y%m%dT%H%M%SZ"))


class OutsideTest(MeetingCase):
    """Attendees of other servers answer by mail; only their own words count (X7)."""

    def test_an_answer_from_outside_reaches_the_event(self):
        anna = self.person()
        organizer = self.phone(anna)
        organizer.start(CALENDAR)
        organizer.add(CALENDAR, *meeting("Plan", "cleo@example.net", uid="out-1"))
        def reply(sender, partstat, stamp):
            ics = ("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\nPRODID:-//X//EN\r\nBEGIN:VEVENT\r\nUID:out-1\r\n"
                   f"DTSTAMP:{stamp}\r\nDTSTART:20261207T090000Z\r\nSEQUENCE:9\r\nORGANIZER:mailto:{anna}\r\n"
                   f"ATTENDEE;PARTSTAT={partstat}:mailto:cleo@example.net\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
            smtp.deliver(self.server, anna, (f"From: {sender}\r\nTo: {anna}\r\nSubject: Re\r\nMIME-Version: 1.0\r\nContent-Type: "
                         f"text/calendar; method=REPLY; charset=utf-8\r\n\r\n{ics}").encode(), sender=sender)
        reply("eve@example.net", "ACCEPTED", "20261124T100000Z")
        self.assertIn(self.statuses(organizer)["cleo@example.net"], (None, "5"))
        reply("cleo@example.net", "ACCEPTED", "20261124T110000Z")
        self.assertEqual("3", self.statuses(organizer)["cleo@example.net"])
        reply("cleo@example.net", "DECLINED", "20261124T090000Z")
        self.assertEqual("3", self.statuses(organizer)["cleo@example.net"], "an older answer")
        self.assertEqual(3, organizer.pull(INBOX).texts("Email:Subject").count("Re"), "all of them are mail")


class OldPhonesTest(MeetingCase):
    """Up to 14.1 the phone sends its own mail, and iOS sends it again and again (quirk 22)."""

    def test_their_mail_is_the_invitation_and_is_never_doubled(self):
        anna, bert = self.person(), self.person()
        organizer, guest = self.phone(anna, "14.1"), self.phone(bert, "14.1")
        organizer.start(CALENDAR)
        item = organizer.add(CALENDAR, *meeting("Plan", bert, version=14.1, uid="plan-1"))
        self.assertEqual([], guest.pull(INBOX).texts("Email:Subject"), "nothing from the server")
        ics = ("BEGIN:VCALENDAR\r\nMETHOD:{m}\r\nPRODID:-//Phone//EN\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:plan-1\r\nDTSTAMP:{stamp}\r\n"
               "DTSTART:20261207T090000Z\r\nDTEND:20261207T100000Z\r\nSUMMARY:Plan\r\nSEQUENCE:0\r\nORGANIZER:mailto:{o}\r\n"
               "ATTENDEE;PARTSTAT={p}:mailto:{a}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
        def imip(sender, to, method, partstat, stamp):
            body = ics.format(m=method, o=anna, a=bert, p=partstat, stamp=stamp)
            return (f"From: {sender}\r\nTo: {to}\r\nSubject: Plan\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; method={method}; "
                    f"charset=utf-8\r\n\r\n{body}").encode()
        for number, stamp in enumerate(("20261124T100000Z", "20261124T110000Z", "20261125T110000Z")):
            self.assertEqual(200, organizer.send_mail(imip(anna, bert, "REQUEST", "NEEDS-ACTION", stamp), f"c{number}").status)
        self.assertEqual(["Plan"], guest.pull(INBOX).texts("Email:Subject"))
        self.assertEqual("3", guest.pull(CALENDAR).by("Calendar:Subject", "Plan").text("Calendar:MeetingStatus"))
        self.respond(guest, 1, guest.folder(INBOX).id, self.invitation(guest).id)
        self.assertEqual([], organizer.pull(INBOX).texts("Email:Subject"))
        guest.send_mail(imip(bert, anna, "REPLY", "ACCEPTED", "20261124T120000Z"), "r1")
        self.assertEqual("IPM.Schedule.Meeting.Resp.Pos", organizer.pull(INBOX).by("Email:Subject", "Plan").text("Email:MessageClass"))
        self.assertEqual({bert: "3"}, self.statuses(organizer))
        organizer.delete(CALENDAR, item)
        self.assertEqual([], guest.pull(INBOX).texts("Email:Subject"), "the phone cancels by itself")


class StrangersTest(MeetingCase):
    def test_x6_and_x7(self):
        bert = self.person()
        guest = self.phone(bert)
        ics = ("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nPRODID:-//X//EN\r\nBEGIN:VEVENT\r\nUID:spam-1\r\nDTSTAMP:20261124T100000Z\r\n"
               f"DTSTART:20261207T090000Z\r\nDTEND:20261207T100000Z\r\nSUMMARY:Win\r\nORGANIZER:mailto:spam@example.net\r\nATTENDEE:mailto:{bert}\r\n"
               "END:VEVENT\r\nEND:VCALENDAR\r\n")
        data = (f"From: spam@example.net\r\nTo: {bert}\r\nSubject: Win\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST; "
                f"charset=utf-8\r\n\r\n{ics}").encode()
        smtp.deliver(self.server, bert, data, sender="spam@example.net")
        mail = self.invitation(guest, "Win")
        self.assertEqual("IPM.Schedule.Meeting.Request", mail.text("Email:MessageClass"))
        self.assertEqual([], guest.pull(CALENDAR).texts("Calendar:Subject"), "a stranger stays in the mail")
        result = self.respond(guest, 1, guest.folder(INBOX).id, mail.id)
        self.assertEqual("1", result.text("Status"), "the person may accept")
        self.assertEqual(["Win"], guest.pull(CALENDAR).texts("Calendar:Subject"))
        forged = data.replace(b"METHOD:REQUEST", b"METHOD:CANCEL").replace(b"method=REQUEST", b"method=CANCEL").replace(b"From: spam@", b"From: eve@")
        smtp.deliver(self.server, bert, forged, sender="eve@example.net")
        self.assertEqual("3", guest.pull(CALENDAR).by("Calendar:Subject", "Win").text("Calendar:MeetingStatus"))


if __name__ == "__main__":
    unittest.main()
