"""ResolveRecipients, ValidateCert and GetHierarchy (MS-ASCMD 2.2.1.15, 2.2.1.22, 2.2.1.7)."""

import base64
import os
import subprocess
import tempfile
import unittest

from case import ServerCase
from eas import E
from items import event
from phone import CALENDAR, CONTACTS


class ResolveRecipientsTest(ServerCase):
    def resolve(self, phone, *names, options=None):
        answer = phone.post("ResolveRecipients", E("ResolveRecipients:ResolveRecipients", *[E("ResolveRecipients:To", name) for name in names],
            E("ResolveRecipients:Options", *options) if options is not None else None))
        self.assertEqual(200, answer.status, answer)
        return answer

    def test_an_address_is_one_person(self):
        for version in ("12.1", "14.0", "14.1", "16.0", "16.1"):
            with self.subTest(version):
                phone = self.phone(version=version)
                other = self.person()
                response = self.resolve(phone, other).root.find("Response")
                self.assertEqual((1, 1, 1, other), (response.number("Status"), response.number("RecipientCount"), response.number("Recipient/Type"), response.text("Recipient/EmailAddress")))

    def test_nobody_is_status_4(self):
        response = self.resolve(self.phone(), "nobody-at-all").root.find("Response")
        self.assertEqual((4, 0), (response.number("Status"), len(response.all("Recipient"))))

    def test_several_are_suggestions_and_may_be_cut(self):
        phone = self.phone()
        self.person(), self.person()
        domain = phone.user.split("@")[1]
        response = self.resolve(phone, domain).root.find("Response")
        self.assertEqual(2, response.number("Status"))
        self.assertEqual(response.number("RecipientCount"), len(response.all("Recipient")))
        cut = self.resolve(phone, domain, options=[E("ResolveRecipients:MaxAmbiguousRecipients", 1)]).root.find("Response")
        self.assertEqual((3, 1, response.number("RecipientCount")), (cut.number("Status"), len(cut.all("Recipient")), cut.number("RecipientCount")))

    def test_a_contact_is_type_2(self):
        phone = self.phone()
        phone.start(CONTACTS)
        phone.add(CONTACTS, E("Contacts:FirstName", "Gregor"), E("Contacts:LastName", "Outside"), E("Contacts:FileAs", "Outside, Gregor"), E("Contacts:Email1Address", "gregor@example.net"))
        response = self.resolve(phone, "gregor").root.find("Response")
        self.assertEqual((1, 2, "gregor@example.net"), (response.number("Status"), response.number("Recipient/Type"), response.text("Recipient/EmailAddress")))

    def test_wrong_values_are_status_5(self):
        phone = self.phone()
        R = lambda tag, *parts: E("ResolveRecipients:" + tag, *parts)
        for options in ([R("CertificateRetrieval", 4)], [R("MaxCertificates", 10000)], [R("MaxAmbiguousRecipients", "x")], [R("Availability")],
                [R("Availability", R("StartTime", "never"))], [R("Availability", R("StartTime", "2026-11-24T08:00:00.000Z"), R("EndTime", "2026-11-24T08:10:00.000Z"))]):
            self.assertEqual(5, self.resolve(phone, phone.user, options=options).code, options)
        self.assertEqual(5, self.resolve(phone).code)
        self.assertEqual(5, self.resolve(phone, *["x"] * 101).code)

    def test_free_and_busy_time_in_half_hours_from_the_very_start(self):
        phone = self.phone()
        phone.start(CALENDAR)
        phone.add(CALENDAR, *event("Meeting", "20261201T120000Z", "20261201T120500Z"))
        other = self.phone()
        R = lambda tag, *parts: E("ResolveRecipients:" + tag, *parts)
        def digits(start, end):
            answer = self.resolve(other, phone.user, options=[R("Availability", R("StartTime", start), R("EndTime", end))])
            node = answer.root.find("Response/Recipient/Availability")
            self.assertEqual(1, node.number("Status"), answer)
            return node.text("MergedFreeBusy")
        self.assertEqual("20", digits("2026-12-01T12:00:00.000Z", "2026-12-01T13:00:00.000Z"))
        self.assertEqual("20", digits("2026-12-01T12:04:59.000Z", "2026-12-01T13:00:00.000Z"))
        self.assertEqual("00", digits("2026-12-01T12:05:00.000Z", "2026-12-01T13:00:00.000Z"))
        self.assertEqual("02", digits("2026-12-01T11:30:00.000Z", "2026-12-01T12:30:00.000Z"))
        self.assertEqual("0" * 2, digits("2026-12-02T12:00:00.000Z", "2026-12-02T12:30:01.000Z"))

    def test_a_missing_end_means_seven_days(self):
        phone = self.phone()
        answer = self.resolve(phone, phone.user, options=[E("ResolveRecipients:Availability", E("ResolveRecipients:StartTime", "2026-12-01T00:00:00.000Z"))])
        self.assertEqual("0" * 336, answer.root.text("Response/Recipient/Availability/MergedFreeBusy"))

    def test_no_certificate_is_status_7_and_no_photo_173(self):
        phone = self.phone()
        recipient = self.resolve(phone, phone.user, options=[E("ResolveRecipients:CertificateRetrieval", 2), E("ResolveRecipients:Picture")]).root.find("Response/Recipient")
        self.assertEqual((7, 173), (recipient.number("Certificates/Status"), recipient.number("Picture/Status")))


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


class ValidateCertTest(ServerCase):
    @classmethod
    def prepare(cls):
        cls.folder = tempfile.mkdtemp()
        extra = "basicConstraints=critical,CA:TRUE"
        for name in ("root", "stranger"):
            openssl(cls.folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem",
                "-days", "3650", "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        cls.issue("mail", "root", "keyUsage=digitalSignature\nextendedKeyUsage=emailProtection\n")
        cls.issue("web", "root", "extendedKeyUsage=serverAuth\n")
        cls.issue("unknown", "stranger", "extendedKeyUsage=emailProtection\n")
        cls.issue("middle", "root", extra + "\nkeyUsage=keyCertSign\n")
        cls.issue("deep", "middle", "extendedKeyUsage=emailProtection\n")
        cls.issue("rogue", "mail", "extendedKeyUsage=emailProtection\n")
        os.environ["SSL_CERT_FILE"] = os.path.join(cls.folder, "root.pem")
        try:
            super().prepare()
        finally:
            del os.environ["SSL_CERT_FILE"]

    @classmethod
    def issue(cls, name, issuer, extensions):
        openssl(cls.folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        with open(os.path.join(cls.folder, f"{name}.ext"), "w", encoding="ascii") as file:
            file.write(extensions)
        openssl(cls.folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial", "-out", f"{name}.pem",
            "-days", "3650", "-extfile", f"{name}.ext")

    def der(self, name):
        openssl(self.folder, "x509", "-in", f"{name}.pem", "-outform", "DER", "-out", f"{name}.der")
        with open(os.path.join(self.folder, f"{name}.der"), "rb") as file:
            return base64.b64encode(file.read()).decode("ascii")

    def validate(self, *names, chain=(), check=None, raw=()):
        V = lambda tag, *parts: E("ValidateCert:" + tag, *parts)
        certificates = [V("Certificate", self.der(name)) for name in names] + [V("Certificate", text) for text in raw]
        answer = self.phone_.post("ValidateCert", V("ValidateCert", V("CertificateChain", *[V("Certificate", self.der(name)) for name in chain]) if chain else None,
            V("Certificates", *certificates), V("CheckCRL", check) if check is not None else None))
        self.assertEqual(200, answer.status, answer)
        return answer.code, [node.number("Status") for node in answer.root.all("Certificate")]

    def setUp(self):
        self.phone_ = self.phone()

    def test_each_certificate_gets_its_verdict(self):
        self.assertEqual((1, [1, 6, 4]), self.validate("mail", "web", "unknown"))

    def test_the_chain_that_comes_along_is_walked(self):
        self.assertEqual((1, [4]), self.validate("deep"))
        self.assertEqual((1, [1]), self.validate("deep", chain=["middle"]))

    def test_what_may_not_sign_is_no_authority(self):
        code, verdicts = self.validate("rogue", chain=["mail"])
        self.assertEqual(1, code)
        self.assertIn(verdicts[0], (4, 11))

    def test_what_is_no_certificate_is_said(self):
        self.assertEqual((1, [10]), self.validate(raw=["bm90aGluZw=="]))
        self.assertEqual((1, [10]), self.validate(raw=["***"]))

    def test_unknown_revocation_counts_only_when_asked_for(self):
        self.assertEqual((1, [1]), self.validate("mail", check=0))
        self.assertEqual((1, [16]), self.validate("mail", check=1))

    def test_nothing_to_validate_is_a_protocol_error(self):
        self.assertEqual((2, []), self.validate())


class GetHierarchyTest(ServerCase):
    def test_the_mail_folders_are_listed(self):
        phone = self.phone(version="12.1")
        answer = phone.post("GetHierarchy")
        self.assertEqual(200, answer.status)
        types = sorted(folder.number("FolderHierarchy:Type") for folder in answer.root.all("Folder"))
        self.assertTrue({2, 3, 4, 5} <= set(types), types)
        self.assertFalse({7, 8, 9, 10} & set(types), types)
        self.assertEqual({"0"}, {folder.text("FolderHierarchy:ParentId") for folder in answer.root.all("Folder")})

    def test_it_ended_with_12_1(self):
        self.assertEqual(501, self.phone(version="14.0").post("GetHierarchy").status)


if __name__ == "__main__":
    unittest.main()
