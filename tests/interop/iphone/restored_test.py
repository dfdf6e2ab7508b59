"""After an older copy of the store was put back, every phone converges: nothing doubled, nothing that is gone comes back."""

import os
import shutil
import unittest

import smtp
from case import ServerCase
from iphone import IPhone
from items import contact
from phone import CONTACTS, INBOX
from server import PASSWORD


class RestoredTest(ServerCase):
    def iphone(self, user):
        iphone = IPhone(self.server, user, PASSWORD)
        self.addCleanup(iphone.close)
        iphone.enrol()
        iphone.first_fill()
        return iphone

    def start_afresh(self, iphone):
        """What iOS does: FolderSync says 9, so it forgets the folders; Sync says 3 or the folders are new, so it loads them."""
        iphone.close()
        answer = iphone.folder_sync(iphone.folder_key)
        self.assertEqual(9, answer.code, answer)
        iphone.folder_key = "0"
        iphone.boxes.clear()
        iphone.learn_folders()
        iphone.first_fill()

    def test_two_phones_converge_on_the_older_copy(self):
        user = self.person()
        smtp.deliver_many(self.server, user, (smtp.message(user, f"Mail {n}") for n in range(20)))
        one, two = self.iphone(user), self.iphone(user)
        one.add(CONTACTS, *contact("Kept"))
        two.pull(CONTACTS)
        self.server.stop()
        copy = os.path.join(self.server.folder, "copy")
        shutil.copytree(self.server.data, copy, symlinks=True)
        self.server.start()
        one.close(), two.close()
        one.add(CONTACTS, *contact("Made after the copy"))
        self.mail(user, "Came after the copy")
        one.pull(INBOX)
        two.pull(CONTACTS)
        old_key, folder = one.box(CONTACTS).key, one.folder(CONTACTS).id
        self.server.stop()
        shutil.rmtree(self.server.data)
        shutil.move(copy, self.server.data)
        self.server.cli("restored")
        self.server.start()
        one.close()
        answer = one.sync([one.collection(folder, old_key, "Contacts")])
        self.assertEqual({3}, {c.number("Status") for c in answer.root.all("Collections/Collection")}, answer)
        for phone in (one, two):
            self.start_afresh(phone)
            self.assertEqual(["Kept"], phone.box(CONTACTS).texts("Contacts:LastName"))
            self.assertEqual(sorted(f"Mail {n}" for n in range(20)), sorted(phone.box(INBOX).texts("Email:Subject")))
        two.add(CONTACTS, *contact("New life"))
        self.assertEqual(["Kept", "New life"], sorted(one.pull(CONTACTS).texts("Contacts:LastName")))


if __name__ == "__main__":
    unittest.main()
