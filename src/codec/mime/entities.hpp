// Character references of HTML.
// Spec: WHATWG HTML 13.2.5.72-80 and its table of names, as far as mail uses it.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace lockstep::mime {

/// Decodes the reference at the front of `text` (which starts with '&') into `out` and returns its
/// length; 0, with nothing appended, when it is no reference.
[[nodiscard]] std::size_t decode_entity(std::string_view text, std::string& out);
/// All references of a text.
[[nodiscard]] std::string decode_entities(std::string_view text);

} // namespace lockstep::mime
