// Edits in one job, by the same functions as every door.
#include "office/mail_edit.hpp"

#include <map>

#include "base/limits.hpp"
#include "office/delivery_recipients.hpp"
#include "office/jobs.hpp"

namespace lockstep::office {
namespace {

using Folders = std::map<model::CollectionId, Folder>;

/// Where the mails lie; none for what is not there.
Task<Result<std::vector<model::CollectionId>>>
places(Office& office, const Owner& owner, const std::vector<MailEdit>& edits) {
    std::function<Result<std::vector<model::CollectionId>>(Snapshot&)> work =
        [&](Snapshot& snapshot) -> Result<std::vector<model::CollectionId>> {
        std::vector<model::CollectionId> out;
        for (const auto& edit : edits) {
            const auto item = find_item(snapshot, owner.id, edit.id);
            out.push_back(item ? item->collection : model::CollectionId{});
        }
        return out;
    };
    co_return co_await office.db.read<std::vector<model::CollectionId>>(owner.id, std::move(work));
}

/// Every folder that the edits touch and the actor may read.
Task<Result<Folders>> touched_folders(
    Office& office, const Actor& actor, const Owner& owner, const std::vector<MailEdit>& edits
) {
    CO_TRY(const auto from, co_await places(office, owner, edits));
    std::set<model::CollectionId> wanted(from.begin(), from.end());
    for (const auto& edit : edits) {
        if (edit.folders)
            wanted.insert(edit.folders->begin(), edit.folders->end());
        for (const auto& [id, in] : edit.places)
            wanted.insert(id);
    }
    Folders folders;
    for (const auto id : wanted) {
        if (!id)
            continue;
        auto folder = co_await open_folder(office, actor, owner.id, id, model::Right::read);
        if (folder)
            folders.emplace(id, std::move(*folder));
        else if (folder.error().code != Code::not_found && folder.error().code != Code::forbidden)
            co_return std::unexpected(folder.error());
    }
    co_return folders;
}

Marks edited(const model::Item& item, const MailEdit& edit) {
    const Marks before{item.flags, unpack_mail_props(item.props)};
    auto keywords = edit.keywords ? *edit.keywords : keywords_of(before.flags, before.props);
    for (const auto& [keyword, on] : edit.marks) {
        if (on)
            keywords.insert(keyword);
        else
            keywords.erase(keyword);
    }
    return with_keywords(before, keywords);
}

/// The one folder that the mail lies in afterwards.
Result<model::CollectionId> target_of(const model::Item& item, const MailEdit& edit) {
    auto after = edit.folders.value_or(std::set{item.collection});
    for (const auto& [id, in] : edit.places) {
        if (in)
            after.insert(id);
        else
            after.erase(id);
    }
    if (after.empty())
        return fail(Code::bad_value, "a mail lies in a mailbox");
    if (after.size() > 1)
        return fail(Code::too_large, "a mail lies in one mailbox only");
    return *after.begin();
}

Result<> edit_one(
    Txn& txn, const Actor& actor, const Owner& owner, const Folders& folders, const MailEdit& edit
) {
    auto item = find_item(txn, owner.id, edit.id);
    const auto from = item ? folders.find(item->collection) : folders.end();
    if (from == folders.end() || item->item_class != model::ItemClass::mail)
        return fail(Code::not_found, "no such mail");
    if (edit.remove)
        return remove_mail(txn, actor, from->second, *item, true);
    TRY(const auto target, target_of(*item, edit));
    const auto to = folders.find(target);
    if (to == folders.end() || to->second.collection.item_class != model::ItemClass::mail)
        return fail(Code::bad_value, "there is no such mailbox");
    // Both rights are looked at before anything is written: a mail is changed wholly or not at all.
    const bool moves = to != from;
    if (!from->second.may(model::Right::edit) || (moves && !to->second.may(model::Right::add)))
        return fail(Code::forbidden, "the right to change this mail is missing");
    if (edit.keywords || !edit.marks.empty()) {
        const auto marks = edited(*item, edit);
        CHECK_OK(set_mail_flags(txn, actor, from->second, *item, marks.flags, marks.props));
        item = find_item(txn, owner.id, edit.id);
    }
    if (!moves)
        return {};
    const auto moved = move_mail(txn, actor, from->second, *item, to->second);
    return moved ? Result<>() : std::unexpected(moved.error());
}

} // namespace

Task<Result<std::vector<Result<>>>>
edit_mails(Office& office, const Actor& actor, const Owner& owner, std::vector<MailEdit> edits) {
    CO_TRY(const auto folders, co_await touched_folders(office, actor, owner, edits));
    std::function<Result<std::vector<Result<>>>(Txn&)> work = [&](Txn& txn
                                                              ) -> Result<std::vector<Result<>>> {
        std::vector<Result<>> out;
        for (const auto& edit : edits)
            out.push_back(edit_one(txn, actor, owner, folders, edit));
        return out;
    };
    co_return co_await office.db.write<std::vector<Result<>>>(owner.id, std::move(work));
}

Task<Result<Filed>> file_mail(
    Office& office, const Actor& actor, model::AccountId owner, model::CollectionId id, NewMail mail
) {
    CO_TRY(const auto folder, co_await open_folder(office, actor, owner, id, model::Right::read));
    if (folder.collection.item_class != model::ItemClass::mail)
        co_return fail(Code::not_found, "there is no such mailbox");
    if (!folder.may(model::Right::add))
        co_return fail(Code::forbidden, "nothing may be added to this mailbox");
    struct Ready {
        mime::Digest digest;
        store::Blob blob;
    };
    std::function<Result<Ready>()> prepare = [&office, &mail]() -> Result<Ready> {
        Ready ready;
        ready.digest = mime::make_digest(mail.message);
        TRY(ready.blob, store::make_blob(office.files, std::move(mail.message)));
        return ready;
    };
    auto prepared = co_await office.workers.run<Ready>(std::move(prepare));
    CO_TRY(const auto ready, std::move(prepared));
    std::function<Result<Filed>(Txn&)> work = [&](Txn& txn) -> Result<Filed> {
        CHECK_OK(check_room(txn, {owner, folder.quota_bytes}));
        TRY(auto item, add_mail(
                           txn, folder, ready.blob, ready.digest, mime::encode(ready.digest),
                           mail.marks.flags, mail.received_us, actor.author, false
                       ));
        if (mail.marks.props != MailProps{}) {
            CHECK_OK(
                store::set_flags(txn, item, mail.marks.flags, pack(mail.marks.props), actor.author)
            );
            item = *find_item(txn, owner, item.id);
        }
        const auto conversation = conversation_of(txn, owner, item.id);
        return Filed{std::move(item), conversation};
    };
    co_return co_await office.db.write<Filed>(owner, std::move(work));
}

} // namespace lockstep::office
