#include "codec/mime/digest.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/mime/classify.hpp"

namespace lockstep::mime {

namespace {

std::string multi(
    std::string_view subtype, std::string_view extra, const std::vector<std::string>& parts,
    std::string_view boundary
) {
    std::string out = "Content-Type: multipart/" + std::string(subtype) +
                      "; boundary=" + std::string(boundary) + std::string(extra) + "\r\n\r\n";
    for (const auto& part : parts)
        out += "--" + std::string(boundary) + "\r\n" + part + "\r\n";
    return out + "--" + std::string(boundary) + "--\r\n";
}

const std::string kPlainPart = "Content-Type: text/plain; charset=utf-8\r\n\r\nplain text";
const std::string kHtmlPart =
    "Content-Type: text/html; charset=iso-8859-1\r\n\r\n<p>html t\xE4xt</p>";
const std::string kImagePart =
    "Content-Type: image/png; name=a.png\r\nContent-ID: <i@x>\r\nContent-Disposition: "
    "inline\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA";
const std::string kPdfPart =
    "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"r "
    "\xC3\xA4.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAABBBB";

/// "path:roles" of each part: p plain, h html, r related, x hidden, m message, i inside a message,
/// a listed attachment.
std::string roles_of(const Digest& digest) {
    std::string out;
    for (const auto& part : digest.parts) {
        if (!out.empty())
            out += ' ';
        out += part.path + ":";
        if (part.is_body_plain)
            out += 'p';
        if (part.is_body_html)
            out += 'h';
        if (part.is_related)
            out += 'r';
        if (part.is_hidden)
            out += 'x';
        if (part.is_message)
            out += 'm';
        if (part.inside_message)
            out += 'i';
        if (part.is_attachment())
            out += 'a';
    }
    return out;
}

Digest digest_of(const std::string& body) { return make_digest("From: a@b.example\r\n" + body); }

} // namespace

TEST(Digest, ChoosesBodiesAsAMailClientWould) {
    EXPECT_EQ(roles_of(digest_of(kPlainPart)), "1:ph");
    EXPECT_EQ(roles_of(digest_of(kHtmlPart)), "1:ph");
    EXPECT_EQ(
        roles_of(digest_of(multi("alternative", "", {kPlainPart, kHtmlPart}, "b"))), "1:p 2:h"
    );
    EXPECT_EQ(roles_of(digest_of(multi("mixed", "", {kPlainPart, kPdfPart}, "b"))), "1:ph 2:a");
    EXPECT_EQ(
        roles_of(digest_of(multi(
            "mixed", "",
            {multi(
                 "alternative", "",
                 {kPlainPart, multi("related", "", {kHtmlPart, kImagePart}, "r")}, "i"
             ),
             kPdfPart},
            "b"
        ))),
        "1.1:p 1.2.1:h 1.2.2:ra 2:a"
    );
    // Apple Mail: the HTML alternative is a mixed of HTML, file, HTML.
    EXPECT_EQ(
        roles_of(digest_of(multi(
            "alternative", "",
            {kPlainPart, multi("mixed", "", {kHtmlPart, kPdfPart, kHtmlPart}, "m")}, "b"
        ))),
        "1:p 2.1:h 2.2:a 2.3:h"
    );
    // A list's footer is shown beneath the HTML.
    EXPECT_EQ(
        roles_of(digest_of(multi(
            "mixed", "", {multi("alternative", "", {kPlainPart, kHtmlPart}, "i"), kPlainPart}, "b"
        ))),
        "1.1:p 1.2:h 2:ph"
    );
    EXPECT_EQ(
        roles_of(digest_of(multi(
            "related", "; start=\"<root@x>\"", {kImagePart, "Content-ID: <root@x>\r\n" + kHtmlPart},
            "b"
        ))),
        "1:ra 2:ph"
    );
}

TEST(Digest, ATextFileIsNoBody) {
    const std::string log =
        "Content-Type: text/plain; name=x.log\r\nContent-Disposition: attachment\r\n\r\nlog";
    EXPECT_EQ(roles_of(digest_of(multi("mixed", "", {kPlainPart, log}, "b"))), "1:ph 2:a");
    EXPECT_EQ(roles_of(digest_of(log)), "1:a");
    const std::string named = "Content-Type: text/plain; name=notes.txt\r\n\r\nnotes";
    EXPECT_EQ(roles_of(digest_of(multi("mixed", "", {kPlainPart, named}, "b"))), "1:ph 2:a");
}

TEST(Digest, EmbeddedMessagesAreOneAttachment) {
    const auto digest = digest_of(multi(
        "mixed", "",
        {kPlainPart, "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n" +
                         multi("alternative", "", {kPlainPart, kHtmlPart}, "e")},
        "b"
    ));
    EXPECT_EQ(roles_of(digest), "1:ph 2:ma 2.1:i 2.2:i");
    EXPECT_TRUE(digest.has_attachments);
}

TEST(Digest, SignedMailShowsWhatIsSigned) {
    const std::string signature = "Content-Type: application/pkcs7-signature; "
                                  "name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA";
    const auto digest = digest_of(multi(
        "signed", "; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
        {kPlainPart, signature}, "b"
    ));
    EXPECT_EQ(roles_of(digest), "1:ph 2:x");
    EXPECT_FALSE(digest.has_attachments);
    EXPECT_EQ(digest.message_class, "IPM.Note.SMIME.MultipartSigned");
    EXPECT_EQ(digest.secure, Secure::signed_);
    const auto opaque = digest_of("Content-Type: application/pkcs7-mime; "
                                  "smime-type=enveloped-data; name=smime.p7m\r\n\r\nAAAA");
    EXPECT_EQ(opaque.message_class, "IPM.Note.SMIME");
    EXPECT_EQ(opaque.secure, Secure::opaque);
}

TEST(Digest, PartsAreCutByTheirRange) {
    const auto bytes = "From: a@b.example\r\n" + multi("mixed", "", {kHtmlPart, kPdfPart}, "b");
    const auto digest = make_digest(bytes);
    EXPECT_EQ(
        bytes.substr(digest.parts[0].offset, digest.parts[0].encoded_length), "<p>html t\xE4xt</p>"
    );
    EXPECT_EQ(bytes.substr(digest.parts[1].offset, digest.parts[1].encoded_length), "AAAABBBB");
    EXPECT_EQ(digest.parts[1].decoded_size, 6U);
    EXPECT_EQ(digest.parts[1].filename, "r \xC3\xA4.pdf");
    EXPECT_EQ(digest.preview, "html t\xC3\xA4xt");
    EXPECT_EQ(digest.codepage, 28591);
    EXPECT_EQ(digest.native_body, Native::html);
}

TEST(Digest, ReadsTheEnvelope) {
    const auto digest = make_digest(
        "From: \"Doe, Jo\" <jo@b.example>\r\nTo: a@b.example, c@d.example\r\nCc: "
        "e@f.example\r\nReply-To: r@b.example\r\nSubject: AW: Re[2]: "
        "=?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        "Date: Tue, 24 Nov 2026 11:40:08 +0000\r\nMessage-ID: <m@x>\r\nIn-Reply-To: "
        "<p@x>\r\nReferences: <o@x>\r\n <p@x>\r\nImportance: High\r\nList-Id: <l.x>\r\n\r\nbody"
    );
    EXPECT_EQ(digest.from.front().name, "Doe, Jo");
    EXPECT_EQ(digest.to.size(), 2U);
    EXPECT_EQ(
        digest.subject, "AW: Re[2]: Gr\xC3\xBC\xC3\x9F"
                        "e"
    );
    EXPECT_EQ(
        digest.thread_topic, "Gr\xC3\xBC\xC3\x9F"
                             "e"
    );
    EXPECT_EQ(digest.date, 1'795'520'408);
    EXPECT_EQ(digest.message_id, "m@x");
    EXPECT_EQ(digest.references, (std::vector<std::string>{"o@x", "p@x"}));
    EXPECT_EQ(digest.importance, 2);
    EXPECT_TRUE(digest.is_list);
    EXPECT_FALSE(digest.is_auto);
    EXPECT_FALSE(digest.ambiguous);
    EXPECT_EQ(digest.message_class, "IPM.Note");
}

TEST(Digest, S11RepeatedOriginatorFieldsAreFlagged) {
    EXPECT_TRUE(make_digest("From: a@b.example\r\nFrom: c@d.example\r\n\r\n").ambiguous);
    EXPECT_TRUE(make_digest("From: a@b.example\r\nfrom : c@d.example\r\n\r\n").ambiguous);
    EXPECT_TRUE(make_digest("Subject: a\r\nSubject: b\r\n\r\n").ambiguous);
}

TEST(Digest, NamesMeetingAndReportClasses) {
    const auto meeting = [](std::string_view method, std::string_view status) {
        return make_digest(
                   "Content-Type: text/calendar; method=" + std::string(method) +
                   "\r\n\r\nBEGIN:VCALENDAR\r\nATTENDEE;PARTSTAT=" + std::string(status) +
                   ":mailto:a@b.example\r\nEND:VCALENDAR\r\n"
        )
            .message_class;
    };
    EXPECT_EQ(meeting("REQUEST", "NEEDS-ACTION"), "IPM.Schedule.Meeting.Request");
    EXPECT_EQ(meeting("cancel", "NEEDS-ACTION"), "IPM.Schedule.Meeting.Canceled");
    EXPECT_EQ(meeting("REPLY", "ACCEPTED"), "IPM.Schedule.Meeting.Resp.Pos");
    EXPECT_EQ(meeting("REPLY", "DECL\r\n INED"), "IPM.Schedule.Meeting.Resp.Neg");
    EXPECT_EQ(meeting("REPLY", "TENTATIVE"), "IPM.Schedule.Meeting.Resp.Tent");
    EXPECT_EQ(meeting("PUBLISH", "ACCEPTED"), "IPM.Note");
    const auto report = [](std::string_view action) {
        return digest_of(multi(
            "report", "; report-type=delivery-status",
            {kPlainPart,
             "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: " +
                 std::string(action)},
            "b"
        ));
    };
    EXPECT_EQ(report("failed").message_class, "REPORT.IPM.NOTE.NDR");
    EXPECT_EQ(report("delayed").message_class, "REPORT.IPM.NOTE.DELAYED");
    EXPECT_EQ(report("delivered").message_class, "REPORT.IPM.NOTE.DR");
    EXPECT_EQ(roles_of(report("failed")), "1:ph 2:x");
}

TEST(Digest, AnInvitationIsNoAttachmentToMention) {
    const std::string invitation = "Content-Type: text/calendar; method=REQUEST; "
                                   "charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";
    const auto digest =
        digest_of(multi("alternative", "", {kPlainPart, kHtmlPart, invitation}, "b"));
    EXPECT_TRUE(digest.parts[2].is_calendar);
    EXPECT_FALSE(digest.has_attachments);
    EXPECT_EQ(digest.calendar_method, "REQUEST");
}

TEST(Digest, EncodingRoundTripsAndEveryDamageIsNoticed) {
    const auto digest = make_digest(
        "From: A <a@b.example>\r\nTo: g: x@y.example;\r\nSubject: s\r\nDate: 1 Jan 1960 00:00:00 "
        "+0000\r\nReferences: <a@b> <c@d>\r\n" +
        multi("mixed", "", {multi("alternative", "", {kPlainPart, kHtmlPart}, "i"), kPdfPart}, "b")
    );
    const auto bytes = encode(digest);
    const auto again = decode(bytes);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, digest);
    EXPECT_LT(*digest.date, 0);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        EXPECT_FALSE(decode(std::string_view(bytes).substr(0, cut))) << cut;
    EXPECT_FALSE(decode(bytes + "x"));
    EXPECT_FALSE(decode("\x07" + bytes.substr(1)));
}

TEST(Digest, TopicLosesReplyMarksOfManyLanguages) {
    for (const std::string_view subject :
         {"Re: x", "RE: Fwd: x", "AW: WG: x", "Re[3]: x", "SV: VS : x", "re:x", "  x  "})
        EXPECT_EQ(topic_of(subject), "x") << subject;
    EXPECT_EQ(topic_of("Reply: x"), "Reply: x");
    EXPECT_EQ(topic_of("Re:"), "");
}

} // namespace lockstep::mime
