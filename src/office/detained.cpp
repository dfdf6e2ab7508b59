// The list of senders, and the decisions that follow from it.
#include "office/detained.hpp"

#include <algorithm>
#include <array>

#include "base/limits_mail.hpp"
#include "base/text.hpp"
#include "codec/smtp/command.hpp"
#include "codec/vcard/index.hpp"
#include "store/collections.hpp"
#include "store/items.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using model::Role;
using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr std::array<std::string_view, 3> kDetainNames = {"off", "spam", "strangers"};
constexpr std::int64_t kDay = 24LL * 3600 * 1'000'000;
constexpr std::int64_t kLongestDays = 365;
constexpr std::size_t kExpireStep = 500; ///< mails removed in one commit

constexpr Sql kFindSender{"SELECT mark FROM sender WHERE account_id = $1 AND sender = $2"};
constexpr Sql kPutSender{
    "INSERT INTO sender (account_id, sender, mark) VALUES ($1, $2, $3) ON CONFLICT (account_id, "
    "sender) DO UPDATE SET mark = excluded.mark"
};
constexpr Sql kAddSender{"INSERT INTO sender (account_id, sender, mark) VALUES ($1, $2, $3) ON "
                         "CONFLICT (account_id, sender) DO NOTHING"};
constexpr Sql kDropSender{"DELETE FROM sender WHERE account_id = $1 AND sender = $2"};
constexpr Sql kListSenders{
    "SELECT sender, mark FROM sender WHERE account_id = $1 ORDER BY sender LIMIT $2"
};
constexpr Sql kCountSenders{"SELECT count(*) FROM sender WHERE account_id = $1"};
/// Cards whose bytes lie in the row; those with a picture are files.
constexpr Sql kCards{"SELECT b.bytes, i.blob_hash FROM item i JOIN blob b ON b.account_id = "
                     "i.account_id AND b.hash = i.blob_hash WHERE i.account_id = $1 AND i.class = "
                     "$2"};
constexpr Sql kOldMails{"SELECT uid FROM item WHERE account_id = $1 AND coll_id = $2 AND "
                        "received_us < $3 ORDER BY uid LIMIT $4"};

std::string from_of(const mime::Digest& digest) {
    return digest.from.size() == 1 ? lower(digest.from.front().text()) : std::string();
}

std::string domain_of_sender(std::string_view address) {
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string() : std::string(address.substr(at));
}

std::optional<SenderMark> find_mark(Snapshot& snapshot, AccountId account, std::string_view from) {
    for (const auto& entry : {std::string(from), domain_of_sender(from)})
        if (const auto mark = snapshot.scalar(kFindSender, account, entry))
            return static_cast<SenderMark>(*mark);
    return std::nullopt;
}

bool has_address(std::string_view card, const std::string& address) {
    // Most cards are ruled out by their bytes; only a hit is worth a parser.
    if (ifind(card, address) == std::string_view::npos)
        return false;
    const auto index = vcard::index_card(card);
    return index && std::ranges::find(index->emails, address) != index->emails.end();
}

bool is_in_address_book(
    Snapshot& snapshot, Office& office, AccountId account, const std::string& address
) {
    std::vector<std::string> in_files;
    for (auto row = snapshot.query(kCards, account, model::ItemClass::contact); row.next();) {
        if (row.null(0))
            in_files.push_back(row.str(1));
        else if (has_address(row.view(0), address))
            return true;
    }
    for (const auto& hash : in_files) {
        const auto bytes = store::read_blob(snapshot, office.files, account, hash);
        if (bytes && has_address(*bytes, address))
            return true;
    }
    return false;
}

Result<std::string> checked_sender(std::string_view sender) {
    const auto text = lower(trim(sender));
    const bool domain = text.starts_with('@');
    const auto path = smtp::parse_mailbox(domain ? "x" + text : text);
    if (!path)
        return fail(Code::bad_value, "'" + text + "' is neither an address nor @domain");
    return domain ? "@" + path->domain : path->text();
}

Result<> put_entry(Txn& txn, AccountId account, const SenderEntry& entry) {
    TRY(const auto sender, checked_sender(entry.sender));
    if (txn.scalar(kCountSenders, account).value_or(0) >=
        static_cast<std::int64_t>(limits::kSenderEntries))
        return fail(Code::too_large, "the list of senders is full");
    txn.exec(kPutSender, account, sender, entry.mark);
    return {};
}

Task<Result<>>
change_senders(Office& office, AccountId account, std::function<Result<bool>(Txn&)> work) {
    const auto done = co_await office.db.write<bool>(account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Result<mime::Digest> digest_of(Snapshot& snapshot, AccountId account, model::ItemId item) {
    return mime::decode(store::find_digest(snapshot, account, item));
}

Result<bool> release(Txn& txn, AccountId account, model::ItemId id, Release how) {
    const auto item = store::find_item(txn, account, id);
    const auto box = store::find_by_role(txn, account, Role::detained);
    const auto inbox = store::find_by_role(txn, account, Role::inbox);
    if (!item || !box || !inbox || item->collection != box->id)
        return fail(Code::not_found, "there is no such mail in [Detained]");
    TRY(const auto digest, digest_of(txn, account, id));
    const auto from = from_of(digest);
    const bool lets_in = how == Release::allow || how == Release::allow_domain;
    if (!from.empty() && how != Release::remove)
        CHECK_OK(put_entry(
            txn, account,
            {how == Release::allow_domain ? domain_of_sender(from) : from,
             lets_in ? SenderMark::allowed : SenderMark::blocked}
        ));
    if (!lets_in) {
        CHECK_OK(store::delete_item(txn, account, box->id, item->uid, {}));
        return true;
    }
    const auto moved = store::move_item(txn, *item, inbox->id, {});
    if (!moved)
        return std::unexpected(moved.error());
    return true;
}

/// At most kExpireStep of one account. Returns how many.
Result<std::size_t> expire_some(Txn& txn, AccountId account, std::int64_t now_us) {
    const auto box = store::find_by_role(txn, account, Role::detained);
    if (!box || box->total == 0)
        return std::size_t{0};
    const auto before = now_us - detain_settings(txn, account).days * kDay;
    std::vector<model::Uid> uids;
    for (auto row = txn.query(kOldMails, account, box->id, before, kExpireStep); row.next();)
        uids.push_back(row.id<model::Uid>(0));
    for (const auto uid : uids)
        CHECK_OK(store::delete_item(txn, account, box->id, uid, {}));
    return uids.size();
}

} // namespace

std::string_view name_of(Detain detain) { return kDetainNames[static_cast<std::size_t>(detain)]; }

std::optional<Detain> detain_named(std::string_view name) {
    const auto found = std::ranges::find(kDetainNames, name);
    if (found == kDetainNames.end())
        return std::nullopt;
    return static_cast<Detain>(found - kDetainNames.begin());
}

DetainSettings detain_settings(Snapshot& snapshot, AccountId account) {
    DetainSettings settings;
    if (const auto mode = store::find_setting(snapshot, account, "", "detain"))
        settings.detain = detain_named(*mode).value_or(settings.detain);
    if (const auto days = store::find_setting(snapshot, account, "", "detain_days"))
        settings.days = parse_int(*days).value_or(settings.days);
    return settings;
}

Task<Result<DetainSettings>> detain_settings(Office& office, AccountId account) {
    std::function<Result<DetainSettings>(Snapshot&)> work = [account](Snapshot& snapshot
                                                            ) -> Result<DetainSettings> {
        return detain_settings(snapshot, account);
    };
    auto settings = co_await office.db.read<DetainSettings>(account, std::move(work));
    co_return settings;
}

Task<Result<>> set_detain_settings(Office& office, AccountId account, DetainSettings settings) {
    if (settings.days < 1 || settings.days > kLongestDays)
        co_return fail(Code::bad_value, "mail is detained for 1 to 365 days");
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        store::put_setting(txn, account, "", "detain", name_of(settings.detain));
        store::put_setting(txn, account, "", "detain_days", std::to_string(settings.days));
        const bool missing = !store::find_by_role(txn, account, Role::detained);
        if (settings.detain != Detain::nothing && missing) {
            const auto made = store::create_collection(
                txn, account, {.role = Role::detained, .name = "[Detained]"}
            );
            if (!made)
                return std::unexpected(made.error());
        }
        return true;
    };
    auto done = co_await change_senders(office, account, std::move(work));
    co_return done;
}

Task<Result<std::vector<SenderEntry>>> list_senders(Office& office, AccountId account) {
    using Entries = std::vector<SenderEntry>;
    std::function<Result<Entries>(Snapshot&)> work = [account](Snapshot& snapshot
                                                     ) -> Result<Entries> {
        Entries all;
        for (auto row = snapshot.query(kListSenders, account, limits::kSenderEntries); row.next();)
            all.push_back({row.str(0), static_cast<SenderMark>(row.i64(1))});
        return all;
    };
    auto all = co_await office.db.read<Entries>(account, std::move(work));
    co_return all;
}

Task<Result<>> put_senders(Office& office, AccountId account, std::vector<SenderEntry> entries) {
    std::function<Result<bool>(Txn&)> work = [account, entries = std::move(entries)](Txn& txn
                                             ) -> Result<bool> {
        for (const auto& entry : entries)
            CHECK_OK(put_entry(txn, account, entry));
        return true;
    };
    auto done = co_await change_senders(office, account, std::move(work));
    co_return done;
}

Task<Result<>> remove_sender(Office& office, AccountId account, std::string sender) {
    std::function<Result<bool>(Txn&)> work = [account, sender = lower(trim(sender))](Txn& txn
                                             ) -> Result<bool> {
        if (txn.exec(kDropSender, account, sender) != 1)
            return fail(Code::not_found, sender + " is not on the list");
        return true;
    };
    auto done = co_await change_senders(office, account, std::move(work));
    co_return done;
}

Role role_of_arrival(
    Snapshot& snapshot, Office& office, AccountId account, const mime::Digest& digest, bool inside,
    Judged judged, bool introduced
) {
    const auto settings = detain_settings(snapshot, account);
    const auto from = from_of(digest);
    const auto mark = from.empty() ? std::nullopt : find_mark(snapshot, account, from);
    // A forged author is not known, whoever it names.
    if (mark == SenderMark::blocked || judged == Judged::junk)
        return Role::junk;
    if (mark || inside)
        return Role::inbox;
    const bool spam = judged == Judged::spam;
    if (settings.detain == Detain::nothing)
        return spam ? Role::junk : Role::inbox;
    if (settings.detain == Detain::spam)
        return spam ? Role::detained : Role::inbox;
    const bool known =
        introduced || (!from.empty() && is_in_address_book(snapshot, office, account, from));
    return known ? Role::inbox : Role::detained;
}

Task<Result<bool>> is_introduced(Office& office, AccountId account, const mime::Digest& digest) {
    const auto from = from_of(digest);
    if (from.empty())
        co_return false;
    CO_TRY(const auto owners, co_await office.directory.visible_owners(account));
    const auto is_global = [](const directory::Visible& each) {
        return each.kind == model::AccountKind::global && each.right >= model::Right::read;
    };
    if (std::ranges::none_of(owners, is_global))
        co_return false;
    CO_TRY(const auto settings, co_await detain_settings(office, account));
    if (settings.detain != Detain::strangers)
        co_return false;
    for (const auto& owner : owners) {
        if (!is_global(owner))
            continue;
        std::function<Result<bool>(Snapshot&)> work = [&office, id = owner.owner,
                                                       from](Snapshot& snapshot) -> Result<bool> {
            return is_in_address_book(snapshot, office, id, from);
        };
        CO_TRY(const bool found, co_await office.db.read<bool>(owner.owner, std::move(work)));
        if (found)
            co_return true;
    }
    co_return false;
}

bool knows_sender(
    Snapshot& snapshot, Office& office, AccountId account, const std::string& address
) {
    const auto mark = find_mark(snapshot, account, address);
    if (mark)
        return mark != SenderMark::blocked;
    return is_in_address_book(snapshot, office, account, address);
}

void learn_from_move(
    Txn& txn, const model::Collection& from, const model::Collection& to, const model::Item& item
) {
    if (from.role != Role::detained || to.role != Role::inbox)
        return;
    const auto digest = digest_of(txn, item.owner, item.id);
    const auto sender = digest ? from_of(*digest) : std::string();
    if (!sender.empty() && checked_sender(sender))
        txn.exec(kPutSender, item.owner, sender, SenderMark::allowed);
}

void note_written_to(Txn& txn, AccountId account, const std::vector<std::string>& addresses) {
    if (txn.scalar(kCountSenders, account).value_or(0) >=
        static_cast<std::int64_t>(limits::kSenderEntries))
        return;
    for (const auto& address : addresses)
        txn.exec(kAddSender, account, lower(address), SenderMark::written_to);
}

Task<Result<std::vector<DetainedMail>>>
list_detained(Office& office, AccountId account, std::size_t limit) {
    using Mails = std::vector<DetainedMail>;
    std::function<Result<Mails>(Snapshot&)> work = [=](Snapshot& snapshot) -> Result<Mails> {
        Mails all;
        const auto box = store::find_by_role(snapshot, account, Role::detained);
        if (!box)
            return all;
        const auto items = store::changed_items(
            snapshot, account, box->id, {}, model::Uid{store::kLastUid}, limit
        );
        for (const auto& item : items) {
            DetainedMail mail{item.id, {}, {}, item.received_us};
            if (const auto digest = digest_of(snapshot, account, item.id)) {
                mail.from = from_of(*digest);
                mail.subject = digest->subject;
            }
            all.push_back(std::move(mail));
        }
        return all;
    };
    auto all = co_await office.db.read<Mails>(account, std::move(work));
    co_return all;
}

Task<Result<>>
release_detained(Office& office, AccountId account, model::ItemId item, Release how) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        return release(txn, account, item, how);
    };
    auto done = co_await change_senders(office, account, std::move(work));
    co_return done;
}

Task<Result<std::size_t>> expire_detained(Office& office) {
    std::size_t removed = 0;
    CO_TRY(const auto accounts, co_await office.directory.accounts());
    for (const auto& account : accounts) {
        for (;;) {
            std::function<Result<std::size_t>(Txn&)> work = [id = account.id,
                                                             now = office.clock.now_us()](Txn& txn
                                                            ) { return expire_some(txn, id, now); };
            CO_TRY(
                const auto some, co_await office.db.write<std::size_t>(account.id, std::move(work))
            );
            removed += some;
            if (some < kExpireStep)
                break;
        }
    }
    co_return removed;
}

} // namespace lockstep::office
