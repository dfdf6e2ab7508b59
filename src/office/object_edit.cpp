// Edits in one job, by the same functions as every door.
#include "office/object_edit.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "codec/ical/itip.hpp"
#include "office/changes.hpp"
#include "office/objects.hpp"
#include "office/scheduling.hpp"
#include "store/collections.hpp"

namespace lockstep::office {
namespace {

/// What the edits of one job share.
struct EditRun {
    Office& office;
    const Actor& actor;
    const Owner& owner;
    model::ItemClass item_class;
    const Reach& reach;
    bool told = false; ///< something waits to be sent
};

Result<Folder>
folder_of_class(store::Txn& txn, const EditRun& run, model::CollectionId id, model::Right needed) {
    auto folder = open_folder(txn, run.reach, id, needed);
    if (!folder && folder.error().code == Code::forbidden)
        return folder;
    if (!folder || folder->collection.item_class != run.item_class)
        return fail(Code::bad_value, "there is no such folder");
    return folder;
}

/// Whether the UID is taken by another object of the class.
bool uid_is_taken(store::Txn& txn, const EditRun& run, const std::string& uid, model::ItemId but) {
    if (uid.empty())
        return false;
    for (const auto& folder : store::list_collections(txn, run.owner.id)) {
        if (folder.item_class != run.item_class)
            continue;
        const auto found = store::find_by_uid_text(txn, run.owner.id, folder.id, uid);
        if (found && found->id != but)
            return true;
    }
    return false;
}

ical::Participant invited_self(const EditRun& run) {
    return {
        {lower(run.actor.account.address)},
        run.actor.account.name,
        ical::zone_or_utc(run.actor.account.zone),
        run.office.clock.now_us() / 1'000'000
    };
}

std::string participation(const ical::Component& event, const ical::Participant& self) {
    const auto* attendee = ical::find_attendee(event, self);
    return attendee == nullptr ? std::string() : upper(attendee->parameter("PARTSTAT"));
}

/// What an invited actor answers by this change, to the organizer.
void add_answers(
    const EditRun& run, std::string_view before, std::string_view after, MeetingChange& change
) {
    const auto self = invited_self(run);
    const auto now = ical::parse(after.empty() ? before : after);
    if (!now || self.is(ical::organizer_of(*now)) || ical::organizer_of(*now).empty())
        return;
    const auto was = ical::parse(before);
    for (const auto& event : now->children) {
        if (event.name != "VEVENT")
            continue;
        std::string old;
        if (was)
            for (const auto& other : was->children)
                if (other.name == "VEVENT" &&
                    other.value_of("RECURRENCE-ID") == event.value_of("RECURRENCE-ID"))
                    old = participation(other, self);
        const auto said = after.empty() ? std::string("DECLINED") : participation(event, self);
        const bool silent = said.empty() || said == "NEEDS-ACTION";
        if (silent || said == old || (after.empty() && (old.empty() || old == "NEEDS-ACTION")))
            continue;
        change.messages.push_back(ical::answer_message(event, {said, {}, {}}, self));
    }
}

/// The bytes to store, after the messages that the change makes due were queued.
Result<std::string>
settle_meeting(store::Txn& txn, EditRun& run, std::string_view before, std::string after) {
    const bool removed = after.empty();
    TRY(auto change, plan_meeting(run.office, run.actor, before, std::move(after)));
    add_answers(run, before, removed ? std::string_view() : change.bytes, change);
    if (!change.messages.empty()) {
        run.told = true;
        CHECK_OK(queue_meeting(txn, run.office, run.actor, run.owner.id, change));
    }
    return std::move(change.bytes);
}

Result<model::Item> create_object(store::Txn& txn, EditRun& run, const ObjectEdit& edit) {
    TRY(const auto folder, folder_of_class(txn, run, edit.folder, model::Right::add));
    TRY(auto bytes, edit.rewrite({}, {}));
    TRY(const auto index, index_object(run.item_class, bytes, run.actor.account.zone));
    if (uid_is_taken(txn, run, index.uid, {}))
        return fail(Code::exists, "an object with this UID is there already");
    if (edit.tell && run.item_class == model::ItemClass::event) {
        TRY(bytes, settle_meeting(txn, run, {}, std::move(bytes)));
    }
    return add_object(txn, run.office, run.actor, folder, std::move(bytes), false);
}

Result<model::Item> find_edited(store::Txn& txn, const EditRun& run, const ObjectEdit& edit) {
    auto item = store::find_item(txn, run.owner.id, edit.id);
    if (!item || item->item_class != run.item_class || !run.owner.sees(item->collection))
        return fail(Code::not_found, "no such object");
    return std::move(*item);
}

Result<model::Item> update_object(store::Txn& txn, EditRun& run, const ObjectEdit& edit) {
    TRY(auto item, find_edited(txn, run, edit));
    TRY(const auto folder, folder_of_class(txn, run, item.collection, model::Right::edit));
    auto target = item.collection;
    if (edit.place) {
        TRY(target, edit.place(item));
    }
    const bool moves = target != item.collection;
    if (moves)
        CHECK_OK(folder_of_class(txn, run, target, model::Right::add));
    if (edit.rewrite) {
        TRY(const auto stored, object_bytes(txn, run.office, item));
        TRY(auto bytes, edit.rewrite(item, stored));
        if (bytes != stored) {
            TRY(const auto index, index_object(run.item_class, bytes, run.actor.account.zone));
            if (index.uid != item.uid_text && uid_is_taken(txn, run, index.uid, item.id))
                return fail(Code::exists, "an object with this UID is there already");
            if (edit.tell && run.item_class == model::ItemClass::event) {
                TRY(bytes, settle_meeting(txn, run, stored, std::move(bytes)));
            }
            CHECK_OK(replace_object(txn, run.office, run.actor, folder, item, std::move(bytes)));
            item = *store::find_item(txn, run.owner.id, edit.id);
        }
    }
    if (!moves)
        return item;
    return store::move_item(txn, item, target, run.actor.author);
}

Result<model::Item> remove_one(store::Txn& txn, EditRun& run, const ObjectEdit& edit) {
    TRY(auto item, find_edited(txn, run, edit));
    TRY(const auto folder, folder_of_class(txn, run, item.collection, model::Right::edit));
    if (edit.rewrite) { // a last look by the door, which may refuse
        TRY(const auto stored, object_bytes(txn, run.office, item));
        CHECK_OK(edit.rewrite(item, stored));
    }
    if (edit.tell && run.item_class == model::ItemClass::event) {
        TRY(const auto stored, object_bytes(txn, run.office, item));
        CHECK_OK(settle_meeting(txn, run, stored, {}));
    }
    CHECK_OK(remove_object(txn, run.actor, folder, item));
    return item;
}

Result<model::Item> edit_object(store::Txn& txn, EditRun& run, const ObjectEdit& edit) {
    switch (edit.kind) {
    case ObjectEdit::Kind::create:
        return create_object(txn, run, edit);
    case ObjectEdit::Kind::update:
        return update_object(txn, run, edit);
    case ObjectEdit::Kind::remove:
        return remove_one(txn, run, edit);
    }
    return fail(Code::internal, "an edit of no kind");
}

} // namespace

Task<Result<std::vector<Result<model::Item>>>> edit_objects(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    std::vector<ObjectEdit> edits
) {
    using Done = std::vector<Result<model::Item>>;
    CO_TRY(const auto range, co_await reach(office, actor, owner.id));
    EditRun run{office, actor, owner, item_class, range};
    std::function<Result<Done>(store::Txn&)> work = [&](store::Txn& txn) -> Result<Done> {
        Done out;
        for (const auto& edit : edits)
            out.push_back(edit_object(txn, run, edit));
        return out;
    };
    auto done = co_await office.db.write<Done>(owner.id, std::move(work));
    if (done && run.told)
        co_await send_queued_letters(office, owner.id);
    co_return done;
}

} // namespace lockstep::office
