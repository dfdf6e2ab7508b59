// Sync of the phone's own changes: applied once, answered, never echoed.
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
namespace base = wbxml::air_sync_base;
namespace cal = wbxml::calendar;
namespace con = wbxml::contacts;
namespace em = wbxml::email;
namespace em2 = wbxml::email2;
using model::Role;
using testing::el;
using testing::Node;
using testing::Phone;
using testing::Synced;
using wbxml::Version;

class EasCommands : public testing::DoorTest {
protected:
    static Node add(std::string client_id, std::vector<Node> data, std::vector<Node> more = {}) {
        std::vector<Node> children{el(as::ClientId, std::move(client_id))};
        for (auto& node : more)
            children.push_back(std::move(node));
        children.push_back(el(as::ApplicationData, std::move(data)));
        return el(as::Add, std::move(children));
    }
    static Node change(std::string id, std::vector<Node> data) {
        return el(
            as::Change, {el(as::ServerId, std::move(id)), el(as::ApplicationData, std::move(data))}
        );
    }
    static Node gone(std::string id) { return el(as::Delete, {el(as::ServerId, std::move(id))}); }
    static Node fetch(std::string id) { return el(as::Fetch, {el(as::ServerId, std::move(id))}); }
    static Node commands(std::vector<Node> all) { return el(as::Commands, std::move(all)); }
    static std::vector<Node> card(std::string name) {
        return {el(con::FileAs, name), el(con::FirstName, name)};
    }
    static std::vector<Node> meeting(std::string subject) {
        return {
            el(cal::StartTime, "20261201T090000Z"), el(cal::Subject, std::move(subject)),
            el(cal::EndTime, "20261201T100000Z")
        };
    }
    static std::string status_of(const Synced& synced, std::size_t index = 0) {
        if (index >= synced.responses.size())
            return "none";
        return std::string(synced.responses[index].text_of(as::Status));
    }
    static std::string id_of(const Synced& synced) {
        return synced.responses.empty() ? ""
                                        : std::string(synced.responses[0].text_of(as::ServerId));
    }
};

} // namespace

TEST_F(EasCommands, AnAdditionIsStoredOnceAndNotEchoed) {
    auto mine = ready();
    const auto folder = mine.folder(9);
    const auto all = mine.start(folder);
    const auto added = mine.sync(folder, all.key, {commands({add("c1", card("Carl"))})});
    ASSERT_EQ(added.responses.size(), 1U);
    EXPECT_EQ(added.responses[0].text_of(as::ClientId), "c1");
    EXPECT_EQ(status_of(added), "1");
    EXPECT_TRUE(added.adds.empty() && added.changes.empty() && added.soft_deletes.empty());
    EXPECT_TRUE(stored(anna, id_of(added)).contains("Carl"));
    EXPECT_EQ(mine.sync(folder, added.key).status, 0);
}

TEST_F(EasCommands, W4AnAdditionRepeatedWithTheOldKeyIsAnsweredAndNotApplied) {
    auto mine = ready();
    const auto folder = mine.folder(9);
    const auto all = mine.start(folder);
    const auto one = mine.sync(folder, all.key, {commands({add("c1", card("Carl"))})});
    const auto two = mine.sync(folder, all.key, {commands({add("c1", card("Carl"))})});
    EXPECT_EQ(id_of(one), id_of(two));
    EXPECT_EQ(count(anna, Role::contacts), 1U);
}

TEST_F(EasCommands, D5AClientIdMakesOneItemInAllKeys) {
    auto mine = ready();
    const auto folder = mine.folder(9);
    const auto all = mine.start(folder);
    const auto one = mine.sync(folder, all.key, {commands({add("c1", card("Carl"))})});
    const auto two = mine.sync(folder, one.key, {commands({add("c1", card("Carl"))})});
    EXPECT_EQ(id_of(one), id_of(two));
    EXPECT_EQ(count(anna, Role::contacts), 1U);
}

TEST_F(EasCommands, AChangeReachesTheOtherDeviceAndNotItsAuthor) {
    const auto item =
        put(anna, Role::contacts,
            "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u1\r\nFN:Carl\r\nX-KEPT:yes\r\nEND:VCARD\r\n");
    (void)item;
    auto mine = ready();
    auto other = ready(Version::v14_1, "OTHER");
    const auto folder = mine.folder(9);
    const auto here = mine.start(folder), there = other.start(folder);
    ASSERT_EQ(here.adds.size(), 1U);
    const auto id = here.adds[0].id;
    const auto changed = mine.sync(folder, here.key, {commands({change(id, card("Charles"))})});
    EXPECT_TRUE(changed.responses.empty());
    EXPECT_TRUE(changed.changes.empty());
    const auto told = other.sync(folder, there.key);
    ASSERT_EQ(told.changes.size(), 1U);
    EXPECT_EQ(told.changes[0].data.text_of(con::FirstName), "Charles");
    EXPECT_TRUE(stored(anna, id).contains("X-KEPT:yes"));
}

TEST_F(EasCommands, AConflictIsWonByTheServerUnlessTheClientAsksOtherwise) {
    put(anna, Role::contacts, "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u1\r\nFN:Carl\r\nEND:VCARD\r\n");
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    const auto folder = mine.folder(9);
    const auto here = mine.start(folder), there = other.start(folder);
    const auto id = here.adds.at(0).id;
    (void)other.sync(folder, there.key, {commands({change(id, card("Theirs"))})});
    const auto lost = mine.sync(folder, here.key, {commands({change(id, card("Mine"))})});
    EXPECT_EQ(status_of(lost), "7");
    ASSERT_EQ(lost.changes.size(), 1U);
    EXPECT_EQ(lost.changes[0].data.text_of(con::FirstName), "Theirs");

    (void)other.sync(folder, there.key, {commands({change(id, card("Again"))})});
    const auto won = mine.sync(
        folder, lost.key,
        {el(as::Options, {el(as::Conflict, "0")}), commands({change(id, card("Mine"))})}
    );
    EXPECT_TRUE(won.responses.empty());
    EXPECT_TRUE(stored(anna, id).contains("Mine"));
}

TEST_F(EasCommands, SaysWhatIsWrongWithEachAndAppliesTheOthers) {
    auto mine = ready();
    const auto folder = mine.folder(9);
    const auto all = mine.start(folder);
    const auto answer = mine.sync(
        folder, all.key,
        {commands(
            {add("c1", card("Carl")), change(folder + ":999", card("X")), gone(folder + ":998"),
             change("nonsense", card("X")), add("", card("Nameless")),
             el(as::Add, {el(as::ClientId, "c2")})}
        )}
    );
    ASSERT_EQ(answer.responses.size(), 6U);
    const char* expected[] = {"1", "8", "8", "8", "6", "6"};
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_EQ(status_of(answer, i), expected[i]) << i;
    EXPECT_EQ(count(anna, Role::contacts), 1U);
}

TEST_F(EasCommands, ADeletionOfMailGoesToTheTrashOrForGood) {
    deliver(anna, testing::mail_text("One"));
    deliver(anna, testing::mail_text("Two"));
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto all = mine.start(inbox);
    ASSERT_EQ(all.adds.size(), 2U);
    const auto moved = mine.sync(inbox, all.key, {commands({gone(all.adds[0].id)})});
    EXPECT_TRUE(moved.responses.empty() && moved.deletes.empty());
    EXPECT_EQ(count(anna, Role::trash), 1U);
    (void
    )mine.sync(inbox, moved.key, {el(as::DeletesAsMoves, "0"), commands({gone(all.adds[1].id)})});
    EXPECT_EQ(count(anna, Role::trash), 1U);
    EXPECT_EQ(count(anna, Role::inbox), 0U);
}

TEST_F(EasCommands, FetchGivesTheItemAndQuirk19NoChanges) {
    deliver(anna, testing::mail_text("One"));
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto all = mine.start(inbox);
    deliver(anna, testing::mail_text("Two"));
    const auto answer =
        mine.sync(inbox, all.key, {commands({fetch(all.adds.at(0).id), fetch(inbox + ":999")})});
    ASSERT_EQ(answer.responses.size(), 2U);
    EXPECT_EQ(status_of(answer, 0), "1");
    EXPECT_EQ(testing::text_at(answer.responses[0], {as::ApplicationData, em::Subject}), "One");
    EXPECT_EQ(status_of(answer, 1), "8");
    EXPECT_TRUE(answer.adds.empty());
    EXPECT_EQ(mine.sync(inbox, answer.key).adds.size(), 1U);
}

TEST_F(EasCommands, GetChanges0AppliesAndHoldsBackWhatIsNew) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    deliver(anna, testing::mail_text("One"));
    const auto all = mine.start(inbox);
    deliver(anna, testing::mail_text("Two"));
    const auto quiet = mine.sync(
        inbox, all.key,
        {el(as::GetChanges, "0"), commands({change(all.adds.at(0).id, {el(em::Read, "1")})})}
    );
    EXPECT_TRUE(quiet.adds.empty());
    EXPECT_EQ(mine.sync(inbox, quiet.key).adds.size(), 1U);
    EXPECT_EQ(item_of(anna, all.adds[0].id)->flags & model::flag::seen, model::flag::seen);
}

TEST_F(EasCommands, AReadOnlyFolderIsSetRightAgain) {
    put(team, Role::calendar,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:"
        "20261101T000000Z\r\n"
        "DTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\nSUMMARY:Team\r\nEND:VEVENT\r\nEND:"
        "VCALENDAR\r\n");
    auto mine = ready();
    const auto folder = mine.folder(13);
    const auto all = mine.start(folder);
    ASSERT_EQ(all.adds.size(), 1U);
    const auto id = all.adds[0].id;
    // Each is asked twice: the first answer was lost, and with it what undoes the edit (W4).
    Synced edited;
    for (int asked = 0; asked < 2; ++asked) {
        edited = mine.sync(folder, all.key, {commands({change(id, meeting("Mine"))})});
        ASSERT_EQ(edited.changes.size(), 1U);
        EXPECT_EQ(edited.changes[0].data.text_of(cal::Subject), "Team");
    }
    for (int asked = 0; asked < 2; ++asked) {
        const auto removed = mine.sync(folder, edited.key, {commands({gone(id)})});
        ASSERT_EQ(removed.adds.size(), 1U);
        EXPECT_EQ(removed.adds[0].id, id);
    }
    EXPECT_EQ(count(team, Role::calendar), 1U);
}

TEST_F(EasCommands, AnAdditionToAReadOnlyFolderIsTakenAndRemovedAgain) {
    auto mine = ready();
    const auto folder = mine.folder(13);
    const auto all = mine.start(folder);
    std::string id;
    Synced added;
    // Asked twice: the first answer was lost.
    for (int asked = 0; asked < 2; ++asked) {
        added = mine.sync(folder, all.key, {commands({add("c1", meeting("New"))})});
        EXPECT_EQ(status_of(added), "1");
        const auto given = std::string(added.responses.at(0).text_of(as::ServerId));
        EXPECT_TRUE(id.empty() || id == given);
        id = given;
        EXPECT_TRUE(added.deletes.empty());
        EXPECT_TRUE(added.more);
    }
    Synced told;
    for (int asked = 0; asked < 2; ++asked) {
        told = mine.sync(folder, added.key);
        EXPECT_EQ(told.deletes, std::vector{id});
        EXPECT_FALSE(told.more);
    }
    const auto after = mine.sync(folder, told.key);
    EXPECT_EQ(after.status, 0) << "nothing more is said";
    EXPECT_EQ(count(team, Role::calendar), 0U);
    const auto edited = mine.sync(folder, told.key, {commands({change(id, meeting("Mine"))})});
    EXPECT_EQ(status_of(edited), "8");
}

TEST_F(EasCommands, AnEventsUidComesBackFrom16_0On) {
    for (const auto version : {Version::v14_1, Version::v16_0, Version::v16_1}) {
        auto mine = ready(version, "D" + std::to_string(static_cast<int>(version)));
        const auto folder = mine.folder(8);
        const auto all = mine.start(folder);
        auto data = meeting("Lunch");
        const bool modern = version >= Version::v16_0;
        if (modern)
            data.push_back(el(cal::ClientUid, "client-uid-" + mine.device));
        const auto added = mine.sync(folder, all.key, {commands({add("c1", data)})});
        EXPECT_EQ(status_of(added), "1");
        const auto* answer = added.responses.at(0).find(as::ApplicationData);
        EXPECT_EQ(answer != nullptr, modern);
        if (answer != nullptr)
            EXPECT_EQ(answer->text_of(cal::UID), "client-uid-" + mine.device);
    }
}

TEST_F(EasCommands, Quirk4AnEventThatIsThereAlreadyIsEditedInsteadOfDoubled) {
    put(anna, Role::calendar,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:"
        "20261101T000000Z\r\n"
        "DTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\nSUMMARY:Old\r\nEND:VEVENT\r\nEND:"
        "VCALENDAR\r\n");
    auto mine = ready(Version::v14_1);
    const auto folder = mine.folder(8);
    const auto first = mine.sync(folder, "0");
    auto data = meeting("New");
    data.push_back(el(cal::UID, "e1"));
    const auto added =
        mine.sync(folder, first.key, {el(as::GetChanges, "0"), commands({add("c1", data)})});
    EXPECT_EQ(status_of(added), "1");
    EXPECT_EQ(count(anna, Role::calendar), 1U);
    EXPECT_TRUE(stored(anna, id_of(added)).contains("SUMMARY:New"));
}

TEST_F(EasCommands, MailIsNotAddedOutsideDraftsNorBefore16_0) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto all = mine.start(inbox);
    const std::vector<Node> data{el(em::To, "bert@example.org"), el(em::Subject, "S")};
    EXPECT_EQ(status_of(mine.sync(inbox, all.key, {commands({add("c1", data)})})), "6");
    auto old = ready(Version::v14_1, "OLD");
    const auto drafts = old.folder(3);
    const auto first = old.start(drafts);
    EXPECT_EQ(
        status_of(old.sync(drafts, first.key, {commands({add("c1", {el(em::Subject, "S")})})})), "6"
    );
    EXPECT_EQ(count(anna, Role::drafts), 0U);
}

TEST_F(EasCommands, ADraftIsStoredAndAnsweredWithItsConversation) {
    auto mine = ready();
    const auto drafts = mine.folder(3);
    const auto all = mine.start(drafts);
    const auto added = mine.sync(
        drafts, all.key,
        {commands({add(
            "c1",
            {el(em::To, "bert@example.org"), el(em::Subject, "Plan"),
             el(base::Attachments, {el(base::Add, {el(base::ClientId, "a1"), el(base::Method, "1"),
                                                   testing::opaque(base::Content, "file content"),
                                                   el(base::DisplayName, "notes.txt")})})}
        )})}
    );
    EXPECT_EQ(status_of(added), "1");
    const auto& data = testing::at(added.responses.at(0), {as::ApplicationData});
    EXPECT_EQ(data.text_of(em2::ConversationId).size(), 16U);
    EXPECT_EQ(data.text_of(em2::ConversationIndex).size(), 5U);
    EXPECT_EQ(testing::text_at(data, {base::Attachments, base::Attachment, base::ClientId}), "a1");
    EXPECT_TRUE(testing::text_at(data, {base::Attachments, base::Attachment, base::FileReference})
                    .starts_with(id_of(added).substr(0, 1)));
    EXPECT_TRUE(stored(anna, id_of(added)).contains("notes.txt"));
    EXPECT_TRUE(added.adds.empty());
}

TEST_F(EasCommands, Quirk9ADraftMayComeAsAWholeMessage) {
    auto mine = ready();
    const auto drafts = mine.folder(3);
    const auto all = mine.start(drafts);
    const auto added = mine.sync(
        drafts, all.key,
        {commands({add(
            "c1", {el(em::To, "bert@example.org"), el(em::Subject, "Plan"),
                   el(base::Body, {el(base::Type, "4"),
                                   testing::opaque(
                                       base::Data, "Subject: Plan\r\nMIME-Version: 1.0\r\n"
                                                   "Content-Type: text/html\r\n\r\n<b>Bold</b>\r\n"
                                   )})}
        )})}
    );
    EXPECT_EQ(status_of(added), "1");
    EXPECT_TRUE(stored(anna, id_of(added)).contains("<b>Bold</b>"));
}

TEST_F(EasCommands, Quirk10AttachmentsWithoutContentAreIgnored) {
    auto mine = ready();
    const auto drafts = mine.folder(3);
    const auto all = mine.start(drafts);
    const auto added = mine.sync(
        drafts, all.key,
        {commands({add(
            "c1", {el(em::Subject, "Plan"),
                   el(base::Attachments,
                      {el(base::Add, {el(base::ClientId, "a1"), el(base::DisplayName, "x.txt")})})}
        )})}
    );
    EXPECT_EQ(status_of(added), "1");
    EXPECT_FALSE(stored(anna, id_of(added)).contains("x.txt"));
}

TEST_F(EasCommands, ADraftWithSendGoesOutAndLeavesDrafts) {
    auto mine = ready();
    const auto drafts = mine.folder(3);
    const auto all = mine.start(drafts);
    const std::vector<Node> data{
        el(em::To, "bert@example.org"), el(em::Subject, "Plan"),
        el(base::Body, {el(base::Type, "1"), el(base::Data, "Text")})
    };
    const auto sent = mine.sync(drafts, all.key, {commands({add("c1", data, {el(em2::Send)})})});
    EXPECT_EQ(status_of(sent), "1");
    EXPECT_EQ(count(anna, Role::drafts), 0U);
    EXPECT_EQ(count(anna, Role::sent), 1U);
    EXPECT_EQ(count(bert, Role::inbox), 1U);
    // The answer was lost.
    (void)mine.sync(drafts, all.key, {commands({add("c1", data, {el(em2::Send)})})});
    EXPECT_EQ(count(bert, Role::inbox), 1U);
}

TEST_F(EasCommands, ADraftIsSentByAChangeToo) {
    auto mine = ready();
    const auto drafts = mine.folder(3);
    const auto all = mine.start(drafts);
    const auto added = mine.sync(
        drafts, all.key,
        {commands({add("c1", {el(em::To, "bert@example.org"), el(em::Subject, "Plan")})})}
    );
    const auto sent = mine.sync(
        drafts, added.key,
        {commands(
            {el(as::Change, {el(as::ServerId, id_of(added)), el(em2::Send),
                             el(as::ApplicationData, {el(em::Subject, "Better plan")})})}
        )}
    );
    EXPECT_TRUE(sent.responses.empty());
    EXPECT_EQ(count(anna, Role::drafts), 0U);
    ASSERT_EQ(count(bert, Role::inbox), 1U);
    EXPECT_TRUE(house.inbox(bert.id).at(0).contains("Better plan"));
}

TEST_F(EasCommands, ADraftWithoutRecipientIsNotSentAndStays) {
    auto mine = ready();
    const auto drafts = mine.folder(3);
    const auto all = mine.start(drafts);
    const auto sent = mine.sync(
        drafts, all.key, {commands({add("c1", {el(em::Subject, "Nobody")}, {el(em2::Send)})})}
    );
    EXPECT_EQ(status_of(sent), "119");
    EXPECT_EQ(count(anna, Role::drafts), 1U);
    EXPECT_EQ(count(anna, Role::sent), 0U);
}

TEST_F(EasCommands, FlagsOfMailComeBackToOtherDevicesAlone) {
    deliver(anna, testing::mail_text("One"));
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    const auto inbox = mine.folder(2);
    const auto here = mine.start(inbox), there = other.start(inbox);
    const auto id = here.adds.at(0).id;
    const auto answer = mine.sync(
        inbox, here.key,
        {commands({change(
            id, {el(em::Flag, {el(em::Status, "2"), el(em::FlagType, "Flag for follow up")})}
        )})}
    );
    EXPECT_TRUE(answer.responses.empty() && answer.changes.empty());
    const auto told = other.sync(inbox, there.key);
    ASSERT_EQ(told.changes.size(), 1U);
    EXPECT_EQ(testing::text_at(told.changes[0].data, {em::Flag, em::Status}), "2");
    EXPECT_FALSE(told.changes[0].data.has(em::Subject));
}

TEST_F(EasCommands, GhostedFieldsStayAndSupportedOnesGo) {
    put(anna, Role::contacts,
        "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u1\r\nFN:Carl\r\nTITLE:Baker\r\nEND:VCARD\r\n");
    auto ghosting = ready();
    const auto folder = ghosting.folder(9);
    const auto first =
        ghosting.sync(folder, "0", {el(as::Supported, {el(con::FirstName), el(con::FileAs)})});
    const auto all = ghosting.sync(folder, first.key);
    const auto id = all.adds.at(0).id;
    const auto kept = ghosting.sync(folder, all.key, {commands({change(id, card("Carl"))})});
    EXPECT_TRUE(stored(anna, id).contains("Baker"));
    (void)kept;
    auto plain = ready(Version::v16_1, "PLAIN");
    const auto own = plain.start(folder);
    (void)plain.sync(folder, own.key, {commands({change(id, card("Carl"))})});
    EXPECT_FALSE(stored(anna, id).contains("Baker"));
}

} // namespace lockstep::activesync
