// Items that a client cannot digest: it repeats its sync key for ever. After some repeats the
// folder's items come one by one, so that the others flow; one that is asked for again and again
// comes as a readable stub, is noted for the people, and stays in the store as it is.
// Spec: hardening W6, quirk 20. Invariants: in memory only, constant per folder that was answered;
// nothing is ever skipped: what a stub stands for comes whole again when it changes.
#pragma once
#include "protocols/activesync/sync_run.hpp"

namespace lockstep::activesync {

/// Puts into the run how careful its answer must be (run.alone, run.stub).
void take_care(const Exchange& exchange, CollectionRun& run);
/// Notes what the answer brings: `deltas` changes, the first of them of `first`.
void note_answer(
    const Exchange& exchange, CollectionRun& run, std::size_t deltas, model::Uid first
);
/// Tells people of the item that the answer set aside, if it did so for the first time.
[[nodiscard]] Task<Result<>> tell_aside(Exchange& exchange, const CollectionRun& run);

} // namespace lockstep::activesync
