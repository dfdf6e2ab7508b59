// One commit for a message, and its arrival in pieces.
#include "office/delivery.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "office/arrival.hpp"
#include "office/delivery_recipients.hpp"
#include "office/delivery_trace.hpp"
#include "office/forwarding.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using store::Txn;

/// The one commit, then the rest of the work. From here on the message is ours.
Task<Result<>> deliver_letter(Office& office, Envelope envelope, SharedLetter letter) {
    if (envelope.recipients.empty())
        co_return fail(Code::bad_value, "a message without recipients");
    SpoolJob job;
    job.account = envelope.recipients.front();
    job.id = new_job_id();
    job.sender = envelope.reverse_path;
    job.created_us = office.clock.now_us();
    CO_TRY(const auto guests, co_await find_guests(office, letter->meeting, envelope.recipients));
    CO_TRY(const auto addressees, co_await find_addressees(office, letter, envelope.recipients));
    CO_TRY(
        auto split, co_await split_recipients(office, job.account, std::move(envelope.recipients))
    );
    job.recipients = std::move(split.elsewhere);
    std::function<Result<bool>(Txn&)> work = [=, &office, here = std::move(split.here)](Txn& txn
                                             ) -> Result<bool> {
        CHECK_OK(put_copies(txn, office, guests, job, addressees, here, *letter));
        return true;
    };
    const auto committed = co_await office.db.write<bool>(job.account, std::move(work));
    if (!committed)
        co_return std::unexpected(committed.error());
    tell_queue(office, *letter);
    const auto meeting = letter->meeting;
    co_await spread(office, std::move(job), std::move(letter));
    co_await answer_meetings(office, guests, meeting);
    co_return Result<>();
}

/// Ends the file and parses it, on a worker thread.
Result<SharedLetter> finish_file(store::BlobFiles& files, store::BlobWriter& file) {
    TRY(auto pin, file.finish());
    TRY(const auto bytes, files.read(pin.hash(), 0, static_cast<std::size_t>(pin.size())));
    if (went_round(bytes))
        return fail(Code::forbidden, "the message passed too many servers");
    auto letter = std::make_shared<Letter>();
    letter->digest = mime::make_digest(bytes);
    letter->packed_digest = mime::encode(letter->digest);
    letter->meeting = read_meeting_mail(bytes, letter->digest);
    letter->header = bytes.substr(0, std::min(mime::header_length(bytes), limits::kMailPiece));
    letter->blob.hash = pin.hash();
    letter->blob.size = pin.size();
    letter->blob.pin = std::make_shared<const store::Pin>(std::move(pin));
    return letter;
}

} // namespace

Task<Result<AccountId>> find_mailbox(Office& office, std::string address, std::uint64_t bytes) {
    CO_TRY(const auto id, co_await recipient_of(office, std::move(address)));
    CO_TRY(const auto account, co_await office.directory.find(id));
    if (account.kind != model::AccountKind::person && account.kind != model::AccountKind::resource)
        co_return fail(Code::not_found, account.address + " has no Inbox");
    if (account.quota_bytes > 0) {
        if (bytes > static_cast<std::uint64_t>(account.quota_bytes))
            co_return fail(Code::too_large, "the message is larger than the mailbox may be");
        const auto room = co_await check_room_of(office, {id, account.quota_bytes});
        CO_CHECK_OK(room);
    }
    co_return id;
}

Task<Result<>> deliver(Office& office, Envelope envelope, std::string message) {
    Incoming incoming(office, std::move(envelope));
    incoming.append(message);
    std::string().swap(message);
    auto delivered = co_await incoming.deliver();
    co_return delivered;
}

Incoming::Incoming(Office& office, Envelope envelope, Judge judge)
    : office_(office), envelope_(std::move(envelope)), id_(hex(random_bytes(8))),
      judge_(envelope_.peer.empty() ? Judge() : std::move(judge)) {}

void Incoming::append(std::string_view piece) {
    held_ += piece;
    size_ += piece.size();
}

Task<Result<>> Incoming::spill() {
    const bool first = !file_;
    if (first && !judge_) {
        remove_return_path(held_);
        remove_own_fields(held_, office_.hostname(), false);
        held_.insert(0, trace_fields(envelope_, office_.hostname(), id_, office_.clock.now_us()));
    }
    const auto piece = std::make_shared<const std::string>(std::move(held_));
    held_.clear();
    using File = std::shared_ptr<store::BlobWriter>;
    std::function<Result<File>()> work = [&files = office_.files, file = file_,
                                          piece]() mutable -> Result<File> {
        if (!file) {
            TRY(auto writer, files.writer());
            file = std::make_shared<store::BlobWriter>(std::move(writer));
        }
        CHECK_OK(file->append(*piece));
        return file;
    };
    CO_TRY(file_, co_await office_.workers.run<File>(std::move(work)));
    co_return Result<>();
}

/// The message as it came.
Task<Result<std::string>> Incoming::whole() {
    if (!file_)
        co_return std::move(held_);
    const auto spilled = co_await spill();
    CO_CHECK_OK(spilled);
    std::function<Result<std::string>()> work = [&files = office_.files,
                                                 file = file_]() -> Result<std::string> {
        TRY(const auto pin, file->finish());
        return files.read(pin.hash(), 0, static_cast<std::size_t>(pin.size()));
    };
    auto bytes = co_await office_.workers.run<std::string>(std::move(work));
    file_.reset();
    co_return bytes;
}

Task<Result<>> Incoming::deliver_judged() {
    CO_TRY(auto bytes, co_await whole());
    if (went_round(bytes))
        co_return fail(Code::forbidden, "the message passed too many servers");
    const auto came = std::make_shared<const std::string>(std::move(bytes));
    CO_TRY(const auto verdict, co_await judge_(envelope_, came));
    auto text = *came;
    remove_return_path(text);
    remove_own_fields(text, office_.hostname(), true);
    auto top = trace_fields(envelope_, office_.hostname(), id_, office_.clock.now_us());
    top.insert(top.find("\r\n") + 2, verdict.fields);
    text.insert(0, top);
    CO_TRY(auto letter, co_await make_letter(office_, std::move(text)));
    auto delivered = co_await deliver_letter(office_, envelope_, std::move(letter));
    co_return delivered;
}

Task<Result<>> Incoming::deliver() {
    if (judge_) {
        auto done = co_await deliver_judged();
        co_return done;
    }
    SharedLetter letter;
    if (file_) {
        const auto spilled = co_await spill();
        CO_CHECK_OK(spilled);
        std::function<Result<SharedLetter>()> work = [&files = office_.files, file = file_] {
            return finish_file(files, *file);
        };
        CO_TRY(letter, co_await office_.workers.run<SharedLetter>(std::move(work)));
        file_.reset();
    } else {
        if (went_round(held_))
            co_return fail(Code::forbidden, "the message passed too many servers");
        remove_return_path(held_);
        remove_own_fields(held_, office_.hostname(), true);
        held_.insert(0, trace_fields(envelope_, office_.hostname(), id_, office_.clock.now_us()));
        CO_TRY(letter, co_await make_letter(office_, std::move(held_)));
    }
    auto delivered = co_await deliver_letter(office_, envelope_, std::move(letter));
    co_return delivered;
}

} // namespace lockstep::office
