// What the tests of calendar, task and note items share: items as trees, and trees as requests.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "codec/eas/calendar.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/options.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/series.hpp"
#include "codec/ical/value.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas::item_testing {

inline wbxml::Node leaf(wbxml::Tag tag, std::string_view text) {
    return {tag, std::string(text), false, {}};
}
inline wbxml::Node tree(wbxml::Tag tag, std::vector<wbxml::Node> children) {
    return {tag, {}, false, std::move(children)};
}
inline wbxml::Node data(std::vector<wbxml::Node> children) {
    return tree(wbxml::air_sync::ApplicationData, std::move(children));
}

inline std::int64_t utc(std::string_view text) { return ical::parse_moment(text)->civil; }

inline EventContext owner(std::string_view zone = "Europe/Berlin") {
    return {"anna@example.org", "Anna Berg", std::string(zone), utc("20261124T100300Z"), "new-uid",
            "5:1"};
}

inline ItemOptions options_for(wbxml::Version version, int type = 1) {
    ItemOptions options;
    options.version = version;
    options.body_preferences.push_back({type, {}, false, 0});
    return options;
}

/// Runs a writer of the children of ApplicationData and reads the document back.
template <class Write> wbxml::Node written(wbxml::Version version, Write&& write) {
    wbxml::Writer out(version);
    out.open(wbxml::air_sync::ApplicationData);
    const Result<> result = write(out);
    EXPECT_TRUE(result) << (result ? "" : result.error().text);
    out.close();
    const auto bytes = out.finish();
    EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().text);
    auto node = wbxml::parse(bytes.value_or(""));
    EXPECT_TRUE(node);
    return node.value_or(wbxml::Node{});
}

/// An event object of one VEVENT with these lines, and whatever follows it.
inline std::string vevent(std::string_view lines, std::string_view more = {}) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//X//Y//"
           "EN\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20261101T120000Z\r\n" +
           std::string(lines) + "END:VEVENT\r\n" + std::string(more) + "END:VCALENDAR\r\n";
}

inline wbxml::Node show(
    const std::string& object, wbxml::Version version, const EventContext& context = owner(),
    int body = 1
) {
    return written(version, [&](wbxml::Writer& out) {
        return write_event(out, object, options_for(version, body), context);
    });
}

inline std::string merged(
    const std::string& stored, const wbxml::Node& sent, wbxml::Version version,
    const EventContext& context = owner()
) {
    auto result = merge_event(stored, sent, version, context);
    EXPECT_TRUE(result) << (result ? "" : result.error().text);
    return result.value_or("");
}

/// Starts of all occurrences in 2026 and 2027, as UTC.
inline std::vector<std::string>
occurrences(const std::string& object, std::string_view zone = "Europe/Berlin") {
    const auto calendar = ical::parse(object);
    if (!calendar)
        return {"unreadable"};
    const auto series = ical::Series::read(*calendar, "VEVENT", ical::zone_or_utc(zone));
    if (!series)
        return {series.error().text};
    std::vector<std::string> out;
    for (const auto& each :
         series->expand(utc("20260101T000000Z"), utc("20280101T000000Z"), 400).occurrences)
        out.push_back(compact_date(each.start));
    return out;
}

inline const std::string kMeeting =
    vevent("DTSTART;TZID=Europe/Berlin:20261130T100000\r\nDTEND;TZID=Europe/"
           "Berlin:20261130T113000\r\nSUMMARY:Planung\\, Q1\r\nLOCATION:Raum 7\r\n"
           "DESCRIPTION:Line one\\nLine two\r\nCATEGORIES:Work,Team\r\nORGANIZER;CN=Anna "
           "Berg:mailto:anna@example.org\r\n"
           "ATTENDEE;CN=Anna Berg;PARTSTAT=ACCEPTED:mailto:anna@example.org\r\n"
           "ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED;X-NUM-GUESTS=0:mailto:ben@example.org\r\nATTENDEE;CN="
           "Beamer;CUTYPE=RESOURCE:mailto:beamer@example.org\r\n"
           "CLASS:PRIVATE\r\nX-CUSTOM;A=\"b,c\":kept as it is\r\nSEQUENCE:2\r\n"
           "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nX-WR-ALARMUID:1\r\nEND:"
           "VALARM\r\nBEGIN:VALARM\r\nACTION:EMAIL\r\nTRIGGER:-P1D\r\nEND:VALARM\r\n");

inline const std::string kSeries = vevent(
    "DTSTART;TZID=Europe/Berlin:20261019T090000\r\nDTEND;TZID=Europe/"
    "Berlin:20261019T100000\r\nSUMMARY:Jour fixe\r\nLOCATION:Raum 1\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=6\r\nEXDATE;TZID=Europe/Berlin:20261026T090000\r\n",
    "BEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20261101T120000Z\r\nRECURRENCE-ID;TZID=Europe/"
    "Berlin:20261102T090000\r\n"
    "DTSTART;TZID=Europe/Berlin:20261103T140000\r\nDTEND;TZID=Europe/"
    "Berlin:20261103T150000\r\nSUMMARY:Jour fixe (Dienstag)\r\nX-NOTE:odd\r\nEND:VEVENT\r\n"
);

/// What a device sends when it sends back all that it was shown: the request of an unchanged item.
inline wbxml::Node echo(wbxml::Node shown, wbxml::Version version) {
    std::erase_if(shown.children, [&](const wbxml::Node& child) {
        if (version < wbxml::Version::v16_0)
            return false;
        return child.tag == wbxml::calendar::UID || child.tag == wbxml::calendar::DtStamp ||
               child.tag == wbxml::calendar::OrganizerEmail ||
               child.tag == wbxml::calendar::OrganizerName ||
               child.tag == wbxml::calendar::Exceptions;
    });
    return shown;
}

inline wbxml::Node exception(std::vector<wbxml::Node> children) {
    return tree(
        wbxml::calendar::Exceptions, {tree(wbxml::calendar::Exception, std::move(children))}
    );
}

} // namespace lockstep::eas::item_testing
