// /set of cards, events, tasks and notes.
// Spec: RFC 8620 5.3. Invariants: one store job for a whole /set; what the server sets or changes
// is told.
#include <deque>

#include "base/limits.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/object_kind.hpp"

namespace lockstep::jmap {
namespace {

using Folders = std::set<model::CollectionId>;

/// One object of a /set on its way. The store thread writes `wanted` and `error`.
struct Slot {
    office::ObjectEdit::Kind what = office::ObjectEdit::Kind::update;
    std::string key; ///< creation id, or the id as the client gave it
    const json::Object* given = nullptr;
    ObjectId id;
    json::Object wanted;
    std::optional<MethodError> error;
    std::optional<Folders> folders;                           ///< exactly these
    std::vector<std::pair<model::CollectionId, bool>> places; ///< in or out
    std::set<std::string, std::less<>> said;                  ///< top-level members of the client
};

std::expected<model::CollectionId, MethodError>
read_folder_id(const Call& call, const ObjectKind& kind, std::string_view id) {
    const auto folder = parse_collection_id(call.resolve(id));
    if (!folder)
        return refuse_property(kind.membership, "names no folder");
    return *folder;
}

/// Takes what an object or patch says of folders; false: the member says nothing of them.
std::expected<bool, MethodError> read_place(
    const Call& call, const ObjectKind& kind, std::string_view name, const json::Value& value,
    Slot& slot
) {
    if (name == kind.membership && kind.one_folder) {
        if (!value.is_string())
            return refuse_property(kind.membership, "is no id");
        const auto id = read_folder_id(call, kind, json::view(value.get_string()));
        if (!id)
            return std::unexpected(id.error());
        slot.folders = {*id};
        return true;
    }
    if (name == kind.membership) {
        if (!value.is_object())
            return refuse_property(kind.membership, "is no set of ids");
        slot.folders.emplace();
        for (const auto& member : value.get_object()) {
            const auto id = read_folder_id(call, kind, {member.key().data(), member.key().size()});
            if (!id || member.value() != json::Value(true))
                return refuse_property(kind.membership, "is no set of ids");
            slot.folders->insert(*id);
        }
        return true;
    }
    if (kind.one_folder || !name.starts_with(kind.membership) ||
        name.size() <= kind.membership.size() || name[kind.membership.size()] != '/')
        return false;
    const auto id =
        read_folder_id(call, kind, json::unescape_step(name.substr(kind.membership.size() + 1)));
    if (!id)
        return std::unexpected(id.error());
    if (value != json::Value(true) && !value.is_null())
        return refuse_property(kind.membership, "is no set of ids");
    slot.places.emplace_back(*id, value.is_bool());
    return true;
}

Result<model::CollectionId> placed(const Slot& slot, model::CollectionId now) {
    auto after = slot.folders.value_or(now ? Folders{now} : Folders{});
    for (const auto& [id, in] : slot.places) {
        if (in)
            after.insert(id);
        else
            after.erase(id);
    }
    if (after.size() != 1)
        return fail(Code::bad_value, "an object lies in one folder");
    return *after.begin();
}

/// Splits what the client gave into the object (or patch) and its place.
std::optional<MethodError>
split_given(const Call& call, const ObjectKind& kind, Slot& slot, json::Object& rest) {
    for (const auto& member : *slot.given) {
        const std::string_view name(member.key().data(), member.key().size());
        const auto place = read_place(call, kind, name, member.value(), slot);
        if (!place)
            return place.error();
        if (*place)
            continue;
        if (name == "id" && slot.what == office::ObjectEdit::Kind::update &&
            member.value() == json::Value(item_id(slot.id.item)))
            continue;
        if (name == "id" || name == "baseEventId")
            return invalid_properties(name, "is set by the server");
        slot.said.emplace(name.substr(0, name.find('/')));
        if (!member.value().is_null() || slot.what == office::ObjectEdit::Kind::update)
            rest[member.key()] = member.value();
    }
    return std::nullopt;
}

office::ObjectEdit make_edit(
    const ObjectKind& kind, const WriteContext& context, Slot& slot, json::Object rest, bool tell
) {
    using Kind = office::ObjectEdit::Kind;
    office::ObjectEdit edit{slot.what, slot.id.item, {}, {}, {}, tell};
    // An occurrence is destroyed by an exception of its series.
    const bool instance = !slot.id.instance.empty();
    if (slot.what == Kind::remove && !instance) {
        edit.rewrite = [&kind, &context, &slot](
                           const model::Item& item, std::string_view stored
                       ) -> Result<std::string> {
            const auto shown = kind.show({context.actor, context.owner}, item, stored);
            if (!shown && shown.error().code == Code::not_found)
                return std::unexpected(shown.error());
            if (shown && kind.keep != nullptr)
                slot.error = kind.keep(context, *shown);
            if (slot.error)
                return fail(Code::forbidden, "the object is to stay");
            return std::string();
        };
        return edit;
    }
    edit.kind = slot.what == Kind::remove ? Kind::update : slot.what;
    if (slot.what == Kind::update && (slot.folders || !slot.places.empty()))
        edit.place = [&slot](const model::Item& item) { return placed(slot, item.collection); };
    edit.rewrite = [&kind, &context, &slot, instance, rest = std::move(rest)](
                       const model::Item& item, std::string_view stored
                   ) -> Result<std::string> {
        std::expected<json::Object, MethodError> wanted = rest;
        if (slot.what != Kind::create) {
            TRY(const auto shown, kind.show({context.actor, context.owner}, item, stored));
            wanted = instance
                         ? kind.patch_instance(
                               shown, slot.id.instance, slot.what == Kind::remove ? nullptr : &rest
                           )
                         : apply_patch(shown, rest);
        }
        if (wanted) {
            slot.wanted = std::move(*wanted);
            auto written = kind.write(context, item, stored, slot.wanted);
            if (written)
                return std::move(*written);
            slot.error = std::move(written).error();
        } else {
            slot.error = std::move(wanted).error();
        }
        return fail(Code::bad_value, "the object makes no sense");
    };
    return edit;
}

void say_failure(const ObjectKind& kind, const Slot& slot, const Error& error, SetResponse& out) {
    auto said = slot.error ? *slot.error : set_error(error);
    if (!slot.error && error.code == Code::exists)
        said = invalid_properties(kind.uid, "an object with this UID is there already");
    else if (!slot.error && error.code == Code::bad_value)
        said = invalid_properties(kind.membership, error.text);
    auto& place = slot.what == office::ObjectEdit::Kind::create   ? out.not_created
                  : slot.what == office::ObjectEdit::Kind::update ? out.not_updated
                                                                  : out.not_destroyed;
    place[slot.key] = to_json(said);
}

/// What the object shows that the client did not say.
json::Object server_set(const Slot& slot, const json::Object& shown) {
    json::Object out;
    const bool fresh = slot.what == office::ObjectEdit::Kind::create;
    for (const auto& member : shown) {
        const std::string_view name(member.key().data(), member.key().size());
        const auto* wanted = json::find(slot.wanted, name);
        const bool said = slot.said.contains(name);
        if (wanted != nullptr && *wanted == member.value() && (said || !fresh))
            continue;
        out[member.key()] = member.value();
    }
    return out;
}

/// Reads the objects again and tells what the server set.
Task<std::optional<MethodError>> tell_done(
    Call& call, const office::Owner& owner, const ObjectKind& kind, std::deque<Slot>& slots,
    const std::vector<Result<model::Item>>& done, SetResponse& response
) {
    using Kind = office::ObjectEdit::Kind;
    std::map<std::int64_t, json::Object> shown;
    std::vector<model::ItemId> ids;
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (done[i] && slots[i].what != Kind::remove)
            ids.push_back(done[i]->id);
    const ShowContext context{call.actor(), owner};
    std::function<void(office::ObjectRecord)> visit = [&](office::ObjectRecord record) {
        if (auto object = kind.show(context, record.item, record.bytes))
            shown[record.item.id.value] = std::move(*object);
    };
    const auto visited = co_await office::visit_objects(
        call.office(), call.actor(), owner, kind.item_class, std::move(ids), std::move(visit)
    );
    if (!visited)
        co_return method_error(visited.error());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        auto& slot = slots[i];
        if (!done[i]) {
            say_failure(kind, slot, done[i].error(), response);
            continue;
        }
        auto news = server_set(slot, shown[done[i]->id.value]);
        if (slot.what == Kind::remove) {
            response.destroyed.emplace_back(slot.key);
        } else if (slot.what == Kind::update) {
            response.updated[slot.key] = news.empty() || !slot.id.instance.empty()
                                             ? json::Value(nullptr)
                                             : json::Value(std::move(news));
        } else {
            news["id"] = item_id(done[i]->id);
            response.created[slot.key] = std::move(news);
        }
    }
    co_return std::nullopt;
}

/// The slots of a request; those that cannot be begun are told at once.
std::deque<Slot>
slots_of(const ObjectKind& kind, const SetRequest& request, SetResponse& response) {
    using Kind = office::ObjectEdit::Kind;
    std::deque<Slot> slots;
    for (const auto& [key, object] : request.create)
        slots.push_back({Kind::create, key, &object, {}, {}, {}, {}, {}, {}});
    for (const auto& [id, patch] : request.update) {
        const auto parsed = parse_object_id(kind, id);
        if (!parsed)
            response.not_updated[request.shown.at(id)] = to_json({"notFound", {}, {}});
        else if (request.destroys(id))
            response.not_updated[request.shown.at(id)] = to_json({"willDestroy", {}, {}});
        else
            slots.push_back(
                {Kind::update, request.shown.at(id), &patch, *parsed, {}, {}, {}, {}, {}}
            );
    }
    for (const auto& id : request.destroy) {
        if (const auto parsed = parse_object_id(kind, id))
            slots.push_back(
                {Kind::remove, request.shown.at(id), nullptr, *parsed, {}, {}, {}, {}, {}}
            );
        else
            response.not_destroyed[request.shown.at(id)] = to_json({"notFound", {}, {}});
    }
    return slots;
}

/// Turns slots into edits; a slot that is refused leaves.
std::vector<office::ObjectEdit> edits_of(
    const Call& call, const ObjectKind& kind, const WriteContext& context, std::deque<Slot>& slots,
    bool tell, SetResponse& response
) {
    using Kind = office::ObjectEdit::Kind;
    std::vector<office::ObjectEdit> edits;
    std::deque<Slot> kept;
    for (auto& slot : slots) {
        json::Object rest;
        auto wrong = slot.given ? split_given(call, kind, slot, rest) : std::nullopt;
        Result<model::CollectionId> folder = model::CollectionId{};
        if (!wrong && slot.what == Kind::create) {
            folder = placed(slot, {});
            if (!folder)
                wrong = invalid_properties(kind.membership, folder.error().text);
        }
        if (wrong) {
            (slot.what == Kind::create ? response.not_created : response.not_updated)[slot.key] =
                to_json(*wrong);
            continue;
        }
        kept.push_back(std::move(slot));
        edits.push_back(make_edit(kind, context, kept.back(), std::move(rest), tell));
        if (kept.back().what == Kind::create)
            edits.back().folder = *folder;
    }
    slots = std::move(kept);
    return edits;
}

} // namespace

Task<Outcome> set_objects(Call& call, const json::Object& object, const ObjectKind& kind) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_set(call, arguments);
    const bool tell = kind.item_class == model::ItemClass::event &&
                      arguments.truth("sendSchedulingMessages").value_or(false);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (owner->best_right() < model::Right::add)
        co_return refuse("accountReadOnly");
    auto begun = co_await office::shelf(call.office(), call.actor(), *owner, kind.item_class);
    CO_GET(const auto before, std::move(begun));
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = office::text_of(before.items);
    if (request->if_in_state && *request->if_in_state != response.old_state)
        co_return refuse("stateMismatch");
    auto blobs = co_await read_named_blobs(call, *owner, json::Value(object));
    if (!blobs)
        co_return std::unexpected(std::move(blobs).error());
    const WriteContext context{
        call.actor(), *owner, call.office().clock.now_us() / 1'000'000, std::move(*blobs)
    };
    auto slots = slots_of(kind, *request, response);
    auto edits = edits_of(call, kind, context, slots, tell, response);
    auto ended = co_await office::edit_objects(
        call.office(), call.actor(), *owner, kind.item_class, std::move(edits)
    );
    CO_GET(const auto done, std::move(ended));
    const auto failed = co_await tell_done(call, *owner, kind, slots, done, response);
    if (failed)
        co_return std::unexpected(*failed);
    for (const auto& member : response.created)
        call.session.created[std::string(member.key().data(), member.key().size())] =
            *json::text_of(member.value().get_object(), "id");
    auto after = co_await office::shelf(call.office(), call.actor(), *owner, kind.item_class);
    CO_GET(const auto shelf, std::move(after));
    co_return response.take(office::text_of(shelf.items));
}

} // namespace lockstep::jmap
