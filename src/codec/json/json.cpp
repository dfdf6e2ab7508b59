// Look-ups in JSON values, and pointers.
#include "codec/json/json.hpp"

#include <cmath>

#include "base/text.hpp"

namespace lockstep::json {
namespace {

constexpr std::int64_t kSafe = (1LL << 53) - 1; ///< RFC 8620 1.3

const Value* element(const Array& array, std::string_view step) {
    if (step.empty() || (step.size() > 1 && step.front() == '0'))
        return nullptr;
    const auto index = parse_int<std::uint32_t>(step);
    return index ? array.if_contains(*index) : nullptr;
}

} // namespace

std::string write(const Value& value) { return boost::json::serialize(value); }

const Value* find(const Object& object, std::string_view name) {
    return object.if_contains({name.data(), name.size()});
}

std::optional<std::string_view> text_of(const Object& object, std::string_view name) {
    const auto* value = find(object, name);
    if (value == nullptr || !value->is_string())
        return std::nullopt;
    return view(value->get_string());
}

std::optional<std::int64_t> integer_of(const Value& value) {
    std::optional<std::int64_t> number;
    if (value.is_int64())
        number = value.get_int64();
    else if (value.is_double() && std::nearbyint(value.get_double()) == value.get_double() &&
             std::abs(value.get_double()) <= static_cast<double>(kSafe))
        number = static_cast<std::int64_t>(value.get_double());
    if (!number || *number > kSafe || *number < -kSafe)
        return std::nullopt;
    return number;
}

std::string unescape_step(std::string_view step) {
    return replace_all(replace_all(step, "~1", "/"), "~0", "~");
}

std::optional<Value> follow(const Value& value, std::string_view pointer) {
    // The values that the steps so far lead to; many once a "*" was met, which then stays so.
    std::vector<const Value*> at{&value};
    bool many = false;
    if (!pointer.empty() && pointer.front() != '/')
        return std::nullopt;
    auto steps = split(pointer, '/');
    for (std::size_t i = 1; i < steps.size(); ++i) {
        std::vector<const Value*> next;
        for (const auto* each : at) {
            if (steps[i] == "*" && each->is_array()) {
                for (const auto& inner : each->get_array())
                    next.push_back(&inner);
                continue;
            }
            const Value* found = nullptr;
            if (each->is_object())
                found = find(each->get_object(), unescape_step(steps[i]));
            else if (each->is_array())
                found = element(each->get_array(), steps[i]);
            if (found == nullptr)
                return std::nullopt;
            next.push_back(found);
        }
        many = many || steps[i] == "*";
        at = std::move(next);
    }
    if (!many)
        return *at.front();
    Array out;
    for (const auto* each : at) {
        if (each->is_array())
            out.insert(out.end(), each->get_array().begin(), each->get_array().end());
        else
            out.push_back(*each);
    }
    return Value(std::move(out));
}

} // namespace lockstep::json
