// /copy of cards, events, tasks and notes from one account to another.
// Spec: RFC 8620 5.4. Invariants: a copy has an id of its own and says everything that the original
// says, also what JSON has no word for.
#include <deque>

#include "base/limits.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/object_kind.hpp"

namespace lockstep::jmap {
namespace {

struct CopyRequest {
    office::Owner from;
    std::optional<std::string> if_from, if_in, destroy_if;
    bool destroy = false;
    std::vector<std::pair<std::string, json::Object>> create;
};

std::expected<CopyRequest, MethodError>
read_copy(const Call& call, const office::Owner& to, const json::Object& object) {
    Arguments arguments(object);
    CopyRequest request;
    const auto from = arguments.text("fromAccountId");
    request.if_from = arguments.text("ifFromInState");
    request.if_in = arguments.text("ifInState");
    request.destroy_if = arguments.text("destroyFromIfInState");
    request.destroy = arguments.truth("onSuccessDestroyOriginal").value_or(false);
    const auto* create = arguments.object("create");
    if (!from || create == nullptr)
        arguments.wrong(from ? "create" : "fromAccountId", "is missing");
    if (auto problem = arguments.problem())
        return std::unexpected(std::move(*problem));
    const auto* owner = call.session.find(*from);
    if (owner == nullptr)
        return refuse("fromAccountNotFound");
    if (owner->id == to.id)
        return refuse("invalidArguments", "both accounts are the same");
    if (create->size() > limits::kJmapSet)
        return refuse("requestTooLarge");
    request.from = *owner;
    for (const auto& member : *create) {
        if (!member.value().is_object())
            return refuse("invalidArguments", "create holds something that is no object");
        request.create.emplace_back(
            std::string(member.key().data(), member.key().size()), member.value().get_object()
        );
    }
    return request;
}

/// One object on its way; the store thread writes `error`.
struct CopySlot {
    std::string key;
    model::ItemId source;
    model::CollectionId folder;
    json::Object wanted;
    std::string bytes;
    std::optional<MethodError> error;
};

std::expected<model::CollectionId, MethodError>
folder_of_copy(const Call& call, const ObjectKind& kind, const json::Object& object) {
    const auto* place = json::find(object, kind.membership);
    std::string_view id;
    if (place != nullptr && place->is_string())
        id = json::view(place->get_string());
    else if (place != nullptr && place->is_object() && place->get_object().size() == 1)
        id = {place->get_object().begin()->key().data(), place->get_object().begin()->key().size()};
    const auto folder = parse_collection_id(call.resolve(id));
    if (!folder)
        return refuse_property(kind.membership, "an object lies in one folder");
    return *folder;
}

/// Reads the originals; those that cannot be copied are told.
Task<std::expected<std::deque<CopySlot>, MethodError>> read_originals(
    Call& call, const ObjectKind& kind, const CopyRequest& request, json::Object& not_created
) {
    std::map<std::int64_t, std::pair<json::Object, std::string>> originals;
    std::vector<model::ItemId> ids;
    for (const auto& [key, object] : request.create)
        if (const auto id = parse_item_id(call.resolve(json::text_of(object, "id").value_or(""))))
            ids.push_back(*id);
    const ShowContext context{call.actor(), request.from};
    std::function<void(office::ObjectRecord)> visit = [&](office::ObjectRecord record) {
        if (auto shown = kind.show(context, record.item, record.bytes))
            originals[record.item.id.value] = {std::move(*shown), std::move(record.bytes)};
    };
    const auto visited = co_await office::visit_objects(
        call.office(), call.actor(), request.from, kind.item_class, std::move(ids), std::move(visit)
    );
    if (!visited)
        co_return std::unexpected(method_error(visited.error()));
    std::deque<CopySlot> slots;
    for (const auto& [key, object] : request.create) {
        const auto id = parse_item_id(call.resolve(json::text_of(object, "id").value_or("")));
        const auto found = id ? originals.find(id->value) : originals.end();
        const auto folder = folder_of_copy(call, kind, object);
        if (found == originals.end() || !folder) {
            not_created[key] = to_json(
                found == originals.end() ? MethodError{"notFound", {}, {}} : folder.error()
            );
            continue;
        }
        auto wanted = found->second.first;
        for (const auto& member : object)
            if (member.key() != "id" && member.key() != std::string(kind.membership))
                wanted[member.key()] = member.value();
        slots.push_back({key, *id, *folder, std::move(wanted), found->second.second, std::nullopt});
    }
    co_return slots;
}

/// Removes the originals of what was copied, as the client asked.
Task<void>
destroy_originals(Call& call, const ObjectKind& kind, const CopyRequest& request, json::Array ids) {
    json::Object arguments{{"accountId", account_id(request.from.id)}, {"destroy", std::move(ids)}};
    if (request.destroy_if)
        arguments["ifInState"] = *request.destroy_if;
    auto outcome = co_await set_objects(call, arguments, kind);
    const auto name = std::string(kind.type) + "/set";
    if (outcome)
        call.more.push_back({name, std::move(*outcome), call.id});
    else
        call.more.push_back({"error", to_json(outcome.error()), call.id});
}

/// Blob names in the shown original lead to bytes that the stored form holds itself.
std::vector<office::ObjectEdit>
edits_of_copy(const ObjectKind& kind, const WriteContext& context, std::deque<CopySlot>& slots) {
    std::vector<office::ObjectEdit> edits;
    for (auto& slot : slots) {
        office::ObjectEdit edit{office::ObjectEdit::Kind::create, {}, slot.folder, {}, {}, false};
        edit.rewrite = [&kind, &context,
                        &slot](const model::Item&, std::string_view) -> Result<std::string> {
            auto written = kind.write(context, {}, slot.bytes, slot.wanted);
            if (written)
                return std::move(*written);
            slot.error = std::move(written).error();
            return fail(Code::bad_value, "the copy makes no sense");
        };
        edits.push_back(std::move(edit));
    }
    return edits;
}

/// Tells what was copied and what was not; the originals of the first.
Task<json::Array> tell_copies(
    Call& call, const office::Owner& to, const ObjectKind& kind, const std::deque<CopySlot>& slots,
    const std::vector<Result<model::Item>>& done, json::Object& created, json::Object& not_created
) {
    json::Array copied;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto& slot = slots[i];
        if (done[i]) {
            created[slot.key] = json::Object{{"id", item_id(done[i]->id)}};
            call.session.created[slot.key] = item_id(done[i]->id);
            copied.emplace_back(item_id(slot.source));
            continue;
        }
        auto error = slot.error ? *slot.error : set_error(done[i].error());
        if (!slot.error && done[i].error().code == Code::exists) {
            const auto known = co_await office::find_object(
                call.office(), call.actor(), to, kind.item_class,
                std::string(json::text_of(slot.wanted, kind.uid).value_or(""))
            );
            error = {"alreadyExists", {}, {}};
            if (known && *known)
                error.more["existingId"] = item_id(*known);
        }
        not_created[slot.key] = to_json(error);
    }
    co_return copied;
}

} // namespace

Task<Outcome> copy_objects(Call& call, const json::Object& object, const ObjectKind& kind) {
    const auto to = call.account(object);
    if (!to)
        co_return std::unexpected(to.error());
    const auto request = read_copy(call, *to, object);
    if (!request)
        co_return std::unexpected(request.error());
    if (to->best_right() < model::Right::add)
        co_return refuse("accountReadOnly");
    auto source =
        co_await office::shelf(call.office(), call.actor(), request->from, kind.item_class);
    CO_GET(const auto from_shelf, std::move(source));
    auto target = co_await office::shelf(call.office(), call.actor(), *to, kind.item_class);
    CO_GET(const auto before, std::move(target));
    const auto old_state = office::text_of(before.items);
    if ((request->if_from && *request->if_from != office::text_of(from_shelf.items)) ||
        (request->if_in && *request->if_in != old_state))
        co_return refuse("stateMismatch");
    json::Object created, not_created;
    auto slots = co_await read_originals(call, kind, *request, not_created);
    if (!slots)
        co_return std::unexpected(std::move(slots).error());
    json::Array shown;
    for (const auto& slot : *slots)
        shown.push_back(slot.wanted);
    auto blobs = co_await read_named_blobs(call, request->from, json::Value(std::move(shown)));
    if (!blobs)
        co_return std::unexpected(std::move(blobs).error());
    const WriteContext context{
        call.actor(), *to, call.office().clock.now_us() / 1'000'000, std::move(*blobs)
    };
    auto edits = edits_of_copy(kind, context, *slots);
    auto ended = co_await office::edit_objects(
        call.office(), call.actor(), *to, kind.item_class, std::move(edits)
    );
    CO_GET(const auto done, std::move(ended));
    auto copied = co_await tell_copies(call, *to, kind, *slots, done, created, not_created);
    auto finished = co_await office::shelf(call.office(), call.actor(), *to, kind.item_class);
    CO_GET(const auto after, std::move(finished));
    if (request->destroy && !copied.empty())
        co_await destroy_originals(call, kind, *request, std::move(copied));
    const auto or_null = [](json::Object& members) {
        return members.empty() ? json::Value(nullptr) : json::Value(std::move(members));
    };
    co_return json::Object{
        {"fromAccountId", account_id(request->from.id)},
        {"accountId", account_id(to->id)},
        {"oldState", old_state},
        {"newState", office::text_of(after.items)},
        {"created", or_null(created)},
        {"notCreated", or_null(not_created)},
    };
}

} // namespace lockstep::jmap
