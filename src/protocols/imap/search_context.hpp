// Searches whose results are kept up to date while the mailbox is selected.
// Spec: RFC 5267 4.3 (UPDATE, ADDTO, REMOVEFROM, CANCELUPDATE). Invariants: only what changed is
// looked at again; positions are 0, as the order is that of the mailbox (4.3.2).
#pragma once
#include "protocols/imap/session.hpp"

namespace lockstep::imap {

/// Tells what joined and left the results, given messages that came or changed.
[[nodiscard]] Task<Result<>> tell_contexts(Session& session, std::vector<std::uint32_t> touched);
/// Tells that removed messages left; before their numbers go.
void tell_contexts_gone(Session& session, const std::vector<std::uint32_t>& gone);

} // namespace lockstep::imap
