// Claims about mail on the wire: what is written in each version, and which body a client gets.
#include "codec/eas/email.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/eas/email_flags.hpp"

namespace lockstep::eas {

namespace {

namespace email = wbxml::email;
namespace email2 = wbxml::email2;
namespace base = wbxml::air_sync_base;
using wbxml::Node;
using wbxml::Version;

const std::string kMail =
    "From: Jo Doe <jo@b.example>\r\nSender: list@b.example\r\nTo: A <a@c.example>, "
    "b@c.example\r\nCc: c@c.example\r\nReply-To: r@b.example\r\nSubject: Re: topic\r\n"
    "Date: Tue, 24 Nov 2026 11:40:08 +0000\r\nContent-Type: multipart/mixed; "
    "boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
    "--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain \xE2\x82\xAC "
    "text\r\n--a\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
    "quoted-printable\r\n\r\n<p>html =E4 text</p>\r\n--a--\r\n"
    "--m\r\nContent-Type: image/png\r\nContent-ID: <i@x>\r\nContent-Disposition: inline; "
    "filename=i.png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n"
    "--m\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
    "filename=\"a/b.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJDREVG\r\n--m--\r\n";

struct MailRun {
    Node data;
    std::uint64_t bytes_read = 0;
    std::vector<std::string> parts;
};

BodyPreference preference(
    int type, std::optional<std::uint32_t> size = {}, bool all_or_none = false,
    std::uint32_t preview = 0
) {
    return {type, size, all_or_none, preview};
}

MailRun written_mail(
    std::string_view message, ItemOptions options, MailFlags flags = {}, bool with_parts = false
) {
    MailRun run;
    const auto digest = mime::make_digest(message);
    MailView view{.digest = digest, .flags = std::move(flags)};
    view.received_us = 1'795'520'408'000'000;
    view.size = message.size();
    view.server_id = "5:7";
    view.conversation_id = std::string(16, '\x01');
    view.conversation_index = std::string(5, '\x02');
    view.read = [&](std::uint64_t offset, std::uint64_t length) -> Result<std::string> {
        EXPECT_LE(offset + length, message.size());
        run.bytes_read += length;
        return std::string(message.substr(offset, length));
    };
    if (with_parts)
        options.parts = &run.parts;
    wbxml::Writer out(options.version);
    out.open(wbxml::air_sync::ApplicationData);
    const auto written = write_email(out, view, options);
    EXPECT_TRUE(written) << (written ? "" : written.error().text);
    out.close();
    const auto bytes = out.finish();
    EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().text);
    auto node = wbxml::parse(bytes.value_or(""));
    EXPECT_TRUE(node);
    if (node)
        run.data = *std::move(node);
    return run;
}

ItemOptions asking(std::vector<BodyPreference> preferences, Version version = Version::v16_1) {
    ItemOptions options;
    options.version = version;
    options.body_preferences = std::move(preferences);
    return options;
}

std::string body_text_of(const Node& data, wbxml::Tag child = base::Data) {
    const auto* const body = data.find(base::Body);
    return body == nullptr ? "<no body>" : std::string(body->text_of(child, "<absent>"));
}

} // namespace

TEST(EasEmail, WritesThePropertiesOfEveryVersion) {
    for (const auto version : wbxml::kVersions) {
        const auto data = written_mail(kMail, asking({preference(1)}, version)).data;
        EXPECT_EQ(data.text_of(email::From), "\"Jo Doe\" <jo@b.example>");
        EXPECT_EQ(data.text_of(email::To), "\"A\" <a@c.example>, b@c.example");
        EXPECT_EQ(data.text_of(email::DisplayTo), "A; b@c.example");
        EXPECT_EQ(data.text_of(email::Subject), "Re: topic");
        EXPECT_EQ(data.text_of(email::ThreadTopic), "topic");
        EXPECT_EQ(data.text_of(email::DateReceived), "2026-11-24T11:40:08.000Z");
        EXPECT_EQ(data.text_of(email::Read), "0");
        EXPECT_EQ(data.text_of(email::Importance), "1");
        EXPECT_EQ(data.text_of(email::MessageClass), "IPM.Note");
        EXPECT_EQ(data.has(email::Flag), version >= Version::v12_0);
        EXPECT_EQ(data.has(email::ContentClass), version >= Version::v12_0);
        EXPECT_EQ(data.has(email::Categories), version >= Version::v14_0);
        EXPECT_EQ(data.has(email2::ConversationId), version >= Version::v14_0);
        EXPECT_EQ(data.text_of(email2::Sender), version >= Version::v14_0 ? "list@b.example" : "");
        EXPECT_EQ(data.has(base::Body), version >= Version::v12_0);
        EXPECT_EQ(data.has(email::Body), version < Version::v12_0);
    }
}

TEST(EasEmail, Quirk11DateReceivedIsAlwaysThere) {
    const auto digest = mime::make_digest("Date: 1 Jan 2020 00:00:00 +0000\r\n\r\nx");
    MailView view{.digest = digest};
    view.read = [](std::uint64_t, std::uint64_t) -> Result<std::string> { return "x"; };
    wbxml::Writer out(Version::v16_1);
    out.open(wbxml::air_sync::ApplicationData);
    ASSERT_TRUE(write_email(out, view, {}));
    out.close();
    EXPECT_EQ(
        wbxml::parse(out.finish().value())->text_of(email::DateReceived), "2020-01-01T00:00:00.000Z"
    );
}

TEST(EasEmail, ThePreferenceOfTheNativeTypeWins) {
    EXPECT_EQ(
        body_text_of(written_mail(kMail, asking({preference(1), preference(2)})).data, base::Type),
        "2"
    );
    EXPECT_EQ(
        body_text_of(written_mail(kMail, asking({preference(1)})).data), "plain \xE2\x82\xAC text"
    );
    EXPECT_EQ(
        body_text_of(written_mail(kMail, asking({preference(2)})).data), "<p>html \xC3\xA4 text</p>"
    );
    EXPECT_EQ(
        body_text_of(written_mail(kMail, asking({preference(3), preference(1)})).data, base::Type),
        "1"
    );
    EXPECT_EQ(written_mail(kMail, asking({preference(1)})).data.text_of(base::NativeBodyType), "2");
    const auto plain =
        written_mail("From: a@b.example\r\n\r\na < b\r\n", asking({preference(2)})).data;
    EXPECT_TRUE(body_text_of(plain).contains("a &lt; b<br>"));
    EXPECT_EQ(plain.text_of(base::NativeBodyType), "1");
    const auto html = written_mail(
                          "From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>a &lt; b</p>",
                          asking({preference(1)})
    )
                          .data;
    EXPECT_EQ(body_text_of(html), "a < b\r\n");
}

TEST(EasEmail, TruncationCutsBytesButNoCharacter) {
    for (std::uint32_t size = 0; size <= 15; ++size) {
        const auto data = written_mail(kMail, asking({preference(1, size)})).data;
        const std::string whole = "plain \xE2\x82\xAC text";
        const bool cut = size < whole.size();
        EXPECT_EQ(body_text_of(data), utf8_prefix(whole, size)) << size;
        EXPECT_EQ(body_text_of(data, base::Truncated), cut ? "1" : "<absent>") << size;
        EXPECT_EQ(body_text_of(data, base::EstimatedDataSize), "14") << size;
    }
}

TEST(EasEmail, AllOrNoneFallsToTheNextPreference) {
    auto data = written_mail(kMail, asking({preference(2, 5, true), preference(1, 5)})).data;
    EXPECT_EQ(body_text_of(data, base::Type), "1");
    EXPECT_EQ(body_text_of(data), "plain");
    data = written_mail(kMail, asking({preference(2, 5, true)})).data;
    EXPECT_EQ(body_text_of(data, base::Type), "2");
    EXPECT_EQ(body_text_of(data), "<absent>");
    EXPECT_EQ(body_text_of(data, base::Truncated), "1");
    data = written_mail(kMail, asking({preference(2, {}, true)})).data;
    EXPECT_EQ(body_text_of(data), "<p>html \xC3\xA4 text</p>");
}

TEST(EasEmail, PreviewStandsBesideEverythingButPlainText) {
    EXPECT_EQ(
        body_text_of(
            written_mail(kMail, asking({preference(2, {}, false, 7)})).data, base::Preview
        ),
        "plain \xE2\x82\xAC"
    );
    EXPECT_EQ(
        body_text_of(
            written_mail(kMail, asking({preference(1, {}, false, 7)})).data, base::Preview
        ),
        "<absent>"
    );
    EXPECT_EQ(
        body_text_of(
            written_mail(kMail, asking({preference(2, {}, false, 7)}, Version::v12_1)).data,
            base::Preview
        ),
        "<absent>"
    );
}

TEST(EasEmail, MimeIsSentWhereItIsAskedAndAllowed) {
    auto options = asking({preference(4), preference(2)});
    EXPECT_EQ(body_text_of(written_mail(kMail, options).data, base::Type), "2");
    options.mime_support = 1;
    EXPECT_EQ(body_text_of(written_mail(kMail, options).data, base::Type), "2");
    options.mime_support = 2;
    auto data = written_mail(kMail, options).data;
    EXPECT_EQ(body_text_of(data, base::Type), "4");
    EXPECT_EQ(body_text_of(data), kMail);
    options.mime_truncation = 0;
    data = written_mail(kMail, options).data;
    EXPECT_EQ(body_text_of(data), "");
    EXPECT_EQ(body_text_of(data, base::Truncated), "1");
    EXPECT_EQ(body_text_of(data, base::EstimatedDataSize), std::to_string(kMail.size()));
}

TEST(EasEmail, MimeThatIsNoTextIsReencodedNotDamaged) {
    const std::string latin =
        "From: a@b.example\r\nContent-Type: text/plain; "
        "charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nt\xE4xt\r\n";
    auto options = asking({preference(4)});
    options.mime_support = 2;
    const auto text = body_text_of(written_mail(latin, options).data);
    EXPECT_TRUE(text.contains("quoted-printable"));
    EXPECT_TRUE(text.contains("t=E4xt"));
}

TEST(EasEmail, SignedMailIsMimeForClientsThatWantIt) {
    const std::string sealed = "From: a@b.example\r\nContent-Type: multipart/signed; "
                               "protocol=\"application/pkcs7-signature\"; "
                               "boundary=s\r\n\r\n--s\r\n\r\ntext\r\n--s\r\nContent-Type: "
                               "application/pkcs7-signature\r\n\r\nAAAA\r\n--s--\r\n";
    auto options = asking({preference(4), preference(1)});
    options.mime_support = 1;
    const auto data = written_mail(sealed, options).data;
    EXPECT_EQ(body_text_of(data), sealed);
    EXPECT_EQ(data.text_of(email::MessageClass), "IPM.Note.SMIME.MultipartSigned");
}

TEST(EasEmail, BodyPartIsWrittenFrom141On) {
    auto options = asking({preference(2)});
    options.body_part_preferences = {preference(2, 10)};
    const auto run = written_mail(kMail, options);
    const auto* const part = run.data.find(base::BodyPart);
    ASSERT_NE(part, nullptr);
    EXPECT_EQ(part->text_of(base::Status), "1");
    EXPECT_EQ(part->text_of(base::Data), "<p>html \xC3\xA4");
    options.version = Version::v14_0;
    EXPECT_FALSE(written_mail(kMail, options).data.has(base::BodyPart));
}

TEST(EasEmail, MultipartAnswersCarryTheBodyApart) {
    const auto run = written_mail(kMail, asking({preference(2)}), {}, true);
    EXPECT_EQ(run.parts, (std::vector<std::string>{"<p>html \xC3\xA4 text</p>"}));
    EXPECT_EQ(body_text_of(run.data), "<absent>");
    EXPECT_EQ(body_text_of(run.data, wbxml::item_operations::Part), "1");
}

TEST(EasEmail, ListsAttachmentsWithReferencesThatFindThemAgain) {
    const auto data = written_mail(kMail, asking({preference(1)})).data;
    const auto* const attachments = data.find(base::Attachments);
    ASSERT_NE(attachments, nullptr);
    ASSERT_EQ(attachments->children.size(), 2U);
    const auto& image = attachments->children[0];
    EXPECT_EQ(image.text_of(base::DisplayName), "i.png");
    EXPECT_EQ(image.text_of(base::ContentId), "i@x");
    EXPECT_EQ(image.text_of(base::IsInline), "1");
    const auto& file = attachments->children[1];
    EXPECT_EQ(file.text_of(base::DisplayName), "a_b.pdf");
    EXPECT_EQ(file.text_of(base::EstimatedDataSize), "6");
    EXPECT_EQ(file.text_of(base::Method), "1");
    EXPECT_FALSE(file.has(base::IsInline));
    const auto reference = parse_file_reference(file.text_of(base::FileReference));
    ASSERT_TRUE(reference);
    EXPECT_EQ(*reference, (FileReference{"5:7", "3"}));
    const auto digest = mime::make_digest(kMail);
    const auto* const part = find_part(digest, reference->path);
    ASSERT_NE(part, nullptr);
    MailView view{.digest = digest};
    view.read = [](std::uint64_t offset, std::uint64_t length) -> Result<std::string> {
        return kMail.substr(offset, length);
    };
    EXPECT_EQ(read_attachment(view, *part).value(), "ABCDEF");
}

TEST(EasEmail, ReadsOnlyWhatIsShown) {
    std::string big = "From: a@b.example\r\nContent-Type: multipart/mixed; "
                      "boundary=m\r\n\r\n--m\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";
    for (int i = 0; i < 4'000; ++i)
        big += "<p>a line of an ordinary newsletter</p>\r\n";
    big += "--m\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    for (int i = 0; i < 10'000; ++i)
        big += std::string(76, 'A') + "\r\n";
    const auto run = written_mail(big + "--m--\r\n", asking({preference(2, 32'768)}));
    EXPECT_EQ(body_text_of(run.data).size(), 32'768U);
    EXPECT_LT(run.bytes_read, 40'000U);
    EXPECT_EQ(body_text_of(run.data, base::EstimatedDataSize), std::to_string(4'000 * 41 - 2));
}

TEST(EasEmail, Protocol25GetsItsOwnElements) {
    auto options = asking({}, Version::v2_5);
    options.truncation = 1;
    auto data = written_mail(kMail, options).data;
    EXPECT_EQ(data.text_of(email::Body), "plain \xE2\x82\xAC text");
    EXPECT_EQ(data.text_of(email::BodyTruncated), "0");
    EXPECT_EQ(data.text_of(email::BodySize), "14");
    const auto* const attachments = data.find(email::Attachments);
    ASSERT_NE(attachments, nullptr);
    EXPECT_EQ(parse_file_reference(attachments->children[1].text_of(email::AttName))->path, "3");
    options.mime_support = 2;
    data = written_mail(kMail, options).data;
    EXPECT_EQ(data.text_of(email::MIMEData), kMail);
    EXPECT_FALSE(data.has(email::Body));
}

TEST(EasEmail, DraftsSayThatTheyAreAndToWhomSecretly) {
    const std::string draft = "From: a@b.example\r\nBcc: h@b.example\r\n\r\nx";
    MailFlags flags;
    flags.draft = true;
    auto data = written_mail(draft, asking({preference(1)}), flags).data;
    EXPECT_EQ(data.text_of(email2::IsDraft), "1");
    EXPECT_EQ(data.text_of(email2::Bcc), "h@b.example");
    data = written_mail(draft, asking({preference(1)}, Version::v14_1), flags).data;
    EXPECT_FALSE(data.has(email2::IsDraft));
    EXPECT_FALSE(written_mail(draft, asking({preference(1)})).data.has(email2::Bcc));
}

TEST(EasEmail, FlagsCategoriesAndVerbsRoundTrip) {
    MailFlags flags;
    flags.read = true;
    flags.flag = MailFlag{
        .status = 2,
        .type = "Flag for follow up",
        .subject = "s",
        .start_utc = 3'600,
        .start_local = 0,
        .due_utc = 90'000,
        .due_local = 86'400,
        .completed = {},
        .date_completed = {},
        .reminder_set = true,
        .reminder = 7'200,
        .ordinal = 10,
        .sub_ordinal = "5"
    };
    flags.categories = {"red", "\xC3\xA4"};
    flags.last_verb = 3;
    flags.last_verb_time = 60;
    const auto data = written_mail(kMail, asking({preference(1)}), flags).data;
    const auto change = parse_email_change(Node{
        wbxml::air_sync::ApplicationData,
        {},
        false,
        {*data.find(email::Read), *data.find(email::Flag), *data.find(email::Categories)}
    });
    ASSERT_TRUE(change) << change.error().text;
    EXPECT_EQ(change->read, true);
    EXPECT_EQ(change->flag, flags.flag);
    EXPECT_EQ(change->categories, flags.categories);
    EXPECT_FALSE(change->edits_draft());
    EXPECT_EQ(data.text_of(email2::LastVerbExecuted), "3");
    EXPECT_EQ(data.text_of(email2::LastVerbExecutionTime), "1970-01-01T00:01:00.000Z");
}

TEST(EasEmail, AnUnflaggedMailHasAnEmptyFlag) {
    const auto* const flag = written_mail(kMail, asking({preference(1)})).data.find(email::Flag);
    EXPECT_NE(flag, nullptr);
    wbxml::Writer out(Version::v12_1);
    out.open(wbxml::air_sync::ApplicationData);
    write_email_flags(out, {});
    out.close();
    const auto node = wbxml::parse(out.finish().value());
    ASSERT_TRUE(node->has(email::Flag));
    EXPECT_TRUE(node->find(email::Flag)->children.empty());
    // 12.1 knows no categories of mail.
    EXPECT_FALSE(node->has(email::Categories));
}

TEST(EasEmail, TellsOnlyTheFlagsThatChanged) {
    MailFlags flags;
    flags.read = true;
    const auto told = [&](ChangedFlags changed) {
        wbxml::Writer out(Version::v16_1);
        out.open(wbxml::air_sync::ApplicationData);
        write_email_flags(out, flags, changed);
        out.close();
        std::vector<std::string> names;
        const auto node = wbxml::parse(out.finish().value());
        for (const auto& child : node->children)
            names.emplace_back(wbxml::name_of(child.tag));
        return names;
    };
    EXPECT_EQ(told({true, false, false, false}), std::vector<std::string>{"Read"});
    EXPECT_EQ(told({false, true, false, false}), std::vector<std::string>{"Flag"});
    EXPECT_EQ(told({false, false, true, false}), std::vector<std::string>{"Categories"});
}

} // namespace lockstep::eas
