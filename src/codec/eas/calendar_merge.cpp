// The steps of a merge: times, recurrence, fields, exceptions.
// Spec: MS-ASCAL 2.2.2.22, 2.2.2.37, 2.2.2.42 (16.x: a changed pattern or time deletes the
// exceptions), 3.2.4.4, 3.2.5.3.
#include "codec/eas/calendar_merge.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/time_zone.hpp"
#include "codec/ical/rule_walker.hpp"
#include "codec/ical/value.hpp"
#include "codec/ical/vtimezone.hpp"

namespace lockstep::eas {
namespace {

using ical::Component;

constexpr std::int64_t kHalf = 1'800;

/// The zone that a sent structure means. One that is malformed or says nothing leaves the preferred
/// zone.
ical::ZonePtr sent_zone(const EventModel& sent, const ical::ZonePtr& preferred, std::int64_t at) {
    if (!sent.time_zone)
        return preferred;
    const auto blob = parse_zone_blob(*sent.time_zone);
    return blob ? zone_of_blob(*blob, preferred, at) : preferred;
}

/// MS-ASCAL 3.2.4.4: times that an Add leaves out.
Result<> complete_times(EventFields& fields, std::int64_t now) {
    const auto rounded = (now + kHalf - 1) / kHalf * kHalf;
    if (fields.start && fields.end)
        return {};
    if (!fields.start && !fields.end) {
        fields.start = rounded;
        fields.end = rounded + kHalf;
    } else if (!fields.start) {
        if (*fields.end < rounded)
            return fail(Code::bad_value, "an event without start that has ended");
        fields.start = rounded;
    } else if (fields.all_day.value_or(false)) {
        fields.end = *fields.start + ical::kDay;
    } else {
        if (*fields.start > rounded)
            return fail(Code::bad_value, "a future event without end");
        fields.end = rounded + kHalf;
    }
    return {};
}

/// All properties of a name, as written.
std::string lines_of(const Component& component, std::string_view name) {
    std::string out;
    for (const auto& property : component.properties)
        if (property.name() == name)
            property.append_to(out);
    return out;
}

} // namespace

EventMerge::EventMerge(Component calendar, wbxml::Version version, const EventContext& context)
    : calendar_(std::move(calendar)), before_(calendar_), version_(version), context_(context),
      owner_zone_(ical::zone_or_utc(context.zone)) {}

Result<Component> EventMerge::new_object(EventModel& sent, const EventContext& context) {
    CHECK_OK(complete_times(sent.fields, context.now));
    const auto owner_zone = ical::zone_or_utc(context.zone);
    const auto zone = sent_zone(sent, owner_zone, *sent.fields.start);
    EventFields fresh;
    fresh.all_day = sent.fields.all_day.value_or(false);
    fresh.start = fresh.end = 0;
    TRY(const auto times, times_of(sent.fields, fresh, {zone, zone, true}));
    Component event{"VEVENT", {}, {}};
    const auto uid = sent.uid.empty() ? context.new_uid : sent.uid;
    event.properties.emplace_back("UID", ical::escape_text(uid));
    event.properties.emplace_back(
        "DTSTAMP", ical::format_moment({ical::TimeKind::utc, context.now, {}})
    );
    event.properties.emplace_back(
        "CREATED", ical::format_moment({ical::TimeKind::utc, context.now, {}})
    );
    write_times(event, times, *zone);
    if (sent.fields.meeting_status.value_or(0) & 2)
        give_organizer(event, sent.organizer_email, sent.organizer_name);
    auto calendar = ical::new_calendar();
    calendar.children.push_back(std::move(event));
    sent.fields.start.reset();
    sent.fields.end.reset();
    sent.fields.all_day.reset();
    return calendar;
}

Result<ical::Series> EventMerge::series() const {
    return ical::Series::read(calendar_, "VEVENT", owner_zone_);
}

Result<> EventMerge::find_master() {
    TRY(const auto current, series());
    master_ = static_cast<std::size_t>(&current.master() - calendar_.children.data());
    return {};
}

Result<> EventMerge::merge(EventModel sent) {
    CHECK_OK(find_master());
    TRY(const auto current, series());
    const auto rendering = render_series(current, version_, context_.now);
    TRY(const auto shown, show_event(current, rendering, version_, context_));
    if (!is_16(version_) && sent.fields.end && !sent.fields.start)
        return fail(Code::bad_value, "an end without a start");

    const auto old_start = current.start();
    const auto old_zone = current.zone();
    std::vector<std::int64_t> excluded = current.excluded();
    std::vector<std::pair<std::int64_t, std::size_t>> overrides;
    for (const auto& [civil, component] : current.overrides())
        overrides.emplace_back(
            civil, static_cast<std::size_t>(component - calendar_.children.data())
        );

    bool moved = false, repatterned = false;
    CHECK_OK(merge_times(sent, shown, rendering, moved));
    CHECK_OK(merge_pattern(sent, shown, repatterned));
    if (moved && !repatterned)
        CHECK_OK(follow_move(old_start, *old_zone));
    if (moved || repatterned) {
        const bool single = !master().has("RRULE") && !master().has("RDATE");
        if (is_16(version_) || single)
            drop_exceptions();
        else
            CHECK_OK(rekey_exceptions(excluded, overrides, old_start));
    }
    merge_master(sent, shown);
    return merge_exceptions(sent.exceptions);
}

Result<> EventMerge::merge_times(
    const EventModel& sent, const EventModel& shown, const SeriesRendering& rendering, bool& moved
) {
    TRY(const auto current, series());
    auto base = show_fields(current, current.master(), context_);
    auto fields = sent.fields;
    if (rendering.surrogate) {
        // The device was shown the first stand-in, not the master: what it moved is moved by as
        // much.
        if (fields.start)
            *fields.start += *base.start - *shown.fields.start;
        if (fields.end)
            *fields.end += *base.end - *shown.fields.end;
    }
    const auto preferred = current.all_day() ? owner_zone_ : current.zone();
    const auto zone = sent_zone(sent, preferred, current.start_utc());
    TRY(const auto times, times_of(fields, base, {zone, zone, false}));
    const bool echo = sent.time_zone == shown.time_zone;
    const bool rezoned =
        !times.all_day && !echo && zone->name() != preferred->name() && zone != preferred;
    const EventTimes before{*base.all_day, *base.start, *base.end};
    if (times == before && !rezoned)
        return {};
    moved = true;
    write_times(master(), times, *zone);
    return {};
}

Result<> EventMerge::merge_pattern(const EventModel& sent, const EventModel& shown, bool& changed) {
    if (!sent.pattern)
        return {};
    const auto& pattern = *sent.pattern;
    const bool was = shown.pattern.has_value() && shown.pattern->has_value();
    if (!pattern && !was)
        return {};
    if (pattern && was && same_pattern(*pattern, **shown.pattern))
        return {};
    changed = true;
    for (const auto* name : {"RRULE", "RDATE", "EXRULE", "X-LOCKSTEP-CALENDAR-TYPE"})
        master().remove(name);
    if (!pattern)
        return {};
    TRY(const auto current, series());
    const PatternStart start{
        current.start().civil, current.all_day(), is_16(version_), current.zone()
    };
    master().set(ical::Property("RRULE", ical::format_rule(rule_of_pattern(*pattern, start))));
    if (const int system = pattern->calendar_type.value_or(0); system > 1) {
        // Kept for the devices that know it; everybody else reads the pattern in the Gregorian
        // calendar.
        ical::Property property("X-LOCKSTEP-CALENDAR-TYPE", std::to_string(system));
        if (pattern->leap_month)
            property.set_parameter("LEAP-MONTH", "1");
        master().set(std::move(property));
    }
    return synchronize_start();
}

/// A moved series keeps its last day, whatever the time of day is now, and begins on its pattern.
Result<> EventMerge::follow_move(const ical::Moment& old_start, const ical::Zone& old_zone) {
    auto* property = master().find("RRULE");
    if (property == nullptr)
        return {};
    TRY(const auto current, series());
    auto rule = ical::parse_rule(property->value());
    if (!rule)
        return {}; // kept as it is: nobody here can read it
    if (rule->until) {
        auto& until = *rule->until;
        const bool was_day = old_start.kind == ical::TimeKind::date;
        const auto civil = until.kind == ical::TimeKind::utc && !was_day
                               ? old_zone.to_civil(until.civil)
                               : until.civil;
        const auto old_time = old_start.civil - ical::midnight_of(old_start.civil);
        const bool on_last_day =
            until.kind == ical::TimeKind::date || civil - ical::midnight_of(civil) >= old_time;
        const auto day = ical::midnight_of(civil) - (on_last_day ? 0 : ical::kDay);
        if (current.all_day())
            until = {ical::TimeKind::date, day, {}};
        else
            until = {ical::TimeKind::utc, current.to_utc(day + ical::kDay - 1), {}};
        property->set_value(ical::format_rule(*rule));
    }
    return synchronize_start();
}

/// RFC 5545 wants a start that the rule matches; the protocol's clients begin with the first match.
Result<> EventMerge::synchronize_start() {
    TRY(const auto current, series());
    if (current.rules().empty())
        return {};
    ical::RuleWalker walker(current.rules().front(), current.start().civil, std::nullopt);
    walker.start_only_when_matched();
    const auto first = walker.next();
    if (!first)
        return fail(Code::bad_value, "a recurrence without occurrences");
    if (*first == current.start().civil)
        return {};
    const auto fields =
        fields_at(current, *first, show_fields(current, current.master(), context_));
    const auto zone = current.zone();
    const EventTimes times{*fields.all_day, *fields.start, *fields.end};
    CHECK_OK(within_calendar(times));
    write_times(master(), times, *zone);
    return {};
}

void EventMerge::merge_master(const EventModel& sent, const EventModel& shown) {
    merge_inherited(sent.fields, shown.fields);
    edit_fields(master(), sent.fields, shown.fields, context_);
    const bool invites = sent.fields.attendees && !sent.fields.attendees->empty();
    if (invites) {
        const bool own = sent.organizer_email.empty();
        give_organizer(
            master(), own ? context_.owner_email : sent.organizer_email,
            own ? context_.owner_name : sent.organizer_name
        );
    } else if (sent.fields.attendees &&
               mail_address(master().value_of("ORGANIZER")) == lower(context_.owner_email)) {
        master().remove("ORGANIZER"); // nobody is invited any more
        std::erase_if(master().properties, [&](const ical::Property& property) {
            return property.name() == "ATTENDEE" &&
                   mail_address(property.value()) == lower(context_.owner_email);
        });
    }
    if (sent.disallow_proposal && sent.disallow_proposal != shown.disallow_proposal)
        master().set_value(
            "X-MICROSOFT-DISALLOW-COUNTER", *sent.disallow_proposal ? "TRUE" : "FALSE"
        );
    if (!sent.response_requested || sent.response_requested == shown.response_requested ||
        !shown.response_requested)
        return;
    for (auto& property : master().properties)
        if (property.name() == "ATTENDEE")
            property.set_parameter("RSVP", *sent.response_requested ? "TRUE" : "FALSE");
}

/// Exceptions inherit from the series; stored overrides are whole. So a field that an override has
/// from the master follows it.
void EventMerge::merge_inherited(const EventFields& sent, const EventFields& shown) {
    // Edits in place leave the series' views where they are.
    const auto current = series();
    if (!current)
        return;
    for (std::size_t i = 0; i < calendar_.children.size(); ++i) {
        auto& child = calendar_.children[i];
        if (i == master_ || child.name != "VEVENT" || !child.has("RECURRENCE-ID"))
            continue;
        const auto own = show_fields(*current, child, context_);
        EventFields follow;
        if (own.subject == shown.subject)
            follow.subject = sent.subject;
        if (own.place == shown.place)
            follow.place = sent.place;
        if (own.categories == shown.categories)
            follow.categories = sent.categories;
        if (own.sensitivity == shown.sensitivity)
            follow.sensitivity = sent.sensitivity;
        if (own.busy == shown.busy)
            follow.busy = sent.busy;
        if (own.reminder == shown.reminder)
            follow.reminder = sent.reminder;
        if (own.attendees == shown.attendees)
            follow.attendees = sent.attendees;
        if (shown_plain(*own.body) == shown_plain(*shown.body) &&
            own.body->html == shown.body->html)
            follow.body = sent.body;
        if (own.files == shown.files)
            follow.file_change = sent.file_change;
        edit_fields(child, follow, own, context_);
    }
}

const Component* EventMerge::counterpart(const Component& event) const {
    for (const auto& child : before_.children)
        if (child.name == event.name &&
            child.value_of("RECURRENCE-ID") == event.value_of("RECURRENCE-ID"))
            return &child;
    return nullptr;
}

Result<std::string> EventMerge::finish(std::string_view stored) {
    if (calendar_ == before_ && !stored.empty())
        return std::string(stored);
    for (auto& child : calendar_.children) {
        if (child.name != "VEVENT")
            continue;
        const auto* old = stored.empty() ? nullptr : counterpart(child);
        if (old == nullptr || child != *old || &child == &master())
            stamp(child, old);
    }
    ical::add_missing_zones(calendar_, context_.now);
    auto bytes = ical::serialize(calendar_);
    if (!ical::parse(bytes))
        return fail(Code::bad_value, "the event would be too large");
    return bytes;
}

/// DTSTAMP and LAST-MODIFIED; SEQUENCE when the organizer's copy changes what invitations must tell
/// anew (RFC 5546 2.1.4).
void EventMerge::stamp(Component& event, const Component* old) {
    const auto now = ical::format_moment({ical::TimeKind::utc, context_.now, {}});
    const auto organizer = mail_address(event.value_of("ORGANIZER"));
    const bool own = organizer.empty() || organizer == lower(context_.owner_email);
    bool significant = false;
    for (const auto* name :
         {"DTSTART", "DTEND", "RRULE", "RDATE", "EXDATE", "LOCATION", "STATUS"}) {
        if (old != nullptr && lines_of(event, name) != lines_of(*old, name))
            significant = true;
    }
    event.set_value("LAST-MODIFIED", now);
    if (!own)
        return;
    event.set_value("DTSTAMP", now);
    if (!significant)
        return;
    const auto sequence = parse_int<std::uint32_t>(trim(event.value_of("SEQUENCE"))).value_or(0);
    event.set_value("SEQUENCE", std::to_string(std::min(sequence, 2'000'000'000U) + 1));
}

} // namespace lockstep::eas
