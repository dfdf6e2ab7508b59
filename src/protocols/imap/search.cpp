// SEARCH and UID SEARCH.
// Spec: RFC 9051 6.4.4, 7.3.4; RFC 4731 (ESEARCH), RFC 5182 (SEARCHRES), RFC 9394 (PARTIAL), RFC
// 7162 3.1.5. Quirk 14. Hardening I6: messages are looked at in batches, each key once.
#include "codec/imap/search_request.hpp"

#include <algorithm>

#include "base/limits_imap.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/search_match.hpp"

namespace lockstep::imap::commands {
namespace {

struct Found {
    std::vector<std::uint32_t> uids; ///< ascending
    std::int64_t modseq = 0;         ///< the highest of them
};

/// The rows that can match at all: without other work when only sets are asked for.
Task<Result<Found>> find_all(Session& session, const SearchRequest& request) {
    Found found;
    auto& view = *session.view();
    SearchMatcher matcher(request.program, view, session.office().clock.now_us());
    const auto& uids = view.uids();
    constexpr std::size_t kLook = 4 * limits::kImapBatch;
    for (std::size_t at = 0; at < uids.size();) {
        const auto end = std::min(uids.size(), at + kLook);
        const auto first = uids.begin() + static_cast<std::ptrdiff_t>(at);
        const auto last = uids.begin() + static_cast<std::ptrdiff_t>(end);
        CO_TRY(
            auto batch,
            co_await office::read_mails(
                session.office(), view.folder(), std::vector(first, last), matcher.wanted()
            )
        );
        at += batch.consumed;
        for (const auto& mail : batch.mails)
            if (matcher.matches(mail)) {
                found.uids.push_back(static_cast<std::uint32_t>(mail.item.uid.value));
                found.modseq = std::max(found.modseq, mail.item.modseq.value);
            }
    }
    co_return found;
}

/// Numbers or uids as the command tells them.
std::vector<std::uint32_t>
as_told(const View& view, const std::vector<std::uint32_t>& uids, bool by_uid) {
    if (by_uid)
        return uids;
    std::vector<std::uint32_t> numbers;
    for (const auto uid : uids)
        numbers.push_back(view.number_of(uid));
    return numbers;
}

std::string
partial_text(const SearchRequest::Return& wanted, const std::vector<std::uint32_t>& all) {
    const auto [low, high] = *wanted.partial;
    const std::string sign = wanted.partial_last ? "-" : "";
    std::string out =
        " PARTIAL (" + sign + std::to_string(low) + ":" + sign + std::to_string(high) + " ";
    std::vector<std::uint32_t> page;
    const auto count = all.size();
    for (std::size_t i = low; i <= high && i <= count; ++i)
        page.push_back(wanted.partial_last ? all[count - i] : all[i - 1]);
    std::ranges::sort(page);
    return out + (page.empty() ? "NIL" : format_sequence(page)) + ")";
}

std::string extended_answer(
    const Command& command, const SearchRequest& request, const std::vector<std::uint32_t>& all,
    std::int64_t modseq, bool by_uid
) {
    const auto& wanted = request.result;
    std::string out = "ESEARCH (TAG \"" + command.tag + "\")";
    if (by_uid)
        out += " UID";
    if (wanted.min && !all.empty())
        out += " MIN " + std::to_string(all.front());
    if (wanted.max && !all.empty())
        out += " MAX " + std::to_string(all.back());
    if (wanted.count)
        out += " COUNT " + std::to_string(all.size());
    if (wanted.all && !all.empty())
        out += " ALL " + format_sequence(all);
    if (wanted.partial)
        out += partial_text(wanted, all);
    if (request.asks_modseq() && !all.empty())
        out += " MODSEQ " + std::to_string(modseq);
    return out;
}

/// RFC 5182 2.1: what "$" means afterwards.
std::vector<std::uint32_t>
to_save(const SearchRequest::Return& wanted, const std::vector<std::uint32_t>& uids) {
    if (uids.empty() || wanted.all || wanted.count || (!wanted.min && !wanted.max))
        return uids;
    std::vector<std::uint32_t> saved;
    if (wanted.min)
        saved.push_back(uids.front());
    if (wanted.max && (saved.empty() || saved.back() != uids.back()))
        saved.push_back(uids.back());
    return saved;
}

Task<Result<>> search_by(Session& session, const Command& command, bool by_uid) {
    auto in = scan(session, command);
    auto parsed = parse_search(in);
    if (!parsed && parsed.error().code == Code::unsupported) {
        session.tagged(command.tag, "NO", "[BADCHARSET (US-ASCII UTF-8)] another charset, please");
        co_return Result<>();
    }
    CO_TRY(auto request, std::move(parsed));
    if (request.asks_modseq())
        session.enabled.condstore = true;
    // IMAP4rev2 knows the extended answer only.
    if (session.enabled.rev2 && !request.result.given)
        request.result.given = request.result.all = true;
    auto found = co_await find_all(session, request);
    if (!found && request.result.save)
        session.view()->save({});
    CO_CHECK_OK(found);
    const auto all = as_told(*session.view(), found->uids, by_uid);
    if (!request.result.given) {
        std::string line = "SEARCH";
        for (const auto number : all)
            line += " " + std::to_string(number);
        if (request.asks_modseq() && !all.empty())
            line += " (MODSEQ " + std::to_string(found->modseq) + ")";
        session.untagged(line);
    } else {
        const auto& wanted = request.result;
        if (wanted.save)
            session.view()->save(to_save(wanted, found->uids));
        if (!wanted.save || wanted.min || wanted.max || wanted.count || wanted.all)
            session.untagged(extended_answer(command, request, all, found->modseq, by_uid));
    }
    co_return co_await session.ok(command);
}

} // namespace

Task<Result<>> search(Session& session, const Command& command) {
    return search_by(session, command, false);
}

Task<Result<>> uid_search(Session& session, const Command& command) {
    return search_by(session, command, true);
}

} // namespace lockstep::imap::commands
