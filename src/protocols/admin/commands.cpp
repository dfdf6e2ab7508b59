// Finds a command by its words; the commands that belong to no noun of the directory.
#include "protocols/admin/commands.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "protocols/admin/office_commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {

std::span<const Commands::Entry> Commands::table() {
    static constexpr std::array kTable = {
        Entry{"domain add", &Commands::domain_add},
        Entry{"domain list", &Commands::domain_list},
        Entry{"domain remove", &Commands::domain_remove},
        Entry{"domain dkim new", &Commands::domain_dkim_new},
        Entry{"domain dkim list", &Commands::domain_dkim_list},
        Entry{"domain dkim remove", &Commands::domain_dkim_remove},
        Entry{"domain dns", &Commands::domain_dns},
        Entry{"domain check", &Commands::domain_check},
        Entry{"account add", &Commands::account_add},
        Entry{"account list", &Commands::account_list},
        Entry{"account remove", &Commands::account_remove},
        Entry{"account password", &Commands::account_password},
        Entry{"account quota", &Commands::account_quota},
        Entry{"account enable", &Commands::account_enable},
        Entry{"account disable", &Commands::account_disable},
        Entry{"account admin", &Commands::account_admin},
        Entry{"account meetings", &Commands::account_meetings},
        Entry{"account gone", &Commands::mail_gone},
        Entry{"account recover", &Commands::mail_recover},
        Entry{"account imap-delete", &Commands::imap_delete},
        Entry{"search rebuild", &Commands::search_rebuild},
        Entry{"account alias add", &Commands::alias_add},
        Entry{"account alias list", &Commands::alias_list},
        Entry{"account alias remove", &Commands::alias_remove},
        Entry{"account app-password add", &Commands::app_password_add},
        Entry{"account app-password list", &Commands::app_password_list},
        Entry{"account app-password remove", &Commands::app_password_remove},
        Entry{"group add", &Commands::group_add},
        Entry{"group list", &Commands::group_list},
        Entry{"group remove", &Commands::group_remove},
        Entry{"group member add", &Commands::member_add},
        Entry{"group member list", &Commands::member_list},
        Entry{"group member remove", &Commands::member_remove},
        Entry{"device list", &Commands::device_list},
        Entry{"device show", &Commands::device_show},
        Entry{"device remove", &Commands::device_remove},
        Entry{"group posting", &Commands::group_posting},
        Entry{"queue list", &Commands::queue_list},
        Entry{"queue show", &Commands::queue_show},
        Entry{"queue retry", &Commands::queue_retry},
        Entry{"queue hold", &Commands::queue_hold},
        Entry{"queue release", &Commands::queue_release},
        Entry{"queue drop", &Commands::queue_drop},
        Entry{"detained mode", &Commands::detained_mode},
        Entry{"detained list", &Commands::detained_list},
        Entry{"detained allow", &Commands::detained_allow},
        Entry{"detained block", &Commands::detained_block},
        Entry{"detained delete", &Commands::detained_delete},
        Entry{"sender list", &Commands::sender_list},
        Entry{"sender add", &Commands::sender_add},
        Entry{"sender remove", &Commands::sender_remove},
        Entry{"sender import", &Commands::sender_import},
        Entry{"sender export", &Commands::sender_export},
        Entry{"verify", &Commands::verify},
        Entry{"restored", &Commands::restored},
        Entry{"demo", &Commands::demo},
        Entry{"clock advance", &Commands::clock_advance},
    };
    return kTable;
}

Task<Result<Answer>> Commands::execute(Request request) {
    const auto words = join(request.command, " ");
    if (lent_.office != nullptr)
        for (const auto part :
             {sharing_commands(), sync_commands(), partnership_commands(), rule_commands(),
              mail_rule_commands()})
            for (const auto& each : part)
                if (each.words == words)
                    co_return co_await each.run(*lent_.office, std::move(request));
    const auto found = std::ranges::find(table(), words, &Entry::words);
    if (found == table().end())
        co_return fail(Code::unsupported, fmt::format("the server knows no command '{}'", words));
    auto answer = co_await (this->*found->step)(request);
    co_return answer;
}

Task<Result<directory::Account>>
Commands::account_of(const Request& request, std::string_view name, bool group) {
    const std::string address(request.arg(name));
    if (address.empty())
        co_return fail(Code::bad_value, fmt::format("the argument {} is missing", name));
    auto account = co_await directory_.find(address);
    if (!account)
        co_return account;
    const bool is_group = account->kind == model::AccountKind::group;
    if (is_group && !group)
        co_return fail(
            Code::bad_value, fmt::format("{} is a group, not an account", account->address)
        );
    if (!is_group && group)
        co_return fail(Code::bad_value, fmt::format("{} is not a group", account->address));
    co_return account;
}

Task<Result<Answer>> Commands::domain_add(const Request& request) {
    auto name = std::string(request.arg("name"));
    CO_TRY(const auto domain, co_await directory_.add_domain(std::move(name)));
    co_return Answer{fmt::format("The domain {} is served here now.", domain.name), {}, {}};
}

Task<Result<Answer>> Commands::domain_list(const Request&) {
    CO_TRY(const auto domains, co_await directory_.domains());
    Answer answer{"", {"name"}, {}};
    for (const auto& domain : domains)
        answer.rows.push_back({domain.name});
    co_return answer;
}

Task<Result<Answer>> Commands::domain_remove(const Request& request) {
    auto name = std::string(request.arg("name"));
    CO_CHECK_OK(co_await directory_.remove_domain(std::move(name)));
    co_return Answer{fmt::format("The domain {} is removed.", request.arg("name")), {}, {}};
}

Task<Result<Answer>> Commands::verify(const Request& request) {
    if (!lent_.verify)
        co_return fail(Code::unsupported, "verify is not offered here");
    const bool recount = request.arg("recount") == "true";
    const bool repair = request.arg("repair") == "true";
    auto answer = co_await lent_.verify(recount, repair);
    co_return answer;
}

Task<Result<Answer>> Commands::restored(const Request&) {
    if (!lent_.new_epoch)
        co_return fail(Code::unsupported, "a new epoch is not offered here");
    CO_TRY(const auto accounts, co_await lent_.new_epoch());
    co_return Answer{
        fmt::format("Every client of {} accounts will start afresh.", accounts), {}, {}
    };
}

Task<Result<Answer>> Commands::demo(const Request&) {
    if (!lent_.demo)
        co_return fail(Code::unsupported, "sample data is not offered here");
    auto answer = co_await lent_.demo();
    co_return answer;
}

Task<Result<Answer>> Commands::clock_advance(const Request& request) {
    CO_TRY(const auto time, parse_duration(request.arg("duration")));
    if (!lent_.advance_clock)
        co_return fail(
            Code::unsupported,
            "the server's clock is the real one; clock.manual makes it stand still"
        );
    CO_CHECK_OK(lent_.advance_clock(time));
    co_return Answer{fmt::format("The clock is {} s later now.", time.count()), {}, {}};
}

} // namespace lockstep::admin
