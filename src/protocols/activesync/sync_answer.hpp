// The answer of one collection: its Responses, and the server's changes.
// Spec: MS-ASCMD 2.2.2.20 (response), 2.2.3.199 WindowSize, 2.2.3.119 MoreAvailable.
#pragma once
#include "protocols/activesync/sync_run.hpp"

namespace lockstep::activesync {

/// What may still be sent in this answer, over all collections (one budget).
struct Budget {
    std::size_t items = limits::kEasWindow;
    std::size_t bytes = limits::kEasAnswerBytes;
};

/// Looks for changes and writes the Collection element where there is something to say. run.chain
/// then has the new generation (run.fresh_key) which the caller saves before the answer leaves.
/// Runs in a read job of the owner's file. Errors: stale (the caller answers Status 3).
[[nodiscard]] Result<> write_collection(
    wbxml::Writer& out, office::Snapshot& snapshot, Exchange& exchange, CollectionRun& run,
    Budget& budget
);

// The pieces of it, for collections of several parts. They run in read jobs of the part's owner.
void write_collection_head(wbxml::Writer& out, const Exchange& exchange, const CollectionRun& run);
/// Whether commands or fetches are answered.
[[nodiscard]] bool has_responses(const CollectionRun& run);
/// The children of Responses.
void write_outcomes(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CollectionRun& run
);
/// One of the Commands.
void write_delta(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CollectionRun& run, const sync::Delta& delta
);
[[nodiscard]] Result<sync::Selection> select_changes(
    office::Snapshot& snapshot, const Exchange& exchange, const CollectionRun& run,
    std::size_t limit
);

/// A collection whose answer is only a Status.
void write_collection_status(wbxml::Writer& out, const CollectionRun& run, wbxml::Version version);

/// Whether the device would be told something of this folder now.
[[nodiscard]] Result<bool>
has_changes(office::Snapshot& snapshot, const Exchange& exchange, const CollectionRun& run);

} // namespace lockstep::activesync
