// Writes "* n FETCH (...)" of one message.
// Spec: RFC 9051 7.5.2. Errors: those of reading; unsupported (BINARY of an unknown encoding).
#pragma once
#include "codec/imap/fetch_request.hpp"
#include "office/mail_view.hpp"
#include "protocols/imap/session.hpp"

namespace lockstep::imap {

/// Nothing but whole messages is wanted of the bytes: large ones need not lie in memory.
[[nodiscard]] bool reads_whole_only(const FetchRequest& request);
/// `flags_changed`: reading it marked it, which is told too.
[[nodiscard]] Task<Result<>> write_message(
    Session& session, const FetchRequest& request, const office::MailRead& mail, bool flags_changed
);

} // namespace lockstep::imap
