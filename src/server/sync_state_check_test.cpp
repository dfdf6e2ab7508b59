// verify reads every generation of every sync state, and takes nothing unreadable for sound.
#include "server/sync_state_check.hpp"

#include <gtest/gtest.h>

#include "protocols/activesync/folder_state.hpp"
#include "sync/item_state.hpp"
#include "sync/key_chain.hpp"

namespace lockstep::server {
namespace {

store::SyncStateRow row_of(std::string_view state, model::CollectionId collection) {
    return {model::AccountId{1}, "PHONE", model::AccountId{2}, collection, state};
}

sync::ItemState reaching(std::int64_t since) {
    sync::ItemState state;
    state.epoch = 99;
    state.since = model::ChangeSeq{since};
    state.gone = {model::ChangeSeq{since}, model::Uid{store::kLastUid}};
    return state;
}

TEST(SyncStateCheck, SaysHowFarEveryAcceptedKeyReaches) {
    auto chain = sync::KeyChain::start(7);
    EXPECT_TRUE(read_sync_state(row_of(chain.pack(), model::CollectionId{3}))->empty())
        << "key 0 stands for nothing";
    chain.acknowledge(chain.key_of(chain.add(pack(reaching(5)), {})));
    auto walking = reaching(5);
    walking.target = model::ChangeSeq{9};
    walking.front = model::Uid{4};
    chain.add(pack(walking), {});
    const auto packed = chain.pack();
    const auto places = read_sync_state(row_of(packed, model::CollectionId{3}));
    ASSERT_TRUE(places.has_value()) << places.error().text;
    ASSERT_EQ(places->size(), 2U);
    EXPECT_EQ((*places)[0].reach.value, 5);
    EXPECT_EQ((*places)[1].reach.value, 9);
    EXPECT_EQ((*places)[1].owner, model::AccountId{2});
    EXPECT_EQ((*places)[1].epoch, 99);
}

TEST(SyncStateCheck, ReadsTheHierarchyOfEveryOwner) {
    activesync::FolderState folders;
    folders.owners = {
        {model::AccountId{1}, 99, model::ChangeSeq{4}, {}},
        {model::AccountId{8}, 77, model::ChangeSeq{6}, {model::CollectionId{3}}}
    };
    auto chain = sync::KeyChain::start(7);
    chain.add(activesync::pack(folders), {});
    const auto packed = chain.pack();
    const auto places = read_sync_state(row_of(packed, {}));
    ASSERT_TRUE(places.has_value()) << places.error().text;
    ASSERT_EQ(places->size(), 2U);
    EXPECT_EQ((*places)[1].owner, model::AccountId{8});
    EXPECT_EQ((*places)[1].reach.value, 6);
}

TEST(SyncStateCheck, RefusesWhatIsUnreadableOrContradictsItself) {
    auto broken = sync::KeyChain::start(7);
    broken.add("\xFF\xFF", {});
    auto backwards = sync::KeyChain::start(7);
    auto state = reaching(5);
    state.target = model::ChangeSeq{4};
    backwards.add(pack(state), {});
    auto good = sync::KeyChain::start(7);
    good.add(pack(reaching(5)), {});
    const auto whole = good.pack();
    for (const auto& packed :
         {std::string("\xFF"), std::string(), broken.pack(), backwards.pack(),
          whole.substr(0, whole.size() - 1), whole + "x"}) {
        const auto places = read_sync_state(row_of(packed, model::CollectionId{3}));
        ASSERT_FALSE(places);
        EXPECT_EQ(places.error().code, Code::corrupt);
    }
}

} // namespace
} // namespace lockstep::server
