// Header of a message to be sent.
#include "office/submission_header.hpp"

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::office {
namespace {

/// The position of the next CR or LF that is no CRLF; npos: none.
std::size_t next_bare_end(std::string_view text, std::size_t from) {
    for (auto at = text.find_first_of("\r\n", from); at != std::string_view::npos;
         at = text.find_first_of("\r\n", at)) {
        if (text[at] == '\n' || at + 1 == text.size() || text[at + 1] != '\n')
            return at;
        at += 2;
    }
    return std::string_view::npos;
}

void add_addresses(std::vector<mime::Address>& all, std::string_view raw) {
    auto more = mime::parse_addresses(raw);
    std::ranges::move(more, std::back_inserter(all));
}

} // namespace

std::string with_crlf(std::string text) {
    auto bare = next_bare_end(text, 0);
    if (bare == std::string::npos)
        return text;
    std::string mended;
    mended.reserve(text.size() + text.size() / 32);
    std::size_t done = 0;
    for (; bare != std::string::npos; bare = next_bare_end(text, done)) {
        mended.append(text, done, bare - done).append("\r\n");
        done = bare + 1;
    }
    return mended.append(text, done);
}

Result<SentHeader> read_sent_header(std::string_view message) {
    const mime::Headers headers(message);
    if (headers.fields().empty())
        return fail(Code::bad_syntax, "the message has no header");
    if (headers.fields().size() >= limits::kHeaderFields || headers.size() >= limits::kHeaderBytes)
        return fail(Code::too_large, "the message's header is too large");
    SentHeader header;
    for (const auto& field : headers.fields()) {
        if (iequals(field.name, "From")) {
            ++header.from_fields;
            add_addresses(header.from, field.value);
        } else if (iequals(field.name, "Sender")) {
            add_addresses(header.sender, field.value);
        } else if (iequals(field.name, "To") || iequals(field.name, "Cc")) {
            add_addresses(header.recipients, field.value);
        } else if (iequals(field.name, "Bcc")) {
            header.has_bcc = true;
            add_addresses(header.recipients, field.value);
        }
        header.has_date |= iequals(field.name, "Date") && !trim(field.value).empty();
        header.has_message_id |= iequals(field.name, "Message-ID") && !trim(field.value).empty();
        header.has_mime_version |= iequals(field.name, "MIME-Version");
    }
    return header;
}

std::vector<std::string> plain_addresses(const std::vector<mime::Address>& all) {
    std::vector<std::string> plain;
    std::set<std::string> seen;
    for (const auto& address : all) {
        if (address.domain.empty() && address.local.empty())
            continue;
        auto text = address.text();
        if (seen.insert(lower(text)).second)
            plain.push_back(std::move(text));
    }
    return plain;
}

} // namespace lockstep::office
