// Free and busy time: what counts, who may ask, and bounds.
#include "office/free_busy.hpp"

#include <fmt/core.h>

#include "office/delivery_test_support.hpp"
#include "office/objects.hpp"

namespace lockstep::office {
namespace {

using ical::Busy;
using Times = std::vector<BusyTime>;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMonday =
    1'796'000'400; ///< 2026-11-30 01:00 UTC, 02:00 in Berlin... a Monday
constexpr std::int64_t kHour = 3'600;

TEST(MergeBusy, TheStrongestKindCounts) {
    EXPECT_EQ(
        merge_busy({{0, 100, Busy::tentative}, {50, 80, Busy::away}, {90, 120, Busy::busy}}),
        (Times{
            {0, 50, Busy::tentative},
            {50, 80, Busy::away},
            {80, 90, Busy::tentative},
            {90, 120, Busy::busy}
        })
    );
    EXPECT_EQ(
        merge_busy({{0, 10, Busy::busy}, {10, 20, Busy::busy}, {5, 8, Busy::elsewhere}}),
        (Times{{0, 20, Busy::busy}})
    );
    EXPECT_TRUE(merge_busy({}).empty());
}

class FreeBusyTest : public testing::OfficeTest {
protected:
    void put(const directory::Account& account, const std::string& properties) {
        const auto bytes = fmt::format(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\nBEGIN:VEVENT\r\nUID:{}\r\n"
            "DTSTAMP:20261101T000000Z\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n",
            ++number, properties
        );
        std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
            auto calendar = store::find_by_role(txn, account.id, model::Role::calendar);
            const Folder folder{.collection = *calendar, .right = model::Right::own};
            const auto added = add_object(txn, office(), {account, {}}, folder, bytes, false);
            EXPECT_TRUE(added.has_value());
            return true;
        };
        EXPECT_TRUE(block_on(house->db->write<bool>(account.id, std::move(work))).has_value());
    }
    Result<FreeBusy> ask(const directory::Account& who, const directory::Account& whom) {
        return block_on(free_busy(office(), {who, {}}, whom.id, from, to));
    }
    int number = 0;
    std::int64_t from = kMonday - 2 * kHour, to = from + 7 * kDay;
};

TEST_F(FreeBusyTest, EventsCountAsTheySay) {
    put(anna, "DTSTART:20261130T080000Z\r\nDTEND:20261130T090000Z\r\n");
    put(anna, "DTSTART:20261130T100000Z\r\nDURATION:PT1H\r\nTRANSP:TRANSPARENT\r\n");
    put(anna, "DTSTART:20261130T120000Z\r\nDURATION:PT1H\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n");
    put(anna, "DTSTART:20261130T140000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED\r\n");
    put(anna, "DTSTART:20261130T150000Z\r\nDURATION:PT1H\r\nORGANIZER:mailto:x@example.net\r\n"
              "ATTENDEE;PARTSTAT=DECLINED:mailto:anna@example.org\r\n");
    put(anna, "DTSTART:20261130T160000Z\r\nDURATION:PT1H\r\nORGANIZER:mailto:x@example.net\r\n"
              "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:Anna@example.org\r\n");
    put(anna, "DTSTART:20261101T160000Z\r\nDURATION:PT1H\r\n");
    put(anna, "DTSTART:20270101T160000Z\r\nDURATION:PT1H\r\n");
    const auto answer = ask(anna, anna);
    ASSERT_TRUE(answer.has_value());
    const auto at = [](std::int64_t hour) { return kMonday + (hour - 1) * kHour; };
    EXPECT_EQ(
        answer->times, (Times{
                           {at(8), at(9), Busy::busy},
                           {at(12), at(13), Busy::away},
                           {at(16), at(17), Busy::tentative}
                       })
    );
    EXPECT_TRUE(answer->complete);
}

TEST_F(FreeBusyTest, SeriesAreExpandedInsideTheQuestionOnly) {
    put(anna, "DTSTART;TZID=Europe/Berlin:20250101T090000\r\nDURATION:PT30M\r\n"
              "RRULE:FREQ=DAILY\r\nEXDATE;TZID=Europe/Berlin:20261202T090000\r\n");
    const auto answer = ask(anna, anna);
    ASSERT_TRUE(answer.has_value());
    ASSERT_EQ(answer->times.size(), 6U);
    EXPECT_EQ(answer->times[0].from, kMonday + 7 * kHour);
    EXPECT_EQ(answer->times[2].from, kMonday + 3 * kDay + 7 * kHour) << "the excluded one";
}

TEST_F(FreeBusyTest, ASeriesOfSecondsIsBounded) {
    put(anna, "DTSTART:20200101T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY\r\n");
    const auto answer = ask(anna, anna);
    ASSERT_TRUE(answer.has_value());
    EXPECT_FALSE(answer->complete);
    EXPECT_LE(answer->times.size(), limits::kFreeBusyTimes);
}

TEST_F(FreeBusyTest, ThoseOfTheDomainMayAskUnlessTheOwnerSaysNo) {
    put(anna, "DTSTART:20261130T080000Z\r\nDTEND:20261130T090000Z\r\n");
    EXPECT_EQ(ask(bert, anna)->times.size(), 1U);
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        set_free_busy_audience(txn, anna.id, FreeBusyAudience::nobody);
        return true;
    };
    EXPECT_TRUE(block_on(house->db->write<bool>(anna.id, std::move(work))).has_value());
    EXPECT_EQ(ask(bert, anna).error().code, Code::forbidden);
    EXPECT_TRUE(ask(anna, anna).has_value());
    EXPECT_TRUE(block_on(house->people->add_domain("example.com")).has_value());
    const auto stranger = house->add("eve@example.com");
    EXPECT_EQ(ask(stranger, dora).error().code, Code::forbidden);
}

TEST_F(FreeBusyTest, AQuestionWithoutEndIsRefused) {
    to = from + (limits::kFreeBusyDays + 1) * kDay;
    EXPECT_EQ(ask(anna, anna).error().code, Code::bad_value);
    to = from;
    EXPECT_EQ(ask(anna, anna).error().code, Code::bad_value);
}

} // namespace
} // namespace lockstep::office
