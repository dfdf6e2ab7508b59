// ENVELOPE, BODY and BODYSTRUCTURE of a message, as ready bytes.
// Spec: RFC 9051 7.5.2. Quirk 13: what a client parses is always whole and ASCII; text that is not
// is written as encoded-words. Invariants: work is linear in the message's header and parts, times
// the nesting (at most limits::kMimeDepth); no recursion.
#pragma once
#include <string>
#include <string_view>

#include "codec/mime/message.hpp"

namespace lockstep::imap {

/// What FETCH needs of a message besides its bytes.
struct Structure {
    std::string envelope;  ///< "(...)"
    std::string body;      ///< BODY without extension data
    std::string structure; ///< BODYSTRUCTURE
};
[[nodiscard]] Structure make_structure(const mime::Message& message);
[[nodiscard]] std::string make_envelope(std::string_view header);

} // namespace lockstep::imap
