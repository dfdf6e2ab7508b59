// Arguments and responses of /set, and patches.
// Spec: RFC 8620 5.3.
#include <algorithm>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

using Objects = std::vector<std::pair<std::string, json::Object>>;

/// The members of a map of objects.
Objects read_objects(Arguments& arguments, std::string_view name) {
    Objects out;
    const auto* map = arguments.object(name);
    if (map == nullptr)
        return out;
    for (const auto& member : *map) {
        if (!member.value().is_object()) {
            arguments.wrong(name, "holds something that is no object");
            return {};
        }
        out.emplace_back(
            std::string(member.key().data(), member.key().size()), member.value().get_object()
        );
    }
    return out;
}

/// Walks to the object that holds the last step of a path; nothing when a step leads nowhere.
json::Object* parent_of(json::Object& object, const std::vector<std::string_view>& steps) {
    auto* at = &object;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        auto* next = at->if_contains(json::unescape_step(steps[i]));
        if (next == nullptr || !next->is_object())
            return nullptr;
        at = &next->get_object();
    }
    return at;
}

} // namespace

bool SetRequest::destroys(std::string_view id) const {
    return std::ranges::find(destroy, id) != destroy.end();
}

std::expected<SetRequest, MethodError> read_set(const Call& call, Arguments& arguments) {
    SetRequest request;
    request.if_in_state = arguments.text("ifInState");
    request.create = read_objects(arguments, "create");
    for (const auto& [key, object] : request.create)
        if (!is_id(key))
            arguments.wrong("create", "holds a creation id that is no Id");
    for (auto& [key, patch] : read_objects(arguments, "update")) {
        const auto id = call.resolve(key);
        request.shown[id.empty() ? key : id] = key;
        request.update.emplace_back(id.empty() ? key : id, std::move(patch));
    }
    for (const auto& key : arguments.ids("destroy").value_or(std::vector<std::string>())) {
        const auto id = call.resolve(key);
        request.shown[id.empty() ? key : id] = key;
        if (!request.destroys(id.empty() ? key : id))
            request.destroy.push_back(id.empty() ? key : id);
    }
    if (request.create.size() + request.update.size() + request.destroy.size() > limits::kJmapSet)
        return refuse("requestTooLarge", "more objects than maxObjectsInSet");
    return request;
}

json::Object SetResponse::take(std::string new_state) {
    const auto shown = [](auto& members) {
        return members.empty() ? json::Value(nullptr) : json::Value(std::move(members));
    };
    return {
        {"accountId", account},
        {"oldState", old_state},
        {"newState", std::move(new_state)},
        {"created", shown(created)},
        {"updated", shown(updated)},
        {"destroyed", shown(destroyed)},
        {"notCreated", shown(not_created)},
        {"notUpdated", shown(not_updated)},
        {"notDestroyed", shown(not_destroyed)},
    };
}

std::expected<json::Object, MethodError>
apply_patch(const json::Object& object, const json::Object& patch) {
    if (patch.size() > limits::kJmapPatch)
        return refuse("invalidPatch", "the patch has too many members");
    json::Object out = object;
    for (const auto& member : patch) {
        const std::string_view path(member.key().data(), member.key().size());
        for (const auto& other : patch) {
            const std::string_view longer(other.key().data(), other.key().size());
            if (longer.size() > path.size() && longer.starts_with(path) &&
                longer[path.size()] == '/')
                return refuse("invalidPatch", fmt::format("{} lies in {}", longer, path));
        }
        const auto steps = split(path, '/');
        auto* parent = parent_of(out, steps);
        if (parent == nullptr)
            return refuse("invalidPatch", fmt::format("{} leads nowhere", path));
        const auto last = json::unescape_step(steps.back());
        if (member.value().is_null())
            parent->erase(last);
        else
            (*parent)[last] = member.value();
    }
    return out;
}

} // namespace lockstep::jmap
