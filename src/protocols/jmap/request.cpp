// Reading of requests, and references from one call to the result of another.
#include "protocols/jmap/request.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

std::unexpected<net::Response> not_request(std::string_view why) {
    return std::unexpected(problem(400, "notRequest", why));
}

std::expected<Invocation, net::Response> read_call(const json::Value& value) {
    if (!value.is_array() || value.get_array().size() != 3)
        return not_request("a method call is a list of three");
    const auto& parts = value.get_array();
    if (!parts[0].is_string() || !parts[1].is_object() || !parts[2].is_string())
        return not_request("a method call is a name, arguments and an id");
    return Invocation{
        std::string(json::view(parts[0].get_string())), parts[1].get_object(),
        std::string(json::view(parts[2].get_string()))
    };
}

std::expected<json::Value, MethodError>
result_of(const json::Object& reference, const std::vector<Invocation>& responses) {
    const auto of = json::text_of(reference, "resultOf");
    const auto name = json::text_of(reference, "name");
    const auto path = json::text_of(reference, "path");
    if (!of || !name || !path)
        return refuse("invalidResultReference", "a reference has resultOf, name and path");
    for (const auto& response : responses) {
        if (response.id != *of)
            continue;
        if (response.name != *name)
            return refuse("invalidResultReference", "the call has another response");
        auto value = json::follow(json::Value(response.arguments), *path);
        if (!value)
            return refuse("invalidResultReference", "the path leads nowhere");
        return std::move(*value);
    }
    return refuse("invalidResultReference", "there is no such earlier call");
}

} // namespace

net::Response
problem(unsigned status, std::string_view type, std::string_view detail, std::string_view limit) {
    json::Object object{
        {"type", fmt::format("urn:ietf:params:jmap:error:{}", type)},
        {"status", status},
        {"detail", detail},
    };
    if (!limit.empty())
        object["limit"] = limit;
    net::Response response(status, "application/problem+json", json::write(object));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

net::Response plain(unsigned status, std::string text) {
    return net::Response(status, "text/plain; charset=utf-8", std::move(text));
}

std::expected<Request, net::Response> parse_request(std::string_view body) {
    const auto value = json::parse(body);
    if (!value)
        return std::unexpected(problem(400, "notJSON", "the request is no I-JSON"));
    if (!value->is_object())
        return not_request("the request is no object");
    const auto& object = value->get_object();
    const auto* capabilities = json::find(object, "using");
    const auto* calls = json::find(object, "methodCalls");
    if (capabilities == nullptr || !capabilities->is_array() || calls == nullptr ||
        !calls->is_array())
        return not_request("using and methodCalls are lists");
    Request request;
    for (const auto& each : capabilities->get_array()) {
        if (!each.is_string())
            return not_request("using holds something that is no string");
        request.using_.emplace_back(json::view(each.get_string()));
    }
    if (calls->get_array().size() > limits::kJmapCalls)
        return std::unexpected(
            problem(400, "limit", "the request has too many calls", "maxCallsInRequest")
        );
    for (const auto& each : calls->get_array()) {
        auto call = read_call(each);
        if (!call)
            return std::unexpected(std::move(call).error());
        request.calls.push_back(std::move(*call));
    }
    const auto* created = json::find(object, "createdIds");
    if (created == nullptr || created->is_null())
        return request;
    if (!created->is_object())
        return not_request("createdIds is no object");
    request.has_created = true;
    for (const auto& [key, id] : created->get_object()) {
        if (!id.is_string() || !is_id(json::view(id.get_string())))
            return not_request("createdIds holds something that is no Id");
        request.created.emplace(std::string(key.data(), key.size()), json::view(id.get_string()));
    }
    return request;
}

std::expected<json::Object, MethodError>
resolve_references(const json::Object& arguments, const std::vector<Invocation>& responses) {
    json::Object out;
    for (const auto& member : arguments) {
        const std::string_view key(member.key().data(), member.key().size());
        if (!key.starts_with('#')) {
            out[member.key()] = member.value();
            continue;
        }
        const auto name = key.substr(1);
        if (json::find(arguments, name) != nullptr)
            return refuse("invalidArguments", fmt::format("{} is given twice", name));
        if (!member.value().is_object())
            return refuse("invalidArguments", fmt::format("{} is no reference", key));
        auto value = result_of(member.value().get_object(), responses);
        if (!value)
            return std::unexpected(std::move(value).error());
        out[{name.data(), name.size()}] = std::move(*value);
    }
    return out;
}

} // namespace lockstep::jmap
