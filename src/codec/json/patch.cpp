// Patches and differences.
#include "codec/json/patch.hpp"

#include "base/text.hpp"

namespace lockstep::json {
namespace {

std::string_view key_of(const boost::json::key_value_pair& member) {
    return {member.key().data(), member.key().size()};
}

/// Types that are not the only ones in their place.
bool tells_apart(const Value& type) {
    return type == Value("Timestamp") || type == Value("AbsoluteTrigger") ||
           type == Value("UnknownTrigger");
}

std::string joined(const std::string& path, std::string_view key) {
    return path.empty() ? escape_step(key) : path + "/" + escape_step(key);
}

/// The object that holds the last step of a path, and that step.
std::pair<Object*, std::string> place_of(Object& object, std::string_view path) {
    if (path.starts_with('/'))
        path.remove_prefix(1);
    const auto steps = split(path, '/');
    auto* at = &object;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
        auto* next = at->if_contains(unescape_step(steps[i]));
        if (next == nullptr || !next->is_object())
            return {nullptr, {}};
        at = &next->get_object();
    }
    return {at, unescape_step(steps.back())};
}

struct Pair {
    const Object* a;
    const Object* b;
    std::string path;
};

} // namespace

std::string escape_step(std::string_view step) {
    return replace_all(replace_all(step, "~", "~0"), "/", "~1");
}

void strip_types(Object& object) {
    std::vector<Value*> open;
    for (auto& member : object)
        open.push_back(&member.value());
    while (!open.empty()) {
        auto* value = open.back();
        open.pop_back();
        if (value->is_array()) {
            for (auto& each : value->get_array())
                open.push_back(&each);
        } else if (value->is_object()) {
            auto& inner = value->get_object();
            if (const auto* type = inner.if_contains("@type"); type && !tells_apart(*type))
                inner.erase("@type");
            for (auto& member : inner)
                open.push_back(&member.value());
        }
    }
}

std::vector<Placed> missing_members(const Object& wanted, const Object& shown) {
    std::vector<Placed> out;
    std::vector<Pair> open{{&wanted, &shown, {}}};
    while (!open.empty()) {
        const auto pair = std::move(open.back());
        open.pop_back();
        for (const auto& member : *pair.a) {
            const auto key = key_of(member);
            const auto* there = find(*pair.b, key);
            if (key == "@type" || member.value().is_null())
                continue;
            if (there == nullptr)
                out.emplace_back(joined(pair.path, key), member.value());
            else if (there->is_object() && member.value().is_object())
                open.push_back(
                    {&member.value().get_object(), &there->get_object(), joined(pair.path, key)}
                );
        }
    }
    return out;
}

void add_member(Object& object, std::string_view path, Value value) {
    const auto [parent, key] = place_of(object, path);
    if (parent != nullptr && !parent->contains(key))
        (*parent)[key] = std::move(value);
}

void keep_maps(Object& object, std::span<const std::string_view> names) {
    for (const auto name : names) {
        auto* member = object.if_contains({name.data(), name.size()});
        if (member == nullptr)
            continue;
        if (!member->is_object()) {
            object.erase({name.data(), name.size()});
            continue;
        }
        std::vector<std::string> wrong;
        for (const auto& entry : member->get_object())
            if (!entry.value().is_object())
                wrong.emplace_back(key_of(entry));
        for (const auto& key : wrong)
            member->get_object().erase(key);
    }
}

Object make_patch(const Object& from, const Object& to) {
    Object patch;
    std::vector<Pair> open{{&from, &to, {}}};
    while (!open.empty()) {
        const auto pair = std::move(open.back());
        open.pop_back();
        for (const auto& member : *pair.a)
            if (!pair.b->contains(member.key()))
                patch[joined(pair.path, key_of(member))] = nullptr;
        for (const auto& member : *pair.b) {
            const auto* before = find(*pair.a, key_of(member));
            if (before != nullptr && *before == member.value())
                continue;
            const auto path = joined(pair.path, key_of(member));
            if (before != nullptr && before->is_object() && member.value().is_object())
                open.push_back({&before->get_object(), &member.value().get_object(), path});
            else
                patch[path] = member.value();
        }
    }
    return patch;
}

bool apply_pointers(Object& object, const Object& patch) {
    for (const auto& member : patch) {
        const auto [parent, key] = place_of(object, key_of(member));
        if (parent == nullptr)
            return false;
        if (member.value().is_null())
            parent->erase(key);
        else
            (*parent)[key] = member.value();
    }
    return true;
}

} // namespace lockstep::json
