// Sync: changes both ways, for several collections, at once or when something changes.
// Spec: MS-ASCMD 2.2.1.21; Status 2.2.3.177.17 (1, 3 wrong key, 4 protocol, 12 hierarchy changed,
// 13 no cached request, 14 wait out of range, 15 too many collections, 103 filter). Quirks: no
// empty Collections element (1), folder gone is 12 and never 8 (17), an empty answer when there is
// nothing to say (not before 12.1).
#include "base/limits_activesync.hpp"
#include "office/scheduling.hpp"
#include "protocols/activesync/admission.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/folder_state.hpp"
#include "protocols/activesync/one_folder.hpp"
#include "protocols/activesync/parking.hpp"
#include "protocols/activesync/poison.hpp"
#include "protocols/activesync/recipient_folder.hpp"
#include "protocols/activesync/sync_answer.hpp"
#include "protocols/activesync/sync_merged.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
using wbxml::Version;

Result<Reply> status_reply(const Exchange& exchange, const SyncFault& fault) {
    wbxml::Writer out(exchange.version);
    out.open(as::Sync);
    out.element(as::Status, fault.status);
    if (fault.limit)
        out.element_if_allowed(as::Limit, *fault.limit);
    out.close();
    return reply_of(out);
}

/// Fills in what a Partial request leaves out, and remembers a full one. False: nothing is
/// remembered (Status 13).
bool recall(Exchange& exchange, wbxml::Node& root) {
    auto cached = exchange.session->memory.with([](const Session::Memory& memory) {
        return memory.sync_request;
    });
    if (cached.empty())
        return false;
    auto before = wbxml::parse(cached);
    if (!before)
        return false;
    const auto* old_collections = before->find(as::Collections);
    if (old_collections == nullptr)
        return false;
    std::erase_if(root.children, [](const wbxml::Node& node) { return node.tag == as::Partial; });
    auto* collections = const_cast<wbxml::Node*>(root.find(as::Collections));
    if (collections == nullptr) {
        root.children.push_back(*old_collections);
    } else {
        for (const auto& old : old_collections->all(as::Collection)) {
            const auto id = old.text_of(as::CollectionId);
            const bool named =
                std::ranges::any_of(collections->children, [&](const wbxml::Node& node) {
                    return node.text_of(as::CollectionId) == id;
                });
            if (!named)
                collections->children.push_back(old);
        }
    }
    for (const auto tag : {as::Wait, as::HeartbeatInterval, as::WindowSize})
        if (const auto* node = before->find(tag);
            node != nullptr && !root.has(tag) &&
            !(tag == as::Wait && root.has(as::HeartbeatInterval)) &&
            !(tag == as::HeartbeatInterval && root.has(as::Wait)))
            root.children.push_back(*node);
    return true;
}

/// MS-ASCMD 2.2.1.21.1: a request without changes of the client is remembered; any other one is
/// forgotten.
void remember(Exchange& exchange, const wbxml::Node& root, const SyncRequest& request) {
    const bool has_commands =
        std::ranges::any_of(request.collections, [](const CollectionRequest& each) {
            return each.commands != nullptr || each.key == "0";
        });
    std::string bytes;
    if (!has_commands) {
        wbxml::Writer out(Version::v16_1);
        wbxml::write(out, root);
        // What this version may not send does not come into the cache.
        bytes = out.finish().value_or(std::string());
    }
    exchange.session->memory.with([&](Session::Memory& memory) {
        memory.sync_request = std::move(bytes);
    });
}

/// What the request's key stands for, and the options in force. A fault is left in run.status.
void settle(const Exchange& exchange, CollectionRun& run) {
    const auto item_class = run.folder.collection.item_class;
    if (item_class == model::ItemClass::note && !exchange.at_least(Version::v14_0)) {
        run.status = 4;
        return;
    }
    if (run.first)
        run.chain.restart();
    const auto* generation = run.chain.find(run.request.key);
    if (generation == nullptr) {
        run.status = 3;
        return;
    }
    if (!run.first && !take_states(run, generation->state))
        run.status = 3;
    run.options = run.first ? CollectionOptions{} : unpack_options(run.chain.options);
    // Ghosting is settled with the first request; later ones are ignored (MS-ASCMD 2.2.3.179).
    if (run.first && run.request.supported != nullptr)
        run.options.supported = read_supported(*run.request.supported);
    if (run.request.options != nullptr)
        run.options = read_options(*run.request.options, run.options.supported);
    const bool mail = item_class == model::ItemClass::mail;
    // Notes have no ghosts (MS-ASNOTE 3.2.5.3).
    const bool ghost_notes =
        run.request.supported != nullptr && item_class == model::ItemClass::note;
    if (!run.options.valid || (run.request.conversation_mode && !mail) || ghost_notes)
        run.status = 4;
    else if (!run.options.part_type_known)
        run.status = 164;
    else if (!filter_fits(run.options.filter, item_class))
        run.status = exchange.at_least(Version::v14_0) && !run.tasks_filter_of_mail() ? 103 : 4;
}

/// Key 0: the device holds nothing yet.
Result<>
start_collection(office::Snapshot& snapshot, const Exchange& exchange, CollectionRun& run) {
    TRY(run.state, sync::fresh_state(
                       snapshot, run.ref.owner,
                       window_of(exchange, run.options.filter, run.folder.collection.item_class)
                   ));
    run.chain.options = pack(run.options);
    run.chain.add(sync::pack(run.state), {});
    run.fresh_key = true;
    return {};
}

/// A state that can no longer be answered is Status 3.
Result<> write_changes(
    wbxml::Writer& out, office::Snapshot& snapshot, Exchange& exchange, CollectionRun& run,
    Budget& budget
) {
    const auto written = write_collection(out, snapshot, exchange, run, budget);
    run.written = written.has_value();
    if (!written && written.error().code != Code::stale)
        return std::unexpected(written.error());
    if (!written)
        run.status = 3;
    return {};
}

bool is_closed(const Error& error) {
    return error.code == Code::not_found || error.code == Code::forbidden;
}

/// Finds whose folder it is. A fault is left in run.status.
Task<Result<>> find_owner(Exchange& exchange, CollectionRun& run) {
    if (run.request.id.empty()) {
        CO_TRY(run.request.id, co_await folder_of_class(exchange, run.request.item_class));
    }
    const auto ref = parse_folder_id(run.request.id, exchange.actor.account.id);
    auto reached = Result<office::Reach>(fail(Code::not_found, "no folder id"));
    if (ref)
        reached = co_await office::reach(exchange.office(), exchange.actor, ref->owner);
    if (!reached && !is_closed(reached.error()))
        co_return std::unexpected(reached.error());
    if (reached) {
        run.ref = *ref;
        run.reach = std::move(*reached);
    } else {
        run.status = run.request.id.empty() ? 4 : 12;
    }
    co_return Result<>();
}

/// All that a collection without commands needs, in one look at the store: its folder, its chain
/// (`chain_here`: of the same file), and what there is to say. A fault is left in run.status.
Result<> look_at(
    office::Snapshot& snapshot, Exchange& exchange, CollectionRun& run, bool chain_here,
    wbxml::Writer& out, Budget& budget
) {
    auto folder = open_shown(snapshot, exchange, run.reach, run.ref.collection);
    if (!folder && !is_closed(folder.error()))
        return std::unexpected(folder.error());
    if (!folder) {
        run.status = 12;
        return {};
    }
    run.folder = std::move(*folder);
    if (chain_here) {
        TRY(run.chain, load_chain(snapshot, exchange, run.ref));
    }
    settle(exchange, run);
    if (run.status == 1 && run.first)
        CHECK_OK(start_collection(snapshot, exchange, run));
    if (run.status == 1 && !run.has_commands() && run.others.empty())
        CHECK_OK(write_changes(out, snapshot, exchange, run, budget));
    return {};
}

Task<Result<>>
begin_collection(Exchange& exchange, CollectionRun& run, wbxml::Writer& out, Budget& budget) {
    CO_CHECK_OK(co_await find_owner(exchange, run));
    if (run.status != 1)
        co_return Result<>();
    run.first = run.request.key == "0";
    if (!run.first)
        CO_CHECK_OK(co_await find_parts(exchange, run));
    run.paused = exchange.device.paused;
    take_care(exchange, run);
    // The chains lie in the device's own account.
    const bool chain_here =
        exchange.office().db.same_file(exchange.actor.account.id, run.ref.owner);
    if (!chain_here) {
        CO_TRY(run.chain, co_await load_chain(exchange, run.ref));
    }
    std::function<Result<bool>(office::Snapshot&)> look = [&](office::Snapshot& snapshot
                                                          ) -> Result<bool> {
        CHECK_OK(look_at(snapshot, exchange, run, chain_here, out, budget));
        return true;
    };
    CO_CHECK_OK(co_await exchange.office().db.read<bool>(run.ref.owner, std::move(look)));
    if (run.status == 1 && !run.others.empty())
        co_return co_await start_parts(exchange, run);
    co_return Result<>();
}

/// Applies the client's commands and keeps their results with a new key: in one commit when the
/// folder is the device owner's own, otherwise the effects first (client_op makes them repeatable),
/// then the key.
Task<Result<>> run_commands(Exchange& exchange, CollectionRun& run) {
    if (run.request.commands->children.size() > limits::kSyncCommands) {
        run.status = 4;
        co_return Result<>();
    }
    exchange.session->memory.with([&run](Session::Memory& memory) {
        memory.budget.writes += static_cast<std::int64_t>(run.request.commands->children.size());
    });
    const bool own = run.ref.owner == exchange.actor.account.id;
    const auto* asked = run.request.commands;
    const auto sorted = commands_by_part(exchange, run);
    CO_TRY(const auto of_parts, co_await run_part_commands(exchange, run, sorted));
    if (!run.others.empty())
        run.request.commands = &sorted.front();
    std::function<Result<bool>(office::Txn&)> work = [&, own](office::Txn& txn) -> Result<bool> {
        run.chain.acknowledge(run.request.key);
        run.chain.options = pack(run.options);
        auto results = apply_commands(txn, exchange, run);
        std::ranges::copy(of_parts, std::back_inserter(results));
        run.chain.add(pack_states(run), std::move(results));
        run.fresh_key = true;
        if (own)
            save_chain(txn, exchange, run.ref, run.chain);
        return true;
    };
    CO_CHECK_OK(co_await exchange.office().db.write<bool>(run.ref.owner, std::move(work)));
    if (!own)
        CO_CHECK_OK(co_await save_chain(exchange, run.ref, run.chain));
    run.saved_state = run.chain.newest().state;
    if (run.meetings)
        co_await office::send_queued_letters(exchange.office(), run.ref.owner);
    for (const auto& part : run.others)
        if (part.meetings)
            co_await office::send_queued_letters(exchange.office(), part.ref.owner);
    run.request.commands = asked;
    co_return co_await send_drafts(exchange, run);
}

/// Writes the collection's answer unless that was done, and saves its new key, if there is one.
Task<Result<>>
end_collection(Exchange& exchange, CollectionRun& run, wbxml::Writer& out, Budget& budget) {
    if (run.status == 1 && !run.others.empty()) {
        const auto written = co_await write_parts(out, exchange, run, budget);
        if (!written && written.error().code != Code::stale)
            co_return std::unexpected(written.error());
        if (!written)
            run.status = 3;
    } else if (run.status == 1 && !run.written) {
        std::function<Result<bool>(office::Snapshot&)> work = [&](office::Snapshot& snapshot
                                                              ) -> Result<bool> {
            CHECK_OK(write_changes(out, snapshot, exchange, run, budget));
            return true;
        };
        CO_CHECK_OK(co_await exchange.office().db.read<bool>(run.ref.owner, std::move(work)));
    }
    if (run.status != 1) {
        write_collection_status(out, run, exchange.version);
        co_return Result<>();
    }
    CO_CHECK_OK(co_await tell_aside(exchange, run));
    // Options stay in force although there was nothing to say.
    const auto options = pack(run.options);
    const bool same_options = std::exchange(run.chain.options, options) == options;
    const bool told = run.fresh_key && run.chain.newest().state != run.saved_state;
    if (!told && same_options)
        co_return Result<>();
    co_return co_await save_chain(exchange, run.ref, run.chain);
}

/// One round over all collections. An empty result: there is nothing to say.
Task<Result<std::string>> round(Exchange& exchange, const SyncRequest& request, bool apply) {
    wbxml::Writer out(exchange.version);
    out.open(as::Sync);
    // Since 14.0 a whole answer has its own Status only when it failed.
    out.open(as::Collections);
    const auto empty = out.size();
    Budget budget;
    budget.items = std::min(
        request.window_size.value_or(limits::kEasWindow), exchange.door.options().window_max
    );
    for (const auto& each : request.collections) {
        if (is_recipient_folder(exchange, each.id)) {
            CO_CHECK_OK(co_await sync_recipients(exchange, each, out, budget));
            continue;
        }
        CollectionRun run;
        run.request = each;
        if (!apply)
            run.request.commands = nullptr;
        CO_CHECK_OK(co_await begin_collection(exchange, run, out, budget));
        if (run.status == 1 && run.has_commands())
            CO_CHECK_OK(co_await run_commands(exchange, run));
        CO_CHECK_OK(co_await end_collection(exchange, run, out, budget));
    }
    if (out.size() == empty)
        co_return std::string();
    out.close();
    out.close();
    co_return out.finish();
}

Task<Result<std::set<FolderRef>>> folders_of(Exchange& exchange, const SyncRequest& request) {
    std::set<FolderRef> folders;
    for (const auto& each : request.collections)
        if (const auto ref = parse_folder_id(each.id, exchange.actor.account.id))
            folders.insert(*ref);
    co_return co_await with_sources(exchange, std::move(folders));
}

Reply reply_with(std::string document) {
    Reply reply;
    reply.wbxml = std::move(document);
    return reply;
}

/// Waits until a round has something to say, the time is over, or the request lost its reason.
Task<Result<Reply>>
wait_for_changes(Exchange& exchange, const SyncRequest& request, std::optional<Parking>& parking) {
    const auto until = exchange.office().clock.steady() + *request.wait;
    for (;;) {
        const auto woken = co_await parking->wait(until);
        if (woken != Woken::hierarchy && woken != Woken::changed && woken != Woken::slid)
            co_return Reply{};
        if (woken == Woken::hierarchy) {
            // What the device may have and see may have changed: a folder that it lost is told
            // below, new ones come with its next FolderSync.
            CO_TRY(const bool there, co_await refresh(exchange));
            if (!there)
                co_return Reply{};
            const auto& command = *find_command("Sync");
            if (const auto reason = barred(exchange.door, command, exchange))
                co_return reply_status(command, exchange.version, *reason, http_of(*reason));
            CO_TRY(auto folders, co_await folders_of(exchange, request));
            if (folders != parking->folders())
                parking.emplace(exchange, std::move(folders));
        }
        const auto turn = co_await Session::take_turn(exchange.session);
        CO_TRY(auto document, co_await round(exchange, request, false));
        if (!document.empty())
            co_return reply_with(std::move(document));
    }
}

} // namespace

Task<Result<Reply>> sync(Exchange& exchange) {
    wbxml::Node root;
    if (exchange.root)
        root = std::move(*exchange.root);
    else
        root.tag = as::Sync;
    const bool needs_memory = !exchange.root || root.has(as::Partial);
    // Neither exists before 12.1.
    if (needs_memory && !exchange.at_least(Version::v12_1))
        co_return status_reply(exchange, {4});
    exchange.root.reset();
    // Partial alone says nothing (MS-ASCMD 2.2.3.131).
    if (root.has(as::Partial) && root.children.size() == 1)
        co_return status_reply(exchange, {4});
    if (needs_memory && !recall(exchange, root))
        co_return status_reply(exchange, {13});
    const WaitBounds bounds{std::chrono::seconds(60), exchange.door.options().heartbeat_max};
    const auto request = read_sync_request(root, exchange.version, bounds);
    if (!request)
        co_return status_reply(exchange, request.error());
    for (const auto& each : request->collections)
        if (is_recipient_folder(exchange, each.id) && each.commands != nullptr)
            co_return status_reply(exchange, {4}); // MS-ASCMD 2.2.3.7.2
    remember(exchange, root, *request);

    // The watch begins before the first look, so that no change falls between the two.
    std::optional<Parking> parking;
    if (request->wait) {
        CO_TRY(auto folders, co_await folders_of(exchange, *request));
        parking.emplace(exchange, std::move(folders));
    }
    {
        const auto turn = co_await Session::take_turn(exchange.session);
        CO_TRY(auto document, co_await round(exchange, *request, true));
        if (!document.empty())
            co_return reply_with(std::move(document));
    }
    if (request->wait)
        co_return co_await wait_for_changes(exchange, *request, parking);
    co_return Reply{};
}

} // namespace lockstep::activesync
