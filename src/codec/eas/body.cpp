// Bodies of the PIM classes.
// Spec: MS-ASAIRS 2.2.2.3 (AllOrNone), 2.2.2.9 (Body), 2.2.2.20, 2.2.2.23, 2.2.2.32, 2.2.2.33
// (Preview), 2.2.2.39, 2.2.2.40; MS-ASCMD Truncation for 2.5. A body that is HTML is the item's
// native form when there is any HTML.
#include "codec/eas/body.hpp"

#include <array>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/options.hpp"
#include "codec/eas/rtf.hpp"
#include "codec/mime/html.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {
namespace {

namespace base = wbxml::air_sync_base;

std::string with_lf(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r') {
            out += '\n';
            if (i + 1 < text.size() && text[i + 1] == '\n')
                ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
            out += '\r';
        out += text[i];
        if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))
            out += '\n';
    }
    return out;
}

std::string_view characters(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    while (at < text.size() && count-- > 0) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
            ++at;
    }
    return text.substr(0, at);
}

/// MS-ASCMD Truncation: characters of a body in protocol 2.5.
std::size_t old_limit(const ItemOptions& options) {
    constexpr std::array<std::size_t, 9> kSizes{0,      512,    1'024,  2'048,  5'120,
                                                10'240, 20'480, 51'200, 102'400};
    const int truncation = options.truncation.value_or(9);
    return truncation >= 0 && truncation < 9 ? kSizes[static_cast<std::size_t>(truncation)]
                                             : std::string_view::npos;
}

void write_old_body(
    wbxml::Writer& out, const ItemText& text, const ItemOptions& options, wbxml::Tag old_body,
    wbxml::Tag old_truncated
) {
    const auto data = with_crlf(shown_plain(text));
    const auto cut = utf8_prefix(data, std::min(data.size(), old_limit(options)));
    if (!data.empty())
        out.element_if_allowed(old_truncated, cut.size() < data.size());
    if (!data.empty() || out.allows(old_body))
        out.element_if_allowed(old_body, cut);
}

struct Chosen {
    BodyPreference preference;
    std::string data;
    bool withheld = false; ///< AllOrNone of every acceptable preference said none
};

Chosen choose(const ItemText& text, const ItemOptions& options) {
    Chosen chosen;
    bool any = false;
    for (const auto& preference : options.body_preferences) {
        const bool rich = preference.type == 3 && options.version < wbxml::Version::v14_0;
        if (preference.type != 1 && preference.type != 2 && !rich)
            continue;
        auto data = rich ? base64(pack_rtf(text_to_rtf(shown_plain(text))))
                         : with_crlf(preference.type == 2 ? shown_html(text) : shown_plain(text));
        const bool fits = !preference.truncation_size || data.size() <= *preference.truncation_size;
        // Half of a container is no use to anybody.
        const bool withheld = (preference.all_or_none || rich) && !fits;
        if (any && withheld)
            continue;
        chosen = {preference, std::move(data), withheld};
        any = true;
        if (!withheld)
            break;
    }
    if (!any)
        chosen.data = with_crlf(shown_plain(text));
    return chosen;
}

void write_chosen(
    wbxml::Writer& out, const Chosen& chosen, const ItemText& text, const ItemOptions& options
) {
    const std::string_view data = chosen.data;
    const auto limit = chosen.withheld ? 0
                                       : chosen.preference.truncation_size.value_or(
                                             static_cast<std::uint32_t>(limits::kEasBody)
                                         );
    const auto cut = utf8_prefix(data, std::min<std::size_t>(data.size(), limit));
    out.open(base::Body);
    out.element(base::Type, chosen.preference.type);
    out.element(base::EstimatedDataSize, data.size());
    if (cut.size() < data.size())
        out.element(base::Truncated, 1);
    if (!chosen.withheld) {
        if (options.parts != nullptr && out.allows(wbxml::item_operations::Part) && !cut.empty()) {
            options.parts->emplace_back(cut);
        } else {
            out.element(base::Data, cut);
        }
    }
    if (chosen.preference.preview > 0 && out.allows(base::Preview)) {
        const auto plain = shown_plain(text);
        out.element(base::Preview, characters(plain, std::min(chosen.preference.preview, 255U)));
    }
    if (!chosen.withheld && options.parts != nullptr && out.allows(wbxml::item_operations::Part) &&
        !cut.empty())
        out.element(
            wbxml::item_operations::Part, options.parts->size()
        ); // part 0 is the document itself
    out.close();
}

/// Rich text as clients send it; what it shows is kept.
Result<ItemText> read_rtf(std::string_view encoded) {
    const auto packed = unbase64(trim(encoded));
    if (!packed)
        return fail(Code::bad_value, "a rich body that is no base64");
    const auto rtf = unpack_rtf(*packed);
    if (!rtf)
        return fail(Code::bad_value, "a rich body that is none");
    return ItemText{with_lf(clean_utf8(rtf_to_text(*rtf))), {}};
}

} // namespace

std::string shown_plain(const ItemText& text) {
    if (!text.plain.empty() || text.html.empty())
        return with_lf(text.plain);
    auto plain = with_lf(mime::html_to_text(text.html, limits::kEasBody));
    while (plain.ends_with('\n'))
        plain.pop_back();
    return plain;
}

std::string shown_html(const ItemText& text) {
    if (!text.html.empty())
        return with_lf(text.html);
    return text.plain.empty() ? std::string() : with_lf(mime::text_to_html(with_lf(text.plain)));
}

void write_body(
    wbxml::Writer& out, const ItemText& text, const ItemOptions& options,
    const wbxml::Tag& old_body, const wbxml::Tag& old_truncated, BodyManner manner
) {
    if (options.without_body)
        return;
    if (text.plain.empty() && text.html.empty() && !manner.also_empty)
        return;
    if (!out.allows(base::Body)) {
        write_old_body(out, text, options, old_body, old_truncated);
        return;
    }
    write_chosen(out, choose(text, options), text, options);
    if (manner.native)
        out.element(base::NativeBodyType, text.html.empty() ? 1 : 2);
}

Result<std::optional<ItemText>>
read_body(const wbxml::Node& application_data, const wbxml::Tag& old_body) {
    const auto* body = application_data.find(base::Body);
    if (body == nullptr) {
        const auto* old = application_data.find(old_body);
        const auto rich_tag = wbxml::tag_by_name(old_body.page, "CompressedRTF");
        const auto* rich = rich_tag ? application_data.find(*rich_tag) : nullptr;
        if (old == nullptr && rich != nullptr) {
            TRY(auto text, read_rtf(rich->text));
            return text;
        }
        if (old == nullptr)
            return std::nullopt;
        return ItemText{with_lf(clean_utf8(old->text)), {}};
    }
    const auto type = parse_int<int>(trim(body->text_of(base::Type, "1")));
    if (!type || *type < 1 || *type > 4)
        return fail(Code::bad_value, "unknown body type");
    const auto* data = body->find(base::Data);
    if (data == nullptr)
        return std::nullopt; // a body whose data the device does not have
    if (*type == 3) {
        TRY(auto text, read_rtf(data->text));
        return text;
    }
    if (*type == 4)
        return fail(Code::bad_value, "the body of an item is no MIME");
    ItemText text;
    if (*type == 1 || trim(data->text).empty()) {
        text.plain = with_lf(clean_utf8(data->text));
    } else {
        text.html = with_lf(clean_utf8(data->text));
        text.plain = shown_plain({{}, text.html});
    }
    return text;
}

} // namespace lockstep::eas
