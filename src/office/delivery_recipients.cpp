// Recipients, their quotas, and the shared commit.
#include "office/delivery_recipients.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "store/collections.hpp"

namespace lockstep::office {

using model::AccountId;
using store::Snapshot;
using store::Txn;

Result<> check_room(Snapshot& snapshot, const Recipient& recipient) {
    if (recipient.quota == 0)
        return {};
    const auto state = store::account_state(snapshot, recipient.id);
    if (state && state->used_bytes >= recipient.quota)
        return fail(Code::over_quota, "the mailbox is full");
    return {};
}

Task<Result<>> check_room_of(Office& office, Recipient recipient) {
    if (recipient.quota == 0)
        co_return Result<>();
    std::function<Result<bool>(Snapshot&)> work = [recipient](Snapshot& snapshot) -> Result<bool> {
        CHECK_OK(check_room(snapshot, recipient));
        return true;
    };
    const auto room = co_await office.db.read<bool>(recipient.id, std::move(work));
    if (!room)
        co_return std::unexpected(room.error());
    co_return Result<>();
}

Task<Result<Recipients>>
split_recipients(Office& office, AccountId home, std::vector<AccountId> ids) {
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
    Recipients split;
    for (const auto id : ids) {
        CO_TRY(const auto account, co_await office.directory.find(id));
        const Recipient recipient{id, account.quota_bytes};
        if (office.db.same_file(home, id)) {
            split.here.push_back(recipient);
            continue;
        }
        // Their copy comes after the answer: now is the time to refuse.
        const auto room = co_await check_room_of(office, recipient);
        CO_CHECK_OK(room);
        split.elsewhere.push_back(id);
    }
    co_return split;
}

Result<> put_copies(
    Txn& txn, Office& office, const MeetingGuests& guests, const SpoolJob& job,
    const Addressees& addressees, const std::vector<Recipient>& here, const Letter& letter
) {
    for (const auto& recipient : here) {
        CHECK_OK(check_room(txn, recipient));
        CHECK_OK(put_in_inbox(txn, office, guests, recipient.id, addressees, letter, job.created_us)
        );
    }
    if (!job.recipients.empty())
        add_spool(txn, job, letter);
    return {};
}

Task<void> spread(Office& office, SpoolJob job, SharedLetter letter) {
    if (job.recipients.empty())
        co_return;
    const auto done = co_await fan_out(office, job, std::move(letter));
    if (!done)
        log::warn(
            "delivery.fan_out_waits",
            {{"account", job.account}, {"job", job.id}, {"reason", done.error()}}
        );
}

} // namespace lockstep::office
