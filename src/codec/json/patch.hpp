// Differences of JSON objects: patches as JMAP and JSCalendar write them, and what one object says
// beyond another.
// Spec: RFC 8620 5.3 (PatchObject), RFC 8984 1.4.9; RFC 9555 2.15 (JSPROP), which keeps what
// another form has no word for. Invariants: no recursion; the caller bounds size and depth by
// reading the objects with json::parse.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/json/json.hpp"

namespace lockstep::json {

/// A place in an object ("emails/e1/label", escaped as RFC 6901 says) and what stands there.
using Placed = std::pair<std::string, Value>;

/// Removes "@type" from every object below the outermost one, but where two types are possible.
void strip_types(Object& object);
/// Members of `wanted` that `shown` lacks; members of members where both hold objects. "@type" is
/// no news.
[[nodiscard]] std::vector<Placed> missing_members(const Object& wanted, const Object& shown);
/// Puts a value in its place when the objects around it are there and nothing stands there yet.
void add_member(Object& object, std::string_view path, Value value);
/// Members that must be maps of objects stay only as such: others go, and entries that are no
/// objects.
void keep_maps(Object& object, std::span<const std::string_view> names);
/// The patch that makes `to` of `from`: whole top-level members, or single members of objects that
/// both have. A member that is gone is null.
[[nodiscard]] Object make_patch(const Object& from, const Object& to);
/// Applies a patch; null removes. False: a path leads nowhere; the object is then half changed.
[[nodiscard]] bool apply_pointers(Object& object, const Object& patch);
/// "/" and "~" of one step.
[[nodiscard]] std::string escape_step(std::string_view step);

} // namespace lockstep::json
