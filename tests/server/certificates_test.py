"""Certificates: self-made at first, swapped while phones are connected, a bad pair changes nothing (A9); ACME files."""

import os
import signal
import ssl
import subprocess
import time
import unittest

import smtp
import wire
from case import Background, ServerCase
from phone import INBOX


def make(folder, name, common):
    """A new pair; returns (certificate path, key path)."""
    cert, key = os.path.join(folder, f"{name}.crt"), os.path.join(folder, f"{name}.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                    "-out", cert, "-days", "30", "-subj", f"/CN={common}"], check=True, capture_output=True)
    return cert, key


class CertificatesTest(ServerCase):
    def shown(self):
        """The certificate that the server shows, as PEM."""
        return ssl.get_server_certificate(("127.0.0.1", self.server.https_port))

    def pem(self, path):
        with open(path, encoding="ascii") as file:
            return file.read()

    def put(self, cert, key):
        """Replaces the watched files as certificate clients do: whole files by rename."""
        for source, target in ((cert, self.server.certificate), (key, self.server.key)):
            with open(source, "rb") as new, open(target + ".new", "wb") as copy:
                copy.write(new.read())
            os.rename(target + ".new", target)

    def test_a9_a_new_pair_is_used_without_dropping_anyone(self):
        phone = self.phone(tls=True)
        phone.pull(INBOX)
        ping = Background(phone.ping, [(phone.folder(INBOX).id, "Email")], 600, timeout=60)
        time.sleep(0.4)
        cert, key = make(self.server.folder, "second", "second.example.org")
        self.put(cert, key)
        self.server.process.send_signal(signal.SIGHUP)
        self.until(lambda: self.shown() == self.pem(cert), what="the new certificate")
        self.assertTrue(ping.running, "the waiting phone noticed nothing")
        self.mail(phone.user, "Over the old connection")
        self.assertEqual(2, ping.result(10).code)

    def test_a9_a_bad_pair_keeps_the_old_one_and_says_so(self):
        before = self.shown()
        good_cert, good_key = self.pem(self.server.certificate), self.pem(self.server.key)
        other_cert, other_key = make(self.server.folder, "other", "other.example.org")
        for cert_text, key_text in ((good_cert[:100], good_key), (self.pem(other_cert), good_key), ("", "")):
            for path, text in ((self.server.certificate, cert_text), (self.server.key, key_text)):
                with open(path + ".new", "w", encoding="ascii") as file:
                    file.write(text)
                os.rename(path + ".new", path)
            self.server.process.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            self.assertEqual(before, self.shown())
        self.until(lambda: "tls.certificate_unusable" in self.server.log(), 6, "a line in the log")
        self.assertEqual(before, self.shown())
        self.put(other_cert, other_key)
        self.server.process.send_signal(signal.SIGHUP)
        self.until(lambda: self.shown() == self.pem(other_cert), what="the good pair after the bad ones")


class AcmeTest(ServerCase):
    @classmethod
    def setUpClass(cls):
        import tempfile
        cls.webroot = tempfile.mkdtemp(prefix="lockstep-acme-")
        os.makedirs(os.path.join(cls.webroot, ".well-known", "acme-challenge"))
        cls.settings = {"tls.acme_webroot": cls.webroot, "tls.certificate": "", "tls.key": ""}
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        import shutil
        super().tearDownClass()
        shutil.rmtree(cls.webroot, ignore_errors=True)

    def get(self, path):
        return wire.fetch(self.server.http_port, "GET", path)

    def test_a_challenge_is_served(self):
        with open(os.path.join(self.webroot, ".well-known", "acme-challenge", "tok_en-1"), "w", encoding="ascii") as file:
            file.write("tok_en-1.thumbprint")
        answer = self.get("/.well-known/acme-challenge/tok_en-1")
        self.assertEqual((200, b"tok_en-1.thumbprint"), (answer.status, answer.body))

    def test_nothing_else_is_served_from_there(self):
        with open(os.path.join(self.webroot, "secret"), "w", encoding="ascii") as file:
            file.write("secret")
        os.symlink("/etc/passwd", os.path.join(self.webroot, ".well-known", "acme-challenge", "link"))
        for path in ("../../secret", "..%2f..%2fsecret", "%2e%2e/%2e%2e/secret", "", ".", "none", "/etc/passwd", "%00", "a/b"):
            with self.subTest(path):
                answer = self.get("/.well-known/acme-challenge/" + path)
                self.assertIn(answer.status, (400, 403, 404))
                self.assertNotIn(b"secret", answer.body)

    def test_without_files_a_self_signed_certificate_is_made_and_kept(self):
        first = ssl.get_server_certificate(("127.0.0.1", self.server.https_port))
        self.server.restart()
        self.assertEqual(first, ssl.get_server_certificate(("127.0.0.1", self.server.https_port)))


class ReloadTest(ServerCase):
    def test_r16_sighup_with_a_broken_file_keeps_the_running_configuration(self):
        path = os.path.join(self.server.data, "lockstep.toml")
        phone = self.phone()
        for text in ("this is no toml [", "bogus.key = 1\n", "[eas]\nheartbeat_max = \"lots\"\n"):
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            self.server.process.send_signal(signal.SIGHUP)
            time.sleep(0.3)
            self.assertEqual([], phone.learn_folders())
        os.remove(path)
        self.assertIsNone(self.server.process.poll())

    def refused(self, phone, folders):
        """True when a Ping of 3,000 s is out of range; one that the server takes is given up after 2 s."""
        try:
            return phone.ping(folders, 3000, timeout=2).code == 5
        except wire.HttpError:
            return False

    def test_sighup_takes_over_a_good_file(self):
        phone = self.phone()
        phone.pull(INBOX)
        folders = [(phone.folder(INBOX).id, "Email")]
        path = os.path.join(self.server.data, "lockstep.toml")
        with open(path, "w", encoding="ascii") as file:
            file.write("[eas]\nheartbeat_max = \"1000s\"\n")
        self.server.process.send_signal(signal.SIGHUP)
        self.until(lambda: self.refused(phone, folders), what="the new bound")
        self.assertEqual("1000", phone.ping(folders, 3000).root.text("HeartbeatInterval"))
        os.remove(path)
        self.server.process.send_signal(signal.SIGHUP)

    def greeting(self):
        with smtp.Smtp(self.server.smtp_port) as session:
            return str(session.greeting)

    def test_sighup_takes_over_names_and_the_sign_in_bounds(self):
        user = self.person()
        name = user.partition("@")[0]
        path = os.path.join(self.server.data, "lockstep.toml")
        with open(path, "w", encoding="ascii") as file:
            file.write('[smtp]\nhostname = "mx.example.org"\n[domain]\ndefault = "example.org"\n[auth]\nattempts = 2\n')
        self.server.process.send_signal(signal.SIGHUP)
        self.until(lambda: "mx.example.org" in self.greeting(), what="the new name")
        self.assertEqual(200, self.phone(name, set_up=False).options().status)
        wrong = self.phone(user, set_up=False)
        wrong.password = "wrong"
        statuses = [wrong.options().status for _ in range(4)]
        self.assertIn(503, statuses, "two wrong passwords are the bound now")
        os.remove(path)
        self.server.process.send_signal(signal.SIGHUP)


if __name__ == "__main__":
    unittest.main()
