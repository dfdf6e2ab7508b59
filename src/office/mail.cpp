// Acts on stored mail.
#include "office/mail.hpp"

#include "office/detained.hpp"

#include "base/pack.hpp"
#include "office/conversations.hpp"
#include "office/delivery_recipients.hpp"
#include "store/collections.hpp"

namespace lockstep::office {

std::string pack(const MailProps& props) {
    if (props == MailProps{})
        return {};
    Packer out;
    out.number(1); // version
    out.number(static_cast<std::uint64_t>(props.follow_up));
    out.text(props.follow_up_text);
    out.text(props.follow_up_fields);
    out.number(props.categories.size());
    for (const auto& category : props.categories)
        out.text(category);
    out.number(static_cast<std::uint64_t>(props.last_verb));
    out.integer(props.last_verb_us);
    return out.take();
}

MailProps unpack_mail_props(std::string_view text) {
    if (text.empty())
        return {};
    Unpacker in(text);
    if (in.number() != 1)
        return {};
    MailProps props;
    props.follow_up = static_cast<int>(in.number());
    props.follow_up_text = in.text();
    props.follow_up_fields = in.text();
    const auto categories = in.count();
    for (std::size_t i = 0; i < categories && in.ok(); ++i)
        props.categories.emplace_back(in.text());
    props.last_verb = static_cast<int>(in.number());
    props.last_verb_us = in.integer();
    return in.ok() ? props : MailProps{};
}

Result<model::Item> add_mail(
    store::Txn& txn, const Folder& folder, store::Blob blob, const mime::Digest& digest,
    std::string packed_digest, std::int64_t flags, std::int64_t received_us, model::AuthorId author,
    bool held
) {
    if (!folder.may(model::Right::add))
        return fail(Code::forbidden, "nothing may be added to this folder");
    store::NewItem item;
    item.collection = folder.collection.id;
    item.item_class = model::ItemClass::mail;
    item.window = {received_us, received_us};
    item.flags = flags;
    item.received_us = received_us;
    item.blob = std::move(blob);
    item.uid_text = digest.message_id;
    item.digest = std::move(packed_digest);
    item.conversation_keys = conversation_keys(digest);
    item.author = author;
    item.held_by_author = held;
    return store::insert_item(txn, folder.collection.owner, item);
}

Result<model::Item> add_message(
    store::Txn& txn, Office& office, const Actor& actor, const Folder& folder, std::string message,
    std::int64_t flags
) {
    CHECK_OK(check_room(txn, {folder.collection.owner, folder.quota_bytes}));
    const auto digest = mime::make_digest(message);
    TRY(auto blob, store::make_blob(office.files, std::move(message)));
    return add_mail(
        txn, folder, std::move(blob), digest, mime::encode(digest), flags, office.clock.now_us(),
        actor.author, true
    );
}

Result<> replace_message(
    store::Txn& txn, Office& office, const Actor& actor, const Folder& folder,
    const model::Item& item, std::string message
) {
    if (!folder.may(model::Right::edit))
        return fail(Code::forbidden, "items of this folder may not be changed");
    const auto digest = mime::make_digest(message);
    store::NewContent content;
    content.digest = mime::encode(digest);
    content.conversation_keys = conversation_keys(digest);
    content.window = item.window;
    content.uid_text = digest.message_id;
    content.author = actor.author;
    TRY(content.blob, store::make_blob(office.files, std::move(message)));
    if (content.blob.hash.raw() == item.blob)
        return {};
    return store::set_content(txn, item, content);
}

Result<> set_mail_flags(
    store::Txn& txn, const Actor& actor, const Folder& folder, const model::Item& item,
    std::int64_t flags, const MailProps& props
) {
    if (!folder.may(model::Right::edit))
        return fail(Code::forbidden, "items of this folder may not be changed");
    const auto before = unpack_mail_props(item.props);
    const auto changed_bits = (flags ^ item.flags) & ~model::flag::seen;
    store::FlagParts parts;
    parts.follow_up = (changed_bits & model::flag::flagged) != 0 ||
                      props.follow_up != before.follow_up ||
                      props.follow_up_text != before.follow_up_text ||
                      props.follow_up_fields != before.follow_up_fields;
    parts.labels = props.categories != before.categories;
    parts.verb = (changed_bits & ~model::flag::flagged) != 0 ||
                 props.last_verb != before.last_verb || props.last_verb_us != before.last_verb_us;
    return store::set_flags(txn, item, flags, pack(props), actor.author, parts);
}

Result<model::Item> move_mail(
    store::Txn& txn, const Actor& actor, const Folder& from, const model::Item& item,
    const Folder& to
) {
    if (!from.may(model::Right::edit) || !to.may(model::Right::add))
        return fail(Code::forbidden, "the right to move is missing");
    if (from.collection.owner != to.collection.owner)
        return fail(Code::unsupported, "items are not moved between accounts");
    learn_from_move(txn, from.collection, to.collection, item);
    return store::move_item(txn, item, to.collection.id, actor.author);
}

Result<> remove_mail(
    store::Txn& txn, const Actor& actor, const Folder& folder, const model::Item& item,
    bool for_good
) {
    if (!folder.may(model::Right::edit))
        return fail(Code::forbidden, "items of this folder may not be removed");
    const auto trash = store::find_by_role(txn, item.owner, model::Role::trash);
    if (!for_good && trash && trash->id != item.collection) {
        CHECK_OK(store::move_item(txn, item, trash->id, actor.author));
        return {};
    }
    return store::delete_item(txn, item.owner, item.collection, item.uid, actor.author);
}

} // namespace lockstep::office
