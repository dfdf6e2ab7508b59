"""D1: what was acknowledged is there after a kill and after a restart, once."""

import unittest

import smtp
from case import ServerCase
from items import contact, note
from phone import CONTACTS, INBOX, NOTES


class DurabilityTest(ServerCase):
    def crash(self, *phones):
        self.server.kill()
        self.server.start()
        for phone in phones:
            phone.close()

    def test_d1_acknowledged_mail_survives_a_kill(self):
        user = self.person()
        phone = self.phone(user)
        phone.pull(INBOX)
        for number in range(5):
            self.mail(user, f"Mail {number}")
            self.crash(phone)
            phone.pull(INBOX)
            self.assertEqual([f"Mail {n}" for n in range(number + 1)], phone.box(INBOX).texts("Email:Subject"))

    def test_d1_a_key_that_was_given_is_kept(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(CONTACTS)
        for number in range(5):
            phone.add(CONTACTS, *contact(f"Contact {number}"))
            self.crash(phone)
            self.assertTrue(phone.sync_box(CONTACTS).quiet, "neither Status 3 nor an echo")
        self.assertEqual([], phone.learn_folders())
        self.assertEqual(5, len(self.phone(user).pull(CONTACTS).items))

    def test_d5_a_request_without_answer_is_repeated_after_the_kill(self):
        user = self.person()
        phone = self.phone(user)
        phone.start(NOTES)
        for number in range(4):
            command = phone.add_command(f"note-{number}", *note(f"Note {number}"))
            connection = phone.connect()
            import wbxml
            body = wbxml.encode(phone_request(phone, command))
            head = f"POST {phone.target('Sync')} HTTP/1.1\r\nHost: x\r\nContent-Type: application/vnd.ms-sync.wbxml\r\nContent-Length: {len(body)}\r\n"
            connection.send(head.encode() + "".join(f"{k}: {v}\r\n" for k, v in phone.headers()).encode() + b"\r\n" + body)
            self.crash(phone)
            connection.close()
            phone.sync_box(NOTES, [command])
        self.assertEqual([f"Note {n}" for n in range(4)], self.phone(user).pull(NOTES).texts("Notes:Subject"))

    def test_the_store_is_sound_after_kills_under_load(self):
        user = self.person()
        sent = 0
        for _ in range(3):
            with smtp.Smtp(self.server.smtp_port) as session:
                session.hello()
                for _ in range(10):
                    session.envelope("a@example.net", [user])
                    self.assertEqual(250, session.data(smtp.message(user, f"Load {sent:02}"))[0])
                    sent += 1
                session.envelope("a@example.net", [user])
                session.expect("DATA", 354)
                session.send(b"Subject: never finished\r\n")
                self.crash()
        self.server.cli("verify")
        self.assertEqual([f"Load {n:02}" for n in range(sent)], self.phone(user).pull(INBOX).texts("Email:Subject"))

    def test_r15_a_clean_restart_keeps_everything(self):
        user = self.person()
        phone = self.phone(user)
        self.mail(user, "Before")
        phone.pull(INBOX)
        self.server.restart()
        phone.close()
        self.mail(user, "After")
        result = phone.sync_box(INBOX)
        self.assertEqual(1, len(result.adds))
        self.assertEqual(["After", "Before"], phone.box(INBOX).texts("Email:Subject"))
        self.server.cli("verify")


def phone_request(phone, command):
    from eas import E
    return E("AirSync:Sync", E("Collections", phone.request_of(phone.box(NOTES), [command])))


if __name__ == "__main__":
    unittest.main()
