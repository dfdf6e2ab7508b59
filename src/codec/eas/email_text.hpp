// The body of a mail in the form a client asked for, read only as far as needed.
// Spec: MS-ASAIRS 2.2.2.9, 2.2.2.20, 2.2.2.23, 2.2.2.41.
#pragma once
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "codec/eas/email.hpp"

namespace lockstep::eas {

struct MailText {
    std::string data;       ///< UTF-8, CRLF lines, at most as long as asked
    std::uint64_t size = 0; ///< of the whole; an estimate when it was not read to its end
    bool whole = true;
};

/// Plain text; HTML is converted when there is nothing else.
[[nodiscard]] Result<MailText> plain_body(const MailView& view, std::size_t max_bytes);
/// HTML; plain text is converted when there is nothing else.
[[nodiscard]] Result<MailText> html_body(const MailView& view, std::size_t max_bytes);
/// The message as it is stored; one that is not UTF-8 text is re-encoded to 7 bits, since the wire
/// carries only text.
[[nodiscard]] Result<MailText> mime_body(const MailView& view, std::size_t max_bytes);

} // namespace lockstep::eas
