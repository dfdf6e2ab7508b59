// The mailboxes that a filter means.
// Spec: RFC 5465 6, RFC 7377 2.2.
#pragma once
#include <vector>

#include "codec/imap/mailbox_filter.hpp"
#include "office/mailboxes.hpp"

namespace lockstep::imap {

/// Whether the filter names this mailbox; never for `selected`, which is the session's to know.
[[nodiscard]] bool chooses(
    const MailboxFilter& filter, const office::MailboxList& list, const office::Mailbox& mailbox
);

} // namespace lockstep::imap
