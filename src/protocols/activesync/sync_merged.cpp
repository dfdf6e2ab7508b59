// Several folders in one Sync collection.
#include "protocols/activesync/sync_merged.hpp"

#include "protocols/activesync/one_folder.hpp"
#include "protocols/activesync/poison.hpp"
#include "sync/source_states.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;

std::vector<CollectionRun*> parts_of(CollectionRun& run) {
    std::vector<CollectionRun*> parts{&run};
    for (auto& each : run.others)
        parts.push_back(&each);
    return parts;
}

/// How many deltas of each part the answer takes.
struct PartsPlan {
    std::vector<std::size_t> counts;
    bool any = false;
    bool more = false;
};

Task<Result<PartsPlan>>
plan_parts(Exchange& exchange, const std::vector<CollectionRun*>& parts, std::size_t limit) {
    PartsPlan plan;
    for (const auto* part : parts) {
        const auto left = limit;
        std::function<Result<sync::Selection>(office::Snapshot&)> look =
            [&exchange, part, left](office::Snapshot& snapshot) {
                return select_changes(snapshot, exchange, *part, std::max<std::size_t>(left, 1));
            };
        CO_TRY(
            const auto selection,
            co_await exchange.office().db.read<sync::Selection>(part->ref.owner, std::move(look))
        );
        const auto count = std::min(selection.deltas.size(), left);
        plan.counts.push_back(count);
        plan.any = plan.any || count > 0;
        plan.more = plan.more || selection.more || count < selection.deltas.size();
        limit -= count;
    }
    co_return plan;
}

Task<Result<>> write_part_responses(
    wbxml::Writer& out, Exchange& exchange, const std::vector<CollectionRun*>& parts
) {
    const auto speaks = [](const CollectionRun* part) { return has_responses(*part); };
    if (std::ranges::none_of(parts, speaks))
        co_return Result<>();
    out.open(as::Responses);
    for (const auto* part : parts) {
        std::function<Result<bool>(office::Snapshot&)> write =
            [&out, &exchange, part](office::Snapshot& snapshot) -> Result<bool> {
            write_outcomes(out, snapshot, exchange, *part);
            return true;
        };
        CO_CHECK_OK(co_await exchange.office().db.read<bool>(part->ref.owner, std::move(write)));
    }
    out.close();
    co_return Result<>();
}

/// The changes of the parts as far as they fit `bytes`, at least one. Puts the states after them
/// into `after`.
struct PartsWritten {
    std::size_t items = 0;
    model::Uid first;
    bool cut = false; ///< the bytes did not suffice
    std::vector<sync::ItemState> after;
};
Task<Result<PartsWritten>> write_part_changes(
    wbxml::Writer& out, Exchange& exchange, const std::vector<CollectionRun*>& parts,
    const PartsPlan& plan, std::size_t bytes
) {
    PartsWritten written;
    const auto start = out.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        written.after.push_back(parts[i]->state);
        if (plan.counts.empty() || plan.counts[i] == 0 || written.cut)
            continue;
        // Selected anew in the job that reads the items, so that both are of one time.
        std::function<Result<bool>(office::Snapshot&)> write = [&, i](office::Snapshot& snapshot
                                                               ) -> Result<bool> {
            TRY(const auto selection,
                select_changes(snapshot, exchange, *parts[i], plan.counts[i]));
            for (const auto& delta : selection.deltas) {
                written.cut = written.items > 0 && out.size() - start >= bytes;
                if (written.cut)
                    return true;
                if (written.items++ == 0) {
                    out.open(as::Commands);
                    written.first = delta.uid;
                }
                write_delta(out, snapshot, exchange, *parts[i], delta);
                written.after[i] = delta.after;
            }
            written.after[i] = selection.after;
            return true;
        };
        CO_CHECK_OK(co_await exchange.office().db.read<bool>(parts[i]->ref.owner, std::move(write))
        );
    }
    if (written.items > 0)
        out.close();
    co_return written;
}

} // namespace

Task<Result<>> find_parts(Exchange& exchange, CollectionRun& run) {
    CO_TRY(auto sources, co_await other_sources(exchange, run.ref));
    for (auto& source : sources) {
        CollectionRun part;
        part.ref = source.ref;
        part.folder = std::move(source.folder);
        part.options.item.source_label = std::move(source.label);
        run.others.push_back(std::move(part));
    }
    co_return Result<>();
}

bool take_states(CollectionRun& run, std::string_view packed) {
    auto states = sync::unpack_sources(packed, run.ref.owner, run.ref.collection);
    if (!states)
        return false;
    for (auto& each : *states) {
        const FolderRef ref{each.owner, each.collection};
        if (ref == run.ref) {
            run.state = std::move(each.state);
            continue;
        }
        const auto part = std::ranges::find(run.others, ref, &CollectionRun::ref);
        if (part == run.others.end())
            return false;
        part->state = std::move(each.state);
        part->known = true;
    }
    return true;
}

std::string pack_states(const CollectionRun& run) {
    std::vector<sync::SourceState> states{{run.ref.owner, run.ref.collection, run.state}};
    for (const auto& each : run.others)
        states.push_back({each.ref.owner, each.ref.collection, each.state});
    return sync::pack(states);
}

Task<Result<>> start_parts(Exchange& exchange, CollectionRun& run) {
    const auto wanted = window_of(exchange, run.options.filter, run.folder.collection.item_class);
    for (auto& part : run.others) {
        auto label = std::move(part.options.item.source_label);
        part.options = run.options;
        part.options.item.source_label = std::move(label);
        part.request = run.request;
        part.request.commands = nullptr;
        part.paused = run.paused;
        part.stub = run.stub;
        if (part.known)
            continue;
        std::function<Result<sync::ItemState>(office::Snapshot&)> start =
            [owner = part.ref.owner, wanted](office::Snapshot& snapshot) {
                return sync::fresh_state(snapshot, owner, wanted);
            };
        CO_TRY(
            part.state,
            co_await exchange.office().db.read<sync::ItemState>(part.ref.owner, std::move(start))
        );
    }
    co_return Result<>();
}

std::vector<wbxml::Node> commands_by_part(const Exchange& exchange, const CollectionRun& run) {
    std::vector<wbxml::Node> sorted(1 + run.others.size());
    for (const auto& command : run.request.commands->children) {
        std::size_t place = 0;
        const auto ref = parse_item_id(command.text_of(as::ServerId), exchange.actor.account.id);
        if (ref && command.tag != as::Add) {
            const auto part = std::ranges::find(run.others, ref->folder, &CollectionRun::ref);
            if (part != run.others.end())
                place = static_cast<std::size_t>(part - run.others.begin()) + 1;
        }
        sorted[place].children.push_back(command);
    }
    return sorted;
}

Task<Result<std::vector<sync::KeptResult>>> run_part_commands(
    Exchange& exchange, CollectionRun& run, const std::vector<wbxml::Node>& commands
) {
    using Results = std::vector<sync::KeptResult>;
    Results all;
    for (std::size_t i = 0; i < run.others.size(); ++i) {
        auto& part = run.others[i];
        const auto& own = commands[i + 1];
        if (own.children.empty())
            continue;
        part.request.commands = &own;
        part.chain = run.chain; // what was answered before is kept with the folder's key
        std::function<Result<Results>(office::Txn&)> work = [&exchange, &part](office::Txn& txn
                                                            ) -> Result<Results> {
            return apply_commands(txn, exchange, part);
        };
        CO_TRY(
            auto results,
            co_await exchange.office().db.write<Results>(part.ref.owner, std::move(work))
        );
        std::ranges::move(results, std::back_inserter(all));
        run.meetings = run.meetings || part.meetings;
    }
    co_return all;
}

Task<Result<>>
write_parts(wbxml::Writer& out, Exchange& exchange, CollectionRun& run, Budget& budget) {
    const auto parts = parts_of(run);
    PartsPlan plan;
    if (run.wants_changes()) {
        const auto limit =
            run.alone
                ? 1
                : std::min(
                      run.request.window_size.value_or(limits::kEasWindowDefault), budget.items
                  );
        CO_TRY(plan, co_await plan_parts(exchange, parts, limit));
    }
    if (!plan.any && !plan.more && !run.has_commands()) {
        note_answer(exchange, run, 0, {});
        // An empty answer means nothing to a client before 12.1.
        if (!exchange.at_least(wbxml::Version::v12_1)) {
            write_collection_head(out, exchange, run);
            out.close();
        }
        co_return Result<>();
    }
    if (plan.any && !run.fresh_key) {
        run.chain.acknowledge(run.request.key);
        run.chain.add(pack_states(run), {});
        run.fresh_key = true;
    }
    const bool phantoms =
        run.wants_changes() && std::ranges::any_of(parts, [](const CollectionRun* part) {
            return !part->phantoms.empty();
        });
    const auto mark = out.mark();
    PartsWritten written;
    // MoreAvailable stands before the commands, so an answer that grew too large is written again.
    for (bool more = plan.more || phantoms, again = true; again; more = true) {
        out.rollback(mark);
        write_collection_head(out, exchange, run);
        CO_CHECK_OK(co_await write_part_responses(out, exchange, parts));
        if (more)
            out.empty(as::MoreAvailable);
        CO_TRY(written, co_await write_part_changes(out, exchange, parts, plan, budget.bytes));
        out.close();
        again = written.cut && !more;
    }
    if (run.fresh_key) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            parts[i]->state = std::move(written.after[i]);
            for (const auto phantom : parts[i]->phantoms)
                std::ignore = sync::owe(parts[i]->state, phantom);
        }
        run.chain.revise(pack_states(run));
    }
    note_answer(exchange, run, written.items, written.first);
    budget.items -= std::min(budget.items, written.items);
    budget.bytes -= std::min(budget.bytes, out.size() - mark.size);
    co_return Result<>();
}

} // namespace lockstep::activesync
