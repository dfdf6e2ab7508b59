#include "sync/source_states.hpp"

#include <gtest/gtest.h>

namespace lockstep::sync {
namespace {

ItemState state_at(std::int64_t seq) {
    ItemState state;
    state.epoch = 7;
    state.since = model::ChangeSeq{seq};
    state.owed = {model::Uid{3}};
    return state;
}

TEST(SourceStates, OfOneSourceAreItsStateAlone) {
    const std::vector<SourceState> one{{model::AccountId{1}, model::CollectionId{2}, state_at(9)}};
    EXPECT_EQ(pack(one), pack(one[0].state));
    EXPECT_EQ(unpack_sources(pack(one), model::AccountId{1}, model::CollectionId{2}), one);
}

TEST(SourceStates, OfSeveralComeBackInTheirOrder) {
    const std::vector<SourceState> many{
        {model::AccountId{1}, model::CollectionId{2}, state_at(9)},
        {model::AccountId{5}, model::CollectionId{1}, state_at(4)},
        {model::AccountId{1}, model::CollectionId{8}, state_at(11)}
    };
    EXPECT_EQ(unpack_sources(pack(many), model::AccountId{1}, model::CollectionId{2}), many);
    EXPECT_FALSE(unpack_item_state(pack(many)));
}

TEST(SourceStates, ThatAreCutShortAreRefused) {
    const std::vector<SourceState> many{
        {model::AccountId{1}, model::CollectionId{2}, state_at(9)},
        {model::AccountId{5}, model::CollectionId{1}, state_at(4)}
    };
    const auto whole = pack(many);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(
            unpack_sources(whole.substr(0, size), model::AccountId{1}, model::CollectionId{2})
        );
}

} // namespace
} // namespace lockstep::sync
