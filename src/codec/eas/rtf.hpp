// Bodies in rich text, for the clients of 2.5 to 12.1 that know no other form: plain text as RTF
// and back, in the container that they use.
// Spec: MS-ASAIRS 2.2.2.41 (Type 3), MS-OXRTFCP 2.1.3 (header, LZFu and MELA). Invariants: what is
// written is not compressed (MELA), which every reader takes; both forms are read, in linear time
// and never to more than limits::kEasBody bytes. Errors: bad_syntax.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::eas {

/// RTF (ASCII) that shows the UTF-8 text.
[[nodiscard]] std::string text_to_rtf(std::string_view text);
/// The text of RTF: paragraphs and characters; pictures, fonts and other groups that show no text
/// are left out.
[[nodiscard]] std::string rtf_to_text(std::string_view rtf);

/// RTF in its container, uncompressed.
[[nodiscard]] std::string pack_rtf(std::string_view rtf);
/// RTF out of its container, compressed or not.
[[nodiscard]] Result<std::string> unpack_rtf(std::string_view bytes);

} // namespace lockstep::eas
