// Claims about what a client sends for mail: changes, drafts; and about invitations.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/eas/email.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::eas {

namespace {

using wbxml::Node;
using wbxml::Tag;
using wbxml::Version;

Node mail_leaf(Tag tag, std::string text = {}) { return {tag, std::move(text), false, {}}; }
Node mail_branch(Tag tag, std::vector<Node> children) {
    return {tag, {}, false, std::move(children)};
}
Node mail_sent(std::vector<Node> children) {
    return mail_branch(wbxml::air_sync::ApplicationData, std::move(children));
}
Node mail_body_node(std::string type, std::string data) {
    return mail_branch(
        wbxml::air_sync_base::Body, {mail_leaf(wbxml::air_sync_base::Type, std::move(type)),
                                     mail_leaf(wbxml::air_sync_base::Data, std::move(data))}
    );
}

Node add_attachment_node(std::string name, std::string content, bool is_inline = false) {
    auto node = mail_branch(
        wbxml::air_sync_base::Add,
        {mail_leaf(wbxml::air_sync_base::ClientId, "c1"),
         mail_leaf(wbxml::air_sync_base::Method, "1"),
         mail_leaf(wbxml::air_sync_base::DisplayName, std::move(name)),
         mail_leaf(wbxml::air_sync_base::ContentType, "image/png"),
         Node{wbxml::air_sync_base::Content, std::move(content), true, {}}}
    );
    if (is_inline)
        node.children.push_back(mail_leaf(wbxml::air_sync_base::IsInline));
    return node;
}

std::string mail_draft(const Node& data, std::string_view original = {}) {
    const auto change = parse_email_change(data);
    EXPECT_TRUE(change) << (change ? "" : change.error().text);
    const auto draft = compose_draft(
        change.value_or(EmailChange{}), original, "5:7",
        {.from = "Me <me@b.example>", .message_id = "new@b.example", .now = 1'795'520'408}
    );
    EXPECT_TRUE(draft) << (draft ? "" : draft.error().text);
    return draft.value_or("");
}

std::string part_text_of(const std::string& bytes, const mime::DigestPart& part) {
    return mime::decode_transfer(
        part.encoding, std::string_view(bytes).substr(part.offset, part.encoded_length)
    );
}

constexpr std::string_view kInvitation =
    "From: boss@b.example\r\nContent-Type: text/calendar; method=REQUEST; "
    "charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:"
    "VEVENT\r\n"
    "UID:meeting-1\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20261124T100000Z\r\nDTEND:"
    "20261124T110000Z\r\nRRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4\r\nSUMMARY:s\r\nLOCATION:Room 1\r\n"
    "ORGANIZER;CN=Boss:mailto:boss@b.example\r\nATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:me@"
    "b.example\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:"
    "VEVENT\r\nEND:VCALENDAR\r\n";

Node shown_invitation(std::string_view message, Version version) {
    const auto digest = mime::make_digest(message);
    MailView view{.digest = digest};
    view.read = [message](std::uint64_t offset, std::uint64_t length) -> Result<std::string> {
        return std::string(message.substr(offset, length));
    };
    wbxml::Writer out(version);
    out.open(wbxml::air_sync::ApplicationData);
    EXPECT_TRUE(write_meeting_request(out, view));
    out.close();
    const auto bytes = out.finish();
    EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().text);
    return wbxml::parse(bytes.value_or("")).value_or(Node{});
}

} // namespace

TEST(EmailChange, ReadsOnlyWhatIsThere) {
    const auto change = parse_email_change(mail_sent({mail_leaf(wbxml::email::Read, "1")}));
    ASSERT_TRUE(change);
    EXPECT_EQ(change->read, true);
    EXPECT_FALSE(change->flag || change->categories || change->edits_draft());
    EXPECT_EQ(parse_email_change(mail_sent({mail_leaf(wbxml::email::Flag)}))->flag->status, 0);
    EXPECT_TRUE(
        parse_email_change(mail_sent({mail_leaf(wbxml::email::Categories)}))->categories->empty()
    );
    EXPECT_TRUE(parse_email_change(mail_sent({mail_leaf(wbxml::email2::Send)}))->send);
}

TEST(EmailChange, RefusesWhatOnlyTheServerSetsAndValuesThatAreNone) {
    EXPECT_FALSE(parse_email_change(mail_sent({mail_leaf(wbxml::email2::ConversationId, "x")})));
    EXPECT_FALSE(parse_email_change(mail_sent({mail_leaf(wbxml::email2::IsDraft, "0")})));
    EXPECT_FALSE(parse_email_change(mail_sent({mail_leaf(wbxml::email::Read, "2")})));
    EXPECT_FALSE(parse_email_change(mail_sent({mail_leaf(wbxml::email::Importance, "3")})));
    EXPECT_FALSE(parse_email_change(mail_sent({mail_body_node("3", "rtf")})));
    EXPECT_FALSE(parse_email_change(
        mail_sent({mail_branch(wbxml::email::Flag, {mail_leaf(wbxml::email::Status, "9")})})
    ));
    EXPECT_FALSE(parse_email_change(mail_sent({mail_branch(
        wbxml::email::Flag, {mail_leaf(wbxml::email::Status, "2"),
                             mail_leaf(wbxml::tasks::StartDate, "2026-11-24T00:00:00.000Z")}
    )})));
}

TEST(EmailChange, Quirk10AnAddWithoutContentIsIgnored) {
    auto add = add_attachment_node("x.png", "bytes");
    add.children.pop_back();
    EXPECT_TRUE(parse_email_change(mail_sent({mail_branch(wbxml::air_sync_base::Attachments, {add})}
                                   ))
                    ->add.empty());
    auto text = add_attachment_node("x.png", "QUJD");
    text.children.back().opaque = false;
    EXPECT_EQ(
        parse_email_change(mail_sent({mail_branch(wbxml::air_sync_base::Attachments, {text})}))
            ->add.front()
            .content,
        "ABC"
    );
}

TEST(EmailDraft, IsBuiltFromItsFields) {
    const auto draft = mail_draft(mail_sent(
        {mail_leaf(wbxml::email::To, "\"A, B\" <a@c.example>, b@c.example"),
         mail_leaf(wbxml::email2::Bcc, "h@c.example"),
         mail_leaf(
             wbxml::email::Subject, "Gr\xC3\xBC\xC3\x9F"
                                    "e"
         ),
         mail_leaf(wbxml::email::Importance, "2"),
         mail_body_node("2", "<p>Hallo &amp; \xC3\xA4</p>"),
         mail_branch(
             wbxml::air_sync_base::Attachments,
             {add_attachment_node("f.png", "PNGDATA"), add_attachment_node("i.png", "INLINE", true)}
         )}
    ));
    const auto digest = mime::make_digest(draft);
    EXPECT_EQ(
        digest.subject, "Gr\xC3\xBC\xC3\x9F"
                        "e"
    );
    EXPECT_EQ(digest.to.size(), 2U);
    EXPECT_EQ(digest.to.front().name, "A, B");
    EXPECT_EQ(digest.bcc.size(), 1U);
    EXPECT_EQ(digest.from.front().local, "me");
    EXPECT_EQ(digest.message_id, "new@b.example");
    EXPECT_EQ(digest.importance, 2);
    EXPECT_EQ(digest.date, 1'795'520'408);
    EXPECT_FALSE(digest.ambiguous);
    ASSERT_EQ(digest.parts.size(), 4U);
    EXPECT_EQ(part_text_of(draft, digest.parts[0]), "Hallo & \xC3\xA4\r\n");
    EXPECT_EQ(part_text_of(draft, digest.parts[1]), "<p>Hallo &amp; \xC3\xA4</p>");
    EXPECT_EQ(part_text_of(draft, digest.parts[2]), "INLINE");
    EXPECT_TRUE(digest.parts[2].is_related);
    EXPECT_EQ(part_text_of(draft, digest.parts[3]), "PNGDATA");
    EXPECT_EQ(digest.parts[3].filename, "f.png");
}

TEST(EmailDraft, AChangeKeepsWhatItDoesNotName) {
    const auto first = mail_draft(mail_sent(
        {mail_leaf(wbxml::email::To, "a@c.example"), mail_leaf(wbxml::email::Subject, "s"),
         mail_body_node("1", "one\r\n"),
         mail_branch(
             wbxml::air_sync_base::Attachments,
             {add_attachment_node("f.png", "F"), add_attachment_node("g.png", "G")}
         )}
    ));
    const auto before = mime::make_digest(first);
    const auto second = mail_draft(
        mail_sent(
            {mail_leaf(wbxml::email::Subject, "t"),
             mail_branch(
                 wbxml::air_sync_base::Attachments,
                 {mail_branch(
                     wbxml::air_sync_base::Delete, {mail_leaf(
                                                       wbxml::air_sync_base::FileReference,
                                                       file_reference("5:7", before.parts[1].path)
                                                   )}
                 )}
             )}
        ),
        first
    );
    const auto after = mime::make_digest(second);
    EXPECT_EQ(after.subject, "t");
    EXPECT_EQ(after.to, before.to);
    EXPECT_EQ(after.message_id, before.message_id);
    ASSERT_EQ(after.parts.size(), 2U);
    EXPECT_EQ(part_text_of(second, after.parts[0]), "one\r\n");
    EXPECT_EQ(after.parts[1].filename, "g.png");
}

TEST(EmailDraft, W12AReferenceToAnotherMailIsRefused) {
    const auto change = parse_email_change(mail_sent({mail_branch(
        wbxml::air_sync_base::Attachments,
        {mail_branch(
            wbxml::air_sync_base::Delete,
            {mail_leaf(wbxml::air_sync_base::FileReference, file_reference("5:8", "1"))}
        )}
    )}));
    EXPECT_FALSE(compose_draft(*change, "From: a@b.example\r\n\r\nx", "5:7", {}));
}

TEST(EmailDraft, Quirk9AMimeBodyIsTheWholeMessage) {
    const std::string mime_text =
        "From: me@b.example\r\nTo: a@c.example\r\nSubject: inside\r\nContent-Type: "
        "multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain; "
        "charset=utf-8\r\n\r\nhello\r\n--q\r\nContent-Type: application/pdf; "
        "name=p.pdf\r\nContent-Disposition: attachment\r\n\r\nPDF\r\n--q--\r\n";
    const auto draft = mail_draft(
        mail_sent({mail_leaf(wbxml::email::Subject, "outside"), mail_body_node("4", mime_text)}),
        "From: me@b.example\r\nSubject: old\r\n\r\nold"
    );
    const auto digest = mime::make_digest(draft);
    EXPECT_EQ(digest.subject, "outside");
    EXPECT_EQ(digest.to.front().local, "a");
    ASSERT_EQ(digest.parts.size(), 2U);
    EXPECT_EQ(part_text_of(draft, digest.parts[0]), "hello");
    EXPECT_EQ(digest.parts[1].filename, "p.pdf");
}

TEST(MeetingRequest, GivesAPhoneWhatItsButtonsNeed) {
    const auto data = shown_invitation(kInvitation, Version::v14_1);
    const auto* const meeting = data.find(wbxml::email::MeetingRequest);
    ASSERT_NE(meeting, nullptr);
    EXPECT_EQ(meeting->text_of(wbxml::email::StartTime), "2026-11-24T10:00:00.000Z");
    EXPECT_EQ(meeting->text_of(wbxml::email::EndTime), "2026-11-24T11:00:00.000Z");
    EXPECT_EQ(meeting->text_of(wbxml::email::DtStamp), "2026-11-01T08:00:00.000Z");
    EXPECT_EQ(meeting->text_of(wbxml::email::InstanceType), "1");
    EXPECT_EQ(meeting->text_of(wbxml::email::Location), "Room 1");
    EXPECT_EQ(meeting->text_of(wbxml::email::Organizer), "\"Boss\" <boss@b.example>");
    EXPECT_EQ(meeting->text_of(wbxml::email::Reminder), "900");
    EXPECT_EQ(meeting->text_of(wbxml::email::ResponseRequested), "1");
    EXPECT_EQ(meeting->text_of(wbxml::email2::MeetingMessageType), "1");
    EXPECT_EQ(unbase64(meeting->text_of(wbxml::email::TimeZone))->size(), 172U);
    const auto* const recurrences = meeting->find(wbxml::email::Recurrences);
    ASSERT_NE(recurrences, nullptr);
    EXPECT_EQ(recurrences->children.front().text_of(wbxml::email::Type), "1");
    EXPECT_EQ(recurrences->children.front().text_of(wbxml::email::Occurrences), "4");
    EXPECT_EQ(recurrences->children.front().text_of(wbxml::email::DayOfWeek), "4");
}

TEST(MeetingRequest, GlobalObjIdWrapsAUidAndKeepsOutlooks) {
    const auto id_of = [](std::string_view message) {
        return unbase64(shown_invitation(message, Version::v14_1)
                            .find(wbxml::email::MeetingRequest)
                            ->text_of(wbxml::email::GlobalObjId))
            .value();
    };
    const auto wrapped = id_of(kInvitation);
    EXPECT_EQ(hex(wrapped.substr(0, 16)), "040000008200e00074c5b7101a82e008");
    EXPECT_EQ(wrapped.substr(36), std::string("\x16\0\0\0vCal-Uid\x01\0\0\0meeting-1\0", 26));
    const std::string outlook =
        "040000008200E00074C5B7101A82E00800000000" + std::string(32, '0') + "04000000AABBCCDD";
    EXPECT_EQ(hex(id_of(replace_all(kInvitation, "meeting-1", outlook))), lower(outlook));
}

TEST(MeetingRequest, From16OnTheUidStandsForTheId) {
    const auto data = shown_invitation(kInvitation, Version::v16_1);
    const auto* const meeting = data.find(wbxml::email::MeetingRequest);
    ASSERT_NE(meeting, nullptr);
    EXPECT_EQ(meeting->text_of(wbxml::calendar::UID), "meeting-1");
    EXPECT_FALSE(meeting->has(wbxml::email::GlobalObjId));
    EXPECT_EQ(
        meeting->find(wbxml::air_sync_base::Location)->text_of(wbxml::air_sync_base::DisplayName),
        "Room 1"
    );
}

TEST(MeetingRequest, IsNotWrittenForOtherMail) {
    EXPECT_TRUE(shown_invitation("From: a@b.example\r\n\r\nx", Version::v16_1).children.empty());
    EXPECT_TRUE(
        shown_invitation(
            "Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            Version::v16_1
        )
            .children.empty()
    );
    EXPECT_TRUE(shown_invitation(
                    "Content-Type: text/calendar; method=REQUEST\r\n\r\nnot a calendar",
                    Version::v16_1
    )
                    .children.empty());
}

} // namespace lockstep::eas
