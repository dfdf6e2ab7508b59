// Settings of an account, and a rule of a domain.
#include "office/forwarding.hpp"

#include "base/limits_sieve.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "codec/smtp/command.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

const std::string kForwardName = "forward";
const std::string kCatchAll = "catch_all";

Task<Result<std::string>> scope_of_domain(Office& office, const std::string& name) {
    CO_TRY(const auto domains, co_await office.directory.domains());
    for (const auto& each : domains)
        if (each.name == name)
            co_return directory::domain_scope(each.id);
    co_return fail(Code::not_found, name + " is not a domain of ours");
}

} // namespace

Forwarding read_forwarding(store::Snapshot& snapshot, model::AccountId account) {
    const auto kept = store::find_setting(snapshot, account, {}, kForwardName);
    if (!kept)
        return {};
    Unpacker in(*kept);
    Forwarding made;
    made.keep = in.number() != 0;
    for (auto left = in.count(); left > 0; --left)
        made.addresses.emplace_back(in.text());
    return in.ok() ? made : Forwarding();
}

Task<Result<Forwarding>> forwarding(Office& office, model::AccountId account) {
    std::function<Result<Forwarding>(store::Snapshot&)> work = [account](store::Snapshot& snapshot
                                                               ) -> Result<Forwarding> {
        return read_forwarding(snapshot, account);
    };
    auto found = co_await office.db.read<Forwarding>(account, std::move(work));
    co_return found;
}

Task<Result<>> set_forwarding(Office& office, model::AccountId account, Forwarding wanted) {
    if (wanted.addresses.size() > limits::kForwards)
        co_return fail(Code::too_large, "mail is forwarded to ten addresses at most");
    for (auto& address : wanted.addresses) {
        const auto path = smtp::parse_mailbox(trim(address));
        if (!path)
            co_return fail(Code::bad_value, "'" + address + "' is no address");
        address = path->text();
    }
    std::function<Result<bool>(store::Txn&)> work = [account,
                                                     wanted](store::Txn& txn) -> Result<bool> {
        if (wanted.addresses.empty()) {
            store::drop_setting(txn, account, {}, kForwardName);
            return true;
        }
        Packer out;
        out.number(wanted.keep ? 1 : 0);
        out.number(wanted.addresses.size());
        for (const auto& address : wanted.addresses)
            out.text(address);
        store::put_setting(txn, account, {}, kForwardName, out.take());
        return true;
    };
    const auto done = co_await office.db.write<bool>(account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Task<Result<std::string>> catch_all(Office& office, std::string domain) {
    CO_TRY(const auto scope, co_await scope_of_domain(office, domain));
    CO_TRY(const auto rules, co_await office.directory.rules());
    const auto held = rules->find(scope);
    if (held == rules->end() || !held->second.contains(kCatchAll))
        co_return std::string();
    co_return held->second.at(kCatchAll);
}

Task<Result<>> set_catch_all(Office& office, std::string domain, std::string address) {
    CO_TRY(const auto scope, co_await scope_of_domain(office, domain));
    if (address.empty()) {
        auto dropped = co_await office.directory.drop_rule(scope, kCatchAll);
        co_return dropped;
    }
    CO_TRY(const auto account, co_await office.directory.find(address));
    auto set = co_await office.directory.set_rule(scope, kCatchAll, account.address);
    co_return set;
}

Task<Result<model::AccountId>> recipient_of(Office& office, std::string address) {
    auto found = co_await office.directory.recipient(address);
    if (found || found.error().code != Code::not_found)
        co_return found;
    const auto at = address.rfind('@');
    if (at == std::string::npos)
        co_return found;
    const auto other = co_await catch_all(office, lower(address.substr(at + 1)));
    if (!other || other->empty())
        co_return found;
    auto caught = co_await office.directory.recipient(*other);
    co_return caught;
}

} // namespace lockstep::office
