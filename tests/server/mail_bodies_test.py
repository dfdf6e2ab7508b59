"""Bodies of mail: types, truncation, previews, MIME, attachments (MS-ASAIRS 2.2.2.9, 2.2.2.12)."""

import email
import email.policy
import unittest

import smtp
from case import ServerCase
from eas import E, body_preference, sync_options
from phone import INBOX

PLAIN = "Grüße aus dem Büro.\r\nZweite Zeile.\r\n"
HTML = "<html><body><p>Grüße <b>aus</b> dem Büro.</p><script>alert(1)</script></body></html>"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6300010000"
                    "0500010d0a2db40000000049454e44ae426082")


class MailBodiesTest(ServerCase):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.user = cls.server.person("reader")
        put = lambda subject, **parts: smtp.deliver(cls.server, cls.user, smtp.message(cls.user, subject, **parts))
        put("plain", text=PLAIN)
        put("both", text=PLAIN, html=HTML)
        put("long", text="äöü " * 5000)
        put("attached", text="See attachment.\r\n", attachments=[("Bericht März.pdf", "application/pdf", b"%PDF-1.4 x" * 500),
                                                                 ("dot.png", "image/png", PNG)])
        cls.html_only = (b"From: a@example.net\r\nTo: reader@example.org\r\nSubject: html only\r\nDate: Mon, 23 Nov 2026 "
                         b"09:30:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
                         b"<p>caf\xe9 &amp; <i>cr\xe8me</i></p><p>second</p>\r\n")
        smtp.deliver(cls.server, cls.user, cls.html_only)
        cls.bare = b"From: a@example.net\r\nSubject: bare\r\n\r\nno date, no type\r\n"
        smtp.deliver(cls.server, cls.user, cls.bare)
        cls.empty = b"From: a@example.net\r\nSubject: empty\r\n\r\n"
        smtp.deliver(cls.server, cls.user, cls.empty)

    def item(self, subject, *bodies, version="16.1", **more):
        phone = self.phone(self.user, version)
        return phone.pull(INBOX, options=sync_options(0, list(bodies), **more)).by("Email:Subject", subject)

    def test_plain_text_is_decoded(self):
        body = self.item("plain", body_preference(1)).node("AirSyncBase:Body")
        self.assertEqual("1", body.text("Type"))
        self.assertEqual(PLAIN, body.text("Data"))
        self.assertEqual("0", body.text("Truncated", "0"))

    def test_html_is_given_when_asked_for(self):
        item = self.item("both", body_preference(2))
        self.assertEqual("2", item.text("AirSyncBase:Body/Type"))
        self.assertIn("<b>aus</b>", item.text("AirSyncBase:Body/Data"))
        self.assertEqual("2", item.text("AirSyncBase:NativeBodyType"))

    def test_of_several_types_the_native_one_is_taken(self):
        """MS-ASAIRS 2.2.2.3.2: the type that matches the native storage format."""
        for subject, kind in (("both", "2"), ("html only", "2"), ("plain", "1")):
            for preferences in ((1, 2), (2, 1)):
                item = self.item(subject, *[body_preference(preference) for preference in preferences])
                self.assertEqual(kind, item.text("AirSyncBase:Body/Type"), f"{subject} asked as {preferences}")

    def test_all_or_none_turns_to_the_next_type(self):
        """MS-ASAIRS 2.2.2.3.2: HTML that does not fit and must not be cut gives way to plain text."""
        item = self.item("both", body_preference(2, 10, all_or_none=1), body_preference(1, 10))
        self.assertEqual("1", item.text("AirSyncBase:Body/Type"))
        self.assertLessEqual(len(item.text("AirSyncBase:Body/Data")), 10)

    def test_a_plain_mail_stays_plain_when_both_are_allowed(self):
        item = self.item("plain", body_preference(1), body_preference(2))
        self.assertEqual(("1", "1"), (item.text("AirSyncBase:Body/Type"), item.text("AirSyncBase:NativeBodyType")))

    def test_html_turns_into_readable_text(self):
        data = self.item("html only", body_preference(1)).text("AirSyncBase:Body/Data")
        self.assertIn("café & crème", data)
        self.assertNotIn("<", data)
        self.assertIn("second", data)

    def test_a_plain_mail_asked_as_html_is_html(self):
        item = self.item("plain", body_preference(2))
        body = item.node("AirSyncBase:Body")
        if body.text("Type") == "2":
            self.assertIn("<", body.text("Data"))
        self.assertIn("Grüße aus dem Büro.", body.text("Data"))

    def test_truncation_counts_and_keeps_characters_whole(self):
        for size in (0, 1, 2, 3, 99, 100, 101, 5000):
            with self.subTest(size):
                body = self.item("long", body_preference(1, size)).node("AirSyncBase:Body")
                self.assertEqual("1", body.text("Truncated"))
                data = body.text("Data", "")
                self.assertLessEqual(len(data), size)
                self.assertLessEqual(size - len(data.encode("utf-8")), max(size, 1))
                self.assertTrue(("äöü " * 5000).startswith(data))
                self.assertGreaterEqual(body.number("EstimatedDataSize"), 20000)

    def test_all_or_none_gives_none_when_it_does_not_fit(self):
        body = self.item("long", body_preference(1, 100, all_or_none=1)).node("AirSyncBase:Body")
        self.assertEqual("", body.text("Data", ""))
        self.assertEqual("1", body.text("Truncated"))

    def test_a_preview_is_plain_and_short(self):
        body = self.item("both", body_preference(2, 0, preview=20)).node("AirSyncBase:Body")
        self.assertLessEqual(len(body.text("Preview")), 20)
        self.assertIn("Grüße", body.text("Preview"))
        self.assertNotIn("<", body.text("Preview"))

    def test_without_preference_a_body_is_left_out_or_short(self):
        phone = self.phone(self.user)
        item = phone.pull(INBOX, options=sync_options(0)).by("Email:Subject", "plain")
        self.assertTrue(item.has("Email:Subject"))

    def test_mime_comes_whole_when_it_is_asked_for(self):
        item = self.item("html only", body_preference(4), mime=2)
        self.assertEqual("4", item.text("AirSyncBase:Body/Type"))
        message = email.message_from_bytes(item.node("AirSyncBase:Body").find("Data").bytes(), policy=email.policy.default)
        self.assertEqual(("html only", "text/html"), (message["Subject"], message.get_content_type()))
        self.assertIn("caf\u00e9 &amp; <i>cr\u00e8me</i>", message.get_content(), "8-bit bytes are recoded, never replaced")
        item = self.item("attached", body_preference(4), mime=2)
        message = email.message_from_bytes(item.node("AirSyncBase:Body").find("Data").bytes(), policy=email.policy.default)
        self.assertEqual([b"%PDF-1.4 x" * 500, PNG], [part.get_content() for part in message.iter_attachments()])

    def test_mime_is_truncated_by_size(self):
        item = self.item("long", body_preference(4, 512), mime=2)
        data = item.node("AirSyncBase:Body").find("Data").bytes()
        self.assertLessEqual(len(data), 512)
        self.assertEqual("1", item.text("AirSyncBase:Body/Truncated"))
        self.assertIn(b"Subject: long", data)

    def test_mime_truncation_4_means_10240_characters(self):
        item = self.item("long", body_preference(4), mime=2, mime_truncation=4)
        data = item.node("AirSyncBase:Body").find("Data").bytes()
        self.assertLessEqual(len(data), 10240)
        self.assertGreater(len(data), 5000)

    def test_mime_support_0_never_gives_mime(self):
        item = self.item("plain", body_preference(4), body_preference(1), mime=0)
        self.assertNotEqual("4", item.text("AirSyncBase:Body/Type"))

    def test_attachments_are_listed_with_names_and_sizes(self):
        item = self.item("attached", body_preference(1))
        entries = item.node("AirSyncBase:Attachments").all("Attachment")
        self.assertEqual(["Bericht März.pdf", "dot.png"], [entry.text("DisplayName") for entry in entries])
        self.assertTrue(all(entry.text("FileReference") for entry in entries))
        self.assertEqual(["1", "1"], [entry.text("Method") for entry in entries])
        self.assertGreaterEqual(entries[0].number("EstimatedDataSize"), 5000)
        self.assertEqual("See attachment.\r\n", item.text("AirSyncBase:Body/Data"))

    def test_a_mail_without_attachments_has_no_attachments_element(self):
        self.assertFalse(self.item("plain", body_preference(1)).has("AirSyncBase:Attachments"))

    def test_an_inline_image_is_marked(self):
        user = self.person()
        raw = (b"From: a@example.net\r\nSubject: inline\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; "
               b"boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<img src=\"cid:pic@x\">\r\n--b\r\nContent-Type: "
               b"image/png; name=pic.png\r\nContent-ID: <pic@x>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: "
               b"base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n")
        smtp.deliver(self.server, user, raw)
        item = self.phone(user).pull(INBOX, options=sync_options(0, [body_preference(2)])).by("Email:Subject", "inline")
        entry = item.node("AirSyncBase:Attachments").find("Attachment")
        self.assertEqual(("pic@x", "1"), (entry.text("ContentId"), entry.text("IsInline")))

    def test_poor_messages_arrive_too(self):
        bare = self.item("bare", body_preference(1))
        self.assertRegex(bare.text("Email:DateReceived"), r"^20\d\d-")
        self.assertIn("no date", bare.text("AirSyncBase:Body/Data"))
        self.assertTrue(self.item("empty", body_preference(1)).has("AirSyncBase:Body"))

    def test_a_hostile_message_never_stops_the_folder(self):
        user = self.person()
        messages = [b"Subject: nul \x00 here\r\n\r\nx\x00y\r\n", b"\r\nno header at all\r\n", b"Subject: " + b"x" * 900 + b"\r\n\r\n\r\n",
                    b"Subject: =?utf-8?B?/////w==?=\r\n\r\n\xff\xfe\xfd\r\n", b"Content-Type: multipart/mixed\r\nSubject: nob\r\n\r\n--\r\n",
                    b"Content-Type: text/plain; charset=does-not-exist\r\nSubject: cs\r\n\r\n\x80\x81\r\n",
                    b"Subject: \x01\x02\x0b\x0c\x1f\r\n\r\n\x01\x02\x1b\r\n", b"From: <<>>,,;;\r\nTo: (((\r\nSubject: addr\r\n\r\n.\r\n",
                    "Subject: \uffff \ufdd0\r\n\r\n\U0001ffff\r\n".encode("utf-8"),
                    b"Content-Type: multipart/mixed; boundary=a\r\nSubject: deep\r\n\r\n" + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 200]
        delivered = 0
        for message in messages:
            with smtp.Smtp(self.server.smtp_port) as session:
                session.hello()
                session.envelope("a@example.net", [user])
                code, _ = session.data(message)
                self.assertIn(code, (250, 550, 552, 554))
                delivered += code == 250
        self.mail(user, "healthy")
        for version in ("16.1", "12.1"):
            for kind in (1, 2, 4):
                phone = self.phone(user, version)
                box = phone.pull(INBOX, options=sync_options(0, [body_preference(kind)], mime=2))
                self.assertEqual(delivered + 1, len(box.items), f"{version}, body type {kind}")

    def test_the_body_part_of_14_1_is_answered(self):
        phone = self.phone(self.user, "14.1")
        options = E("AirSync:Options", E("FilterType", 0), body_preference(1, 10),
                    E("AirSyncBase:BodyPartPreference", E("Type", 2), E("TruncationSize", 1000)))
        item = phone.pull(INBOX, options=options).by("Email:Subject", "both")
        self.assertEqual("1", item.text("AirSyncBase:BodyPart/Status"))
        self.assertEqual("2", item.text("AirSyncBase:BodyPart/Type"))


if __name__ == "__main__":
    unittest.main()
