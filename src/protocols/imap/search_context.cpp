// Keeps results up to date.
#include "protocols/imap/search_context.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/search_program.hpp"

namespace lockstep::imap {
namespace {

std::vector<std::uint32_t>
without(const std::vector<std::uint32_t>& all, const std::vector<std::uint32_t>& those) {
    std::vector<std::uint32_t> left;
    std::ranges::set_difference(all, those, std::back_inserter(left));
    return left;
}

void tell_one(
    Session& session, const SearchContext& context, std::string_view word,
    const std::vector<std::uint32_t>& uids
) {
    if (uids.empty())
        return;
    std::vector<std::uint32_t> told;
    for (const auto uid : uids)
        told.push_back(context.by_uid ? uid : session.view()->number_of(uid));
    session.untagged(
        "ESEARCH (TAG \"" + context.tag + "\")" + (context.by_uid ? " UID " : " ") +
        std::string(word) + " (0 " + format_sequence(told) + ")"
    );
}

} // namespace

Task<Result<>> tell_contexts(Session& session, std::vector<std::uint32_t> touched) {
    auto& contexts = session.view()->contexts();
    if (contexts.empty() || touched.empty())
        co_return Result<>();
    std::ranges::sort(touched);
    auto among = office::Condition::of(office::Condition::Kind::uids);
    for (const auto uid : touched)
        among.ranges.emplace_back(uid, uid);
    for (std::size_t i = 0; i < contexts.size(); ++i) {
        CO_TRY(
            const auto hits, co_await office::sort_folder(
                                 session.office(), session.view()->folder(),
                                 office::Condition::all_of({among, contexts[i].condition}),
                                 {{.by = office::SortKey::By::uid}}
                             )
        );
        auto& context = contexts[i];
        const auto found = to_found(hits, session.view(), true).uids;
        const auto joined = without(found, context.members);
        std::vector<std::uint32_t> held;
        std::ranges::set_intersection(context.members, touched, std::back_inserter(held));
        const auto left = without(held, found);
        tell_one(session, context, "REMOVEFROM", left);
        tell_one(session, context, "ADDTO", joined);
        context.members = without(context.members, left);
        std::vector<std::uint32_t> all;
        std::ranges::merge(context.members, joined, std::back_inserter(all));
        context.members = std::move(all);
    }
    co_return Result<>();
}

void tell_contexts_gone(Session& session, const std::vector<std::uint32_t>& gone) {
    for (auto& context : session.view()->contexts()) {
        std::vector<std::uint32_t> left;
        std::ranges::set_intersection(context.members, gone, std::back_inserter(left));
        tell_one(session, context, "REMOVEFROM", left);
        context.members = without(context.members, left);
    }
}

namespace commands {

Task<Result<>> cancel_update(Session& session, const Command& command) {
    auto in = scan(session, command);
    std::vector<std::string> tags;
    do {
        CO_TRY(auto tag, in.string());
        tags.push_back(std::move(tag));
    } while (in.skip(' '));
    CO_CHECK_OK(in.end());
    if (session.view() != nullptr)
        std::erase_if(session.view()->contexts(), [&](const SearchContext& each) {
            return std::ranges::find(tags, each.tag) != tags.end();
        });
    co_return co_await session.ok(command);
}

} // namespace commands
} // namespace lockstep::imap
