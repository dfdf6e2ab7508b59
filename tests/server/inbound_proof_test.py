"""What proves a sender, and what is published for us: SPF, DKIM, ARC and DMARC of mail in, signatures of mail out (S11, S13).

python3-dkim is the independent partner: it signs what we check and checks what we sign.
"""

import base64
import http.server
import json
import smtplib
import ssl
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

import dkim
import smtp
from case import ServerCase
from eas import body_preference, sync_options
from mx import Mx
from phone import INBOX
from server import PASSWORD, Server

MIME = sync_options(0, [body_preference(4)], mime=2)
TEXT = "From: {0}\r\nTo: {1}\r\nSubject: {2}\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n{3}\r\nHello\r\n"


def rsa_key(bits=2048):
    """(PEM, text of the record)"""
    pem = subprocess.run(["openssl", "genrsa", "-traditional", str(bits)], check=True, capture_output=True).stdout
    der = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=pem, check=True, capture_output=True).stdout
    return pem, "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()


def txt(name, text):
    """A TXT record of a zone file; strings hold 255 bytes."""
    pieces = " ".join(f'"{text[at:at + 250]}"' for at in range(0, len(text), 250))
    return f"{name}. 60 IN TXT {pieces}"


class InboundProofTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.mx = Mx()
        cls.key, record = rsa_key()
        cls.short, short_record = rsa_key(768)
        cls.server = Server({"inbound.check": "all", "smtp.outbound_port": cls.mx.port, "smtp.hostname": "mail.example.org",
                             "inbound.dns_lists": "list.example"})
        cls.server.write_zone(
            txt("signed.example", "v=spf1 -all"), txt("_dmarc.signed.example", "v=DMARC1; p=reject"),
            txt("s1._domainkey.signed.example", record), txt("short._domainkey.signed.example", short_record),
            txt("spf.example", "v=spf1 ip4:127.0.0.0/8 -all"), txt("_dmarc.spf.example", "v=DMARC1; p=quarantine"),
            txt("open.example", "v=spf1 ?all"),
            "far.example. 60 IN MX 10 mx.far.example.", "mx.far.example. 60 IN A 127.0.0.1",
            "example.org. 60 IN MX 10 mail.example.org.", txt("example.org", "v=spf1 mx ip4:192.0.2.1 -all"),
        )
        cls.server.start()
        cls.server.add_domain()

    @classmethod
    def tearDownClass(cls):
        cls.mx.close()
        super().tearDownClass()

    def letter(self, to, sender, subject, fields="", key=None, selector=b"s1", author=None):
        text = TEXT.format(author or sender, to, subject, fields).encode()
        if key:
            text = dkim.sign(text, selector, (author or sender).rsplit("@", 1)[1].encode(), key,
                             canonicalize=(b"relaxed", b"simple"), include_headers=[b"from", b"to", b"subject"]) + text
        session = smtp.Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        session.hello()
        session.envelope(sender, [to])
        return session.data(text)[0]

    def mails(self, phone, folder=INBOX):
        items = phone.pull(folder, options=MIME).items.values()
        return [item.node("AirSyncBase:Body").find("Data").bytes().decode("utf-8", "replace") for item in items]

    def results(self, text):
        head = text.split("\r\n\r\n")[0].replace("\r\n\t", " ")
        return [line for line in head.split("\r\n") if line.startswith("Authentication-Results:")]

    def test_a_signature_of_another_program_passes(self):
        phone = self.phone()
        self.assertEqual(250, self.letter(phone.user, "a@signed.example", "signed", key=self.key))
        (text,) = self.mails(phone)
        (line,) = self.results(text)
        for word in ("mail.example.org;", "dkim=pass", "header.d=signed.example", "spf=fail", "dmarc=pass", "header.from=signed.example"):
            self.assertIn(word, line)

    def test_forged_authors_go_to_junk(self):
        phone = self.phone()
        self.assertEqual(250, self.letter(phone.user, "a@signed.example", "forged"))
        self.assertEqual(250, self.letter(phone.user, "a@open.example", "forged too", author="boss@spf.example"))
        self.assertEqual([], self.mails(phone))

    def test_spf_alone_is_enough_when_aligned(self):
        phone = self.phone()
        self.assertEqual(250, self.letter(phone.user, "a@spf.example", "by spf"))
        self.assertIn("dmarc=pass", self.results(self.mails(phone)[0])[0])

    def test_short_keys_do_not_count_S13(self):
        phone = self.phone()
        self.letter(phone.user, "a@signed.example", "short", key=self.short, selector=b"short")
        self.assertEqual([], self.mails(phone))

    def test_results_in_our_name_are_not_believed_S11(self):
        phone = self.phone()
        forged = "Authentication-Results: mail.example.org; dmarc=pass header.from=bank.example\r\nX-Lockstep-Verdict: clean\r\n"
        self.assertEqual(250, self.letter(phone.user, "a@open.example", "lies", forged + "Authentication-Results: other.example; spf=pass\r\n"))
        (text,) = self.mails(phone)
        self.assertEqual(2, len(self.results(text)))
        self.assertNotIn("bank.example", text)
        self.assertIn("Authentication-Results: other.example", text)

    def test_large_mail_is_judged_too(self):
        phone = self.phone()
        filler = "".join(f"X-Filler: {'y' * 60}\r\n" for _ in range(3))
        text = TEXT.format("a@spf.example", phone.user, "large", filler).encode() + b"0123456789abcdef\r\n" * 20000
        session = smtp.Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        session.hello()
        session.envelope("a@spf.example", [phone.user])
        self.assertEqual(250, session.data(text)[0])
        (whole,) = self.mails(phone)
        self.assertIn("dmarc=pass", self.results(whole)[0])
        self.assertTrue(whole.endswith("0123456789abcdef\r\n"))

    def test_both_our_signatures_verify_with_another_program(self):
        user = self.phone().user
        self.server.cli("domain", "dkim", "new", "example.org")
        self.addCleanup(lambda: [self.server.cli("domain", "dkim", "remove", "example.org", row["selector"])
                                 for row in self.server.cli_json("domain", "dkim", "list", "example.org")])
        records = {row["name"]: row["value"] for row in self.server.cli_json("domain", "dns", "example.org") if "_domainkey" in row["name"]}
        self.assertEqual(2, len(records))
        context = ssl.create_default_context(cafile=self.server.certificate)
        context.check_hostname = False
        with smtplib.SMTP("127.0.0.1", self.server.submission_port, local_hostname="client.test", timeout=20) as client:
            client.starttls(context=context)
            client.login(user, PASSWORD)
            client.sendmail(user, ["b@far.example"], TEXT.format(user, "b@far.example", "out", "").encode())
        self.until(lambda: self.mx.messages, 20, "the mail")
        content = self.mx.messages[0][2]
        content = content if isinstance(content, bytes) else content.encode()
        verifier = dkim.DKIM(content)
        self.assertEqual(2, content.count(b"DKIM-Signature:"))
        for index in range(2):
            self.assertTrue(verifier.verify(idx=index, dnsfunc=lambda name, **_: records[name.decode().rstrip(".")].encode()), index)

    def test_what_is_published_is_compared(self):
        rows = {(row["name"], row["type"]): row["state"] for row in self.server.cli_json("domain", "check", "example.org")}
        self.assertEqual("ok", rows["example.org", "MX"])
        self.assertTrue(rows["example.org", "TXT"].startswith("other: v=spf1"))
        self.assertEqual("missing", rows["_dmarc.example.org", "TXT"])

    def page(self, path, host):
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.http_port}{path}", headers={"Host": host})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def test_senders_and_mail_programs_find_their_files(self):
        status, text = self.page("/.well-known/mta-sts.txt", "mta-sts.example.org")
        self.assertEqual(200, status)
        self.assertEqual("version: STSv1\r\nmode: testing\r\nmx: mail.example.org\r\nmax_age: 604800\r\n", text)
        status, text = self.page("/mail/config-v1.1.xml?emailaddress=a@example.org", "autoconfig.example.org")
        self.assertEqual(200, status)
        self.assertIn("<hostname>mail.example.org</hostname><port>993</port>", text)
        self.assertEqual(404, self.page("/.well-known/mta-sts.txt", "mta-sts.elsewhere.example")[0])


class DmarcRejectTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server({"inbound.check": "all", "inbound.dmarc_reject": "true", "inbound.dns_lists": "list.example"})
        cls.server.write_zone(txt("_dmarc.strict.example", "v=DMARC1; p=reject"), "1.0.0.127.list.example. 60 IN A 127.0.0.2")
        cls.server.start()
        cls.server.add_domain()

    def letter(self, to, sender):
        session = smtp.Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        session.hello()
        session.envelope(sender, [to])
        return session.data(TEXT.format(sender, to, "x", "").encode())

    def test_refusal_is_said_when_configured(self):
        phone = self.phone()
        code, text = self.letter(phone.user, "a@strict.example")
        self.assertEqual(550, code)
        self.assertIn("5.7.26", text)

    def test_a_listed_address_is_spam_and_waits_where_that_is_wanted(self):
        phone = self.phone(set_up=False)
        self.server.cli("detained", "mode", phone.user, "spam")
        phone.set_up()
        self.assertEqual(250, self.letter(phone.user, "a@other.example")[0])
        self.assertEqual(["x"], [row["subject"] for row in self.server.cli_json("detained", "list", phone.user)])


class _Rspamd(http.server.BaseHTTPRequestHandler):
    """As much of rspamd's normal worker as /checkv2 needs."""

    asked = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, dict(self.headers), body))
        action = "add header" if b"XJS*C4JDBQADN1" in body else "no action"
        answer = json.dumps({"is_skipped": False, "score": 1.5, "required_score": 15.0, "action": action, "symbols": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class RspamdTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.rspamd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Rspamd)
        threading.Thread(target=cls.rspamd.serve_forever, daemon=True).start()
        cls.server = Server({"inbound.check": "all", "inbound.rspamd": f"127.0.0.1:{cls.rspamd.server_address[1]}"})
        cls.server.start()
        cls.server.add_domain()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.rspamd.shutdown()
        cls.rspamd.server_close()

    def letter(self, to, subject, body):
        session = smtp.Smtp(self.server.smtp_port)
        self.addCleanup(session.close)
        session.hello()
        session.envelope("a@other.example", [to])
        self.assertEqual(250, session.data(TEXT.format("a@other.example", to, subject, "").encode() + body.encode() + b"\r\n")[0])

    def test_its_opinion_makes_spam_wait_and_is_not_needed(self):
        phone = self.phone(set_up=False)
        self.server.cli("detained", "mode", phone.user, "spam")
        phone.set_up()
        self.letter(phone.user, "good", "Hello")
        self.letter(phone.user, "bad", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X")
        self.assertEqual(["good"], phone.pull(INBOX).texts("Email:Subject"))
        self.assertEqual(["bad"], [row["subject"] for row in self.server.cli_json("detained", "list", phone.user)])
        path, fields, _ = _Rspamd.asked[0]
        self.assertEqual(("/checkv2", "a@other.example", "127.0.0.1"), (path, fields["From"], fields["IP"]))
        self.rspamd.shutdown()
        self.rspamd.server_close()
        self.letter(phone.user, "without it", "Hello")
        self.assertEqual(["good", "without it"], sorted(phone.pull(INBOX).texts("Email:Subject")))


if __name__ == "__main__":
    unittest.main()
