// MAIL, RCPT and RSET: the envelope.
// Spec: RFC 5321 4.1.1.2, 4.1.1.3, 4.5.1 (postmaster), 4.5.3.1.8 (number of recipients); RFC 1870
// 6; RFC 6531 3.5. Hardening S6, S7, S8. Errors: unsupported (a parameter that was not offered),
// too_large, not_found, forbidden, over_quota.
#include "base/limits_mail.hpp"
#include "office/submission.hpp"
#include "protocols/smtp/commands.hpp"

namespace lockstep::smtp {
namespace {

/// Whose mailbox a forward-path is. Domains first: an address elsewhere is none of ours, however it
/// is spelled (S8).
Task<Result<std::vector<model::AccountId>>>
find_recipient(Session& session, const Path& path, std::uint64_t bytes) {
    auto& office = session.office();
    const auto sender = session.transaction().from.text();
    if (!path.domain.empty()) {
        CO_TRY(const bool local, co_await office.directory.is_local_domain(path.domain));
        if (!local)
            co_return fail(Code::forbidden, "not a domain of ours: " + path.text());
        auto found =
            co_await office::find_mailboxes(office, path.local + "@" + path.domain, sender, bytes);
        co_return found;
    }
    CO_TRY(const auto domains, co_await office.directory.domains());
    for (const auto& domain : domains) {
        auto found =
            co_await office::find_mailboxes(office, path.local + "@" + domain.name, sender, bytes);
        if (found || found.error().code != Code::not_found)
            co_return found;
    }
    co_return fail(Code::not_found, "no postmaster");
}

bool has_unoffered(const MailParameters& mail, bool submission) {
    if (mail.body == BodyKind::binary_mime || mail.require_tls)
        return true;
    if (submission)
        return false;
    return mail.auth.has_value() || mail.ret != DsnReturn::unspecified || !mail.envid.empty() ||
           mail.hold_for || mail.hold_until;
}

/// Who sends: somebody who signed in, in a name of their own (S8). Says why not.
Task<Result<bool>> may_send(Session& session, const Command& command) {
    if (!session.options().submission)
        co_return true;
    if (session.signed_in() == nullptr) {
        session.refuse(
            {530, "5.7.0", "sign in first"}, {Code::unauthorized, "a submission without sign-in"}
        );
        co_return false;
    }
    const office::Actor actor{*session.signed_in(), {}};
    bool own = false;
    if (!command.path.null()) {
        CO_TRY(own, co_await office::may_send_as(session.office(), actor, command.path.text()));
    }
    if (!own)
        session.refuse(
            {553, "5.7.1", "not an address of yours"},
            {Code::forbidden, command.path.text() + " is not the sender's"}
        );
    co_return own;
}

/// The time before which the message may not go (RFC 4865). Says why it cannot be.
bool take_hold(Session& session, const MailParameters& mail) {
    const auto now = session.office().clock.now_us() / 1'000'000;
    const auto until = mail.hold_until ? *mail.hold_until : now + mail.hold_for.value_or(0);
    if (until - now > std::chrono::seconds(limits::kSmtpSubmitHold).count()) {
        session.refuse(
            {554, "5.7.8", "that is too far in the future"},
            {Code::bad_value, "a message to be held too long"}
        );
        return false;
    }
    session.transaction().not_before_us = until > now ? until * 1'000'000 : 0;
    return true;
}

/// A recipient of a submission: those here must exist, the others are the queue's business.
Task<Result<>> check_submitted(Session& session, const Path& path) {
    auto& office = session.office();
    if (path.domain.empty() || path.domain.starts_with('['))
        co_return fail(Code::forbidden, "a recipient without a domain");
    CO_TRY(const bool local, co_await office.directory.is_local_domain(path.domain));
    if (!local)
        co_return Result<>();
    const auto& transaction = session.transaction();
    const auto found = co_await office::find_mailboxes(
        office, path.local + "@" + path.domain, transaction.from.text(),
        transaction.mail.size.value_or(0)
    );
    if (!found)
        co_return std::unexpected(found.error());
    co_return Result<>();
}

} // namespace

Task<Result<>> mail(Session& session, const Command& command) {
    CO_TRY(const bool allowed, co_await may_send(session, command));
    if (!allowed)
        co_return Result<>();
    if (has_unoffered(command.mail, session.options().submission))
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
    if (!take_hold(session, command.mail))
        co_return Result<>();
    session.set_phase(Phase::mail);
    session.say(250, "2.1.0", "sender ok");
    co_return Result<>();
}

Task<Result<>> rcpt(Session& session, const Command& command) {
    auto& transaction = session.transaction();
    const bool submission = session.options().submission;
    if (!submission && (command.rcpt.notify.given || !command.rcpt.orcpt_type.empty()))
        co_return fail(Code::unsupported, "a parameter of RCPT that is not offered");
    if (needs_smtputf8(command.path) && !transaction.mail.smtputf8) {
        session.refuse(
            {553, "5.6.7", "an address that needs SMTPUTF8"},
            {Code::bad_value, "a UTF-8 recipient without SMTPUTF8"}
        );
        co_return Result<>();
    }
    if (transaction.rcpts >= limits::kSmtpRecipients) {
        session.refuse(
            {452, "4.5.3", "too many recipients"}, {Code::too_large, "too many recipients"}
        );
        co_return Result<>();
    }
    if (submission) {
        const auto checked = co_await check_submitted(session, command.path);
        CO_CHECK_OK(checked);
        transaction.submitted.push_back({command.path, command.rcpt});
    } else {
        CO_TRY(
            const auto boxes,
            co_await find_recipient(session, command.path, transaction.mail.size.value_or(0))
        );
        transaction.recipients.insert(transaction.recipients.end(), boxes.begin(), boxes.end());
    }
    ++transaction.rcpts;
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
