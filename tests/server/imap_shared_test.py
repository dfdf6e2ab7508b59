"""IMAP and other people's folders: who may see, read and change what (hardening I11)."""

import unittest

import smtp
from case import ServerCase
from imap import Imap


class Shared(ServerCase):
    def connect(self, user):
        client = Imap(self.server.imap_port, user)
        self.addCleanup(client.close)
        return client

    def test_I11_a_strangers_mailboxes_are_as_if_they_were_not_there(self):
        owner, stranger = self.person("owner"), self.person()
        mine = self.connect(owner)
        mine.ok("CREATE Secret")
        client = self.connect(stranger)
        self.assertFalse([name for name in client.mailboxes() if name.startswith("Shared")])
        for command in ('SELECT "{}"', 'EXAMINE "{}"', 'STATUS "{}" (MESSAGES)', 'DELETE "{}"', 'RENAME "{}" "Mine"',
                        'SUBSCRIBE "{}"', 'GETQUOTAROOT "{}"'):
            answers = set()
            for name in ("Shared/owner/Secret", "Shared/nobody/Nothing"):
                answer = client.run(command.format(name))
                answers.add((answer.status, answer.text))
            self.assertEqual(len(answers), 1, command)
            self.assertEqual(next(iter(answers))[0], "NO", command)
        self.assertEqual(client.run(["APPEND Shared/owner/Secret ", smtp.message("x@example.org")]).status, "NO")
        client.no("CREATE Shared/owner/New", "NOPERM")


if __name__ == "__main__":
    unittest.main()
