// Reads the blobs one after another.
#include "protocols/jmap/blob_parse.hpp"

#include "base/limits.hpp"
#include "protocols/jmap/blobs.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {

Task<Outcome> parse_blobs(Call& call, const json::Object& object, ObjectsOfFile objects_of) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto blobs = arguments.ids("blobIds");
    const auto properties = arguments.texts("properties");
    if (!blobs)
        arguments.wrong("blobIds", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (blobs->size() > limits::kJmapGet)
        co_return refuse("requestTooLarge");
    GetRequest request;
    if (properties)
        request.properties.emplace(properties->begin(), properties->end());
    json::Object parsed;
    json::Array not_parsable, not_found;
    for (const auto& id : *blobs) {
        const auto ref = parse_blob_id(call.resolve(id));
        Result<std::string> bytes = fail(Code::not_found, "no such blob");
        if (ref)
            bytes = co_await read_blob(call.office(), call.actor(), *owner, *ref);
        if (!bytes) {
            not_found.emplace_back(id);
            continue;
        }
        json::Array found;
        for (auto& each : objects_of(*bytes))
            found.push_back(pick(std::move(each), request));
        if (found.empty())
            not_parsable.emplace_back(id);
        else
            parsed[id] = std::move(found);
    }
    const auto shown = [](auto& members) {
        return members.empty() ? json::Value(nullptr) : json::Value(std::move(members));
    };
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"parsed", shown(parsed)},
        {"notParsable", shown(not_parsable)},
        {"notFound", shown(not_found)},
    };
}

} // namespace lockstep::jmap
