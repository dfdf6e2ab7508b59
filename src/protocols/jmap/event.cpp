// Showing and writing of events; the methods that need nothing more.
#include "protocols/jmap/event.hpp"

#include "base/text.hpp"
#include "codec/jscalendar/jscalendar.hpp"
#include "codec/json/date.hpp"
#include "codec/json/patch.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"

namespace lockstep::jmap {
namespace {

/// Whether the viewer sees the event as its owner's guest, from whom private things are kept.
bool is_guest(const office::Owner& owner) {
    return !owner.own && owner.kind == model::AccountKind::person;
}

/// What a private event shows to guests.
json::Object without_privates(const json::Object& event) {
    constexpr std::string_view kPublic[] = {
        "@type",
        "created",
        "updated",
        "uid",
        "start",
        "duration",
        "timeZone",
        "showWithoutTime",
        "status",
        "freeBusyStatus",
        "recurrenceRule",
        "recurrenceId",
        "recurrenceIdTimeZone",
        "privacy",
        "sequence"
    };
    json::Object out;
    for (const auto name : kPublic)
        if (const auto* value = json::find(event, name))
            out[{name.data(), name.size()}] = *value;
    if (const auto* overrides = json::find(event, "recurrenceOverrides")) {
        json::Object shown;
        for (const auto& member : overrides->get_object()) {
            json::Object patch;
            for (const auto* name : {"excluded", "start", "duration", "timeZone", "status"})
                if (const auto* value = json::find(member.value().get_object(), name))
                    patch[name] = *value;
            shown[member.key()] = std::move(patch);
        }
        out["recurrenceOverrides"] = std::move(shown);
    }
    return out;
}

std::string mailto(const office::Actor& actor) { return "mailto:" + lower(actor.account.address); }

bool is_origin(const json::Object& event, const office::Actor& actor) {
    const auto organizer = json::text_of(event, "organizerCalendarAddress");
    return !organizer || iequals(*organizer, mailto(actor));
}

Result<json::Object>
show_event(const ShowContext& context, const model::Item& item, std::string_view bytes) {
    TRY(auto event, jscalendar::read_object(bytes, jscalendar::Kind::event, [&](std::size_t index) {
            return blob_id(
                {BlobRef::Kind::part, item.id.value, item.content.value,
                 static_cast<std::uint32_t>(index)}
            );
        }));
    if (is_guest(context.owner)) {
        const auto privacy = json::text_of(event, "privacy").value_or("public");
        if (privacy == "secret")
            return fail(Code::not_found, "no such event");
        if (privacy == "private")
            event = without_privates(event);
        const auto* hide = json::find(event, "hideAttendees");
        if (hide != nullptr && *hide == json::Value(true))
            reduce_participants(event, context.actor.account.address);
    }
    if (!event.contains("isDraft"))
        event["isDraft"] = false;
    event["isOrigin"] = is_origin(event, context.actor);
    return event;
}

/// Files by their bytes in the place of blob ids.
std::optional<MethodError> embed_files(
    const WriteContext& context, const model::Item& item, std::string_view stored,
    json::Object& event
) {
    auto* links = event.if_contains("links");
    if (links == nullptr || !links->is_object())
        return std::nullopt;
    for (auto& member : links->get_object()) {
        if (!member.value().is_object())
            continue;
        auto& link = member.value().get_object();
        const auto blob = json::text_of(link, "blobId");
        if (!blob)
            continue;
        std::string uri;
        const auto ref = parse_blob_id(*blob);
        if (ref && ref->kind == BlobRef::Kind::part && item.id && ref->number == item.id.value)
            if (const auto file = jscalendar::file_of(stored, ref->part))
                uri = "data:" + (file->type.empty() ? "application/octet-stream" : file->type) +
                      ";base64," + base64(file->bytes);
        if (const auto known = context.blobs.find(std::string(*blob));
            uri.empty() && known != context.blobs.end())
            uri = known->second;
        if (uri.empty())
            return invalid_properties("links", "names a blob that is not there or too large");
        link.erase("blobId");
        link["href"] = uri;
        if (!link.contains("rel"))
            link["rel"] = "enclosure";
    }
    return std::nullopt;
}

/// What the server sets before the event is written. Errors: invalidProperties, forbidden.
std::optional<MethodError>
settle_event(const WriteContext& context, const json::Object* before, json::Object& event) {
    const auto now = json::utc_date(context.now * 1'000'000);
    event.erase("isOrigin");
    if (const auto wrong = jscalendar::take_utc(event); !wrong.empty())
        return invalid_properties(wrong, "makes no sense");
    const auto* draft = json::find(event, "isDraft");
    const auto* was_draft = before ? json::find(*before, "isDraft") : nullptr;
    if (before != nullptr && draft != nullptr && *draft == json::Value(true) &&
        (was_draft == nullptr || *was_draft != json::Value(true)))
        return invalid_properties("isDraft", "is true from the beginning or never");
    if (draft != nullptr && *draft == json::Value(false))
        event.erase("isDraft");
    if (!event.contains("uid"))
        event["uid"] = make_uuid();
    if (before == nullptr && !event.contains("created"))
        event["created"] = now;
    const auto privacy = json::text_of(event, "privacy").value_or("public");
    if (is_guest(context.owner) && privacy != "public")
        return before != nullptr ? MethodError{"forbidden", {}, {}}
                                 : invalid_properties("privacy", "is public in another's calendar");
    const auto* people = json::find(event, "participants");
    if (people != nullptr && people->is_object() && !people->get_object().empty() &&
        !event.contains("organizerCalendarAddress"))
        event["organizerCalendarAddress"] = mailto(context.actor);
    return std::nullopt;
}

/// "updated" and "sequence" of an event that originates here and did change.
void stamp_event(const WriteContext& context, const json::Object* before, json::Object& event) {
    if (!is_origin(event, context.actor))
        return;
    event["updated"] = json::utc_date(context.now * 1'000'000);
    if (before == nullptr)
        return;
    bool matters = false;
    for (const auto& member : json::make_patch(*before, event)) {
        const std::string_view path(member.key().data(), member.key().size());
        const auto name = path.substr(0, path.find('/'));
        matters = matters || (name != "updated" && name != "isDraft" && name != "keywords" &&
                              name != "color" && name != "freeBusyStatus" && name != "alerts" &&
                              name != "useDefaultAlerts" && name != "isOrigin");
    }
    const auto number = [](const json::Object& object) {
        const auto* value = json::find(object, "sequence");
        return value ? json::integer_of(*value).value_or(0) : 0;
    };
    if (matters && number(event) <= number(*before))
        event["sequence"] = number(*before) + 1;
}

std::expected<std::string, MethodError> write_event(
    const WriteContext& context, const model::Item& item, std::string_view stored,
    json::Object& wanted
) {
    std::optional<json::Object> before;
    if (!stored.empty() && item.id) {
        auto read = jscalendar::read_object(stored, jscalendar::Kind::event);
        if (!read)
            return refuse("forbidden", "the event cannot be read");
        before = std::move(*read);
    }
    if (auto wrong = settle_event(context, before ? &*before : nullptr, wanted))
        return std::unexpected(std::move(*wrong));
    auto sent = wanted;
    if (auto wrong = embed_files(context, item, stored, sent))
        return std::unexpected(std::move(*wrong));
    json::strip_types(sent);
    sent["@type"] = "Event";
    if (before && *before == sent)
        return std::string(stored);
    if (before && json::text_of(*before, "uid") != json::text_of(sent, "uid"))
        return refuse_property("uid", "stays as it is");
    if (const auto type = json::text_of(wanted, "@type"); type && *type != "Event")
        return refuse_property("@type", "is not Event");
    stamp_event(context, before ? &*before : nullptr, sent);
    auto written =
        jscalendar::write_object(stored, std::move(sent), jscalendar::Kind::event, context.now);
    if (!written)
        return std::unexpected(invalid_properties(written.error().property, written.error().text));
    return std::move(*written);
}

std::expected<json::Object, MethodError>
patch_occurrence(const json::Object& shown, std::string_view instance, const json::Object* patch) {
    const auto id = jscalendar::instance_id(instance);
    if (id.empty() || (!shown.contains("recurrenceRule") && !shown.contains("recurrenceOverrides")))
        return refuse("notFound");
    if (patch != nullptr && (patch->contains("utcStart") || patch->contains("utcEnd")))
        return refuse_property("utcStart", "cannot be set for one occurrence");
    auto changed = jscalendar::with_instance_patch(shown, id, patch);
    if (!changed)
        return refuse(patch == nullptr ? "notFound" : "invalidPatch");
    return std::move(*changed);
}

std::optional<MethodError> keep_private(const WriteContext& context, const json::Object& shown) {
    if (is_guest(context.owner) && json::text_of(shown, "privacy").value_or("public") != "public")
        return MethodError{"forbidden", {}, {}};
    return std::nullopt;
}

constexpr ObjectKind kEventKind{"CalendarEvent",  model::ItemClass::event,
                                "calendarIds",    false,
                                show_event,       write_event,
                                patch_occurrence, keep_private};

} // namespace

const ObjectKind& event_kind() { return kEventKind; }

std::string occurrence_id(model::ItemId item, std::string_view recurrence_id) {
    return item_id(item) + "-" + jscalendar::compact_instance(recurrence_id);
}

void reduce_participants(json::Object& event, std::string_view address) {
    auto* people = event.if_contains("participants");
    if (people == nullptr || !people->is_object())
        return;
    json::Object kept;
    for (const auto& member : people->get_object()) {
        const auto& person = member.value().get_object();
        const auto* roles = json::find(person, "roles");
        const bool owner =
            roles != nullptr && roles->is_object() && roles->get_object().contains("owner");
        if (owner || iequals(
                         json::text_of(person, "calendarAddress").value_or(""),
                         "mailto:" + std::string(address)
                     ))
            kept[member.key()] = member.value();
    }
    *people = std::move(kept);
}

Task<Outcome> event_changes(Call& call, const json::Object& arguments) {
    co_return co_await object_changes(call, arguments, kEventKind);
}
Task<Outcome> event_set(Call& call, const json::Object& arguments) {
    co_return co_await set_objects(call, arguments, kEventKind);
}
Task<Outcome> event_copy(Call& call, const json::Object& arguments) {
    co_return co_await copy_objects(call, arguments, kEventKind);
}

} // namespace lockstep::jmap
