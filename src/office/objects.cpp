// Objects of the four personal-information classes.
#include "office/objects.hpp"

#include "codec/ical/index.hpp"
#include "codec/vcard/index.hpp"
#include "office/delivery_recipients.hpp"

namespace lockstep::office {

Result<ObjectIndex>
index_object(model::ItemClass item_class, std::string_view bytes, std::string_view zone) {
    switch (item_class) {
    case model::ItemClass::event: {
        TRY(const auto index, ical::index_event(bytes, zone));
        return ObjectIndex{index.uid, {index.low_us, index.high_us}};
    }
    case model::ItemClass::todo: {
        TRY(const auto index, ical::index_todo(bytes, zone));
        return ObjectIndex{index.uid, {model::kEver, index.high_us}};
    }
    case model::ItemClass::note: {
        TRY(const auto index, ical::index_journal(bytes, zone));
        return ObjectIndex{index.uid, {}};
    }
    case model::ItemClass::contact: {
        TRY(const auto index, vcard::index_card(bytes));
        return ObjectIndex{index.uid, {}};
    }
    case model::ItemClass::mail:
        break;
    }
    return fail(Code::internal, "mail is no object");
}

Result<model::Item> add_object(
    store::Txn& txn, Office& office, const Actor& actor, const Folder& folder, std::string bytes,
    bool held
) {
    if (!folder.may(model::Right::add))
        return fail(Code::forbidden, "nothing may be added to this folder");
    TRY(const auto index, index_object(folder.collection.item_class, bytes, actor.account.zone));
    store::NewItem item;
    item.collection = folder.collection.id;
    item.item_class = folder.collection.item_class;
    item.window = index.window;
    item.received_us = office.clock.now_us();
    item.uid_text = index.uid;
    item.author = actor.author;
    item.held_by_author = held;
    CHECK_OK(check_room(txn, {folder.collection.owner, folder.quota_bytes}));
    TRY(item.blob, store::make_blob(office.files, std::move(bytes)));
    return store::insert_item(txn, folder.collection.owner, item);
}

Result<> replace_object(
    store::Txn& txn, Office& office, const Actor& actor, const Folder& folder,
    const model::Item& item, std::string bytes
) {
    if (!folder.may(model::Right::edit))
        return fail(Code::forbidden, "items of this folder may not be changed");
    TRY(const auto index, index_object(item.item_class, bytes, actor.account.zone));
    store::NewContent content;
    TRY(content.blob, store::make_blob(office.files, std::move(bytes)));
    if (content.blob.hash.raw() == item.blob)
        return {};
    // What only shrinks must go through in a full account.
    if (static_cast<std::int64_t>(content.blob.size) > item.size)
        CHECK_OK(check_room(txn, {folder.collection.owner, folder.quota_bytes}));
    content.window = index.window;
    content.uid_text = index.uid;
    content.author = actor.author;
    return store::set_content(txn, item, content);
}

Result<>
remove_object(store::Txn& txn, const Actor& actor, const Folder& folder, const model::Item& item) {
    if (!folder.may(model::Right::edit))
        return fail(Code::forbidden, "items of this folder may not be removed");
    return store::delete_item(txn, item.owner, item.collection, item.uid, actor.author);
}

Result<std::string>
object_bytes(store::Snapshot& snapshot, Office& office, const model::Item& item) {
    return store::read_blob(snapshot, office.files, item.owner, item.blob);
}

} // namespace lockstep::office
