// /get and /changes of cards, tasks and notes.
// Spec: RFC 8620 5.1, 5.2.
#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "protocols/jmap/blobs.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/object_kind.hpp"

namespace lockstep::jmap {
namespace {

/// Every object of the class, when the client asked for all of them and they are few enough.
Task<std::expected<std::vector<std::string>, MethodError>>
all_object_ids(Call& call, const office::Owner& owner, model::ItemClass item_class) {
    auto found = co_await office::list_objects(
        call.office(), call.actor(), owner, item_class, {}, limits::kJmapGet + 1
    );
    CO_GET(const auto ids, std::move(found));
    if (ids.size() > limits::kJmapGet)
        co_return refuse("requestTooLarge", "there are more than maxObjectsInGet");
    std::vector<std::string> all;
    for (const auto id : ids)
        all.push_back(item_id(id));
    co_return all;
}

} // namespace

std::string make_uuid() {
    auto bytes = random_bytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40); // RFC 9562 5.4: version 4
    bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
    const auto text = hex(bytes);
    return text.substr(0, 8) + "-" + text.substr(8, 4) + "-" + text.substr(12, 4) + "-" +
           text.substr(16, 4) + "-" + text.substr(20);
}

std::optional<ObjectId> parse_object_id(const ObjectKind& kind, std::string_view id) {
    const auto dash = id.find('-');
    if (dash != std::string_view::npos && kind.patch_instance == nullptr)
        return std::nullopt;
    const auto item = parse_item_id(id.substr(0, dash));
    if (!item)
        return std::nullopt;
    ObjectId out{*item, {}};
    if (dash != std::string_view::npos)
        out.instance = id.substr(dash + 1);
    return out;
}

void add_blob(const model::Item& item, const GetRequest& request, json::Object& object) {
    if (request.properties && request.wants("blobId"))
        object["blobId"] = blob_id({BlobRef::Kind::item, item.id.value, item.content.value});
}

void add_place(const ObjectKind& kind, const model::Item& item, json::Object& object) {
    object["id"] = item_id(item.id);
    const auto folder = collection_id(item.collection);
    if (kind.one_folder)
        object[{kind.membership.data(), kind.membership.size()}] = folder;
    else
        object[{kind.membership.data(), kind.membership.size()}] = json::Object{{folder, true}};
}

Task<Outcome> get_objects(Call& call, const json::Object& object, const ObjectKind& kind) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, {});
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request->ids) {
        auto all = co_await all_object_ids(call, *owner, kind.item_class);
        if (!all)
            co_return std::unexpected(std::move(all).error());
        request->ids = std::move(*all);
    }
    auto state = co_await office::shelf(call.office(), call.actor(), *owner, kind.item_class);
    CO_GET(const auto shelf, std::move(state));
    std::vector<model::ItemId> ids;
    for (const auto& id : *request->ids)
        if (const auto number = parse_item_id(id))
            ids.push_back(*number);
    GetResponse response{account_id(owner->id), office::text_of(shelf.items), {}, {}};
    std::set<std::string> found;
    const ShowContext context{call.actor(), *owner};
    std::function<void(office::ObjectRecord)> visit = [&](office::ObjectRecord record) {
        auto shown = kind.show(context, record.item, record.bytes);
        if (!shown)
            return; // what cannot be read is not there
        found.insert(item_id(record.item.id));
        add_place(kind, record.item, *shown);
        add_blob(record.item, *request, *shown);
        response.list.push_back(pick(std::move(*shown), *request));
    };
    const auto visited = co_await office::visit_objects(
        call.office(), call.actor(), *owner, kind.item_class, std::move(ids), std::move(visit)
    );
    if (!visited)
        co_return std::unexpected(method_error(visited.error()));
    for (const auto& id : *request->ids)
        if (!found.contains(id))
            response.not_found.emplace_back(id);
    co_return response.take();
}

Task<Outcome> object_changes(Call& call, const json::Object& object, const ObjectKind& kind) {
    co_return co_await answer_changes(call, object, kind.item_class, 'i', office::item_changes);
}

Task<std::expected<std::map<std::string, std::string>, MethodError>>
read_named_blobs(Call& call, const office::Owner& owner, const json::Value& value) {
    std::map<std::string, std::string> out;
    std::vector<const json::Value*> open{&value};
    while (!open.empty()) {
        const auto* at = open.back();
        open.pop_back();
        if (at->is_array())
            for (const auto& each : at->get_array())
                open.push_back(&each);
        if (!at->is_object())
            continue;
        for (const auto& member : at->get_object()) {
            const std::string_view name(member.key().data(), member.key().size());
            if ((name == "blobId" || name.ends_with("/blobId")) && member.value().is_string())
                out.emplace(json::view(member.value().get_string()), "");
            else
                open.push_back(&member.value());
        }
    }
    if (out.size() > limits::kJmapSources)
        co_return refuse("requestTooLarge", "too many blobs are named");
    for (auto& [id, uri] : out) {
        const auto ref = parse_blob_id(call.resolve(id));
        if (!ref)
            continue; // said where it is used
        const auto found = co_await find_blob(call.office(), call.actor(), owner, *ref);
        if (!found || found->size() > limits::kCardProperty / 2)
            continue;
        const auto bytes = co_await read_blob(call.office(), call.actor(), owner, *ref);
        if (!bytes)
            continue;
        const auto type = found->span.type.empty() ? "application/octet-stream" : found->span.type;
        uri = "data:" + type + ";base64," + base64(*bytes);
    }
    std::erase_if(out, [](const auto& each) { return each.second.empty(); });
    co_return out;
}

} // namespace lockstep::jmap
