// Text as an inline string may carry it: UTF-8 without NUL and without what no XML can hold.
// Spec: MS-ASWBXML 2.1.3 (inline strings end at NUL); XML 1.0 2.2 (Char).
#pragma once
#include <string>
#include <string_view>

namespace lockstep::wbxml {

/// Whether clean_utf8() would leave the text as it is. Linear.
[[nodiscard]] bool is_clean(std::string_view text);
/// Appends what clean_utf8() makes of the text, without a copy of the clean runs.
void append_clean(std::string& out, std::string_view text);

} // namespace lockstep::wbxml
