// Look-ups of arguments with their types.
#include "protocols/jmap/arguments.hpp"

#include <fmt/format.h>

#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {

const json::Value* Arguments::value(std::string_view name) {
    known_.emplace(name);
    const auto* found = json::find(object_, name);
    return found == nullptr || found->is_null() || !problem_.empty() ? nullptr : found;
}

std::optional<std::string> Arguments::text(std::string_view name) {
    const auto* found = value(name);
    if (found == nullptr)
        return std::nullopt;
    if (found->is_string())
        return std::string(json::view(found->get_string()));
    wrong(name, "is no string");
    return std::nullopt;
}

std::optional<bool> Arguments::truth(std::string_view name) {
    const auto* found = value(name);
    if (found == nullptr)
        return std::nullopt;
    if (found->is_bool())
        return found->get_bool();
    wrong(name, "is neither true nor false");
    return std::nullopt;
}

std::optional<std::int64_t> Arguments::integer(std::string_view name) {
    const auto* found = value(name);
    if (found == nullptr)
        return std::nullopt;
    const auto number = json::integer_of(*found);
    if (!number)
        wrong(name, "is no whole number");
    return number;
}

std::optional<std::uint64_t> Arguments::count(std::string_view name) {
    const auto number = integer(name);
    if (!number)
        return std::nullopt;
    if (*number >= 0)
        return static_cast<std::uint64_t>(*number);
    wrong(name, "is negative");
    return std::nullopt;
}

const json::Object* Arguments::object(std::string_view name) {
    const auto* found = value(name);
    if (found != nullptr && !found->is_object())
        wrong(name, "is no object");
    return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

const json::Array* Arguments::array(std::string_view name) {
    const auto* found = value(name);
    if (found != nullptr && !found->is_array())
        wrong(name, "is no list");
    return found != nullptr && found->is_array() ? &found->get_array() : nullptr;
}

std::optional<std::vector<std::string>> Arguments::texts(std::string_view name) {
    const auto* list = array(name);
    if (list == nullptr)
        return std::nullopt;
    std::vector<std::string> all;
    for (const auto& each : *list) {
        if (!each.is_string()) {
            wrong(name, "holds something that is no string");
            return std::nullopt;
        }
        all.emplace_back(json::view(each.get_string()));
    }
    return all;
}

std::optional<std::vector<std::string>> Arguments::ids(std::string_view name) {
    auto all = texts(name);
    if (!all)
        return std::nullopt;
    for (const auto& each : *all)
        // "#k1" stands for what an earlier call of the request created.
        if (!is_id(each.starts_with('#') ? std::string_view(each).substr(1) : each)) {
            wrong(name, "holds something that is no Id");
            return std::nullopt;
        }
    return all;
}

void Arguments::wrong(std::string_view name, std::string_view why) {
    if (problem_.empty())
        problem_ = fmt::format("{} {}", name, why);
}

std::optional<MethodError> Arguments::problem() const {
    if (!problem_.empty())
        return MethodError{"invalidArguments", problem_, {}};
    for (const auto& member : object_) {
        const std::string_view name(member.key().data(), member.key().size());
        if (known_.find(name) == known_.end())
            return MethodError{"invalidArguments", fmt::format("{} is no argument", name), {}};
    }
    return std::nullopt;
}

} // namespace lockstep::jmap
