// WBXML as readable XML: for the debug log, and for checking answers against the schemas.
// Spec: the schemas of MS-AS*: one target namespace per code page, elements qualified.
// Invariants: the root's namespace is the default one; every other page has its name in lower case
// as prefix.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/wbxml/node.hpp"

namespace lockstep::wbxml {

struct XmlStyle {
    bool indent = true; ///< one element a line
    std::size_t text_limit =
        std::string::npos;       ///< bytes of a text that are shown; then "..." and its size
    bool mask_passwords = false; ///< passwords are shown as "***"
};

/// What may go to a log: texts cut short, no passwords.
inline constexpr XmlStyle kXmlForLog{.indent = true, .text_limit = 200, .mask_passwords = true};

/// A whole XML document in UTF-8. Opaque data that is not text is shown as base64.
[[nodiscard]] std::string to_xml(const Node& root, const XmlStyle& style = {});
/// The same from bytes. Errors: as parse().
[[nodiscard]] Result<std::string> to_xml(std::string_view bytes, const XmlStyle& style = {});

} // namespace lockstep::wbxml
