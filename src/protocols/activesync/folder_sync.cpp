// FolderSync: the hierarchy since the device's key.
// Spec: MS-ASCMD 2.2.1.6, Status 2.2.3.177.5 (1 success, 9 wrong key, 10 malformed); quirk: wrong
// keys are Status 9.
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/folder_state.hpp"
#include "protocols/activesync/recipient_folder.hpp"

namespace lockstep::activesync {
namespace {

namespace fh = wbxml::folder_hierarchy;

Result<Reply> status_only(const Exchange& exchange, int status) {
    wbxml::Writer out(exchange.version);
    out.open(fh::FolderSync);
    out.element(fh::Status, status);
    out.close();
    return reply_of(out);
}

/// Parents before what lies in them: not every phone waits for a parent that comes later.
void put_parents_first(std::vector<FolderChange>& changes) {
    std::map<std::string_view, const FolderChange*> added;
    for (const auto& change : changes)
        if (change.kind == FolderChange::Kind::add)
            added.emplace(change.id, &change);
    std::map<std::string_view, std::size_t> depth;
    for (const auto& [id, change] : added) {
        // The number of steps is bounded by that of the folders, should a circle ever be stored.
        std::size_t steps = 0;
        for (auto at = added.find(change->parent); at != added.end() && steps < added.size();
             at = added.find(at->second->parent))
            ++steps;
        depth[id] = steps;
    }
    auto ordered = changes; // the views above stay good while this is sorted
    std::ranges::stable_sort(ordered, {}, [&](const FolderChange& change) {
        const auto found = depth.find(change.id);
        return found == depth.end() ? std::size_t{0} : found->second;
    });
    changes = std::move(ordered);
}

Result<Reply>
answer(const Exchange& exchange, std::string_view key, const std::vector<FolderChange>& changes) {
    wbxml::Writer out(exchange.version);
    out.open(fh::FolderSync);
    out.element(fh::Status, 1);
    out.element(fh::SyncKey, key);
    out.open(fh::Changes);
    out.element(fh::Count, changes.size());
    for (const auto kind :
         {FolderChange::Kind::update, FolderChange::Kind::remove, FolderChange::Kind::add}) {
        for (const auto& change : changes) {
            if (change.kind != kind)
                continue;
            out.open(
                kind == FolderChange::Kind::add      ? fh::Add
                : kind == FolderChange::Kind::update ? fh::Update
                                                     : fh::Delete
            );
            out.element(fh::ServerId, change.id);
            if (kind != FolderChange::Kind::remove) {
                out.element(fh::ParentId, change.parent);
                out.element(fh::DisplayName, change.name);
                out.element(fh::Type, change.type);
            }
            out.close();
        }
    }
    out.close();
    out.close();
    return reply_of(out);
}

} // namespace

Task<Result<Reply>> folder_sync(Exchange& exchange) {
    const auto* key_node = exchange.root ? exchange.root->find(fh::SyncKey) : nullptr;
    if (key_node == nullptr || key_node->text.empty())
        co_return status_only(exchange, 10);
    const auto key = key_node->text;
    const auto turn = co_await Session::take_turn(exchange.session);
    const FolderRef hierarchy{exchange.actor.account.id, {}};
    CO_TRY(auto chain, co_await load_chain(exchange, hierarchy));
    if (key == "0")
        chain.restart();
    const auto* generation = chain.find(key);
    if (generation == nullptr)
        co_return status_only(exchange, 9);
    const auto before = unpack_folder_state(generation->state);
    if (!before)
        co_return status_only(exchange, 9);
    // A paused device learns nothing new, and its key stays good.
    if (exchange.device.paused && key != "0")
        co_return answer(exchange, key, {});
    const bool repeated = generation->number != chain.newest().number;
    auto changes = co_await folder_changes(exchange, *before);
    if (!changes && changes.error().code == Code::stale)
        co_return status_only(exchange, 9);
    if (!changes)
        co_return std::unexpected(changes.error());
    if (key == "0" && exchange.at_least(wbxml::Version::v14_0))
        changes->changes.push_back(recipient_folder(exchange));
    put_parents_first(changes->changes);
    if (key != "0" && changes->changes.empty() && !repeated)
        co_return answer(exchange, key, {});
    if (key != "0")
        chain.acknowledge(key);
    const auto fresh = chain.key_of(chain.add(pack(changes->after), {}));
    CO_CHECK_OK(co_await save_chain(exchange, hierarchy, chain));
    auto reply = answer(exchange, fresh, changes->changes);
    // MS-ASHTTP 3.2.5.1: a device that begins learns what it may speak.
    if (reply && key == "0") {
        reply->headers.add("MS-ASProtocolVersions", std::string(kVersions));
        reply->headers.add("X-MS-RP", std::string(kVersions));
        reply->headers.add("MS-ASProtocolCommands", command_list());
    }
    co_return reply;
}

} // namespace lockstep::activesync
