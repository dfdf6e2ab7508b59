// Notes: VJOURNAL to ApplicationData and back.
// Spec: MS-ASNOTE 2.2.2, 3.2.5.3 (absent Categories are removed, absent Body and Subject
// stay), 3.2.5.3.1 (LastModifiedDate is the server's), 3.2.5.3.2 (MessageClass is IPM.StickyNote or
// below it: else Status 6).
#include "codec/eas/notes.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/body.hpp"
#include "codec/eas/body_stored.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/options.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/value.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {
namespace {

namespace n = wbxml::notes;
using ical::Component;

constexpr std::string_view kNoteClass = "IPM.StickyNote";

Result<const Component*> find_note(const Component& calendar) {
    if (calendar.name != "VCALENDAR")
        return fail(Code::bad_syntax, "not a calendar object");
    for (const auto& child : calendar.children)
        if (child.name == "VJOURNAL")
            return &child;
    return fail(Code::bad_syntax, "no note in the calendar object");
}

std::string note_class(const Component& note) {
    const auto kept = note.text_of("X-LOCKSTEP-MESSAGE-CLASS");
    return kept.empty() ? std::string(kNoteClass) : kept;
}

std::int64_t note_modified(const Component& note, const EventContext& context) {
    for (const auto* name : {"LAST-MODIFIED", "DTSTAMP", "CREATED"})
        if (const auto moment = ical::parse_moment(note.value_of(name)))
            return moment->civil;
    return context.now;
}

Result<> merge_note_class(Component& note, const wbxml::Node& data) {
    const auto* node = data.find(n::MessageClass);
    if (node == nullptr)
        return {};
    const auto sent = trim(node->text);
    const bool below = istarts_with(sent, kNoteClass) && sent.size() > kNoteClass.size() &&
                       sent[kNoteClass.size()] == '.';
    if (!iequals(sent, kNoteClass) && !below)
        return fail(Code::bad_value, "not the message class of a note");
    if (sent == note_class(note))
        return {};
    note.set_text(
        "X-LOCKSTEP-MESSAGE-CLASS", iequals(sent, kNoteClass) ? std::string_view{} : sent
    );
    return {};
}

Result<> merge_note_labels(Component& note, const wbxml::Node& data) {
    std::vector<std::string> sent;
    if (const auto* node = data.find(n::Categories)) {
        for (const auto& child : node->all(n::Category)) {
            if (sent.size() >= limits::kEasLabels)
                return fail(Code::bad_value, "too many categories");
            if (!trim(child.text).empty())
                sent.emplace_back(trim(child.text));
        }
    }
    if (sent != item_labels(note))
        set_item_labels(note, sent);
    return {};
}

} // namespace

Result<> write_note(
    wbxml::Writer& out, std::string_view ical, const ItemOptions& options,
    const EventContext& context
) {
    if (!out.allows(n::Subject))
        return fail(Code::unsupported, "notes came with protocol 14.0");
    TRY(const auto calendar, ical::parse(ical));
    TRY(const auto* note, find_note(calendar));
    out.element(n::Subject, note->text_of("SUMMARY"));
    write_body(out, item_text(*note), options, {}, {}, {.native = true, .also_empty = true});
    out.element(n::MessageClass, note_class(*note));
    out.element(n::LastModifiedDate, compact_date(note_modified(*note, context)));
    auto labels = item_labels(*note);
    if (!options.source_label.empty() && std::ranges::count(labels, options.source_label) == 0)
        labels.insert(labels.begin(), options.source_label);
    if (!labels.empty()) {
        out.open(n::Categories);
        for (std::size_t i = 0; i < labels.size() && i < limits::kEasLabels; ++i)
            out.element(n::Category, labels[i]);
        out.close();
    }
    return {};
}

Result<std::string> merge_note(
    std::string_view stored, const wbxml::Node& application_data, wbxml::Version version,
    const EventContext& context
) {
    if (version < wbxml::Version::v14_0)
        return fail(Code::unsupported, "notes came with protocol 14.0");
    Component calendar;
    if (stored.empty()) {
        calendar = new_item("VJOURNAL", context);
    } else {
        TRY(calendar, ical::parse(stored));
    }
    TRY(const auto* found, find_note(calendar));
    auto& note = calendar.children[static_cast<std::size_t>(found - calendar.children.data())];
    const auto before = note;
    if (const auto* subject = application_data.find(n::Subject);
        subject != nullptr && subject->text != note.text_of("SUMMARY"))
        note.set_text("SUMMARY", subject->text);
    TRY(const auto body, read_body(application_data, {}));
    if (body && !is_echo(*body, item_text(note)))
        set_item_text(note, *body);
    CHECK_OK(merge_note_class(note, application_data));
    CHECK_OK(merge_note_labels(note, application_data));
    return finish_item(calendar, note, before, stored, context);
}

} // namespace lockstep::eas
