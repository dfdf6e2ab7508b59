// Screening: who judges mail from outside before it is stored, and what came of it.
// Spec: RFC 8601 5 (only our own verdicts stand in our name), RFC 7489 6.6. Hardening S11.
// Invariants: the verdict travels in fields of the message itself, written by us and
// removed from what others send, so that a delivery that is resumed after a crash knows it too.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/task.hpp"

namespace lockstep::office {

struct Envelope;

/// What becomes of a message.
enum class Judged {
    clean,
    spam, ///< it looks like it: to [Detained] or Junk, as the person wants
    junk, ///< its author is forged, and the author's domain says so: to Junk
};
/// How it stands in the message.
inline constexpr std::string_view kVerdictField = "X-Lockstep-Verdict";
[[nodiscard]] std::string_view name_of(Judged judged);

struct Verdict {
    Judged judged = Judged::clean;
    std::string fields; ///< whole fields with CRLF, to stand below Return-Path
};

/// A failed Result refuses the message: unauthorized (for good), unavailable (for now). The text is
/// for logs. Called on the connection's thread; an empty function judges nothing.
using Judge =
    std::function<Task<Result<Verdict>>(Envelope, std::shared_ptr<const std::string> message)>;

/// The verdict that stands in a message which we stored.
[[nodiscard]] Judged judged_of(std::string_view message);
/// Removes what only we may say: verdicts, and Authentication-Results in the name of `hostname`.
/// `whole`: false for the begin of a message, whose last field may be cut.
void remove_own_fields(std::string& message, std::string_view hostname, bool whole);

} // namespace lockstep::office
