// The bytes that a URL of CATENATE names.
// Spec: RFC 4469. Errors: not_found, bad_syntax, forbidden: all of them are BADURL to the client.
#pragma once
#include "codec/imap/message_url.hpp"
#include "protocols/imap/session.hpp"

namespace lockstep::imap {

[[nodiscard]] Task<Result<std::string>> read_message_url(Session& session, std::string text);

} // namespace lockstep::imap
