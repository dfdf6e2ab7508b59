// Which mailboxes a command means, by their kind and names; and ESEARCH, which searches in them.
// Spec: RFC 5465 6 (filter-mailboxes), RFC 7377 2 (ESEARCH, subtree-one).
// Errors: bad_syntax, too_large (limits::kImapFilterNames).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "codec/imap/search_request.hpp"

namespace lockstep::imap {

struct MailboxFilter {
    enum class Kind : std::uint8_t {
        selected,
        selected_delayed, ///< removals are told only where they always may be
        inboxes,          ///< where new mail is delivered
        personal,
        subscribed,
        subtree,     ///< the named ones with all below them
        subtree_one, ///< with those right below them
        mailboxes,
    };
    Kind kind = Kind::selected;
    std::vector<std::string> names;
};
/// One filter.
[[nodiscard]] Result<MailboxFilter> parse_filter(Scanner& in);

struct MultiSearchRequest {
    std::vector<MailboxFilter> sources; ///< empty: the selected mailbox
    SearchRequest search;
};
/// The arguments of ESEARCH.
[[nodiscard]] Result<MultiSearchRequest> parse_multi_search(Scanner& in);

} // namespace lockstep::imap
