// Encoding of a collection's answer.
#include "protocols/activesync/sync_answer.hpp"

#include "protocols/activesync/item_writer.hpp"
#include "protocols/activesync/mail_view.hpp"
#include "protocols/activesync/poison.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
namespace base = wbxml::air_sync_base;
using sync::DeltaKind;

sync::Wanted window_of_run(const Exchange& exchange, const CollectionRun& run) {
    return window_of(exchange, run.options.filter, run.folder.collection.item_class);
}

void write_files(wbxml::Writer& out, const CommandOutcome& outcome) {
    if (outcome.files.empty())
        return;
    out.open(base::Attachments);
    for (const auto& file : outcome.files) {
        out.open(base::Attachment);
        out.element(base::ClientId, file.client_id);
        out.element(base::FileReference, file.reference);
        out.close();
    }
    out.close();
}

/// From 16.0 on, what the server made of an added item (MS-ASCAL 2.2.2.46 UID, MS-ASEMAIL 2.2.2.21
/// ConversationId).
void write_added(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CommandOutcome& outcome
) {
    const auto ref = parse_item_id(outcome.server_id, exchange.actor.account.id);
    if (!ref || outcome.status != 1 || !exchange.at_least(wbxml::Version::v16_0))
        return;
    const auto item =
        office::find_item(snapshot, ref->folder.owner, ref->folder.collection, ref->uid);
    if (!item)
        return;
    if (item->item_class == model::ItemClass::event) {
        out.open(as::ApplicationData);
        out.element(wbxml::calendar::UID, item->uid_text);
        write_files(out, outcome);
        out.close();
    }
    if (item->item_class != model::ItemClass::mail)
        return;
    const auto digest = mime::decode(office::find_digest(snapshot, item->owner, item->id));
    if (!digest)
        return;
    out.open(as::ApplicationData);
    write_files(out, outcome);
    out.opaque(wbxml::email2::ConversationId, conversation_id(*digest));
    out.opaque(wbxml::email2::ConversationIndex, conversation_index(*digest, item->received_us));
    out.close();
}

void write_outcome(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CollectionRun& run, const CommandOutcome& outcome
) {
    if (!outcome.told)
        return;
    const auto version = exchange.version;
    const bool add = outcome.kind == CommandOutcome::Kind::add;
    const bool change = outcome.kind == CommandOutcome::Kind::change;
    out.open(add ? as::Add : change ? as::Change : as::Delete);
    // MS-ASCMD 2.2.3.27.6: only the answer to an SMS or an older client names a class here.
    if (add && version <= wbxml::Version::v12_1)
        out.element(as::Class, class_name(run.folder.collection.item_class));
    if (add)
        out.element(as::ClientId, outcome.client_id);
    if (!outcome.server_id.empty())
        out.element(as::ServerId, outcome.server_id);
    if (!add && !outcome.instance_id.empty())
        out.element_if_allowed(wbxml::air_sync_base::InstanceId, outcome.instance_id);
    out.element(as::Status, outcome.status);
    if (add)
        write_added(out, snapshot, exchange, outcome);
    out.close();
}

void write_fetches(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CollectionRun& run, const eas::ItemOptions& options
) {
    for (std::size_t i = 0; i < run.fetches.size(); ++i) {
        const auto item =
            office::find_item(snapshot, run.ref.owner, run.ref.collection, run.fetches[i]);
        out.open(as::Fetch);
        out.element(as::ServerId, run.fetch_ids[i]);
        out.element(as::Status, item ? 1 : 8);
        if (item) {
            out.open(as::ApplicationData);
            write_item(out, snapshot, exchange, *item, options);
            out.close();
        }
        out.close();
    }
}

void write_responses(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CollectionRun& run
) {
    if (!has_responses(run))
        return;
    out.open(as::Responses);
    write_outcomes(out, snapshot, exchange, run);
    out.close();
}

eas::ItemOptions item_options(const Exchange& exchange, const CollectionRun& run) {
    auto options = run.options.item;
    options.version = exchange.version;
    return options;
}

/// Writes the collection with the first `count` deltas; returns how many fitted the byte budget.
std::size_t write_with(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CollectionRun& run, const sync::Selection& selection, std::size_t count, std::size_t bytes
) {
    write_collection_head(out, exchange, run);
    write_responses(out, snapshot, exchange, run);
    if (selection.more || count < selection.deltas.size() ||
        (!run.phantoms.empty() && run.wants_changes()))
        out.empty(as::MoreAvailable);
    std::size_t written = 0;
    if (count > 0) {
        out.open(as::Commands);
        const auto start = out.size();
        // At least one: an item beyond the budget must still come through.
        for (; written < count && (written == 0 || out.size() - start < bytes); ++written)
            write_delta(out, snapshot, exchange, run, selection.deltas[written]);
        out.close();
    }
    out.close();
    return written;
}

} // namespace

void write_collection_head(wbxml::Writer& out, const Exchange& exchange, const CollectionRun& run) {
    out.open(as::Collection);
    if (exchange.version <= wbxml::Version::v12_1)
        out.element(as::Class, class_name(run.folder.collection.item_class));
    const bool fresh = run.first || run.fresh_key;
    out.element(as::SyncKey, fresh ? run.chain.key_of(run.chain.newest()) : run.request.key);
    out.element(as::CollectionId, run.request.id);
    out.element(as::Status, 1);
}

bool has_responses(const CollectionRun& run) {
    return !run.fetches.empty() || std::ranges::any_of(run.outcomes, &CommandOutcome::told);
}

void write_outcomes(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CollectionRun& run
) {
    for (const auto& outcome : run.outcomes)
        write_outcome(out, snapshot, exchange, run, outcome);
    write_fetches(out, snapshot, exchange, run, item_options(exchange, run));
}

void write_delta(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const CollectionRun& run, const sync::Delta& delta
) {
    const auto id = item_id(run.ref, delta.uid, exchange.actor.account.id);
    switch (delta.kind) {
    case DeltaKind::add:
    case DeltaKind::change:
    case DeltaKind::flags: {
        out.open(delta.kind == DeltaKind::add ? as::Add : as::Change);
        out.element(as::ServerId, id);
        out.open(as::ApplicationData);
        const bool flags_only =
            delta.kind == DeltaKind::flags && delta.item.item_class == model::ItemClass::mail;
        if (run.stub)
            write_stub(out, delta.item);
        else if (flags_only)
            write_item_flags(out, delta.item, delta.since);
        else
            write_item(out, snapshot, exchange, delta.item, item_options(exchange, run));
        out.close();
        out.close();
        return;
    }
    case DeltaKind::remove:
    case DeltaKind::soft_remove:
        out.open(delta.kind == DeltaKind::remove ? as::Delete : as::SoftDelete);
        out.element(as::ServerId, id);
        out.close();
        return;
    }
}

Result<sync::Selection> select_changes(
    office::Snapshot& snapshot, const Exchange& exchange, const CollectionRun& run,
    std::size_t limit
) {
    return sync::select(
        snapshot, run.ref.owner, run.ref.collection, run.state, window_of_run(exchange, run),
        exchange.actor.author, limit
    );
}

void write_collection_status(wbxml::Writer& out, const CollectionRun& run, wbxml::Version version) {
    out.open(as::Collection);
    if (version <= wbxml::Version::v12_1 && !run.request.item_class.empty())
        out.element(as::Class, run.request.item_class);
    // MS-ASCMD 2.2.3.181: a key stands in every collection; after a wrong one the client starts
    // with 0.
    const bool unusable = run.status == 3 || run.request.key.size() > 64;
    out.element(as::SyncKey, unusable ? std::string_view("0") : std::string_view(run.request.key));
    out.element(as::CollectionId, run.request.id);
    out.element(as::Status, run.status);
    out.close();
}

Result<bool>
has_changes(office::Snapshot& snapshot, const Exchange& exchange, const CollectionRun& run) {
    TRY(const auto selection, select_changes(snapshot, exchange, run, 1));
    return !selection.deltas.empty();
}

Result<> write_collection(
    wbxml::Writer& out, office::Snapshot& snapshot, Exchange& exchange, CollectionRun& run,
    Budget& budget
) {
    if (run.first) {
        write_collection_head(out, exchange, run);
        out.close();
        return {};
    }
    sync::Selection selection;
    selection.after = run.state;
    if (run.wants_changes()) {
        const auto limit =
            run.alone
                ? 1
                : std::min(
                      run.request.window_size.value_or(limits::kEasWindowDefault), budget.items
                  );
        TRY(selection, select_changes(snapshot, exchange, run, limit));
    }
    if (selection.deltas.empty() && !selection.more && !run.has_commands()) {
        note_answer(exchange, run, 0, {});
        // An empty answer means nothing to a client before 12.1.
        if (!exchange.at_least(wbxml::Version::v12_1)) {
            write_collection_head(out, exchange, run);
            out.close();
        }
        return {};
    }
    if (!selection.deltas.empty() && !run.fresh_key) {
        run.chain.acknowledge(run.request.key);
        run.chain.add(sync::pack(run.state), {});
        run.fresh_key = true;
    }
    const auto mark = out.mark();
    const auto count = selection.deltas.size();
    auto written = write_with(out, snapshot, exchange, run, selection, count, budget.bytes);
    if (written < count) {
        // MoreAvailable stands before the commands, so an answer that grew too large is written
        // once more.
        out.rollback(mark);
        written = write_with(out, snapshot, exchange, run, selection, written, SIZE_MAX);
    }
    if (run.fresh_key) {
        auto after = written == count ? selection.after : selection.deltas[written - 1].after;
        for (const auto phantom : run.phantoms)
            std::ignore = sync::owe(after, phantom); // apply_commands() saw to the room
        run.chain.revise(sync::pack(after));
    }
    note_answer(exchange, run, written, written > 0 ? selection.deltas[0].uid : model::Uid{});
    budget.items -= std::min(budget.items, written);
    budget.bytes -= std::min(budget.bytes, out.size() - mark.size);
    return {};
}

} // namespace lockstep::activesync
