// Series of occurrences and the index of stored objects.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/index.hpp"
#include "codec/ical/series.hpp"

namespace lockstep::ical {
namespace {

std::int64_t utc(std::string_view text) { return parse_moment(text)->civil; }

std::string event(std::string_view lines, std::string_view more = {}) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u1\r\nSUMMARY:Weekly\r\n" +
           std::string(lines) + "END:VEVENT\r\n" + std::string(more) + "END:VCALENDAR\r\n";
}

std::vector<std::string> starts(
    const std::string& object, std::string_view from, std::string_view to,
    std::string_view zone = "Europe/Berlin"
) {
    const auto calendar = *parse(object);
    const auto series = Series::read(calendar, "VEVENT", zone_or_utc(zone));
    std::vector<std::string> out;
    for (const auto& occurrence : series->expand(utc(from), utc(to), 100).occurrences)
        out.push_back(format_moment({TimeKind::utc, occurrence.start, {}}));
    return out;
}

using Texts = std::vector<std::string>;

TEST(Series, KeepsTheWallClockOverDaylightSaving) {
    EXPECT_EQ(
        starts(
            event("DTSTART;TZID=Europe/Berlin:20261019T090000\r\nDTEND;TZID=Europe/"
                  "Berlin:20261019T100000\r\nRRULE:FREQ=WEEKLY\r\n"),
            "20261019T000000Z", "20261103T000000Z"
        ),
        (Texts{"20261019T070000Z", "20261026T080000Z", "20261102T080000Z"})
    );
    EXPECT_EQ(
        starts(
            event("DTSTART;TZID=Australia/Sydney:20260928T090000\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\n"),
            "20260901T000000Z", "20261103T000000Z"
        ),
        (Texts{"20260927T230000Z", "20261004T220000Z"})
    );
}

TEST(Series, AppliesExtraExcludedAndChangedOccurrences) {
    const auto object = event(
        "DTSTART;TZID=Europe/Berlin:20261102T090000\r\nDTEND;TZID=Europe/"
        "Berlin:20261102T100000\r\nRRULE:FREQ=DAILY;COUNT=5\r\n"
        "EXDATE;TZID=Europe/"
        "Berlin:20261103T090000\r\nEXDATE;VALUE=DATE:20261104\r\nRDATE:20261110T120000Z\r\n",
        "BEGIN:VEVENT\r\nUID:u1\r\nRECURRENCE-ID:20261105T080000Z\r\nDTSTART;TZID=Europe/"
        "Berlin:20261120T150000\r\nDURATION:PT2H\r\nEND:VEVENT\r\n"
    );
    EXPECT_EQ(
        starts(object, "20261101T000000Z", "20261201T000000Z"),
        (Texts{"20261102T080000Z", "20261120T140000Z", "20261106T080000Z", "20261110T120000Z"})
    );
    EXPECT_EQ(starts(object, "20261119T000000Z", "20261121T000000Z"), (Texts{"20261120T140000Z"}))
        << "moved into the window";
    EXPECT_EQ(starts(object, "20261105T000000Z", "20261105T230000Z"), Texts{})
        << "moved out of the window";
}

TEST(Series, AnEndBeforeTheStartIsNone) {
    const auto calendar = *parse(event(
        "DTSTART;VALUE=DATE:20261215\r\nDTEND:20261130T110000Z\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
    ));
    const auto series = *Series::read(calendar, "VEVENT", utc_zone());
    for (const auto& occurrence : series.first(3).occurrences)
        EXPECT_EQ(occurrence.end, occurrence.start);
}

TEST(Series, UntilIsReadInTheZoneOfTheStart) {
    EXPECT_EQ(
        starts(
            event("DTSTART;TZID=America/"
                  "New_York:20261101T200000\r\nRRULE:FREQ=DAILY;UNTIL=20261104T010000Z\r\n"),
            "20261001T000000Z", "20270101T000000Z"
        )
            .size(),
        3U
    );
    EXPECT_EQ(
        starts(
            event("DTSTART;VALUE=DATE:20261101\r\nRRULE:FREQ=DAILY;UNTIL=20261103\r\n"),
            "20261001T000000Z", "20270101T000000Z"
        )
            .size(),
        3U
    );
}

TEST(Series, DaysAreLocalDays) {
    const auto calendar =
        *parse(event("DTSTART;VALUE=DATE:20261024\r\nDTEND;VALUE=DATE:20261026\r\n"));
    const auto series = *Series::read(calendar, "VEVENT", zone_or_utc("Europe/Berlin"));
    EXPECT_EQ(series.start_utc(), utc("20261023T220000Z"));
    EXPECT_EQ(series.end_utc(), utc("20261025T230000Z")) << "49 hours, two days";
}

TEST(Series, EndsAreExactForCountAndUntil) {
    const auto end_of = [](std::string_view lines) {
        const auto calendar = *parse(event(lines));
        return Series::read(calendar, "VEVENT", utc_zone())->series_end();
    };
    EXPECT_EQ(
        end_of("DTSTART:20260101T100000Z\r\nDTEND:20260101T110000Z\r\nRRULE:FREQ=DAILY;COUNT=10\r\n"
        ),
        utc("20260110T110000Z")
    );
    EXPECT_EQ(
        end_of("DTSTART:20000101T100000Z\r\nDTEND:20000101T110000Z\r\nRRULE:FREQ=WEEKLY;UNTIL="
               "20261231T000000Z\r\n"),
        utc("20261226T110000Z")
    );
    EXPECT_EQ(end_of("DTSTART:20260101T100000Z\r\nRRULE:FREQ=DAILY\r\n"), std::nullopt);
    EXPECT_EQ(end_of("DTSTART:20260101T100000Z\r\nDURATION:P1D\r\n"), utc("20260102T100000Z"));
}

TEST(Series, X4HostileObjectsAreBounded) {
    std::string dates = "DTSTART:20260101T100000Z\r\nRRULE:FREQ=SECONDLY\r\n";
    for (int i = 0; i < 100; ++i)
        dates += "RRULE:FREQ=SECONDLY;BYSECOND=1\r\n";
    const auto calendar = *parse(event(dates));
    const auto series = *Series::read(calendar, "VEVENT", utc_zone());
    EXPECT_LE(
        series.expand(utc("20260101T000000Z"), utc("21260101T000000Z"), 3000).occurrences.size(),
        3000U
    );
    EXPECT_LE(series.rules().size(), limits::kIcalDepth);
    std::string many = "DTSTART:20260101T100000Z\r\nEXDATE:";
    for (std::size_t i = 0; i <= limits::kIcalDates; ++i)
        many += "20260101T100000Z,";
    const auto excluded = *parse(event(many + "20260101T100000Z\r\n"));
    EXPECT_EQ(Series::read(excluded, "VEVENT", utc_zone()).error().code, Code::too_large);
}

TEST(CalendarIndex, DescribesEvents) {
    const auto index = index_event(
        event("DTSTART;VALUE=DATE:20261224\r\nRRULE:FREQ=YEARLY\r\nCLASS:PRIVATE\r\nTRANSP:"
              "TRANSPARENT\r\nORGANIZER;CN=A:MAILTO:Anna@Example.org\r\n"),
        "Europe/Berlin"
    );
    ASSERT_TRUE(index);
    EXPECT_EQ(index->uid, "u1");
    EXPECT_EQ(index->summary, "Weekly");
    EXPECT_EQ(index->low_us, utc("20261223T230000Z") * 1'000'000);
    EXPECT_EQ(index->high_us, kForever);
    EXPECT_TRUE(index->recurring && index->all_day && index->is_private && !index->opaque);
    EXPECT_EQ(index->organizer, "anna@example.org");
    EXPECT_EQ(index_event("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").error().code, Code::bad_value);
    EXPECT_EQ(index_event("nonsense").error().code, Code::bad_syntax);
}

TEST(CalendarIndex, OpenTodosAreInEveryWindowAndDoneOnesEnd) {
    const auto todo = [](std::string_view lines) {
        return "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:t\r\n" + std::string(lines) +
               "END:VTODO\r\nEND:VCALENDAR\r\n";
    };
    const auto open = *index_todo(todo("DUE;VALUE=DATE:20261130\r\n"), "Europe/Berlin");
    EXPECT_EQ(open.low_us, kSinceEver);
    EXPECT_EQ(open.high_us, kForever);
    EXPECT_EQ(open.sort_us, utc("20261129T230000Z") * 1'000'000);
    const auto done = *index_todo(todo("STATUS:COMPLETED\r\nCOMPLETED:20261125T100000Z\r\n"));
    EXPECT_TRUE(done.completed);
    EXPECT_EQ(done.high_us, utc("20261125T100000Z") * 1'000'000);
    EXPECT_EQ(kind_of(todo("")), "VTODO");
    EXPECT_EQ(kind_of("x"), "");
}

TEST(CalendarIndex, NotesAreInEveryWindow) {
    const auto note =
        *index_journal("BEGIN:VCALENDAR\r\nBEGIN:VJOURNAL\r\nUID:n\r\nSUMMARY:Idea\\, "
                       "good\r\nLAST-MODIFIED:20261125T100000Z\r\nEND:VJOURNAL\r\nEND:VCALENDAR\r\n"
        );
    EXPECT_EQ(note.summary, "Idea, good");
    EXPECT_EQ(note.high_us, kForever);
    EXPECT_EQ(note.sort_us, utc("20261125T100000Z") * 1'000'000);
}

} // namespace
} // namespace lockstep::ical
