// What members of folders may be, for every kind of folder.
#pragma once
#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "codec/json/json.hpp"

namespace lockstep::jmap {

[[nodiscard]] inline bool is_text(const json::Value& value) {
    return value.is_string() && value.get_string().size() <= 4096;
}
[[nodiscard]] inline bool is_truth(const json::Value& value) { return value.is_bool(); }
[[nodiscard]] inline bool is_sort_order(const json::Value& value) {
    const auto order = json::integer_of(value);
    return order && *order >= 0 && *order < 1LL << 31;
}
/// A name of CSS, or "#rgb" and "#rrggbb".
[[nodiscard]] inline bool is_color(const json::Value& value) {
    if (!value.is_string() || value.get_string().empty() || value.get_string().size() > 32)
        return false;
    const auto text = json::view(value.get_string());
    const auto is_letter = [](char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; };
    const auto is_hex = [&](char c) {
        return is_digit(c) || (is_letter(c) && ascii_lower(c) <= 'f');
    };
    if (text.front() != '#')
        return std::ranges::all_of(text, is_letter);
    return (text.size() == 4 || text.size() == 7) && std::ranges::all_of(text.substr(1), is_hex);
}
/// Whether a right is given.
[[nodiscard]] inline bool has_right(const json::Object& rights, std::string_view name) {
    const auto* value = json::find(rights, name);
    return value != nullptr && *value == json::Value(true);
}

} // namespace lockstep::jmap
