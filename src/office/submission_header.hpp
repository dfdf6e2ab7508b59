// A message to be sent, made fit for it: line ends, the fields that must be there, whose it is.
// Spec: RFC 5322 3.6 (which fields there must be), RFC 6409 8; RFC 2045 4. Hardening S1, S11.
// Invariants: the body is left as it came, but for bare CR and LF, which become CRLF; linear time.
// Internal to office/.
// Errors: bad_syntax (no header), too_large (a header beyond what is parsed: a field behind it,
// such as Bcc, would be missed).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/header.hpp"

namespace lockstep::office {

/// CRLF line ends only.
[[nodiscard]] std::string with_crlf(std::string text);

/// The parts of a message's header that sending looks at.
struct SentHeader {
    std::vector<mime::Address> from;
    std::vector<mime::Address> sender;
    std::vector<mime::Address> recipients; ///< To, Cc and Bcc
    std::size_t from_fields = 0;
    bool has_bcc = false;
    bool has_date = false;
    bool has_message_id = false;
    bool has_mime_version = false;
};
[[nodiscard]] Result<SentHeader> read_sent_header(std::string_view message);

/// The addresses among `all` as local@domain, in order, each once; groups without members and bare
/// names are left out.
[[nodiscard]] std::vector<std::string> plain_addresses(const std::vector<mime::Address>& all);

} // namespace lockstep::office
