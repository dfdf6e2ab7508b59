// Members that are texts, words, numbers and stamps.
// Spec: jscalendarbis 4.1, 4.4, 5.2; RFC 5545 3.8.1, 3.8.7; RFC 7986 5.9.
#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/jscalendar/member.hpp"
#include "codec/mime/html.hpp"

namespace lockstep::jscalendar {
namespace {

using ical::Component;
using ical::Property;

// Plain texts ------------------------------------------------------------------------------------

template <const auto& Property>
void show_text(const Component& component, json::Object& out, std::string_view member) {
    if (component.has(Property))
        out[{member.data(), member.size()}] = component.text_of(Property);
}

constexpr std::string_view kSummary = "SUMMARY", kUid = "UID", kColor = "COLOR";

void show_title(const Show&, const Component& c, json::Object& out) {
    show_text<kSummary>(c, out, "title");
}
bool put_one_text(
    Component& c, const Change& change, std::string_view member, std::string_view name
) {
    const auto* value = change.now(member);
    if (value == nullptr) {
        c.remove(name);
        return true;
    }
    if (!value->is_string())
        return false;
    if (value->get_string().empty())
        c.set(Property(std::string(name), ""));
    else
        c.set_text(name, json::view(value->get_string()));
    return true;
}
bool put_title(const Show&, Component& c, const Change& change) {
    return put_one_text(c, change, "title", kSummary);
}
void show_uid(const Show&, const Component& c, json::Object& out) {
    show_text<kUid>(c, out, "uid");
}
bool put_uid(const Show&, Component& c, const Change& change) {
    return !change.text("uid").empty() && put_one_text(c, change, "uid", kUid);
}
void show_color(const Show&, const Component& c, json::Object& out) {
    show_text<kColor>(c, out, "color");
}
bool put_color(const Show&, Component& c, const Change& change) {
    return put_one_text(c, change, "color", kColor);
}

void show_description(const Show&, const Component& c, json::Object& out) {
    if (c.has("DESCRIPTION"))
        out["description"] = c.text_of("DESCRIPTION");
}
bool put_description(const Show&, Component& c, const Change& change) {
    if (change.text("descriptionContentType") != "text/html") {
        c.remove("X-ALT-DESC");
        return put_one_text(c, change, "description", "DESCRIPTION");
    }
    // What shows text only has the text; what shows HTML has that.
    const auto html = change.text("description");
    c.set_text("DESCRIPTION", mime::html_to_text(html, limits::kIcalBytes / 4));
    c.set(Property("X-ALT-DESC", ical::escape_text(html), {{"FMTTYPE", {"text/html"}}}));
    return true;
}

// Numbers and words ------------------------------------------------------------------------------

void show_number(const Component& c, json::Object& out, std::string_view name, const char* member) {
    if (const auto number = parse_int(trim(c.value_of(name))))
        out[member] = *number;
}
bool put_number(
    Component& c, const Change& change, std::string_view name, const char* member, std::int64_t most
) {
    const auto* value = change.now(member);
    if (value == nullptr) {
        c.remove(name);
        return true;
    }
    const auto number = json::integer_of(*value);
    if (!number || *number < 0 || *number > most)
        return false;
    c.set_value(name, std::to_string(*number));
    return true;
}
void show_priority(const Show&, const Component& c, json::Object& out) {
    show_number(c, out, "PRIORITY", "priority");
}
bool put_priority(const Show&, Component& c, const Change& change) {
    return put_number(c, change, "PRIORITY", "priority", 9);
}
void show_sequence(const Show&, const Component& c, json::Object& out) {
    show_number(c, out, "SEQUENCE", "sequence");
}
bool put_sequence(const Show&, Component& c, const Change& change) {
    return put_number(c, change, "SEQUENCE", "sequence", 1'000'000'000);
}
void show_percent(const Show& show, const Component& c, json::Object& out) {
    if (show.kind == Kind::task)
        show_number(c, out, "PERCENT-COMPLETE", "percentComplete");
}
bool put_percent(const Show&, Component& c, const Change& change) {
    return put_number(c, change, "PERCENT-COMPLETE", "percentComplete", 100);
}

struct Word {
    std::string_view ours, theirs;
};
template <class Words>
bool put_word(
    Component& c, const Change& change, std::string_view name, const char* member,
    const Words& words
) {
    const auto* value = change.now(member);
    if (value == nullptr) {
        c.remove(name);
        return true;
    }
    const auto found = std::ranges::find(words, change.text(member), &Word::ours);
    if (found == words.end())
        return false;
    c.set_value(name, std::string(found->theirs));
    return true;
}
template <class Words>
void show_word(
    const Component& c, json::Object& out, std::string_view name, const char* member,
    const Words& words
) {
    const auto found = std::ranges::find(words, upper(trim(c.value_of(name))), &Word::theirs);
    if (found != words.end())
        out[member] = found->ours;
}

constexpr std::array<Word, 3> kPrivacy{
    {{"public", "PUBLIC"}, {"private", "PRIVATE"}, {"secret", "CONFIDENTIAL"}}
};
void show_privacy(const Show&, const Component& c, json::Object& out) {
    show_word(c, out, "CLASS", "privacy", kPrivacy);
}
bool put_privacy(const Show&, Component& c, const Change& change) {
    return put_word(c, change, "CLASS", "privacy", kPrivacy);
}

constexpr std::array<Word, 3> kEventStatus{
    {{"confirmed", "CONFIRMED"}, {"tentative", "TENTATIVE"}, {"cancelled", "CANCELLED"}}
};
void show_status(const Show& show, const Component& c, json::Object& out) {
    if (show.kind == Kind::event)
        show_word(c, out, "STATUS", "status", kEventStatus);
}
bool put_status(const Show&, Component& c, const Change& change) {
    return put_word(c, change, "STATUS", "status", kEventStatus);
}

constexpr std::array<Word, 5> kProgress{
    {{"needs-action", "NEEDS-ACTION"},
     {"in-process", "IN-PROCESS"},
     {"completed", "COMPLETED"},
     {"cancelled", "CANCELLED"},
     {"failed", "X-FAILED"}}
};
void show_progress(const Show& show, const Component& c, json::Object& out) {
    if (show.kind != Kind::task)
        return;
    show_word(c, out, "STATUS", "progress", kProgress);
    if (!out.contains("progress") && c.has("COMPLETED"))
        out["progress"] = "completed";
}
/// COMPLETED goes with the word: every door looks at both.
bool put_progress(const Show&, Component& c, const Change& change) {
    if (!put_word(c, change, "STATUS", "progress", kProgress))
        return false;
    const bool done = change.text("progress") == "completed";
    if (!done)
        c.remove("COMPLETED");
    if (!done && c.value_of("PERCENT-COMPLETE") == "100" && !change.differs("percentComplete"))
        c.remove("PERCENT-COMPLETE");
    if (done && !c.has("COMPLETED")) {
        // The time of the change: "updated" was brought up to date before.
        auto stamp = c.value_of("LAST-MODIFIED");
        if (stamp.empty())
            stamp = c.value_of("DTSTAMP");
        c.set_value("COMPLETED", std::string(stamp));
    }
    return true;
}

constexpr std::array<Word, 2> kTransparency{{{"busy", "OPAQUE"}, {"free", "TRANSPARENT"}}};
void show_busy(const Show& show, const Component& c, json::Object& out) {
    if (show.kind == Kind::event)
        show_word(c, out, "TRANSP", "freeBusyStatus", kTransparency);
}
bool put_busy(const Show&, Component& c, const Change& change) {
    c.remove("X-MICROSOFT-CDO-BUSYSTATUS");
    return put_word(c, change, "TRANSP", "freeBusyStatus", kTransparency);
}

// Stamps -----------------------------------------------------------------------------------------

std::string stamp_text(std::string_view value) {
    const auto moment = ical::parse_moment(value);
    return moment ? local_text(moment->civil) + "Z" : std::string();
}
bool put_stamp(Component& c, const Change& change, std::string_view name, const char* member) {
    const auto* value = change.now(member);
    if (value == nullptr) {
        c.remove(name);
        return true;
    }
    auto text = change.text(member);
    if (!text.ends_with('Z'))
        return false;
    text.pop_back();
    if (const auto dot = text.find('.'); dot != std::string::npos)
        text.resize(dot);
    const auto civil = parse_local(text);
    if (!civil)
        return false;
    c.set_value(name, ical::format_moment({ical::TimeKind::utc, *civil, {}}));
    return true;
}
void show_created(const Show&, const Component& c, json::Object& out) {
    if (auto text = stamp_text(c.value_of("CREATED")); !text.empty())
        out["created"] = std::move(text);
}
bool put_created(const Show&, Component& c, const Change& change) {
    return put_stamp(c, change, "CREATED", "created");
}
void show_updated(const Show&, const Component& c, json::Object& out) {
    auto text = stamp_text(c.value_of("LAST-MODIFIED"));
    if (text.empty())
        text = stamp_text(c.value_of("DTSTAMP"));
    if (!text.empty())
        out["updated"] = std::move(text);
}
bool put_updated(const Show&, Component& c, const Change& change) {
    return put_stamp(c, change, "LAST-MODIFIED", "updated");
}

/// A draft invites nobody; no iCalendar says so.
void show_draft(const Show&, const Component& c, json::Object& out) {
    if (iequals(c.value_of("X-LOCKSTEP-DRAFT"), "TRUE"))
        out["isDraft"] = true;
}
bool put_draft(const Show&, Component& c, const Change& change) {
    const auto* value = change.now("isDraft");
    if (value != nullptr && !value->is_bool())
        return false;
    if (value != nullptr && value->get_bool())
        c.set_value("X-LOCKSTEP-DRAFT", "TRUE");
    else
        c.remove("X-LOCKSTEP-DRAFT");
    return true;
}

constexpr Member kTexts[] = {
    {"uid", show_uid, put_uid},
    {"updated", show_updated, put_updated},
    {"created", show_created, put_created},
    {"sequence", show_sequence, put_sequence},
    {"title", show_title, put_title},
    {"description", show_description, put_description},
    {"color", show_color, put_color},
    {"priority", show_priority, put_priority},
    {"privacy", show_privacy, put_privacy},
    {"status", show_status, put_status},
    {"progress", show_progress, put_progress},
    {"percentComplete", show_percent, put_percent},
    {"freeBusyStatus", show_busy, put_busy},
    {"isDraft", show_draft, put_draft},
};

} // namespace

std::span<const Member> text_members() { return kTexts; }

} // namespace lockstep::jscalendar
