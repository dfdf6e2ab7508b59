// MAIL, RCPT and RSET: the envelope.
// Spec: RFC 5321 4.1.1.2, 4.1.1.3, 4.5.1 (postmaster), 4.5.3.1.8 (number of recipients); RFC 1870
// 6; RFC 6531 3.5. Hardening S6, S7, S8. Errors: unsupported (a parameter that was not offered),
// too_large, not_found, forbidden, over_quota.
#include "base/limits.hpp"
#include "protocols/smtp/commands.hpp"

namespace lockstep::smtp {
namespace {

/// Whose mailbox a forward-path is. Domains first: an address elsewhere is none of ours, however it
/// is spelled (S8).
Task<Result<model::AccountId>>
find_recipient(Session& session, const Path& path, std::uint64_t bytes) {
    auto& office = session.office();
    if (!path.domain.empty()) {
        CO_TRY(const bool local, co_await office.directory.is_local_domain(path.domain));
        if (!local)
            co_return fail(Code::forbidden, "not a domain of ours: " + path.text());
        auto found = co_await office::find_mailbox(office, path.local + "@" + path.domain, bytes);
        co_return found;
    }
    CO_TRY(const auto domains, co_await office.directory.domains());
    for (const auto& domain : domains) {
        auto found = co_await office::find_mailbox(office, path.local + "@" + domain.name, bytes);
        if (found || found.error().code != Code::not_found)
            co_return found;
    }
    co_return fail(Code::not_found, "no postmaster");
}

bool has_unoffered(const MailParameters& mail) {
    return mail.body == BodyKind::binary_mime || mail.require_tls || mail.auth.has_value() ||
           mail.ret != DsnReturn::unspecified || !mail.envid.empty();
}

} // namespace

Task<Result<>> mail(Session& session, const Command& command) {
    if (has_unoffered(command.mail))
        co_return fail(Code::unsupported, "a parameter of MAIL that is not offered");
    if (needs_smtputf8(command.path) && !command.mail.smtputf8) {
        session.refuse(
            {550, "5.6.7", "an address that needs SMTPUTF8"},
            {Code::bad_value, "a UTF-8 sender without SMTPUTF8"}
        );
        co_return Result<>();
    }
    if (command.mail.size.value_or(0) > session.options().max_size)
        co_return fail(Code::too_large, "the announced size is over the limit");
    session.transaction() = Transaction();
    session.transaction().from = command.path;
    session.transaction().mail = command.mail;
    session.set_phase(Phase::mail);
    session.say(250, "2.1.0", "sender ok");
    co_return Result<>();
}

Task<Result<>> rcpt(Session& session, const Command& command) {
    auto& transaction = session.transaction();
    if (command.rcpt.notify.given || !command.rcpt.orcpt_type.empty())
        co_return fail(Code::unsupported, "a parameter of RCPT that is not offered");
    if (needs_smtputf8(command.path) && !transaction.mail.smtputf8) {
        session.refuse(
            {553, "5.6.7", "an address that needs SMTPUTF8"},
            {Code::bad_value, "a UTF-8 recipient without SMTPUTF8"}
        );
        co_return Result<>();
    }
    if (transaction.recipients.size() >= limits::kSmtpRecipients) {
        session.refuse(
            {452, "4.5.3", "too many recipients"}, {Code::too_large, "too many recipients"}
        );
        co_return Result<>();
    }
    CO_TRY(
        const auto account,
        co_await find_recipient(session, command.path, transaction.mail.size.value_or(0))
    );
    transaction.recipients.push_back(account);
    session.set_phase(Phase::rcpt);
    session.say(250, "2.1.5", "recipient ok");
    co_return Result<>();
}

Task<Result<>> rset(Session& session, const Command&) {
    session.reset();
    session.say(250, "2.0.0", "ok");
    co_return Result<>();
}

} // namespace lockstep::smtp
