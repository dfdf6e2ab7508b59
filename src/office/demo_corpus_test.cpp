// Claims about the mailbox made to measure.
#include "office/demo_corpus.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/ical/index.hpp"
#include "codec/vcard/index.hpp"

namespace lockstep::office {
namespace {

TEST(Corpus, HasTheSizesOfARealMailbox) {
    constexpr std::size_t kSample = 1'000; // the full 5,000 have the same distribution
    std::vector<std::size_t> sizes;
    double total = 0;
    for (std::size_t i = 0; i < kSample; ++i) {
        sizes.push_back(corpus_message(1, i).bytes.size());
        total += static_cast<double>(sizes.back());
    }
    std::ranges::sort(sizes);
    EXPECT_NEAR(static_cast<double>(sizes[kSample / 2]), 23'800, 2'400);
    EXPECT_NEAR(total / kSample, 44'600, 4'500);
    EXPECT_EQ(std::ranges::count_if(sizes, [](std::size_t size) { return size > 1'900'000; }), 4);
}

TEST(Corpus, IsTheSameOnEveryMachine) {
    EXPECT_EQ(corpus_message(7, 42).bytes, corpus_message(7, 42).bytes);
    EXPECT_NE(corpus_message(7, 42).bytes, corpus_message(7, 43).bytes);
    EXPECT_NE(corpus_message(7, 42).bytes, corpus_message(8, 42).bytes);
    EXPECT_LT(corpus_message(7, 42).received, corpus_message(7, 43).received);
}

TEST(Corpus, WritesMailThatAnyServerTakes) {
    for (std::uint64_t i = 0; i < 60; ++i) {
        const auto mail = corpus_message(3, i).bytes;
        EXPECT_TRUE(is_ascii(mail));
        for (const auto line : split(mail, '\n'))
            EXPECT_LE(line.size(), 998U);
        EXPECT_NE(mail.find("text/html"), std::string::npos);
    }
}

TEST(Corpus, MakesCardsAndEventsOfWhichOneInFiveRecurs) {
    int recurring = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
        const auto card = vcard::index_card(corpus_contact(3, i).bytes);
        ASSERT_TRUE(card);
        EXPECT_FALSE(card->display_name.empty());
        const auto event = ical::index_event(corpus_event(3, i).bytes);
        ASSERT_TRUE(event);
        recurring += event->recurring ? 1 : 0;
    }
    EXPECT_EQ(recurring, 40);
}

} // namespace
} // namespace lockstep::office
