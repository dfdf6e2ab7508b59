// Reading lists of tags.
#include "codec/proof/tags.hpp"

#include <algorithm>

#include "base/limits_proof.hpp"
#include "base/text.hpp"

namespace lockstep::proof {
namespace {

bool is_tag_name(std::string_view name) {
    const auto letter = [](char c) {
        return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || is_digit(c) || c == '_';
    };
    return !name.empty() && !is_digit(name.front()) && std::ranges::all_of(name, letter);
}

} // namespace

Result<Tags> Tags::read(std::string_view text) {
    if (text.size() > limits::kProofValue)
        return fail(Code::too_large, "a list of tags is too long");
    Tags tags;
    const auto parts = split(text, ';');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto part = trim(parts[i]);
        // One ';' may stand behind the last tag.
        if (part.empty() && i + 1 == parts.size())
            break;
        const auto equals = part.find('=');
        const auto name = trim(part.substr(0, equals));
        if (equals == std::string_view::npos || !is_tag_name(name))
            return fail(Code::bad_syntax, "a tag without name or value");
        if (tags.find(name))
            return fail(Code::bad_syntax, "a tag that is given twice");
        if (tags.all_.size() >= limits::kProofTags)
            return fail(Code::too_large, "too many tags");
        tags.all_.emplace_back(name, trim(part.substr(equals + 1)));
    }
    return tags;
}

std::optional<std::string_view> Tags::find(std::string_view name) const {
    for (const auto& [held, value] : all_)
        if (held == name)
            return value;
    return std::nullopt;
}

std::string Tags::text(std::string_view name, std::string_view otherwise) const {
    return std::string(find(name).value_or(otherwise));
}

std::string without_blanks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return !is_space(c); });
    return out;
}

std::string without_signature(std::string_view value) {
    std::size_t begin = 0;
    for (const auto part : split(value, ';')) {
        const auto equals = part.find('=');
        if (equals != std::string_view::npos && trim(part.substr(0, equals)) == "b") {
            std::string out(value.substr(0, begin + equals + 1));
            return out.append(value.substr(begin + part.size()));
        }
        begin += part.size() + 1;
    }
    return std::string(value);
}

} // namespace lockstep::proof
