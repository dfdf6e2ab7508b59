// Claims about the demonstration's content: it is what it says, and never from the future.
#include "office/demo_content.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/ical/index.hpp"
#include "codec/vcard/index.hpp"
#include "office/demo_clock.hpp"
#include "office/demo_files.hpp"
#include "office/demo_message.hpp"

namespace lockstep::office {
namespace {

using model::ItemClass;

/// A Tuesday noon, a Sunday, a new year's morning, a day of changing clocks.
constexpr std::int64_t kMoments[] = {1'795'521'600, 1'795'953'600, 1'798'761'600, 1'774'746'000};

std::vector<DemoItem> everything(std::int64_t now) {
    std::vector<DemoItem> all;
    const auto add = [&](std::vector<DemoItem> items) {
        for (auto& item : items)
            all.push_back(std::move(item));
    };
    for (const auto& person : demo_people())
        add(demo_items_of(person.local, now));
    for (const auto& group : demo_groups())
        add(demo_items_of_group(group.local, now));
    add(demo_items_of_global(now));
    return all;
}

TEST(DemoContent, IsTheSameForTheSameMoment) {
    const auto once = demo_items_of("anna", kMoments[0]),
               again = demo_items_of("anna", kMoments[0]);
    ASSERT_EQ(once.size(), again.size());
    for (std::size_t i = 0; i < once.size(); ++i)
        EXPECT_EQ(once[i].bytes, again[i].bytes);
}

TEST(DemoContent, NeverArrivesFromTheFuture) {
    for (const auto now : kMoments)
        for (const auto& item : demo_items_of("anna", now))
            EXPECT_LE(item.received, now) << item.bytes.substr(0, 300);
}

TEST(DemoContent, GivesEverybodySomethingOfEverything) {
    for (const auto& person : demo_people()) {
        std::set<ItemClass> classes;
        std::set<std::string> folders;
        for (const auto& item : demo_items_of(person.local, kMoments[0])) {
            classes.insert(item.item_class);
            folders.insert(item.folder);
        }
        EXPECT_TRUE(classes.contains(ItemClass::mail)) << person.local;
        EXPECT_TRUE(classes.contains(ItemClass::event)) << person.local;
        EXPECT_TRUE(classes.contains(ItemClass::todo)) << person.local;
        EXPECT_TRUE(folders.contains("INBOX")) << person.local;
    }
    EXPECT_TRUE(demo_items_of("nobody", kMoments[0]).empty());
    EXPECT_GE(demo_items_of("anna", kMoments[0]).size(), 60U);
}

TEST(DemoContent, SharesAnAddressBookToDosNotesAndACalendar) {
    std::set<ItemClass> classes;
    for (const auto& item : demo_items_of_global(kMoments[0]))
        classes.insert(item.item_class);
    EXPECT_EQ(classes, (std::set{ItemClass::contact, ItemClass::todo, ItemClass::note}));
    EXPECT_GE(demo_items_of_group("team", kMoments[0]).size(), 5U);
    EXPECT_TRUE(demo_items_of_group("nobody", kMoments[0]).empty());
}

TEST(DemoContent, IsReadByOurOwnParsers) {
    for (const auto now : {kMoments[0], kMoments[3]})
        for (const auto& item : everything(now)) {
            if (item.item_class == ItemClass::contact) {
                const auto index = vcard::index_card(item.bytes);
                ASSERT_TRUE(index) << item.bytes;
                EXPECT_FALSE(index->display_name.empty());
                EXPECT_FALSE(index->uid.empty());
            }
            if (item.item_class == ItemClass::event)
                EXPECT_TRUE(ical::index_event(item.bytes)) << item.bytes;
            if (item.item_class == ItemClass::todo)
                EXPECT_TRUE(ical::index_todo(item.bytes)) << item.bytes;
            if (item.item_class == ItemClass::note)
                EXPECT_TRUE(ical::index_journal(item.bytes)) << item.bytes;
        }
}

TEST(DemoContent, WritesMailThatAnyServerTakes) {
    for (const auto& item : everything(kMoments[0])) {
        if (item.item_class != ItemClass::mail)
            continue;
        EXPECT_TRUE(is_ascii(item.bytes));
        EXPECT_NE(item.bytes.find("\r\n\r\n"), std::string::npos);
        for (const auto line : split(item.bytes, '\n')) {
            EXPECT_LE(line.size(), 998U);
            if (!line.empty())
                EXPECT_TRUE(line.ends_with('\r')) << line;
        }
        EXPECT_EQ(item.bytes.find('\0'), std::string::npos);
    }
}

TEST(DemoContent, NamesOnlyDomainsReservedForExamples) {
    for (const auto& item : everything(kMoments[0])) {
        for (std::size_t at = item.bytes.find('@'); at != std::string::npos;
             at = item.bytes.find('@', at + 1)) {
            const auto end = item.bytes.find_first_of("> \r\n\",;:)=\\", at);
            const auto domain = item.bytes.substr(at + 1, end - at - 1);
            if (domain.find('.') == std::string::npos)
                continue; // a content id, or text
            const bool reserved = domain.starts_with("example.") ||
                                  domain.find(".example.") != std::string::npos ||
                                  domain.find("example") != std::string::npos;
            EXPECT_TRUE(reserved) << domain;
        }
    }
}

TEST(DemoContent, FollowsThreadsThroughReferences) {
    std::set<std::string> ids;
    std::size_t answers = 0;
    for (const auto& item : demo_items_of("anna", kMoments[0])) {
        const auto id = item.bytes.find("Message-ID: <");
        if (id == std::string::npos)
            continue;
        const auto reply_to = item.bytes.find("In-Reply-To: <");
        if (reply_to != std::string::npos) {
            ++answers;
            const auto end = item.bytes.find('>', reply_to);
            EXPECT_TRUE(ids.contains(item.bytes.substr(reply_to + 14, end - reply_to - 14)));
        }
        ids.insert(item.bytes.substr(id + 13, item.bytes.find('>', id) - id - 13));
    }
    EXPECT_GE(answers, 8U);
}

TEST(DemoClock, KnowsWorkingDaysAndWeeks) {
    const DemoClock tuesday(kMoments[0]);
    EXPECT_EQ(tuesday.weekday(0), 1);
    EXPECT_EQ(tuesday.working_day(-2), -4);
    EXPECT_EQ(tuesday.working_day(4), 6);
    EXPECT_EQ(tuesday.monday(1), 6);
    EXPECT_EQ(tuesday.local(0, 9, 5), "20261124T090500");
    EXPECT_EQ(tuesday.spoken(0), "Tuesday 24 November");
    const DemoClock sunday(kMoments[1]);
    EXPECT_EQ(sunday.weekday(0), 6);
    EXPECT_EQ(sunday.working_day(0), 1);
    EXPECT_EQ(demo_mail_date(kMoments[0]), "Tue, 24 Nov 2026 13:00:00 +0100");
    EXPECT_EQ(demo_utc(kMoments[0]), "20261124T120000Z");
}

TEST(DemoFiles, AreWhatTheyClaim) {
    EXPECT_TRUE(demo_portrait_jpeg(1).starts_with("\xFF\xD8\xFF\xE0"));
    EXPECT_TRUE(demo_portrait_jpeg(1).ends_with("\xFF\xD9"));
    EXPECT_LT(demo_portrait_jpeg(1).size(), 8'000U);
    EXPECT_TRUE(demo_chart_png({1, 2}, 0).starts_with("\x89PNG\r\n"));
    EXPECT_TRUE(demo_pdf("a", {"b"}).starts_with("%PDF-1.4"));
    EXPECT_TRUE(demo_zip({{"a", "b"}}).starts_with("PK\x03\x04"));
    EXPECT_EQ(demo_crc32("123456789"), 0xCBF43926U);
}

TEST(DemoMessage, EncodesHeadersAndBodies) {
    EXPECT_EQ(demo_header("Subject", "plain"), "Subject: plain\r\n");
    EXPECT_EQ(demo_header("Subject", "\xC3\xBC"), "Subject: =?UTF-8?B?w7w=?=\r\n");
    EXPECT_EQ(demo_quoted_printable("a=\xC3\xBC \nb"), "a=3D=C3=BC=20\r\nb");
}

} // namespace
} // namespace lockstep::office
