// Claims about birthdays: one day, whatever a client makes of it.
#include "codec/eas/contacts_dates.hpp"

#include <gtest/gtest.h>

namespace lockstep::eas {
namespace {

std::string day_meant(std::string_view text, std::string_view zone) {
    const auto date = date_meant(text, zone);
    return date ? wire_date(*date).substr(0, 10) : "none";
}

TEST(ContactDates, TakeEveryClientsIdeaOfADay) {
    for (const auto* text :
         {"1985-04-12T00:00:00.000Z", "1985-04-12T08:00:00.000Z", "19850412T110000Z",
          "1985-04-12T11:59:00.000Z", "1985-04-12T12:00:00.000Z", "1985-04-12", "19850412",
          "1985-04-11T22:00:00.000Z", "1985-04-11T23:00:00.000Z"})
        EXPECT_EQ(day_meant(text, "Europe/Berlin"), "1985-04-12") << text;
}

TEST(ContactDates, RecogniseMidnightOfTheOwnersZone) {
    // Midnight of a winter day in Auckland is noon UTC of the day before.
    EXPECT_EQ(day_meant("1985-07-11T12:00:00.000Z", "Pacific/Auckland"), "1985-07-12");
    EXPECT_EQ(day_meant("1985-07-12T12:00:00.000Z", "Europe/Berlin"), "1985-07-12");
    EXPECT_EQ(day_meant("1985-07-12T04:00:00.000Z", "America/New_York"), "1985-07-12");
    EXPECT_EQ(day_meant("1985-07-11T18:30:00.000Z", "Asia/Kolkata"), "1985-07-12");
    EXPECT_EQ(day_meant("1985-12-31T23:00:00.000Z", "Europe/Berlin"), "1986-01-01");
    EXPECT_EQ(day_meant("1985-07-11T22:00:00.000Z", "No/Such_Zone"), "1985-07-12");
}

TEST(ContactDates, RefuseWhatIsNone) {
    for (const auto* text :
         {"", "yesterday", "1985", "1985-02-30", "1985-02-30T00:00:00.000Z", "1985-04-12T99:00:00Z",
          "1985-04-12Tnoon", "0000-01-01", "1985-4-12"})
        EXPECT_EQ(day_meant(text, "UTC"), "none") << text;
}

TEST(ContactDates, ReadTheFormsOfBothVersions) {
    const auto read = [](std::string value, std::vector<vcard::Parameter> parameters = {}) {
        const auto date =
            card_date(vcard::Property("BDAY", std::move(value), std::move(parameters)));
        return date ? wire_date(*date) : "none";
    };
    EXPECT_EQ(read("19850412"), "1985-04-12T00:00:00.000Z");
    EXPECT_EQ(read("1985-04-12"), "1985-04-12T00:00:00.000Z");
    EXPECT_EQ(read("1985-04-12T23:30:00Z"), "1985-04-12T00:00:00.000Z");
    EXPECT_EQ(read("--0412"), "1604-04-12T00:00:00.000Z");
    EXPECT_EQ(read("--04-12"), "1604-04-12T00:00:00.000Z");
    EXPECT_EQ(read("1700-04-12", {{"X-APPLE-OMIT-YEAR", {"1700"}}}), "1604-04-12T00:00:00.000Z");
    EXPECT_EQ(read("1985"), "none");
    EXPECT_EQ(read("circa 1800"), "none");
}

TEST(ContactDates, WriteADayWithoutYearInTheWordsOfTheVersion) {
    using namespace std::chrono;
    vcard::Property property("BDAY", "");
    set_card_date(property, year_month_day(year(1604), April, day(12)), vcard::Version::v4_0);
    EXPECT_EQ(property.value(), "--0412");
    set_card_date(property, year_month_day(year(1604), April, day(12)), vcard::Version::v3_0);
    EXPECT_EQ(property.value(), "1604-04-12");
    EXPECT_EQ(property.parameter("X-APPLE-OMIT-YEAR"), "1604");
    EXPECT_EQ(card_date(property), year_month_day(year(1604), April, day(12)));
}

} // namespace
} // namespace lockstep::eas
