// Note: notes with a plain and, if written so, an HTML body.
// Spec: docs/jmap-extensions.md. Invariants: HTML is kept as it came: who shows it makes it safe.
#include <array>

#include "codec/jscalendar/note.hpp"
#include "codec/json/date.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/object_query.hpp"

namespace lockstep::jmap {
namespace {

Result<json::Object> show_note_object(
    const ShowContext& /*context*/, const model::Item& /*item*/, std::string_view bytes
) {
    return jscalendar::read_note(bytes);
}

std::expected<std::string, MethodError> write_note_object(
    const WriteContext& context, const model::Item& item, std::string_view stored,
    json::Object& wanted
) {
    const auto now = json::utc_date(context.now * 1'000'000);
    json::Object before;
    if (!stored.empty() && item.id)
        before = jscalendar::read_note(stored).value_or(json::Object());
    if (!wanted.contains("uid"))
        wanted["uid"] = make_uuid();
    if (const auto* uid = json::find(before, "uid"); uid != nullptr && *uid != wanted.at("uid"))
        return refuse_property("uid", "stays as it is");
    if (!before.empty() && before == wanted)
        return std::string(stored);
    if (before.empty() && !wanted.contains("created"))
        wanted["created"] = now;
    auto sent = wanted;
    sent["updated"] = now;
    auto written = jscalendar::write_note(stored, std::move(sent), context.now);
    if (!written)
        return std::unexpected(invalid_properties(written.error().property, written.error().text));
    return std::move(*written);
}

constexpr ObjectKind kNoteKind{"Note", model::ItemClass::note, "noteBookId",
                               true,   show_note_object,       write_note_object};

constexpr std::array<std::string_view, 6> kNoteConditions{"inNoteBook", "text",    "title",
                                                          "body",       "keyword", "uid"};
constexpr std::array<std::string_view, 4> kNoteSorts{"updated", "created", "title", "uid"};

bool note_meets(const json::Object& note, std::string_view name, const json::Value& value) {
    if (name == "inNoteBook" || name == "uid") {
        const auto* found = json::find(note, name == "uid" ? "uid" : "noteBookId");
        return found != nullptr && *found == value;
    }
    if (!value.is_string())
        return false;
    const auto text = json::view(value.get_string());
    if (name == "keyword") {
        const auto* keywords = json::find(note, "keywords");
        return keywords != nullptr && keywords->get_object().contains(value.get_string());
    }
    std::string all;
    if (name != "body")
        all += std::string(json::text_of(note, "title").value_or("")) + "\n";
    if (name != "title")
        all += json::text_of(note, "bodyText").value_or("");
    return has_words(all, text);
}

std::string note_key(const json::Object& note, std::string_view property) {
    return std::string(json::text_of(note, property).value_or(""));
}

constexpr QueryKind kNoteQuery{kNoteKind, kNoteConditions, kNoteSorts, note_meets, note_key};

} // namespace

Task<Outcome> note_get(Call& call, const json::Object& arguments) {
    co_return co_await get_objects(call, arguments, kNoteKind);
}
Task<Outcome> note_changes(Call& call, const json::Object& arguments) {
    co_return co_await object_changes(call, arguments, kNoteKind);
}
Task<Outcome> note_set(Call& call, const json::Object& arguments) {
    co_return co_await set_objects(call, arguments, kNoteKind);
}
Task<Outcome> note_copy(Call& call, const json::Object& arguments) {
    co_return co_await copy_objects(call, arguments, kNoteKind);
}
Task<Outcome> note_query(Call& call, const json::Object& arguments) {
    co_return co_await query_objects(call, arguments, kNoteQuery);
}
Task<Outcome> note_query_changes(Call& call, const json::Object& arguments) {
    co_return co_await query_object_changes(call, arguments, kNoteQuery);
}

} // namespace lockstep::jmap
