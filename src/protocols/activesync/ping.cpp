// Ping: waits until one of the folders has something for the device.
// Spec: MS-ASCMD 2.2.1.13, Status 2.2.3.177.11 (1 expired, 2 changes, 3 parameters missing, 4
// malformed, 5 interval out of range, 6 too many folders, 7 hierarchy changed). Quirks: folders
// that were never synchronized are left out (18); an empty request repeats the last one; a newer
// Ping ends the older one quietly.
#include "base/pack.hpp"
#include "base/text.hpp"
#include "protocols/activesync/admission.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/folder_state.hpp"
#include "protocols/activesync/one_folder.hpp"
#include "protocols/activesync/parking.hpp"
#include "protocols/activesync/recipient_folder.hpp"
#include "protocols/activesync/sync_answer.hpp"
#include "protocols/activesync/sync_merged.hpp"

namespace lockstep::activesync {
namespace {

namespace p = wbxml::ping;

struct PingRequest {
    std::int64_t heartbeat = -1; ///< seconds; -1: not known
    std::vector<std::string> folders;
};

std::string pack(const PingRequest& request) {
    Packer out;
    out.integer(request.heartbeat);
    out.number(request.folders.size());
    for (const auto& folder : request.folders)
        out.text(folder);
    return out.take();
}

PingRequest unpack_ping(std::string_view bytes) {
    PingRequest request;
    if (bytes.empty())
        return request;
    Unpacker in(bytes);
    request.heartbeat = in.integer();
    const auto count = in.count();
    for (std::size_t i = 0; i < count; ++i)
        request.folders.emplace_back(in.text());
    return request;
}

Result<Reply> answer(
    const Exchange& exchange, int status, const std::vector<std::string>& folders = {},
    std::optional<std::int64_t> bound = {}
) {
    wbxml::Writer out(exchange.version, 256);
    out.open(p::Ping);
    out.element(p::Status, status);
    if (!folders.empty()) {
        out.open(p::Folders);
        for (const auto& folder : folders)
            out.element(p::Folder, folder);
        out.close();
    }
    if (status == 6)
        out.element(p::MaxFolders, *bound);
    if (status == 5)
        out.element(p::HeartbeatInterval, *bound);
    out.close();
    return reply_of(out);
}

/// Reads what was sent over what is remembered; a Status other than 0 is the answer.
int read_request(const wbxml::Node& root, PingRequest& request) {
    if (const auto* heartbeat = root.find(p::HeartbeatInterval)) {
        const auto value = parse_int(trim(heartbeat->text));
        if (!value || *value < 0)
            return 4;
        request.heartbeat = *value;
    }
    if (const auto* folders = root.find(p::Folders)) {
        request.folders.clear();
        for (const auto& folder : folders->all(p::Folder)) {
            const auto id = folder.text_of(p::Id);
            const auto name = folder.text_of(p::Class);
            if (id.empty() || (!name.empty() && !class_of_name(name) && name != "SMS"))
                return 4;
            if (std::ranges::find(request.folders, id) != request.folders.end())
                return 4; // MS-ASCMD 2.2.3.90
            request.folders.emplace_back(id);
        }
        if (request.folders.empty())
            return 4;
    }
    return request.heartbeat < 0 || request.folders.empty() ? 3 : 0;
}

/// Whether the folder or one of its other sources has something for the device. Error: stale.
Task<Result<bool>> has_news(Exchange& exchange, CollectionRun& run) {
    if (!take_states(run, run.chain.newest().state))
        co_return fail(Code::stale, "a state that stands for nothing any more");
    CO_CHECK_OK(co_await start_parts(exchange, run));
    std::vector<CollectionRun*> parts{&run};
    for (auto& each : run.others)
        parts.push_back(&each);
    for (auto* part : parts) {
        std::function<Result<bool>(office::Snapshot&)> look = [&exchange,
                                                               part](office::Snapshot& snapshot) {
            return has_changes(snapshot, exchange, *part);
        };
        CO_TRY(
            const bool has,
            co_await exchange.office().db.read<bool>(part->ref.owner, std::move(look))
        );
        if (has)
            co_return true;
    }
    co_return false;
}

/// The folders of the request that were synchronized once and have something for the device now.
Task<Result<std::vector<std::string>>>
changed_folders(Exchange& exchange, const std::set<FolderRef>& folders) {
    std::vector<std::string> changed;
    CO_TRY(const auto ones, co_await one_folders(exchange));
    for (const auto& ref : folders) {
        if (!ref.collection)
            continue;
        auto folder = co_await open_shown(exchange, ref);
        if (!folder &&
            (folder.error().code == Code::not_found || folder.error().code == Code::forbidden))
            continue;
        if (!folder)
            co_return std::unexpected(folder.error());
        const auto item_class = folder->collection.item_class;
        // What another folder shows is told of that one.
        const auto one = ones[static_cast<std::size_t>(item_class) - 1];
        if (one && ref != FolderRef{exchange.actor.account.id, one})
            continue;
        CollectionRun run;
        run.ref = ref;
        run.folder = std::move(*folder);
        CO_TRY(run.chain, co_await load_chain(exchange, ref));
        if (run.chain.newest().state.empty())
            continue; // never synchronized
        run.options = unpack_options(run.chain.options);
        CO_CHECK_OK(co_await find_parts(exchange, run));
        auto has = co_await has_news(exchange, run);
        if (!has && has.error().code != Code::stale)
            co_return std::unexpected(has.error());
        // A stale state is news too: the device must start the folder afresh.
        if (!has || *has)
            changed.push_back(folder_id(ref, exchange.actor.account.id));
    }
    co_return changed;
}

/// Whether the device's next FolderSync would bring something, or a folder of the request is gone.
Task<Result<bool>> hierarchy_changed(Exchange& exchange, const std::set<FolderRef>& folders) {
    CO_TRY(const auto chain, co_await load_chain(exchange, {exchange.actor.account.id, {}}));
    const auto before = unpack_folder_state(chain.newest().state);
    if (!before)
        co_return true; // FolderSync says what is to be done
    const auto changes = co_await folder_changes(exchange, *before);
    if (!changes && changes.error().code == Code::stale)
        co_return true;
    if (!changes)
        co_return std::unexpected(changes.error());
    if (!before->owners.empty() && !changes->changes.empty())
        co_return true;
    for (const auto& ref : folders) {
        if (!ref.collection)
            continue;
        const auto folder = co_await open_shown(exchange, ref);
        if (!folder && folder.error().code == Code::not_found)
            co_return true;
    }
    co_return false;
}

/// How a Ping would end now; status 0: not yet.
struct Look {
    int status = 0;
    std::vector<std::string> folders; ///< with changes
};
Task<Result<Look>> look(Exchange& exchange, const std::set<FolderRef>& folders, bool hierarchy) {
    Look seen;
    // A paused device is held: it learns nothing, and comes back when its heartbeat is over.
    if (exchange.device.paused)
        co_return seen;
    if (hierarchy) {
        CO_TRY(const bool changed_hierarchy, co_await hierarchy_changed(exchange, folders));
        if (changed_hierarchy) {
            seen.status = 7;
            co_return seen;
        }
    }
    CO_TRY(seen.folders, co_await changed_folders(exchange, folders));
    if (!seen.folders.empty())
        seen.status = 2;
    co_return seen;
}

/// What a request waits for, and how long.
struct Plan {
    std::set<FolderRef> folders;
    std::chrono::seconds heartbeat;
};

Task<Result<Reply>> wait(Exchange& exchange, Plan plan) {
    const auto until = exchange.office().clock.steady() + plan.heartbeat;
    CO_TRY(auto folders, co_await with_sources(exchange, std::move(plan.folders)));
    std::optional<Parking> parking;
    parking.emplace(exchange, std::move(folders));
    bool everything = true; // the first look is at the hierarchy too
    for (;;) {
        const auto seen = co_await look(exchange, parking->folders(), everything);
        if (!seen)
            co_return std::unexpected(seen.error());
        if (seen->status != 0)
            co_return answer(exchange, seen->status, seen->folders);
        const auto woken = co_await parking->wait(until);
        if (woken != Woken::hierarchy && woken != Woken::changed && woken != Woken::slid)
            co_return answer(exchange, 1);
        everything = woken == Woken::hierarchy;
        if (!everything)
            continue;
        // What the device may have and see may have changed too.
        CO_TRY(const bool there, co_await refresh(exchange));
        if (!there)
            co_return answer(exchange, 7);
        const auto& command = *find_command("Ping");
        if (const auto reason = barred(exchange.door, command, exchange))
            co_return reply_status(command, exchange.version, *reason, http_of(*reason));
        CO_TRY(auto watched, co_await with_sources(exchange, parking->folders()));
        if (watched != parking->folders())
            parking.emplace(exchange, std::move(watched));
    }
}

/// What is to be waited for, or the answer to a request that waits for nothing.
std::expected<Plan, Result<Reply>> plan_of(Exchange& exchange) {
    const auto at_once = [&](int status, std::optional<std::int64_t> bound = {}) {
        return std::unexpected(answer(exchange, status, {}, bound));
    };
    auto request = unpack_ping(exchange.session->memory.with([](const Session::Memory& memory) {
        return memory.ping_request;
    }));
    if (exchange.root) {
        const int status = read_request(*exchange.root, request);
        if (status != 0)
            return at_once(status);
    } else if (request.folders.empty()) {
        return at_once(3);
    }
    const auto options = exchange.door.options();
    if (request.heartbeat < options.heartbeat_min.count())
        return at_once(5, options.heartbeat_min.count());
    if (request.heartbeat > options.heartbeat_max.count())
        return at_once(5, options.heartbeat_max.count());
    if (request.folders.size() > limits::kEasCollections)
        return at_once(6, limits::kEasCollections);
    Plan plan{{{exchange.actor.account.id, {}}}, std::chrono::seconds(request.heartbeat)};
    for (const auto& id : request.folders) {
        // What is in there follows from what the person sends: nobody is woken for it.
        if (is_recipient_folder(exchange, id))
            continue;
        const auto ref = parse_folder_id(id, exchange.actor.account.id);
        if (!ref)
            return at_once(7);
        plan.folders.insert(*ref);
    }
    exchange.session->memory.with([&](Session::Memory& memory) {
        memory.ping_request = pack(request);
    });
    // Nothing of this is needed while the request waits.
    exchange.root.reset();
    exchange.query.reset();
    exchange.device.info = std::string();
    exchange.device.agent = std::string();
    exchange.actor.account.verifier = std::string();
    return plan;
}

Task<Result<Reply>> answered(Result<Reply> reply) { co_return reply; }

} // namespace

/// No coroutine itself: a parked request pays for each frame above it.
Task<Result<Reply>> ping(Exchange& exchange) {
    auto plan = plan_of(exchange);
    if (!plan)
        return answered(std::move(plan.error()));
    return wait(exchange, std::move(*plan));
}

} // namespace lockstep::activesync
