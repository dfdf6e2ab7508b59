// Commands about an account's mail: what is gone, bringing it back, what IMAP's deletion means,
// and its search index.
#include <fmt/format.h>

#include "base/text.hpp"
#include "office/mail_actions.hpp"
#include "office/mail_recovery.hpp"
#include "office/search_index.hpp"
#include "protocols/admin/commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {
namespace {

Result<> has_office(const Lent& lent) {
    if (lent.office != nullptr)
        return {};
    return fail(Code::unsupported, "not offered here");
}

} // namespace

Task<Result<Answer>> Commands::mail_gone(const Request& request) {
    CO_CHECK_OK(has_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto mails, co_await office::gone_mails(*lent_.office, account.id));
    Answer answer{"", {"id", "folder", "subject", "from", "size", "gone"}, {}};
    for (const auto& mail : mails)
        answer.rows.push_back(
            {mail.id, mail.folder, mail.subject, mail.from, mail.size, time_text(mail.gone_us)}
        );
    co_return answer;
}

Task<Result<Answer>> Commands::mail_recover(const Request& request) {
    CO_CHECK_OK(has_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    std::int64_t id = 0;
    if (const auto text = request.arg("id"); !text.empty()) {
        const auto number = parse_int(text);
        if (!number || *number <= 0)
            co_return fail(Code::bad_value, "the id is a number, as `account gone` lists it");
        id = *number;
    }
    CO_TRY(const auto count, co_await office::recover_mails(*lent_.office, account.id, id));
    co_return Answer{
        fmt::format("{} has {} mail{} back.", account.address, count, count == 1 ? "" : "s"), {}, {}
    };
}

Task<Result<Answer>> Commands::imap_delete(const Request& request) {
    CO_CHECK_OK(has_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    const auto wanted = request.arg("meaning");
    if (wanted != "remove" && wanted != "mark")
        co_return fail(Code::bad_value, "the meaning is remove or mark");
    CO_CHECK_OK(co_await office::set_expunges_at_once(*lent_.office, account.id, wanted == "remove")
    );
    co_return Answer{
        fmt::format(
            "Deleting in {}'s Inbox by IMAP {}.", account.address,
            wanted == "remove" ? "removes at once" : "marks until it is expunged"
        ),
        {},
        {}
    };
}

Task<Result<Answer>> Commands::search_rebuild(const Request& request) {
    CO_CHECK_OK(has_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto due, co_await office::reindex(*lent_.office, account.id));
    co_return Answer{
        fmt::format(
            "{} item{} of {} will be read anew; searches go on meanwhile.", due,
            due == 1 ? "" : "s", account.address
        ),
        {},
        {}
    };
}

} // namespace lockstep::admin
