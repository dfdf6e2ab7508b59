// Three steps, each a job of one file: read, put, take. In one file the last two are one commit.
#include "office/transfer.hpp"

#include "office/conversations.hpp"
#include "office/delivery_recipients.hpp"
#include "office/jobs.hpp"
#include "office/objects.hpp"

namespace lockstep::office {
namespace {

using model::Item;
using model::ItemClass;
using model::Right;
using model::Uid;

constexpr int kTries = 3; ///< copies made of an item that changes meanwhile

/// What is copied.
struct Parcel {
    Item item;
    std::string bytes;
    std::string digest;
};

Result<std::optional<Parcel>>
load(store::Snapshot& snapshot, Office& office, const Transfer& transfer) {
    auto item = store::find_item(
        snapshot, transfer.from.collection.owner, transfer.from.collection.id, transfer.uid
    );
    if (!item)
        return std::nullopt;
    Parcel parcel;
    TRY(parcel.bytes, object_bytes(snapshot, office, *item));
    if (item->item_class == ItemClass::mail)
        parcel.digest = store::find_digest(snapshot, item->owner, item->id);
    parcel.item = std::move(*item);
    return parcel;
}

Result<Item> insert(
    store::Txn& txn, Office& office, const Actor& actor, const Transfer& transfer, Parcel parcel
) {
    const auto& to = transfer.to.collection;
    if (to.item_class != ItemClass::mail) {
        const auto known =
            parcel.item.uid_text.empty()
                ? std::nullopt
                : store::find_by_uid_text(txn, to.owner, to.id, parcel.item.uid_text);
        if (!known)
            return add_object(
                txn, office, actor, transfer.to, std::move(parcel.bytes), /*held=*/false
            );
        CHECK_OK(replace_object(txn, office, actor, transfer.to, *known, std::move(parcel.bytes)));
        return *known;
    }
    CHECK_OK(check_room(txn, {to.owner, transfer.to.quota_bytes}));
    store::NewItem copy;
    copy.collection = to.id;
    copy.item_class = ItemClass::mail;
    copy.window = parcel.item.window;
    copy.flags = parcel.item.flags;
    copy.received_us = parcel.item.received_us;
    copy.uid_text = parcel.item.uid_text;
    copy.props = parcel.item.props;
    if (const auto digest = mime::decode(parcel.digest))
        copy.conversation_keys = conversation_keys(*digest);
    copy.digest = std::move(parcel.digest);
    copy.author = actor.author;
    TRY(copy.blob, store::make_blob(office.files, std::move(parcel.bytes)));
    return store::insert_item(txn, to.owner, copy);
}

/// Copies, or finds the copy that this move made before. `again`: the original was changed since
/// this call copied it.
Result<Uid>
put(store::Txn& txn, Office& office, const Actor& actor, const Transfer& transfer, Parcel parcel,
    bool again) {
    const auto& to = transfer.to.collection;
    const auto before = store::find_client_op(txn, to.owner, actor.author, to.id, transfer.name);
    if (!before) {
        TRY(const auto copy, insert(txn, office, actor, transfer, std::move(parcel)));
        store::add_client_op(
            txn, to.owner, actor.author, to.id, transfer.name, copy.uid, office.clock.now_us()
        );
        return copy.uid;
    }
    const auto copy = store::find_item(txn, to.owner, to.id, *before);
    if (!copy || copy->blob == parcel.item.blob)
        return *before;
    if (!again || to.item_class == ItemClass::mail)
        return fail(Code::conflict, "the item and its copy differ");
    CHECK_OK(replace_object(txn, office, actor, transfer.to, *copy, std::move(parcel.bytes)));
    return *before;
}

/// Removes the original. False when it is no longer what was copied.
Result<bool>
take(store::Txn& txn, const Actor& actor, const Transfer& transfer, model::ChangeSeq copied) {
    const auto& from = transfer.from.collection;
    const auto item = store::find_item(txn, from.owner, from.id, transfer.uid);
    if (!item)
        return true;
    if (item->modseq != copied)
        return false;
    CHECK_OK(store::delete_item(txn, from.owner, from.id, transfer.uid, actor.author));
    return true;
}

/// The uid that this move led to before.
Result<Uid> moved_before(store::Snapshot& snapshot, const Actor& actor, const Transfer& transfer) {
    const auto& to = transfer.to.collection;
    const auto uid = store::find_client_op(snapshot, to.owner, actor.author, to.id, transfer.name);
    if (!uid)
        return fail(Code::not_found, "no such item");
    return *uid;
}

Task<Result<Uid>> within_one_file(Office& office, const Actor& actor, const Transfer& transfer) {
    std::function<Result<Uid>(store::Txn&)> work = [&](store::Txn& txn) -> Result<Uid> {
        TRY(auto parcel, load(txn, office, transfer));
        if (!parcel)
            return moved_before(txn, actor, transfer);
        const auto copied = parcel->item.modseq;
        TRY(const auto uid, put(txn, office, actor, transfer, std::move(*parcel), false));
        TRY(const bool taken, take(txn, actor, transfer, copied));
        if (!taken)
            return fail(Code::internal, "an item changed inside a transaction");
        return uid;
    };
    co_return co_await office.db.write<Uid>(transfer.from.collection.owner, std::move(work));
}

Task<Result<Uid>>
between_files(Office& office, const Actor& actor, const Transfer& transfer, bool again) {
    const auto source = transfer.from.collection.owner;
    const auto target = transfer.to.collection.owner;
    std::function<Result<std::optional<Parcel>>(store::Snapshot&)> reading =
        [&](store::Snapshot& snapshot) { return load(snapshot, office, transfer); };
    CO_TRY(auto parcel, co_await office.db.read<std::optional<Parcel>>(source, std::move(reading)));
    if (!parcel) {
        std::function<Result<Uid>(store::Snapshot&)> look = [&](store::Snapshot& snapshot) {
            return moved_before(snapshot, actor, transfer);
        };
        co_return co_await office.db.read<Uid>(target, std::move(look));
    }
    const auto copied = parcel->item.modseq;
    std::function<Result<Uid>(store::Txn&)> putting = [&](store::Txn& txn) {
        return put(txn, office, actor, transfer, std::move(*parcel), again);
    };
    CO_TRY(const auto uid, co_await office.db.write<Uid>(target, std::move(putting)));
    std::function<Result<bool>(store::Txn&)> taking = [&](store::Txn& txn) {
        return take(txn, actor, transfer, copied);
    };
    CO_TRY(const bool taken, co_await office.db.write<bool>(source, std::move(taking)));
    if (!taken)
        co_return fail(Code::stale, "the item changed while it was copied");
    co_return uid;
}

} // namespace

Task<Result<Uid>> transfer_item(Office& office, const Actor& actor, Transfer transfer) {
    if (!transfer.from.may(Right::edit) || !transfer.to.may(Right::add))
        co_return fail(Code::forbidden, "the right to move is missing");
    if (transfer.from.collection.item_class != transfer.to.collection.item_class)
        co_return fail(Code::bad_value, "the folder holds items of another kind");
    if (office.db.same_file(transfer.from.collection.owner, transfer.to.collection.owner))
        co_return co_await within_one_file(office, actor, transfer);
    for (int tries = 0; tries < kTries; ++tries) {
        const auto uid = co_await between_files(office, actor, transfer, tries > 0);
        if (uid || uid.error().code != Code::stale)
            co_return uid;
    }
    co_return fail(Code::conflict, "the item changes faster than it can be copied");
}

} // namespace lockstep::office
