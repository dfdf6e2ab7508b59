// An Email item's properties; see email.hpp. Bodies are in email_body.cpp, flags in
// email_flags.cpp. Spec: MS-ASEMAIL 2.2.2. The schema lets the properties stand in any order; this
// is the order Exchange uses.
#include "codec/eas/email.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/email_flags.hpp"

namespace lockstep::eas {

namespace {

namespace email = wbxml::email;
namespace email2 = wbxml::email2;
namespace base = wbxml::air_sync_base;

constexpr std::size_t kAddressBytes = 32'000; // MS-ASEMAIL 2.2.2.36, .79: 32,768 characters
constexpr std::size_t kBccBytes = 1'024;      // Email2.xsd

/// Addresses in wire form, whole ones only, within a length.
std::string joined(
    const std::vector<mime::Address>& addresses, std::string_view separator, std::size_t max_bytes
) {
    std::string out;
    for (const auto& address : addresses) {
        const auto text = address.display();
        if (text.empty())
            continue;
        if (out.size() + separator.size() + text.size() > max_bytes)
            break;
        if (!out.empty())
            out += separator;
        out += text;
    }
    return out;
}

std::string display_to(const mime::Digest& digest) {
    std::string out;
    for (const auto& address : digest.to) {
        const auto name = !address.name.empty()    ? address.name
                          : address.text().empty() ? address.group
                                                   : address.text();
        if (name.empty())
            continue;
        if (out.size() + name.size() > kAddressBytes)
            break;
        if (!out.empty())
            out += "; ";
        out += name;
    }
    return out;
}

void element_if_some(wbxml::Writer& out, wbxml::Tag tag, std::string_view text) {
    if (!text.empty())
        out.element_if_allowed(tag, text);
}

void write_people(wbxml::Writer& out, const MailView& view) {
    const auto& digest = view.digest;
    element_if_some(out, email::To, joined(digest.to, ", ", kAddressBytes));
    element_if_some(out, email::Cc, joined(digest.cc, ", ", kAddressBytes));
    element_if_some(out, email::From, joined(digest.from, ", ", kAddressBytes));
    // MS-ASEMAIL 2.2.2.66: several reply addresses are separated by semicolons.
    element_if_some(out, email::ReplyTo, joined(digest.reply_to, "; ", kAddressBytes));
}

void write_dates(wbxml::Writer& out, const MailView& view) {
    // Always there: without it iOS shows the time of the sync.
    const auto received =
        view.received_us != 0 ? view.received_us / 1'000'000 : view.digest.date.value_or(0);
    out.element(email::DateReceived, iso_date(received));
}

bool lists(const mime::DigestPart& part, const mime::Digest& digest) {
    // The blob of an opaque S/MIME mail is listed, since a client without MIME support finds it
    // there.
    return part.is_attachment() ||
           (digest.secure == mime::Secure::opaque && digest.parts.size() == 1);
}

void write_attachment(wbxml::Writer& out, const MailView& view, const mime::DigestPart& part) {
    out.open(base::Attachment);
    out.element(base::DisplayName, attachment_name(part));
    out.element(base::FileReference, file_reference(view.server_id, part.path));
    out.element(base::Method, part.is_message ? 5 : 1);
    out.element(base::EstimatedDataSize, part.decoded_size);
    if (!part.content_id.empty())
        out.element(base::ContentId, part.content_id);
    if (!part.content_location.empty())
        out.element(base::ContentLocation, part.content_location);
    if (part.is_related)
        out.element(base::IsInline, 1);
    out.close();
}

void write_old_attachment(wbxml::Writer& out, const MailView& view, const mime::DigestPart& part) {
    out.open(email::Attachment);
    out.element(email::AttName, file_reference(view.server_id, part.path));
    out.element(email::AttSize, part.decoded_size);
    out.element(email::AttMethod, part.is_message ? 5 : 1);
    out.element(email::DisplayName, attachment_name(part));
    out.close();
}

void write_attachments(wbxml::Writer& out, const MailView& view) {
    const auto& parts = view.digest.parts;
    const auto listed = [&](const mime::DigestPart& part) { return lists(part, view.digest); };
    if (std::ranges::none_of(parts, listed))
        return;
    const bool old = !out.allows(base::Attachments);
    out.open(old ? email::Attachments : base::Attachments);
    for (const auto& part : parts) {
        if (!listed(part))
            continue;
        if (old) {
            write_old_attachment(out, view, part);
        } else {
            write_attachment(out, view, part);
        }
    }
    out.close();
}

void write_conversation(wbxml::Writer& out, const MailView& view) {
    if (!view.conversation_id.empty())
        out.opaque_if_allowed(email2::ConversationId, view.conversation_id);
    if (!view.conversation_index.empty())
        out.opaque_if_allowed(email2::ConversationIndex, view.conversation_index);
}

void write_last_verb(wbxml::Writer& out, const MailFlags& flags) {
    if (flags.last_verb == 0 || !out.allows(email2::LastVerbExecuted))
        return;
    out.element(email2::LastVerbExecuted, flags.last_verb);
    if (flags.last_verb_time)
        out.element(email2::LastVerbExecutionTime, iso_date(*flags.last_verb_time));
}

void write_newer(wbxml::Writer& out, const MailView& view) {
    write_conversation(out, view);
    write_last_verb(out, view.flags);
    if (view.received_as_bcc)
        out.element_if_allowed(email2::ReceivedAsBcc, 1);
    const auto sender = joined(view.digest.sender, ", ", kAddressBytes);
    if (!sender.empty() && sender != joined(view.digest.from, ", ", kAddressBytes))
        out.element_if_allowed(email2::Sender, sender);
    if (!view.flags.draft)
        return;
    out.element_if_allowed(email2::IsDraft, 1);
    const auto bcc = joined(view.digest.bcc, ", ", kBccBytes);
    if (!bcc.empty())
        out.element_if_allowed(email2::Bcc, bcc);
}

} // namespace

Result<> write_email(wbxml::Writer& out, const MailView& view, const ItemOptions& options) {
    const auto& digest = view.digest;
    write_people(out, view);
    out.element(email::Subject, digest.subject);
    write_dates(out, view);
    element_if_some(out, email::DisplayTo, display_to(digest));
    element_if_some(out, email::ThreadTopic, digest.thread_topic);
    out.element(email::Importance, digest.importance);
    out.element(email::Read, view.flags.read);
    write_attachments(out, view);
    CHECK_OK(write_email_body(out, view, options));
    out.element(email::MessageClass, digest.message_class);
    CHECK_OK(write_meeting_request(out, view));
    out.element(email::InternetCPID, digest.codepage);
    write_flag(out, view.flags.flag);
    out.element_if_allowed(email::ContentClass, std::string_view("urn:content-classes:message"));
    if (digest.native_body != mime::Native::none && !options.without_body)
        out.element_if_allowed(
            base::NativeBodyType, digest.native_body == mime::Native::html ? 2 : 1
        );
    write_newer(out, view);
    write_categories(out, view.flags.categories);
    return {};
}

void write_email_flags(wbxml::Writer& out, const MailFlags& flags, ChangedFlags changed) {
    // A change that this version cannot say: a Change must not be empty, so it repeats what stays.
    const bool said =
        (changed.flag && out.allows(email::Flag)) ||
        (changed.verb && flags.last_verb != 0 && out.allows(email2::LastVerbExecuted)) ||
        (changed.categories && out.allows(email::Categories));
    if (changed.read || !said)
        out.element(email::Read, flags.read);
    if (changed.flag)
        write_flag(out, flags.flag);
    if (changed.verb)
        write_last_verb(out, flags);
    if (changed.categories)
        write_categories(out, flags.categories);
}

} // namespace lockstep::eas
