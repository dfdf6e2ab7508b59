// Sync of mail from the server to the phone: keys, windows, filters, waiting.
#include "protocols/activesync/sync_options.hpp"
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
namespace base = wbxml::air_sync_base;
namespace em = wbxml::email;
using model::Role;
using testing::el;
using testing::Node;
using testing::Phone;
using testing::Synced;
using wbxml::Version;

constexpr std::int64_t kDay = 24LL * 3600 * 1'000'000;
constexpr std::array kAllVersions = {
    Version::v12_1, Version::v14_0, Version::v14_1, Version::v16_0, Version::v16_1
};

class EasSync : public testing::DoorTest {
protected:
    void deliver_many(int count) {
        for (int i = 0; i < count; ++i)
            deliver(anna, testing::mail_text("Mail " + std::to_string(i)));
    }
    static Node filter(int type) {
        return el(as::Options, {el(as::FilterType, std::to_string(type))});
    }
    static Node window(int size) { return el(as::WindowSize, std::to_string(size)); }
};

} // namespace

TEST_F(EasSync, FirstAnswerHasAKeyAndNothingElse) {
    deliver_many(1);
    for (const auto version : kAllVersions) {
        auto mine = ready(version, "D" + std::to_string(static_cast<int>(version)));
        const auto first = mine.sync(mine.folder(2), "0");
        EXPECT_EQ(first.status, 1);
        EXPECT_FALSE(first.key.empty() || first.key == "0");
        EXPECT_TRUE(first.adds.empty());
    }
}

TEST_F(EasSync, NamesTheClassUpTo12_1Only) {
    for (const auto version : kAllVersions) {
        auto mine = ready(version, "D" + std::to_string(static_cast<int>(version)));
        const auto answer =
            mine.post("Sync", Phone::sync_of({mine.collection(mine.folder(2), "0")}));
        const auto& collection = testing::at(answer.root, {as::Collections, as::Collection});
        EXPECT_EQ(collection.has(as::Class), version <= Version::v12_1);
    }
}

TEST_F(EasSync, SendsWhatIsThereAndThenOnlyWhatChanges) {
    const auto old = deliver(anna, testing::mail_text("First"));
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto all = mine.start(inbox);
    ASSERT_EQ(all.adds.size(), 1U);
    EXPECT_EQ(all.adds[0].data.text_of(em::Subject), "First");
    EXPECT_FALSE(all.more);

    deliver(anna, testing::mail_text("Second"));
    set_flags(old, model::flag::seen);
    const auto next = mine.sync(inbox, all.key);
    ASSERT_EQ(next.adds.size(), 1U);
    EXPECT_EQ(next.adds[0].data.text_of(em::Subject), "Second");
    ASSERT_EQ(next.changes.size(), 1U);
    EXPECT_EQ(next.changes[0].id, all.adds[0].id);
    EXPECT_EQ(next.changes[0].data.text_of(em::Read), "1");

    remove(old);
    const auto last = mine.sync(inbox, next.key);
    EXPECT_EQ(last.deletes, std::vector{all.adds[0].id});
}

TEST_F(EasSync, Quirk1SaysNothingWithAnEmptyBodyInsteadOfEmptyCollections) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto first = mine.sync(inbox, "0");
    const auto answer = mine.post("Sync", Phone::sync_of({mine.collection(inbox, first.key)}));
    EXPECT_EQ(answer.status, 200U);
    EXPECT_TRUE(answer.body.empty());
    EXPECT_FALSE(answer.headers.has("Content-Type"));
}

TEST_F(EasSync, Quirk11AlwaysTellsWhenAMailWasReceived) {
    deliver(anna, "From: x@example.net\r\n\r\nno date at all\r\n");
    auto mine = ready();
    const auto all = mine.start(mine.folder(2));
    ASSERT_EQ(all.adds.size(), 1U);
    EXPECT_TRUE(all.adds[0].data.text_of(em::DateReceived).ends_with("Z"));
}

TEST_F(EasSync, AnswersAnUnknownKeyWith3) {
    auto mine = ready();
    for (const auto* key : {"1", "x", "{guid}3"}) {
        const auto answer = mine.sync(mine.folder(2), key);
        EXPECT_EQ(answer.status, 3) << key;
        EXPECT_EQ(answer.key, "0");
    }
}

TEST_F(EasSync, AnswersMalformedRequestsWith4) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto status = [&](Node root) { return mine.post("Sync", root).at({as::Status}); };
    EXPECT_EQ(status(el(as::Sync, {el(as::Collections)})), "4");
    EXPECT_EQ(status(Phone::sync_of({el(as::Collection, {el(as::CollectionId, inbox)})})), "4");
    EXPECT_EQ(status(Phone::sync_of({el(as::Collection, {el(as::SyncKey, "0")})})), "4");
    EXPECT_EQ(status(Phone::sync_of({mine.collection(inbox, "0", {el(as::GetChanges)})})), "4");
    EXPECT_EQ(
        status(Phone::sync_of({mine.collection(inbox, "0", {el(as::GetChanges, "1")})})), "4"
    );
    EXPECT_EQ(status(Phone::sync_of({mine.collection(inbox, "0", {el(as::Commands)})})), "4");
    EXPECT_EQ(
        status(Phone::sync_of({mine.collection(inbox, "0", {el(as::WindowSize, "x")})})), "4"
    );
    EXPECT_EQ(mine.sync(inbox, "0", {el(as::GetChanges, "0")}).status, 1);
}

TEST_F(EasSync, TakesConversationModeForMailOnly) {
    auto mine = ready();
    const auto mode = el(as::ConversationMode, "1");
    EXPECT_EQ(mine.sync(mine.folder(2), "0", {mode}).status, 1);
    EXPECT_EQ(mine.sync(mine.folder(8), "0", {mode}).status, 4);
}

TEST_F(EasSync, WantsTheIdBeforeSupported) {
    auto mine = ready();
    const auto early =
        el(as::Collection,
           {el(as::SyncKey, "0"), el(as::Supported, {el(wbxml::contacts::FirstName)}),
            el(as::CollectionId, mine.folder(9))});
    EXPECT_EQ(mine.post("Sync", Phone::sync_of({early})).at({as::Status}), "4");
}

TEST_F(EasSync, Quirk17AnswersAFolderThatIsGoneWith12) {
    auto mine = ready();
    EXPECT_EQ(mine.sync("99", "0").status, 12);
    EXPECT_EQ(mine.sync("nonsense", "0").status, 12);
    EXPECT_EQ(mine.sync("9.1", "0").status, 12);
}

TEST_F(EasSync, W4GivesALostAnswerAgain) {
    deliver_many(2);
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto first = mine.sync(inbox, "0");
    const auto lost = mine.sync(inbox, first.key);
    const auto again = mine.sync(inbox, first.key);
    ASSERT_EQ(lost.adds.size(), 2U);
    ASSERT_EQ(again.adds.size(), 2U);
    EXPECT_EQ(lost.adds[0].id, again.adds[0].id);
    EXPECT_EQ(mine.sync(inbox, again.key).status, 0);
}

TEST_F(EasSync, KeepsBothFirstKeysUntilOneIsUsed) {
    deliver_many(1);
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto one = mine.sync(inbox, "0");
    const auto two = mine.sync(inbox, "0");
    EXPECT_NE(one.key, two.key);
    EXPECT_EQ(mine.sync(inbox, one.key).adds.size(), 1U);
    EXPECT_EQ(mine.sync(inbox, two.key).status, 3);
}

TEST_F(EasSync, SendsNoMoreThanTheWindowAndSaysSo) {
    deliver_many(5);
    auto mine = ready();
    const auto inbox = mine.folder(2);
    auto at = mine.sync(inbox, "0");
    std::set<std::string> seen;
    for (const std::size_t expected : {2U, 2U, 1U}) {
        at = mine.sync(inbox, at.key, {window(2)});
        EXPECT_EQ(at.adds.size(), expected);
        EXPECT_EQ(at.more, expected == 2);
        for (const auto& add : at.adds)
            EXPECT_TRUE(seen.insert(add.id).second);
    }
    EXPECT_EQ(seen.size(), 5U);
}

TEST_F(EasSync, SharesTheGlobalWindowAmongTheCollections) {
    deliver_many(3);
    for (int i = 0; i < 3; ++i)
        deliver(anna, testing::mail_text("Sent " + std::to_string(i)), 0, Role::sent);
    auto mine = ready();
    const auto inbox = mine.folder(2), sent = mine.folder(5);
    const auto a = mine.sync(inbox, "0"), b = mine.sync(sent, "0");
    const auto answer = mine.post(
        "Sync",
        Phone::sync_of({mine.collection(inbox, a.key), mine.collection(sent, b.key)}, {window(4)})
    );
    std::size_t items = 0;
    const auto collections =
        testing::all_of(testing::at(answer.root, {as::Collections}), as::Collection);
    ASSERT_EQ(collections.size(), 2U);
    for (const auto* collection : collections)
        items += testing::all_of(testing::at(*collection, {as::Commands}), as::Add).size();
    EXPECT_EQ(items, 4U);
    EXPECT_FALSE(collections[0]->has(as::MoreAvailable));
    EXPECT_TRUE(collections[1]->has(as::MoreAvailable));
}

TEST_F(EasSync, TakesAWindowOfZeroForTheGreatest) {
    deliver_many(3);
    auto mine = ready();
    const auto first = mine.sync(mine.folder(2), "0");
    EXPECT_EQ(mine.sync(mine.folder(2), first.key, {window(0)}).adds.size(), 3U);
}

TEST_F(EasSync, LeavesOutWhatIsOlderThanTheFilter) {
    deliver(anna, testing::mail_text("Old"), now() - 40 * kDay);
    deliver(anna, testing::mail_text("New"), now() - kDay);
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto all = mine.start(inbox, {filter(5)});
    ASSERT_EQ(all.adds.size(), 1U);
    EXPECT_EQ(all.adds[0].data.text_of(em::Subject), "New");
}

TEST_F(EasSync, AWiderOrNarrowerFilterMovesItemsAndKeepsTheKeys) {
    deliver(anna, testing::mail_text("Old"), now() - 10 * kDay);
    deliver(anna, testing::mail_text("New"), now() - 3'600'000'000);
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto narrow = mine.start(inbox, {filter(3)});
    ASSERT_EQ(narrow.adds.size(), 1U);
    const auto wide = mine.sync(inbox, narrow.key, {filter(5)});
    ASSERT_EQ(wide.adds.size(), 1U);
    EXPECT_EQ(wide.adds[0].data.text_of(em::Subject), "Old");
    const auto back = mine.sync(inbox, wide.key, {filter(3)});
    EXPECT_EQ(back.soft_deletes, std::vector{wide.adds[0].id});
    EXPECT_TRUE(back.deletes.empty());
}

TEST_F(EasSync, SoftDeletesWhatTimeMovesOutOfTheFilter) {
    deliver(anna, testing::mail_text("Mail"));
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto all = mine.start(inbox, {filter(1)});
    ASSERT_EQ(all.adds.size(), 1U);
    house.clock->advance(std::chrono::hours(72));
    EXPECT_EQ(mine.sync(inbox, all.key).soft_deletes, std::vector{all.adds[0].id});
}

TEST_F(EasSync, OptionsStayInForceAlthoughThereWasNothingToSay) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto first = mine.sync(inbox, "0");
    EXPECT_EQ(mine.sync(inbox, first.key, {filter(1)}).status, 0);
    deliver(anna, testing::mail_text("Old"), now() - 40 * kDay);
    EXPECT_EQ(mine.sync(inbox, first.key).status, 0);
}

TEST_F(EasSync, ANewOptionsElementReplacesTheOldOneWholly) {
    deliver(anna, testing::mail_text("Old"), now() - 40 * kDay);
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto first = mine.sync(inbox, "0", {filter(1)});
    EXPECT_EQ(mine.sync(inbox, first.key).status, 0);
    EXPECT_EQ(
        mine.sync(inbox, first.key, {el(as::Options, {el(as::Conflict, "1")})}).adds.size(), 1U
    );
}

TEST_F(EasSync, OptionsOfSmsAreNotThoseOfMail) {
    deliver(anna, testing::mail_text("Old"), now() - 40 * kDay);
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto first = mine.sync(inbox, "0");
    const auto sms = el(as::Options, {el(as::Class, "SMS"), el(as::FilterType, "1")});
    EXPECT_EQ(mine.sync(inbox, first.key, {sms, filter(0)}).adds.size(), 1U);
    const auto twice = Phone::sync_of({mine.collection(inbox, first.key, {filter(1), filter(2)})});
    EXPECT_EQ(mine.post("Sync", twice).at({as::Status}), "4");
}

TEST_F(EasSync, RefusesFiltersThatDoNotFitTheClass) {
    struct Row {
        int type;
        std::set<int> good;
    };
    const Row rows[] = {
        {2, {0, 1, 2, 3, 4, 5}},
        {8, {0, 4, 5, 6, 7}},
        {7, {0, 8}},
        {9, {0, 1, 2, 3, 4, 5, 6, 7, 8}},
        {10, {0, 1, 2, 3, 4, 5, 6, 7, 8}},
    };
    auto mine = ready();
    auto old = ready(Version::v12_1, "OLD");
    for (const auto& row : rows)
        for (int value = 0; value <= 8; ++value) {
            const auto status = mine.sync(mine.folder(row.type), "0", {filter(value)}).status;
            const bool good = row.good.contains(value);
            EXPECT_EQ(status == 1, good) << row.type << " " << value;
            if (!good)
                EXPECT_EQ(status, row.type == 2 && value == 8 ? 4 : 103);
            if (!good && row.type == 2)
                EXPECT_EQ(old.sync(old.folder(2), "0", {filter(value)}).status, 4);
        }
    EXPECT_EQ(mine.sync(mine.folder(2), "0", {filter(9)}).status, 4);
}

TEST_F(EasSync, EmptyAndPartialRequestsRepeatTheLastOne) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    EXPECT_EQ(mine.post("Sync").at({as::Status}), "13");
    const auto first = mine.sync(inbox, "0");
    EXPECT_EQ(mine.post("Sync").at({as::Status}), "13");
    EXPECT_EQ(mine.sync(inbox, first.key).status, 0);
    EXPECT_TRUE(mine.post("Sync").body.empty());
    deliver(anna, testing::mail_text("Hello"));
    EXPECT_EQ(testing::take_apart(mine.post("Sync")).adds.size(), 1U);
    const auto partial = el(as::Sync, {el(as::Partial), window(10)});
    EXPECT_EQ(testing::take_apart(mine.post("Sync", partial)).adds.size(), 1U);
    EXPECT_EQ(mine.post("Sync", el(as::Sync, {el(as::Partial)})).at({as::Status}), "4");
}

TEST_F(EasSync, AnEmptyRequestIsRememberedAt12_1Too) {
    auto mine = ready(Version::v12_1);
    const auto first = mine.sync(mine.folder(2), "0");
    EXPECT_EQ(mine.sync(mine.folder(2), first.key).status, 0);
    EXPECT_TRUE(mine.post("Sync").body.empty());
}

TEST_F(EasSync, BoundsWaitAndHeartbeat) {
    auto mine = ready();
    const auto first = mine.sync(mine.folder(2), "0");
    const auto ask = [&](wbxml::Tag tag, const char* value) {
        return mine.post(
            "Sync", Phone::sync_of({mine.collection(mine.folder(2), first.key)}, {el(tag, value)})
        );
    };
    const auto status = [&](wbxml::Tag tag, const char* value, const char* limit) {
        const auto answer = ask(tag, value);
        EXPECT_EQ(answer.at({as::Status}), "14") << value;
        EXPECT_EQ(answer.at({as::Limit}), limit) << value;
    };
    status(as::Wait, "0", "1");
    status(as::Wait, "60", "59");
    status(as::HeartbeatInterval, "59", "60");
    status(as::HeartbeatInterval, "3541", "3540");
    EXPECT_EQ(ask(as::Wait, "x").at({as::Status}), "4");
    const auto both = Phone::sync_of(
        {mine.collection(mine.folder(2), first.key)},
        {el(as::Wait, "1"), el(as::HeartbeatInterval, "60")}
    );
    EXPECT_EQ(mine.post("Sync", both).at({as::Status}), "4");
}

TEST_F(EasSync, BoundsTheNumberOfCollections) {
    auto mine = ready();
    std::vector<Node> many;
    for (std::size_t i = 0; i <= limits::kEasCollections; ++i)
        many.push_back(mine.collection(std::to_string(i + 1), "0"));
    const auto answer = mine.post("Sync", Phone::sync_of(std::move(many)));
    EXPECT_EQ(answer.at({as::Status}), "15");
    EXPECT_EQ(answer.at({as::Limit}), std::to_string(limits::kEasCollections));
}

TEST_F(EasSync, WaitsUntilSomethingChanges) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto first = mine.sync(inbox, "0");
    testing::FakeConnection connection;
    auto parked = mine.post_parked(
        "Sync", Phone::sync_of({mine.collection(inbox, first.key)}, {el(as::Wait, "10")}),
        connection
    );
    ASSERT_TRUE(connection.wait_until_parked());
    deliver(anna, testing::mail_text("Hello"));
    EXPECT_EQ(testing::take_apart(parked.get()).adds.size(), 1U);
}

TEST_F(EasSync, WaitsNoLongerThanAsked) {
    auto mine = ready();
    const auto inbox = mine.folder(2);
    const auto first = mine.sync(inbox, "0");
    testing::FakeConnection connection;
    auto parked = mine.post_parked(
        "Sync", Phone::sync_of({mine.collection(inbox, first.key)}, {el(as::Wait, "2")}), connection
    );
    ASSERT_TRUE(connection.wait_until_parked());
    house.clock->advance(std::chrono::minutes(2));
    const auto answer = parked.get();
    EXPECT_EQ(answer.status, 200U);
    EXPECT_TRUE(answer.body.empty());
}

TEST_F(EasSync, W6ShowsAStubForAnItemThatCannotBeShown) {
    // A card that no writer can make sense of any more.
    const auto item =
        put(anna, Role::contacts,
            "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u1\r\nFN:Carl\r\nEND:VCARD\r\n");
    std::function<Result<bool>(store::Txn&)> ruin = [&](store::Txn& txn) -> Result<bool> {
        static constexpr store::Sql kRuin{"UPDATE blob SET bytes = 'x' WHERE account_id = $1"};
        txn.exec(kRuin, anna.id);
        return true;
    };
    ASSERT_TRUE(block_on(house.db->write<bool>(anna.id, std::move(ruin))).has_value());
    auto mine = ready();
    const auto all = mine.start(mine.folder(9));
    ASSERT_EQ(all.adds.size(), 1U);
    EXPECT_EQ(all.adds[0].data.text_of(wbxml::contacts::FileAs), "This item could not be shown");
}

TEST(EasSyncOptions, ComeBackFromTheirPackedForm) {
    CollectionOptions options;
    options.filter = 5;
    options.server_wins = false;
    options.item.mime_support = 2;
    options.item.mime_truncation = 3;
    options.item.body_preferences.push_back(
        {.type = 2, .truncation_size = 500, .all_or_none = true, .preview = 10}
    );
    options.supported = std::set<wbxml::Tag>{wbxml::contacts::FirstName};
    EXPECT_EQ(pack(unpack_options(pack(options))), pack(options));
    EXPECT_EQ(pack(unpack_options("damaged")), pack(CollectionOptions{}));
}

} // namespace lockstep::activesync
