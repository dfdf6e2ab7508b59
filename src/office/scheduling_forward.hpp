// An event as a mail: what is forwarded of it to others, and what an answer to it quotes.
// Spec: MS-ASCMD 2.2.1.19, 2.2.1.20 (calendar items, InstanceId, Forwardees). Invariants: alarms
// and what else is the owner's alone stays behind. Errors: bad_syntax (the stored object),
// not_found (the occurrence is not of the series), unsupported (an occurrence of an event that does
// not recur).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/directory.hpp"

namespace lockstep::office {

struct EventMail {
    std::vector<std::string> to;          ///< addresses; none: a message to nobody, to be quoted
    std::optional<std::int64_t> instance; ///< the occurrence's original start, unix seconds
    std::string comment;                  ///< plain text
    std::string message_id;               ///< without angle brackets
    std::int64_t now = 0;                 ///< unix seconds
};
/// A whole message from `sender` that invites to the event, or shows it.
[[nodiscard]] Result<std::string>
event_as_mail(std::string_view stored, const directory::Account& sender, const EventMail& options);

} // namespace lockstep::office
