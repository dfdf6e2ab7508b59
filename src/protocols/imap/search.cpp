// SEARCH and UID SEARCH.
// Spec: RFC 9051 6.4.4, 7.3.4; RFC 4731 (ESEARCH), RFC 5182 (SEARCHRES), RFC 5267 (UPDATE), RFC
// 9394 (PARTIAL), RFC 7162 3.1.5. Quirk 14. What matches is the office's to say: exactly.
#include "codec/imap/search_request.hpp"

#include "base/limits_imap.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/search_program.hpp"

namespace lockstep::imap::commands {
namespace {

/// Keeps the result up to date from now on, or says why not.
void keep(
    Session& session, const Command& command, office::Condition condition, const Found& found
) {
    auto& contexts = session.view()->contexts();
    if (contexts.size() >= limits::kImapContexts) {
        session.untagged("NO [NOUPDATE \"" + command.tag + "\"] too many results are kept already");
        return;
    }
    contexts.push_back({command.tag, found.by_uid, std::move(condition), found.uids});
}

Task<Result<>> search_by(Session& session, const Command& command, bool by_uid) {
    auto in = scan(session, command);
    auto parsed = parse_search(in);
    if (!parsed && refuse_search(session, command, parsed.error()))
        co_return Result<>();
    CO_TRY(auto request, std::move(parsed));
    const bool modseq = request.asks_modseq();
    if (modseq)
        session.enabled.condstore = true;
    auto& wanted = request.result;
    // IMAP4rev2 knows the extended answer only.
    if (session.enabled.rev2 && !wanted.given)
        wanted.given = wanted.all = true;
    const auto& folder = session.view()->folder();
    CO_TRY(
        auto condition, to_condition(
                            std::move(request.program), session.view(), folder.collection.owner,
                            session.office().clock.now_us()
                        )
    );
    auto hits = co_await office::sort_folder(
        session.office(), folder, condition, {{.by = office::SortKey::By::uid}}
    );
    if (!hits && wanted.save)
        session.view()->save({});
    CO_CHECK_OK(hits);
    const auto found = to_found(*hits, session.view(), by_uid);
    if (wanted.save)
        session.view()->save(to_save(wanted, found));
    if (!wanted.given)
        session.untagged(plain_answer("SEARCH", found, modseq));
    else if (wanted.min || wanted.max || wanted.count || wanted.all || wanted.partial)
        session.untagged(extended_answer(command.tag, wanted, found, modseq));
    if (wanted.update)
        keep(session, command, std::move(condition), found);
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
