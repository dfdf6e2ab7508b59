// The queue's decisions: when to try again, when to give up, what to tell the sender.
#include "office/outgoing.hpp"
#include "base/limits_mail.hpp"
#include "office/outbound.hpp"

#include <array>

#include "base/log.hpp"
#include "codec/smtp/command.hpp"
#include "office/report.hpp"
#include "store/collections.hpp"

namespace lockstep::office {
namespace {

using store::QueuedRecipient;
using store::QueueEntry;
using store::Snapshot;
using store::Txn;
using OutcomeKind = Outcome::Kind;

constexpr std::int64_t kQueueSecond = 1'000'000;
constexpr std::array<std::int64_t, 8> kRetries = {120,   300,   900,    1'800,
                                                  3'600, 7'200, 10'800, 14'400};

/// Changes to the queue's rows, and reports, that one try leads to.
struct Settlement {
    std::vector<QueuedRecipient> later;
    std::vector<std::int64_t> done;
    std::vector<Report> reports;
    std::vector<SharedLetter> letters;
};

ReportedRecipient reported(const QueuedRecipient& recipient, const Outcome& outcome) {
    return {recipient.address, recipient.orcpt, outcome.status, outcome.remote, outcome.reply};
}

class Settler {
public:
    Settler(const QueueEntry& entry, std::string hostname, std::int64_t now_us)
        : entry_(entry), hostname_(std::move(hostname)), now_us_(now_us) {}

    void take(const QueuedRecipient& recipient, const Outcome& outcome) {
        switch (outcome.kind) {
        case OutcomeKind::delivered:
            break;
        case OutcomeKind::relayed:
        case OutcomeKind::local:
            if ((recipient.notify & store::notify::success) != 0)
                report(
                    outcome.kind == OutcomeKind::local ? ReportKind::delivered
                                                       : ReportKind::relayed,
                    recipient, outcome
                );
            break;
        case OutcomeKind::put_off:
            if (put_off(recipient, outcome))
                return;
            [[fallthrough]];
        case OutcomeKind::failed:
            give_up(recipient, outcome);
            break;
        }
        result_.done.push_back(recipient.number);
    }
    Settlement finish() { return std::move(result_); }

private:
    [[nodiscard]] std::int64_t age_us() const { return now_us_ - entry_.message.created_us; }
    static std::int64_t micros(std::chrono::nanoseconds time) {
        return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    }
    [[nodiscard]] std::int64_t until_us() const {
        return entry_.message.created_us + micros(limits::kQueueLife);
    }

    /// False when its time is over.
    bool put_off(const QueuedRecipient& recipient, const Outcome& outcome) {
        if (now_us_ >= until_us())
            return false;
        auto later = recipient;
        ++later.attempts;
        later.next_us = now_us_ + retry_after_us(later.attempts, entry_.message.id);
        later.reply = outcome.reply;
        if (!later.delayed && age_us() >= micros(limits::kDelayNotice)) {
            later.delayed = true;
            const auto notify = recipient.notify;
            if (notify == 0 || (notify & store::notify::delay) != 0)
                report(ReportKind::delayed, recipient, outcome);
        }
        result_.later.push_back(std::move(later));
        return true;
    }
    void give_up(const QueuedRecipient& recipient, Outcome outcome) {
        if (outcome.kind == OutcomeKind::put_off) {
            outcome.status = "5.4.7";
            outcome.reply = "not delivered in time; the last answer: " + outcome.reply;
        }
        const auto notify = recipient.notify;
        if (notify == 0 || (notify & store::notify::failure) != 0)
            report(ReportKind::failed, recipient, outcome);
        log::warn(
            "queue.failed", {{"account", entry_.message.account},
                             {"message", entry_.message.id},
                             {"to", recipient.address},
                             {"status", outcome.status},
                             {"reply", outcome.reply}}
        );
    }
    void report(ReportKind kind, const QueuedRecipient& recipient, const Outcome& outcome) {
        // RFC 3461 4.3, S9: <> is told nothing.
        if (entry_.message.sender.empty())
            return;
        for (auto& each : result_.reports)
            if (each.kind == kind) {
                each.recipients.push_back(reported(recipient, outcome));
                return;
            }
        Report made;
        made.kind = kind;
        made.to = entry_.message.sender;
        made.hostname = hostname_;
        made.envid = entry_.message.envid;
        made.full = entry_.message.ret != static_cast<std::int64_t>(smtp::DsnReturn::headers);
        made.arrived_us = entry_.message.created_us;
        made.now_us = now_us_;
        made.retry_until_us = until_us();
        made.recipients.push_back(reported(recipient, outcome));
        result_.reports.push_back(std::move(made));
    }

    const QueueEntry& entry_;
    const std::string hostname_;
    const std::int64_t now_us_;
    Settlement result_;
};

Task<Result<>>
commit(Office& office, store::QueuedMessage message, std::shared_ptr<const Settlement> settlement) {
    const auto now = office.clock.now_us();
    std::function<Result<bool>(Txn&)> work = [=, &office](Txn& txn) -> Result<bool> {
        bool mine = settlement->done.empty();
        for (const auto number : settlement->done)
            mine |= store::end_queued(txn, message, number);
        for (const auto& recipient : settlement->later)
            mine |= store::put_off(txn, message, recipient);
        // Another try of the same message was faster: its report is there already.
        if (!mine)
            return true;
        const bool has_inbox =
            store::find_by_role(txn, message.account, model::Role::inbox).has_value();
        for (const auto& letter : settlement->letters)
            if (has_inbox)
                CHECK_OK(put_in_inbox(txn, office, {}, message.account, {}, *letter, now));
        return true;
    };
    const auto done = co_await office.db.write<bool>(message.account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Task<Result<>>
change(Office& office, model::AccountId account, std::function<Result<bool>(Txn&)> work) {
    const auto done = co_await office.db.write<bool>(account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    office.outbound.queued();
    co_return Result<>();
}

} // namespace

std::int64_t retry_after_us(std::int64_t attempts, std::int64_t seed) {
    const auto step = static_cast<std::size_t>(std::max<std::int64_t>(attempts - 1, 0));
    const auto base = kRetries[std::min(step, kRetries.size() - 1)] * kQueueSecond;
    // Not at random: a test, and an operator, can tell when.
    return base + base / 4 * ((seed % 100 + attempts) % 100) / 100;
}

void add_outgoing(
    Txn& txn, store::QueuedMessage message, const std::vector<QueuedRecipient>& recipients,
    const Letter& letter
) {
    message.id = new_job_id();
    message.blob = std::string(letter.blob.hash.raw());
    message.size = static_cast<std::int64_t>(letter.blob.size);
    store::add_queued(txn, message, recipients, letter.blob);
}

Task<Result<std::vector<store::DueRecipient>>>
due_outgoing(Office& office, int shard, std::size_t limit) {
    using Due = std::vector<store::DueRecipient>;
    std::function<Result<Due>(Snapshot&)> work =
        [limit, now = office.clock.now_us()](Snapshot& snapshot) -> Result<Due> {
        return store::due_queued(snapshot, now, limit);
    };
    auto due = co_await office.db.read<Due>(store::Plane{shard}, std::move(work));
    co_return due;
}

Task<Result<std::optional<std::int64_t>>> next_outgoing(Office& office, int shard) {
    using Next = std::optional<std::int64_t>;
    std::function<Result<Next>(Snapshot&)> work = [](Snapshot& snapshot) -> Result<Next> {
        return store::next_due(snapshot);
    };
    auto next = co_await office.db.read<Next>(store::Plane{shard}, std::move(work));
    co_return next;
}

Task<Result<QueueEntry>> find_outgoing(Office& office, model::AccountId account, std::int64_t id) {
    std::function<Result<QueueEntry>(Snapshot&)> work = [=](Snapshot& snapshot
                                                        ) -> Result<QueueEntry> {
        auto entry = store::find_queued(snapshot, account, id);
        if (!entry)
            return fail(Code::not_found, "there is no such message in the queue");
        return std::move(*entry);
    };
    auto entry = co_await office.db.read<QueueEntry>(account, std::move(work));
    co_return entry;
}

Task<Result<OutgoingMail>>
read_outgoing(Office& office, model::AccountId account, std::int64_t id) {
    std::function<Result<OutgoingMail>(Snapshot&)> work =
        [account, id, &files = office.files](Snapshot& snapshot) -> Result<OutgoingMail> {
        auto entry = store::find_queued(snapshot, account, id);
        if (!entry)
            return fail(Code::not_found, "there is no such message in the queue");
        OutgoingMail mail;
        TRY(mail.bytes, store::read_blob(snapshot, files, account, entry->message.blob));
        mail.entry = std::move(*entry);
        return mail;
    };
    auto mail = co_await office.db.read<OutgoingMail>(account, std::move(work));
    co_return mail;
}

Task<Result<>>
settle_outgoing(Office& office, const OutgoingMail& mail, std::vector<Outcome> outcomes) {
    Settler settler(mail.entry, office.hostname(), office.clock.now_us());
    for (const auto& recipient : mail.entry.recipients)
        for (const auto& outcome : outcomes)
            if (outcome.number == recipient.number)
                settler.take(recipient, outcome);
    auto settlement = std::make_shared<Settlement>(settler.finish());
    for (const auto& report : settlement->reports) {
        auto text = write_report(report, mail.bytes);
        CO_TRY(auto letter, co_await make_letter(office, std::move(text)));
        settlement->letters.push_back(std::move(letter));
    }
    auto done = co_await commit(office, mail.entry.message, std::move(settlement));
    co_return done;
}

Task<Result<std::vector<QueueEntry>>> list_outgoing(Office& office, std::size_t limit) {
    using Entries = std::vector<QueueEntry>;
    Entries all;
    for (int shard = 0; shard < office.db.engine().shards() && all.size() < limit; ++shard) {
        std::function<Result<Entries>(Snapshot&)> work =
            [rest = limit - all.size()](Snapshot& snapshot) -> Result<Entries> {
            return store::list_queued(snapshot, {}, 0, rest);
        };
        CO_TRY(auto some, co_await office.db.read<Entries>(store::Plane{shard}, std::move(work)));
        std::ranges::move(some, std::back_inserter(all));
    }
    co_return all;
}

Task<Result<>> hold_outgoing(Office& office, model::AccountId account, std::int64_t id, bool held) {
    const auto next = held ? model::kForever : office.clock.now_us();
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (!store::hold_queued(txn, account, id, held, next))
            return fail(Code::not_found, "there is no such message in the queue");
        return true;
    };
    auto done = co_await change(office, account, std::move(work));
    co_return done;
}

Task<Result<>> retry_outgoing(Office& office, model::AccountId account, std::int64_t id) {
    const auto now = office.clock.now_us();
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        const auto entry = store::find_queued(txn, account, id);
        if (!entry)
            return fail(Code::not_found, "there is no such message in the queue");
        if (!entry->message.held)
            store::hold_queued(txn, account, id, false, now);
        return true;
    };
    auto done = co_await change(office, account, std::move(work));
    co_return done;
}

Task<Result<>>
drop_outgoing(Office& office, model::AccountId account, std::int64_t id, bool silent) {
    CO_TRY(auto mail, co_await read_outgoing(office, account, id));
    std::vector<Outcome> outcomes;
    for (const auto& each : mail.entry.recipients)
        outcomes.push_back(
            {each.number, OutcomeKind::failed, "5.7.1", {}, "the administrator removed the message"}
        );
    if (silent)
        mail.entry.message.sender.clear();
    auto done = co_await settle_outgoing(office, mail, std::move(outcomes));
    co_return done;
}

} // namespace lockstep::office
