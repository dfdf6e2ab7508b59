// Signer: DKIM signatures of what leaves.
// Spec: RFC 6376, RFC 8463 (both kinds of key sign). Invariants: mail is signed in the name of its
// author's domain if that is ours, else in that of its reverse-path; without keys it leaves as it
// is.
#pragma once
#include "mailflow/queue.hpp"

namespace lockstep::mailflow {

/// `office` must outlive what is returned.
[[nodiscard]] Sign signer(office::Office& office);

} // namespace lockstep::mailflow
