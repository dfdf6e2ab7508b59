// Marks, removes and adds mail.
#include "office/mail_actions.hpp"

#include <algorithm>

#include "base/limits_imap.hpp"
#include "office/conversations.hpp"
#include "office/delivery_recipients.hpp"
#include "office/detained.hpp"
#include "office/mail_across.hpp"
#include "store/collections.hpp"
#include "store/mail_rows.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

using model::Item;
using model::Role;
using store::Snapshot;
using store::Txn;

constexpr auto kAtOnce = "imap.expunge_at_once";
constexpr auto kRecentUs = std::chrono::microseconds(limits::kImapRecent).count();
constexpr std::size_t kRecentMost = 100'000; ///< remembered copies; older ones go first

bool at_once(Snapshot& snapshot, model::AccountId account) {
    return store::find_setting(snapshot, account, "", kAtOnce).value_or("1") == "1";
}

std::optional<Item> find(Snapshot& snapshot, const Folder& folder, std::uint32_t uid) {
    return store::find_item(
        snapshot, folder.collection.owner, folder.collection.id, model::Uid{uid}
    );
}

/// For good, but kept for its owner.
Result<> remove_for_good(Txn& txn, const Actor& actor, const Item& item, std::int64_t now_us) {
    CHECK_OK(store::bury_item(txn, item, now_us));
    return store::delete_item(txn, item.owner, item.collection, item.uid, actor.author);
}

/// Whether an expunge of this folder means the Trash.
bool goes_to_trash(Role role) {
    switch (role) {
    case Role::inbox:
    case Role::trash:
    case Role::drafts:
    case Role::junk:
    case Role::detained:
        return false;
    default:
        return true;
    }
}

Marks changed(const Marks& before, const MarkChange& change) {
    auto keywords = keywords_of(before.flags, before.props);
    if (change.mode == MarkMode::replace)
        keywords = change.keywords;
    for (const auto& each : change.keywords) {
        if (change.mode == MarkMode::add)
            keywords.insert(each);
        if (change.mode == MarkMode::remove)
            keywords.erase(each);
    }
    auto after = with_keywords(before, keywords);
    if (change.mode == MarkMode::replace || change.deleted) {
        const bool on = change.deleted && change.mode != MarkMode::remove;
        after.flags = on ? after.flags | model::flag::deleted : after.flags & ~model::flag::deleted;
    }
    return after;
}

/// Marks one mail; true when that removed it.
Result<bool> mark_one(
    Txn& txn, const Actor& actor, const Folder& folder, Item& item, const MarkChange& change,
    bool removes, std::int64_t now_us
) {
    const auto after = changed({item.flags, unpack_mail_props(item.props)}, change);
    if (removes && (after.flags & model::flag::deleted) != 0) {
        CHECK_OK(remove_for_good(txn, actor, item, now_us));
        item.flags = after.flags;
        item.modseq = txn.modseq(item.owner);
        return true;
    }
    CHECK_OK(set_mail_flags(txn, actor, folder, item, after.flags, after.props));
    if (const auto now = store::find_item(txn, item.owner, item.collection, item.uid))
        item = *now;
    return false;
}

/// The copy within the same account: the body is shared.
Result<Item> copy_here(Txn& txn, const Actor& actor, const Item& item, const Folder& to) {
    TRY(const auto hash, Hash::from_raw(item.blob));
    store::NewItem copy;
    copy.collection = to.collection.id;
    copy.window = item.window;
    copy.flags = item.flags;
    copy.received_us = item.received_us;
    copy.blob.hash = hash;
    copy.blob.size = static_cast<std::uint64_t>(item.size);
    copy.uid_text = item.uid_text;
    copy.props = item.props;
    copy.digest = store::find_digest(txn, item.owner, item.id);
    if (const auto digest = mime::decode(copy.digest))
        copy.conversation_keys = conversation_keys(*digest);
    copy.author = actor.author;
    return store::insert_item(txn, item.owner, copy);
}

Result<> may_copy(const Folder& from, const Folder& to) {
    if (!from.may(model::Right::read) || !to.may(model::Right::add))
        return fail(Code::forbidden, "the right to copy is missing");
    return {};
}

/// What a submission of the last minutes has put there already.
std::optional<Item>
own_copy(Snapshot& snapshot, const Folder& folder, const PreparedMail& mail, std::int64_t now_us) {
    if (folder.collection.role != Role::sent || mail.digest.message_id.empty())
        return std::nullopt;
    auto found = store::find_by_uid_text(
        snapshot, folder.collection.owner, folder.collection.id, mail.digest.message_id
    );
    if (!found || now_us - found->received_us > kRecentUs)
        return std::nullopt;
    return found;
}

Result<std::uint32_t> append_one(
    Txn& txn, const Actor& actor, const Folder& folder, const PreparedMail& mail,
    std::int64_t now_us
) {
    if (const auto there = own_copy(txn, folder, mail, now_us))
        return static_cast<std::uint32_t>(there->uid.value);
    const auto marks = with_keywords({}, mail.keywords);
    auto flags = marks.flags | (mail.deleted ? model::flag::deleted : 0);
    TRY(const auto item, add_mail(
                             txn, folder, mail.blob, mail.digest, mime::encode(mail.digest), flags,
                             mail.received_us == 0 ? now_us : mail.received_us, actor.author, false
                         ));
    if (marks.props != MailProps{})
        CHECK_OK(store::set_flags(txn, item, flags, pack(marks.props), actor.author));
    return static_cast<std::uint32_t>(item.uid.value);
}

} // namespace

void RecentCopies::note(const model::Collection& into, std::string_view blob, std::int64_t now_us) {
    copies_.with([&](auto& copies) {
        if (copies.size() >= kRecentMost)
            std::erase_if(copies, [&](const auto& each) {
                return now_us - each.second.at_us > kRecentUs;
            });
        if (copies.size() < kRecentMost)
            copies[{into.owner.value, std::string(blob)}] = {now_us, into.id};
    });
}

bool RecentCopies::went_elsewhere(
    const model::Collection& here, std::string_view blob, std::int64_t now_us
) {
    return copies_.with([&](auto& copies) {
        const auto found = copies.find({here.owner.value, std::string(blob)});
        return found != copies.end() && now_us - found->second.at_us <= kRecentUs &&
               found->second.into != here.id;
    });
}

Task<Result<bool>> expunges_at_once(Office& office, model::AccountId account) {
    std::function<Result<bool>(Snapshot&)> work = [account](Snapshot& snapshot) -> Result<bool> {
        return at_once(snapshot, account);
    };
    co_return co_await office.db.read<bool>(account, std::move(work));
}

Task<Result<>> set_expunges_at_once(Office& office, model::AccountId account, bool on) {
    std::function<Result<bool>(Txn&)> work = [account, on](Txn& txn) -> Result<bool> {
        store::put_setting(txn, account, "", kAtOnce, on ? "1" : "0");
        return true;
    };
    const auto done = co_await office.db.write<bool>(account, std::move(work));
    CO_CHECK_OK(done);
    co_return Result<>();
}

Task<Result<MarkResult>>
mark_mails(Office& office, const Actor& actor, const Folder& folder, MarkChange change) {
    if (!folder.may(model::Right::edit))
        co_return fail(Code::forbidden, "items of this folder may not be changed");
    std::function<Result<MarkResult>(Txn&)> work = [actor, folder, change = std::move(change),
                                                    now_us = office.clock.now_us()](Txn& txn
                                                   ) -> Result<MarkResult> {
        MarkResult result;
        const bool removes = change.deleted && change.mode != MarkMode::remove &&
                             folder.collection.role == Role::inbox &&
                             at_once(txn, folder.collection.owner);
        for (const auto uid : change.uids) {
            auto item = find(txn, folder, uid);
            if (!item)
                continue;
            if (change.unchanged_since && item->modseq.value > *change.unchanged_since) {
                result.modified.push_back(uid);
                continue;
            }
            TRY(const bool gone, mark_one(txn, actor, folder, *item, change, removes, now_us));
            (void)gone;
            result.items.push_back(std::move(*item));
        }
        return result;
    };
    co_return co_await office.db.write<MarkResult>(folder.collection.owner, std::move(work));
}

Task<Result<std::vector<std::uint32_t>>> expunge_mails(
    Office& office, const Actor& actor, const Folder& folder, std::vector<std::uint32_t> uids,
    std::shared_ptr<RecentCopies> recent
) {
    using Uids = std::vector<std::uint32_t>;
    if (!folder.may(model::Right::edit))
        co_return fail(Code::forbidden, "items of this folder may not be removed");
    std::function<Result<Uids>(Txn&)> work = [actor, folder, uids = std::move(uids), recent,
                                              now_us =
                                                  office.clock.now_us()](Txn& txn) -> Result<Uids> {
        Uids removed;
        const auto owner = folder.collection.owner;
        const auto trash = store::find_by_role(txn, owner, Role::trash);
        const bool may_keep = goes_to_trash(folder.collection.role) && trash.has_value();
        for (const auto uid : uids) {
            auto item = find(txn, folder, uid);
            if (!item || (item->flags & model::flag::deleted) == 0)
                continue;
            removed.push_back(uid);
            if (!may_keep || recent->went_elsewhere(folder.collection, item->blob, now_us)) {
                CHECK_OK(remove_for_good(txn, actor, *item, now_us));
                continue;
            }
            // It lies in the Trash as it was before it was marked.
            CHECK_OK(set_mail_flags(
                txn, actor, folder, *item, item->flags & ~model::flag::deleted,
                unpack_mail_props(item->props)
            ));
            TRY(const auto moved,
                store::move_item(txn, *find(txn, folder, uid), trash->id, actor.author));
            (void)moved;
        }
        return removed;
    };
    co_return co_await office.db.write<Uids>(folder.collection.owner, std::move(work));
}

Task<Result<Copied>> copy_mails(
    Office& office, const Actor& actor, const Folder& from, std::vector<std::uint32_t> uids,
    const Folder& to, std::shared_ptr<RecentCopies> recent
) {
    CO_CHECK_OK(may_copy(from, to));
    if (from.collection.owner != to.collection.owner)
        co_return co_await copy_across(office, actor, from, std::move(uids), to, recent);
    std::function<Result<Copied>(Txn&)> work = [actor, from, to, uids = std::move(uids), recent,
                                                now_us = office.clock.now_us()](Txn& txn
                                               ) -> Result<Copied> {
        CHECK_OK(check_room(txn, {to.collection.owner, to.quota_bytes}));
        Copied copied;
        for (const auto uid : uids) {
            const auto item = find(txn, from, uid);
            if (!item)
                continue;
            TRY(const auto copy, copy_here(txn, actor, *item, to));
            recent->note(to.collection, item->blob, now_us);
            learn_from_move(txn, from.collection, to.collection, *item);
            copied.from.push_back(uid);
            copied.to.push_back(static_cast<std::uint32_t>(copy.uid.value));
        }
        return copied;
    };
    co_return co_await office.db.write<Copied>(from.collection.owner, std::move(work));
}

namespace {

Task<Result<Copied>> move_across(
    Office& office, const Actor& actor, const Folder& from, std::vector<std::uint32_t> uids,
    const Folder& to
) {
    if (!from.may(model::Right::edit))
        co_return fail(Code::forbidden, "items of this folder may not be removed");
    CO_TRY(
        auto moved, co_await copy_across(
                        office, actor, from, std::move(uids), to, std::make_shared<RecentCopies>()
                    )
    );
    std::function<Result<bool>(Txn&)> work =
        [actor, from, gone = moved.from, now_us = office.clock.now_us()](Txn& txn) -> Result<bool> {
        for (const auto uid : gone)
            if (const auto item = find(txn, from, uid))
                CHECK_OK(remove_for_good(txn, actor, *item, now_us));
        return true;
    };
    const auto removed = co_await office.db.write<bool>(from.collection.owner, std::move(work));
    if (!removed)
        co_return std::unexpected(removed.error());
    co_return moved;
}

} // namespace

Task<Result<Copied>> move_mails(
    Office& office, const Actor& actor, const Folder& from, std::vector<std::uint32_t> uids,
    const Folder& to
) {
    CO_CHECK_OK(may_copy(from, to));
    if (from.collection.owner != to.collection.owner)
        co_return co_await move_across(office, actor, from, std::move(uids), to);
    std::function<Result<Copied>(Txn&)> work = [actor, from, to, uids = std::move(uids)](Txn& txn
                                               ) -> Result<Copied> {
        Copied moved;
        for (const auto uid : uids) {
            const auto item = find(txn, from, uid);
            if (!item)
                continue;
            TRY(const auto there, move_mail(txn, actor, from, *item, to));
            moved.from.push_back(uid);
            moved.to.push_back(static_cast<std::uint32_t>(there.uid.value));
        }
        return moved;
    };
    co_return co_await office.db.write<Copied>(from.collection.owner, std::move(work));
}

Task<Result<PreparedMail>> prepare_mail(Office& office, std::shared_ptr<Spool> spool) {
    std::function<Result<PreparedMail>()> work = [&files = office.files,
                                                  spool]() -> Result<PreparedMail> {
        PreparedMail mail;
        TRY(mail.blob, spool->finish());
        if (mail.blob.bytes) {
            mail.digest = mime::make_digest(*mail.blob.bytes);
        } else {
            TRY(const auto bytes, files.read(mail.blob.hash));
            mail.digest = mime::make_digest(bytes);
        }
        return mail;
    };
    if (spool->size() < store::kInlineBlob)
        co_return work();
    co_return co_await office.workers.run<PreparedMail>(std::move(work));
}

Task<Result<std::vector<std::uint32_t>>> append_mails(
    Office& office, const Actor& actor, const Folder& folder, std::vector<PreparedMail> mails,
    std::shared_ptr<RecentCopies> recent
) {
    using Uids = std::vector<std::uint32_t>;
    if (!folder.may(model::Right::add))
        co_return fail(Code::forbidden, "nothing may be added to this folder");
    const auto shared = std::make_shared<const std::vector<PreparedMail>>(std::move(mails));
    std::function<Result<Uids>(Txn&)> work =
        [actor, folder, shared, recent, now_us = office.clock.now_us()](Txn& txn) -> Result<Uids> {
        CHECK_OK(check_room(txn, {folder.collection.owner, folder.quota_bytes}));
        Uids uids;
        for (const auto& mail : *shared) {
            TRY(const auto uid, append_one(txn, actor, folder, mail, now_us));
            recent->note(folder.collection, mail.blob.hash.raw(), now_us);
            uids.push_back(uid);
        }
        return uids;
    };
    co_return co_await office.db.write<Uids>(folder.collection.owner, std::move(work));
}

Task<Result<std::uint32_t>> replace_mail(
    Office& office, const Actor& actor, const Folder& from, std::uint32_t uid, const Folder& to,
    PreparedMail mail, std::shared_ptr<RecentCopies> recent
) {
    if (!from.may(model::Right::edit) || !to.may(model::Right::add))
        co_return fail(Code::forbidden, "the right to replace is missing");
    if (from.collection.owner != to.collection.owner)
        co_return fail(Code::unsupported, "mail is not replaced between accounts");
    const auto shared = std::make_shared<const PreparedMail>(std::move(mail));
    std::function<Result<std::uint32_t>(Txn&)> work = [actor, from, uid, to, shared, recent,
                                                       now_us = office.clock.now_us()](Txn& txn
                                                      ) -> Result<std::uint32_t> {
        const auto old = find(txn, from, uid);
        if (!old)
            return fail(Code::not_found, "the mail to be replaced is gone");
        CHECK_OK(check_room(txn, {to.collection.owner, to.quota_bytes}));
        TRY(const auto made, append_one(txn, actor, to, *shared, now_us));
        recent->note(to.collection, shared->blob.hash.raw(), now_us);
        CHECK_OK(remove_for_good(txn, actor, *old, now_us));
        return made;
    };
    co_return co_await office.db.write<std::uint32_t>(from.collection.owner, std::move(work));
}

} // namespace lockstep::office
