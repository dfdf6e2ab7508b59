// GETQUOTA and GETQUOTAROOT.
// Spec: RFC 9208. One root, "", for each account; STORAGE in units of 1,024 bytes.
#include "codec/imap/writer.hpp"
#include "office/mailboxes.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap::commands {
namespace {

Task<Result<>> tell_quota(Session& session, const office::Folder& folder, std::string_view root) {
    CO_TRY(const auto usage, co_await office::usage(session.office(), folder));
    std::string line = "QUOTA ";
    put_string(line, root);
    line += " (";
    if (usage.quota > 0)
        line += "STORAGE " + std::to_string((usage.used + 1'023) / 1'024) + " " +
                std::to_string(usage.quota / 1'024);
    session.untagged(line + ")");
    co_return Result<>();
}

} // namespace

Task<Result<>> get_quota(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto root, in.astring());
    CO_CHECK_OK(in.end());
    if (!root.empty())
        co_return fail(Code::not_found, "no such quota root");
    auto folder = co_await office::open_mailbox(
        session.office(), session.actor(), "INBOX", model::Right::read
    );
    CO_CHECK_OK(folder);
    const auto told = co_await tell_quota(session, *folder, root);
    CO_CHECK_OK(told);
    co_return co_await session.ok(command);
}

Task<Result<>> get_quota_root(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto name, in.mailbox());
    CO_CHECK_OK(in.end());
    auto folder =
        co_await office::open_mailbox(session.office(), session.actor(), name, model::Right::read);
    CO_CHECK_OK(folder);
    std::string line = "QUOTAROOT ";
    put_mailbox(line, name, session.utf8());
    // What others store is their affair.
    session.untagged(line + (folder->own ? " \"\"" : ""));
    if (folder->own) {
        const auto told = co_await tell_quota(session, *folder, "");
        CO_CHECK_OK(told);
    }
    co_return co_await session.ok(command);
}

} // namespace lockstep::imap::commands
