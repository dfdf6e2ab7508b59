"""Rooms answer by themselves; an account decides what meetings may do; the quirks of phones around meetings (4, 5, 8, 21)."""

import unittest

import smtp
from case import ServerCase
from eas import E
from items import contact, event
from phone import CALENDAR, CONTACTS, INBOX

START, END = "20261207T090000Z", "20261207T100000Z"


def attendees(*addresses, kind=1):
    return E("Calendar:Attendees", [E("Attendee", E("Email", a), E("Name", "Guest"), E("AttendeeType", kind)) for a in addresses])


class MeetingRoomsTest(ServerCase):
    def room(self):
        name = f"room{self.id().rsplit('_', 1)[-1]}@example.org"
        self.server.cli("account", "add", name, "--kind", "resource", "--name", "Room 1")
        return name

    def booker(self):
        phone = self.phone(self.person())
        phone.start(CALENDAR)
        return phone

    def status(self, phone, subject):
        held = phone.pull(CALENDAR).by("Calendar:Subject", subject)
        return held.text("Calendar:Attendees/Attendee/AttendeeStatus")

    def test_a_room_takes_what_finds_it_free(self):
        room = self.room()
        anna, bert = self.booker(), self.booker()
        first = anna.add(CALENDAR, *event("Plan", START, END, E("Calendar:MeetingStatus", 1), attendees(room, kind=3)))
        self.assertEqual(["Accepted: Plan"], anna.pull(INBOX).texts("Email:Subject"))
        self.assertEqual("3", self.status(anna, "Plan"))
        bert.add(CALENDAR, *event("Clash", "20261207T093000Z", "20261207T103000Z", E("Calendar:MeetingStatus", 1), attendees(room, kind=3)))
        self.assertEqual(["Declined: Clash"], bert.pull(INBOX).texts("Email:Subject"))
        self.assertEqual("4", self.status(bert, "Clash"))
        bert.add(CALENDAR, *event("Later", END, "20261207T110000Z", E("Calendar:MeetingStatus", 1), attendees(room, kind=3)))
        self.assertEqual("3", self.status(bert, "Later"))
        anna.delete(CALENDAR, first)
        bert.add(CALENDAR, *event("Again", START, END, E("Calendar:MeetingStatus", 1), attendees(room, kind=3)))
        self.assertEqual("3", self.status(bert, "Again"))
        rows = self.server.cli_json("account", "list")
        self.assertIn((room, "resource"), [(r["address"], r["kind"]) for r in rows])

    def invite_from_outside(self, to, sender, uid):
        ics = ("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nPRODID:-//X//EN\r\nBEGIN:VEVENT\r\n"
               f"UID:{uid}\r\nDTSTAMP:20261124T100000Z\r\nDTSTART:20261207T090000Z\r\nDTEND:20261207T100000Z\r\nSUMMARY:Talk\r\n"
               f"ORGANIZER:mailto:{sender}\r\nATTENDEE:mailto:{to}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
        smtp.deliver(self.server, to, (f"From: {sender}\r\nTo: {to}\r\nSubject: Talk\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; "
                                       f"method=REQUEST; charset=utf-8\r\n\r\n{ics}").encode(), sender=sender)

    def test_x6_the_account_decides_whose_invitations_come(self):
        user = self.person()
        phone = self.phone(user)
        shown = self.server.cli_json("account", "meetings", user)
        self.assertEqual([("known", "domain")], [(r["invitations"], r["free-busy"]) for r in shown])
        phone.start(CONTACTS)
        phone.add(CONTACTS, *contact("Stein", "Olga", E("Contacts:Email1Address", "olga@example.net")))
        self.invite_from_outside(user, "olga@example.net", "talk-1")
        self.invite_from_outside(user, "spam@example.net", "talk-2")
        self.assertEqual(["Talk"], phone.pull(CALENDAR).texts("Calendar:Subject"))
        self.server.cli("account", "meetings", user, "--invitations", "everybody")
        self.invite_from_outside(user, "spam@example.net", "talk-3")
        self.assertEqual(["Talk", "Talk"], phone.pull(CALENDAR).texts("Calendar:Subject"))
        self.assertEqual(3, len(phone.pull(INBOX).items))

    def test_quirk_5_a_meeting_without_organizer_is_the_owners(self):
        for version in ("14.1", "16.1"):
            with self.subTest(version):
                user = self.person()
                phone, other = self.phone(user, version), self.phone(user)
                phone.start(CALENDAR)
                phone.add(CALENDAR, *event("Mine", START, END, E("Calendar:MeetingStatus", 1) if version > "16" else None,
                                           attendees(self.person()), version=float(version)))
                held = other.pull(CALENDAR).by("Calendar:Subject", "Mine")
                self.assertEqual((user, "1"), (held.text("Calendar:OrganizerEmail"), held.text("Calendar:MeetingStatus")))

    def test_quirk_8_a_client_uid_with_a_trailing_nul(self):
        user, guest = self.person(), self.person()
        phone, other = self.phone(user), self.phone(guest)
        phone.start(CALENDAR)
        uid = "0123456789abcdef0123456789abcdef"
        phone.add(CALENDAR, *event("Odd", START, END, E("Calendar:MeetingStatus", 1), attendees(guest), uid=uid))
        self.assertEqual(uid, other.pull(INBOX).by("Email:Subject", "Odd").node("Email:MeetingRequest").text("Calendar:UID"))

    def test_quirk_4_an_invitation_added_by_hand_is_the_one_that_is_there(self):
        user, guest = self.person(), self.person()
        phone, other = self.phone(user), self.phone(guest)
        phone.start(CALENDAR)
        phone.add(CALENDAR, *event("Once", START, END, E("Calendar:MeetingStatus", 1), attendees(guest), uid="once-1"))
        other.start(CALENDAR)
        result = other.sync_box(CALENDAR, [other.add_command("c1", *event("Once", START, END, uid="once-1"))])
        self.assertEqual(1, result.added["c1"].number("Status"))
        third = self.phone(guest)
        self.assertEqual(["Once"], third.pull(CALENDAR).texts("Calendar:Subject"))

    def test_quirk_21_a_cancelled_meeting_has_an_attendee(self):
        user = self.person()
        phone = self.phone(user)
        ics = ("BEGIN:VCALENDAR\r\nMETHOD:{m}\r\nVERSION:2.0\r\nPRODID:-//X//EN\r\nBEGIN:VEVENT\r\nUID:gone-1\r\nDTSTAMP:20261124T1{n}0000Z\r\n"
               "DTSTART:20261207T090000Z\r\nDTEND:20261207T100000Z\r\nSUMMARY:Gone\r\nORGANIZER:mailto:{o}\r\nATTENDEE:mailto:{a}\r\n"
               "END:VEVENT\r\nEND:VCALENDAR\r\n")
        organizer = self.phone(self.person())
        for number, method in enumerate(("REQUEST", "CANCEL")):
            body = ics.format(m=method, n=number, o=organizer.user, a=user)
            organizer.send_mail((f"From: {organizer.user}\r\nTo: {user}\r\nSubject: Gone\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; "
                                 f"method={method}; charset=utf-8\r\n\r\n{body}").encode(), f"m{number}")
        held = phone.pull(CALENDAR).by("Calendar:Subject", "Gone")
        self.assertEqual("7", held.text("Calendar:MeetingStatus"))
        self.assertEqual(user, held.text("Calendar:Attendees/Attendee/Email"))

    def test_the_store_is_whole_afterwards(self):
        phone = self.booker()
        phone.add(CALENDAR, *event("Sound", START, END, E("Calendar:MeetingStatus", 1), attendees(self.person(), "nobody@example.org")))
        answer = self.server.cli("verify")
        self.assertNotIn("client-op", str(answer))


if __name__ == "__main__":
    unittest.main()
