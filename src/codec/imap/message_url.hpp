// URLs that name a message, or a part of one, in the sender's own mailboxes.
// Spec: RFC 5092 (relative URLs), RFC 4469 (CATENATE). Errors: bad_syntax (among them: URLs of
// other servers).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "codec/imap/fetch_request.hpp"

namespace lockstep::imap {

struct MessageUrl {
    std::string mailbox; ///< empty: the selected one
    std::optional<std::uint32_t> uidvalidity;
    std::uint32_t uid = 0;
    Section section;
    std::optional<FetchItem::Partial> partial; ///< length 0: up to the end
};
[[nodiscard]] Result<MessageUrl> parse_message_url(std::string_view url);

} // namespace lockstep::imap
