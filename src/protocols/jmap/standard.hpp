// What the standard methods have in common: /get, /changes, /set and /query of RFC 8620 5.
// Invariants: the order of checks is the same for every type, so that clients meet the same errors.
#pragma once
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "office/changes.hpp"
#include "protocols/jmap/arguments.hpp"
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

/// The arguments of a /get (RFC 8620 5.1).
struct GetRequest {
    std::optional<std::vector<std::string>> ids; ///< nothing: all
    std::optional<std::set<std::string>> properties;
    [[nodiscard]] bool wants(std::string_view property) const {
        return !properties || properties->contains(std::string(property));
    }
};
/// Reads "ids" and "properties"; creation ids are resolved, repeated ids count once. `known`: every
/// property of the type; with none given any name passes. Errors: invalidArguments,
/// requestTooLarge.
[[nodiscard]] std::expected<GetRequest, MethodError>
read_get(const Call& call, Arguments& arguments, const std::set<std::string, std::less<>>& known);
/// Only the wanted properties of the object, "id" always.
[[nodiscard]] json::Object pick(json::Object object, const GetRequest& request);

/// The response of a /get while it is put together.
struct GetResponse {
    std::string account;
    std::string state;
    json::Array list;
    json::Array not_found;
    [[nodiscard]] json::Object take();
};

/// The objects of a type that has few: those asked for, by what each shows.
[[nodiscard]] json::Object answer_few(
    const GetRequest& request, std::string account, std::string state, std::vector<json::Object> all
);

/// The arguments of a /changes (RFC 8620 5.2).
struct ChangesRequest {
    std::string since;
    std::optional<std::uint64_t> most;
};
/// Errors: invalidArguments.
[[nodiscard]] std::expected<ChangesRequest, MethodError> read_changes(const json::Object& object);
/// Answers the /changes of a type that remembers no single change: nothing since `state`, the one
/// that holds now. Error cannotCalculateChanges: any other state.
[[nodiscard]] Outcome
no_changes(const ChangesRequest& request, std::string account, std::string_view state);
/// Answers a /changes. `letter`: of the type's ids.
using ChangesOf = Task<Result<office::IdChanges>> (*)(
    office::Office&, const office::Actor&, const office::Owner&, model::ItemClass,
    office::TypeState, std::size_t
);
[[nodiscard]] Task<Outcome> answer_changes(
    Call& call, const json::Object& arguments, model::ItemClass item_class, char letter,
    ChangesOf changes
);

/// The parts of a /set (RFC 8620 5.3), read and counted.
struct SetRequest {
    std::optional<std::string> if_in_state;
    std::vector<std::pair<std::string, json::Object>> create; ///< creation id, object
    std::vector<std::pair<std::string, json::Object>> update; ///< id (resolved), PatchObject
    std::vector<std::string> destroy;                         ///< ids (resolved)
    std::map<std::string, std::string> shown;                 ///< resolved id to the one given
    [[nodiscard]] bool destroys(std::string_view id) const;
};
/// Errors: invalidArguments, requestTooLarge.
[[nodiscard]] std::expected<SetRequest, MethodError>
read_set(const Call& call, Arguments& arguments);

/// The response of a /set while it is put together.
struct SetResponse {
    std::string account;
    std::string old_state;
    json::Object created, updated;
    json::Array destroyed;
    json::Object not_created, not_updated, not_destroyed;
    [[nodiscard]] json::Object take(std::string new_state);
};

/// Applies a PatchObject (RFC 8620 5.3): paths of "a/b" lead into objects. Errors: invalidPatch.
[[nodiscard]] std::expected<json::Object, MethodError>
apply_patch(const json::Object& object, const json::Object& patch);

/// The paging of a /query (RFC 8620 5.5).
struct Page {
    std::int64_t position = 0;
    std::optional<std::string> anchor;
    std::int64_t anchor_offset = 0;
    std::optional<std::uint64_t> limit;
    bool total = false;
};
[[nodiscard]] Page read_page(Arguments& arguments);
/// Cuts the page out of all results: ids, position, and total when it was asked for. Errors:
/// anchorNotFound.
[[nodiscard]] std::expected<json::Object, MethodError>
cut_page(const Page& page, const std::vector<std::string>& all);

} // namespace lockstep::jmap
