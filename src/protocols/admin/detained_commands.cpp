// [Detained], a person's list of senders, and who may write to a group.
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "office/challenge.hpp"
#include "office/detained.hpp"
#include "office/posting.hpp"
#include "protocols/admin/commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {
namespace {

constexpr std::size_t kShownMails = 5'000;
constexpr std::array<std::string_view, 4> kMarkNames = {"", "allowed", "blocked", "written-to"};

Result<office::Office*> lent_office(const Lent& lent) {
    if (lent.office == nullptr)
        return fail(Code::unsupported, "this is not offered here");
    return lent.office;
}

Result<office::SenderMark> mark_named(std::string_view name) {
    for (std::size_t i = 1; i < kMarkNames.size(); ++i)
        if (name == kMarkNames[i])
            return static_cast<office::SenderMark>(i);
    return fail(
        Code::bad_value, fmt::format("'{}' is none of: allowed, blocked, written-to", name)
    );
}

/// Lines "mark sender", as exported; a line of one word is an allowed sender.
Result<std::vector<office::SenderEntry>> read_senders(std::string_view text) {
    std::vector<office::SenderEntry> entries;
    for (const auto raw : split(text, '\n')) {
        const auto line = trim(raw);
        if (line.empty() || line.starts_with('#'))
            continue;
        const auto blank = line.find(' ');
        office::SenderEntry entry;
        entry.sender = trim(blank == std::string_view::npos ? line : line.substr(blank));
        if (blank != std::string_view::npos) {
            TRY(entry.mark, mark_named(line.substr(0, blank)));
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace

Task<Result<Answer>> Commands::detained_mode(const Request& request) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(auto settings, co_await office::detain_settings(*office, account.id));
    if (const auto mode = request.arg("mode"); !mode.empty()) {
        const auto named = office::detain_named(mode);
        if (!named)
            co_return fail(Code::bad_value, "the mode is one of: off, spam, strangers");
        settings.detain = *named;
        if (const auto days = request.arg("days"); !days.empty())
            settings.days = parse_int(days).value_or(0);
        CO_CHECK_OK(co_await office::set_detain_settings(*office, account.id, settings));
    }
    if (const auto wanted = request.arg("challenge"); !wanted.empty()) {
        if (wanted != "on" && wanted != "off")
            co_return fail(Code::bad_value, "--challenge is on or off");
        CO_CHECK_OK(co_await office::set_challenges(*office, account.id, wanted == "on"));
    }
    CO_TRY(const bool told, co_await office::challenges(*office, account.id));
    co_return Answer{
        "",
        {"address", "mode", "days", "challenge"},
        {{account.address, std::string(office::name_of(settings.detain)), settings.days,
          told ? "on" : "off"}}
    };
}

Task<Result<Answer>> Commands::detained_list(const Request& request) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto mails, co_await office::list_detained(*office, account.id, kShownMails));
    Answer answer{"", {"mail", "from", "subject", "received"}, {}};
    for (const auto& mail : mails)
        answer.rows.push_back(
            {mail.item.value, mail.from, mail.subject, time_text(mail.received_us)}
        );
    co_return answer;
}

Task<Result<Answer>> Commands::release_mail(const Request& request, int release) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    const auto id = parse_int(request.arg("mail"));
    if (!id)
        co_return fail(Code::bad_value, "the mail's number is missing");
    const auto how = static_cast<office::Release>(release);
    CO_CHECK_OK(co_await office::release_detained(*office, account.id, model::ItemId{*id}, how));
    co_return Answer{"Done.", {}, {}};
}

Task<Result<Answer>> Commands::detained_allow(const Request& request) {
    const bool domain = request.arg("domain") == "true";
    const auto how = domain ? office::Release::allow_domain : office::Release::allow;
    auto answer = co_await release_mail(request, static_cast<int>(how));
    co_return answer;
}

Task<Result<Answer>> Commands::detained_block(const Request& request) {
    auto answer = co_await release_mail(request, static_cast<int>(office::Release::block));
    co_return answer;
}

Task<Result<Answer>> Commands::detained_delete(const Request& request) {
    auto answer = co_await release_mail(request, static_cast<int>(office::Release::remove));
    co_return answer;
}

Task<Result<Answer>> Commands::sender_list(const Request& request) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto senders, co_await office::list_senders(*office, account.id));
    Answer answer{"", {"sender", "mark"}, {}};
    for (const auto& each : senders)
        answer.rows.push_back(
            {each.sender, std::string(kMarkNames[static_cast<std::size_t>(each.mark)])}
        );
    co_return answer;
}

Task<Result<Answer>> Commands::sender_add(const Request& request) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    const bool block = request.arg("block") == "true";
    const office::SenderEntry entry{
        std::string(request.arg("sender")),
        block ? office::SenderMark::blocked : office::SenderMark::allowed
    };
    CO_CHECK_OK(co_await office::put_senders(*office, account.id, {entry}));
    co_return Answer{
        fmt::format("{} is {} now.", entry.sender, block ? "blocked" : "allowed"), {}, {}
    };
}

Task<Result<Answer>> Commands::sender_remove(const Request& request) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    std::string sender(request.arg("sender"));
    CO_CHECK_OK(co_await office::remove_sender(*office, account.id, std::move(sender)));
    co_return Answer{fmt::format("{} is off the list.", request.arg("sender")), {}, {}};
}

Task<Result<Answer>> Commands::sender_import(const Request& request) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(auto entries, read_senders(replace_all(request.arg("entries"), ",", "\n")));
    const auto count = entries.size();
    CO_CHECK_OK(co_await office::put_senders(*office, account.id, std::move(entries)));
    co_return Answer{fmt::format("{} senders are on the list now.", count), {}, {}};
}

Task<Result<Answer>> Commands::sender_export(const Request& request) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto account, co_await account_of(request, "address", false));
    CO_TRY(const auto senders, co_await office::list_senders(*office, account.id));
    Answer answer;
    for (const auto& each : senders)
        answer.text += fmt::format(
            "{}{} {}", answer.text.empty() ? "" : "\n",
            kMarkNames[static_cast<std::size_t>(each.mark)], each.sender
        );
    co_return answer;
}

Task<Result<Answer>> Commands::group_posting(const Request& request) {
    CO_TRY(auto* const office, lent_office(lent_));
    CO_TRY(const auto group, co_await account_of(request, "group", true));
    const auto right = office::posting_right_named(request.arg("who"));
    if (!right)
        co_return fail(Code::bad_value, "who may write is one of: anyone, members, office");
    CO_CHECK_OK(co_await office::set_posting_right(*office, group.id, *right));
    co_return Answer{
        fmt::format("{} takes mail of: {}.", group.address, request.arg("who")), {}, {}
    };
}

} // namespace lockstep::admin
