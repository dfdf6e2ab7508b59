#include "office/folders.hpp"

#include "office/delivery_test_support.hpp"

namespace lockstep::office {
namespace {

using model::ItemClass;
using model::Right;
using model::Role;

class Folders : public testing::OfficeTest {
protected:
    Folders() {
        directory::NewAccount wanted;
        wanted.address = "team@example.org";
        wanted.kind = model::AccountKind::group;
        wanted.name = "Team";
        team = *block_on(house->people->add_account(std::move(wanted)));
    }
    Actor actor() const { return {anna, model::AuthorId{77}}; }
    Result<model::Collection> make(
        std::string name, model::CollectionId parent = {}, ItemClass item_class = ItemClass::mail
    ) {
        return block_on(create_folder(office(), actor(), parent, item_class, std::move(name)));
    }
    Result<> rename(model::CollectionId id, std::string name, model::CollectionId parent = {}) {
        return block_on(rename_folder(office(), actor(), id, parent, std::move(name)));
    }
    Result<> drop(model::CollectionId id) { return block_on(remove_folder(office(), actor(), id)); }
    model::Collection by_role(Role role) {
        for (auto& each : *block_on(all_folders(office(), anna.id)))
            if (each.role == role)
                return each;
        ADD_FAILURE();
        return {};
    }
    HierarchyChanges since(model::ChangeSeq seq) {
        return *block_on(hierarchy_changes(office(), anna.id, seq));
    }
    Code open_fails(model::AccountId owner, model::CollectionId id, Right right) {
        const auto folder = block_on(open_folder(office(), actor(), owner, id, right));
        EXPECT_FALSE(folder.has_value());
        return folder ? Code::internal : folder.error().code;
    }

    directory::Account team;
};

} // namespace

TEST_F(Folders, AreCleanedOfWhatIsNoName) {
    EXPECT_EQ(make(" A\x01/B\r\n ")->name, "AB");
    EXPECT_EQ(make("").error().code, Code::bad_value);
    EXPECT_EQ(make(" / ").error().code, Code::bad_value);
    EXPECT_EQ(make(std::string(256, 'x')).error().code, Code::bad_value);
    EXPECT_EQ(make(std::string(255, 'x'))->name.size(), 255U);
}

TEST_F(Folders, HaveOneNameBesideEachOther) {
    const auto one = *make("One");
    EXPECT_EQ(make("One").error().code, Code::exists);
    EXPECT_TRUE(make("One", one.id));
    const auto two = *make("Two");
    EXPECT_EQ(rename(two.id, "One").error().code, Code::exists);
}

TEST_F(Folders, LieInFoldersThatAreThere) {
    EXPECT_EQ(make("Lost", model::CollectionId{999}).error().code, Code::not_found);
    const auto one = *make("One");
    EXPECT_FALSE(rename(one.id, "One", model::CollectionId{999}));
}

TEST_F(Folders, NeverLieInThemselves) {
    const auto outer = *make("Outer");
    const auto inner = *make("Inner", outer.id);
    EXPECT_FALSE(rename(outer.id, "Outer", outer.id));
    EXPECT_FALSE(rename(outer.id, "Outer", inner.id));
}

TEST_F(Folders, WithARoleKeepNameAndPlace) {
    const auto inbox = by_role(Role::inbox);
    EXPECT_EQ(rename(inbox.id, "Mine").error().code, Code::forbidden);
    EXPECT_EQ(drop(inbox.id).error().code, Code::forbidden);
    EXPECT_EQ(drop(model::CollectionId{999}).error().code, Code::not_found);
}

TEST_F(Folders, GoWithAllThatLiesInThem) {
    const auto outer = *make("Outer");
    const auto inner = *make("Inner", outer.id);
    const auto innermost = *make("Innermost", inner.id);
    const auto before = since({}).now;
    ASSERT_TRUE(drop(outer.id));
    const auto changes = since(before);
    ASSERT_EQ(changes.removed.size(), 3U);
    EXPECT_TRUE(changes.changed.empty());
    EXPECT_EQ(open_fails(anna.id, innermost.id, Right::read), Code::not_found);
}

TEST_F(Folders, TellTheirChangesAndTheirAuthor) {
    const auto before = since({}).now;
    const auto one = *make("One");
    ASSERT_TRUE(rename(one.id, "Two"));
    const auto changes = since(before);
    ASSERT_EQ(changes.changed.size(), 1U);
    EXPECT_EQ(changes.changed[0].name, "Two");
    EXPECT_EQ(changes.changed[0].author, model::AuthorId{77});
    EXPECT_TRUE(since(changes.now).changed.empty());
    EXPECT_EQ(changes.epoch, since({}).epoch);
}

TEST_F(Folders, OpenForTheirOwnerWithEveryRight) {
    const auto folder =
        block_on(open_folder(office(), actor(), anna.id, by_role(Role::inbox).id, Right::own));
    ASSERT_TRUE(folder.has_value());
    EXPECT_TRUE(folder->own);
    EXPECT_TRUE(folder->may(Right::edit));
}

TEST_F(Folders, W12OfOthersAreNotKnown) {
    const auto his = block_on(all_folders(office(), bert.id))->front().id;
    EXPECT_EQ(open_fails(bert.id, his, Right::read), Code::not_found);
    EXPECT_EQ(open_fails(model::AccountId{999}, his, Right::read), Code::not_found);
    EXPECT_EQ(open_fails(anna.id, model::CollectionId{999}, Right::read), Code::not_found);
}

TEST_F(Folders, OfAGroupOpenAsFarAsTheRightReaches) {
    const auto calendar = block_on(all_folders(office(), team.id))->front().id;
    EXPECT_EQ(open_fails(team.id, calendar, Right::read), Code::not_found);
    ASSERT_TRUE(block_on(house->people->add_member(team.id, anna.id, Right::read)));
    const auto folder = block_on(open_folder(office(), actor(), team.id, calendar, Right::read));
    ASSERT_TRUE(folder.has_value());
    EXPECT_FALSE(folder->own);
    EXPECT_EQ(folder->owner_name, "Team");
    EXPECT_EQ(open_fails(team.id, calendar, Right::edit), Code::forbidden);
}

TEST_F(Folders, OwnersAreTheActorAndWhatItMayRead) {
    EXPECT_EQ(block_on(owners(office(), actor()))->size(), 1U);
    ASSERT_TRUE(block_on(house->people->add_member(team.id, anna.id, Right::free_busy)));
    EXPECT_EQ(block_on(owners(office(), actor()))->size(), 1U);
    ASSERT_TRUE(block_on(house->people->add_member(team.id, anna.id, Right::read)));
    const auto all = *block_on(owners(office(), actor()));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_TRUE(all[0].own);
    EXPECT_EQ(all[1].id, team.id);
}

TEST_F(Folders, AreNamedInTheLanguageOfTheirOwner) {
    const auto inbox = by_role(Role::inbox);
    EXPECT_EQ(shown_name(inbox, "de-AT"), "Posteingang");
    EXPECT_EQ(shown_name(inbox, "en"), "Inbox");
    EXPECT_EQ(shown_name(*make("Mine"), "de"), "Mine");
}

} // namespace lockstep::office
