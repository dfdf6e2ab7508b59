#include "office/transfer.hpp"

#include "office/delivery_test_support.hpp"
#include "office/objects.hpp"

namespace lockstep::office {
namespace {

using model::Item;
using model::Right;
using model::Role;
using model::Uid;

std::string event_of(std::string_view uid, std::string_view summary) {
    return fmt::format(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{}\r\n"
        "DTSTAMP:20261101T000000Z\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"
        "SUMMARY:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        uid, summary
    );
}

class Transfers : public testing::OfficeTest {
protected:
    Actor actor() const { return {anna, model::AuthorId{77}}; }
    Folder calendar(const directory::Account& owner, Right right = Right::own) {
        std::function<Result<Folder>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                               ) -> Result<Folder> {
            return Folder{
                *store::find_by_role(snapshot, owner.id, Role::calendar),
                right,
                owner.id == anna.id,
                owner.quota_bytes,
                {}
            };
        };
        return *block_on(house->db->read<Folder>(owner.id, std::move(work)));
    }
    Item add(const directory::Account& owner, std::string bytes) {
        const auto place = calendar(owner);
        std::function<Result<Item>(store::Txn&)> work = [&](store::Txn& txn) {
            return add_object(txn, office(), actor(), place, bytes, true);
        };
        return *block_on(house->db->write<Item>(owner.id, std::move(work)));
    }
    void edit(const Item& item, std::string bytes) {
        const auto place = calendar(anna);
        std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
            CHECK_OK(replace_object(txn, office(), actor(), place, item, bytes));
            return true;
        };
        ASSERT_TRUE(block_on(house->db->write<bool>(item.owner, std::move(work))).has_value());
    }
    Result<Uid> move(const Item& item, const directory::Account& to, Right right = Right::add) {
        return block_on(transfer_item(
            office(), actor(),
            {calendar(anna), item.uid, calendar(to, right), "move:" + std::to_string(item.uid.value)
            }
        ));
    }
    std::vector<std::string> events(const directory::Account& owner) {
        return house->mails(owner.id, Role::calendar);
    }
};

TEST_F(Transfers, MoveWithinAFileAndBetweenFiles) {
    for (const auto& to : {carl, bert}) {
        const auto bytes = event_of("e" + to.address, "Public now");
        const auto item = add(anna, bytes);
        ASSERT_TRUE(move(item, to).has_value());
        EXPECT_EQ(events(to), std::vector{bytes});
        EXPECT_TRUE(events(anna).empty());
    }
}

TEST_F(Transfers, RepeatedAreAnsweredTheSameAndMakeNoSecondCopy) {
    for (const auto& to : {carl, bert}) {
        const auto item = add(anna, event_of("e1", "Once"));
        const auto first = move(item, to);
        const auto second = move(item, to);
        ASSERT_TRUE(first.has_value());
        ASSERT_TRUE(second.has_value());
        EXPECT_EQ(*first, *second);
        EXPECT_EQ(events(to).size(), 1U);
    }
}

TEST_F(Transfers, KilledBetweenCopyAndRemovalAreFinishedByTheRepeat) {
    const auto item = add(anna, event_of("e1", "Half way"));
    house->break_file(anna.id);
    EXPECT_FALSE(move(item, bert).has_value());
    crash();
    EXPECT_EQ(events(anna).size(), 1U);
    EXPECT_EQ(events(bert).size(), 1U);
    ASSERT_TRUE(move(item, bert).has_value());
    EXPECT_TRUE(events(anna).empty());
    EXPECT_EQ(events(bert).size(), 1U);
}

TEST_F(Transfers, KeepBothWhenTheOriginalWasEditedAfterAnInterruptedCopy) {
    const auto item = add(anna, event_of("e1", "Old words"));
    house->break_file(anna.id);
    EXPECT_FALSE(move(item, bert).has_value());
    house->mend();
    edit(item, event_of("e1", "New words"));
    const auto again = move(item, bert);
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, Code::conflict);
    EXPECT_EQ(events(anna), std::vector{event_of("e1", "New words")});
    EXPECT_EQ(events(bert), std::vector{event_of("e1", "Old words")});
}

TEST_F(Transfers, OfAnObjectThatIsThereAlreadyTakeItsPlace) {
    (void)add(bert, event_of("e1", "The group's old copy"));
    const auto item = add(anna, event_of("e1", "The newer one"));
    ASSERT_TRUE(move(item, bert, Right::edit).has_value());
    EXPECT_EQ(events(bert), std::vector{event_of("e1", "The newer one")});
}

TEST_F(Transfers, NeedBothRightsAndRoom) {
    const auto item = add(anna, event_of("e1", "Mine"));
    EXPECT_EQ(move(item, bert, Right::read).error().code, Code::forbidden);
    auto full = bert;
    full.quota_bytes = 1;
    (void)add(bert, event_of("e2", "Fills it"));
    EXPECT_EQ(move(item, full).error().code, Code::over_quota);
    auto other = calendar(bert);
    other.collection.item_class = model::ItemClass::todo;
    const auto wrong =
        block_on(transfer_item(office(), actor(), {calendar(anna), item.uid, other, "move:x"}));
    EXPECT_EQ(wrong.error().code, Code::bad_value);
    EXPECT_EQ(move(Item{.uid = Uid{999}}, bert).error().code, Code::not_found);
    EXPECT_EQ(events(anna).size(), 1U);
}

} // namespace
} // namespace lockstep::office
