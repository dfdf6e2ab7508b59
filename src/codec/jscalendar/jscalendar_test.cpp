// Events and to-dos there and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "codec/jscalendar/jscalendar.hpp"

namespace lockstep::jscalendar {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kNow = 1'770'000'000;

json::Object object(std::string_view text) {
    const auto value = json::parse(text);
    EXPECT_TRUE(value && value->is_object()) << text;
    return value && value->is_object() ? value->get_object() : json::Object();
}
std::string text(const json::Object& object) { return json::write(json::Value(object)); }

std::string written(std::string_view stored, const json::Object& wanted, Kind kind = Kind::event) {
    auto done = write_object(stored, wanted, kind, kNow);
    EXPECT_TRUE(done) << (done ? "" : done.error().property + " " + done.error().text);
    return done.value_or("");
}
json::Object shown(std::string_view ical, Kind kind = Kind::event) {
    auto read = read_object(ical, kind);
    EXPECT_TRUE(read) << (read ? "" : read.error().text);
    return read.value_or(json::Object());
}

/// Without the stamp, which a change moves.
std::string unstamped(json::Object object) {
    object.erase("updated");
    std::map<std::string, std::string> sorted;
    for (const auto& member : object)
        sorted[member.key()] = json::write(member.value());
    std::string out;
    for (const auto& [name, value] : sorted)
        out += name + ": " + value + "\n";
    return out;
}

const std::string kSeries =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Phone//EN\r\n"
    "BEGIN:VEVENT\r\nUID:s1\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART;TZID=W. Europe Standard Time:20260105T090000\r\n"
    "DTEND;TZID=W. Europe Standard Time:20260105T100000\r\n"
    "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260601T070000Z\r\n"
    "EXDATE;TZID=W. Europe Standard Time:20260119T090000\r\n"
    "SUMMARY:Standup\r\nLOCATION:Room 1\r\nX-STRANGE:kept\r\nTRANSP:OPAQUE\r\n"
    "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nEND:VALARM\r\n"
    "END:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:s1\r\nDTSTAMP:20260101T000000Z\r\n"
    "RECURRENCE-ID;TZID=W. Europe Standard Time:20260112T090000\r\n"
    "DTSTART;TZID=W. Europe Standard Time:20260112T110000\r\n"
    "DTEND;TZID=W. Europe Standard Time:20260112T120000\r\n"
    "SUMMARY:Standup later\r\nLOCATION:Room 1\r\nTRANSP:OPAQUE\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n";

TEST(JsCalendarRead, ShowsASeriesWithItsExceptions) {
    const auto event = shown(kSeries);
    EXPECT_EQ(event.at("start"), "2026-01-05T09:00:00");
    EXPECT_EQ(event.at("timeZone"), "Europe/Berlin");
    EXPECT_EQ(event.at("duration"), "PT1H");
    EXPECT_EQ(
        event.at("recurrenceRule"),
        object(R"({"frequency":"weekly","byDay":[{"day":"mo"}],"until":"2026-06-01T09:00:00"})")
    ) << text(event);
    EXPECT_EQ(
        event.at("recurrenceOverrides"), object(R"({"2026-01-19T09:00:00":{"excluded":true},
          "2026-01-12T09:00:00":{"start":"2026-01-12T11:00:00","title":"Standup later","alerts":null}})"
                                         )
    ) << text(event);
    EXPECT_EQ(event.at("alerts"), object(R"({"a1":{"trigger":{"offset":"-PT15M"}}})"));
    EXPECT_EQ(event.at("locations"), object(R"({"1":{"name":"Room 1"}})"));
}

TEST(JsCalendarWrite, AnEchoKeepsTheBytes) { EXPECT_EQ(written(kSeries, shown(kSeries)), kSeries); }

TEST(JsCalendarWrite, AnEditKeepsWhatJsCalendarDoesNotKnow) {
    auto event = shown(kSeries);
    event["title"] = "Daily";
    const auto bytes = written(kSeries, event);
    EXPECT_THAT(bytes, HasSubstr("X-STRANGE:kept\r\n"));
    EXPECT_THAT(bytes, HasSubstr("SUMMARY:Daily\r\n"));
    EXPECT_THAT(bytes, HasSubstr("SUMMARY:Standup later\r\n"));
    EXPECT_THAT(bytes, HasSubstr("DTSTART;TZID=W. Europe Standard Time:20260105T090000\r\n"));
    EXPECT_EQ(unstamped(shown(bytes)), unstamped(event)) << bytes;
}

TEST(JsCalendarWrite, OverridesInheritWhatTheyDoNotSay) {
    auto event = shown(kSeries);
    event["locations"] = object(R"({"1":{"name":"Room 2"}})");
    const auto bytes = written(kSeries, event);
    EXPECT_THAT(bytes, Not(HasSubstr("Room 1")));
    EXPECT_EQ(unstamped(shown(bytes)), unstamped(event)) << bytes;
}

const std::string_view kWhole = R"({
  "@type":"Event","uid":"e1","created":"2026-01-01T00:00:00Z","updated":"2026-01-02T00:00:00Z",
  "sequence":3,"title":"A, b; c","description":"one\ntwo","start":"2026-03-28T10:00:00",
  "timeZone":"Europe/Berlin","duration":"PT1H30M","priority":5,"privacy":"private",
  "status":"tentative","freeBusyStatus":"free","color":"tomato",
  "keywords":{"work":true,"x,y":true},
  "locations":{"l":{"name":"Hall","description":"Second floor"}},
  "virtualLocations":{"v":{"uri":"https://meet.example/1","name":"Meet","features":{"audio":true}}},
  "links":{"f":{"rel":"enclosure","href":"data:text/plain;base64,aGFsbG8=","contentType":"text/plain","title":"a.txt"},
           "w":{"href":"https://example.org/"}},
  "organizerCalendarAddress":"mailto:anna@example.org",
  "participants":{
    "o":{"calendarAddress":"mailto:anna@example.org","email":"anna@example.org","name":"Anna","roles":{"owner":true}},
    "g":{"calendarAddress":"mailto:ben@example.org","email":"ben@example.org","name":"Ben",
         "participationStatus":"needs-action","expectReply":true,"roles":{"optional":true},"kind":"individual"}},
  "alerts":{"x":{"trigger":{"offset":"-PT5M"}},
            "y":{"trigger":{"@type":"AbsoluteTrigger","when":"2026-03-28T08:00:00Z"},"action":"email"}},
  "relatedTo":{"e0":{"relation":{"first":true}}},
  "recurrenceRule":{"frequency":"monthly","interval":2,"count":5,"byDay":[{"day":"sa","nthOfPeriod":-1}]},
  "recurrenceOverrides":{
    "2026-05-30T10:00:00":{"title":"Special","participants/g/participationStatus":"declined"},
    "2026-07-25T10:00:00":{"excluded":true},
    "2026-04-01T10:00:00":{}},
  "useDefaultAlerts":true,"example.com:x":[1,{"a":null}]})";

TEST(JsCalendarWrite, EverythingThatIsSaidIsSaidAgain) {
    const auto event = object(kWhole);
    const auto bytes = written("", event);
    const auto again = shown(bytes);
    for (const auto& member : event)
        EXPECT_EQ(again.at(member.key()), member.value())
            << member.key() << " " << text(again) << "\n"
            << bytes;
    EXPECT_EQ(again.size(), event.size() + 1) << "prodId alone is new: " << text(again);
    EXPECT_THAT(bytes, HasSubstr("BEGIN:VTIMEZONE"));
    EXPECT_THAT(bytes, HasSubstr("ORGANIZER;CN=Anna"));
    EXPECT_EQ(written(bytes, again), bytes) << "and an echo changes nothing";
}

TEST(JsCalendarWrite, ADayIsADate) {
    const auto event = object(
        R"({"uid":"d","start":"2026-05-01T00:00:00","duration":"P2D","showWithoutTime":true,"title":"Fair"})"
    );
    const auto bytes = written("", event);
    EXPECT_THAT(bytes, HasSubstr("DTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260503"));
    EXPECT_EQ(shown(bytes).at("duration"), "P2D");
    EXPECT_FALSE(shown(bytes).contains("timeZone"));
}

TEST(JsCalendarWrite, ToDosHaveADue) {
    const auto task = object(
        R"({"@type":"Task","uid":"t","title":"Tax","due":"2026-05-31T18:00:00","timeZone":"Europe/Berlin",
            "progress":"needs-action","percentComplete":20,"priority":1,"updated":"2026-01-02T00:00:00Z",
            "estimatedDuration":"PT2H"})"
    );
    const auto bytes = written("", task, Kind::task);
    auto again = shown(bytes, Kind::task);
    for (const auto& member : task)
        EXPECT_EQ(again.at(member.key()), member.value()) << member.key() << text(again) << bytes;
    again["progress"] = "completed";
    const auto done = written(bytes, again, Kind::task);
    EXPECT_THAT(done, HasSubstr("COMPLETED:20260102T000000Z"));
    again["progress"] = "in-process";
    EXPECT_THAT(written(done, again, Kind::task), Not(HasSubstr("COMPLETED:")));
}

TEST(JsCalendarWrite, RefusesWhatMakesNoSense) {
    const auto wrong = [](std::string_view members) {
        auto event = object(R"({"uid":"e","start":"2026-05-01T10:00:00","duration":"PT1H"})");
        for (const auto& member : object(members))
            event[member.key()] = member.value();
        const auto done = write_object("", event, Kind::event, kNow);
        return done ? std::string("nothing") : done.error().property;
    };
    EXPECT_EQ(wrong(R"({"start":"2026-02-30T10:00:00"})"), "start");
    EXPECT_EQ(wrong(R"({"start":"2026-05-01"})"), "start");
    EXPECT_EQ(wrong(R"({"timeZone":"Mars/Olympus"})"), "timeZone");
    EXPECT_EQ(wrong(R"({"duration":"soon"})"), "duration");
    EXPECT_EQ(wrong(R"({"title":7})"), "title");
    EXPECT_EQ(wrong(R"({"status":"maybe"})"), "status");
    EXPECT_EQ(wrong(R"({"recurrenceRule":{"frequency":"never"}})"), "recurrenceRule");
    EXPECT_EQ(wrong(R"({"recurrenceRule":{"frequency":"daily","byMonth":[1]}})"), "recurrenceRule");
    EXPECT_EQ(wrong(R"({"recurrenceOverrides":{"x":{}}})"), "recurrenceOverrides");
    EXPECT_EQ(wrong(R"({"participants":{"p":{"name":"nobody"}}})"), "participants");
    EXPECT_EQ(wrong(R"({"alerts":{"a":{}}})"), "alerts");
    EXPECT_EQ(wrong(R"({"method":"request"})"), "method");
    EXPECT_EQ(wrong(R"({"@type":"Task"})"), "@type");
    EXPECT_EQ(wrong(R"({"links":{"l":{"href":"x\r\nEND:VEVENT"}}})"), "links");
}

TEST(JsCalendarInstances, AreExpandedAndChangedOneByOne) {
    const auto from = parse_local("2026-01-01T00:00:00").value();
    const auto to = parse_local("2026-02-01T00:00:00").value();
    const auto found = instances_of(kSeries, Kind::event, from, to, 100, ical::utc_zone());
    ASSERT_TRUE(found);
    std::vector<std::string> ids;
    for (const auto& each : found->all)
        ids.push_back(each.id + " " + local_text(each.start));
    EXPECT_THAT(
        ids,
        ::testing::ElementsAre(
            "2026-01-05T09:00:00 2026-01-05T08:00:00", "2026-01-12T09:00:00 2026-01-12T10:00:00",
            "2026-01-26T09:00:00 2026-01-26T08:00:00"
        )
    );
    const auto event = shown(kSeries);
    const auto instance = instance_of(event, "2026-01-12T09:00:00");
    ASSERT_TRUE(instance);
    EXPECT_EQ(instance->at("start"), "2026-01-12T11:00:00");
    EXPECT_EQ(instance->at("recurrenceId"), "2026-01-12T09:00:00");
    EXPECT_FALSE(instance->contains("recurrenceRule"));
    EXPECT_FALSE(instance_of(event, "2026-01-19T09:00:00"));
    const auto patch = object(R"({"title":"Once","start":"2026-01-26T12:00:00"})");
    const auto changed = with_instance_patch(event, "2026-01-26T09:00:00", &patch);
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->at("recurrenceOverrides").at("2026-01-26T09:00:00"), patch);
    const auto bytes = written(kSeries, *changed);
    EXPECT_EQ(unstamped(shown(bytes)), unstamped(*changed)) << bytes;
    const auto gone = with_instance_patch(event, "2026-01-26T09:00:00", nullptr);
    EXPECT_THAT(
        written(kSeries, *gone),
        HasSubstr("EXDATE;TZID=W. Europe Standard Time:20260126T090000\r\n")
    );
}

TEST(JsCalendarInstances, UtcTimesAreTaken) {
    auto event = object(
        R"({"timeZone":"Europe/Berlin","utcStart":"2026-07-01T10:00:00Z","utcEnd":"2026-07-01T11:00:00Z"})"
    );
    EXPECT_EQ(take_utc(event), "");
    EXPECT_EQ(
        event,
        object(R"({"timeZone":"Europe/Berlin","start":"2026-07-01T12:00:00","duration":"PT1H"})")
    );
    const auto range = utc_range(event, ical::utc_zone());
    ASSERT_TRUE(range);
    EXPECT_EQ(local_text(range->start), "2026-07-01T10:00:00");
}

TEST(JsCalendarFiles, AreReadByTheirProperty) {
    const auto bytes = written("", object(kWhole));
    std::size_t index = 0;
    const auto event = read_object(bytes, Kind::event, [&](std::size_t at) {
        index = at;
        return std::string("blob");
    });
    ASSERT_TRUE(event);
    EXPECT_EQ(event->at("links").at("f").at("blobId"), "blob");
    EXPECT_EQ(file_of(bytes, index)->bytes, "hallo");
    EXPECT_FALSE(file_of(bytes, 0));
    EXPECT_EQ(split_objects(bytes, Kind::event)->size(), 1U);
}

} // namespace
} // namespace lockstep::jscalendar
