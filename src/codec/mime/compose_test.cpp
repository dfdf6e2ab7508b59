#include "codec/mime/compose.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/mime/digest.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

constexpr std::string_view kClientPlain =
    "From: me@b.example\r\nTo: you@c.example\r\nBcc: hidden@c.example\r\nSubject: Re: "
    "x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    "base64\r\n\r\nTXkgYW5zd2VyIMOkCg==\r\n";
const std::string kOriginal =
    "From: Jo <jo@c.example>\r\nTo: me@b.example\r\nSubject: x\r\nDate: Tue, 24 Nov 2026 11:40:08 "
    "+0000\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
    "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nquestion?\r\n> "
    "older\r\n--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
    "--r\r\nContent-Type: "
    "text/html\r\n\r\n<html><head><style>p{color:red}</style></head><body><p>question?<img "
    "src=\"cid:i@x\"></p></body></html>\r\n"
    "--r\r\nContent-Type: image/png\r\nContent-ID: <i@x>\r\nContent-Transfer-Encoding: "
    "base64\r\n\r\nAAAA\r\n--r--\r\n--a--\r\n"
    "--m\r\nContent-Type: application/pdf; name=f.pdf\r\nContent-Disposition: "
    "attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\nREVG\r\n--m--\r\n";

struct Shown {
    Digest digest;
    std::string plain, html;
    std::vector<std::string> attachments;
};

Shown show(const std::string& bytes) {
    Shown shown;
    shown.digest = make_digest(bytes);
    for (const auto& part : shown.digest.parts) {
        const auto encoded = std::string_view(bytes).substr(part.offset, part.encoded_length);
        if (part.is_body_plain)
            shown.plain += decode_text_body(part.encoding, part.charset, encoded).text;
        if (part.is_body_html)
            shown.html += decode_text_body(part.encoding, part.charset, encoded).text;
        if (part.is_attachment())
            shown.attachments.push_back(part.type + "=" + std::string(encoded));
    }
    return shown;
}

} // namespace

TEST(HeaderEdit, ChangesOnlyWhatIsNamed) {
    const std::string message =
        "A: 1\r\nBcc: x\r\n y\r\nB: 2\r\nbcc: z\r\nC: 3\r\n\r\nbody\r\n\r\nmore";
    HeaderEdit edit(message);
    edit.remove("BCC")
        .replace("b", "B: two\r\n")
        .prepend("Received: r\r\n")
        .replace("D", "D: 4\r\n");
    EXPECT_EQ(
        edit.header() + message.substr(edit.body_offset()),
        "Received: r\r\nA: 1\r\nB: two\r\nC: 3\r\nD: 4\r\n\r\nbody\r\n\r\nmore"
    );
    EXPECT_FALSE(edit.has("bcc"));
    EXPECT_TRUE(edit.has("c"));
}

TEST(HeaderEdit, AMessageWithoutHeaderGetsOne) {
    HeaderEdit edit("just text");
    EXPECT_EQ(edit.append("A: 1\r\n").header(), "A: 1\r\n\r\n");
    EXPECT_EQ(edit.body_offset(), 0U);
    EXPECT_EQ(HeaderEdit("A: 1").header(), "A: 1\r\n\r\n");
}

TEST(Compose, TextTravelsInTheEncodingItNeeds) {
    EXPECT_TRUE(text_part("plain", "ascii\r\n").text().contains("7bit"));
    EXPECT_TRUE(text_part("plain", "mostly ascii \xC3\xA4\r\n").text().contains("quoted-printable")
    );
    EXPECT_TRUE(text_part("plain", "\xE2\x82\xAC\xE2\x82\xAC").text().contains("base64"));
    EXPECT_TRUE(text_part("plain", std::string(2'000, 'x')).text().contains("quoted-printable"));
}

TEST(Compose, ABoundaryOccursInNoPart) {
    std::vector<Assembly> parts(2);
    parts[0].add("Content-Type: text/plain\r\n\r\na");
    parts[1].add("Content-Type: text/plain\r\n\r\nb");
    auto again = parts;
    const auto first = multipart("mixed", std::move(parts)).text();
    // A part that holds the boundary just chosen gets another one.
    again[0].add(first);
    const auto second = multipart("mixed", std::move(again)).text();
    EXPECT_EQ(parse(second).parts.size(), 3U);
}

TEST(SmartReply, QuotesPlainAndHtmlAndKeepsTheClientsHeader) {
    const auto reply = smart_reply(kClientPlain, kOriginal);
    ASSERT_TRUE(reply);
    const auto shown = show(*reply);
    EXPECT_TRUE(shown.plain.starts_with("My answer \xC3\xA4\r\n")) << shown.plain;
    EXPECT_TRUE(shown.plain.contains("On Tue, 24 Nov 2026 11:40:08 +0000, \"Jo\" <jo@c.example> "
                                     "wrote:\r\n> question?\r\n>> older\r\n")
    ) << shown.plain;
    EXPECT_TRUE(shown.html.contains("My answer"));
    EXPECT_TRUE(
        shown.html.contains("<blockquote type=\"cite\"><style>p{color:red}</style><p>question?<img "
                            "src=\"cid:i@x\"></p></blockquote>")
    ) << shown.html;
    EXPECT_EQ(shown.attachments, (std::vector<std::string>{"image/png=AAAA"}));
    EXPECT_EQ(shown.digest.subject, "Re: x");
    EXPECT_EQ(shown.digest.bcc.size(), 1U);
    EXPECT_FALSE(shown.digest.ambiguous);
}

TEST(SmartForward, CarriesAttachmentsByteForByte) {
    const auto forward = smart_forward(kClientPlain, kOriginal);
    ASSERT_TRUE(forward);
    const auto shown = show(*forward);
    EXPECT_TRUE(shown.plain.contains("-----Original Message-----\r\nFrom: \"Jo\" <jo@c.example>\r\n"
    ));
    EXPECT_TRUE(shown.plain.contains("\r\nquestion?\r\n> older"));
    EXPECT_EQ(
        shown.attachments,
        (std::vector<std::string>{"image/png=AAAA", "application/pdf=QUJD\r\nREVG"})
    );
    EXPECT_TRUE(
        forward->contains("Content-Type: application/pdf; name=f.pdf\r\nContent-Disposition: "
                          "attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\nREVG\r\n")
    );
}

TEST(SmartForward, KeepsTheClientsOwnAttachments) {
    const std::string client =
        "From: me@b.example\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nsee "
        "both\r\n--c\r\nContent-Type: image/gif\r\nContent-Disposition: attachment; "
        "filename=g.gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lG\r\n--c--\r\n";
    const auto shown =
        show(smart_forward(client, "From: a@b.example\r\nSubject: s\r\n\r\nplain only").value());
    EXPECT_EQ(shown.attachments, (std::vector<std::string>{"image/gif=R0lG"}));
    EXPECT_EQ(shown.digest.native_body, Native::plain);
}

TEST(SmartForward, ASealedOriginalGoesAlongWholeAndASealedMessageIsNotTouched) {
    const std::string sealed =
        "From: a@b.example\r\nContent-Type: application/pkcs7-mime; "
        "smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n";
    const auto forward = smart_forward(kClientPlain, sealed);
    EXPECT_TRUE(forward->contains(
        "Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + sealed
    ));
    EXPECT_EQ(smart_reply(sealed, kOriginal).value(), sealed);
    EXPECT_FALSE(smart_reply(" \r\n", kOriginal));
}

TEST(SevenBit, ReencodesOnlyWhatNeedsIt) {
    const std::string message =
        "From: J\xE4n <j@b.example>\r\nSubject: \xE4\r\nContent-Type: multipart/mixed; "
        "boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; "
        "charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nt\xE4xt\r\n--b\r\n"
        "Content-Type: application/x\r\n\r\n\xFF\xFE\r\n--b\r\n\r\nascii\r\n--b--\r\n";
    const auto out = to_seven_bit(message);
    EXPECT_TRUE(is_ascii(out)) << out;
    const auto before = make_digest(message);
    const auto after = make_digest(out);
    EXPECT_EQ(after.subject, before.subject);
    EXPECT_EQ(after.from, before.from);
    ASSERT_EQ(after.parts.size(), before.parts.size());
    for (std::size_t i = 0; i < before.parts.size(); ++i) {
        const auto body = [](const std::string& bytes, const DigestPart& part) {
            return decode_transfer(
                part.encoding, std::string_view(bytes).substr(part.offset, part.encoded_length)
            );
        };
        EXPECT_EQ(body(out, after.parts[i]), body(message, before.parts[i])) << i;
    }
}

TEST(SevenBit, KeepsTheStructureOfOddTypes) {
    const std::string odd =
        "Content-Type: multipart/mixed; boundary=m; x=\xD3\r\n\r\n--m\r\nContent-Type: "
        "application/pdf; name=\"\xC3\xA4.pdf\"\r\n\r\nx\r\n--m--\r\n";
    const auto out = to_seven_bit(odd);
    ASSERT_EQ(parse(out).parts.size(), 2U);
    EXPECT_EQ(parse(out).parts[1].name, "\xC3\xA4.pdf");
}

} // namespace lockstep::mime
