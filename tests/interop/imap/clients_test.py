"""Mail programs that we did not write, against the server: mbsync, offlineimap, curl, mutt and Python's imaplib.

A program that is not installed is skipped with its name.
"""

import imaplib
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib"))

import smtp  # noqa: E402
from case import ServerCase  # noqa: E402
from imap import Imap  # noqa: E402
from server import PASSWORD  # noqa: E402


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


def messages():
    """Bytes that a lossless client must bring back as they are."""
    plain = smtp.message("a@example.org", "Plain")
    long = smtp.message("a@example.org", "Long", "x" * 70 + "\r\n" + "line\r\n" * 20000)
    odd = b"Subject: =?utf-8?q?=C3=BC?= \"odd\"\r\nFrom: Nobody\r\nX-Raw: \xe9\xff\r\n\r\nbody \xc3\xbc\r\n\r\n.\r\n"
    nested = smtp.message("a@example.org", "Files", attachments=[("a.bin", "application/octet-stream", bytes(range(256)) * 40)])
    return [plain, long, odd, nested]


class Clients(ServerCase):
    def setUp(self):
        self.user = self.person()
        self.folder = tempfile.mkdtemp(prefix="lockstep-imap-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.imap = Imap(self.server.imap_port, self.user)
        self.addCleanup(self.imap.close)

    def run_program(self, *words, env=None):
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
                              env={**os.environ, "HOME": self.folder, **(env or {})})
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
        return done.stdout

    def same(self, got, wanted):
        """Compares messages without printing megabytes."""
        self.assertEqual(sorted(len(one) for one in got), sorted(len(one) for one in wanted))
        self.assertTrue(sorted(got) == sorted(wanted), "a message was changed on its way")

    def contents(self, mailbox):
        self.imap.ok(f'SELECT "{mailbox}"')
        if self.imap.ok(f'STATUS "{mailbox}" (MESSAGES)').of("STATUS")[0][1][1] == "0":
            return {}
        got = self.imap.fetch("1:*", "(FLAGS BODY.PEEK[])")
        return {re.sub(rb"X-TUID: .*\r\n", b"", one["BODY[]"]): set(one["FLAGS"]) for one in got.values()}

    # -- mbsync ----------------------------------------------------------------------------------------------------

    def mbsync(self):
        config = os.path.join(self.folder, "mbsyncrc")
        with open(config, "w", encoding="utf-8") as out:
            out.write(f"""
IMAPAccount here
Host 127.0.0.1
Port {self.server.imap_port}
User {self.user}
Pass "{PASSWORD}"
SSLType None
AuthMechs LOGIN

IMAPStore far
Account here

MaildirStore near
Path {self.folder}/mail/
Inbox {self.folder}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
CopyArrivalDate yes
SyncState *
""")
        os.makedirs(os.path.join(self.folder, "mail"), exist_ok=True)
        self.run_program("mbsync", "-c", config, "-a")

    def maildir(self, mailbox):
        found = {}
        for part in ("cur", "new"):
            place = os.path.join(self.folder, "mail", mailbox, part)
            for name in os.listdir(place) if os.path.isdir(place) else ():
                with open(os.path.join(place, name), "rb") as data:
                    found[os.path.join(place, name)] = data.read()
        return found

    @needs("mbsync")
    def test_mbsync_brings_mail_both_ways_without_loss(self):
        sent = messages()
        for data in sent:
            self.imap.append("INBOX", data, "\\Seen" if b"Plain" in data else "")
        self.imap.ok("CREATE Work")
        self.imap.append("Work", sent[0], "\\Flagged")
        self.mbsync()
        # mbsync writes a mark of its own into what it files.
        got = [re.sub(rb"X-TUID: .*\r\n", b"", data.replace(b"\n", b"\r\n")) for data in self.maildir("INBOX").values()]
        self.same(got, sent)
        self.assertEqual(len(self.maildir("Work")), 1)
        # A new message, a change of flags and a removal on this side.
        with open(os.path.join(self.folder, "mail", "Work", "cur", "1700000000.x.y:2,S"), "wb") as out:
            out.write(sent[2].replace(b"\r\n", b"\n"))
        first = next(path for path in self.maildir("INBOX") if path.endswith("S"))
        os.rename(first, first[:-1] + "FS")
        removed = next(path for path, data in self.maildir("INBOX").items() if b"Files" in data)
        os.unlink(removed)
        self.mbsync()
        self.assertEqual(self.contents("Work")[sent[2]], {"\\Seen"})
        inbox = self.contents("INBOX")
        self.assertEqual(inbox[sent[0]], {"\\Seen", "\\Flagged"})
        self.assertFalse(sent[3] in inbox)
        # Nothing is left to do.
        before = self.contents("INBOX"), self.contents("Work")
        self.mbsync()
        self.assertTrue((self.contents("INBOX"), self.contents("Work")) == before, "a second run changed something")

    # -- others ----------------------------------------------------------------------------------------------------

    @needs("offlineimap")
    def test_offlineimap_mirrors_an_account(self):
        for data in messages()[:2]:
            self.imap.append("INBOX", data)
        config = os.path.join(self.folder, "offlineimaprc")
        with open(config, "w", encoding="utf-8") as out:
            out.write(f"""
[general]
accounts = here
metadata = {self.folder}/meta
[Account here]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = {self.folder}/mail
[Repository far]
type = IMAP
remotehost = 127.0.0.1
remoteport = {self.server.imap_port}
remoteuser = {self.user}
remotepass = {PASSWORD}
ssl = no
starttls = no
auth_mechanisms = PLAIN
""")
        self.run_program("offlineimap", "-c", config, "-o", "-u", "quiet")
        self.assertEqual(len(self.maildir("INBOX")), 2)

    @needs("curl")
    def test_curl_lists_reads_appends_and_searches(self):
        data = messages()[0]
        path = os.path.join(self.folder, "mail.eml")
        with open(path, "wb") as out:
            out.write(data)
        base, login = f"imap://127.0.0.1:{self.server.imap_port}", f"{self.user}:{PASSWORD}"
        self.run_program("curl", "-sS", "-u", login, "-T", path, f"{base}/INBOX")
        self.assertIn("SEARCH 1", self.run_program("curl", "-sS", "-u", login, f"{base}/INBOX?SUBJECT%20Plain"))
        got = self.run_program("curl", "-sS", "-u", login, f"{base}/INBOX/;UID=1")
        self.assertEqual(got.replace("\r\n", "\n"), data.decode().replace("\r\n", "\n"))
        listing = self.run_program("curl", "-sSk", "-u", login, f"imaps://127.0.0.1:{self.server.imaps_port}/")
        self.assertIn("INBOX", listing)

    @needs("mutt")
    def test_mutt_flags_and_moves(self):
        sent = messages()[:2]
        for data in sent:
            self.imap.append("INBOX", data)
        config = os.path.join(self.folder, "muttrc")
        with open(config, "w", encoding="utf-8") as out:
            out.write(f"""
set imap_user = "{self.user}"
set imap_pass = "{PASSWORD}"
set imap_authenticators = "plain:login"
set folder = "imap://127.0.0.1:{self.server.imap_port}/"
set spoolfile = "+INBOX"
set ssl_starttls = no
set ssl_force_tls = no
set confirmappend = no
set delete = yes
set quit = yes
set mail_check = 0
unset header_cache
push "<tag-pattern>~s Plain<enter><tag-prefix><set-flag>!<tag-prefix><save-message>=Archive<enter><quit>"
""")
        inside, outside = pty.openpty()
        try:
            process = subprocess.Popen(("mutt", "-n", "-F", config), stdin=outside, stdout=outside, stderr=outside,
                                       env={**os.environ, "HOME": self.folder, "TERM": "xterm"})
            deadline, said = time.monotonic() + 60, b""
            while process.poll() is None and time.monotonic() < deadline:
                if select.select([inside], [], [], 0.1)[0]:
                    said += os.read(inside, 65536)
            if process.poll() is None:
                process.kill()
            self.assertEqual(process.wait(), 0, said[-2000:])
        finally:
            os.close(inside)
            os.close(outside)
        self.assertEqual(self.contents("Archive"), {sent[0]: {"\\Flagged"}}, said[-1500:])
        self.assertEqual(list(self.contents("INBOX")), [sent[1]])

    def test_imaplib_works_through_a_whole_day(self):
        client = imaplib.IMAP4("127.0.0.1", self.server.imap_port)
        client.login(self.user, PASSWORD)
        data = messages()[2]
        self.assertEqual(client.append("Drafts", "(\\Draft)", None, data)[0], "OK")
        self.assertEqual(client.select("Drafts"), ("OK", [b"1"]))
        kind, got = client.fetch("1", "(FLAGS BODY[])")
        self.assertEqual((kind, got[0][1]), ("OK", data))
        self.assertEqual(client.uid("SEARCH", None, "DRAFT")[1], [b"1"])
        self.assertEqual(client.store("1", "+FLAGS", "\\Deleted")[0], "OK")
        self.assertEqual(client.expunge()[1], [b"1"])
        self.assertEqual(client.list()[0], "OK")
        self.assertEqual(client.logout()[0], "BYE")


if __name__ == "__main__":
    unittest.main()
