// The way between a journal and a note.
#include "codec/jscalendar/note.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/jscalendar/member.hpp"
#include "codec/json/patch.hpp"
#include "codec/mime/html.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;

constexpr std::string_view kNoteKept = "JSPROP";
constexpr std::string_view kHtml = "X-ALT-DESC";
/// Members that notes have in common with events.
constexpr std::string_view kNoteMembers[] = {"uid",   "created", "updated",
                                             "title", "color",   "keywords"};

Component* journal_of(Component& calendar) {
    const auto found = std::ranges::find(calendar.children, "VJOURNAL", &Component::name);
    return found == calendar.children.end() ? nullptr : &*found;
}

json::Object show_journal(const Show& show, const Component& note) {
    json::Object out;
    for (const auto members : {text_members(), map_members()})
        for (const auto& member : members)
            if (std::ranges::find(kNoteMembers, member.name) != std::end(kNoteMembers))
                member.show(show, note, out);
    if (!out.contains("title"))
        out["title"] = "";
    out["bodyText"] = note.text_of("DESCRIPTION");
    const auto* html = note.find(kHtml);
    if (html != nullptr && iequals(html->parameter("FMTTYPE"), "text/html"))
        out["bodyHtml"] = ical::unescape_text(html->value());
    return out;
}

json::Object show_note(const Show& show, const Component& note) {
    auto out = show_journal(show, note);
    for (const auto& property : note.properties)
        if (const auto path = property.parameter("JSPTR"); property.name() == kNoteKept &&
                                                           path != "id" && path != "noteBookId" &&
                                                           !path.starts_with("keywords"))
            if (auto value = json::parse(ical::unescape_text(property.value())))
                json::add_member(out, path, std::move(*value));
    return out;
}

/// The body, whichever of both forms changed; HTML wins when both did.
std::string put_body(Component& note, const Change& change) {
    for (const auto* name : {"bodyText", "bodyHtml"})
        if (const auto* value = change.now(name); value != nullptr && !value->is_string())
            return name;
    const bool has_html = change.now("bodyHtml") != nullptr;
    if (has_html && change.differs("bodyHtml")) {
        const auto html = change.text("bodyHtml");
        auto text = change.differs("bodyText") && change.now("bodyText")
                        ? change.text("bodyText")
                        : mime::html_to_text(html, limits::kIcalBytes / 4);
        note.set_text("DESCRIPTION", replace_all(text, "\r\n", "\n"));
        note.set(ical::Property(
            std::string(kHtml), ical::escape_text(html), {{"FMTTYPE", {"text/html"}}}
        ));
    } else if (change.differs("bodyText") || change.differs("bodyHtml")) {
        note.remove(kHtml);
        note.set_text("DESCRIPTION", change.text("bodyText"));
    }
    return {};
}

} // namespace

Result<json::Object> read_note(std::string_view ical) {
    TRY(auto calendar, ical::parse(ical));
    const auto* note = journal_of(calendar);
    if (note == nullptr)
        return fail(Code::bad_value, "no note in the object");
    ical::ObjectZones zones(calendar, ical::utc_zone());
    const FileName nothing;
    return show_note({Kind::task, zones, nothing}, *note);
}

std::expected<std::string, Wrong>
write_note(std::string_view stored, json::Object wanted, std::int64_t now) {
    auto calendar = ical::new_calendar();
    if (stored.empty()) {
        calendar.children.push_back({"VJOURNAL", {}, {}});
    } else {
        auto parsed = ical::parse(stored);
        if (!parsed || journal_of(*parsed) == nullptr)
            return std::unexpected(Wrong{{}, "cannot be read"});
        calendar = std::move(*parsed);
    }
    auto& note = *journal_of(calendar);
    const auto known = calendar;
    ical::ObjectZones zones(known, ical::utc_zone());
    const FileName nothing;
    const Show show{Kind::task, zones, nothing};
    const auto before = stored.empty() ? json::Object() : show_note(show, note);
    if (before == wanted)
        return std::string(stored);
    const Change change{before, wanted};
    for (const auto members : {text_members(), map_members()})
        for (const auto& member : members)
            if (std::ranges::find(kNoteMembers, member.name) != std::end(kNoteMembers) &&
                change.differs(member.name) && !member.put(show, note, change))
                return std::unexpected(Wrong{std::string(member.name), "makes no sense"});
    if (const auto wrong = put_body(note, change); !wrong.empty())
        return std::unexpected(Wrong{wrong, "is no text"});
    note.remove(kNoteKept);
    for (const auto& [path, value] : json::missing_members(wanted, show_journal(show, note)))
        if (path != "bodyHtml" && path != "bodyText")
            note.properties.emplace_back(
                std::string(kNoteKept), ical::escape_text(json::write(value)),
                std::vector<ical::Parameter>{{"JSPTR", {path}}}
            );
    note.set_value("DTSTAMP", ical::format_moment({ical::TimeKind::utc, now, {}}));
    auto bytes = ical::serialize(calendar);
    if (bytes.size() > limits::kIcalBytes || !ical::parse(bytes))
        return std::unexpected(Wrong{{}, "is too large"});
    return bytes;
}

} // namespace lockstep::jscalendar
