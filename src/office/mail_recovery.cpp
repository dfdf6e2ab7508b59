// Lists and brings back.
#include "office/mail_recovery.hpp"

#include "codec/mime/digest.hpp"
#include "store/collections.hpp"
#include "store/mail_rows.hpp"

namespace lockstep::office {
namespace {

using store::Buried;
using store::Snapshot;
using store::Txn;

constexpr std::size_t kListed = 100'000; ///< looked at in one call

/// Where it goes: its old folder, or the Inbox.
Result<model::CollectionId>
home_of(Snapshot& snapshot, model::AccountId account, const Buried& mail) {
    const auto old = store::find_collection(snapshot, account, mail.collection);
    if (old && old->item_class == model::ItemClass::mail)
        return old->id;
    const auto inbox = store::find_by_role(snapshot, account, model::Role::inbox);
    if (!inbox)
        return fail(Code::not_found, "the account has no Inbox");
    return inbox->id;
}

Result<> bring_back(Txn& txn, model::AccountId account, const Buried& mail) {
    store::NewItem item;
    TRY(item.collection, home_of(txn, account, mail));
    item.window = {mail.received_us, mail.received_us};
    item.flags = mail.flags & ~model::flag::deleted;
    item.received_us = mail.received_us;
    TRY(item.blob.hash, Hash::from_raw(mail.blob));
    item.blob.size = static_cast<std::uint64_t>(mail.size);
    item.uid_text = mail.message_id;
    item.props = mail.props;
    item.digest = mail.digest;
    TRY(const auto made, store::insert_item(txn, account, item));
    (void)made;
    store::drop_buried(txn, account, mail);
    return {};
}

} // namespace

Task<Result<std::vector<GoneMail>>> gone_mails(Office& office, model::AccountId account) {
    std::function<Result<std::vector<GoneMail>>(Snapshot&)> work =
        [account](Snapshot& snapshot) -> Result<std::vector<GoneMail>> {
        std::vector<GoneMail> all;
        for (const auto& mail : store::list_buried(snapshot, account, kListed)) {
            GoneMail one;
            one.id = mail.id.value;
            if (const auto folder = store::find_collection(snapshot, account, mail.collection))
                one.folder = folder->name;
            if (const auto digest = mime::decode(mail.digest)) {
                one.subject = digest->subject;
                one.from = mime::display(digest->from);
            }
            one.size = mail.size;
            one.gone_us = mail.gone_us;
            all.push_back(std::move(one));
        }
        return all;
    };
    co_return co_await office.db.read<std::vector<GoneMail>>(account, std::move(work));
}

Task<Result<std::uint64_t>>
recover_mails(Office& office, model::AccountId account, std::int64_t id) {
    std::function<Result<std::uint64_t>(Txn&)> work = [account,
                                                       id](Txn& txn) -> Result<std::uint64_t> {
        std::uint64_t count = 0;
        for (const auto& mail : store::list_buried(txn, account, kListed)) {
            if (id != 0 && mail.id.value != id)
                continue;
            CHECK_OK(bring_back(txn, account, mail));
            ++count;
        }
        if (id != 0 && count == 0)
            return fail(Code::not_found, "no such mail");
        return count;
    };
    co_return co_await office.db.write<std::uint64_t>(account, std::move(work));
}

} // namespace lockstep::office
