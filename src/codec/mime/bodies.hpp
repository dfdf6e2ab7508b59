// Which parts of a message are its body, as plain text and as HTML, and which are hidden machinery.
// Spec: RFC 2046 5.1.3-5.1.4, RFC 2387, RFC 1847, RFC 3156, RFC 3462; RFC 8621 4.1.4 gives the same
// two lists. Invariants: linear in the number of parts, no recursion: parents stand before their
// children.
#pragma once
#include <vector>

#include "codec/mime/message.hpp"

namespace lockstep::mime {

struct PartRole {
    bool plain =
        false;         ///< shown where plain text is wanted; may be HTML when there is nothing else
    bool html = false; ///< shown where HTML is wanted; may be plain text
    bool related = false; ///< shown by the HTML through cid: or its location
    bool hidden = false;  ///< signature, control part, or an alternative that nobody chooses
};

/// One role for each part of the message, by index. Parts of embedded messages have none.
[[nodiscard]] std::vector<PartRole> body_roles(const Message& message);

} // namespace lockstep::mime
