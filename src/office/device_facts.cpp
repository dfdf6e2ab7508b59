// What people are told of a device: its state in words, and what it holds.
#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "office/devices.hpp"
#include "office/sync_aside.hpp"
#include "store/collections.hpp"
#include "store/items.hpp"
#include "sync/key_chain.hpp"
#include "sync/source_states.hpp"

namespace lockstep::office {
namespace {

constexpr std::array<std::string_view, 5> kClasses{
    "mail", "appointments", "contacts", "tasks", "notes"
};

/// Class and number of items that a source's state stands for; nothing when the folder is gone.
std::pair<std::size_t, std::int64_t>
count_held(store::Snapshot& snapshot, const sync::SourceState& source) {
    const auto folder = store::find_collection(snapshot, source.owner, source.collection);
    if (!folder)
        return {0, 0};
    return {
        static_cast<std::size_t>(folder->item_class) - 1,
        store::count_inside(
            snapshot, source.owner, source.collection, source.state.low_edge.at,
            source.state.high_edge.at
        )
    };
}

/// What a device holds, by the states that are kept for it.
std::vector<sync::SourceState> sources_held(const std::vector<KeptState>& states) {
    std::vector<sync::SourceState> all;
    for (const auto& kept : states) {
        const auto chain = sync::KeyChain::unpack(kept.state);
        if (!kept.collection || !chain)
            continue;
        auto sources = sync::unpack_sources(chain->newest().state, kept.owner, kept.collection);
        if (sources)
            std::ranges::move(*sources, std::back_inserter(all));
    }
    return all;
}

} // namespace

std::string state_text(const Device& device) {
    const auto wipe = wipe_of(device);
    if (wipe.state != WipeState::none)
        return fmt::format("wipe {}", name_of(wipe.state));
    if (access_of(device) != Access::allowed)
        return std::string(name_of(access_of(device)));
    return device.paused ? "paused" : "allowed";
}

Task<Result<std::string>> held_text(Office& office, model::AccountId account, std::string device) {
    std::function<Result<std::vector<KeptState>>(store::Snapshot&)> list =
        [account, device](store::Snapshot& snapshot) -> Result<std::vector<KeptState>> {
        return list_sync_states(snapshot, account, device);
    };
    CO_TRY(
        const auto states, co_await office.db.read<std::vector<KeptState>>(account, std::move(list))
    );
    std::array<std::int64_t, kClasses.size()> counts{};
    for (const auto& source : sources_held(states)) {
        using Held = std::pair<std::size_t, std::int64_t>;
        std::function<Result<Held>(store::Snapshot&)> count = [source](store::Snapshot& snapshot
                                                              ) -> Result<Held> {
            return count_held(snapshot, source);
        };
        CO_TRY(const auto held, co_await office.db.read<Held>(source.owner, std::move(count)));
        counts[held.first] += held.second;
    }
    std::string text;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", kClasses[i], counts[i]);
    CO_TRY(const auto aside, co_await items_aside(office, account, device));
    for (std::size_t i = 0; i < aside.size(); ++i)
        text += (i > 0 ? ", " : text.empty() ? "set aside: " : "; set aside: ") + aside[i];
    co_return text;
}

} // namespace lockstep::office
