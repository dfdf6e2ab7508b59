"""Ping: woken within milliseconds, never by its own change, and every status (MS-ASCMD 2.2.1.13, 2.2.3.177.11)."""

import time
import unittest

import wbxml
import wire
from case import Background, ServerCase
from eas import WBXML_TYPE, E
from phone import CALENDAR, CONTACTS, INBOX, SENT, USER_MAIL

WAKE_SECONDS = 1.0


class PingTest(ServerCase):
    def waiting(self, *kinds, heartbeat=600, user=None):
        """A phone with synchronised folders and a Ping that hangs; returns (phone, Background)."""
        phone = self.phone(user)
        kinds = kinds or (INBOX,)
        for kind in kinds:
            phone.pull(kind)
        ping = Background(phone.ping, self.folders(phone, *kinds), heartbeat, timeout=60)
        time.sleep(0.3)
        self.assertTrue(ping.running, ping.value)
        return phone, ping

    def folders(self, phone, *kinds):
        return [(phone.folder(kind).id, phone.folder(kind).item_class) for kind in kinds]

    def changed(self, answer):
        self.assertEqual(2, answer.code, answer)
        return [node.text() for node in answer.root.all("Folders/Folder")]

    def parked(self):
        """How many requests wait in the server, as its metrics say."""
        text = wire.fetch(self.server.http_port, "GET", "/metrics").body.decode()
        samples = [line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith("lockstep_parked_requests")]
        return sum(float(sample) for sample in samples)

    # -- waking ----------------------------------------------------------------------------------------------------

    def test_mail_wakes_the_phone_at_once(self):
        phone, ping = self.waiting()
        begin = time.monotonic()
        self.mail(phone.user, "Wake up")
        self.assertEqual([phone.folder(INBOX).id], self.changed(ping.result(10)))
        self.assertLess(time.monotonic() - begin, WAKE_SECONDS)
        self.assertEqual(["Wake up"], phone.pull(INBOX).texts("Email:Subject"))

    def test_only_changed_folders_are_named(self):
        phone, ping = self.waiting(INBOX, CONTACTS, CALENDAR)
        other = self.phone(phone.user)
        other.start(CONTACTS)
        other.add(CONTACTS, E("Contacts:FileAs", "New"), E("Contacts:LastName", "New"))
        self.assertEqual([phone.folder(CONTACTS).id], self.changed(ping.result(10)))

    def test_a_change_that_already_waits_answers_at_once(self):
        phone = self.phone()
        phone.pull(INBOX)
        self.mail(phone.user, "Before the Ping")
        begin = time.monotonic()
        self.assertEqual([phone.folder(INBOX).id], self.changed(phone.ping(self.folders(phone, INBOX), 600)))
        self.assertLess(time.monotonic() - begin, WAKE_SECONDS)

    def test_a_flag_of_another_device_wakes(self):
        user = self.person()
        self.mail(user, "Read me")
        phone, ping = self.waiting(user=user)
        other = self.phone(user)
        item = other.pull(INBOX).by("Email:Subject", "Read me").id
        other.change(INBOX, item, E("Email:Read", 1))
        self.assertEqual([phone.folder(INBOX).id], self.changed(ping.result(10)))

    def test_the_phones_own_changes_never_wake_it(self):
        user = self.person()
        self.mail(user, "Mine")
        phone, ping = self.waiting(INBOX, CONTACTS, SENT, user=user)
        item = phone.box(INBOX).by("Email:Subject", "Mine").id
        phone.change(INBOX, item, E("Email:Read", 1))
        phone.add(CONTACTS, E("Contacts:FileAs", "Own"), E("Contacts:LastName", "Own"))
        phone.delete(INBOX, item, deletes_as_moves=0)
        time.sleep(1)
        if not ping.running:
            self.assertNotEqual(2, ping.result().code, "a Sync may end the Ping quietly, but not as 'changed'")
        again = Background(phone.ping, self.folders(phone, INBOX, CONTACTS), 600, timeout=60)
        time.sleep(0.8)
        self.assertTrue(again.running, f"the next Ping is not answered for own changes either: {again.value}")
        self.mail(user, "Someone else's")
        self.changed(again.result(10))

    def test_a_ping_is_not_answered_twice_for_one_visible_change(self):
        phone, ping = self.waiting()
        self.mail(phone.user, "Once")
        self.changed(ping.result(10))
        phone.pull(INBOX)
        again = Background(phone.ping, self.folders(phone, INBOX), 600, timeout=60)
        time.sleep(0.8)
        self.assertTrue(again.running, again.value)
        self.mail(phone.user, "Twice")
        self.changed(again.result(10))

    def test_other_peoples_mail_wakes_nobody_here(self):
        phone, ping = self.waiting()
        self.mail(self.person(), "Not yours")
        time.sleep(0.8)
        self.assertTrue(ping.running)
        self.mail(phone.user, "Yours")
        self.changed(ping.result(10))

    def test_a_new_folder_is_status_7(self):
        phone, ping = self.waiting()
        self.phone(phone.user).make_folder("Fresh", USER_MAIL)
        self.assertEqual(7, ping.result(10).code)
        phone.learn_folders()
        again = Background(phone.ping, self.folders(phone, INBOX), 600, timeout=60)
        time.sleep(0.5)
        self.assertTrue(again.running, again.value)
        self.mail(phone.user, "End")
        again.result(10)

    # -- the newer request wins --------------------------------------------------------------------------------------

    def test_a_newer_ping_ends_the_older(self):
        phone, first = self.waiting()
        second = Background(phone.ping, self.folders(phone, INBOX), 600, timeout=60)
        self.assertIsNotNone(first.result(5))
        self.assertTrue(second.running)
        self.mail(phone.user, "For the second")
        self.changed(second.result(10))

    def test_a_sync_during_a_ping_is_answered(self):
        phone, ping = self.waiting()
        self.assertTrue(phone.sync_box(INBOX).quiet)
        self.mail(phone.user, "After the Sync")
        answer = ping.result(10)
        self.assertIn(answer.code, (1, 2), answer)
        self.assertEqual(["After the Sync"], phone.pull(INBOX).texts("Email:Subject"))

    def test_pings_of_two_phones_do_not_disturb_each_other(self):
        one, first = self.waiting()
        two, second = self.waiting(user=one.user)
        time.sleep(0.3)
        self.assertTrue(first.running and second.running)
        self.mail(one.user, "For both")
        self.changed(first.result(10))
        self.changed(second.result(10))

    # -- parameters --------------------------------------------------------------------------------------------------

    def test_an_empty_ping_repeats_the_last_one(self):
        phone, ping = self.waiting()
        self.mail(phone.user, "One")
        self.changed(ping.result(10))
        phone.pull(INBOX)
        again = Background(phone.ping, timeout=60)
        time.sleep(0.5)
        self.assertTrue(again.running, again.value)
        self.mail(phone.user, "Two")
        self.assertEqual([phone.folder(INBOX).id], self.changed(again.result(10)))

    def test_a_ping_without_folders_keeps_them(self):
        phone, ping = self.waiting()
        self.mail(phone.user, "One")
        ping.result(10)
        phone.pull(INBOX)
        again = Background(phone.ping, None, 900, timeout=60)
        time.sleep(0.3)
        self.mail(phone.user, "Two")
        self.assertEqual([phone.folder(INBOX).id], self.changed(again.result(10)))

    def test_an_empty_ping_of_a_new_device_is_status_3(self):
        phone = self.phone()
        self.assertEqual(3, phone.ping().code)
        self.assertEqual(3, phone.ping(None, 600).code)

    def test_a_heartbeat_out_of_range_is_status_5_with_the_bound(self):
        phone = self.phone()
        phone.pull(INBOX)
        for heartbeat, bound in ((1, 60), (59, 60), (0, 60), (3541, 3540), (86400, 3540), (10**9, 3540)):
            with self.subTest(heartbeat):
                answer = phone.ping(self.folders(phone, INBOX), heartbeat)
                self.assertEqual((5, bound), (answer.code, answer.root.number("HeartbeatInterval")), answer)

    def test_the_longest_heartbeat_is_taken(self):
        phone, ping = self.waiting(heartbeat=3540)
        self.mail(phone.user, "End")
        self.changed(ping.result(10))

    def test_too_many_folders_is_status_6_with_the_number(self):
        phone = self.phone()
        answer = phone.ping([(f"9{number}", "Email") for number in range(1000)], 600)
        self.assertEqual(6, answer.code, answer)
        self.assertGreaterEqual(answer.root.number("MaxFolders"), 100)

    def test_a_malformed_ping_is_status_4(self):
        phone = self.phone()
        for root in (E("Ping:Ping", E("HeartbeatInterval", "soon"), E("Folders", E("Folder", E("Id", "1"), E("Class", "Email")))),
                     E("Ping:Ping", E("HeartbeatInterval", 600), E("Folders", E("Folder", E("Class", "Email")))),
                     E("Ping:Ping", E("HeartbeatInterval", -5), E("Folders", E("Folder", E("Id", "1"), E("Class", "Email"))))):
            answer = phone.post("Ping", root)
            self.assertIn(answer.code, (4, 5), answer)

    def test_bytes_that_are_no_wbxml_are_400(self):
        phone = self.phone()
        self.assertEqual(400, phone.post("Ping", body=b"\x03\x01\x6a\x00\x00", kind=WBXML_TYPE).status)

    def test_quirk_18_folders_never_synchronised_are_ignored(self):
        """iOS lists folders before it synchronises them; answering 'changed' makes it loop."""
        user = self.person()
        self.mail(user, "Waiting")
        phone = self.phone(user)
        phone.pull(CONTACTS)
        ping = Background(phone.ping, self.folders(phone, INBOX, CONTACTS), 600, timeout=60)
        time.sleep(0.8)
        self.assertTrue(ping.running, ping.value)
        other = self.phone(user)
        other.start(CONTACTS)
        other.add(CONTACTS, E("Contacts:FileAs", "New"), E("Contacts:LastName", "New"))
        self.assertEqual([phone.folder(CONTACTS).id], self.changed(ping.result(10)))

    def test_a_folder_that_is_gone_is_status_7(self):
        phone = self.phone()
        phone.pull(INBOX)
        answer = Background(phone.ping, self.folders(phone, INBOX) + [("98765", "Email")], 600, timeout=20)
        time.sleep(0.5)
        if answer.running:
            self.mail(phone.user, "End")
            self.changed(answer.result(10))
        else:
            self.assertEqual(7, answer.result().code)

    # -- connections -------------------------------------------------------------------------------------------------

    def test_a_phone_that_vanishes_leaves_nothing_behind(self):
        phone = self.phone()
        phone.pull(INBOX)
        body = wbxml.encode(E("Ping:Ping", E("HeartbeatInterval", 600), E("Folders", [
            E("Folder", E("Id", phone.folder(INBOX).id), E("Class", "Email"))])))
        for _ in range(30):
            connection = phone.connect()
            head = f"POST {phone.target('Ping')} HTTP/1.1\r\nHost: x\r\nContent-Type: {WBXML_TYPE}\r\nContent-Length: {len(body)}\r\n"
            head += "".join(f"{key}: {value}\r\n" for key, value in phone.headers())
            connection.send(head.encode() + b"\r\n" + body)
            connection.close()
        self.until(lambda: self.parked() == 0, 10, "an end of the parked requests")
        self.mail(phone.user, "Still fine")
        self.assertEqual(["Still fine"], phone.pull(INBOX).texts("Email:Subject"))

    def test_twenty_phones_wait_and_all_are_woken(self):
        user = self.person()
        phones = []
        for _ in range(20):
            phone = self.phone(user)
            phone.pull(INBOX)
            phones.append(phone)
        pings = [Background(phone.ping, self.folders(phone, INBOX), 600, timeout=60) for phone in phones]
        time.sleep(1)
        self.assertTrue(all(ping.running for ping in pings))
        self.mail(user, "All of you")
        for ping in pings:
            self.changed(ping.result(10))


class PingClockTest(ServerCase):
    """The server's clock is moved by hand."""

    settings = {"clock.manual": "true"}

    def test_the_heartbeat_ends_with_status_1(self):
        phone = self.phone()
        phone.pull(INBOX)
        for heartbeat, before, after in ((60, "58s", "3s"), (3540, "3500s", "41s")):
            with self.subTest(heartbeat):
                ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], heartbeat, timeout=60)
                time.sleep(0.3)
                self.server.advance(before)
                time.sleep(0.3)
                self.assertTrue(ping.running, ping.value)
                self.server.advance(after)
                self.assertEqual(1, ping.result(10).code)

    def test_a_long_ping_is_woken_near_its_end(self):
        phone = self.phone()
        phone.pull(INBOX)
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 3540, timeout=60)
        time.sleep(0.3)
        self.server.advance("3500s")
        self.mail(phone.user, "Just in time")
        self.assertEqual(2, ping.result(10).code)


if __name__ == "__main__":
    unittest.main()
