// The directory: names, aliases, members, and who may sign in.
#include <gtest/gtest.h>

#include "directory/directory.hpp"
#include "store/collections.hpp"

namespace lockstep::directory {
namespace {

Secret<std::string> secret(std::string text) { return Secret<std::string>(std::move(text)); }

class DirectoryTest : public testing::Test {
protected:
    DirectoryTest() {
        EXPECT_TRUE(block_on(people.open()));
        EXPECT_TRUE(block_on(people.add_domain("example.org")));
        anna = add("anna@example.org");
    }
    ~DirectoryTest() override {
        workers.close();
        db.engine().close();
    }
    Account add(std::string address, AccountKind kind = AccountKind::person) {
        NewAccount wanted;
        wanted.address = std::move(address);
        wanted.kind = kind;
        if (kind == AccountKind::person)
            wanted.password = secret("correct horse");
        auto account = block_on(people.add_account(std::move(wanted)));
        EXPECT_TRUE(account.has_value()) << (account ? "" : account.error().text);
        return account ? *account : Account{};
    }
    Code add_fails(std::string address) {
        NewAccount wanted;
        wanted.address = std::move(address);
        const auto account = block_on(people.add_account(std::move(wanted)));
        EXPECT_FALSE(account.has_value());
        return account ? Code::internal : account.error().code;
    }
    Result<Account> sign_in(
        std::string login, std::string password = "correct horse", Door door = Door::activesync,
        std::string peer = "192.0.2.1"
    ) {
        return block_on(
            people.sign_in(std::move(login), secret(std::move(password)), door, std::move(peer))
        );
    }
    Code refused(
        std::string login, std::string password = "correct horse", Door door = Door::activesync,
        std::string peer = "192.0.2.1"
    ) {
        const auto account = sign_in(std::move(login), std::move(password), door, std::move(peer));
        EXPECT_FALSE(account.has_value());
        return account ? Code::internal : account.error().code;
    }
    std::size_t collections(AccountId id) {
        std::function<Result<std::size_t>(store::Snapshot&)> work = [id](store::Snapshot& snapshot
                                                                    ) {
            return Result<std::size_t>(store::list_collections(snapshot, id).size());
        };
        return *block_on(db.read<std::size_t>(id, std::move(work)));
    }

    std::unique_ptr<ManualClock> clock = manual_clock(1'795'500'000'000'000);
    Workers workers{2};
    store::Database db{*store::open_sqlite({.shards = 2})};
    Directory people{db, *clock, workers, {}};
    Account anna;
};

} // namespace

TEST_F(DirectoryTest, MakesAnAccountWithItsFolders) {
    EXPECT_EQ(anna.address, "anna@example.org");
    EXPECT_EQ(anna.name, "anna");
    EXPECT_TRUE(anna.enabled);
    EXPECT_EQ(collections(anna.id), 11U);
    EXPECT_EQ(collections(add("team@example.org", AccountKind::group).id), 1U);
    EXPECT_EQ(block_on(people.accounts())->size(), 2U);
}

TEST_F(DirectoryTest, FindsNamesWithoutRegardToCase) {
    EXPECT_EQ(block_on(people.find("ANNA@Example.ORG"))->id, anna.id);
    EXPECT_EQ(add_fails("Anna@EXAMPLE.org"), Code::exists);
}

TEST_F(DirectoryTest, RefusesWhatIsNoAddress) {
    for (const auto* address :
         {"", "anna", "@example.org", "anna@", "a b@example.org", "a\n@example.org",
          "a@b@example.org"})
        EXPECT_EQ(add_fails(address), Code::bad_value) << address;
    EXPECT_EQ(add_fails("anna@elsewhere.example"), Code::not_found);
}

TEST_F(DirectoryTest, RefusesADomainTwiceAndKeepsOneThatIsUsed) {
    EXPECT_EQ(block_on(people.add_domain("EXAMPLE.org")).error().code, Code::exists);
    EXPECT_EQ(block_on(people.add_domain("not a domain")).error().code, Code::bad_value);
    EXPECT_EQ(block_on(people.remove_domain("example.org")).error().code, Code::conflict);
    ASSERT_TRUE(block_on(people.add_domain("second.example")));
    EXPECT_TRUE(*block_on(people.is_local_domain("Second.Example")));
    ASSERT_TRUE(block_on(people.remove_domain("second.example")));
    EXPECT_FALSE(*block_on(people.is_local_domain("second.example")));
    EXPECT_EQ(block_on(people.remove_domain("second.example")).error().code, Code::not_found);
}

TEST_F(DirectoryTest, AnAliasLeadsToItsAccountUntilItIsRemoved) {
    ASSERT_TRUE(block_on(people.add_alias(anna.id, "A@example.org")));
    EXPECT_EQ(*block_on(people.recipient("a@example.org")), anna.id);
    EXPECT_EQ(block_on(people.addresses(anna.id))->size(), 2U);
    EXPECT_EQ(add_fails("a@example.org"), Code::exists);
    EXPECT_EQ(block_on(people.add_alias(anna.id, "a@example.org")).error().code, Code::exists);
    EXPECT_EQ(
        block_on(people.add_alias(anna.id, "a@elsewhere.example")).error().code, Code::not_found
    );
    EXPECT_EQ(
        block_on(people.remove_alias(anna.id, "anna@example.org")).error().code, Code::bad_value
    );
    ASSERT_TRUE(block_on(people.remove_alias(anna.id, "a@example.org")));
    EXPECT_EQ(block_on(people.recipient("a@example.org")).error().code, Code::not_found);
    EXPECT_EQ(
        block_on(people.remove_alias(anna.id, "a@example.org")).error().code, Code::not_found
    );
}

TEST_F(DirectoryTest, ASubAddressLeadsToItsFirstPart) {
    EXPECT_EQ(*block_on(people.recipient("anna+lists@example.org")), anna.id);
    EXPECT_FALSE(block_on(people.recipient("+anna@example.org")));
    EXPECT_FALSE(block_on(people.recipient("bert+anna@example.org")));
    const auto plus = add("anna+own@example.org");
    EXPECT_EQ(*block_on(people.recipient("anna+own@example.org")), plus.id);
}

TEST_F(DirectoryTest, ADisabledAccountTakesNoMailAndSignsNobodyIn) {
    ASSERT_TRUE(block_on(people.set_enabled(anna.id, false)));
    EXPECT_FALSE(block_on(people.recipient("anna@example.org")));
    EXPECT_EQ(refused("anna@example.org"), Code::unauthorized);
    ASSERT_TRUE(block_on(people.set_enabled(anna.id, true)));
    EXPECT_TRUE(sign_in("anna@example.org"));
}

TEST_F(DirectoryTest, RemovesAnAccountWithEverythingOfIts) {
    const auto team = add("team@example.org", AccountKind::group);
    ASSERT_TRUE(block_on(people.add_member(team.id, anna.id, model::Right::read)));
    ASSERT_TRUE(block_on(people.remove_account(anna.id)));
    EXPECT_EQ(block_on(people.find(anna.id)).error().code, Code::not_found);
    EXPECT_EQ(block_on(people.find("anna@example.org")).error().code, Code::not_found);
    EXPECT_EQ(collections(anna.id), 0U);
    EXPECT_TRUE(block_on(people.members(team.id))->empty());
    EXPECT_EQ(refused("anna@example.org"), Code::unauthorized);
    EXPECT_NE(add("anna@example.org").id, anna.id);
}

TEST_F(DirectoryTest, MembersSeeTheirGroupsAtOnceAndNoLongerThanTheyAreMembers) {
    const auto team = add("team@example.org", AccountKind::group);
    EXPECT_TRUE(block_on(people.visible_owners(anna.id))->empty());
    ASSERT_TRUE(block_on(people.add_member(team.id, anna.id, model::Right::read)));
    const auto visible = *block_on(people.visible_owners(anna.id));
    ASSERT_EQ(visible.size(), 1U);
    EXPECT_EQ(visible[0].owner, team.id);
    EXPECT_EQ(visible[0].right, model::Right::read);
    ASSERT_TRUE(block_on(people.add_member(team.id, anna.id, model::Right::edit)));
    EXPECT_EQ(block_on(people.visible_owners(anna.id))->at(0).right, model::Right::edit);
    ASSERT_TRUE(block_on(people.remove_member(team.id, anna.id)));
    EXPECT_TRUE(block_on(people.visible_owners(anna.id))->empty());
    EXPECT_EQ(block_on(people.remove_member(team.id, anna.id)).error().code, Code::not_found);
}

TEST_F(DirectoryTest, OnlyPeopleAreMembersAndOnlyOfGroups) {
    const auto bert = add("bert@example.org");
    const auto team = add("team@example.org", AccountKind::group);
    EXPECT_EQ(
        block_on(people.add_member(anna.id, bert.id, model::Right::read)).error().code,
        Code::bad_value
    );
    EXPECT_EQ(
        block_on(people.add_member(team.id, team.id, model::Right::read)).error().code,
        Code::bad_value
    );
}

TEST_F(DirectoryTest, SignsInByAddressNameAndWindowsName) {
    for (const auto* login :
         {"anna@example.org", "ANNA@EXAMPLE.ORG", "anna", "example.org\\anna", "EXAMPLE\\anna",
          "EXAMPLE\\anna@example.org", "whatever\\anna", "\\anna"}) {
        const auto account = sign_in(login);
        ASSERT_TRUE(account.has_value()) << login;
        EXPECT_EQ(account->id, anna.id);
    }
    for (const auto* login : {"", "@", "\\", "anna@elsewhere.example", "nobody"})
        EXPECT_EQ(refused(login), Code::unauthorized) << login;
}

TEST_F(DirectoryTest, TheDomainOfAWindowsNameChoosesAmongSeveral) {
    ASSERT_TRUE(block_on(people.add_domain("second.example")));
    const auto other = add("anna@second.example");
    EXPECT_EQ(sign_in("SECOND\\anna")->id, other.id);
    EXPECT_EQ(sign_in("example.org\\anna")->id, anna.id);
    EXPECT_EQ(refused("anna"), Code::unauthorized);
}

TEST_F(DirectoryTest, A2UnknownWrongAndDisabledAreOneAnswer) {
    const auto bert = add("bert@example.org");
    ASSERT_TRUE(block_on(people.set_enabled(bert.id, false)));
    const auto unknown = sign_in("nobody@example.org");
    const auto wrong = sign_in("anna@example.org", "wrong");
    const auto disabled = sign_in("bert@example.org");
    for (const auto* each : {&unknown, &wrong, &disabled}) {
        ASSERT_FALSE(each->has_value());
        EXPECT_EQ(each->error().code, Code::unauthorized);
        EXPECT_EQ(each->error().text, unknown.error().text);
    }
}

TEST_F(DirectoryTest, GroupsAndAccountsWithoutPasswordDoNotSignIn) {
    add("team@example.org", AccountKind::group);
    EXPECT_EQ(refused("team@example.org", ""), Code::unauthorized);
    NewAccount bare;
    bare.address = "bare@example.org";
    ASSERT_TRUE(block_on(people.add_account(std::move(bare))));
    EXPECT_EQ(refused("bare@example.org", ""), Code::unauthorized);
}

TEST_F(DirectoryTest, A4ANewPasswordEndsTheOldOneAtOnce) {
    ASSERT_TRUE(sign_in("anna@example.org"));
    ASSERT_TRUE(block_on(people.set_password(anna.id, secret("battery staple"))));
    EXPECT_EQ(refused("anna@example.org"), Code::unauthorized);
    EXPECT_TRUE(sign_in("anna@example.org", "battery staple"));
    EXPECT_EQ(block_on(people.set_password(anna.id, secret(""))).error().code, Code::bad_value);
}

TEST_F(DirectoryTest, A4ADoorThatIsSwitchedOffIsShutAtOnce) {
    ASSERT_TRUE(sign_in("anna@example.org"));
    ASSERT_TRUE(block_on(people.set_doors(anna.id, static_cast<std::int64_t>(Door::imap))));
    EXPECT_EQ(refused("anna@example.org"), Code::forbidden);
    EXPECT_TRUE(sign_in("anna@example.org", "correct horse", Door::imap));
    // Whoever does not know the password does not learn of it.
    EXPECT_EQ(refused("anna@example.org", "wrong"), Code::unauthorized);
}

TEST_F(DirectoryTest, AnAppPasswordOpensItsDoorsUntilItIsRemoved) {
    const auto made = block_on(
        people.add_app_password(anna.id, "Phone", static_cast<std::int64_t>(Door::activesync))
    );
    ASSERT_TRUE(made.has_value());
    const auto text = made->reveal();
    EXPECT_GE(text.size(), 32U);
    EXPECT_TRUE(sign_in("anna@example.org", text));
    EXPECT_EQ(refused("anna@example.org", text, Door::imap), Code::unauthorized);
    EXPECT_TRUE(sign_in("anna@example.org"));
    const auto bert = add("bert@example.org");
    EXPECT_EQ(refused("bert@example.org", text), Code::unauthorized);
    const auto all = *block_on(people.app_passwords(anna.id));
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].name, "Phone");
    ASSERT_TRUE(block_on(people.remove_app_password(anna.id, all[0].id)));
    EXPECT_EQ(refused("anna@example.org", text), Code::unauthorized);
    EXPECT_EQ(
        block_on(people.remove_app_password(anna.id, all[0].id)).error().code, Code::not_found
    );
}

TEST_F(DirectoryTest, AnAppPasswordHasANameAndADoor) {
    EXPECT_EQ(block_on(people.add_app_password(anna.id, "", 1)).error().code, Code::bad_value);
    EXPECT_EQ(block_on(people.add_app_password(anna.id, "x", 0)).error().code, Code::bad_value);
    EXPECT_EQ(block_on(people.add_app_password(anna.id, "x", 1024)).error().code, Code::bad_value);
    EXPECT_EQ(
        block_on(people.add_app_password(AccountId{999}, "x", 1)).error().code, Code::not_found
    );
}

TEST_F(DirectoryTest, A1GuessesAreThrottledAndTimeHeals) {
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(refused("anna@example.org", "guess " + std::to_string(i)), Code::unauthorized);
    EXPECT_EQ(refused("anna@example.org", "guess"), Code::throttled);
    EXPECT_EQ(refused("anna@example.org"), Code::throttled);
    // From elsewhere the owner gets in, and an unknown name is throttled no otherwise.
    EXPECT_TRUE(sign_in("anna@example.org", "correct horse", Door::activesync, "198.51.100.9"));
    clock->advance(std::chrono::seconds(600));
    EXPECT_TRUE(sign_in("anna@example.org"));
}

TEST_F(DirectoryTest, A1WhatIsVerifiedAlreadyIsNotThrottled) {
    ASSERT_TRUE(sign_in("anna@example.org"));
    for (int i = 0; i < 12; ++i)
        (void)sign_in("anna@example.org", "guess");
    EXPECT_TRUE(sign_in("anna@example.org"));
}

TEST_F(DirectoryTest, A1SuccessesNeverCount) {
    for (int i = 0; i < 30; ++i)
        ASSERT_TRUE(sign_in("anna@example.org")) << i;
}

TEST(Limiter, CountsByPrefixAndByUser) {
    const auto clock = manual_clock(0);
    Limiter limiter(*clock, {.per_user_and_prefix = 2, .per_prefix = 4, .per_user = 5});
    for (const auto* user : {"a", "a", "b", "c"}) {
        EXPECT_TRUE(limiter.allows("x", "192.0.2.1"));
        limiter.failed(user, "192.0.2.1");
    }
    EXPECT_FALSE(limiter.allows("x", "192.0.2.1"));
    EXPECT_TRUE(limiter.allows("x", "192.0.2.2"));
    EXPECT_FALSE(limiter.allows("a", "192.0.2.1"));
    for (const auto* peer : {"198.51.100.1", "198.51.100.2", "198.51.100.3"})
        limiter.failed("a", peer);
    EXPECT_FALSE(limiter.allows("a", "203.0.113.1"));
    clock->advance(std::chrono::seconds(600));
    EXPECT_TRUE(limiter.allows("a", "192.0.2.1"));
}

TEST(Limiter, TakesANetworkOfSixForOnePeer) {
    EXPECT_EQ(address_prefix("2001:db8::1"), address_prefix("2001:db8::ffff:1"));
    EXPECT_NE(address_prefix("2001:db8::1"), address_prefix("2001:db8:0:1::1"));
    EXPECT_EQ(address_prefix("[2001:db8::1]:443"), address_prefix("2001:db8::1"));
    EXPECT_EQ(address_prefix("192.0.2.1:443"), address_prefix("192.0.2.1"));
}

TEST(CredentialCache, ForgetsAfterItsTimeAndTellsSecretsApart) {
    const auto clock = manual_clock(0);
    CredentialCache cache(*clock);
    cache.add("anna", 1, secret("a"), AccountId{1}, 7);
    ASSERT_TRUE(cache.find("anna", 1, secret("a")));
    EXPECT_EQ(cache.find("anna", 1, secret("a"))->generation, 7);
    EXPECT_FALSE(cache.find("anna", 1, secret("b")));
    EXPECT_FALSE(cache.find("anna", 2, secret("a")));
    EXPECT_FALSE(cache.find("bert", 1, secret("a")));
    clock->advance(std::chrono::hours(24));
    EXPECT_FALSE(cache.find("anna", 1, secret("a")));
}

TEST(DirectoryAtOpen, FinishesACreationThatWasInterrupted) {
    const auto clock = manual_clock(0);
    Workers workers(1);
    store::Database db(*store::open_sqlite({.shards = 1}));
    {
        Directory first(db, *clock, workers, {});
        ASSERT_TRUE(block_on(first.open()));
        ASSERT_TRUE(block_on(first.add_domain("example.org")));
        ASSERT_TRUE(block_on(first.add_account({.address = "anna@example.org"})));
    }
    std::function<Result<bool>(store::Txn&)> undo = [](store::Txn& txn) -> Result<bool> {
        static constexpr store::Sql kUnmake{"UPDATE account SET status = 0"};
        txn.exec(kUnmake);
        return true;
    };
    ASSERT_TRUE(block_on(db.write_control<bool>(std::move(undo))).has_value());
    Directory second(db, *clock, workers, {});
    ASSERT_TRUE(block_on(second.open()));
    const auto anna = block_on(second.find("anna@example.org"));
    ASSERT_TRUE(anna.has_value());
    EXPECT_TRUE(anna->enabled);
    workers.close();
    db.engine().close();
}

} // namespace lockstep::directory
