"""W4: an answer lost at any point is repeated without a duplicate and without a loss (hardening W4, D5)."""

import unittest

import smtp
from case import ServerCase
from eas import E
from phone import CONTACTS, INBOX, NOTES, SENT, new_client_id
from wire import Lost

CUTS = ("request", "unread", 1, 17, 60, 120, 180, 240, 300, 400, 600, 1000, 2000)


def contact(name):
    return [E("Contacts:FileAs", name), E("Contacts:LastName", name)]


class LostAnswersTest(ServerCase):
    def lose(self, call, *arguments, **options):
        """Runs the call with a cut; True when the answer was lost, False when the cut lay behind its end."""
        try:
            call(*arguments, **options)
        except Lost:
            return True
        return False

    def test_w4_server_changes_survive_every_cut(self):
        user = self.person()
        phone, writer = self.phone(user), self.phone(user)
        phone.pull(INBOX)
        writer.pull(INBOX)
        expected = []
        for number, cut in enumerate(CUTS):
            expected.append(f"Mail {number:02}")
            self.mail(user, expected[-1])
            with self.subTest(cut=cut):
                with self.assertRaises(Lost):
                    phone.sync([phone.request_of(phone.box(INBOX))], lose=cut)
                phone.sync_box(INBOX)
                self.assertEqual(expected, phone.box(INBOX).texts("Email:Subject"))
                self.assertTrue(phone.sync_box(INBOX).quiet)

    def test_w4_an_add_of_the_client_is_made_once(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(CONTACTS)
        for number, cut in enumerate(CUTS):
            name, client_id = f"Contact {number:02}", new_client_id()
            command = phone.add_command(client_id, *contact(name))
            with self.subTest(cut=cut):
                with self.assertRaises(Lost):
                    phone.sync([phone.request_of(phone.box(CONTACTS), [command])], lose=cut)
                result = phone.sync_box(CONTACTS, [command])
                self.assertEqual(1, result.added[client_id].number("Status"))
                self.assertEqual([], result.adds, "its own item does not come back as an Add")
        fresh = self.phone(user)
        self.assertEqual([f"Contact {n:02}" for n in range(len(CUTS))], fresh.pull(CONTACTS).texts("Contacts:FileAs"))
        self.assertEqual(fresh.box(CONTACTS).items.keys(), phone.box(CONTACTS).items.keys())

    def test_w4_several_losses_in_a_row(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(CONTACTS)
        client_id = new_client_id()
        command = phone.add_command(client_id, *contact("Stubborn"))
        for cut in ("unread", 50, "request", "unread", 200, "unread"):
            with self.assertRaises(Lost):
                phone.sync([phone.request_of(phone.box(CONTACTS), [command])], lose=cut)
        phone.sync_box(CONTACTS, [command])
        self.assertEqual(["Stubborn"], self.phone(user).pull(CONTACTS).texts("Contacts:FileAs"))

    def test_w4_the_repeat_may_carry_more(self):
        """The phone repeats with the same key, but the user has meanwhile made another item."""
        user = self.person()
        phone = self.phone(user)
        phone.start(CONTACTS)
        first, second = phone.add_command("one", *contact("First")), phone.add_command("two", *contact("Second"))
        with self.assertRaises(Lost):
            phone.sync([phone.request_of(phone.box(CONTACTS), [first])], lose="unread")
        result = phone.sync_box(CONTACTS, [first, second])
        self.assertEqual({"one", "two"}, set(result.added))
        self.assertEqual(["First", "Second"], self.phone(user).pull(CONTACTS).texts("Contacts:FileAs"))

    def test_w4_server_changes_that_came_meanwhile_arrive(self):
        user = self.person()
        phone = self.phone(user)
        phone.pull(INBOX)
        self.mail(user, "lost")
        with self.assertRaises(Lost):
            phone.sync([phone.request_of(phone.box(INBOX))], lose="unread")
        self.mail(user, "meanwhile")
        phone.pull(INBOX)
        self.assertEqual(["lost", "meanwhile"], phone.box(INBOX).texts("Email:Subject"))

    def test_w4_what_was_deleted_between_loss_and_repeat(self):
        user = self.person()
        phone, other = self.phone(user), self.phone(user)
        phone.pull(INBOX)
        self.mail(user, "brief")
        with self.assertRaises(Lost):
            phone.sync([phone.request_of(phone.box(INBOX))], lose="unread")
        other.delete(INBOX, other.pull(INBOX).by("Email:Subject", "brief").id, deletes_as_moves=0)
        phone.pull(INBOX)
        self.assertEqual([], phone.box(INBOX).texts("Email:Subject"))

    def test_w4_a_client_delete_and_change_are_repeated(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(CONTACTS)
        changed, deleted = phone.add(CONTACTS, *contact("Change me")), phone.add(CONTACTS, *contact("Delete me"))
        commands = [phone.change_command(changed, *contact("Changed")), phone.delete_command(deleted)]
        for cut in ("unread", 90):
            with self.assertRaises(Lost):
                phone.sync([phone.request_of(phone.box(CONTACTS), commands)], lose=cut)
        result = phone.sync_box(CONTACTS, commands)
        self.assertEqual(1, result.status)
        self.assertEqual(["Changed"], self.phone(user).pull(CONTACTS).texts("Contacts:FileAs"))
        self.assertTrue(phone.sync_box(CONTACTS).quiet)

    def test_w4_a_lost_round_in_the_middle_of_the_fill(self):
        user = self.person()
        smtp.deliver_many(self.server, user, (smtp.message(user, f"Mail {n:02}") for n in range(30)))
        phone = self.phone(user)
        box = phone.start(INBOX)
        for cut in (700, "unread", 3000, "request", 100):
            with self.assertRaises(Lost):
                phone.sync([phone.request_of(box, window=5)], lose=cut)
            phone.sync_box(INBOX, window=5)
        phone.pull(INBOX, window=5)
        self.assertEqual([f"Mail {n:02}" for n in range(30)], box.texts("Email:Subject"))

    def test_w4_a_lost_key_0(self):
        user = self.person()
        self.mail(user, "Hello")
        phone = self.phone(user)
        box = phone.box(INBOX)
        for cut in ("unread", 60, "request"):
            with self.assertRaises(Lost):
                phone.sync([phone.request_of(box)], lose=cut)
        self.assertEqual(["Hello"], phone.pull(INBOX).texts("Email:Subject"))

    def test_w4_a_lost_narrowing_of_the_window(self):
        from eas import body_preference, sync_options
        user = self.person()
        self.mail(user, "Hello")
        phone = self.phone(user)
        box = phone.pull(INBOX)
        options = sync_options(1, [body_preference(1, 100)])
        with self.assertRaises(Lost):
            self.mail(user, "World")
            phone.sync([phone.request_of(box, options=options)], lose="unread")
        phone.pull(INBOX, options=options)
        self.assertEqual(["Hello", "World"], box.texts("Email:Subject"))

    def test_w4_the_key_before_the_previous_one_is_status_3(self):
        user = self.person()
        phone = self.phone(user)
        box = phone.pull(INBOX)
        old = box.key
        for number in range(3):
            self.mail(user, f"Mail {number}")
            phone.sync_box(INBOX)
        answer = phone.sync([phone.collection(box.folder.id, old)])
        self.assertEqual(3, answer.root.number("Collections/Collection/Status"), answer)

    def test_a_key_that_never_was_is_status_3_and_0_mends_it(self):
        user = self.person()
        self.mail(user, "Hello")
        phone = self.phone(user)
        box = phone.pull(INBOX)
        for key in ("4711", "x", "{00}1", "y" * 64):
            answer = phone.sync([phone.collection(box.folder.id, key)])
            self.assertEqual(3, answer.root.number("Collections/Collection/Status"), answer)
        self.assertTrue(phone.sync_box(INBOX).quiet, "a wrong key does no harm to the right one")
        box.key = "0"
        self.assertEqual(["Hello"], phone.pull(INBOX).texts("Email:Subject"))

    # -- SendMail --------------------------------------------------------------------------------------------------

    def test_w4_a_mail_is_sent_once(self):
        sender, receiver = self.person(), self.person()
        phone = self.phone(sender)
        for number, cut in enumerate(("request", "unread", 1, 10, 50, 100)):
            mime = smtp.message(receiver, f"Once {number}", sender=sender)
            client_id = f"send-{number}"
            self.lose(phone.send_mail, mime, client_id, lose=cut)
            answer = phone.send_mail(mime, client_id)
            self.assertTrue((answer.status == 200 and not answer.body) or answer.code == 118, answer)
        expected = [f"Once {n}" for n in range(6)]
        box = self.phone(receiver)
        self.until(lambda: len(box.pull(INBOX).items) >= 6, what="six mails")
        self.assertEqual(expected, box.pull(INBOX).texts("Email:Subject"))
        self.assertEqual(expected, phone.pull(SENT).texts("Email:Subject"), "one copy each in Sent")

    def test_w4_the_client_id_is_remembered_over_a_restart(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(NOTES)
        command = phone.add_command("note-1", E("Notes:Subject", "Once"), E("Notes:MessageClass", "IPM.StickyNote"),
            E("AirSyncBase:Body", E("Type", 1), E("Data", "text")))
        with self.assertRaises(Lost):
            phone.sync([phone.request_of(phone.box(NOTES), [command])], lose="unread")
        self.server.restart()
        phone.close()
        result = phone.sync_box(NOTES, [command])
        self.assertEqual(1, result.added["note-1"].number("Status"))
        self.assertEqual(["Once"], self.phone(user).pull(NOTES).texts("Notes:Subject"))

    def test_w4_the_client_id_outlives_key_0(self):
        """A phone that starts afresh after the loss still repeats its unsent item with the same ClientId."""
        user = self.person()
        phone = self.phone(user)
        phone.start(CONTACTS)
        command = phone.add_command("persistent", *contact("Only one"))
        with self.assertRaises(Lost):
            phone.sync([phone.request_of(phone.box(CONTACTS), [command])], lose="unread")
        phone.start(CONTACTS)
        phone.sync_box(CONTACTS, [command], get_changes=0)
        self.assertEqual(["Only one"], self.phone(user).pull(CONTACTS).texts("Contacts:FileAs"))


if __name__ == "__main__":
    unittest.main()
