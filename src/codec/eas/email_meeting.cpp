// MeetingRequest: an invitation in a mail as the phone's buttons need it; see email.hpp.
// Spec: MS-ASEMAIL 2.2.2.48 and its children, 2.2.2.37 GlobalObjId, 2.2.2.63 Reminder (seconds
// here, minutes in calendars);
//       Email.xsd gives the order. RFC 5546.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar.hpp"
#include "codec/eas/calendar_model.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/email.hpp"
#include "codec/eas/time_zone.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/itip.hpp"
#include "codec/ical/series.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::eas {

namespace {

namespace email = wbxml::email;
namespace email2 = wbxml::email2;

constexpr std::int64_t kReminderMost = 65'535; // xs:unsignedShort
constexpr std::size_t kWrappedUidBytes = 1'000;

std::string little_endian(std::uint32_t number) {
    std::string out;
    for (unsigned shift = 0; shift < 32; shift += 8)
        out += static_cast<char>(number >> shift & 0xFFU);
    return out;
}

/// MS-ASEMAIL 2.2.2.37: an Outlook UID is the id in hexadecimal; any other UID is wrapped as a
/// vCal-Uid.
std::string global_object_id(std::string_view uid, std::optional<std::int64_t> instance_day) {
    std::string date(4, '\0');
    if (instance_day) {
        const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(*instance_day)
        )};
        const int year = static_cast<int>(day.year());
        date = {
            static_cast<char>(year >> 8), static_cast<char>(year & 0xFF),
            static_cast<char>(static_cast<unsigned>(day.month())),
            static_cast<char>(static_cast<unsigned>(day.day()))
        };
    }
    constexpr std::string_view kOutlook = "040000008200E00074C5B7101A82E008";
    if (istarts_with(uid, kOutlook) && uid.size() >= 80) {
        if (auto bytes = unhex(uid)) {
            bytes->replace(16, 4, date);
            return base64(*bytes);
        }
    }
    const auto name = uid.substr(0, kWrappedUidBytes);
    std::string id = *unhex(kOutlook) + date + std::string(16, '\0');
    id += little_endian(static_cast<std::uint32_t>(8 + 4 + name.size() + 1));
    id += "vCal-Uid";
    id += std::string("\x01\0\0\0", 4);
    id.append(name).append(1, '\0');
    return base64(id);
}

/// One invitation with what its elements are made of.
struct Invitation {
    const ical::Series& series;
    const ical::Component& event;
    EventFields fields;
    std::optional<Pattern> pattern;
    std::string_view method;
    bool outdated = false; ///< what is in the calendar is newer
    bool orphan = false;   ///< an occurrence of a series to which the reader is not invited

    [[nodiscard]] bool is_counter() const { return method == "COUNTER"; }
    [[nodiscard]] bool one_instance() const { return event.has("RECURRENCE-ID"); }
    [[nodiscard]] bool all_day() const { return fields.all_day.value_or(false); }
};

/// Shown times are midnights of the wall clock for whole days: 16.x sends them as they are, older
/// versions as instants.
std::string meeting_time(const Invitation& invitation, std::int64_t time, wbxml::Version version) {
    return iso_date(
        invitation.all_day() && !is_16(version) ? invitation.series.to_utc(time) : time
    );
}

void write_times(wbxml::Writer& out, const Invitation& invitation) {
    const auto& fields = invitation.fields;
    out.element(email::AllDayEvent, invitation.all_day());
    if (fields.start)
        out.element(email::StartTime, meeting_time(invitation, *fields.start, out.version()));
    out.element(email::DtStamp, iso_date(fields.stamp.value_or(invitation.series.start_utc())));
    if (fields.end)
        out.element(email::EndTime, meeting_time(invitation, *fields.end, out.version()));
    // Orphans, by that name, came with 16.0.
    const int instance = invitation.orphan && is_16(out.version()) ? 4 : 3;
    out.element(
        email::InstanceType, invitation.one_instance() ? instance
                             : invitation.pattern      ? 1
                                                       : 0
    );
}

void write_place_and_people(wbxml::Writer& out, const Invitation& invitation) {
    const auto place =
        invitation.fields.place ? invitation.fields.place->display_name : std::string();
    if (!place.empty() && out.allows(email::Location)) {
        out.element(email::Location, place);
    } else if (!place.empty()) {
        out.open(wbxml::air_sync_base::Location);
        out.element(wbxml::air_sync_base::DisplayName, place);
        out.close();
    }
    if (const auto* const organizer = invitation.event.find("ORGANIZER")) {
        mime::Address address;
        const auto mailbox = mail_address(organizer->value());
        const auto at = mailbox.rfind('@');
        address.local = mailbox.substr(0, at);
        if (at != std::string::npos)
            address.domain = mailbox.substr(at + 1);
        address.name = organizer->parameter("CN");
        out.element(email::Organizer, address.display());
    }
}

/// Email.xsd wants this order, which is not that of calendar items.
void write_meeting_recurrence(wbxml::Writer& out, const Pattern& pattern) {
    const auto number = [&out](wbxml::Tag tag, const std::optional<int>& value) {
        if (value)
            out.element(tag, *value);
    };
    out.open(email::Recurrences);
    out.open(email::Recurrence);
    out.element(email::Type, pattern.type);
    out.element(email::Interval, pattern.interval);
    if (pattern.until)
        out.element(email::Until, compact_date(*pattern.until));
    number(email::Occurrences, pattern.occurrences);
    number(email::WeekOfMonth, pattern.week_of_month);
    number(email::DayOfMonth, pattern.day_of_month);
    number(email::DayOfWeek, pattern.day_of_week);
    number(email::MonthOfYear, pattern.month_of_year);
    out.element_if_allowed(email2::CalendarType, pattern.calendar_type.value_or(0));
    out.element_if_allowed(email2::IsLeapMonth, pattern.leap_month);
    if (pattern.first_day_of_week)
        out.element_if_allowed(email2::FirstDayOfWeek, *pattern.first_day_of_week);
    out.close();
    out.close();
}

/// Whether anybody is asked to answer: RSVP of an attendee, or its default in a request that does
/// not say.
bool wants_answer(const Invitation& invitation) {
    if (invitation.method != "REQUEST")
        return false;
    bool said = false;
    for (const auto& property : invitation.event.properties) {
        if (!iequals(property.name(), "ATTENDEE"))
            continue;
        const auto rsvp = property.parameter("RSVP");
        if (iequals(rsvp, "TRUE"))
            return true;
        said = said || !rsvp.empty();
    }
    return !said;
}

void write_identity(wbxml::Writer& out, const Invitation& invitation) {
    const auto uid = invitation.event.text_of("UID");
    if (out.allows(email::GlobalObjId)) {
        std::optional<std::int64_t> day;
        if (invitation.one_instance())
            if (const auto moment = ical::read_moment(*invitation.event.find("RECURRENCE-ID")))
                day = invitation.series.on_clock(*moment) / 86'400;
        out.element(email::GlobalObjId, global_object_id(uid, day));
    }
    const auto counter = invitation.event.value_of("X-MICROSOFT-DISALLOW-COUNTER");
    out.element_if_allowed(email::DisallowNewTimeProposal, iequals(trim(counter), "TRUE"));
    const auto sequence = parse_int<int>(trim(invitation.event.value_of("SEQUENCE"))).value_or(0);
    const int type = invitation.method != "REQUEST" ? 0
                     : invitation.outdated          ? 4
                     : sequence > 0                 ? 2
                                                    : 1;
    out.element_if_allowed(email2::MeetingMessageType, type);
    if (!out.allows(email::GlobalObjId))
        out.element(wbxml::calendar::UID, uid);
}

/// The reader's time as the organizer means it to be taken.
int intended_busy(const Invitation& invitation) {
    const auto intended = trim(invitation.event.value_of("X-MICROSOFT-CDO-INTENDEDSTATUS"));
    for (int busy = 0; busy <= 4; ++busy)
        if (iequals(intended, ical::name_of(static_cast<ical::Busy>(busy))))
            return busy;
    return invitation.fields.busy.value_or(2);
}

void write_proposal(wbxml::Writer& out, const Invitation& invitation) {
    const auto range = invitation.series.range_of(invitation.event);
    if (!range)
        return;
    out.element_if_allowed(wbxml::meeting_response::ProposedStartTime, compact_date(range->first));
    out.element_if_allowed(wbxml::meeting_response::ProposedEndTime, compact_date(range->second));
}

void write_invitation(wbxml::Writer& out, const Invitation& invitation) {
    const auto& fields = invitation.fields;
    out.open(email::MeetingRequest);
    write_times(out, invitation);
    write_place_and_people(out, invitation);
    if (invitation.one_instance()) {
        if (const auto moment = ical::read_moment(*invitation.event.find("RECURRENCE-ID")))
            out.element(email::RecurrenceId, iso_date(invitation.series.instant(*moment)));
    }
    if (fields.reminder && *fields.reminder)
        out.element(email::Reminder, std::min(**fields.reminder * 60, kReminderMost));
    out.element(email::ResponseRequested, wants_answer(invitation));
    if (invitation.pattern && !invitation.one_instance())
        write_meeting_recurrence(out, *invitation.pattern);
    out.element(email::Sensitivity, fields.sensitivity.value_or(0));
    const int busy = intended_busy(invitation);
    out.element(email::BusyStatus, busy == 4 && !is_16(out.version()) ? 0 : busy);
    out.element(
        email::TimeZone,
        format_zone_blob(blob_of_zone(*invitation.series.zone(), invitation.series.start_utc()))
    );
    write_identity(out, invitation);
    if (invitation.is_counter())
        write_proposal(out, invitation);
    out.close();
}

/// What an earlier or later message made of the meeting in the reader's calendar.
void compare_with_stored(const MailView& view, Invitation& invitation) {
    if (!view.find_event)
        return;
    const auto stored = view.find_event(invitation.event.text_of("UID"));
    const auto calendar =
        stored ? ical::parse(*stored) : Result<ical::Component>(fail(Code::not_found, "no event"));
    const auto* known = calendar ? ical::main_event(*calendar) : nullptr;
    if (known == nullptr)
        return;
    invitation.orphan = known->has("RECURRENCE-ID");
    if (invitation.one_instance())
        return;
    const auto here = ical::sequence_of(*known), there = ical::sequence_of(invitation.event);
    invitation.outdated = here > there || (here == there && ical::stamp_of(*known) >
                                                                ical::stamp_of(invitation.event));
}

/// A counter proposal shows the time that the meeting has; the proposed one has elements of its
/// own.
void show_original_times(const ical::Series& series, Invitation& invitation) {
    for (const auto& [name, time] :
         {std::pair("X-MS-OLK-ORIGINALSTART", &invitation.fields.start),
          std::pair("X-MS-OLK-ORIGINALEND", &invitation.fields.end)}) {
        const auto* property = invitation.event.find(name);
        const auto moment = property == nullptr ? Result<ical::Moment>(fail(Code::not_found, name))
                                                : ical::read_moment(*property);
        if (moment)
            *time = series.instant(*moment);
    }
}

} // namespace

Result<> write_meeting_request(wbxml::Writer& out, const MailView& view) {
    const auto& digest = view.digest;
    // Proposals have elements since 16.1; before, they are ordinary answers.
    const bool counter = digest.calendar_method == "COUNTER" &&
                         out.allows(wbxml::meeting_response::ProposedStartTime);
    const bool invitation =
        digest.calendar_method == "REQUEST" || digest.calendar_method == "CANCEL" || counter;
    const auto part = std::ranges::find(digest.parts, true, &mime::DigestPart::is_calendar);
    if (!invitation || part == digest.parts.end() || part->decoded_size > limits::kIcalBytes)
        return {};
    TRY(const auto bytes, view.read(part->offset, part->encoded_length));
    const auto text = mime::to_utf8(
        mime::decode_transfer(part->encoding, bytes),
        part->charset.empty() ? "utf-8" : part->charset
    );
    // A calendar part that cannot be read leaves an ordinary mail: the attachment is still there.
    const auto calendar = ical::parse(text);
    if (!calendar)
        return {};
    const auto series = ical::Series::read(*calendar, "VEVENT", ical::zone_or_utc(view.zone));
    if (!series)
        return {};
    EventContext context;
    context.zone = view.zone;
    auto fields = show_fields(*series, series->master(), context);
    const auto rendering = render_series(*series, out.version(), fields.stamp.value_or(0));
    Invitation shown{
        *series, series->master(), std::move(fields),
        rendering.surrogate ? std::nullopt : rendering.pattern, digest.calendar_method
    };
    compare_with_stored(view, shown);
    if (counter)
        show_original_times(*series, shown);
    write_invitation(out, shown);
    return {};
}

} // namespace lockstep::eas
