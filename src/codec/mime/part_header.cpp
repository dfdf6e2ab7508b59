// Content-* fields into a Part; see part_header.hpp.
#include "codec/mime/part_header.hpp"

#include <string>

#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/parameters.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

constexpr std::array<std::string_view, 6> kContentFields{"type",        "transfer-encoding",
                                                         "disposition", "id",
                                                         "location",    "description"};

std::string_view without_brackets(std::string_view text) {
    text = trim(text);
    if (text.starts_with('<'))
        text.remove_prefix(1);
    if (text.ends_with('>'))
        text.remove_suffix(1);
    return trim(text);
}

/// First token of a field without comments: `base64 (see RFC 2045)`, `"7bit"`.
std::string token_of(std::string_view value) {
    auto text = parse_parameters(value).value;
    if (text.size() > 1 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    return text;
}

} // namespace

void PartHeader::take(std::string_view name, std::string_view value) {
    if (!istarts_with(name, "content-"))
        return;
    name.remove_prefix(8);
    std::size_t which = 0;
    while (which < kContentFields.size() && !iequals(kContentFields[which], name))
        ++which;
    if (which == kContentFields.size())
        return;
    if (seen_[which]) {
        ambiguous_ = true;
        return;
    }
    seen_[which] = true;
    switch (which) {
    case 0:
        take_type(value);
        break;
    case 1:
        part_.encoding = encoding_of(token_of(value));
        break;
    case 2:
        take_disposition(value);
        break;
    case 3:
        part_.content_id = to_clean_line(without_brackets(unfold(value)));
        break;
    case 4:
        part_.content_location = to_clean_line(unfold(value));
        break;
    default:
        part_.description = decode_text(value);
        break;
    }
}

void PartHeader::take_type(std::string_view value) {
    const auto parameters = parse_parameters(value);
    ambiguous_ = ambiguous_ || parameters.repeated;
    const auto slash = parameters.value.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == parameters.value.size()) {
        // RFC 2045 5.2: an unreadable type is text/plain by default; a lone "text" surely is.
        part_.type =
            parameters.value == "text" || parameters.value.empty() ? "text" : "application";
        part_.subtype = part_.type == "text" ? "plain" : "octet-stream";
    } else {
        part_.type = clean_utf8(parameters.value.substr(0, slash));
        part_.subtype = clean_utf8(parameters.value.substr(slash + 1));
    }
    part_.charset = lower(parameters.get("charset"));
    part_.name = parameters.get("name");
    if (part_.type == "multipart") {
        part_.boundary = parameters.get("boundary");
        while (part_.boundary.ends_with(' ') || part_.boundary.ends_with('\t'))
            part_.boundary.pop_back();
        part_.protocol = lower(parameters.get("protocol"));
        part_.report_type = lower(parameters.get("report-type"));
        part_.start = without_brackets(parameters.get("start"));
    }
    part_.method = upper(parameters.get("method"));
    part_.smime_type = lower(parameters.get("smime-type"));
    part_.flowed = iequals(parameters.get("format"), "flowed");
    part_.del_sp = iequals(parameters.get("delsp"), "yes");
}

void PartHeader::take_disposition(std::string_view value) {
    const auto parameters = parse_parameters(value);
    ambiguous_ = ambiguous_ || parameters.repeated;
    // RFC 2183 2.8: an unknown disposition is treated as attachment.
    part_.disposition = parameters.value.empty()       ? Disposition::none
                        : parameters.value == "inline" ? Disposition::inline_
                                                       : Disposition::attachment;
    part_.filename = parameters.get("filename");
}

} // namespace lockstep::mime
