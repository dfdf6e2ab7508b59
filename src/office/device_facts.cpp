// What people are told of a device: its state in words, and what it holds.
#include <array>

#include <fmt/format.h>

#include "office/devices.hpp"
#include "store/collections.hpp"
#include "store/items.hpp"
#include "sync/item_state.hpp"
#include "sync/key_chain.hpp"

namespace lockstep::office {
namespace {

constexpr std::array<std::string_view, 5> kClasses{
    "mail", "appointments", "contacts", "tasks", "notes"
};

/// Class and number of items that a kept state stands for; nothing when the folder is gone.
Result<std::pair<std::size_t, std::int64_t>>
count_held(store::Snapshot& snapshot, const KeptState& kept) {
    std::pair<std::size_t, std::int64_t> held{0, 0};
    const auto folder = store::find_collection(snapshot, kept.owner, kept.collection);
    const auto chain = sync::KeyChain::unpack(kept.state);
    if (!folder || !chain)
        return held;
    const auto state = sync::unpack_item_state(chain->newest().state);
    if (!state)
        return held;
    held.first = static_cast<std::size_t>(folder->item_class) - 1;
    held.second = store::count_inside(
        snapshot, kept.owner, kept.collection, state->low_edge.at, state->high_edge.at
    );
    return held;
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
    for (const auto& kept : states) {
        if (!kept.collection)
            continue;
        using Held = std::pair<std::size_t, std::int64_t>;
        std::function<Result<Held>(store::Snapshot&)> count = [kept](store::Snapshot& snapshot) {
            return count_held(snapshot, kept);
        };
        CO_TRY(const auto held, co_await office.db.read<Held>(kept.owner, std::move(count)));
        counts[held.first] += held.second;
    }
    std::string text;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", kClasses[i], counts[i]);
    co_return text;
}

} // namespace lockstep::office
