// Ping: waiting, and what ends it.
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace fh = wbxml::folder_hierarchy;
namespace p = wbxml::ping;
using testing::el;
using testing::FakeConnection;
using testing::Node;
using testing::Phone;
using wbxml::Version;

class EasPing : public testing::DoorTest {
protected:
    static Node
    request(const std::vector<std::string>& folders, const std::string& heartbeat = "600") {
        std::vector<Node> children;
        if (!heartbeat.empty())
            children.push_back(el(p::HeartbeatInterval, heartbeat));
        std::vector<Node> list;
        for (const auto& id : folders)
            list.push_back(el(p::Folder, {el(p::Id, id), el(p::Class, "Email")}));
        if (!folders.empty())
            children.push_back(el(p::Folders, std::move(list)));
        return el(p::Ping, std::move(children));
    }
    static std::string status(const testing::Answer& answer) { return answer.at({p::Status}); }
};

} // namespace

TEST_F(EasPing, WakesForMailAndNamesTheFolder) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    (void)mine.start(inbox);
    FakeConnection connection;
    auto parked = mine.post_parked("Ping", request({inbox}), connection);
    ASSERT_TRUE(connection.wait_until_parked());
    deliver(anna, testing::mail_text("Hello"));
    const auto answer = parked.get();
    EXPECT_EQ(status(answer), "2");
    EXPECT_EQ(answer.at({p::Folders, p::Folder}), inbox);
}

TEST_F(EasPing, AnswersAtOnceWhenSomethingWaitsAlready) {
    auto mine = ready();
    (void)mine.start(mine.folder(2));
    deliver(anna, testing::mail_text("Hello"));
    EXPECT_EQ(status(mine.post("Ping", request({mine.folder(2)}))), "2");
}

TEST_F(EasPing, ExpiresAfterItsHeartbeat) {
    auto mine = ready();
    (void)mine.start(mine.folder(2));
    FakeConnection connection;
    auto parked = mine.post_parked("Ping", request({mine.folder(2)}, "60"), connection);
    ASSERT_TRUE(connection.wait_until_parked());
    house.clock->advance(std::chrono::seconds(60));
    EXPECT_EQ(status(parked.get()), "1");
}

TEST_F(EasPing, SleepsThroughItsOwnDevicesChanges) {
    namespace as = wbxml::air_sync;
    deliver(anna, testing::mail_text("Hello"));
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    const auto inbox = mine.folder(2);
    const auto all = mine.start(inbox);
    const auto theirs = other.start(inbox);
    FakeConnection connection;
    auto parked = other.post_parked("Ping", request({inbox}), connection);
    ASSERT_TRUE(connection.wait_until_parked());
    const auto read =
        el(as::Commands,
           {el(as::Change, {el(as::ServerId, all.adds.at(0).id),
                            el(as::ApplicationData, {el(wbxml::email::Read, "1")})})});
    (void)mine.sync(inbox, all.key, {read});
    EXPECT_EQ(status(parked.get()), "2");
    FakeConnection own;
    auto sleeping = mine.post_parked("Ping", request({inbox}, "60"), own);
    ASSERT_TRUE(own.wait_until_parked());
    house.clock->advance(std::chrono::seconds(60));
    EXPECT_EQ(status(sleeping.get()), "1");
}

TEST_F(EasPing, AnEmptyRequestRepeatsTheLastOne) {
    auto mine = ready();
    EXPECT_EQ(status(mine.post("Ping")), "3");
    (void)mine.start(mine.folder(2));
    EXPECT_EQ(status(mine.post("Ping", request({mine.folder(2)}, ""))), "3");
    EXPECT_EQ(status(mine.post("Ping", request({}, "600"))), "3");
    deliver(anna, testing::mail_text("Hello"));
    EXPECT_EQ(status(mine.post("Ping", request({mine.folder(2)}))), "2");
    EXPECT_EQ(status(mine.post("Ping")), "2");
    EXPECT_EQ(status(mine.post("Ping", request({}, "700"))), "2");
}

TEST_F(EasPing, BoundsTheHeartbeatAndTheFolders) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    for (const auto& [asked, bound] : {std::pair("0", "60"), {"59", "60"}, {"3541", "3540"}}) {
        const auto answer = mine.post("Ping", request({inbox}, asked));
        EXPECT_EQ(status(answer), "5") << asked;
        EXPECT_EQ(answer.at({p::HeartbeatInterval}), bound);
    }
    std::vector<std::string> many;
    for (std::size_t i = 0; i <= limits::kEasCollections; ++i)
        many.push_back(std::to_string(i + 1));
    const auto answer = mine.post("Ping", request(many));
    EXPECT_EQ(status(answer), "6");
    EXPECT_EQ(answer.at({p::MaxFolders}), std::to_string(limits::kEasCollections));
}

TEST_F(EasPing, RefusesWhatIsMalformed) {
    auto mine = ready();
    EXPECT_EQ(status(mine.post("Ping", request({mine.folder(2)}, "x"))), "4");
    EXPECT_EQ(status(mine.post("Ping", request({""}))), "4");
    EXPECT_EQ(status(mine.post("Ping", request({mine.folder(2), mine.folder(2)}))), "4");
    EXPECT_EQ(
        status(mine.post("Ping", el(p::Ping, {el(p::HeartbeatInterval, "600"), el(p::Folders)}))),
        "4"
    );
}

TEST_F(EasPing, Quirk18LeavesOutFoldersThatWereNeverSynchronized) {
    auto mine = ready();
    deliver(anna, testing::mail_text("Hello"));
    FakeConnection connection;
    auto parked =
        mine.post_parked("Ping", request({mine.folder(2), mine.folder(6 - 1)}, "60"), connection);
    ASSERT_TRUE(connection.wait_until_parked());
    house.clock->advance(std::chrono::seconds(60));
    EXPECT_EQ(status(parked.get()), "1");
}

TEST_F(EasPing, SaysWhenTheHierarchyChanged) {
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    (void)mine.start(mine.folder(2));
    FakeConnection connection;
    auto parked = mine.post_parked("Ping", request({mine.folder(2)}), connection);
    ASSERT_TRUE(connection.wait_until_parked());
    const auto made = other.post(
        "FolderCreate",
        el(fh::FolderCreate, {el(fh::SyncKey, other.folder_key), el(fh::ParentId, "0"),
                              el(fh::DisplayName, "New"), el(fh::Type, "12")})
    );
    EXPECT_EQ(made.at({fh::Status}), "1");
    EXPECT_EQ(status(parked.get()), "7");
    EXPECT_EQ(status(mine.post("Ping", request({"999"}))), "7");
    EXPECT_EQ(status(mine.post("Ping", request({"nonsense"}))), "7");
}

TEST_F(EasPing, ANewerOneEndsTheOlderQuietly) {
    auto mine = ready();
    (void)mine.start(mine.folder(2));
    FakeConnection first, second;
    auto older = mine.post_parked("Ping", request({mine.folder(2)}), first);
    ASSERT_TRUE(first.wait_until_parked());
    auto newer = mine.post_parked("Ping", request({mine.folder(2)}), second);
    EXPECT_EQ(status(older.get()), "1");
    ASSERT_TRUE(second.wait_until_parked());
    deliver(anna, testing::mail_text("Hello"));
    EXPECT_EQ(status(newer.get()), "2");
}

TEST_F(EasPing, EndsWithItsConnectionAndWithTheServer) {
    auto mine = ready();
    (void)mine.start(mine.folder(2));
    for (const auto why : {net::Stir::closed, net::Stir::stopping}) {
        FakeConnection connection;
        auto parked = mine.post_parked("Ping", request({mine.folder(2)}), connection);
        ASSERT_TRUE(connection.wait_until_parked());
        connection.stir(why);
        EXPECT_EQ(parked.get().status, 200U);
    }
}

TEST_F(EasPing, HearsOfAGroupsCalendar) {
    auto mine = ready();
    const auto calendar = mine.folder(13);
    (void)mine.start(calendar);
    FakeConnection connection;
    auto parked = mine.post_parked("Ping", request({calendar}), connection);
    ASSERT_TRUE(connection.wait_until_parked());
    put(team, model::Role::calendar,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:"
        "20261101T000000Z\r\n"
        "DTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\nSUMMARY:Team\r\nEND:VEVENT\r\nEND:"
        "VCALENDAR\r\n");
    EXPECT_EQ(status(parked.get()), "2");
}

} // namespace lockstep::activesync
