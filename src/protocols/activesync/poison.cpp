// Counting repeats of sync keys.
#include "protocols/activesync/poison.hpp"

#include <fmt/format.h>

#include "base/limits_poison.hpp"
#include "base/log.hpp"
#include "office/sync_aside.hpp"

namespace lockstep::activesync {
namespace {

using Repeats = Session::Repeats;

std::vector<Repeats>::iterator repeats_of(std::vector<Repeats>& all, const FolderRef& ref) {
    return std::ranges::find_if(all, [&](const Repeats& each) {
        return each.owner == ref.owner && each.collection == ref.collection;
    });
}

/// What the same key, or the next one, makes of the count.
void count_answer(
    Repeats& seen, const std::string& key, bool alone, std::size_t deltas, model::Uid first
) {
    const auto most = std::uint8_t{255};
    const bool single = deltas == 1;
    if (seen.key == key) {
        seen.times = static_cast<std::uint8_t>(std::min(seen.times + 1, int{most}));
        const bool again = single && alone && first == seen.single;
        seen.singles = static_cast<std::uint8_t>(
            again ? std::min(seen.singles + 1, int{most}) : int{single && alone}
        );
        if (alone && seen.careful == 0)
            seen.careful = seen.batch;
    } else {
        seen.key = key;
        seen.times = 0;
        seen.singles = single && alone ? 1 : 0;
        seen.careful -= seen.careful > 0 ? 1 : 0;
    }
    if (!alone)
        seen.batch = static_cast<std::uint16_t>(deltas);
    seen.single = single ? first : model::Uid{};
}

} // namespace

void take_care(const Exchange& exchange, CollectionRun& run) {
    exchange.session->memory.with([&](Session::Memory& memory) {
        const auto seen = repeats_of(memory.repeats, run.ref);
        if (seen == memory.repeats.end())
            return;
        const bool repeated = seen->key == run.request.key;
        run.alone = seen->careful > (repeated ? 0 : 1) ||
                    (repeated && seen->times + 1 >= limits::kRepeatsAlone);
        run.stub = repeated && seen->singles >= limits::kRepeatsAside;
    });
}

void note_answer(
    const Exchange& exchange, CollectionRun& run, std::size_t deltas, model::Uid first
) {
    exchange.session->memory.with([&](Session::Memory& memory) {
        auto seen = repeats_of(memory.repeats, run.ref);
        if (deltas == 0) {
            if (seen != memory.repeats.end() && seen->key != run.request.key)
                memory.repeats.erase(seen);
            return;
        }
        if (seen == memory.repeats.end()) {
            memory.repeats.push_back({run.ref.owner, run.ref.collection});
            seen = memory.repeats.end() - 1;
        }
        count_answer(*seen, run.request.key, run.alone, deltas, first);
        if (run.stub && seen->singles == limits::kRepeatsAside + 1)
            run.set_aside = first;
    });
}

Task<Result<>> tell_aside(Exchange& exchange, const CollectionRun& run) {
    if (!run.set_aside)
        co_return Result<>();
    const auto& account = exchange.actor.account;
    const auto id = item_id(run.ref, run.set_aside, account.id);
    const auto folder = office::shown_name(run.folder.collection, account.language);
    log::warn(
        "eas.set_aside",
        {{"account", account.address}, {"device", exchange.device.id}, {"item", id}}
    );
    co_return co_await office::note_aside(
        exchange.office(), account.id, exchange.device.id, id,
        fmt::format(
            "The device asked for item {} of {} again and again: it has a note in its place", id,
            folder
        )
    );
}

} // namespace lockstep::activesync
