// Collects busy time: calendars, their events in the stretch, the events' occurrences.
#include "office/free_busy.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/ical/series.hpp"
#include "office/folder_facts.hpp"
#include "office/objects.hpp"
#include "office/rights.hpp"
#include "store/collections.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

using ical::Busy;
using model::AccountId;
using model::Right;
using store::Snapshot;

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::size_t kBusyPage = 500; ///< items read at once
const std::string kAudience = "free-busy";

/// Which of two overlapping kinds is told.
int strength(Busy kind) {
    switch (kind) {
    case Busy::away:
        return 4;
    case Busy::busy:
        return 3;
    case Busy::tentative:
        return 2;
    case Busy::elsewhere:
        return 1;
    case Busy::free:
        return 0;
    }
    return 0;
}

void add_event(
    const std::string& bytes, const TimeOwner& owner, std::int64_t from, std::int64_t to,
    FreeBusy& out
) {
    const auto calendar = ical::parse(bytes);
    if (!calendar)
        return; // what cannot be read takes no time
    const auto series = ical::Series::read(*calendar, "VEVENT", ical::zone_or_utc(owner.zone));
    if (!series)
        return;
    const auto expansion = series->expand(from, to, limits::kFreeBusyTimes - out.times.size());
    out.complete = out.complete && expansion.complete;
    for (const auto& occurrence : expansion.occurrences) {
        const auto kind = ical::busy_for(*occurrence.component, owner.addresses);
        const BusyTime time{std::max(occurrence.start, from), std::min(occurrence.end, to), kind};
        if (kind != Busy::free && time.from < time.to)
            out.times.push_back(time);
    }
}

Result<> add_calendar(
    Snapshot& snapshot, Office& office, const TimeOwner& owner, model::CollectionId calendar,
    std::int64_t from, std::int64_t to, std::string_view without, std::size_t& left, FreeBusy& out
) {
    // Whatever ends after the beginning, soonest end first: what is over costs nothing.
    store::EdgePlace place{from * kMicros, 0};
    constexpr store::EdgePlace kEnd{model::kForever, store::kLastUid};
    for (;;) {
        const auto items = store::items_between(
            snapshot, owner.account, calendar, store::Edge::high, place, kEnd, true, kBusyPage
        );
        for (const auto& item : items) {
            place = {item.window.high, item.uid.value + 1};
            if (item.window.low >= to * kMicros || item.uid_text == without)
                continue;
            if (left-- == 0 || out.times.size() >= limits::kFreeBusyTimes) {
                left = 0;
                out.complete = false;
                return {};
            }
            TRY(const auto bytes, object_bytes(snapshot, office, item));
            add_event(bytes, owner, from, to, out);
        }
        if (items.size() < kBusyPage)
            return {};
    }
}

Task<Result<bool>> may_see(Office& office, const Actor& actor, const directory::Account& person) {
    if (person.id == actor.account.id)
        co_return true;
    CO_TRY(const auto right, co_await effective_right(office, actor, person.id, {}));
    if (right >= Right::free_busy)
        co_return true;
    if (person.domain != actor.account.domain)
        co_return false;
    std::function<Result<bool>(Snapshot&)> work = [id = person.id](Snapshot& snapshot
                                                  ) -> Result<bool> {
        return free_busy_audience(snapshot, id) == FreeBusyAudience::domain;
    };
    co_return co_await office.db.read<bool>(person.id, std::move(work));
}

} // namespace

std::vector<BusyTime> merge_busy(std::vector<BusyTime> times) {
    struct Edge {
        std::int64_t at;
        Busy kind;
        int step;
    };
    std::vector<Edge> edges;
    edges.reserve(times.size() * 2);
    for (const auto& time : times) {
        edges.push_back({time.from, time.kind, 1});
        edges.push_back({time.to, time.kind, -1});
    }
    std::ranges::sort(edges, {}, &Edge::at);
    std::array<int, 5> open{};
    std::vector<BusyTime> out;
    for (std::size_t i = 0; i < edges.size();) {
        const auto at = edges[i].at;
        for (; i < edges.size() && edges[i].at == at; ++i)
            open[static_cast<std::size_t>(edges[i].kind)] += edges[i].step;
        auto strongest = Busy::free;
        for (std::size_t kind = 0; kind < open.size(); ++kind)
            if (open[kind] > 0 && strength(static_cast<Busy>(kind)) > strength(strongest))
                strongest = static_cast<Busy>(kind);
        if (strongest == Busy::free || i == edges.size())
            continue;
        const auto until = edges[i].at;
        if (!out.empty() && out.back().to == at && out.back().kind == strongest)
            out.back().to = until;
        else
            out.push_back({at, until, strongest});
    }
    return out;
}

Result<FreeBusy> read_free_busy(
    Snapshot& snapshot, Office& office, const TimeOwner& owner, std::int64_t from, std::int64_t to,
    std::string_view without
) {
    FreeBusy out;
    std::size_t left = limits::kFreeBusyEvents;
    const auto left_out = calendars_left_out(snapshot, owner.account);
    for (const auto& folder : store::list_collections(snapshot, owner.account)) {
        if (folder.item_class != model::ItemClass::event || left_out.contains(folder.id))
            continue;
        CHECK_OK(add_calendar(snapshot, office, owner, folder.id, from, to, without, left, out));
        if (left == 0)
            break;
    }
    out.times = merge_busy(std::move(out.times));
    return out;
}

FreeBusyAudience free_busy_audience(Snapshot& snapshot, AccountId account) {
    const auto value = store::find_setting(snapshot, account, "", kAudience);
    return value == "nobody" ? FreeBusyAudience::nobody : FreeBusyAudience::domain;
}

void set_free_busy_audience(store::Txn& txn, AccountId account, FreeBusyAudience audience) {
    if (audience == FreeBusyAudience::domain)
        store::drop_setting(txn, account, "", kAudience);
    else
        store::put_setting(txn, account, "", kAudience, "nobody");
}

Task<Result<TimeOwner>> time_owner(Office& office, AccountId account) {
    CO_TRY(const auto found, co_await office.directory.find(account));
    CO_TRY(auto addresses, co_await office.directory.addresses(account));
    for (auto& address : addresses)
        address = lower(address);
    if (std::ranges::find(addresses, found.address) == addresses.end())
        addresses.push_back(found.address);
    co_return TimeOwner{account, found.zone, std::move(addresses)};
}

Task<Result<FreeBusy>> free_busy(
    Office& office, const Actor& actor, AccountId person, std::int64_t from, std::int64_t to
) {
    constexpr std::int64_t kLongest = limits::kFreeBusyDays * ical::kDay;
    if (from < ical::kFirstCivil || to > ical::kLastCivil || from >= to || to - from > kLongest)
        co_return fail(Code::bad_value, "no stretch of time that is answered");
    CO_TRY(const auto account, co_await office.directory.find(person));
    CO_TRY(const bool may, co_await may_see(office, actor, account));
    if (!may)
        co_return fail(Code::forbidden, "free and busy time of " + account.address);
    CO_TRY(const auto owner, co_await time_owner(office, person));
    std::function<Result<FreeBusy>(Snapshot&)> work = [&office, owner, from,
                                                       to](Snapshot& snapshot) {
        return read_free_busy(snapshot, office, owner, from, to);
    };
    co_return co_await office.db.read<FreeBusy>(person, std::move(work));
}

} // namespace lockstep::office
