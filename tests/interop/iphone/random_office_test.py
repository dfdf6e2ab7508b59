"""A random day of a whole office: people, a group, mail to several, clocks that jump, a server that is killed, lost answers.

What was acknowledged is there exactly once for everyone, what was not is there once or not at all, and all devices agree.
Each seed is one scenario; a failure names its seed. LOCKSTEP_LONG=1 runs more of them.
"""

import collections
import os
import random
import unittest

import smtp
import wire
from case import ServerCase
from eas import body_preference, sync_options
from items import contact, event, note, task
from iphone import IPhone
from phone import CALENDAR, CONTACTS, INBOX, NOTES, TASKS, USER_CALENDAR, new_client_id
from server import PASSWORD
from wire import Lost

SEEDS = range(12) if os.environ.get("LOCKSTEP_LONG") else range(2)
STEPS = 80
NAMES = {CONTACTS: "Contacts:LastName", NOTES: "Notes:Subject", TASKS: "Tasks:Subject", CALENDAR: "Calendar:Subject",
         USER_CALENDAR: "Calendar:Subject", INBOX: "Email:Subject"}
MAKE = {CONTACTS: contact, NOTES: note, TASKS: task}
FILTERS = {INBOX: (0, 1, 3), CALENDAR: (0, 4), USER_CALENDAR: (0,)}


def properties(kind, name):
    return MAKE[kind](name) if kind in MAKE else event(name, "20400101T090000Z", "20400101T100000Z")


class Office:
    """The people, their phones, and the ledger of what was promised."""

    def __init__(self, case, dice, seed):
        self.case, self.dice, self.seed, self.server = case, dice, seed, case.server
        self.people = [case.person() for _ in range(3)]
        self.group = self.server.group(f"office{seed}", *self.people)
        self.phones = [IPhone(self.server, person, PASSWORD) for person in self.people + self.people[:1]]
        self.mail = collections.defaultdict(set)      # person -> subjects acknowledged by 250
        self.maybe = collections.defaultdict(set)     # person -> subjects whose 250 was lost
        for phone in self.phones:
            case.addCleanup(phone.close)
            phone.enrol()
            for kind in NAMES:
                phone.pull(kind, options=self.options(kind, 0))

    def options(self, kind, filter_type):
        if kind in FILTERS:
            return sync_options(filter_type, [body_preference(1, 500)])
        return sync_options(None, [body_preference(1)])

    def step(self, number):
        act = self.dice.choice(("mail", "mail", "item", "item", "item", "pull", "pull", "filter", "kill", "restart", "clock"))
        if act == "mail":
            self.deliver(f"Mail {self.seed}-{number:02}")
        elif act in ("kill", "restart"):
            if self.dice.random() < 0.3:
                self.server.kill() if act == "kill" else self.server.stop()
                self.server.start()
                for phone in self.phones:
                    phone.close()
        elif act == "clock":
            self.server.advance(f"{self.dice.randrange(1, 30)}h")
        else:
            self.sync(act, f"{self.seed}-{number:02}")

    def deliver(self, subject):
        recipients = self.dice.sample(self.people, self.dice.randrange(1, 4))
        data = smtp.message(", ".join(recipients), subject, text="x" * self.dice.choice((10, 20000)) + "\r\n")
        cut = self.dice.random() < 0.2
        session = smtp.Smtp(self.server.smtp_port)
        session.hello()
        session.envelope("a@example.net", recipients)
        if cut:
            session.expect("DATA", 354)
            session.send(data + b".\r\n")
            if self.dice.random() < 0.5:
                self.server.kill()
                self.server.start()
                for phone in self.phones:
                    phone.close()
            for person in recipients:
                self.maybe[person].add(subject)
        else:
            self.case.assertEqual(250, session.data(data)[0])
            for person in recipients:
                self.mail[person].add(subject)
        session.close()

    def sync(self, act, name):
        phone = self.dice.choice(self.phones)
        kind = self.dice.choice(list(NAMES))
        box, commands, options = phone.box(kind), [], None
        if act == "filter" and kind in FILTERS:
            options = self.options(kind, self.dice.choice(FILTERS[kind]))
        elif act == "item" and kind != INBOX:
            item = self.dice.choice(sorted(box.items)) if box.items else None
            verb = self.dice.choice(("add", "add", "change", "delete"))
            if verb == "add" or item is None:
                commands = [phone.add_command(new_client_id(), *properties(kind, f"Item {name}"))]
            elif verb == "change":
                changed = [p for p in properties(kind, f"Edit {name}") if p is not None and p.tag != "ClientUid"]
                commands = [phone.change_command(item, *changed)]
            else:
                commands = [phone.delete_command(item)]
        self.insist(lambda lose: phone.sync_box(kind, commands, lose=lose, options=options, window=self.dice.choice((2, 100))))

    def insist(self, call):
        for _ in range(20):
            try:
                return call(self.dice.choice((None, None, None, "unread", "request", self.dice.randrange(1, 600))))
            except (Lost, wire.HttpError):
                continue
        return call(None)

    def check(self):
        """All devices of a person agree, colleagues agree on the group's calendar, and the ledger holds."""
        case = self.case
        fresh = {person: case.phone(person) for person in self.people}
        for phone in (*self.phones, *fresh.values()):
            for kind in NAMES:
                phone.pull(kind, options=self.options(kind, 0))
        for phone in self.phones:
            for kind, name in NAMES.items():
                held, true = phone.box(kind).items, fresh[phone.user].box(kind).items
                case.assertEqual({i: item.text(name) for i, item in true.items()}, {i: item.text(name) for i, item in held.items()},
                                 f"{phone.user}, type {kind}")
        group = [sorted(item.text("Calendar:Subject") for item in phone.box(USER_CALENDAR).items.values()) for phone in fresh.values()]
        case.assertEqual(group[0], group[1])
        case.assertEqual(group[0], group[2])
        for person in self.people:
            subjects = fresh[person].box(INBOX).texts("Email:Subject")
            case.assertEqual(len(subjects), len(set(subjects)), "no mail twice")
            case.assertLessEqual(self.mail[person], set(subjects), "what was acknowledged is there")
            case.assertLessEqual(set(subjects), self.mail[person] | self.maybe[person])
        for subject in set.union(*self.maybe.values()) if self.maybe else ():
            wanted = {person for person in self.people if subject in self.maybe[person]}
            got = {person for person in wanted if subject in fresh[person].box(INBOX).texts("Email:Subject")}
            case.assertIn(got, (set(), wanted), f"{subject}: all recipients or none")


class RandomOfficeTest(ServerCase):
    settings = {"clock.manual": "true"}

    def test_d1_d5_a_day_with_kills_and_lost_answers(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                office = Office(self, random.Random(seed), seed)
                for number in range(STEPS):
                    office.step(number)
                office.check()
                self.server.cli("verify")


if __name__ == "__main__":
    unittest.main()
