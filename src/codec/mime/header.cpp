// Header fields; see header.hpp. Encoded-words are in words.cpp.
#include "codec/mime/header.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/charset.hpp"

namespace lockstep::mime {

namespace {

std::string_view line_of(std::string_view bytes, std::size_t at) {
    const auto end = bytes.find('\n', at);
    return bytes.substr(at, end == std::string_view::npos ? end : end + 1 - at);
}

std::string_view without_ending(std::string_view line) {
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace

bool is_empty_line(std::string_view line) { return line == "\r\n" || line == "\n"; }

bool is_mbox_line(std::string_view bytes) {
    return bytes.starts_with("From ") || bytes.starts_with(">From ");
}

std::optional<FieldStart> field_start(std::string_view line) {
    std::size_t name = 0;
    while (name < line.size() && line[name] != ':' && !is_space(line[name]))
        ++name;
    auto colon = name;
    while (colon < line.size() && (line[colon] == ' ' || line[colon] == '\t'))
        ++colon;
    if (name == 0 || colon == line.size() || line[colon] != ':')
        return std::nullopt;
    return FieldStart{name, colon + 1};
}

Headers::Headers(std::string_view block) {
    std::size_t at = is_mbox_line(block) ? line_of(block, 0).size() : 0;
    while (at < block.size()) {
        const auto line = line_of(block, at);
        if (is_empty_line(line)) {
            at += line.size();
            break;
        }
        const auto start = field_start(line);
        if (!start)
            break;
        const auto begin = at;
        at += line.size();
        while (at < block.size() && (block[at] == ' ' || block[at] == '\t'))
            at += line_of(block, at).size();
        if (fields_.size() >= limits::kHeaderFields || at > limits::kHeaderBytes)
            continue;
        const auto value = block.substr(begin + start->value, at - begin - start->value);
        fields_.push_back(
            Field{block.substr(begin, start->name), without_ending(value), begin, at - begin}
        );
    }
    size_ = at;
}

std::optional<std::string_view> Headers::first(std::string_view name) const {
    for (const auto& field : fields_)
        if (iequals(field.name, name))
            return trim(field.value);
    return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
    std::size_t count = 0;
    for (const auto& field : fields_)
        count += iequals(field.name, name) ? 1U : 0U;
    return count;
}

std::string Headers::text(std::string_view name) const {
    const auto raw = first(name);
    return raw ? decode_text(*raw) : std::string();
}

std::size_t header_length(std::string_view bytes) { return Headers(bytes).size(); }

std::string unfold(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    for (const char c : trim(raw))
        if (c != '\r' && c != '\n')
            out += c;
    return out;
}

std::string to_clean_line(std::string_view text) {
    std::string out = to_utf8(text, {});
    for (char& c : out)
        if (c == '\r' || c == '\n')
            c = ' ';
    return out;
}

std::vector<std::string> decode_ids(std::string_view raw) {
    std::vector<std::string> ids;
    const auto text = unfold(raw);
    std::size_t at = 0;
    while (at < text.size() && ids.size() < limits::kAddressesPerField) {
        if (is_space(text[at]) || text[at] == ',') {
            ++at;
            continue;
        }
        const bool bracket = text[at] == '<';
        const auto start = bracket ? at + 1 : at;
        const auto end =
            std::min(text.find_first_of(bracket ? "<>" : "<> \t,", start), text.size());
        const auto id = trim(std::string_view(text).substr(start, end - start));
        // Without brackets only what looks like an id counts: In-Reply-To once held phrases (RFC
        // 822 4.6.2).
        if (!id.empty() && (bracket || id.contains('@')))
            ids.push_back(to_clean_line(id));
        at = end + (end < text.size() && text[end] == '>' ? 1 : 0);
        if (at == start && !bracket)
            ++at;
    }
    return ids;
}

} // namespace lockstep::mime
