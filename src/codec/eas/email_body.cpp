// Which body a client gets, and Body, BodyPart and the old elements on the wire; see email.hpp.
// Spec: MS-ASAIRS 2.2.2.3 AllOrNone, 2.2.2.9 Body, 2.2.2.10 BodyPart, 2.2.2.35 Preview, 2.2.2.40
// TruncationSize;
//       MS-ASCMD MIMESupport, MIMETruncation, Truncation.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/email.hpp"
#include "codec/eas/email_text.hpp"

namespace lockstep::eas {

namespace {

namespace email = wbxml::email;
namespace base = wbxml::air_sync_base;

constexpr int kPlain = 1;
constexpr int kHtml = 2;
constexpr int kMime = 4;

/// MS-ASCMD 2.2.3.108: bytes of MIME for each value of MIMETruncation.
std::size_t mime_limit(const ItemOptions& options) {
    constexpr std::array<std::size_t, 8> kSizes{0,      4'096,  5'120,  7'168,
                                                10'240, 20'480, 51'200, 102'400};
    const int value = options.mime_truncation.value_or(8);
    return value >= 0 && value < 8 ? kSizes[static_cast<std::size_t>(value)] : limits::kEasBody;
}

/// MS-ASCMD Truncation of protocol 2.5, in characters; bytes are the stricter reading.
std::size_t old_body_limit(const ItemOptions& options) {
    constexpr std::array<std::size_t, 9> kSizes{0,      512,    1'024,  2'048,  5'120,
                                                10'240, 20'480, 51'200, 102'400};
    const int value = options.truncation.value_or(9);
    return value >= 0 && value < 9 ? kSizes[static_cast<std::size_t>(value)] : limits::kEasBody;
}

bool mime_wanted(const MailView& view, const ItemOptions& options) {
    return options.mime_support == 2 ||
           (options.mime_support == 1 && view.digest.secure != mime::Secure::none);
}

/// The preferences in the order they are tried: MIME where it is asked and meant for this mail,
/// then the one that is the mail's own form, then the client's order (MS-ASAIRS 2.2.2.3.2).
std::vector<BodyPreference> ordered_preferences(
    const MailView& view, const ItemOptions& options, const std::vector<BodyPreference>& asked
) {
    std::vector<BodyPreference> order;
    const int native = view.digest.native_body == mime::Native::html ? kHtml : kPlain;
    if (mime_wanted(view, options))
        std::ranges::copy_if(asked, std::back_inserter(order), [](const auto& p) {
            return p.type == kMime;
        });
    for (const bool own : {true, false}) {
        std::ranges::copy_if(asked, std::back_inserter(order), [&](const auto& p) {
            return (p.type == kPlain || p.type == kHtml) && (p.type == native) == own;
        });
    }
    if (asked.empty() && mime_wanted(view, options))
        order.push_back(
            BodyPreference{.type = kMime, .truncation_size = {}, .all_or_none = false, .preview = 0}
        );
    if (order.empty())
        order.push_back(BodyPreference{
            .type = kPlain, .truncation_size = {}, .all_or_none = false, .preview = 0
        });
    return order;
}

Result<MailText> body_text(const MailView& view, int type, std::size_t max_bytes) {
    switch (type) {
    case kMime:
        return mime_body(view, max_bytes);
    case kHtml:
        return html_body(view, max_bytes);
    default:
        return plain_body(view, max_bytes);
    }
}

struct ChosenBody {
    BodyPreference preference;
    MailText text;
    bool withheld = false; ///< AllOrNone said none, for every preference
};

Result<ChosenBody> choose_body(
    const MailView& view, const ItemOptions& options, const std::vector<BodyPreference>& asked
) {
    std::optional<ChosenBody> first;
    for (const auto& preference : ordered_preferences(view, options, asked)) {
        std::size_t max_bytes = preference.truncation_size.value_or(limits::kEasBody);
        if (preference.type == kMime && options.mime_truncation)
            max_bytes = std::min(max_bytes, mime_limit(options));
        TRY(auto text, body_text(view, preference.type, max_bytes));
        // AllOrNone means nothing without a TruncationSize (MS-ASAIRS 2.2.2.3.2).
        const bool withheld = preference.all_or_none && preference.truncation_size && !text.whole;
        if (!withheld)
            return ChosenBody{preference, std::move(text), false};
        if (!first)
            first = ChosenBody{preference, std::move(text), true};
    }
    first->text.data.clear();
    return std::move(*first);
}

std::string_view first_characters(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; at < text.size() && count > 0; --count) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
            ++at;
    }
    return text.substr(0, at);
}

/// Size, Truncated, Data and Preview, the common part of Body and BodyPart.
void write_content(
    wbxml::Writer& out, const MailView& view, const ItemOptions& options, const ChosenBody& chosen,
    bool may_part
) {
    const auto& [preference, text, withheld] = chosen;
    out.element(base::Type, preference.type);
    out.element(base::EstimatedDataSize, std::min<std::uint64_t>(text.size, 0xFFFFFFFF));
    if (!text.whole || withheld)
        out.element(base::Truncated, 1);
    const bool as_part = may_part && options.parts != nullptr && !withheld &&
                         out.allows(wbxml::item_operations::Part);
    if (!withheld && !as_part)
        out.element(base::Data, text.data);
    // A preview beside plain text would say the same twice (MS-ASAIRS 2.2.2.35.1).
    const bool plain_data = preference.type == kPlain && !withheld && !text.data.empty();
    if (preference.preview > 0 && !plain_data && out.allows(base::Preview))
        out.element(base::Preview, first_characters(view.digest.preview, preference.preview));
    if (as_part) {
        options.parts->push_back(text.data);
        out.element(wbxml::item_operations::Part, options.parts->size()); // part 0 is the document
    }
}

Result<> write_body_part(wbxml::Writer& out, const MailView& view, const ItemOptions& options) {
    if (options.body_part_preferences.empty() || !out.allows(base::BodyPart))
        return {};
    TRY(const auto chosen, choose_body(view, options, options.body_part_preferences));
    out.open(base::BodyPart);
    out.element(base::Status, 1);
    write_content(out, view, options, chosen, false);
    out.close();
    return {};
}

/// Protocol 2.5: Body, BodySize, BodyTruncated, or the MIME elements.
Result<> write_old_mail_body(wbxml::Writer& out, const MailView& view, const ItemOptions& options) {
    const bool as_mime = mime_wanted(view, options);
    const auto max_bytes = as_mime ? mime_limit(options) : old_body_limit(options);
    TRY(const auto text, body_text(view, as_mime ? kMime : kPlain, max_bytes));
    out.element(as_mime ? email::MIMETruncated : email::BodyTruncated, !text.whole);
    out.element(as_mime ? email::MIMEData : email::Body, text.data);
    out.element(as_mime ? email::MIMESize : email::BodySize, text.size);
    return {};
}

} // namespace

Result<> write_email_body(wbxml::Writer& out, const MailView& view, const ItemOptions& options) {
    if (options.without_body)
        return {};
    if (!out.allows(base::Body))
        return write_old_mail_body(out, view, options);
    TRY(const auto chosen, choose_body(view, options, options.body_preferences));
    out.open(base::Body);
    write_content(out, view, options, chosen, true);
    out.close();
    return write_body_part(out, view, options);
}

} // namespace lockstep::eas
