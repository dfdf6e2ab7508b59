// JSON as JMAP speaks it: a strict reader, and the small look-ups that every method needs.
// Spec: RFC 8259, RFC 7493 (I-JSON: no name twice in an object, valid UTF-8, no lone surrogates),
// RFC 6901 (pointers). Errors: bad_syntax. Invariants: depth and size are bounded before anything
// is built; views live as long as the value.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.hpp"

namespace lockstep::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;
using String = boost::json::string;

/// The one value that the text is. Deeper than limits::kJsonDepth, or a name given twice in an
/// object: bad_syntax.
[[nodiscard]] Result<Value> parse(std::string_view text);
/// Without blanks, UTF-8.
[[nodiscard]] std::string write(const Value& value);

[[nodiscard]] inline std::string_view view(const String& text) {
    return {text.data(), text.size()};
}
/// The member, or nothing when it is absent. A member that is null is there.
[[nodiscard]] const Value* find(const Object& object, std::string_view name);
/// The member when it is there and a string.
[[nodiscard]] std::optional<std::string_view> text_of(const Object& object, std::string_view name);
/// A whole number from -2^53+1 to 2^53-1, also when written as 1.0 (RFC 8620 1.3).
[[nodiscard]] std::optional<std::int64_t> integer_of(const Value& value);

/// Follows an RFC 6901 pointer in which "*" stands for every element of an array, whose results are
/// flattened once (RFC 8620 3.7). Nothing when a step leads nowhere.
[[nodiscard]] std::optional<Value> follow(const Value& value, std::string_view pointer);
/// "~1" and "~0" of one pointer step.
[[nodiscard]] std::string unescape_step(std::string_view step);

} // namespace lockstep::json
