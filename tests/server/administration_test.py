"""What an administrator does reaches phones at once: quotas, removals, switches, devices."""

import time
import unittest

import smtp
import wire
from case import Background, ServerCase
from items import contact, event
from phone import CALENDAR, CONTACTS, INBOX, USER_CALENDAR


class AdministrationTest(ServerCase):
    def send(self, user, size):
        """One message of about that size; returns the code of the refusal or 250."""
        with smtp.Smtp(self.server.smtp_port) as session:
            session.hello()
            session.expect("MAIL FROM:<a@example.net>", 250)
            code, _ = session.command(f"RCPT TO:<{user}>")
            if code != 250:
                return code
            return session.data(smtp.message(user, f"Size {size}", text=("x" * 70 + "\r\n") * (size // 72)))[0]

    def test_r5_a_full_account_refuses_mail_and_goes_on_working(self):
        user = self.person()
        phone = self.phone(user)
        self.server.cli("account", "quota", user, "300K")
        self.assertEqual(250, self.send(user, 100_000))
        codes = [self.send(user, 100_000) for _ in range(5)]
        self.assertIn(codes[-1], (452, 552), codes)
        box = phone.pull(INBOX)
        held = len(box.items)
        self.assertLess(held, 6)
        for item in list(box.items):
            phone.delete(INBOX, item, deletes_as_moves=0)
        self.assertEqual(250, self.send(user, 100_000), "deleting makes room")
        self.server.cli("account", "quota", user, "0")
        self.assertEqual([250] * 4, [self.send(user, 100_000) for _ in range(4)])

    def test_r5_a_full_account_refuses_items_of_the_phone_with_a_status(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(CONTACTS)
        self.server.cli("account", "quota", user, "20K")
        statuses = []
        for number in range(40):
            answer = phone.sync([phone.request_of(phone.box(CONTACTS), [phone.add_command(f"c{number}", *contact("x" * 2000))])])
            self.assertIn(answer.status, (200, 507), answer)
            if answer.status != 200 or answer.code not in (None, 1):
                statuses.append(answer.code or answer.status)
                break
            node = answer.root.find("Collections/Collection")
            statuses.append(node.number("Responses/Add/Status") if node.number("Status") == 1 else node.number("Status"))
            phone.take(phone.box(CONTACTS), node, [])
            if statuses[-1] != 1:
                break
        self.assertIn(statuses[-1], (9, 113, 507), statuses)

    def test_a_removed_account_ends_its_waiting_phone(self):
        user = self.person()
        phone = self.phone(user)
        phone.pull(INBOX)
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 600, timeout=30)
        time.sleep(0.4)
        self.server.cli("account", "remove", user)
        self.assertEqual(550, self.send(user, 100))
        self.assertEqual(401, phone.options().status)
        self.assertEqual(0, self.server.run_cli("verify").returncode)
        if not ping.running:
            self.assertNotEqual(2, ping.result().code)

    def test_a_removed_address_can_be_given_again_and_is_empty(self):
        user = self.person("again")
        phone = self.phone(user)
        self.mail(user, "Old life")
        phone.pull(INBOX)
        self.server.cli("account", "remove", user)
        self.server.person("again")
        fresh = self.phone(user)
        self.assertEqual([], fresh.pull(INBOX).texts("Email:Subject"))
        self.assertIn(phone.folder_sync(phone.folder_key).code, (9, 142, 144), "the old phone starts anew")

    def test_a_removed_group_takes_its_calendar_along(self):
        people = [self.person() for _ in range(2)]
        group = self.server.group("shortlived", *people)
        phones = [self.phone(person) for person in people]
        folder = phones[0].folder(USER_CALENDAR)
        phones[0].start(folder)
        phones[0].add(folder, *event("Meeting", "20261125T090000Z", "20261125T100000Z"))
        self.server.cli("group", "remove", group)
        for phone in phones:
            phone.learn_folders()
            self.assertNotIn(folder.id, phone.folders)
        self.server.cli("verify")

    def test_a_group_joined_while_the_phone_waits_is_noticed(self):
        user = self.person()
        group = self.server.group("welcome")
        phone = self.phone(user)
        phone.pull(CALENDAR)
        ping = Background(phone.ping, [(phone.folder(CALENDAR).id, "Calendar")], 600, timeout=30)
        time.sleep(0.4)
        self.server.cli("group", "member", "add", group, user)
        self.assertEqual(7, ping.result(10).code)
        self.assertEqual(["Add"], [node.tag for node in phone.learn_folders()])

    def test_an_event_moves_between_the_own_and_the_groups_calendar(self):
        people = [self.person() for _ in range(2)]
        self.server.group("movers", *people)
        one, two = (self.phone(person) for person in people)
        shared = one.folder(USER_CALENDAR)
        one.start(CALENDAR)
        item = one.add(CALENDAR, *event("Public now", "20261125T090000Z", "20261125T100000Z"))
        one.move(item, CALENDAR, shared)
        self.assertEqual(["Public now"], two.pull(shared.id).texts("Calendar:Subject"))
        self.assertEqual([], one.pull(CALENDAR).texts("Calendar:Subject"))
        one.pull(shared)
        (back,) = one.box(shared).items
        one.move(back, shared, CALENDAR)
        self.assertEqual([], two.pull(shared.id).texts("Calendar:Subject"))
        self.assertEqual(["Public now"], one.pull(CALENDAR).texts("Calendar:Subject"))

    def test_a_domain_with_accounts_cannot_be_removed(self):
        self.person()
        self.assertEqual(2, self.server.run_cli("domain", "remove", "example.org").returncode)

    def test_a_second_domain_receives_its_mail(self):
        self.server.add_domain("second.example")
        self.server.cli("account", "add", "anna@second.example", "--password-stdin", stdin="correct horse 7\n")
        self.mail("anna@second.example", "Second")
        self.assertEqual(["Second"], self.inbox_subjects(self.phone("anna@second.example")))

    def test_a_disabled_account_is_out_until_enabled(self):
        user = self.person()
        phone = self.phone(user)
        self.server.cli("account", "disable", user, "activesync")
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 600, timeout=10)
        try:
            answer = ping.result(10)
            self.assertTrue(answer.status == 403 or answer.code in (126, 129, 130, 131), answer)
        except wire.HttpError:
            self.fail("a user who may not synchronise must not be kept waiting")
        self.assertEqual(250, self.send(user, 100), "mail is still received")

    def test_other_commands_get_a_proper_error(self):
        for version in ("12.1", "16.1"):
            phone = self.phone(version=version)
            for command in ("Search", "Find", "MeetingResponse", "ResolveRecipients", "ValidateCert", "Notify", "CreateCollection"):
                with self.subTest(f"{command} at {version}"):
                    answer = phone.post(command)
                    self.assertTrue(answer.status in (400, 501) or (answer.status == 200 and answer.code not in (None, 1)), answer)


if __name__ == "__main__":
    unittest.main()
