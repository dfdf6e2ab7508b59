// HTML to plain text and back, for bodies in the form a client can show, and previews.
// Spec: WHATWG HTML tokenisation as far as text is concerned; RFC 3676 format=flowed.
// Errors: none. Invariants: linear time, no recursion, output bounded by max_bytes. The plain text
// is text, never markup:
//   what shows it must not treat it as HTML. HTML is not made safe here; that is the reader's
//   business.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace lockstep::mime {

enum class Links { keep, drop };

/// Text as a reader would see it: blocks on lines of their own, list bullets, entities decoded,
/// scripts, styles and comments left out. With Links::keep a link's address follows its text in
/// angle brackets when it says something else. Lines end in CRLF. At most max_bytes bytes, never a
/// cut character.
[[nodiscard]] std::string
html_to_text(std::string_view html, std::size_t max_bytes, Links links = Links::keep);

/// A complete, minimal HTML document showing the text with its line breaks and runs of blanks.
[[nodiscard]] std::string text_to_html(std::string_view text);

/// Joins the soft line breaks of format=flowed (RFC 3676 4).
[[nodiscard]] std::string unflow(std::string_view text, bool del_sp);

/// One line of at most max_characters characters for a list: blanks collapsed; links, image marks,
/// quoted lines and separator rows left out.
[[nodiscard]] std::string preview_of_text(std::string_view text, std::size_t max_characters);
[[nodiscard]] std::string preview_of_html(std::string_view html, std::size_t max_characters);

} // namespace lockstep::mime
