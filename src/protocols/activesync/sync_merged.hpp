// A Sync collection that shows the items of several folders: each source is a part with a state of
// its own, and all of them share the folder's sync key.
// Invariants: a device that knew a source which is gone starts the folder afresh (Status 3), as
// nobody could tell it what to remove; the parts share one window.
#pragma once
#include "protocols/activesync/sync_answer.hpp"

namespace lockstep::activesync {

/// Finds the folder's other sources, as parts of the run.
[[nodiscard]] Task<Result<>> find_parts(Exchange& exchange, CollectionRun& run);
/// Puts the states of one key into the run and its parts. False: there is no such part any more, or
/// the bytes are unreadable.
[[nodiscard]] bool take_states(CollectionRun& run, std::string_view packed);
/// The states of the run and its parts, as they are kept with a key.
[[nodiscard]] std::string pack_states(const CollectionRun& run);
/// A source that the device did not know yet starts with nothing.
[[nodiscard]] Task<Result<>> start_parts(Exchange& exchange, CollectionRun& run);

/// The client's commands by the part that they name; what names none is for the folder itself. In
/// the order of the run and its parts.
[[nodiscard]] std::vector<wbxml::Node>
commands_by_part(const Exchange& exchange, const CollectionRun& run);
/// Applies the commands of the other parts, each in a commit of its owner's.
[[nodiscard]] Task<Result<std::vector<sync::KeptResult>>>
run_part_commands(Exchange& exchange, CollectionRun& run, const std::vector<wbxml::Node>& commands);

/// write_collection() over all parts; run.fresh_key as there. Errors: stale.
[[nodiscard]] Task<Result<>>
write_parts(wbxml::Writer& out, Exchange& exchange, CollectionRun& run, Budget& budget);

} // namespace lockstep::activesync
