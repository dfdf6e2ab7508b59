// ContactCard: cards of the address books as JSContact.
// Spec: RFC 9610 3. Invariants: photos are blobs; a card's uid is unique in its account.
#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "codec/jscontact/jscontact.hpp"
#include "codec/json/date.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/object_query.hpp"

namespace lockstep::jmap {
namespace {

Result<json::Object>
show_contact(const ShowContext& /*context*/, const model::Item& item, std::string_view bytes) {
    return jscontact::read_card(bytes, [&](std::size_t index) {
        return blob_id(
            {BlobRef::Kind::part, item.id.value, item.content.value,
             static_cast<std::uint32_t>(index)}
        );
    });
}

/// The data: URI of a blob: one that the client names, or one that the card itself holds; or empty.
std::string uri_of_blob(
    const WriteContext& context, const model::Item& item, std::string_view stored,
    std::string_view id
) {
    const auto ref = parse_blob_id(id);
    if (ref && ref->kind == BlobRef::Kind::part && item.id && ref->number == item.id.value &&
        ref->content == item.content.value)
        if (const auto media = jscontact::media_of(stored, ref->part))
            return jscontact::data_uri(media->type, media->bytes);
    const auto found = context.blobs.find(std::string(id));
    return found == context.blobs.end() ? std::string() : found->second;
}

/// Puts data: URIs in the place of blob ids.
std::optional<MethodError> embed_media(
    const WriteContext& context, const model::Item& item, std::string_view stored,
    json::Object& card
) {
    auto* media = card.if_contains("media");
    if (media == nullptr || !media->is_object())
        return std::nullopt;
    for (auto& member : media->get_object()) {
        if (!member.value().is_object())
            continue;
        auto& entry = member.value().get_object();
        const auto blob = json::text_of(entry, "blobId");
        if (!blob)
            continue;
        auto uri = uri_of_blob(context, item, stored, *blob);
        if (uri.empty())
            return invalid_properties("media", "names a blob that is not there or too large");
        // The client knows the type of what it uploaded better than the upload did.
        if (const auto type = json::text_of(entry, "mediaType");
            type && uri.starts_with("data:application/octet-stream;"))
            uri = "data:" + lower(*type) + uri.substr(uri.find(';'));
        entry.erase("blobId");
        entry["uri"] = uri;
    }
    return std::nullopt;
}

std::expected<std::string, MethodError> write_contact(
    const WriteContext& context, const model::Item& item, std::string_view stored,
    json::Object& wanted
) {
    const auto shown =
        stored.empty() ? json::Object() : jscontact::read_card(stored).value_or(json::Object());
    const auto now = json::utc_date(context.now * 1'000'000);
    if (!wanted.contains("uid"))
        wanted["uid"] = "urn:uuid:" + make_uuid();
    if (const auto uid = json::text_of(wanted, "uid"); !uid || uid->empty())
        return refuse_property("uid", "is no uid");
    if (const auto* before = json::find(shown, "uid");
        before != nullptr && *before != wanted.at("uid"))
        return refuse_property("uid", "stays as it is");
    if (stored.empty() && !wanted.contains("created"))
        wanted["created"] = now;
    auto sent = wanted;
    if (auto wrong = embed_media(context, item, stored, sent))
        return std::unexpected(std::move(*wrong));
    const auto* was = json::find(shown, "updated");
    const auto* is = json::find(sent, "updated");
    // The time of the change is the server's, unless the client gives another.
    if (is == nullptr || (was != nullptr && *was == *is)) {
        auto same = jscontact::write_card(stored, sent);
        if (!same)
            return std::unexpected(invalid_properties(same.error().property, same.error().text));
        if (*same == stored)
            return std::move(*same);
        sent["updated"] = now;
    }
    auto written = jscontact::write_card(stored, std::move(sent));
    if (!written)
        return std::unexpected(invalid_properties(written.error().property, written.error().text));
    return std::move(*written);
}

constexpr ObjectKind kContactKind{"ContactCard",    model::ItemClass::contact,
                                  "addressBookIds", false,
                                  show_contact,     write_contact};

constexpr std::array<std::string_view, 20> kContactConditions{
    "inAddressBook", "uid",           "hasMember",     "kind",     "createdBefore",
    "createdAfter",  "updatedBefore", "updatedAfter",  "text",     "name",
    "name/given",    "name/surname",  "name/surname2", "nickname", "organization",
    "email",         "phone",         "onlineService", "address",  "note"
};
constexpr std::array<std::string_view, 5> kContactSorts{
    "created", "updated", "name/given", "name/surname", "name/surname2"
};

/// The parts of a name of one kind.
std::string name_part(const json::Object& card, std::string_view kind) {
    std::string out;
    const auto* name = json::find(card, "name");
    const auto* list = name != nullptr && name->is_object()
                           ? json::find(name->get_object(), "components")
                           : nullptr;
    if (list == nullptr || !list->is_array())
        return out;
    for (const auto& each : list->get_array())
        if (each.is_object() && json::text_of(each.get_object(), "kind") == kind)
            out += std::string(json::text_of(each.get_object(), "value").value_or("")) + " ";
    return std::string(trim(out));
}

bool has_key(const json::Object& object, std::string_view map, const json::Value& key) {
    const auto* members = json::find(object, map);
    return members != nullptr && members->is_object() && key.is_string() &&
           members->get_object().contains(key.get_string());
}

std::string contact_texts(const json::Object& card, std::string_view condition) {
    constexpr std::array<std::string_view, 3> kNames{"name", "units", "user"};
    constexpr std::array<std::string_view, 1> kEmail{"address"}, kPhone{"number"}, kNote{"note"};
    constexpr std::array<std::string_view, 3> kService{"service", "uri", "user"};
    constexpr std::array<std::string_view, 2> kAddress{"components", "full"};
    if (condition == "name") {
        const auto* name = json::find(card, "name");
        return name == nullptr ? std::string() : all_texts(*name);
    }
    if (condition.starts_with("name/"))
        return name_part(card, condition.substr(5));
    if (condition == "nickname")
        return entry_texts(card, "nicknames", kNames);
    if (condition == "organization")
        return entry_texts(card, "organizations", kNames);
    if (condition == "email")
        return entry_texts(card, "emails", kEmail);
    if (condition == "phone")
        return entry_texts(card, "phones", kPhone);
    if (condition == "onlineService")
        return entry_texts(card, "onlineServices", kService);
    if (condition == "address")
        return entry_texts(card, "addresses", kAddress);
    return entry_texts(card, "notes", kNote);
}

/// Whether a stamp lies before the one that is asked for.
bool is_before(const json::Object& object, std::string_view member, const json::Value& value) {
    const auto at = json::parse_date(json::text_of(object, member).value_or(""));
    const auto than =
        value.is_string() ? json::parse_utc_date(json::view(value.get_string())) : std::nullopt;
    return at && than && *at < *than;
}

bool contact_meets(const json::Object& card, std::string_view name, const json::Value& value) {
    if (name == "inAddressBook")
        return has_key(card, "addressBookIds", value);
    if (name == "hasMember")
        return has_key(card, "members", value);
    if (name == "uid") {
        const auto* uid = json::find(card, "uid");
        return uid != nullptr && *uid == value;
    }
    if (name == "kind") {
        const auto* kind = json::find(card, "kind");
        return (kind != nullptr ? *kind : json::Value("individual")) == value;
    }
    for (const auto* stamp : {"created", "updated"}) {
        if (name == std::string(stamp) + "Before")
            return is_before(card, stamp, value);
        if (name == std::string(stamp) + "After")
            return card.contains(stamp) && !is_before(card, stamp, value);
    }
    if (!value.is_string())
        return false;
    const auto wanted = json::view(value.get_string());
    if (name != "text")
        return has_words(contact_texts(card, name), wanted);
    std::string all;
    for (const auto* member :
         {"name", "nicknames", "organizations", "titles", "emails", "phones", "onlineServices",
          "addresses", "notes", "keywords"})
        if (const auto* found = json::find(card, member))
            all += all_texts(*found);
    return has_words(all, wanted);
}

std::string contact_key(const json::Object& card, std::string_view property) {
    if (!property.starts_with("name/"))
        return std::string(json::text_of(card, property).value_or(""));
    const auto kind = property.substr(5);
    const auto* name = json::find(card, "name");
    if (name != nullptr && name->is_object())
        if (const auto* sort = json::find(name->get_object(), "sortAs");
            sort != nullptr && sort->is_object())
            if (const auto key = json::text_of(sort->get_object(), kind))
                return std::string(*key);
    auto part = name_part(card, kind);
    // A company has no surname, but has its place under its name.
    if (part.empty() && kind != "surname2" && name != nullptr && name->is_object())
        part = json::text_of(name->get_object(), "full").value_or("");
    return part;
}

constexpr QueryKind kContactQuery{
    kContactKind, kContactConditions, kContactSorts, contact_meets, contact_key
};

} // namespace

Task<Outcome> contact_get(Call& call, const json::Object& arguments) {
    co_return co_await get_objects(call, arguments, kContactKind);
}
Task<Outcome> contact_changes(Call& call, const json::Object& arguments) {
    co_return co_await object_changes(call, arguments, kContactKind);
}
Task<Outcome> contact_set(Call& call, const json::Object& arguments) {
    co_return co_await set_objects(call, arguments, kContactKind);
}
Task<Outcome> contact_copy(Call& call, const json::Object& arguments) {
    co_return co_await copy_objects(call, arguments, kContactKind);
}
Task<Outcome> contact_query(Call& call, const json::Object& arguments) {
    co_return co_await query_objects(call, arguments, kContactQuery);
}
Task<Outcome> contact_query_changes(Call& call, const json::Object& arguments) {
    co_return co_await query_object_changes(call, arguments, kContactQuery);
}

} // namespace lockstep::jmap
