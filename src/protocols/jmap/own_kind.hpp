// Types of our own that an account has few objects of: /get and /set over a handful of functions.
// Spec: RFC 8620 5.1, 5.3; docs/jmap-extensions.md. Invariants: they belong to the signed-in
// person's own account alone; the state is a hash of what all objects say.
#pragma once
#include <string>
#include <vector>

#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {

struct OwnKind {
    const std::set<std::string, std::less<>>& properties;
    /// Every object, all properties.
    Task<Result<std::vector<json::Object>>> (*all)(Call& call);
    /// Answers what the client does not know of the new object, its id at least. Null: not offered.
    Task<Outcome> (*create)(Call& call, const json::Object& object) = nullptr;
    /// Answers nothing that matters. Null: not offered.
    Task<Outcome> (*update)(Call& call, const std::string& id, const json::Object& patch) = nullptr;
    Task<Outcome> (*destroy)(Call& call, const std::string& id) = nullptr;
};

[[nodiscard]] Task<Outcome> get_own(Call& call, const json::Object& object, const OwnKind& kind);
[[nodiscard]] Task<Outcome> set_own(Call& call, const json::Object& object, const OwnKind& kind);

/// The SetError of a Result<>; an empty object when it went well.
[[nodiscard]] Outcome own_outcome(const Result<>& done);
/// Nothing, when the call's browser asked for the password within the last minutes; else why not:
/// "forbidden" with the description "confirm".
[[nodiscard]] std::optional<MethodError> ask_to_confirm(const Call& call);

} // namespace lockstep::jmap
