// Text as comparisons without case see it: i;unicode-casemap.
// Spec: RFC 5051 2 (simple titlecase, then compatibility decomposition of each character).
// Errors: none; ill-formed UTF-8 becomes U+FFFD. Invariants: one pass; the form of a concatenation
// is the concatenation of the forms, so that what is contained in a text is contained in its form.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::mime {

/// ASCII becomes upper case.
[[nodiscard]] std::string casemap(std::string_view text);

/// The same, and of each of its bytes where the character begins from which it came. Combining
/// marks are left out, so that words are found as the word index finds them.
struct MappedText {
    std::string text;
    std::vector<std::uint32_t> origins;
};
[[nodiscard]] MappedText casemap_with_origins(std::string_view text);

} // namespace lockstep::mime
