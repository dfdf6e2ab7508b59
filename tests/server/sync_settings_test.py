"""Synchronization settings add and remove on the device, without a new chain of keys."""

import time
import unittest

from case import Background, ServerCase
from items import event
from phone import CALENDAR, CONTACTS


def day(offset):
    return time.strftime("%Y%m%d", time.gmtime(time.time() + offset * 86400))


def at(offset, name):
    return event(name, day(offset) + "T110000Z", day(offset) + "T120000Z")


class SyncSettingsTest(ServerCase):
    settings = {"clock.manual": "true"}

    def calendar(self):
        phone = self.phone()
        phone.start(CALENDAR)
        for offset, name in ((-60, "Long past"), (-5, "Past"), (0, "Today"), (12, "Soon"), (90, "Far")):
            phone.add(CALENDAR, *at(offset, name))
        other = self.phone(phone.user)
        other.pull(CALENDAR)
        self.assertEqual(5, len(other.box(CALENDAR).items))
        return phone, other

    def names(self, phone):
        return sorted(phone.pull(CALENDAR).texts("Calendar:Subject"))

    def test_days_before_and_after_narrow_and_widen(self):
        _, other = self.calendar()
        self.server.cli("sync", "set", other.user, "after", "30")
        self.assertEqual(["Long past", "Past", "Soon", "Today"], self.names(other))
        self.server.cli("sync", "set", other.user, "before", "10")
        self.assertEqual(["Past", "Soon", "Today"], self.names(other))
        self.server.cli("sync", "unset", other.user, "after")
        self.server.cli("sync", "unset", other.user, "before")
        self.assertEqual(5, len(self.names(other)))

    def test_a_devices_own_setting_goes_before_the_accounts(self):
        one, other = self.calendar()
        self.server.cli("sync", "set", other.user, "after", "0", "--device", other.device_id)
        self.assertNotIn("Soon", self.names(other))
        self.assertIn("Soon", self.names(one))
        shown = self.server.cli_json("sync", "show", other.user, "--device", other.device_id)
        self.assertEqual({"device"}, {row["from"] for row in shown if row["setting"] == "after"})

    def test_a_changed_setting_wakes_the_phone(self):
        _, other = self.calendar()
        folder = other.folder(CALENDAR)
        ping = Background(other.ping, [(folder.id, "Calendar")], 600, timeout=60)
        time.sleep(0.4)
        self.server.cli("sync", "set", other.user, "after", "30")
        self.assertEqual(2, ping.result(10).code)

    def test_the_window_slides_with_the_day(self):
        _, other = self.calendar()
        self.server.cli("sync", "set", other.user, "after", "10")
        self.assertNotIn("Soon", self.names(other))
        self.server.advance("49h")
        self.assertIn("Soon", self.names(other))

    def test_a_hidden_folder_goes_and_comes_by_folder_sync(self):
        phone = self.phone()
        folder = phone.folder(CONTACTS)
        self.server.cli("sync", "set", phone.user, "books", "none")
        phone.learn_folders()
        self.assertNotIn(folder.id, phone.folders)
        answer = phone.sync([phone.collection(folder.id, "0", "Contacts")])
        self.assertEqual({12}, {c.number("Status") for c in answer.root.all("Collections/Collection")})
        self.server.cli("sync", "set", phone.user, "books", "all")
        phone.learn_folders()
        self.assertIn(folder.id, phone.folders)

    def test_the_preview_counts(self):
        phone, _ = self.calendar()
        self.server.cli("sync", "set", phone.user, "after", "30")
        row, = [r for r in self.server.cli_json("sync", "preview", phone.user) if r["name"] == "Calendar"]
        self.assertEqual((4, 5, True), (row["items"], row["total"], row["shown"]))

    def test_wrong_values_are_refused(self):
        phone = self.phone()
        for setting, value in (("after", "many"), ("after", "4000"), ("books", "x"), ("colour", "all")):
            with self.subTest(setting=setting, value=value):
                self.assertNotEqual(0, self.server.run_cli("sync", "set", phone.user, setting, value).returncode)


if __name__ == "__main__":
    unittest.main()
