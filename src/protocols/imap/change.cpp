// STORE, EXPUNGE, COPY and MOVE, with and without UID.
// Spec: RFC 9051 6.4.3, 6.4.6-6.4.9; RFC 7162 3.1.3 (UNCHANGEDSINCE, MODIFIED). Quirks 3, 7, 19,
// 20,
// 21. What a deletion means: office/mail_actions.hpp.
#include "base/text.hpp"
#include "codec/imap/list_request.hpp"
#include "office/mailboxes.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap::commands {
namespace {

Result<> check_writable(const View& view) {
    if (view.read_only())
        return fail(Code::forbidden, "the mailbox is open for reading only");
    return {};
}

/// Removals by this very command are told where they may be.
Task<Result<>> store_by(Session& session, const Command& command, bool by_uid) {
    auto in = scan(session, command);
    CO_TRY(const auto request, parse_store(in));
    auto& view = *session.view();
    CO_CHECK_OK(check_writable(view));
    office::MarkChange change;
    CO_TRY(change.uids, view.find(request.set, by_uid));
    CO_CHECK_OK(office_marks(request.flags, change.keywords, change.deleted));
    change.mode = request.mode == StoreRequest::Mode::add      ? office::MarkMode::add
                  : request.mode == StoreRequest::Mode::remove ? office::MarkMode::remove
                                                               : office::MarkMode::replace;
    change.unchanged_since = request.unchanged_since;
    if (request.unchanged_since)
        session.enabled.condstore = true;
    const bool silent = request.silent;
    CO_TRY(
        const auto result, co_await office::mark_mails(
                               session.office(), session.actor(), view.folder(), std::move(change)
                           )
    );
    session.expect_changes();
    for (const auto& item : result.items) {
        if (!silent || session.enabled.condstore)
            session.tell_flags(item, !silent);
        else
            view.told(static_cast<std::uint32_t>(item.uid.value), item.modseq);
        const auto flushed = co_await session.flush_much();
        CO_CHECK_OK(flushed);
    }
    if (result.modified.empty())
        co_return co_await session.ok(command);
    std::vector<std::uint32_t> modified;
    for (const auto uid : result.modified)
        modified.push_back(by_uid ? uid : view.number_of(uid));
    co_return co_await session.ok(command, "[MODIFIED " + format_sequence(modified) + "]");
}

Task<Result<>>
expunge_these(Session& session, const Command& command, std::vector<std::uint32_t> uids) {
    auto& view = *session.view();
    CO_CHECK_OK(check_writable(view));
    const auto removed = co_await office::expunge_mails(
        session.office(), session.actor(), view.folder(), std::move(uids),
        session.sessions().recent()
    );
    CO_CHECK_OK(removed);
    session.expect_changes();
    co_return co_await session.ok(command);
}

struct Places {
    std::vector<std::uint32_t> uids;
    std::optional<office::Folder> to;
};

/// The arguments of COPY and MOVE. `to` is missing after "NO [TRYCREATE]" was said.
Task<Result<Places>> parse_places(Session& session, const Command& command, bool by_uid) {
    auto in = scan(session, command);
    CO_TRY(const auto set, in.sequence_set());
    CO_CHECK_OK(in.space());
    CO_TRY(auto name, in.mailbox());
    CO_CHECK_OK(in.end());
    Places places;
    CO_TRY(places.uids, session.view()->find(set, by_uid));
    auto folder = co_await office::open_mailbox(
        session.office(), session.actor(), std::move(name), model::Right::read
    );
    if (folder)
        places.to = std::move(*folder);
    else if (folder.error().code != Code::not_found)
        co_return std::unexpected(folder.error());
    else
        session.tagged(command.tag, "NO", "[TRYCREATE] no such mailbox");
    co_return places;
}

std::string copy_code(const office::Folder& to, const office::Copied& copied) {
    if (copied.to.empty())
        return {};
    return "[COPYUID " + std::to_string(to.collection.uidvalidity) + " " +
           format_sequence(copied.from) + " " + format_sequence(copied.to) + "]";
}

Task<Result<>> copy_by(Session& session, const Command& command, bool by_uid) {
    CO_TRY(auto places, co_await parse_places(session, command, by_uid));
    if (!places.to)
        co_return Result<>();
    CO_TRY(
        const auto copied, co_await office::copy_mails(
                               session.office(), session.actor(), session.view()->folder(),
                               std::move(places.uids), *places.to, session.sessions().recent()
                           )
    );
    session.expect_changes();
    co_return co_await session.ok(command, copy_code(*places.to, copied));
}

Task<Result<>> move_by(Session& session, const Command& command, bool by_uid) {
    CO_CHECK_OK(check_writable(*session.view()));
    CO_TRY(auto places, co_await parse_places(session, command, by_uid));
    if (!places.to)
        co_return Result<>();
    CO_TRY(
        const auto moved, co_await office::move_mails(
                              session.office(), session.actor(), session.view()->folder(),
                              std::move(places.uids), *places.to
                          )
    );
    session.expect_changes();
    // The code stands before the removals, so that a client knows where they went (RFC 6851 4.3).
    if (const auto code = copy_code(*places.to, moved); !code.empty())
        session.untagged("OK " + code + " moved");
    co_return co_await session.ok(command);
}

} // namespace

Task<Result<>> store(Session& session, const Command& command) {
    return store_by(session, command, false);
}

Task<Result<>> uid_store(Session& session, const Command& command) {
    return store_by(session, command, true);
}

Task<Result<>> expunge(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    co_return co_await expunge_these(session, command, session.view()->uids());
}

Task<Result<>> uid_expunge(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto set, in.sequence_set());
    CO_CHECK_OK(in.end());
    CO_TRY(auto uids, session.view()->find(set, true));
    co_return co_await expunge_these(session, command, std::move(uids));
}

Task<Result<>> copy(Session& session, const Command& command) {
    return copy_by(session, command, false);
}

Task<Result<>> uid_copy(Session& session, const Command& command) {
    return copy_by(session, command, true);
}

Task<Result<>> move(Session& session, const Command& command) {
    return move_by(session, command, false);
}

Task<Result<>> uid_move(Session& session, const Command& command) {
    return move_by(session, command, true);
}

} // namespace lockstep::imap::commands
