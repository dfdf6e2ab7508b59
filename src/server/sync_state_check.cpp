// Key chains hold packed item states; the chain of collection none holds those of the hierarchy.
#include "server/sync_state_check.hpp"

#include <algorithm>

#include "protocols/activesync/folder_state.hpp"
#include "sync/key_chain.hpp"
#include "sync/source_states.hpp"

namespace lockstep::server {
namespace {

using Places = std::vector<store::CursorPlace>;

Result<> add_hierarchy(std::string_view state, Places& places) {
    TRY(const auto folders, activesync::unpack_folder_state(state));
    for (const auto& each : folders.owners)
        places.push_back({each.owner, each.epoch, each.since});
    return {};
}

Result<> add_items(model::AccountId owner, const sync::ItemState& items, Places& places) {
    if (items.target && items.target < items.since)
        return fail(Code::corrupt, "a walk that ends before it begins");
    if (items.owed.size() > sync::kMaxOwed)
        return fail(Code::corrupt, "more owed items than are ever kept");
    places.push_back({owner, items.epoch, std::max({items.since, items.target, items.gone.seq})});
    return {};
}

} // namespace

Result<Places> read_sync_state(const store::SyncStateRow& row) {
    TRY(const auto chain, sync::KeyChain::unpack(row.state));
    TRY(const auto generations, chain.generations());
    Places places;
    for (const auto* generation : generations) {
        // Key 0 stands for nothing.
        if (generation->state.empty())
            continue;
        if (!row.collection) {
            CHECK_OK(add_hierarchy(generation->state, places));
            continue;
        }
        TRY(const auto sources, sync::unpack_sources(generation->state, row.owner, row.collection));
        for (const auto& source : sources)
            CHECK_OK(add_items(source.owner, source.state, places));
    }
    return places;
}

} // namespace lockstep::server
