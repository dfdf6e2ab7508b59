// Checks, completes and commits a message of one of our own.
#include "office/submission.hpp"

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/smtp/command.hpp"
#include "office/delivery.hpp"
#include "office/delivery_recipients.hpp"
#include "office/mail.hpp"
#include "office/scheduling_queue.hpp"
#include "office/submission_header.hpp"
#include "store/collections.hpp"
#include "store/devices.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using store::Snapshot;
using store::Txn;

/// What is known of a message before it is written.
struct Checked {
    SentHeader header;
    std::vector<AccountId> recipients;
    bool add_from = false;
    bool drop_sender = false;
};

Task<Result<>> check_not_sent(Office& office, const Actor& actor, const std::string& client_id) {
    if (client_id.empty())
        co_return Result<>();
    std::function<Result<bool>(Snapshot&)> work = [account = actor.account.id,
                                                   author = actor.author,
                                                   client_id](Snapshot& snapshot) -> Result<bool> {
        return store::find_client_op(snapshot, account, author, {}, client_id).has_value();
    };
    CO_TRY(const bool sent, co_await office.db.read<bool>(actor.account.id, std::move(work)));
    if (sent)
        co_return fail(Code::exists, "this message was sent already");
    co_return Result<>();
}

Task<Result<std::string>> mend_line_ends(Office& office, std::string mime) {
    if (mime.size() < limits::kMailPiece)
        co_return with_crlf(std::move(mime));
    const auto shared = std::make_shared<std::string>(std::move(mime));
    std::function<Result<std::string>()> work = [shared]() -> Result<std::string> {
        return with_crlf(std::move(*shared));
    };
    auto mended = co_await office.workers.run<std::string>(std::move(work));
    co_return mended;
}

/// Whether mail to this address comes to the actor: then the actor may write in its name.
Task<Result<bool>> is_own(Office& office, const Actor& actor, std::string address) {
    const auto account = co_await office.directory.recipient(std::move(address));
    if (account)
        co_return *account == actor.account.id;
    if (account.error().code == Code::not_found || account.error().code == Code::bad_value)
        co_return false;
    co_return std::unexpected(account.error());
}

Task<Result<>> check_author(Office& office, const Actor& actor, Checked& checked) {
    if (checked.header.from_fields > 1)
        co_return fail(Code::forbidden, "more than one From field");
    checked.add_from = true;
    for (const auto& address : checked.header.from) {
        // A name alone is no claim to be somebody else: the address is put in its place.
        if (address.domain.empty())
            continue;
        CO_TRY(const bool own, co_await is_own(office, actor, address.text()));
        if (!own)
            co_return fail(Code::forbidden, address.text() + " is not an address of the sender's");
        checked.add_from = false;
    }
    for (const auto& address : checked.header.sender) {
        CO_TRY(const bool own, co_await is_own(office, actor, address.text()));
        checked.drop_sender = checked.drop_sender || !own;
    }
    co_return Result<>();
}

/// All of them, or an error that names those that cannot be reached.
Task<Result<std::vector<AccountId>>>
find_recipients(Office& office, const std::vector<std::string>& addresses, std::size_t bytes) {
    if (addresses.empty())
        co_return fail(Code::bad_value, "the message has no recipient");
    if (addresses.size() > limits::kSmtpRecipients)
        co_return fail(Code::too_large, "the message has too many recipients");
    std::vector<AccountId> found;
    std::vector<std::string> unknown;
    std::vector<std::string> foreign;
    for (const auto& address : addresses) {
        const auto path = smtp::parse_mailbox(address);
        if (!path) {
            unknown.push_back(address);
            continue;
        }
        CO_TRY(const bool local, co_await office.directory.is_local_domain(path->domain));
        if (!local) {
            foreign.push_back(address);
            continue;
        }
        const auto account = co_await find_mailbox(office, path->local + "@" + path->domain, bytes);
        if (account)
            found.push_back(*account);
        else if (account.error().code == Code::not_found || account.error().code == Code::bad_value)
            unknown.push_back(address);
        else
            co_return std::unexpected(account.error());
    }
    if (!foreign.empty())
        co_return fail(
            Code::unsupported, "mail to other servers is not sent yet: " + join(foreign, ", ")
        );
    if (!unknown.empty())
        co_return fail(Code::not_found, "nobody has the address " + join(unknown, ", "));
    co_return found;
}

/// The header as it is stored, Bcc included.
mime::HeaderEdit complete(
    std::string_view mime, const Checked& checked, const directory::Account& account,
    std::int64_t now_us
) {
    mime::HeaderEdit edit(mime);
    edit.remove("Return-Path");
    if (checked.drop_sender)
        edit.remove("Sender");
    if (checked.add_from) {
        const auto at = account.address.rfind('@');
        const mime::Address from{
            account.name, account.address.substr(0, at), account.address.substr(at + 1), {}
        };
        edit.replace("From", mime::write_address_field("From", {from}));
    }
    const auto& header = checked.header;
    if (!header.has_date) {
        const auto date = mime::format_date(now_us / 1'000'000);
        edit.replace("Date", "Date: " + date + "\r\n");
    }
    if (!header.has_message_id) {
        const auto domain = account.address.substr(account.address.rfind('@') + 1);
        edit.replace(
            "Message-ID", "Message-ID: <" + hex(random_bytes(16)) + "@" + domain + ">\r\n"
        );
    }
    if (!header.has_mime_version)
        edit.append("MIME-Version: 1.0\r\n");
    return edit;
}

/// The sender's copy, and the one that is sent: the same unless there was a Bcc field.
struct Letters {
    SharedLetter sent;
    SharedLetter copy;
};

Task<Result<Letters>>
write_letters(Office& office, std::string mime, mime::HeaderEdit edit, bool has_bcc) {
    const auto with_header = [&](const std::string& header) {
        std::string text;
        text.reserve(header.size() + mime.size() - edit.body_offset());
        return text.append(header).append(mime, edit.body_offset());
    };
    Letters letters;
    CO_TRY(letters.sent, co_await make_letter(office, with_header(edit.header())));
    letters.copy = letters.sent;
    if (has_bcc) {
        edit.remove("Bcc");
        CO_TRY(letters.copy, co_await make_letter(office, with_header(edit.header())));
    }
    co_return letters;
}

Result<> put_in_sent(Txn& txn, const Actor& actor, const Letter& letter, std::int64_t now_us) {
    CHECK_OK(check_room(txn, {actor.account.id, actor.account.quota_bytes}));
    auto sent = store::find_by_role(txn, actor.account.id, model::Role::sent);
    if (!sent)
        return fail(Code::not_found, "the account has no folder for sent mail");
    const Folder folder{.collection = std::move(*sent), .right = model::Right::own};
    // Not in the device's name: it does not hold this copy and has to be told of it.
    const auto added = add_mail(
        txn, folder, letter.blob, letter.digest, letter.packed_digest, model::flag::seen, now_us,
        {}, false
    );
    if (!added)
        return std::unexpected(added.error());
    return {};
}

/// The one commit of the sender's file, then the fan-out.
Task<Result<>> commit_submission(
    Office& office, Actor actor, Letters letters, std::vector<AccountId> recipients,
    std::vector<std::string> addresses, std::string client_id, bool save, bool once
) {
    SpoolJob job;
    job.account = actor.account.id;
    job.id = new_job_id();
    job.sender = actor.account.address;
    job.created_us = office.clock.now_us();
    CO_TRY(const auto guests, co_await find_guests(office, letters.copy->meeting, recipients));
    CO_TRY(auto split, co_await split_recipients(office, job.account, std::move(recipients)));
    job.recipients = std::move(split.elsewhere);
    std::function<Result<bool>(Txn&)> work = [=, &office, here = std::move(split.here)](Txn& txn
                                             ) -> Result<bool> {
        const auto account = actor.account.id;
        if (!client_id.empty()) {
            if (store::find_client_op(txn, account, actor.author, {}, client_id))
                return fail(Code::exists, "this message was sent already");
            store::add_client_op(
                txn, account, actor.author, {}, client_id, model::Uid{}, job.created_us
            );
        }
        const auto& meeting = letters.copy->meeting;
        if (meeting && repeats_itself(txn, account, *meeting, addresses, job.created_us) && once)
            return false;
        if (save)
            CHECK_OK(put_in_sent(txn, actor, *letters.sent, job.created_us));
        CHECK_OK(put_copies(txn, office, guests, job, here, *letters.copy));
        return true;
    };
    const auto committed = co_await office.db.write<bool>(job.account, std::move(work));
    if (!committed)
        co_return std::unexpected(committed.error());
    if (!*committed)
        co_return Result<>(); // said already: nobody wants to hear it again
    co_await spread(office, std::move(job), letters.copy);
    co_await answer_meetings(office, guests, letters.copy->meeting);
    co_return Result<>();
}

} // namespace

Task<Result<>> submit(Office& office, const Actor& actor, Submission submission) {
    if (submission.mime.size() > limits::kSmtpMessage)
        co_return fail(Code::too_large, "the message is too large");
    const auto fresh = co_await check_not_sent(office, actor, submission.client_id);
    CO_CHECK_OK(fresh);
    CO_TRY(auto mime, co_await mend_line_ends(office, std::move(submission.mime)));
    Checked checked;
    CO_TRY(checked.header, read_sent_header(mime));
    const auto author = co_await check_author(office, actor, checked);
    CO_CHECK_OK(author);
    const auto addresses = submission.envelope_recipients.empty()
                               ? plain_addresses(checked.header.recipients)
                               : std::move(submission.envelope_recipients);
    CO_TRY(checked.recipients, co_await find_recipients(office, addresses, mime.size()));
    auto edit = complete(mime, checked, actor.account, office.clock.now_us());
    CO_TRY(
        auto letters,
        co_await write_letters(office, std::move(mime), std::move(edit), checked.header.has_bcc)
    );
    auto done = co_await commit_submission(
        office, actor, std::move(letters), std::move(checked.recipients), addresses,
        std::move(submission.client_id), submission.save_in_sent, submission.once
    );
    co_return done;
}

} // namespace lockstep::office
