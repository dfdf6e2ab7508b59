// The words of errors.
#include "protocols/jmap/errors.hpp"

#include "base/log.hpp"

namespace lockstep::jmap {

std::unexpected<MethodError> refuse(std::string type, std::string description) {
    return std::unexpected(MethodError{std::move(type), std::move(description), {}});
}

std::unexpected<MethodError> refuse_property(std::string_view property, std::string description) {
    return std::unexpected(invalid_properties(property, std::move(description)));
}

MethodError invalid_properties(std::string_view property, std::string description) {
    MethodError error{"invalidProperties", std::move(description), {}};
    error.more["properties"] = json::Array{json::Value(property)};
    return error;
}

MethodError method_error(const Error& error) {
    switch (error.code) {
    case Code::bad_syntax:
    case Code::bad_value:
        return {"invalidArguments", error.text, {}};
    case Code::not_found:
        return {"accountNotFound", {}, {}};
    case Code::forbidden:
    case Code::unauthorized:
        return {"forbidden", {}, {}};
    case Code::stale:
        return {"cannotCalculateChanges", {}, {}};
    case Code::too_large:
    case Code::over_quota:
        return {"requestTooLarge", {}, {}};
    case Code::conflict:
        return {"stateMismatch", {}, {}};
    case Code::unsupported:
        return {"unsupportedFilter", {}, {}};
    case Code::unavailable:
    case Code::throttled:
    case Code::closed:
    case Code::timeout:
        return {"serverUnavailable", {}, {}};
    case Code::exists:
    case Code::corrupt:
    case Code::internal:
        break;
    }
    log::error("jmap.failed", {{"code", name_of(error.code)}, {"reason", error.text}});
    return {"serverFail", {}, {}};
}

MethodError set_error(const Error& error) {
    switch (error.code) {
    case Code::bad_syntax:
    case Code::bad_value:
        return {"invalidProperties", error.text, {}};
    case Code::not_found:
        return {"notFound", {}, {}};
    case Code::forbidden:
    case Code::unauthorized:
        return {"forbidden", {}, {}};
    case Code::exists:
        return {"alreadyExists", {}, {}};
    case Code::too_large:
        return {"tooLarge", {}, {}};
    case Code::over_quota:
        return {"overQuota", {}, {}};
    case Code::throttled:
        return {"rateLimit", {}, {}};
    case Code::conflict:
    case Code::stale:
        return {"willDestroy", error.text, {}};
    case Code::unsupported:
        return {"invalidProperties", error.text, {}};
    case Code::unavailable:
    case Code::closed:
    case Code::timeout:
    case Code::corrupt:
    case Code::internal:
        break;
    }
    log::error("jmap.set_failed", {{"code", name_of(error.code)}, {"reason", error.text}});
    return {"serverFail", {}, {}};
}

json::Object to_json(const MethodError& error) {
    json::Object object = error.more;
    object["type"] = error.type;
    if (!error.description.empty())
        object["description"] = error.description;
    return object;
}

} // namespace lockstep::jmap
