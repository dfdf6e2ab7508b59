// FolderSync, FolderCreate, FolderUpdate, FolderDelete.
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace fh = wbxml::folder_hierarchy;
using testing::el;
using testing::Node;
using testing::Phone;
using wbxml::Version;

class EasFolders : public testing::DoorTest {
protected:
    static testing::Answer
    create(Phone& phone, std::string parent, std::string name, std::string type = "12") {
        return phone.post(
            "FolderCreate",
            el(fh::FolderCreate,
               {el(fh::SyncKey, phone.folder_key), el(fh::ParentId, std::move(parent)),
                el(fh::DisplayName, std::move(name)), el(fh::Type, std::move(type))})
        );
    }
    static testing::Answer
    update(Phone& phone, std::string id, std::string parent, std::string name) {
        return phone.post(
            "FolderUpdate",
            el(fh::FolderUpdate,
               {el(fh::SyncKey, phone.folder_key), el(fh::ServerId, std::move(id)),
                el(fh::ParentId, std::move(parent)), el(fh::DisplayName, std::move(name))})
        );
    }
    static testing::Answer remove_folder(Phone& phone, std::string id) {
        return phone.post(
            "FolderDelete", el(fh::FolderDelete,
                               {el(fh::SyncKey, phone.folder_key), el(fh::ServerId, std::move(id))})
        );
    }
    /// The new key must be taken over by the phone, as phones do.
    static std::string take_key(Phone& phone, const testing::Answer& answer) {
        EXPECT_EQ(answer.at({fh::Status}), "1");
        phone.folder_key = answer.at({fh::SyncKey});
        return std::string(answer.root.text_of(fh::ServerId));
    }
    static std::string changes_of(const testing::Answer& answer) {
        return answer.at({fh::Changes, fh::Count});
    }
};

} // namespace

TEST_F(EasFolders, ShowTheDefaultFoldersWithTheirTypes) {
    auto mine = ready();
    for (const int type : {2, 3, 4, 5, 7, 8, 9, 10})
        EXPECT_FALSE(mine.folder(type).empty()) << type;
    EXPECT_EQ(mine.folders.front().parent, "0");
}

TEST_F(EasFolders, ShowAGroupsCalendarAsAUsersOwnWithTheGroupsName) {
    auto mine = ready();
    const auto id = mine.folder(13);
    EXPECT_TRUE(id.starts_with(std::to_string(team.id.value) + "."));
    for (const auto& each : mine.folders)
        if (each.id == id)
            EXPECT_EQ(each.name, "Team");
}

TEST_F(EasFolders, OfAGroupThatIsRemovedGoInTheSameChain) {
    auto mine = ready();
    const auto calendar = mine.folder(13);
    const auto old_key = mine.folder_key;
    ASSERT_TRUE(block_on(house.people->remove_account(team.id)));
    // Asked twice: the first answer was lost.
    for (int asked = 0; asked < 2; ++asked) {
        mine.folder_key = old_key;
        const auto answer = mine.folder_sync();
        ASSERT_EQ(answer.at({fh::Status}), "1");
        const auto gone = testing::all_of(testing::at(answer.root, {fh::Changes}), fh::Delete);
        ASSERT_EQ(changes_of(answer), std::to_string(gone.size()));
        EXPECT_TRUE(std::ranges::any_of(gone, [&](const Node* each) {
            return each->text_of(fh::ServerId) == calendar;
        }));
    }
    EXPECT_EQ(changes_of(mine.folder_sync()), "0");
}

TEST_F(EasFolders, AreToldOnce) {
    auto mine = ready();
    EXPECT_EQ(changes_of(mine.folder_sync()), "0");
    const auto key = mine.folder_key;
    EXPECT_EQ(changes_of(mine.folder_sync()), "0");
    EXPECT_EQ(mine.folder_key, key);
}

TEST_F(EasFolders, AnswerAWrongKeyWith9AndAMissingOneWith10) {
    auto mine = ready();
    for (const auto* key : {"7", "x", "{00000000-0000-0000-0000-000000000000}1", "-1"}) {
        mine.folder_key = key;
        EXPECT_EQ(mine.folder_sync().at({fh::Status}), "9") << key;
    }
    EXPECT_EQ(mine.post("FolderSync", el(fh::FolderSync)).at({fh::Status}), "10");
    mine.folder_key = "";
    EXPECT_EQ(mine.folder_sync().at({fh::Status}), "10");
}

TEST_F(EasFolders, W4ALostAnswerIsGivenAgain) {
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    take_key(other, create(other, "0", "Projects"));
    const auto before = mine.folder_key;
    EXPECT_EQ(changes_of(mine.folder_sync()), "1");
    mine.folder_key = before;
    EXPECT_EQ(changes_of(mine.folder_sync()), "1");
    EXPECT_EQ(changes_of(mine.folder_sync()), "0");
}

TEST_F(EasFolders, MadeByADeviceReachTheOthersAndNotItself) {
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    const auto id = take_key(mine, create(mine, "0", "Projects"));
    EXPECT_EQ(changes_of(mine.folder_sync()), "0");
    const auto told = other.folder_sync();
    EXPECT_EQ(changes_of(told), "1");
    EXPECT_EQ(told.at({fh::Changes, fh::Add, fh::ServerId}), id);
    EXPECT_EQ(told.at({fh::Changes, fh::Add, fh::DisplayName}), "Projects");
    EXPECT_EQ(told.at({fh::Changes, fh::Add, fh::Type}), "12");
    EXPECT_EQ(told.at({fh::Changes, fh::Add, fh::ParentId}), "0");
}

TEST_F(EasFolders, OfEveryClassMayBeMadeAndTakeItems) {
    auto mine = ready();
    for (const auto* type : {"1", "12", "13", "14", "15", "17"}) {
        const auto id = take_key(mine, create(mine, "0", std::string("F") + type, type));
        EXPECT_EQ(mine.sync(id, "0").status, 1) << type;
    }
}

TEST_F(EasFolders, OfOtherTypesAreNotMade) {
    auto mine = ready();
    for (const auto* type : {"2", "8", "19", "0", "99", "", "x"})
        EXPECT_EQ(create(mine, "0", "N", type).at({fh::Status}), "10") << type;
}

TEST_F(EasFolders, CreateSaysWhatIsWrong) {
    auto mine = ready();
    take_key(mine, create(mine, "0", "Projects"));
    EXPECT_EQ(create(mine, "0", "Projects").at({fh::Status}), "2");
    EXPECT_EQ(create(mine, "999", "New").at({fh::Status}), "5");
    EXPECT_EQ(create(mine, "x", "New").at({fh::Status}), "5");
    EXPECT_EQ(create(mine, "0", "").at({fh::Status}), "10");
    EXPECT_EQ(create(mine, "", "New").at({fh::Status}), "10");
    auto wrong = mine;
    wrong.folder_key = "5";
    EXPECT_EQ(create(wrong, "0", "New").at({fh::Status}), "9");
    wrong.folder_key = "0";
    EXPECT_EQ(create(wrong, "0", "New").at({fh::Status}), "9");
    wrong.folder_key = "";
    EXPECT_EQ(create(wrong, "0", "New").at({fh::Status}), "10");
    EXPECT_FALSE(create(wrong, "0", "New").root.has(fh::SyncKey));
}

TEST_F(EasFolders, W4CreateRepeatedMakesOneFolder) {
    auto mine = ready();
    const auto first = create(mine, "0", "Projects");
    const auto again = create(mine, "0", "Projects");
    EXPECT_EQ(first.at({fh::ServerId}), again.at({fh::ServerId}));
    EXPECT_EQ(again.at({fh::Status}), "1");
    take_key(mine, again);
    EXPECT_EQ(create(mine, "0", "Projects").at({fh::Status}), "2");
}

TEST_F(EasFolders, AreRenamedAndMovedKeepingTheirId) {
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    const auto parent = take_key(mine, create(mine, "0", "Parent"));
    const auto child = take_key(mine, create(mine, "0", "Child"));
    EXPECT_EQ(changes_of(other.folder_sync()), "2");
    take_key(mine, update(mine, child, parent, "Kind"));
    EXPECT_EQ(changes_of(mine.folder_sync()), "0");
    const auto told = other.folder_sync();
    EXPECT_EQ(told.at({fh::Changes, fh::Update, fh::ServerId}), child);
    EXPECT_EQ(told.at({fh::Changes, fh::Update, fh::ParentId}), parent);
    EXPECT_EQ(told.at({fh::Changes, fh::Update, fh::DisplayName}), "Kind");
}

TEST_F(EasFolders, ComeAfterTheirParents) {
    auto mine = ready();
    const auto child = take_key(mine, create(mine, "0", "Child"));
    const auto parent = take_key(mine, create(mine, "0", "Parent"));
    take_key(mine, update(mine, child, parent, "Child"));
    take_key(mine, update(mine, parent, "0", "Late parent"));
    auto other = ready(Version::v16_1, "OTHER");
    std::vector<std::string> ids;
    for (const auto& each : other.folders)
        ids.push_back(each.id);
    EXPECT_LT(std::ranges::find(ids, parent), std::ranges::find(ids, child));
}

TEST_F(EasFolders, OfNotesAreHiddenBefore14_0) {
    auto old = ready(Version::v12_1);
    EXPECT_EQ(std::ranges::count(old.folders, 10, &testing::FolderSeen::type), 0);
    const auto notes = std::to_string(folder_of(anna, model::Role::notes).id.value);
    EXPECT_EQ(old.sync(notes, "0").status, 4);
}

TEST_F(EasFolders, UpdateSaysWhatIsWrong) {
    auto mine = ready();
    const auto one = take_key(mine, create(mine, "0", "One"));
    const auto two = take_key(mine, create(mine, one, "Two"));
    take_key(mine, create(mine, "0", "Three"));
    EXPECT_EQ(update(mine, one, "0", "Three").at({fh::Status}), "2");
    EXPECT_EQ(update(mine, "999", "0", "New").at({fh::Status}), "4");
    EXPECT_EQ(update(mine, one, "999", "New").at({fh::Status}), "5");
    EXPECT_EQ(update(mine, one, "0", "").at({fh::Status}), "10");
    const auto with_status = mine.post(
        "FolderUpdate", el(fh::FolderUpdate,
                           {el(fh::SyncKey, mine.folder_key), el(fh::ServerId, one),
                            el(fh::ParentId, "0"), el(fh::DisplayName, "New"), el(fh::Status, "1")})
    );
    EXPECT_EQ(with_status.at({fh::Status}), "10");
    // The Inbox is special: it keeps its name.
    EXPECT_EQ(update(mine, mine.folder(2), "0", "New").at({fh::Status}), "2");
    // A folder cannot lie in itself.
    const auto circle = update(mine, one, two, "One").at({fh::Status});
    EXPECT_TRUE(circle == "5" || circle == "10") << circle;
    auto wrong = mine;
    wrong.folder_key = "5";
    EXPECT_EQ(update(wrong, one, "0", "New").at({fh::Status}), "9");
}

TEST_F(EasFolders, AreRemovedWithWhatLiesInThem) {
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    const auto one = take_key(mine, create(mine, "0", "One"));
    take_key(mine, create(mine, one, "Two"));
    EXPECT_EQ(changes_of(other.folder_sync()), "2");
    take_key(mine, remove_folder(mine, one));
    EXPECT_EQ(changes_of(mine.folder_sync()), "0");
    EXPECT_EQ(changes_of(other.folder_sync()), "2");
    EXPECT_EQ(mine.sync(one, "0").status, 12);
}

TEST_F(EasFolders, DeleteSaysWhatIsWrong) {
    auto mine = ready();
    EXPECT_EQ(remove_folder(mine, mine.folder(2)).at({fh::Status}), "3");
    EXPECT_EQ(remove_folder(mine, mine.folder(13)).at({fh::Status}), "3");
    EXPECT_EQ(remove_folder(mine, "999").at({fh::Status}), "4");
    EXPECT_EQ(remove_folder(mine, "nonsense").at({fh::Status}), "4");
    EXPECT_EQ(remove_folder(mine, "").at({fh::Status}), "10");
    auto wrong = mine;
    wrong.folder_key = "5";
    EXPECT_EQ(remove_folder(wrong, "999").at({fh::Status}), "9");
}

TEST_F(EasFolders, W4DeleteRepeatedSucceeds) {
    auto mine = ready();
    const auto one = take_key(mine, create(mine, "0", "One"));
    EXPECT_EQ(remove_folder(mine, one).at({fh::Status}), "1");
    take_key(mine, remove_folder(mine, one));
    EXPECT_EQ(remove_folder(mine, one).at({fh::Status}), "4");
}

TEST_F(EasFolders, OfAGroupThatOneLeftAreGone) {
    auto mine = ready();
    const auto id = mine.folder(13);
    ASSERT_TRUE(block_on(house.people->remove_member(team.id, anna.id)));
    const auto told = mine.folder_sync();
    EXPECT_EQ(told.at({fh::Changes, fh::Delete, fh::ServerId}), id);
    EXPECT_EQ(changes_of(mine.folder_sync()), "0");
}

TEST_F(EasFolders, LoseTheSlashFromTheirNames) {
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    take_key(mine, create(mine, "0", "A/B"));
    EXPECT_EQ(other.folder_sync().at({fh::Changes, fh::Add, fh::DisplayName}), "AB");
}

} // namespace lockstep::activesync
