// SQL of the queue and of what was told, and the submissions.
#include "office/scheduling_queue.hpp"

#include <algorithm>
#include <set>

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "office/delivery_spool.hpp"
#include "office/submission.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr std::int64_t kToldLife = 30LL * 24 * 3600 * 1'000'000; ///< microseconds
constexpr std::size_t kLettersAtOnce = 50;                       ///< rows read at once
constexpr std::size_t kOldToldAtOnce = 100; ///< forgotten with each message that is remembered

constexpr Sql kAddLetter{"INSERT INTO meeting_out (account_id, job_id, sender_id, letter, "
                         "created_us) VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kCountLetters{"SELECT count(*) FROM meeting_out WHERE account_id = $1"};
constexpr Sql kLetters{"SELECT job_id, sender_id, letter FROM meeting_out WHERE account_id = $1 "
                       "ORDER BY created_us, job_id LIMIT $2"};
constexpr Sql kDropLetter{"DELETE FROM meeting_out WHERE account_id = $1 AND job_id = $2"};
constexpr Sql kLetterOwners{"SELECT DISTINCT account_id FROM meeting_out ORDER BY account_id"};
constexpr Sql kTold{"SELECT value, at_us FROM meeting_told WHERE account_id = $1 AND name = $2"};
constexpr Sql kPutTold{
    "INSERT INTO meeting_told (account_id, name, value, at_us) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (account_id, name) DO UPDATE SET value = excluded.value, at_us = excluded.at_us"
};
constexpr Sql kForgetTold{"DELETE FROM meeting_told WHERE account_id = $1 AND name IN (SELECT name "
                          "FROM meeting_told WHERE account_id = $1 AND at_us < $2 LIMIT $3)"};

struct QueuedLetter {
    std::int64_t job = 0;
    AccountId sender;
    std::string packed;
};

std::string pack_letter(const MeetingLetter& letter) {
    Packer out;
    out.number(1); // version
    out.number(static_cast<std::uint64_t>(letter.message.method));
    out.number(letter.message.update ? 1 : 0);
    out.number(letter.message.to.size());
    for (const auto& to : letter.message.to)
        out.text(to);
    out.text(ical::serialize(letter.message.calendar));
    out.text(letter.comment);
    out.number(letter.comment_is_html ? 1 : 0);
    return out.take();
}

Result<MeetingLetter> unpack_letter(std::string_view bytes) {
    Unpacker in(bytes);
    MeetingLetter letter;
    const bool known = in.number() == 1;
    letter.message.method = static_cast<ical::Method>(in.number());
    letter.message.update = in.number() != 0;
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i)
        letter.message.to.emplace_back(in.text());
    auto calendar = ical::parse(in.text());
    letter.comment = in.text();
    letter.comment_is_html = in.number() != 0;
    if (!known || !in.ok() || !calendar || ical::main_event(*calendar) == nullptr)
        return fail(Code::corrupt, "a queued message about a meeting");
    letter.message.calendar = std::move(*calendar);
    return letter;
}

bool may_pass(Code code) {
    return code == Code::unavailable || code == Code::timeout || code == Code::closed ||
           code == Code::throttled || code == Code::internal;
}

enum class Sent { done, refused, waits };

/// One submission to some of the recipients.
Task<Sent> submit_letter(
    Office& office, Actor actor, std::string mime, std::vector<std::string> to, std::string name,
    bool save, bool once
) {
    Submission submission;
    submission.mime = std::move(mime);
    submission.save_in_sent = save;
    submission.client_id = std::move(name);
    submission.once = once;
    submission.envelope_recipients = std::move(to);
    const auto sent = co_await submit(office, actor, std::move(submission));
    if (sent || sent.error().code == Code::exists)
        co_return Sent::done;
    const bool waits = may_pass(sent.error().code);
    log::warn(
        waits ? "meeting.waits" : "meeting.not_sent",
        {{"account", actor.account.address}, {"reason", sent.error().text}}
    );
    co_return waits ? Sent::waits : Sent::refused;
}

/// Those of our own domains, then the others.
struct Halves {
    std::vector<std::string> here, elsewhere;
};
Task<Result<Halves>> split_by_domain(Office& office, const std::vector<std::string>& all) {
    Halves halves;
    for (const auto& address : all) {
        const auto domain = address.substr(address.rfind('@') + 1);
        CO_TRY(const bool local, co_await office.directory.is_local_domain(domain));
        (local ? halves.here : halves.elsewhere).push_back(address);
    }
    co_return halves;
}

/// To all of them at once, or, when somebody cannot be reached, to each alone.
Task<bool> submit_half(
    Office& office, Actor actor, const MeetingLetter& letter, std::vector<std::string> to,
    std::string name, bool with_file, bool save
) {
    if (to.empty())
        co_return true;
    const auto domain = actor.account.address.substr(actor.account.address.rfind('@') + 1);
    const MeetingMailOptions options{
        name + "@" + domain, with_file, office.clock.now_us() / 1'000'000
    };
    const auto mime = compose_meeting_mail(letter, actor.account, options);
    // A phone that repeats an answer to an event gets no second mail for it.
    const bool once = letter.message.method == ical::Method::reply;
    const auto whole = co_await submit_letter(office, actor, mime, to, name, save, once);
    if (whole != Sent::refused || to.size() == 1)
        co_return whole != Sent::waits;
    bool done = true;
    for (std::size_t i = 0; i < to.size(); ++i) {
        const auto one = co_await submit_letter(
            office, actor, mime, {to[i]}, name + "." + std::to_string(i), save && i == 0, once
        );
        done = done && one != Sent::waits;
    }
    co_return done;
}

/// True: the row may go.
Task<bool> send_letter(Office& office, const QueuedLetter& row) {
    const auto account = co_await office.directory.find(row.sender);
    const auto letter = unpack_letter(row.packed);
    if (!letter || (!account && account.error().code == Code::not_found)) {
        log::error("meeting.dropped", {{"account", row.sender}});
        co_return true;
    }
    if (!account)
        co_return false;
    const auto halves = co_await split_by_domain(office, letter->message.to);
    if (!halves)
        co_return false;
    const Actor actor{*account, {}};
    const bool save = account->kind == model::AccountKind::person;
    const auto name = "meeting-" + std::to_string(row.job);
    const bool here =
        co_await submit_half(office, actor, *letter, halves->here, name + "-h", false, save);
    const bool elsewhere = co_await submit_half(
        office, actor, *letter, halves->elsewhere, name + "-e", true, save && halves->here.empty()
    );
    co_return here&& elsewhere;
}

Task<Result<std::vector<QueuedLetter>>> queued_letters(Office& office, AccountId owner) {
    std::function<Result<std::vector<QueuedLetter>>(Snapshot&)> work =
        [owner](Snapshot& snapshot) -> Result<std::vector<QueuedLetter>> {
        std::vector<QueuedLetter> all;
        auto rows = snapshot.query(kLetters, owner, kLettersAtOnce);
        while (rows.next())
            all.push_back({rows.i64(0), rows.id<AccountId>(1), rows.str(2)});
        return all;
    };
    co_return co_await office.db.read<std::vector<QueuedLetter>>(owner, std::move(work));
}

/// What says the same is equal, whichever program wrote it.
std::string squeezed(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (static_cast<unsigned char>(c) > ' ')
            out += c;
    return out;
}

std::string told_value(const MeetingMail& mail) {
    const auto series = ical::Series::read(mail.calendar, "VEVENT", ical::utc_zone());
    std::vector<std::string> events;
    for (const auto& event : mail.calendar.children) {
        if (event.name != "VEVENT")
            continue;
        const auto range = series ? series->range_of(event)
                                  : Result<std::pair<std::int64_t, std::int64_t>>(std::pair(0, 0));
        std::string text = std::to_string(range ? range->first : 0) + "/" +
                           std::to_string(range ? range->second : 0);
        for (const auto* name : {"RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "STATUS"})
            text += "\n" + upper(squeezed(event.value_of(name)));
        for (const auto* name : {"SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT"})
            text += "\n" + squeezed(event.text_of(name));
        if (mail.method == ical::Method::reply || mail.method == ical::Method::counter)
            if (const auto* attendee = event.find("ATTENDEE"))
                text += "\n" + upper(attendee->parameter("PARTSTAT"));
        events.push_back(std::move(text));
    }
    std::ranges::sort(events);
    Hasher hasher;
    hasher.update(ical::name_of(mail.method));
    for (const auto& event : events) {
        hasher.update("\n\n");
        hasher.update(event);
    }
    return hex(hasher.finish().raw().substr(0, 16));
}

std::string told_name(const ical::Component& event, std::string_view recipient) {
    Hasher hasher;
    hasher.update(event.text_of("UID"));
    hasher.update("\n");
    hasher.update(event.value_of("RECURRENCE-ID"));
    hasher.update("\n");
    hasher.update(lower(recipient));
    return hex(hasher.finish().raw().substr(0, 16));
}

std::optional<std::pair<std::string, std::int64_t>>
find_told(Snapshot& snapshot, AccountId account, const std::string& name) {
    auto rows = snapshot.query(kTold, account, name);
    if (!rows.next())
        return std::nullopt;
    return std::pair(rows.str(0), rows.i64(1));
}

} // namespace

Result<> queue_letter(
    Txn& txn, AccountId owner, AccountId sender, const MeetingLetter& letter, std::int64_t now_us
) {
    const auto waiting = txn.scalar(kCountLetters, owner).value_or(0);
    if (static_cast<std::size_t>(waiting) >= limits::kMeetingQueue)
        return fail(Code::too_large, "too many messages about meetings are on their way");
    txn.exec(kAddLetter, owner, new_job_id(), sender, store::Bytes{pack_letter(letter)}, now_us);
    return {};
}

Result<> queue_letters(
    Txn& txn, AccountId owner, AccountId sender, const std::vector<ical::ItipMessage>& messages,
    std::int64_t now_us
) {
    for (const auto& message : messages)
        CHECK_OK(queue_letter(txn, owner, sender, {message, {}, false}, now_us));
    return {};
}

Task<void> send_queued_letters(Office& office, AccountId owner) {
    for (;;) {
        const auto rows = co_await queued_letters(office, owner);
        if (!rows || rows->empty())
            co_return;
        for (const auto& row : *rows) {
            const bool done = co_await send_letter(office, row);
            if (!done)
                co_return;
            std::function<Result<bool>(Txn&)> drop = [owner,
                                                      job = row.job](Txn& txn) -> Result<bool> {
                txn.exec(kDropLetter, owner, job);
                return true;
            };
            const auto dropped = co_await office.db.write<bool>(owner, std::move(drop));
            if (!dropped)
                co_return;
        }
    }
}

Task<Result<std::size_t>> resume_meetings(Office& office) {
    std::size_t found = 0;
    for (int shard = 0; shard < office.db.engine().shards(); ++shard) {
        std::function<Result<std::vector<AccountId>>(Snapshot&)> work =
            [](Snapshot& snapshot) -> Result<std::vector<AccountId>> {
            std::vector<AccountId> all;
            for (auto rows = snapshot.query(kLetterOwners); rows.next();)
                all.push_back(rows.id<AccountId>(0));
            return all;
        };
        CO_TRY(
            const auto owners,
            co_await office.db.read<std::vector<AccountId>>(store::Plane{shard}, std::move(work))
        );
        found += owners.size();
        for (const auto owner : owners)
            co_await send_queued_letters(office, owner);
    }
    co_return found;
}

bool repeats_itself(
    Txn& txn, AccountId sender, const MeetingMail& mail, const std::vector<std::string>& recipients,
    std::int64_t now_us
) {
    const auto* event = ical::main_event(mail.calendar);
    const auto value = told_value(mail);
    std::vector<std::string> names;
    bool same = true;
    for (const auto& recipient : recipients) {
        names.push_back(told_name(*event, recipient));
        const auto told = find_told(txn, sender, names.back());
        same = same && told && told->first == value && told->second > now_us - kToldLife;
    }
    if (same)
        return !names.empty();
    txn.exec(kForgetTold, sender, now_us - kToldLife, kOldToldAtOnce);
    for (const auto& name : names)
        txn.exec(kPutTold, sender, name, value, now_us);
    return false;
}

bool first_within(
    Txn& txn, AccountId account, const std::string& name, std::int64_t life_us, std::int64_t now_us
) {
    const auto told = find_told(txn, account, name);
    if (told && told->second > now_us - life_us)
        return false;
    txn.exec(kPutTold, account, name, std::string("once"), now_us);
    return true;
}

} // namespace lockstep::office
