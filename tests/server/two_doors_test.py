"""One mailbox through ActiveSync and IMAP at once: flags, moves, removals and drafts arrive on the other side."""

import unittest

from case import ServerCase
from imap import Imap
from phone import INBOX


class TwoDoors(ServerCase):
    def setUp(self):
        self.user = self.person()
        self.phone_ = self.phone(self.user)
        self.imap = Imap(self.server.imap_port, self.user)
        self.addCleanup(self.imap.close)

    def test_what_imap_does_reaches_the_phone(self):
        self.mail(self.user, "One")
        self.mail(self.user, "Two")
        self.assertEqual(sorted(self.inbox_subjects(self.phone_)), ["One", "Two"])
        self.imap.ok("SELECT INBOX")
        self.imap.ok("STORE 1 +FLAGS (\\Seen)")
        self.assertIn("1", self.phone_.pull(INBOX).texts("Email:Read"))
        self.imap.ok("MOVE 2 Archive")
        self.imap.append("INBOX", b"Subject: Three\r\n\r\nx\r\n")
        self.assertEqual(sorted(self.inbox_subjects(self.phone_)), ["One", "Three"])
        self.assertEqual(self.imap.search("ALL"), [1, 2])


if __name__ == "__main__":
    unittest.main()
