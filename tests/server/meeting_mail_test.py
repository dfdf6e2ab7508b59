"""Special mail is recognised: invitations, signed and encrypted mail, delivery reports (MS-ASEMAIL 2.2.2.48, 2.2.2.49)."""

import unittest

import smtp
from case import ServerCase
from eas import body_preference, sync_options
from items import read_zone
from phone import INBOX

INVITATION = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Example//EN\r
METHOD:{method}\r
BEGIN:VTIMEZONE\r
TZID:Europe/Berlin\r
BEGIN:STANDARD\r
DTSTART:19701025T030000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZOFFSETFROM:+0200\r
TZOFFSETTO:+0100\r
END:STANDARD\r
BEGIN:DAYLIGHT\r
DTSTART:19700329T020000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0200\r
END:DAYLIGHT\r
END:VTIMEZONE\r
BEGIN:VEVENT\r
UID:meeting-1@example.net\r
DTSTAMP:20261120T100000Z\r
DTSTART;TZID=Europe/Berlin:20261130T140000\r
DTEND;TZID=Europe/Berlin:20261130T150000\r
SUMMARY:Planning\r
LOCATION:Room 4\r
ORGANIZER;CN=Olga:mailto:olga@example.net\r
ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:{attendee}\r
{more}END:VEVENT\r
END:VCALENDAR\r
"""


class MeetingMailTest(ServerCase):
    def deliver_calendar(self, user, method="REQUEST", more="", subject="Planning"):
        calendar = INVITATION.format(method=method, attendee=user, more=more)
        data = (f"From: Olga <olga@example.net>\r\nTo: {user}\r\nSubject: {subject}\r\nDate: Fri, 20 Nov 2026 11:00:00 +0100\r\n"
                f"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
                f"You are invited.\r\n--b\r\nContent-Type: text/calendar; method={method}; charset=utf-8\r\n\r\n{calendar}\r\n--b--\r\n").encode()
        smtp.deliver(self.server, user, data)

    def item(self, user, version="16.1", subject="Planning"):
        return self.phone(user, version).pull(INBOX).by("Email:Subject", subject)

    def test_an_invitation_is_a_meeting_request(self):
        for version in ("12.1", "14.1", "16.1"):
            with self.subTest(version):
                user = self.person()
                self.deliver_calendar(user)
                item = self.item(user, version)
                self.assertEqual("IPM.Schedule.Meeting.Request", item.text("Email:MessageClass"))
                meeting = item.node("Email:MeetingRequest")
                self.assertEqual(("2026-11-30T13:00:00.000Z", "2026-11-30T14:00:00.000Z"), (meeting.text("StartTime"), meeting.text("EndTime")))
                self.assertIn("olga@example.net", meeting.text("Organizer"))
                self.assertEqual("Room 4", meeting.text("AirSyncBase:Location/DisplayName") if version == "16.1" else meeting.text("Email:Location"))
                self.assertEqual(-60, read_zone(meeting.text("TimeZone"))["bias"])
                self.assertTrue(meeting.text("Calendar:UID") if version == "16.1" else meeting.text("GlobalObjId"))
                self.assertEqual("0", meeting.text("InstanceType"))
                self.assertEqual("0", meeting.text("AllDayEvent"))

    def test_a_recurring_invitation_carries_its_rule(self):
        user = self.person()
        self.deliver_calendar(user, more="RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=5\r\n")
        meeting = self.item(user).node("Email:MeetingRequest")
        self.assertEqual("1", meeting.text("InstanceType"))
        rule = meeting.find("Recurrences/Recurrence")
        self.assertEqual(("1", "5", "2"), (rule.text("Type"), rule.text("Occurrences"), rule.text("DayOfWeek")))

    def test_a_cancellation_is_one(self):
        user = self.person()
        self.deliver_calendar(user, "CANCEL", "STATUS:CANCELLED\r\n", "Cancelled: Planning")
        self.assertEqual("IPM.Schedule.Meeting.Canceled", self.item(user, subject="Cancelled: Planning").text("Email:MessageClass"))

    def test_signed_and_encrypted_mail_has_its_class_and_its_mime(self):
        user = self.person()
        signed = (b"From: a@example.net\r\nSubject: signed\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol="
                  b"\"application/pkcs7-signature\"; micalg=sha-256; boundary=s\r\n\r\n--s\r\nContent-Type: text/plain\r\n\r\ntrust me\r\n"
                  b"--s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n--s--\r\n")
        secret = (b"From: a@example.net\r\nSubject: secret\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; "
                  b"smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n")
        for data in (signed, secret):
            smtp.deliver(self.server, user, data)
        box = self.phone(user).pull(INBOX, options=sync_options(0, [body_preference(4), body_preference(1)], mime=1))
        self.assertEqual("IPM.Note.SMIME.MultipartSigned", box.by("Email:Subject", "signed").text("Email:MessageClass"))
        self.assertEqual("IPM.Note.SMIME", box.by("Email:Subject", "secret").text("Email:MessageClass"))
        self.assertEqual("4", box.by("Email:Subject", "signed").text("AirSyncBase:Body/Type"), "MIMESupport 1: S/MIME as MIME")
        self.assertTrue(box.by("Email:Subject", "signed").node("AirSyncBase:Body").find("Data").bytes().endswith(signed), "a signature must hold")

    def test_a_delivery_report_has_its_class(self):
        user = self.person()
        report = (b"From: postmaster@example.net\r\nSubject: Undeliverable\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
                  b"report-type=delivery-status; boundary=r\r\n\r\n--r\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--r\r\nContent-Type: "
                  b"message/delivery-status\r\n\r\nReporting-MTA: dns; example.net\r\n\r\nFinal-Recipient: rfc822; x@example.net\r\n"
                  b"Action: failed\r\nStatus: 5.1.1\r\n\r\n--r--\r\n")
        smtp.deliver(self.server, user, report, sender="")
        self.assertEqual("REPORT.IPM.NOTE.NDR", self.item(user, subject="Undeliverable").text("Email:MessageClass").upper())

    def test_a_broken_invitation_is_just_mail(self):
        user = self.person()
        for number, bad in enumerate(("not a calendar", "BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART:never\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")):
            smtp.deliver(self.server, user, (f"From: a@example.net\r\nSubject: broken {number}\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; "
                                             f"method=REQUEST\r\n\r\n{bad}\r\n").encode())
        self.assertEqual([f"broken {n}" for n in range(3)], self.inbox_subjects(self.phone(user)))


if __name__ == "__main__":
    unittest.main()
