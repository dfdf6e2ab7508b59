// Follow-up flags and categories of mail, shared by the writers and the reader of changes.
// Spec: MS-ASEMAIL 2.2.2.34 Flag, 2.2.2.16 Categories.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "codec/eas/email.hpp"

namespace lockstep::eas {

/// An unflagged mail gets an empty Flag, which says that it has none (12.0 and later).
void write_flag(wbxml::Writer& out, const std::optional<MailFlag>& flag);
/// Always written from 14.0 on; an empty one removes what the client had (MS-ASEMAIL 2.2.2.16).
void write_categories(wbxml::Writer& out, const std::vector<std::string>& categories);
/// Error: bad_value.
[[nodiscard]] Result<MailFlag> parse_flag(const wbxml::Node& node);

} // namespace lockstep::eas
