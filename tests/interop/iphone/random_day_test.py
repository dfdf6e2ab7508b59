"""A random day with two iPhones, incoming mail and a bad line: in the end everyone holds the same, once.

Each seed is one scenario; a failure names its seed. LOCKSTEP_LONG=1 runs more of them.
"""

import os
import random
import unittest

import smtp
from case import ServerCase
from eas import E, body_preference, sync_options
from items import contact, event, note, task
from iphone import IPhone
from phone import CALENDAR, CONTACTS, INBOX, NOTES, TASKS, TRASH, new_client_id
from server import PASSWORD
from wire import Lost

SEEDS = range(40) if os.environ.get("LOCKSTEP_LONG") else range(6)
STEPS = 60
NAMES = {CONTACTS: "Contacts:LastName", NOTES: "Notes:Subject", TASKS: "Tasks:Subject", CALENDAR: "Calendar:Subject"}
ALL = {INBOX: sync_options(0, [body_preference(1, 500)]), TRASH: sync_options(0, [body_preference(1, 500)]),
       CALENDAR: sync_options(0, [body_preference(1)])}


class RandomDayTest(ServerCase):
    def day(self, seed):
        dice = random.Random(seed)
        user = self.person()
        phones = [IPhone(self.server, user, PASSWORD) for _ in range(2)]
        delivered = []
        for phone in phones:
            self.addCleanup(phone.close)
            phone.enrol()
            for kind in (*NAMES, INBOX, TRASH):
                phone.start(kind)
                phone.pull(kind, options=ALL.get(kind))
        for step in range(STEPS):
            phone = dice.choice(phones)
            kind = dice.choice((*NAMES, INBOX, INBOX))
            act = dice.choice(("deliver", "add", "add", "change", "change", "delete", "pull", "pull", "move"))
            if act == "deliver":
                delivered.append(f"Mail {seed}-{step:02}")
                smtp.deliver(self.server, user, smtp.message(user, delivered[-1]))
            else:
                self.act(dice, phone, kind, act, f"{seed}-{step:02}")
        return user, phones, delivered

    def act(self, dice, phone, kind, act, name):
        box = phone.box(kind)
        item = dice.choice(sorted(box.items)) if box.items else None
        if act == "move" and kind == INBOX and item:
            self.insist(dice, lambda lose: self.move(phone, item, lose))
            return
        make = {CONTACTS: contact, NOTES: note, TASKS: task,
                CALENDAR: lambda s: event(s, "20400101T090000Z", "20400101T100000Z")}.get(kind)
        commands = []
        if act == "add" and make:
            commands = [phone.add_command(new_client_id(), *make(f"Item {name}"))]
        elif act == "change" and item:
            properties = make(f"Edit {name}") if make else [E("Email:Read", dice.randrange(2))]
            properties = [p for p in properties if p is not None and p.tag not in ("ClientUid",)]
            commands = [phone.change_command(item, *properties)]
        elif act == "delete" and item:
            commands = [phone.delete_command(item)]
        self.insist(dice, lambda lose: phone.sync_box(kind, commands, lose=lose, window=dice.choice((1, 3, 100)),
                                                      get_changes=dice.choice((None, None, 1))))

    def move(self, phone, item, lose):
        """To the trash; Status 1 when another device was quicker, which the next Sync tells."""
        inbox, trash = phone.box(INBOX), phone.box(TRASH)
        answer = phone.move_items([(item, inbox.folder.id, trash.folder.id)], lose=lose)
        status = answer.root.number("Response/Status")
        self.assertIn(status, (1, 3), answer)
        if status == 3:
            del inbox.items[item]
            inbox.moved_away.add(item)

    def insist(self, dice, call):
        """Repeats the call until an answer arrives; each try may be lost somewhere."""
        for _ in range(20):
            try:
                return call(dice.choice((None, None, "unread", "request", dice.randrange(1, 600))))
            except Lost:
                continue
        return call(None)

    def test_w4_all_devices_agree_at_the_end_of_the_day(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                user, phones, delivered = self.day(seed)
                fresh = self.phone(user)
                for phone in (*phones, fresh):
                    for kind in (*NAMES, INBOX, TRASH):
                        phone.pull(kind, options=ALL.get(kind))
                for kind in (*NAMES, INBOX, TRASH):
                    held = fresh.box(kind).items
                    for phone in phones:
                        self.assertEqual(sorted(held), sorted(phone.box(kind).items), f"ids of type {kind}")
                        for name in (NAMES.get(kind, "Email:Subject"), "Email:Read"):
                            self.assertEqual({i: item.text(name) for i, item in held.items()},
                                             {i: item.text(name) for i, item in phone.box(kind).items.items()})
                subjects = fresh.box(INBOX).texts("Email:Subject") + fresh.box(TRASH).texts("Email:Subject")
                self.assertEqual(len(subjects), len(set(subjects)), "no mail twice")
                self.assertLessEqual(set(subjects), set(delivered))

    def test_the_store_is_sound_afterwards(self):
        self.server.cli("verify")


if __name__ == "__main__":
    unittest.main()
