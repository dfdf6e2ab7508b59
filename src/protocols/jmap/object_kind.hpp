// What the types of objects beside mail have in common: cards, events, tasks and notes lie in a
// folder, have a stored form, and are shown as JSON.
// Spec: RFC 9610 3; draft-ietf-jmap-calendars 5. Invariants: the functions of a kind are pure: they
// run on store threads and get values.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "office/object_edit.hpp"
#include "office/object_read.hpp"
#include "protocols/jmap/call.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {

struct ShowContext {
    office::Actor actor;
    office::Owner owner;
};
struct WriteContext {
    office::Actor actor;
    office::Owner owner;
    std::int64_t now = 0;                     ///< unix seconds
    std::map<std::string, std::string> blobs; ///< data: URIs of the blobs that the client names
};

struct ObjectKind {
    std::string_view type; ///< "ContactCard"
    model::ItemClass item_class;
    std::string_view membership; ///< "addressBookIds"
    bool one_folder = false;     ///< it is one id instead of a set of them
    /// The object without id and membership.
    Result<json::Object> (*show)(
        const ShowContext& context, const model::Item& item, std::string_view bytes
    );
    /// The stored form (`stored` may be empty, and `item` of no id then) made to say what `wanted`
    /// says; `wanted` gets what the server sets.
    std::expected<std::string, MethodError> (*write)(
        const WriteContext& context, const model::Item& item, std::string_view stored,
        json::Object& wanted
    );
    /// The shown object with a patch of one occurrence; null: the kind has none.
    std::expected<json::Object, MethodError> (*patch_instance)(
        const json::Object& shown, std::string_view instance, const json::Object* patch
    ) = nullptr;
    /// Why the shown object may not be destroyed by whoever may write its folder; null: it may.
    std::optional<MethodError> (*keep)(const WriteContext& context, const json::Object& shown) =
        nullptr;
    /// The property by which the UID is told.
    std::string_view uid = "uid";
};

/// "i5", or "i5-20260101T090000" for an occurrence.
struct ObjectId {
    model::ItemId item;
    std::string instance;
};
[[nodiscard]] std::optional<ObjectId> parse_object_id(const ObjectKind& kind, std::string_view id);

/// A random UUID.
[[nodiscard]] std::string make_uuid();

/// Adds "blobId", the stored form, to an object of whose client asked for it.
void add_blob(const model::Item& item, const GetRequest& request, json::Object& object);
/// Adds "id" and the membership.
void add_place(const ObjectKind& kind, const model::Item& item, json::Object& object);

[[nodiscard]] Task<Outcome>
get_objects(Call& call, const json::Object& arguments, const ObjectKind& kind);
[[nodiscard]] Task<Outcome>
object_changes(Call& call, const json::Object& arguments, const ObjectKind& kind);
[[nodiscard]] Task<Outcome>
set_objects(Call& call, const json::Object& arguments, const ObjectKind& kind);
[[nodiscard]] Task<Outcome>
copy_objects(Call& call, const json::Object& arguments, const ObjectKind& kind);

/// The data: URIs of every "blobId" in the objects. Errors: invalidProperties (no such blob),
/// requestTooLarge.
[[nodiscard]] Task<std::expected<std::map<std::string, std::string>, MethodError>>
read_named_blobs(Call& call, const office::Owner& owner, const json::Value& value);

} // namespace lockstep::jmap
