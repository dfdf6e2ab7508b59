// SQL of the spool, and the fan-out.
#include "office/delivery_spool.hpp"
#include "office/conversation_moves.hpp"

#include <cstring>

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "office/arrival.hpp"
#include "office/challenge.hpp"
#include "office/delivery.hpp"
#include "office/detained.hpp"
#include "office/mail.hpp"
#include "store/collections.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr std::int64_t kSpool = 1; ///< outbox.kind: copies for accounts of this store
constexpr std::int64_t kDeliveredLife = 14LL * 24 * 3600 * 1'000'000; ///< microseconds
constexpr std::size_t kJobsAtOnce = 100;                              ///< spool rows read at once

constexpr Sql kAddJob{"INSERT INTO outbox (account_id, job_id, kind, sender, recipients, "
                      "blob_hash, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr Sql kDropJob{"DELETE FROM outbox WHERE account_id = $1 AND job_id = $2"};
constexpr Sql kJobs{"SELECT account_id, job_id, sender, recipients, blob_hash, created_us FROM "
                    "outbox WHERE kind = $1 AND (account_id > $2 OR (account_id = $2 AND job_id > "
                    "$3)) ORDER BY account_id, job_id LIMIT $4"};
constexpr Sql kIsDelivered{
    "SELECT 1 FROM delivered WHERE account_id = $1 AND source_id = $2 AND job_id = $3"
};
constexpr Sql kMarkDelivered{
    "INSERT INTO delivered (account_id, source_id, job_id, expires_us) VALUES ($1, $2, $3, $4)"
};
constexpr Sql kForgetDelivered{"DELETE FROM delivered WHERE account_id = $1 AND expires_us < $2"};

/// A spool row as it is found again.
struct FoundJob {
    SpoolJob job;
    std::string blob;
};

std::string ids_text(const std::vector<AccountId>& ids) {
    std::string text;
    for (const auto id : ids)
        text += (text.empty() ? "" : ",") + std::to_string(id.value);
    return text;
}

std::vector<AccountId> ids_of(std::string_view text) {
    std::vector<AccountId> ids;
    for (const auto part : split(text, ','))
        if (const auto id = parse_int(part))
            ids.push_back(AccountId{*id});
    return ids;
}

/// One recipient's copy with its mark, unless it is there already or the account is gone.
Result<> give_copy(
    Txn& txn, Office& office, const MeetingGuests& guests, const Addressees& addressees,
    AccountId recipient, const SpoolJob& job, const Letter& letter, std::int64_t now_us
) {
    if (txn.scalar(kIsDelivered, recipient, job.account, job.id))
        return {};
    // An account that was removed after the message was accepted: nobody is left to have it.
    if (!store::find_by_role(txn, recipient, model::Role::inbox))
        return {};
    CHECK_OK(put_in_inbox(txn, office, guests, recipient, addressees, letter, job.created_us));
    txn.exec(kForgetDelivered, recipient, now_us);
    txn.exec(kMarkDelivered, recipient, job.account, job.id, now_us + kDeliveredLife);
    return {};
}

/// The copies of all recipients in one file, in one commit.
Task<Result<>>
give_copies(Office& office, SpoolJob job, SharedLetter letter, std::vector<AccountId> recipients) {
    const auto now = office.clock.now_us();
    const auto first = recipients.front();
    CO_TRY(const auto guests, co_await find_guests(office, letter->meeting, recipients));
    CO_TRY(const auto addressees, co_await find_addressees(office, letter, recipients));
    std::function<Result<bool>(Txn&)> work = [=, &office](Txn& txn) -> Result<bool> {
        for (const auto recipient : recipients)
            CHECK_OK(give_copy(txn, office, guests, addressees, recipient, job, *letter, now));
        return true;
    };
    const auto done = co_await office.db.write<bool>(first, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    tell_queue(office, *letter);
    co_await answer_meetings(office, guests, letter->meeting);
    co_return Result<>();
}

Task<Result<>> drop_job(Office& office, SpoolJob job, std::string blob) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        // Another fan-out of the same job may have been faster: the reference goes once.
        if (txn.exec(kDropJob, job.account, job.id) == 1)
            store::unlink_blob(txn, job.account, blob);
        return true;
    };
    const auto done = co_await office.db.write<bool>(job.account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

/// The letter of a spool row, from its blob.
Task<Result<SharedLetter>> find_letter(Office& office, const FoundJob& found) {
    std::function<Result<store::BlobPlace>(Snapshot&)> look =
        [account = found.job.account, blob = found.blob](Snapshot& snapshot) {
            return store::find_blob(snapshot, account, blob);
        };
    CO_TRY(
        auto place, co_await office.db.read<store::BlobPlace>(found.job.account, std::move(look))
    );
    if (!place.in_file) {
        auto letter = co_await make_letter(office, std::move(place.bytes));
        co_return letter;
    }
    CO_TRY(const auto hash, Hash::from_raw(found.blob));
    std::function<Result<SharedLetter>()> work = [&files = office.files,
                                                  hash]() -> Result<SharedLetter> {
        TRY(auto pin, files.pin(hash));
        TRY(const auto bytes, files.read(hash));
        auto letter = std::make_shared<Letter>();
        letter->digest = mime::make_digest(bytes);
        letter->packed_digest = mime::encode(letter->digest);
        letter->meeting = read_meeting_mail(bytes, letter->digest);
        letter->inside = !istarts_with(bytes, "Return-Path:");
        letter->judged = judged_of(bytes);
        letter->header = bytes.substr(0, std::min(mime::header_length(bytes), limits::kMailPiece));
        letter->blob.hash = hash;
        letter->blob.size = pin.size();
        letter->blob.pin = std::make_shared<const store::Pin>(std::move(pin));
        return letter;
    };
    auto letter = co_await office.workers.run<SharedLetter>(std::move(work));
    co_return letter;
}

Task<Result<std::vector<FoundJob>>>
find_jobs(Office& office, store::Plane plane, AccountId after, std::int64_t after_job) {
    std::function<Result<std::vector<FoundJob>>(Snapshot&)> work =
        [=](Snapshot& snapshot) -> Result<std::vector<FoundJob>> {
        std::vector<FoundJob> all;
        auto rows = snapshot.query(kJobs, kSpool, after, after_job, kJobsAtOnce);
        while (rows.next()) {
            FoundJob found;
            found.job.account = rows.id<AccountId>(0);
            found.job.id = rows.i64(1);
            found.job.sender = rows.str(2);
            found.job.recipients = ids_of(rows.view(3));
            found.blob = rows.str(4);
            found.job.created_us = rows.i64(5);
            all.push_back(std::move(found));
        }
        return all;
    };
    auto found = co_await office.db.read<std::vector<FoundJob>>(plane, std::move(work));
    co_return found;
}

/// Finishes one job. False when it has to wait.
Task<bool> resume_job(Office& office, const FoundJob& found) {
    auto letter = co_await find_letter(office, found);
    if (!letter && letter.error().code == Code::not_found)
        co_return true; // finished meanwhile by the delivery that began it
    Result<> done;
    if (letter)
        done = co_await fan_out(office, found.job, std::move(*letter));
    else
        done = std::unexpected(letter.error());
    if (!done)
        log::error(
            "delivery.fan_out_failed", {{"account", found.job.account},
                                        {"job", found.job.id},
                                        {"code", done.error().code},
                                        {"reason", done.error()}}
        );
    co_return done.has_value();
}

} // namespace

std::int64_t new_job_id() {
    std::int64_t id = 0;
    const auto bytes = random_bytes(sizeof id);
    std::memcpy(&id, bytes.data(), sizeof id);
    return (id & std::numeric_limits<std::int64_t>::max()) | 1;
}

Result<> put_in_inbox(
    Txn& txn, Office& office, const MeetingGuests& guests, AccountId account,
    const Addressees& addressees, const Letter& letter, std::int64_t received_us
) {
    const auto addressee = addressees.find(account);
    const bool introduced = addressee != addressees.end() && addressee->second.introduced;
    const auto role = role_of_arrival(
        txn, office, account, letter.digest, letter.inside, letter.judged, introduced
    );
    auto folder_of_arrival = store::find_by_role(txn, account, role);
    if (!folder_of_arrival)
        folder_of_arrival = store::find_by_role(txn, account, model::Role::inbox);
    if (!folder_of_arrival)
        return fail(Code::not_found, "the account has no Inbox");
    // A conversation that was moved for good takes its new mail along, but nothing out of
    // detention.
    if (role == model::Role::inbox)
        if (auto home = conversation_home(txn, account, letter.digest))
            folder_of_arrival = std::move(home);
    std::vector<Landing> landings = {{std::move(*folder_of_arrival), 0}};
    if (role == model::Role::detained && addressee != addressees.end())
        challenge_sender(txn, office, addressee->second, letter);
    if (role == model::Role::inbox && addressee != addressees.end())
        landings = follow_rules(txn, office, addressee->second, letter, landings.front().folder);
    for (auto& landing : landings) {
        // Mail in is the office's own act: everybody may be written to.
        const Folder folder{.collection = std::move(landing.folder), .right = model::Right::add};
        const auto added = add_mail(
            txn, folder, letter.blob, letter.digest, letter.packed_digest, landing.flags,
            received_us, {}, false
        );
        if (!added)
            return std::unexpected(added.error());
    }
    if (letter.meeting && role == model::Role::inbox)
        receive_meeting(txn, office, guests, account, *letter.meeting);
    return {};
}

void add_spool(Txn& txn, const SpoolJob& job, const Letter& letter) {
    store::link_blob(txn, job.account, letter.blob);
    txn.exec(
        kAddJob, job.account, job.id, kSpool, job.sender, ids_text(job.recipients),
        store::Bytes{letter.blob.hash.raw()}, job.created_us
    );
}

Task<Result<>> fan_out(Office& office, SpoolJob job, SharedLetter letter) {
    Result<> whole;
    auto rest = job.recipients;
    while (!rest.empty()) {
        const auto plane = office.db.plane_of(rest.front());
        const auto others = std::ranges::partition(rest, [&](AccountId each) {
            return office.db.plane_of(each) == plane;
        });
        std::vector<AccountId> here(rest.begin(), others.begin());
        rest.erase(rest.begin(), others.begin());
        // A file that cannot be written keeps nobody else waiting.
        auto given = co_await give_copies(office, job, letter, std::move(here));
        if (!given)
            whole = std::move(given);
    }
    if (!whole)
        co_return whole;
    auto dropped = co_await drop_job(office, job, std::string(letter->blob.hash.raw()));
    co_return dropped;
}

Task<Result<std::size_t>> resume_fan_out(Office& office) {
    std::size_t waiting = 0;
    for (int shard = 0; shard < office.db.engine().shards(); ++shard) {
        AccountId after;
        std::int64_t after_job = 0;
        for (;;) {
            CO_TRY(
                const auto found, co_await find_jobs(office, store::Plane{shard}, after, after_job)
            );
            for (const auto& each : found) {
                const bool done = co_await resume_job(office, each);
                waiting += done ? 0 : 1;
            }
            if (found.size() < kJobsAtOnce)
                break;
            after = found.back().job.account;
            after_job = found.back().job.id;
        }
    }
    co_return waiting;
}

} // namespace lockstep::office
