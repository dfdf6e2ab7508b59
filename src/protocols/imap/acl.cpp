// SETACL, DELETEACL, GETACL, LISTRIGHTS and MYRIGHTS.
// Spec: RFC 4314. Identifiers are addresses of accounts and groups; rights that nobody can give
// (negative ones, "anyone") are refused. What may be shared is decided in office/rights.hpp.
#include <map>
#include <optional>

#include "base/text.hpp"
#include "codec/imap/writer.hpp"
#include "office/mailboxes.hpp"
#include "office/rights.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/rights.hpp"

namespace lockstep::imap::commands {
namespace {

using model::Right;

struct Target {
    std::string mailbox;
    std::string who;
    std::string rights; ///< of SETACL
    std::optional<office::Folder> folder;
    std::optional<directory::Account> account;
};

/// The mailbox and the account that a command names.
Task<Result<Target>> parse_target(Session& session, const Command& command, bool with_rights) {
    auto in = scan(session, command);
    Target target;
    CO_TRY(target.mailbox, in.mailbox());
    CO_CHECK_OK(in.space());
    CO_TRY(target.who, in.astring());
    if (with_rights) {
        CO_CHECK_OK(in.space());
        CO_TRY(target.rights, in.astring());
    }
    CO_CHECK_OK(in.end());
    CO_TRY(
        target.folder, co_await office::open_mailbox(
                           session.office(), session.actor(), target.mailbox, Right::read
                       )
    );
    auto found = co_await session.office().directory.find(lower(target.who));
    if (found)
        target.account = std::move(*found);
    else if (found.error().code != Code::not_found && found.error().code != Code::bad_value)
        co_return std::unexpected(found.error());
    co_return target;
}

/// What was given on this folder to somebody.
Task<Result<Right>> given(Session& session, const Target& target) {
    const auto& folder = target.folder->collection;
    CO_TRY(
        const auto grants,
        co_await office::list_grants(session.office(), session.actor(), folder.owner, folder.id)
    );
    for (const auto& each : grants)
        if (each.grantee.id == target.account->id)
            co_return each.right;
    co_return Right::none;
}

Task<Result<>> set_right(Session& session, const Target& target, Right right) {
    const auto& folder = target.folder->collection;
    if (!target.account)
        co_return fail(Code::bad_value, "nobody has this address");
    if (target.account->id == folder.owner)
        co_return fail(Code::bad_value, "an owner's rights are its own");
    if (right == Right::none)
        co_return co_await office::revoke(
            session.office(), session.actor(), folder.owner, folder.id, target.account->id
        );
    co_return co_await office::grant(
        session.office(), session.actor(), folder.owner, folder.id, target.account->id, right
    );
}

} // namespace

Task<Result<>> set_acl(Session& session, const Command& command) {
    CO_TRY(const auto target, co_await parse_target(session, command, true));
    CO_CHECK_OK(changed_right(Right::none, target.rights));
    auto before = Right::none;
    if (target.account) {
        CO_TRY(before, co_await given(session, target));
    }
    CO_TRY(const auto right, changed_right(before, target.rights));
    const auto done = co_await set_right(session, target, right);
    CO_CHECK_OK(done);
    co_return co_await session.ok(command);
}

Task<Result<>> delete_acl(Session& session, const Command& command) {
    CO_TRY(const auto target, co_await parse_target(session, command, false));
    const auto done = co_await set_right(session, target, Right::none);
    CO_CHECK_OK(done);
    co_return co_await session.ok(command);
}

Task<Result<>> get_acl(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto name, in.mailbox());
    CO_CHECK_OK(in.end());
    CO_TRY(
        const auto folder,
        co_await office::open_mailbox(session.office(), session.actor(), name, Right::read)
    );
    const auto& collection = folder.collection;
    std::map<std::string, Right> all;
    CO_TRY(const auto owner, co_await session.office().directory.find(collection.owner));
    all[owner.address] = Right::delegate;
    for (const auto place : {collection.id, model::CollectionId()}) {
        CO_TRY(
            const auto grants,
            co_await office::list_grants(session.office(), session.actor(), collection.owner, place)
        );
        for (const auto& each : grants)
            if (auto& right = all[each.grantee.address]; each.right > right)
                right = each.right;
    }
    std::string line = "ACL ";
    put_mailbox(line, name, session.utf8());
    for (const auto& [who, right] : all) {
        if (right < Right::read)
            continue;
        line += ' ';
        put_string(line, who, session.utf8());
        line += " " + letters_of(right);
    }
    session.untagged(line);
    co_return co_await session.ok(command);
}

Task<Result<>> list_rights(Session& session, const Command& command) {
    CO_TRY(const auto target, co_await parse_target(session, command, false));
    const auto& folder = target.folder->collection;
    // Only those who may share learn what could be shared.
    CO_TRY(
        const auto mine,
        co_await office::effective_right(session.office(), session.actor(), folder.owner, folder.id)
    );
    if (mine < Right::own)
        co_return fail(Code::forbidden, "only who may share a folder may ask");
    std::string line = "LISTRIGHTS ";
    put_mailbox(line, target.mailbox, session.utf8());
    line += ' ';
    put_string(line, target.who, session.utf8());
    const bool owner = target.account && target.account->id == folder.owner;
    session.untagged(
        line + (owner ? " " + letters_of(Right::delegate) : std::string(" \"\" lr i swte kxa p"))
    );
    co_return co_await session.ok(command);
}

Task<Result<>> my_rights(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto name, in.mailbox());
    CO_CHECK_OK(in.end());
    CO_TRY(
        const auto folder,
        co_await office::open_mailbox(session.office(), session.actor(), name, Right::read)
    );
    std::string line = "MYRIGHTS ";
    put_mailbox(line, name, session.utf8());
    session.untagged(line + " " + letters_of(folder.own ? Right::delegate : folder.right));
    co_return co_await session.ok(command);
}

} // namespace lockstep::imap::commands
