#include "sync/key_chain.hpp"

#include <gtest/gtest.h>

#include "base/pack.hpp"

namespace lockstep::sync {

TEST(KeyChain, AcceptsTheBaseAndItsLastFourSuccessorsUntilOneIsUsed) {
    auto chain = KeyChain::start(7);
    const auto first = chain.key_of(chain.add("state 1", {}));
    chain.acknowledge(first);
    std::vector<std::string> keys;
    for (int i = 0; i < 5; ++i)
        keys.push_back(chain.key_of(chain.add("state", {})));
    EXPECT_NE(chain.find(first), nullptr);
    EXPECT_EQ(chain.find(keys[0]), nullptr);
    for (int i = 1; i < 5; ++i)
        EXPECT_NE(chain.find(keys[static_cast<std::size_t>(i)]), nullptr);
    chain.acknowledge(keys[2]);
    EXPECT_EQ(chain.find(first), nullptr);
    EXPECT_EQ(chain.find(keys[4]), nullptr);
    EXPECT_NE(chain.find(keys[2]), nullptr);
}

TEST(KeyChain, KeepsResultsForARepeatedRequestAndForgetsThemWhenAcknowledged) {
    auto chain = KeyChain::start(7);
    chain.acknowledge(chain.key_of(chain.add("s", {})));
    const auto lost = chain.key_of(chain.add("s", {{"add c1", "uid 5"}}));
    ASSERT_NE(chain.kept_result("add c1"), nullptr);
    const auto again = chain.key_of(chain.add("s", {{"add c2", "uid 6"}}));
    EXPECT_EQ(*chain.kept_result("add c1"), "uid 5");
    EXPECT_NE(lost, again);
    chain.acknowledge(again);
    EXPECT_EQ(chain.kept_result("add c1"), nullptr);
}

TEST(KeyChain, AnswersASecondKeyZeroWithoutForgettingTheFirst) {
    auto chain = KeyChain::start(7);
    chain.restart();
    const auto first = chain.key_of(chain.add("fresh", {}));
    chain.restart();
    const auto second = chain.key_of(chain.add("fresh", {}));
    EXPECT_NE(first, second);
    EXPECT_NE(chain.find(first), nullptr);
    chain.acknowledge(first);
    EXPECT_EQ(chain.find("0"), nullptr);
    chain.restart();
    EXPECT_EQ(chain.find(first), nullptr);
    EXPECT_NE(chain.find("0"), nullptr);
}

TEST(KeyChain, SurvivesPackingAndRefusesGarbage) {
    auto chain = KeyChain::start(0xABCDEF01);
    chain.options = "filter";
    const auto key = chain.key_of(chain.add("state", {{"f", "r"}}));
    const auto again = KeyChain::unpack(chain.pack());
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->find(key)->state, "state");
    EXPECT_EQ(again->options, "filter");
    const auto bytes = chain.pack();
    for (std::size_t cut = 0; cut < bytes.size(); ++cut)
        EXPECT_FALSE(KeyChain::unpack(bytes.substr(0, cut)).has_value());
}

TEST(KeyChain, ShowsItsGenerationsAndFindsContradictions) {
    auto chain = KeyChain::start(7);
    chain.acknowledge(chain.key_of(chain.add("one", {})));
    chain.add("two", {});
    chain.add("three", {});
    const auto all = chain.generations();
    ASSERT_TRUE(all.has_value());
    ASSERT_EQ(all->size(), 3U);
    EXPECT_EQ((*all)[0]->state, "one");
    EXPECT_EQ((*all)[2]->state, "three");

    // Salt, next number, options, base (number, state, results), one successor.
    const auto packed = [](std::uint64_t next, std::uint64_t base, std::uint64_t successor) {
        Packer out;
        for (const std::uint64_t number : {std::uint64_t{7}, next})
            out.number(number);
        out.text("");
        for (const auto number : {base, successor}) {
            out.number(number);
            out.text("s");
            out.number(0);
            if (number == base)
                out.number(1);
        }
        return out.take();
    };
    EXPECT_TRUE(KeyChain::unpack(packed(3, 1, 2))->generations());
    EXPECT_FALSE(KeyChain::unpack(packed(3, 2, 1))->generations()) << "out of order";
    EXPECT_FALSE(KeyChain::unpack(packed(2, 1, 2))->generations()) << "2 would come again";
}

} // namespace lockstep::sync
