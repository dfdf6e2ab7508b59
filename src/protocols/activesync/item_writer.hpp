// Items as the protocol shows them: one place for Sync, ItemOperations and whatever else sends
// items. Invariants: an item that cannot be encoded becomes a readable stub and a log line, never a
// gap: phones would ask for it for ever (W6).
#pragma once
#include "codec/eas/calendar.hpp"
#include "codec/eas/options.hpp"
#include "office/office.hpp"
#include "protocols/activesync/exchange.hpp"
#include "protocols/activesync/ids.hpp"

namespace lockstep::activesync {

/// Who acts on a calendar: the account, also in a folder of a group.
[[nodiscard]] eas::EventContext event_context(const Exchange& exchange);

/// Writes the children of ApplicationData (or Properties). Blocks on the disk: call it in a
/// database job.
void write_item(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const model::Item& item, const eas::ItemOptions& options
);
/// The least that a client needs to show that there is an item; the text says where it is.
void write_stub(wbxml::Writer& out, const model::Item& item);
/// Only those flags and properties of a mail that changed after `since`.
void write_item_flags(wbxml::Writer& out, const model::Item& item, model::ChangeSeq since);

} // namespace lockstep::activesync
