"""IMAP: REPLACE, COMPRESS, ACL, uses of folders (RFC 8508, 4978, 4314, 8440, 6154, 6855)."""

import re
import unittest
import zlib

import smtp
from case import ServerCase
from imap import Imap


def mail(subject="Hello", body="Good morning.\r\n"):
    return smtp.message("anna@example.org", subject, body)


class Packed:
    """A socket whose bytes are compressed."""

    def __init__(self, below, window=15):
        self.below = below
        self.out = zlib.compressobj(6, zlib.DEFLATED, -window)
        self.into = zlib.decompressobj(-15)

    def sendall(self, data):
        self.below.sendall(self.out.compress(data) + self.out.flush(zlib.Z_SYNC_FLUSH))

    def recv(self, size):
        while True:
            data = self.below.recv(size)
            if not data:
                return b""
            plain = self.into.decompress(data)
            if plain:
                return plain

    def close(self):
        self.below.close()


class Extensions(ServerCase):
    settings = {"auth.attempts": "100"}

    def connect(self, user=None):
        client = Imap(self.server.imap_port, user or self.person())
        self.addCleanup(client.close)
        return client

    def test_replace_is_one_step(self):
        client = self.connect()
        client.append("Drafts", mail("first"), "\\Draft")
        client.append("Drafts", mail("other"), "\\Draft")
        client.ok("SELECT Drafts")
        answer = client.ok(["REPLACE 1 Drafts (\\Draft \\Seen) ", mail("second")])
        told = [tokens for tokens in answer.untagged if tokens[0] == "OK" or "EXPUNGE" in tokens]
        self.assertIn("[APPENDUID ", told[0][1])
        self.assertEqual(told[1], ["1", "EXPUNGE"])
        subjects = [v["ENVELOPE"][1] for _, v in sorted(client.fetch("1:*", "ENVELOPE").items())]
        self.assertEqual(subjects, ["other", "second"])
        uid = client.fetch("2", "(UID FLAGS)")[2]
        self.assertEqual(set(uid["FLAGS"]), {"\\Draft", "\\Seen"})
        client.ok([f"UID REPLACE {uid['UID']} INBOX ", mail("sent elsewhere")])
        self.assertEqual(client.fetch("1:*", "UID").keys(), {1})
        client.ok("EXAMINE INBOX")
        self.assertEqual(client.fetch("1", "ENVELOPE")[1]["ENVELOPE"][1], "sent elsewhere")
        self.assertEqual(client.run(["REPLACE 1 INBOX ", mail()]).status, "NO")
        client.ok("SELECT INBOX")
        self.assertEqual(client.run(["UID REPLACE 4711 INBOX ", mail()]).status, "NO")
        self.assertEqual(client.run(["REPLACE 1:2 INBOX ", mail()[:20]]).status, "BAD")
        self.assertEqual(client.run(["REPLACE 1 Nowhere ", mail()]).code, "TRYCREATE")
        client.ok("UNSELECT")
        self.assertEqual(client.run(["REPLACE 1 INBOX ", mail()]).status, "BAD")
        client.ok("NOOP")

    def test_quirk_7_a_draft_saved_again_and_again_stays_one(self):
        client = self.connect()
        client.append("Drafts", mail("0"), "\\Draft")
        client.ok("SELECT Drafts")
        for number in range(5):
            uid = client.append("Drafts", mail(str(number + 1)), "\\Draft \\Seen").code.split(" ")[2]
            client.ok("UID STORE 1:%d +FLAGS.SILENT (\\Deleted)" % (int(uid) - 1))
            self.assertTrue(client.ok("UID EXPUNGE 1:%d" % (int(uid) - 1)).of("EXPUNGE"))
        self.assertEqual(client.fetch("1:*", "UID").keys(), {1})

    def test_catenate_puts_a_message_together(self):
        client = self.connect()
        whole = smtp.message("a@example.org", "Forward me", attachments=[("a.txt", "text/plain", b"attached words")])
        uid = client.append("INBOX", whole).code.split(" ")[2]
        client.ok("SELECT INBOX")
        validity = client.ok("STATUS INBOX (UIDVALIDITY)").of("STATUS")[0][1][1]
        part = client.fetch("1", "BODY.PEEK[2]")[1]["BODY[2]"]
        client.ok([f"APPEND Drafts (\\Draft) CATENATE (TEXT ", b"Subject: new\r\n\r\n",
                   f' URL "/INBOX;UIDVALIDITY={validity}/;UID={uid}/;SECTION=2" TEXT ', b"\r\nend\r\n", ")"])
        client.ok(f'APPEND Drafts CATENATE (URL "/INBOX/;UID={uid}")')
        client.ok(["APPEND Drafts (\\Seen) ", mail("plain"), f' CATENATE (URL "/INBOX/;UID={uid}/;SECTION=HEADER" TEXT ', b"body\r\n", ")"])
        client.ok(f'APPEND Drafts CATENATE (URL ";UID={uid};PARTIAL=0.30")')
        for url in ("/INBOX/;UID=4711", "/Nowhere/;UID=1", "imap://other/INBOX/;UID=1", "/INBOX", "/INBOX;UIDVALIDITY=1/;UID=1",
                    f"/INBOX/;UID={uid}/;SECTION=9"):
            self.assertTrue(client.run(f'APPEND Drafts CATENATE (URL "{url}")').code.startswith("BADURL"), url)
        self.assertTrue(client.run([f'APPEND Drafts CATENATE (URL "/INBOX/;UID=99" TEXT ', b"dropped", ")"]).code.startswith("BADURL"))
        for wrong in ("APPEND Drafts CATENATE ()", "APPEND Drafts CATENATE (URL)", 'APPEND Drafts CATENATE (TEXT "quoted")', "APPEND Drafts CATENATE"):
            client.bad(wrong)
        client.ok("SELECT Drafts")
        got = client.fetch("1:*", "BODY.PEEK[]")
        self.assertEqual(len(got), 5)
        self.assertEqual(got[1]["BODY[]"], b"Subject: new\r\n\r\n" + part + b"\r\nend\r\n")
        self.assertEqual(got[2]["BODY[]"], whole)
        self.assertTrue(got[4]["BODY[]"].endswith(b"\r\n\r\nbody\r\n"))
        self.assertEqual(got[5]["BODY[]"], whole[:30])

    def test_append_of_utf8_literals(self):
        client = self.connect()
        client.ok("ENABLE UTF8=ACCEPT")
        message = "From: Jörg <jörg@example.org>\r\nSubject: Grüße\r\n\r\nHallo\r\n".encode()
        for wrapped in (f"APPEND INBOX (\\Seen) UTF8 (~{{{len(message)}+}}\r\n", f"APPEND INBOX ~{{{len(message)}+}}\r\n"):
            tag = client.tag()
            client.send(f"{tag} {wrapped}".encode() + message + (b")" if "UTF8" in wrapped else b"") + b"\r\n")
            self.assertEqual(client.finish(tag).status, "OK")
        client.ok("SELECT INBOX")
        self.assertEqual(client.fetch("1:2", "BODY.PEEK[]")[2]["BODY[]"], message)

    def test_compression_both_ways(self):
        for window in (15, 9):
            client = self.connect()
            self.assertTrue(any("COMPRESS=DEFLATE" in str(line) for line in client.ok("CAPABILITY").of("CAPABILITY")))
            client.ok("COMPRESS DEFLATE")
            client.socket = Packed(client.socket, window)
            client.no("COMPRESS DEFLATE", "COMPRESSIONACTIVE")
            big = mail("big", "".join(f"line {number} of many\r\n" for number in range(20000)))
            client.append("INBOX", big)
            client.ok("SELECT INBOX")
            self.assertTrue(client.fetch("1", "BODY.PEEK[]")[1]["BODY[]"].endswith(b"line 19999 of many\r\n"))
            tag = client.idle()
            other = self.connect(None)
            other.ok("NOOP")
            client.done(tag)
            # Several commands in one packet.
            client.send("x1 NOOP\r\nx2 NOOP\r\nx3 LOGOUT\r\n")
            said = b""
            while b"x3 OK" not in said:
                said += client.socket.recv(4096)
            self.assertIn(b"x2 OK", said)

    def test_damaged_compression_ends_the_connection(self):
        client = self.connect()
        client.ok("COMPRESS DEFLATE")
        client.send(b"\xff" * 100)
        self.assertEqual(client.socket.recv(100), b"")

    def test_S3_nothing_may_follow_compress(self):
        client = self.connect()
        client.send("a COMPRESS DEFLATE\r\nb NOOP\r\n")
        self.assertIn(b"BYE", client.line()[0])

    def test_folders_for_a_use_are_there_already(self):
        client = self.connect()
        client.no('CREATE "My Sent" (USE (\\Sent))', "USEATTR")
        client.no('CREATE "Odd" (USE (\\Nonsense))', "USEATTR")
        client.bad('CREATE "Odd" (USE \\Sent)')
        client.ok('CREATE "Odd"')

    def test_keywords_are_announced_before_they_are_used(self):
        client = self.connect()
        client.append("INBOX", mail(), "\\Seen Junk $Label1")
        client.ok("SELECT INBOX")
        answer = client.ok("FETCH 1 FLAGS")
        self.assertEqual([line[0] for line in answer.untagged[:2]], ["FLAGS", "OK"])
        self.assertEqual(set(answer.of("FLAGS")[0][0]) - {"$Forwarded"},
                         {"\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft", "junk", "$label1"})
        self.assertFalse(client.ok("FETCH 1 FLAGS").of("FLAGS"))
        self.assertTrue(client.ok("STORE 1 +FLAGS (Work)").of("FLAGS"))

    def test_metadata(self):
        user = self.person()
        client = self.connect(user)
        client.ok('CREATE "Box"')
        client.ok('SETMETADATA Box (/private/comment "Mine" /Shared/Comment "Ours" /private/vendor/x/y "deep")')
        self.assertEqual(client.ok("GETMETADATA Box /private/comment").of("METADATA"), [["Box", ["/private/comment", "Mine"]]])
        self.assertEqual(client.ok("GETMETADATA Box (/shared/comment /private/none)").of("METADATA"),
                         [["Box", ["/private/none", None, "/shared/comment", "Ours"]]])
        self.assertEqual(client.ok("GETMETADATA (DEPTH infinity) Box /private").of("METADATA"),
                         [["Box", ["/private/comment", "Mine", "/private/vendor/x/y", "deep"]]])
        self.assertEqual(client.ok("GETMETADATA (DEPTH 1) Box (/private/vendor)").of("METADATA"), [])
        answer = client.ok("GETMETADATA (MAXSIZE 3) Box (/private/comment /private/vendor/x/y)")
        self.assertEqual(answer.code, "METADATA LONGENTRIES 4")
        client.ok("SETMETADATA Box (/private/comment NIL)")
        self.assertEqual(client.ok("GETMETADATA Box /private/comment").of("METADATA"), [["Box", ["/private/comment", None]]])
        client.ok(["SETMETADATA Box (/private/comment ", "Grüße \r\n".encode(), ")"])
        self.assertEqual(client.ok("GETMETADATA Box /private/comment").of("METADATA"),
                         [["Box", ["/private/comment", "Grüße \r\n".encode()]]])
        client.ok('SETMETADATA "" (/private/vendor/app "server")')
        self.assertEqual(client.ok('GETMETADATA "" /private/vendor/app').of("METADATA"), [["", ["/private/vendor/app", "server"]]])
        client.no('SETMETADATA "" (/shared/comment "x")', "NOPERM")
        client.no("GETMETADATA Nowhere /private/comment", "NONEXISTENT")
        self.assertTrue(client.run(["SETMETADATA Box (/private/comment ", b"x" * 70000, ")"]).code.startswith("METADATA MAXSIZE"))
        self.assertTrue(client.run("SETMETADATA Box (" + " ".join(f'/private/n{i} "x"' for i in range(300)) + ")").code.startswith("METADATA TOOMANY"))
        for wrong in ("GETMETADATA Box", "GETMETADATA Box /other/x", "GETMETADATA Box /private/*", "SETMETADATA Box ()",
                      "SETMETADATA Box (/private/x)", "GETMETADATA (DEPTH 2) Box /private/x", "SETMETADATA Box (/private//x \"y\")"):
            client.bad(wrong)
        client.ok('DELETE "Box"')
        client.ok('CREATE "Box"')
        self.assertEqual(client.ok("GETMETADATA Box /shared/comment").of("METADATA"), [["Box", ["/shared/comment", None]]])

    def test_mail_is_copied_and_moved_between_accounts(self):
        owner, guest = self.person(), self.person()
        anna, karl = self.connect(owner), self.connect(guest)
        anna.ok('CREATE "Plans"')
        anna.ok(f"SETACL Plans {guest} lriswte")
        shared = [name for name in karl.mailboxes() if name.endswith("/Plans")][0]
        one, two = mail("one"), mail("two")
        karl.append("INBOX", one, "\\Flagged Work")
        karl.append("INBOX", two)
        karl.ok("SELECT INBOX")
        self.assertTrue(karl.ok(f'COPY 1 "{shared}"').code.startswith("COPYUID "))
        self.assertEqual(karl.ok(f'MOVE 2 "{shared}"').of("EXPUNGE"), [["2"]])
        anna.ok("SELECT Plans")
        got = anna.fetch("1:*", "(FLAGS BODY.PEEK[])")
        self.assertEqual([one, two], [got[1]["BODY[]"], got[2]["BODY[]"]])
        self.assertEqual(set(got[1]["FLAGS"]), {"\\Flagged", "work"})
        self.assertEqual(karl.search("ALL"), [1])
        karl.ok(f'SELECT "{shared}"')
        karl.ok("MOVE 1 INBOX")
        anna.ok("NOOP")
        self.assertEqual(anna.fetch("1:*", "UID").keys(), {1})
        anna.ok(f"SETACL Plans {guest} lr")
        karl.ok(f'SELECT "{shared}"')
        karl.no("MOVE 1 INBOX", "NOPERM")

    def test_acl(self):
        owner, guest = self.person(), self.person()
        anna, karl = self.connect(owner), self.connect(guest)
        anna.ok('CREATE "Plans"')
        anna.append("Plans", mail("secret"))
        self.assertEqual(anna.ok("MYRIGHTS Plans").of("MYRIGHTS"), [["Plans", "lriswtekxap"]])
        self.assertEqual(anna.ok("GETACL Plans").of("ACL"), [["Plans", owner, "lriswtekxap"]])
        anna.ok(f"SETACL Plans {guest} lr")
        self.assertEqual(anna.ok("GETACL Plans").of("ACL")[0][1:], sum(sorted([[owner, "lriswtekxap"], [guest, "lr"]]), []))
        shared = [name for name in karl.mailboxes() if name.endswith("/Plans")][0]
        self.assertEqual(karl.ok(f'MYRIGHTS "{shared}"').of("MYRIGHTS"), [[shared, "lr"]])
        self.assertIn("READ-ONLY", karl.ok(f'SELECT "{shared}"').code)
        self.assertEqual(karl.run([f'APPEND "{shared}" ', mail()]).code, "NOPERM")
        karl.no(f'GETACL "{shared}"', "NOPERM")
        karl.no(f'SETACL "{shared}" {guest} lriswtekxa')
        karl.no(f'LISTRIGHTS "{shared}" {guest}')
        anna.ok(f"SETACL Plans {guest} +i")
        karl.ok([f'APPEND "{shared}" ', mail("added")])
        anna.ok(f"SETACL Plans {guest} lriswte")
        self.assertIn("READ-WRITE", karl.ok(f'SELECT "{shared}"').code)
        karl.ok("STORE 1 +FLAGS (\\Flagged)")
        anna.ok(f"SETACL Plans {guest} -te")
        self.assertEqual(karl.ok(f'MYRIGHTS "{shared}"').of("MYRIGHTS"), [[shared, "lri"]])
        self.assertEqual(anna.ok(f"LISTRIGHTS Plans {guest}").of("LISTRIGHTS"),
                         [["Plans", guest, "", "lr", "i", "swte", "kxa", "p"]])
        lines = anna.ok('LIST "" "Plans" RETURN (MYRIGHTS)')
        self.assertEqual(lines.of("MYRIGHTS"), [["Plans", "lriswtekxap"]])
        anna.ok(f"DELETEACL Plans {guest}")
        karl.ok("UNSELECT")
        karl.no(f'SELECT "{shared}"', "NONEXISTENT")
        anna.no("SETACL Plans nobody@example.org lr")
        anna.no(f"SETACL Plans {owner} lr")
        anna.bad(f"SETACL Plans {guest} lrQ")
        anna.bad("GETACL Plans extra")
        anna.no("GETACL Nowhere", "NONEXISTENT")


if __name__ == "__main__":
    unittest.main()
