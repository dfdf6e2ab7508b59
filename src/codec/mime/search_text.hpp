// What search looks at in a message: its header fields and the text of its parts, decoded and
// folded. Spec: RFC 9051 6.4.4 (decoded before it is compared); RFC 5051. Errors: none. Invariants:
// at most limits::kSearchHeader and limits::kSearchText bytes; linear time.
#pragma once
#include <string>
#include <string_view>

namespace lockstep::mime {

struct FoldedText {
    std::string header; ///< lines "NAME:VALUE\n"; names of attachments as lines of kFileLine
    std::string body;   ///< texts of all parts, HTML as its reader sees it, then attachments' names
};
/// No header field is called so.
inline constexpr std::string_view kFileLine = "\x01"
                                              "FILE";

[[nodiscard]] FoldedText folded_text(std::string_view message);
/// Texts of the parts as they are shown, not folded: for snippets. At most `most` bytes.
[[nodiscard]] std::string plain_text(std::string_view message, std::size_t most);

} // namespace lockstep::mime
