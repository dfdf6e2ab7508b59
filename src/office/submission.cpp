// Checks, completes and commits a message of one of our own.
#include "office/submission.hpp"

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/smtp/command.hpp"
#include "office/arrival.hpp"
#include "office/correspondents.hpp"
#include "office/delivery.hpp"
#include "office/delivery_recipients.hpp"
#include "office/detained.hpp"
#include "office/mail.hpp"
#include "office/outbound.hpp"
#include "office/outgoing.hpp"
#include "office/report.hpp"
#include "office/scheduling_queue.hpp"
#include "office/submission_header.hpp"
#include "store/collections.hpp"
#include "store/devices.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using store::Snapshot;
using store::Txn;

/// Whom it goes to: mailboxes here, and what is queued.
struct SentTo {
    std::vector<AccountId> mailboxes;
    std::vector<store::QueuedRecipient> queued;
    std::vector<store::QueuedRecipient> told; ///< of the mailboxes: whose arrival is reported
};

/// What is known of a message before it is written.
struct Checked {
    SentHeader header;
    SentTo to;
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

Task<Result<>> check_author(Office& office, const Actor& actor, Checked& checked) {
    if (checked.header.from_fields > 1)
        co_return fail(Code::forbidden, "more than one From field");
    checked.add_from = true;
    for (const auto& address : checked.header.from) {
        // A name alone is no claim to be somebody else: the address is put in its place.
        if (address.domain.empty())
            continue;
        CO_TRY(const bool own, co_await may_send_as(office, actor, address.text()));
        if (!own)
            co_return fail(Code::forbidden, address.text() + " is not an address of the sender's");
        checked.add_from = false;
    }
    for (const auto& address : checked.header.sender) {
        CO_TRY(const bool own, co_await may_send_as(office, actor, address.text()));
        checked.drop_sender = checked.drop_sender || !own;
    }
    co_return Result<>();
}

store::QueuedRecipient
queued_recipient(std::string address, const Submission& submission, std::size_t index) {
    store::QueuedRecipient made;
    made.address = std::move(address);
    if (index < submission.wishes.size()) {
        made.notify = submission.wishes[index].notify;
        made.orcpt = submission.wishes[index].orcpt;
    }
    return made;
}

bool is_unknown(const Error& error) {
    return error.code == Code::not_found || error.code == Code::bad_value;
}

/// All of them, or an error that names those that cannot be reached.
Task<Result<SentTo>> find_recipients(
    Office& office, const Submission& submission, const std::vector<std::string>& addresses,
    const std::string& sender, std::size_t bytes
) {
    if (addresses.empty())
        co_return fail(Code::bad_value, "the message has no recipient");
    if (addresses.size() > limits::kSmtpRecipients)
        co_return fail(Code::too_large, "the message has too many recipients");
    SentTo found;
    std::vector<std::string> unknown;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto path = smtp::parse_mailbox(addresses[i]);
        if (!path) {
            unknown.push_back(addresses[i]);
            continue;
        }
        auto queued = queued_recipient(path->text(), submission, i);
        queued.next_us = std::max(submission.not_before_us, office.clock.now_us());
        CO_TRY(const bool local, co_await office.directory.is_local_domain(path->domain));
        if (!local) {
            found.queued.push_back(std::move(queued));
            continue;
        }
        const auto boxes =
            co_await find_mailboxes(office, path->local + "@" + path->domain, sender, bytes);
        if (!boxes && is_unknown(boxes.error()))
            unknown.push_back(addresses[i]);
        else if (!boxes)
            co_return std::unexpected(boxes.error());
        else if (submission.not_before_us > 0)
            found.queued.push_back(std::move(queued));
        else
            found.mailboxes.insert(found.mailboxes.end(), boxes->begin(), boxes->end());
        if (boxes && (queued.notify & store::notify::success) != 0 && submission.not_before_us == 0)
            found.told.push_back(std::move(queued));
    }
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
    // Only our own verdicts may stand in our name (S11).
    edit.remove("Authentication-Results");
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

/// Everything that the one commit needs.
struct Posting {
    Actor actor;
    Letters letters;
    SentTo to;
    std::vector<SharedLetter> reports;
    std::string client_id;
    store::QueuedMessage queued;
    bool save = true;
    bool once = true;
    std::vector<std::string> addresses; ///< of everybody
    MeetingGuests guests;
    Addressees addressees;
};

/// "Delivered" for those of our own mailboxes of which the sender wants to hear it.
Task<Result<>> report_deliveries(Office& office, Posting& posting, std::string_view original) {
    if (posting.to.told.empty())
        co_return Result<>();
    Report report;
    report.kind = ReportKind::delivered;
    report.to = posting.queued.sender;
    report.hostname = office.hostname();
    report.envid = posting.queued.envid;
    report.arrived_us = report.now_us = posting.queued.created_us;
    for (const auto& each : posting.to.told)
        report.recipients.push_back({each.address, each.orcpt, "2.0.0", {}, {}});
    auto text = write_report(report, original);
    CO_TRY(auto letter, co_await make_letter(office, std::move(text)));
    posting.reports.push_back(std::move(letter));
    co_return Result<>();
}

/// False when it was said already: nothing was written then.
Result<bool> write_posting(
    Txn& txn, Office& office, const Posting& posting, const SpoolJob& job,
    const std::vector<Recipient>& here
) {
    const auto account = posting.actor.account.id;
    const auto author = posting.actor.author;
    if (!posting.client_id.empty()) {
        if (store::find_client_op(txn, account, author, {}, posting.client_id))
            return fail(Code::exists, "this message was sent already");
        store::add_client_op(
            txn, account, author, {}, posting.client_id, model::Uid{}, job.created_us
        );
    }
    const auto& meeting = posting.letters.copy->meeting;
    if (meeting && repeats_itself(txn, account, *meeting, posting.addresses, job.created_us) &&
        posting.once)
        return false;
    if (posting.save)
        CHECK_OK(put_in_sent(txn, posting.actor, *posting.letters.sent, job.created_us));
    CHECK_OK(put_copies(
        txn, office, posting.guests, job, posting.addressees, here, *posting.letters.copy
    ));
    note_written_to(txn, account, posting.addresses);
    note_correspondents(
        txn, account, posting.addresses, posting.letters.copy->digest, job.created_us
    );
    if (!posting.to.queued.empty())
        add_outgoing(txn, posting.queued, posting.to.queued, *posting.letters.copy);
    for (const auto& report : posting.reports)
        CHECK_OK(put_in_inbox(txn, office, {}, account, {}, *report, job.created_us));
    return true;
}

/// The one commit of the sender's file, then the fan-out.
Task<Result<>> commit_submission(Office& office, std::shared_ptr<Posting> posting) {
    SpoolJob job;
    job.account = posting->actor.account.id;
    job.id = new_job_id();
    job.sender = posting->queued.sender;
    job.created_us = posting->queued.created_us;
    const auto& meeting = posting->letters.copy->meeting;
    CO_TRY(posting->guests, co_await find_guests(office, meeting, posting->to.mailboxes));
    CO_TRY(
        posting->addressees,
        co_await find_addressees(office, posting->letters.copy, posting->to.mailboxes)
    );
    CO_TRY(auto split, co_await split_recipients(office, job.account, posting->to.mailboxes));
    job.recipients = std::move(split.elsewhere);
    std::function<Result<bool>(Txn&)> work =
        [posting, job, &office, here = std::move(split.here)](Txn& txn) -> Result<bool> {
        return write_posting(txn, office, *posting, job, here);
    };
    const auto committed = co_await office.db.write<bool>(job.account, std::move(work));
    if (!committed)
        co_return std::unexpected(committed.error());
    if (!*committed)
        co_return Result<>(); // said already: nobody wants to hear it again
    if (!posting->to.queued.empty())
        office.outbound.queued();
    tell_queue(office, *posting->letters.copy);
    co_await spread(office, std::move(job), posting->letters.copy);
    co_await answer_meetings(office, posting->guests, posting->letters.copy->meeting);
    co_return Result<>();
}

/// The reverse-path: an address of the actor's.
Task<Result<std::string>>
find_reverse_path(Office& office, const Actor& actor, const std::string& wanted) {
    if (wanted.empty())
        co_return actor.account.address;
    CO_TRY(const bool own, co_await may_send_as(office, actor, wanted));
    if (!own)
        co_return fail(Code::forbidden, wanted + " is not an address of the sender's");
    co_return wanted;
}

} // namespace

Task<Result<bool>> may_send_as(Office& office, const Actor& actor, std::string address) {
    const auto account = co_await office.directory.recipient(std::move(address));
    if (!account && is_unknown(account.error()))
        co_return false;
    if (!account)
        co_return std::unexpected(account.error());
    if (*account == actor.account.id)
        co_return true;
    CO_TRY(const auto owners, co_await office.directory.visible_owners(actor.account.id));
    for (const auto& each : owners)
        if (each.owner == *account && each.kind != model::AccountKind::global)
            co_return each.right >= model::Right::edit;
    co_return false;
}

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
                               : submission.envelope_recipients;
    const auto posting = std::make_shared<Posting>();
    posting->actor = actor;
    auto& queued = posting->queued;
    queued.account = actor.account.id;
    CO_TRY(queued.sender, co_await find_reverse_path(office, actor, submission.reverse_path));
    CO_TRY(
        posting->to,
        co_await find_recipients(office, submission, addresses, queued.sender, mime.size())
    );
    CO_CHECK_OK(office.outbound.take(actor.account.id, addresses.size(), office.clock.steady()));
    auto edit = complete(mime, checked, actor.account, office.clock.now_us());
    CO_TRY(
        posting->letters,
        co_await write_letters(office, std::move(mime), edit, checked.header.has_bcc)
    );
    queued.envid = submission.envid;
    queued.ret = static_cast<std::int64_t>(
        submission.return_headers ? smtp::DsnReturn::headers : smtp::DsnReturn::full
    );
    queued.utf8 = !is_ascii(queued.sender) || !is_ascii(edit.header());
    for (const auto& each : posting->to.queued)
        queued.utf8 |= !is_ascii(each.address);
    queued.created_us = std::max(submission.not_before_us, office.clock.now_us());
    posting->client_id = std::move(submission.client_id);
    posting->save = submission.save_in_sent;
    posting->once = submission.once;
    posting->addresses = addresses;
    const auto reported = co_await report_deliveries(office, *posting, edit.header());
    CO_CHECK_OK(reported);
    auto done = co_await commit_submission(office, posting);
    co_return done;
}

} // namespace lockstep::office
