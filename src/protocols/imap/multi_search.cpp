// ESEARCH: one search in several mailboxes.
// Spec: RFC 7377. Invariants: answers hold uids only; a mailbox without matches says nothing.
#include <algorithm>

#include "codec/imap/writer.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/mailbox_choice.hpp"
#include "protocols/imap/search_program.hpp"

namespace lockstep::imap::commands {
namespace {

using office::Mailbox;

/// Whether the session's selected mailbox is meant, which it is when nothing is named.
bool means_selected(const MultiSearchRequest& request) {
    return request.sources.empty() ||
           std::ranges::any_of(request.sources, [](const MailboxFilter& filter) {
               return filter.kind <= MailboxFilter::Kind::selected_delayed;
           });
}

bool is_source(
    Session& session, const MultiSearchRequest& request, const office::MailboxList& list,
    const Mailbox& mailbox
) {
    const auto* const view = session.view();
    if (view != nullptr && means_selected(request) &&
        view->folder().collection.id == mailbox.collection.id &&
        view->folder().collection.owner == mailbox.owner)
        return true;
    return std::ranges::any_of(request.sources, [&](const MailboxFilter& filter) {
        return chooses(filter, list, mailbox);
    });
}

Task<Result<>> search_one(
    Session& session, const Command& command, const MultiSearchRequest& request,
    const Mailbox& mailbox
) {
    auto folder = co_await office::open_folder(
        session.office(), session.actor(), mailbox.owner, mailbox.collection.id, model::Right::read
    );
    // Removed a moment ago: nothing matches in it.
    if (!folder)
        co_return Result<>();
    CO_TRY(
        auto condition,
        to_condition(
            request.search.program, nullptr, mailbox.owner, session.office().clock.now_us()
        )
    );
    CO_TRY(
        const auto hits,
        co_await office::sort_folder(
            session.office(), *folder, std::move(condition), {{.by = office::SortKey::By::uid}}
        )
    );
    if (hits.empty())
        co_return Result<>();
    std::string place = " MAILBOX ";
    put_mailbox(place, mailbox.path, session.utf8());
    place += " UIDVALIDITY " + std::to_string(folder->collection.uidvalidity);
    session.untagged(extended_answer(
        command.tag, request.search.result, to_found(hits, nullptr, true),
        request.search.asks_modseq(), place
    ));
    co_return co_await session.flush_much();
}

} // namespace

Task<Result<>> multi_search(Session& session, const Command& command) {
    auto in = scan(session, command);
    auto parsed = parse_multi_search(in);
    if (!parsed && refuse_search(session, command, parsed.error()))
        co_return Result<>();
    CO_TRY(auto request, std::move(parsed));
    auto& wanted = request.search.result;
    // A saved result belongs to one mailbox, and so does one that is kept up to date.
    if (wanted.save || wanted.update)
        co_return fail(Code::bad_syntax, "an option of RETURN that is for one mailbox");
    if (!wanted.given)
        wanted.given = wanted.all = true;
    if (session.view() == nullptr && request.sources.empty())
        co_return fail(Code::bad_syntax, "no mailbox is selected, and none is named");
    CO_CHECK_OK(to_condition(
        request.search.program, nullptr, session.actor().account.id, session.office().clock.now_us()
    ));
    if (request.search.asks_modseq())
        session.enabled.condstore = true;
    CO_TRY(const auto list, co_await office::mailboxes(session.office(), session.actor()));
    for (const auto& mailbox : list.all) {
        if (!is_source(session, request, list, mailbox))
            continue;
        const auto told = co_await search_one(session, command, request, mailbox);
        CO_CHECK_OK(told);
    }
    co_return co_await session.ok(command);
}

} // namespace lockstep::imap::commands
