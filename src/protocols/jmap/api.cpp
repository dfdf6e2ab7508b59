// The API: runs the calls of a request in turn and gathers their responses.
// Spec: RFC 8620 3.3-3.7.
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "protocols/jmap/capabilities.hpp"
#include "protocols/jmap/door.hpp"
#include "protocols/jmap/request.hpp"

namespace lockstep::jmap {
namespace {

/// application/json with or without parameters; a client that names no type means it too.
bool is_json(std::string_view content_type) {
    const auto type = lower(trim(content_type.substr(0, content_type.find(';'))));
    return type.empty() || type == "application/json";
}

/// The first capability of "using" that we do not know.
std::optional<std::string> unknown_capability(const Request& request, const Session& session) {
    const auto object = session_object(session);
    const auto& known = object.at("capabilities").get_object();
    for (const auto& each : request.using_)
        if (json::find(known, each) == nullptr)
            return each;
    return std::nullopt;
}

Task<Outcome> run(Call& call, const json::Object& arguments) {
    const auto* method = find_method(call.name);
    if (method == nullptr ||
        call.session.using_.find(method->capability) == call.session.using_.end())
        co_return refuse("unknownMethod");
    co_return co_await method->run(call, arguments);
}

Invocation error_response(const MethodError& error, std::string id) {
    return {"error", to_json(error), std::move(id)};
}

/// Runs one call and appends what it answers.
Task<void> answer(Session& session, const Invocation& invocation, std::vector<Invocation>& out) {
    auto arguments = resolve_references(invocation.arguments, out);
    if (!arguments) {
        out.push_back(error_response(arguments.error(), invocation.id));
        co_return;
    }
    Call call{session, invocation.name, invocation.id, {}};
    auto outcome = co_await run(call, *arguments);
    if (!outcome) {
        out.push_back(error_response(outcome.error(), invocation.id));
        co_return;
    }
    out.push_back({invocation.name, std::move(*outcome), invocation.id});
    for (auto& implicit : call.more)
        out.push_back(std::move(implicit));
}

json::Object
response_object(std::vector<Invocation> responses, const Session& session, bool with_created) {
    json::Array list;
    for (auto& each : responses)
        list.push_back(json::Array{each.name, std::move(each.arguments), each.id});
    json::Object object{
        {"methodResponses", std::move(list)}, {"sessionState", session_state(session)}
    };
    if (with_created) {
        json::Object created;
        for (const auto& [key, id] : session.created)
            created[key] = id;
        object["createdIds"] = std::move(created);
    }
    return object;
}

} // namespace

const Method* find_method(std::string_view name) {
    const auto all = methods();
    const auto found = std::ranges::find(all, name, &Method::name);
    return found == all.end() ? nullptr : &*found;
}

Task<net::Response> serve_api(net::Request& request, Session& session) {
    const Busy busy(session.door, Door::Work::request, session.actor.account.id);
    if (!busy)
        co_return problem(
            429, "limit", "too many requests of this account at once", "maxConcurrentRequests"
        );
    if (!is_json(request.headers.get("Content-Type")))
        co_return problem(400, "notJSON", "the content type is not application/json");
    auto parsed = parse_request(request.body);
    if (!parsed)
        co_return std::move(parsed).error();
    request.body = {};
    if (const auto unknown = unknown_capability(*parsed, session))
        co_return problem(400, "unknownCapability", "the capability " + *unknown + " is unknown");
    session.using_.insert(parsed->using_.begin(), parsed->using_.end());
    session.created = std::move(parsed->created);
    std::vector<Invocation> responses;
    for (const auto& call : parsed->calls)
        co_await answer(session, call, responses);
    const auto object = response_object(std::move(responses), session, parsed->has_created);
    net::Response response(200, "application/json", json::write(json::Value(object)));
    response.headers.set("Cache-Control", "no-cache, no-store, must-revalidate");
    co_return response;
}

} // namespace lockstep::jmap
