// Scripts as settings: scope "sieve", and the name of the active one.
#include "office/sieve.hpp"

#include "base/limits_sieve.hpp"
#include "base/text.hpp"
#include "codec/sieve/script.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using store::Snapshot;
using store::Txn;

const std::string kSieveScope = "sieve";
const std::string kSieveActive = "sieve_active";
constexpr std::size_t kSieveName = 512; ///< bytes; RFC 9661 2.1

Result<> check_name(std::string_view name) {
    const bool good = !name.empty() && name.size() <= kSieveName && is_utf8(name) &&
                      clean_utf8(name) == name && !name.contains('\n');
    return good ? Result<>() : fail(Code::bad_value, "this is no name of a script");
}

std::string active_name(Snapshot& snapshot, AccountId account) {
    return store::find_setting(snapshot, account, {}, kSieveActive).value_or("");
}

Task<Result<>>
change_scripts(Office& office, AccountId account, std::function<Result<bool>(Txn&)> work) {
    const auto done = co_await office.db.write<bool>(account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

std::unexpected<Error> no_script(const std::string& name) {
    return fail(Code::not_found, "there is no script " + name);
}

} // namespace

Result<> check_sieve_script(std::string_view text) {
    const auto script = sieve::read_script(text);
    if (!script)
        return std::unexpected(script.error());
    return {};
}

std::optional<std::string> active_sieve_script(Snapshot& snapshot, AccountId account) {
    const auto name = active_name(snapshot, account);
    if (name.empty())
        return std::nullopt;
    return store::find_setting(snapshot, account, kSieveScope, name);
}

Task<Result<std::vector<SieveScript>>> sieve_scripts(Office& office, AccountId account) {
    using Scripts = std::vector<SieveScript>;
    std::function<Result<Scripts>(Snapshot&)> work = [account](Snapshot& snapshot
                                                     ) -> Result<Scripts> {
        const auto active = active_name(snapshot, account);
        Scripts all;
        for (auto& [name, text] : store::list_settings(snapshot, account, kSieveScope))
            all.push_back({name, text, name == active});
        return all;
    };
    auto all = co_await office.db.read<Scripts>(account, std::move(work));
    co_return all;
}

Task<Result<SieveScript>> sieve_script(Office& office, AccountId account, std::string name) {
    CO_TRY(const auto all, co_await sieve_scripts(office, account));
    for (const auto& each : all)
        if (each.name == name)
            co_return each;
    co_return no_script(name);
}

Task<Result<>>
put_sieve_script(Office& office, AccountId account, std::string name, std::string text) {
    CO_CHECK_OK(check_name(name));
    CO_CHECK_OK(check_sieve_script(text));
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        const bool known = store::find_setting(txn, account, kSieveScope, name).has_value();
        if (!known &&
            store::list_settings(txn, account, kSieveScope).size() >= limits::kSieveScripts)
            return fail(Code::too_large, "the account has enough scripts");
        store::put_setting(txn, account, kSieveScope, name, text);
        return true;
    };
    auto done = co_await change_scripts(office, account, std::move(work));
    co_return done;
}

Task<Result<>>
rename_sieve_script(Office& office, AccountId account, std::string from, std::string to) {
    CO_CHECK_OK(check_name(to));
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        const auto text = store::find_setting(txn, account, kSieveScope, from);
        if (!text)
            return no_script(from);
        if (from != to && store::find_setting(txn, account, kSieveScope, to))
            return fail(Code::exists, "there is a script " + to);
        store::drop_setting(txn, account, kSieveScope, from);
        store::put_setting(txn, account, kSieveScope, to, *text);
        if (active_name(txn, account) == from)
            store::put_setting(txn, account, {}, kSieveActive, to);
        return true;
    };
    auto done = co_await change_scripts(office, account, std::move(work));
    co_return done;
}

Task<Result<>> drop_sieve_script(Office& office, AccountId account, std::string name) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (!store::find_setting(txn, account, kSieveScope, name))
            return no_script(name);
        if (active_name(txn, account) == name)
            return fail(Code::conflict, name + " is the active script");
        store::drop_setting(txn, account, kSieveScope, name);
        return true;
    };
    auto done = co_await change_scripts(office, account, std::move(work));
    co_return done;
}

Task<Result<>> activate_sieve_script(Office& office, AccountId account, std::string name) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (name.empty()) {
            store::drop_setting(txn, account, {}, kSieveActive);
            return true;
        }
        if (!store::find_setting(txn, account, kSieveScope, name))
            return no_script(name);
        store::put_setting(txn, account, {}, kSieveActive, name);
        return true;
    };
    auto done = co_await change_scripts(office, account, std::move(work));
    co_return done;
}

} // namespace lockstep::office
