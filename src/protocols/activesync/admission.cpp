// The way of a device to its data.
#include "protocols/activesync/admission.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "office/device_policy.hpp"

namespace lockstep::activesync {
namespace {

using directory::Account;
using office::Access;
using wbxml::Version;

/// The row and the settings of one job.
struct Row {
    std::optional<office::Device> device;
    office::SyncPolicy policy;
};

/// How the rules take a new device, and how many there may be.
struct Welcome {
    Access access = Access::allowed;
    std::size_t most = 0;
};

Welcome welcome_of(const Door& door, const office::RuleSet& rules) {
    Welcome welcome;
    const auto word = rules.find(office::kNewDevices).value_or("allow");
    if (word == "quarantine")
        welcome.access = Access::quarantined;
    else if (word == "block")
        welcome.access = Access::blocked;
    const auto most = parse_int<std::size_t>(rules.find(office::kMostDevices).value_or(""));
    welcome.most = most.value_or(door.options().devices_max);
    return welcome;
}

Result<office::Device> make_device(
    office::Txn& txn, const Account& account, const std::string& id, const std::string& kind,
    const Welcome& welcome, std::int64_t now
) {
    if (office::list_devices(txn, account.id).size() >= welcome.most)
        return fail(Code::too_large, "the account has too many devices");
    office::Device device;
    device.id = id;
    device.author = office::author_of(account.id, id);
    device.kind = kind;
    device.created_us = now;
    device.status = static_cast<std::int64_t>(welcome.access);
    const auto text = welcome.access == Access::allowed
                          ? std::string("Came for the first time")
                          : fmt::format("Came for the first time: {}", name_of(welcome.access));
    office::add_device_event(txn, account.id, id, {now, text});
    log::info(
        "device.new", {{"account", account.address},
                       {"device", id},
                       {"kind", kind},
                       {"access", name_of(welcome.access)}}
    );
    return device;
}

std::function<Result<Row>(office::Snapshot&)> reading(model::AccountId account, std::string id) {
    return [account, id = std::move(id)](office::Snapshot& snapshot) -> Result<Row> {
        return Row{
            office::find_device(snapshot, account, id), office::sync_policy(snapshot, account, id)
        };
    };
}

/// The row as the device's session remembers it, or as it is read now. A device that is not known
/// gets no session here: its ids are the client's to choose.
Task<Result<Row>> find_row(Door& door, model::AccountId account, const std::string& id) {
    auto& office = door.office();
    const auto age = office.hub.settings_age(account);
    const auto session = door.sessions().look(account, id);
    if (session) {
        const auto kept =
            session->memory.with([](const Session::Memory& memory) { return memory.row; });
        if (kept && kept->age == age)
            co_return Row{kept->device, kept->policy};
    }
    CO_TRY(auto row, co_await office.db.read<Row>(account, reading(account, id)));
    if (session && row.device) {
        auto kept = std::make_shared<const Session::Row>(age, *row.device, row.policy);
        session->memory.with([&](Session::Memory& memory) { memory.row = std::move(kept); });
    }
    co_return row;
}

/// The policy's state as this request must see it; none when the command may run.
std::optional<Common> policy_refusal(const Door& door, const Exchange& exchange) {
    if (!door.options().require_policy)
        return std::nullopt;
    if (exchange.device.policy_state != 2)
        return Common::device_not_provisioned;
    if (exchange.device.policy_mark != exchange.policy_mark)
        return Common::policy_refresh;
    // A waiting request was let in with its key; the query is gone by then.
    if (!exchange.query)
        return std::nullopt;
    const auto key = exchange.query->policy_key.value_or(0);
    if (key != static_cast<std::uint32_t>(exchange.device.policy_key))
        return Common::invalid_policy_key;
    return std::nullopt;
}

} // namespace

Task<Result<Known>> register_device(
    Door& door, const Account& account, const eas::Query& query, Version version, std::string agent
) {
    auto& office = door.office();
    const auto id = upper(query.device_id);
    CO_TRY(const auto rules, co_await office::rules_for(office, account));
    CO_TRY(auto row, co_await find_row(door, account.id, id));
    Known known;
    known.policy = std::move(row.policy);
    known.term = office::term_of(rules);
    known.policy_mark = office::policy_mark(rules);
    const auto number = static_cast<std::int64_t>(version);
    if (row.device && row.device->agent == agent && row.device->version == number) {
        known.device = std::move(*row.device);
        co_return known;
    }
    const auto welcome = welcome_of(door, rules);
    std::function<Result<office::Device>(office::Txn&)> put =
        [=, now = office.clock.now_us(),
         kind = query.device_type](office::Txn& txn) -> Result<office::Device> {
        auto device = office::find_device(txn, account.id, id);
        if (!device) {
            TRY(device, make_device(txn, account, id, kind, welcome, now));
        } else if (device->version != number) {
            office::add_device_event(
                txn, account.id, id,
                {now, fmt::format("Speaks protocol {} now", wbxml::text_of(version))}
            );
        }
        device->agent = agent;
        device->version = number;
        device->seen_us = now;
        office::put_device(txn, account.id, *device);
        return std::move(*device);
    };
    CO_TRY(known.device, co_await office.db.write<office::Device>(account.id, std::move(put)));
    co_return known;
}

std::optional<Error> closed_for(const Account& account) {
    if (!account.enabled)
        return fail(Code::unauthorized, "the account is disabled").error();
    if ((account.doors & static_cast<std::int64_t>(directory::Door::activesync)) == 0)
        return fail(Code::forbidden, "this door is off for the account").error();
    return std::nullopt;
}

Task<bool> must_hear_of_wipe(Door& door, const Account& account, std::string raw_query) {
    const auto query = eas::parse_query(raw_query);
    if (!query)
        co_return false;
    const auto row = co_await door.office().db.read<Row>(
        account.id, reading(account.id, upper(query->device_id))
    );
    co_return row && row->device&& office::wipe_is_due(*row->device);
}

std::optional<Common>
barred(const Door& door, const CommandEntry& command, const Exchange& exchange) {
    if (office::wipe_is_due(exchange.device)) {
        if (command.name == "Provision")
            return std::nullopt;
        return Common::remote_wipe_requested;
    }
    if (office::access_of(exchange.device) != Access::allowed)
        return Common::device_blocked;
    if (!exchange.term.open(exchange.office().clock.now_us()))
        return Common::user_disabled;
    return command.needs_policy ? policy_refusal(door, exchange) : std::nullopt;
}

unsigned http_of(Common status) {
    // The client provisions after a 449; all else is final until somebody decides otherwise.
    switch (status) {
    case Common::remote_wipe_requested:
    case Common::device_not_provisioned:
    case Common::policy_refresh:
    case Common::invalid_policy_key:
        return 449;
    default:
        return 403;
    }
}

std::optional<std::chrono::seconds> spend(const Exchange& exchange, std::size_t bytes) {
    const auto options = exchange.door.options();
    const auto now = exchange.office().clock.steady();
    const auto budget = exchange.session->memory.with([&](Session::Memory& memory) {
        auto& used = memory.budget;
        if (used.requests == 0 || now - used.begin >= limits::kBudgetWindow) {
            used = {};
            used.begin = now;
        }
        ++used.requests;
        used.bytes += static_cast<std::int64_t>(bytes);
        return used;
    });
    const auto over = [](std::int64_t used, std::int64_t most) { return most > 0 && used > most; };
    if (!over(budget.requests, options.requests_max) && !over(budget.writes, options.writes_max) &&
        !over(budget.bytes, options.bytes_max))
        return std::nullopt;
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(
                          budget.begin + limits::kBudgetWindow - now
                      ) +
                      std::chrono::seconds(1);
    log::warn(
        "eas.throttled", {{"account", exchange.actor.account.address},
                          {"device", exchange.device.id},
                          {"requests", budget.requests},
                          {"writes", budget.writes},
                          {"bytes", budget.bytes},
                          {"retry_after", left.count()}}
    );
    return left;
}

Task<Result<bool>> refresh(Exchange& exchange) {
    auto& office = exchange.office();
    const auto id = exchange.actor.account.id;
    const auto account = co_await office.directory.find(id);
    if (!account && account.error().code != Code::not_found)
        co_return std::unexpected(account.error());
    const auto door = static_cast<std::int64_t>(directory::Door::activesync);
    if (!account || !account->enabled || (account->doors & door) == 0)
        co_return false;
    CO_TRY(const auto rules, co_await office::rules_for(office, *account));
    CO_TRY(auto row, co_await office.db.read<Row>(id, reading(id, exchange.device.id)));
    if (!row.device)
        co_return false;
    exchange.device = std::move(*row.device);
    exchange.policy = std::move(row.policy);
    exchange.term = office::term_of(rules);
    exchange.policy_mark = office::policy_mark(rules);
    co_return true;
}

Task<Result<>> tell_log(Exchange& exchange, std::string text) {
    const auto account = exchange.actor.account.id;
    std::function<Result<bool>(office::Txn&)> work =
        [account, id = exchange.device.id, now = exchange.office().clock.now_us(),
         text = std::move(text)](office::Txn& txn) -> Result<bool> {
        office::add_device_event(txn, account, id, {now, text});
        return true;
    };
    CO_TRY(const auto done, co_await exchange.office().db.write<bool>(account, std::move(work)));
    static_cast<void>(done);
    co_return Result<>();
}

} // namespace lockstep::activesync
