// Rights: the greatest counts, a group's are its members', and only who owns may give.
#include "office/rights.hpp"

#include "office/delivery_test_support.hpp"
#include "office/folders.hpp"

namespace lockstep::office {
namespace {

using model::Right;

class RightsOfFolders : public testing::OfficeTest {
protected:
    RightsOfFolders() {
        other = house->add("zoe@example.org");
        directory::NewAccount wanted;
        wanted.address = "crew@example.org";
        wanted.kind = model::AccountKind::group;
        crew = *block_on(house->people->add_account(std::move(wanted)));
        for (const auto& each : *block_on(all_folders(office(), anna.id)))
            if (each.role == model::Role::calendar)
                calendar = each.id;
    }
    Actor owner() const { return {anna, {}}; }
    Actor guest() const { return {other, {}}; }
    Result<> give(Right right, model::CollectionId folder, model::AccountId to) {
        return block_on(grant(office(), owner(), anna.id, folder, to, right));
    }
    Right right_of_guest(model::CollectionId folder) {
        return *block_on(effective_right(office(), guest(), anna.id, folder));
    }

    directory::Account other, crew;
    model::CollectionId calendar;
};

TEST_F(RightsOfFolders, HoldOnTheFolderThatWasShared) {
    EXPECT_EQ(right_of_guest(calendar), Right::none);
    ASSERT_TRUE(give(Right::read, calendar, other.id));
    EXPECT_EQ(right_of_guest(calendar), Right::read);
    EXPECT_EQ(right_of_guest({}), Right::none);
    const auto seen = block_on(visible_folders(office(), guest()));
    std::size_t foreign = 0;
    for (const auto& each : *seen)
        foreign += each.own ? 0 : 1;
    EXPECT_EQ(foreign, 1U);
    EXPECT_TRUE(block_on(open_folder(office(), guest(), anna.id, calendar, Right::read)));
    const auto edit = block_on(open_folder(office(), guest(), anna.id, calendar, Right::edit));
    EXPECT_EQ(edit.error().code, Code::forbidden);
    ASSERT_TRUE(block_on(revoke(office(), owner(), anna.id, calendar, other.id)));
    const auto gone = block_on(open_folder(office(), guest(), anna.id, calendar, Right::read));
    EXPECT_EQ(gone.error().code, Code::not_found);
}

TEST_F(RightsOfFolders, TheGreatestCounts) {
    ASSERT_TRUE(give(Right::read, {}, other.id));
    ASSERT_TRUE(give(Right::edit, calendar, crew.id));
    EXPECT_EQ(right_of_guest(calendar), Right::read);
    ASSERT_TRUE(block_on(house->people->add_member(crew.id, other.id, Right::read)));
    EXPECT_EQ(right_of_guest(calendar), Right::edit);
    ASSERT_TRUE(block_on(house->people->remove_member(crew.id, other.id)));
    EXPECT_EQ(right_of_guest(calendar), Right::read);
}

TEST_F(RightsOfFolders, FreeBusyOpensNoFolder) {
    ASSERT_TRUE(give(Right::free_busy, {}, other.id));
    EXPECT_EQ(right_of_guest({}), Right::free_busy);
    const auto folder = block_on(open_folder(office(), guest(), anna.id, calendar, Right::none));
    EXPECT_EQ(folder.error().code, Code::not_found);
    EXPECT_EQ(block_on(owners(office(), guest()))->size(), 1U);
}

TEST_F(RightsOfFolders, AreGivenByWhoOwns) {
    const auto stranger =
        block_on(grant(office(), guest(), anna.id, calendar, crew.id, Right::read));
    EXPECT_EQ(stranger.error().code, Code::not_found);
    ASSERT_TRUE(give(Right::edit, calendar, other.id));
    const auto editor = block_on(grant(office(), guest(), anna.id, calendar, crew.id, Right::read));
    EXPECT_EQ(editor.error().code, Code::forbidden);
    ASSERT_TRUE(give(Right::own, calendar, other.id));
    EXPECT_TRUE(block_on(grant(office(), guest(), anna.id, calendar, crew.id, Right::read)));
    const auto more =
        block_on(grant(office(), guest(), anna.id, calendar, crew.id, Right::delegate));
    EXPECT_EQ(more.error().code, Code::forbidden);
    EXPECT_EQ(give(Right::read, model::CollectionId{999}, other.id).error().code, Code::not_found);
    EXPECT_EQ(give(Right::read, {}, anna.id).error().code, Code::bad_value);
}

TEST_F(RightsOfFolders, MayBeGivenUpByWhoHasThem) {
    ASSERT_TRUE(give(Right::read, calendar, other.id));
    EXPECT_TRUE(block_on(revoke(office(), guest(), anna.id, calendar, other.id)));
    EXPECT_EQ(right_of_guest(calendar), Right::none);
    const auto again = block_on(revoke(office(), guest(), anna.id, calendar, other.id));
    EXPECT_EQ(again.error().code, Code::not_found);
}

TEST_F(RightsOfFolders, GoWithTheAccount) {
    ASSERT_TRUE(give(Right::read, calendar, other.id));
    ASSERT_TRUE(block_on(house->people->remove_account(anna.id)));
    EXPECT_EQ(block_on(owners(office(), guest()))->size(), 1U);
}

} // namespace
} // namespace lockstep::office
