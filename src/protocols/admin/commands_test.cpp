// Administration commands on a directory in memory: what they change, what they list, and what they
// refuse.
#include <gtest/gtest.h>

#include "base/workers.hpp"
#include "protocols/admin/commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {

namespace {

class AdminCommands : public testing::Test {
protected:
    AdminCommands()
        : clock_(manual_clock(1'764'000'000'000'000)), workers_(1), database_(open_in_memory()),
          directory_(database_, *clock_, workers_, {"example.org", {}}),
          commands_(directory_, lend()) {
        const auto opened = block_on(directory_.open());
        EXPECT_TRUE(opened) << (opened ? "" : opened.error().text);
    }
    ~AdminCommands() override { database_.engine().close(); }

    static std::unique_ptr<store::Engine> open_in_memory() {
        store::SqliteOptions options;
        options.shards = 2;
        return *store::open_sqlite(options);
    }

    Lent lend() {
        Lent lent;
        lent.devices = [this](model::AccountId account) { return devices(account); };
        lent.remove_device = [this](model::AccountId, std::string device) {
            return forget(std::move(device));
        };
        lent.advance_clock = [this](std::chrono::nanoseconds by) -> Result<> {
            clock_->advance(by);
            return {};
        };
        return lent;
    }

    Task<Result<std::vector<DeviceFacts>>> devices(model::AccountId) {
        std::vector<DeviceFacts> found;
        if (!forgotten_)
            found.push_back(
                {"ABC123", "iPhone", "Apple-iPhone/1", "16.1", "iPhone, iOS", 1, 2'000'000, "Red",
                 "paused", "mail 3"}
            );
        co_return found;
    }
    Task<Result<>> forget(std::string device) {
        forgotten_ = device == "ABC123";
        co_return Result<>();
    }

    Result<Answer>
    ask(std::vector<std::string> command,
        std::map<std::string, std::string, std::less<>> args = {}) {
        return block_on(commands_.execute({std::move(command), std::move(args)}));
    }
    std::string text(
        std::vector<std::string> command, std::map<std::string, std::string, std::less<>> args = {}
    ) {
        const auto answer = ask(std::move(command), std::move(args));
        return answer ? answer->text : "error: " + answer.error().text;
    }
    void add_people() {
        ASSERT_TRUE(ask({"domain", "add"}, {{"name", "example.org"}}));
        for (const auto* address : {"anna@example.org", "ben@example.org"}) {
            const auto added =
                ask({"account", "add"}, {{"address", address}, {"password", "correct horse"}});
            ASSERT_TRUE(added) << added.error().text;
        }
    }

    std::unique_ptr<ManualClock> clock_;
    Workers workers_;
    store::Database database_;
    directory::Directory directory_;
    bool forgotten_ = false;
    Commands commands_;
};

} // namespace

TEST_F(AdminCommands, DomainsAreAddedListedAndRemoved) {
    EXPECT_EQ(
        text({"domain", "add"}, {{"name", "Example.ORG"}}),
        "The domain example.org is served here now."
    );
    EXPECT_EQ(ask({"domain", "add"}, {{"name", "example.org"}}).error().code, Code::exists);
    EXPECT_EQ(to_json(*ask({"domain", "list"})), "[{\"name\":\"example.org\"}]\n");
    EXPECT_TRUE(ask({"domain", "remove"}, {{"name", "example.org"}}));
    EXPECT_EQ(to_json(*ask({"domain", "list"})), "[]\n");
    EXPECT_EQ(ask({"domain", "add"}, {{"name", "no domain"}}).error().code, Code::bad_value);
}

TEST_F(AdminCommands, ADomainWithAccountsStays) {
    add_people();
    EXPECT_EQ(ask({"domain", "remove"}, {{"name", "example.org"}}).error().code, Code::conflict);
}

TEST_F(AdminCommands, AccountsSignInWithTheirPasswordAndItsSuccessor) {
    add_people();
    const auto sign_in = [&](const char* password) {
        return block_on(directory_.sign_in(
                            "anna@example.org", Secret<std::string>(std::string(password)),
                            directory::Door::activesync, "127.0.0.1"
                        ))
            .has_value();
    };
    EXPECT_TRUE(sign_in("correct horse"));
    EXPECT_TRUE(ask(
        {"account", "password"}, {{"address", "anna@example.org"}, {"password", "battery staple"}}
    ));
    EXPECT_FALSE(sign_in("correct horse"));
    EXPECT_TRUE(sign_in("battery staple"));
    EXPECT_TRUE(
        ask({"account", "disable"}, {{"address", "anna@example.org"}, {"protocol", "activesync"}})
    );
    EXPECT_FALSE(sign_in("battery staple"));
    EXPECT_EQ(
        ask({"account", "add"}, {{"address", "carl@example.org"}}).error().code, Code::bad_value
    ) << "no password";
}

TEST_F(AdminCommands, AccountSettingsAreListed) {
    add_people();
    EXPECT_EQ(
        text({"account", "quota"}, {{"address", "anna@example.org"}, {"size", "2G"}}),
        "anna@example.org may hold 2147483648 bytes."
    );
    EXPECT_EQ(
        text({"account", "disable"}, {{"address", "anna@example.org"}, {"protocol", "imap,web"}}),
        "anna@example.org may use: activesync,dav,smtp."
    );
    const auto listed = ask({"account", "list"});
    ASSERT_TRUE(listed);
    ASSERT_EQ(listed->rows.size(), 2U);
    EXPECT_EQ(
        listed->rows[0], (std::vector<Cell>{
                             "anna@example.org", "anna", "person", "en", std::int64_t{2} << 30,
                             "activesync,dav,smtp", true
                         })
    );
    EXPECT_EQ(
        text({"account", "quota"}, {{"address", "anna@example.org"}, {"size", "much"}}),
        "error: 'much' is not a size such as 300M or 5G"
    );
    EXPECT_EQ(
        text({"account", "enable"}, {{"address", "anna@example.org"}, {"protocol", "pop"}}),
        "error: 'pop' is none of: activesync, imap, web, dav, smtp"
    );
    EXPECT_EQ(
        ask({"account", "remove"}, {{"address", "nobody@example.org"}}).error().code,
        Code::not_found
    );
    EXPECT_EQ(text({"account", "remove"}, {}), "error: the argument address is missing");
}

TEST_F(AdminCommands, AppPasswordsAreShownOnceAndRemovedByName) {
    add_people();
    const auto made =
        ask({"account", "app-password", "add"},
            {{"address", "anna@example.org"}, {"name", "phone"}, {"scope", "activesync"}});
    ASSERT_TRUE(made) << made.error().text;
    const auto password = std::get<std::string>(made->rows.at(0).at(1));
    EXPECT_GE(password.size(), 22U) << "128 bits in base64";
    const auto listed = ask({"account", "app-password", "list"}, {{"address", "anna@example.org"}});
    EXPECT_EQ(to_json(*listed).find(password), std::string::npos);
    EXPECT_TRUE(ask(
        {"account", "app-password", "remove"}, {{"address", "anna@example.org"}, {"name", "phone"}}
    ));
    EXPECT_EQ(
        ask({"account", "app-password", "remove"},
            {{"address", "anna@example.org"}, {"name", "phone"}})
            .error()
            .code,
        Code::not_found
    );
}

TEST_F(AdminCommands, AliasesLeadToTheAccount) {
    add_people();
    EXPECT_TRUE(
        ask({"account", "alias", "add"},
            {{"address", "anna@example.org"}, {"alias", "info@example.org"}})
    );
    EXPECT_TRUE(block_on(directory_.recipient("info@example.org")));
    EXPECT_EQ(
        ask({"account", "alias", "list"}, {{"address", "anna@example.org"}})->rows.size(), 2U
    );
    EXPECT_TRUE(
        ask({"account", "alias", "remove"},
            {{"address", "anna@example.org"}, {"alias", "info@example.org"}})
    );
    EXPECT_FALSE(block_on(directory_.recipient("info@example.org")));
}

TEST_F(AdminCommands, GroupsHaveMembers) {
    add_people();
    EXPECT_EQ(
        text({"group", "add"}, {{"group", "team@example.org"}, {"name", "The team"}}),
        "The group team@example.org is ready."
    );
    EXPECT_TRUE(ask(
        {"group", "member", "add"}, {{"group", "team@example.org"}, {"member", "anna@example.org"}}
    ));
    EXPECT_TRUE(
        ask({"group", "member", "add"},
            {{"group", "team@example.org"}, {"member", "ben@example.org"}, {"right", "read"}})
    );
    EXPECT_EQ(
        to_json(*ask({"group", "list"})),
        "[{\"address\":\"team@example.org\",\"name\":\"The team\",\"members\":2}]\n"
    );
    EXPECT_TRUE(
        ask({"group", "member", "remove"},
            {{"group", "team@example.org"}, {"member", "anna@example.org"}})
    );
    const auto members = ask({"group", "member", "list"}, {{"group", "team@example.org"}});
    ASSERT_EQ(members->rows.size(), 1U);
    EXPECT_EQ(members->rows[0], (std::vector<Cell>{"ben@example.org", "ben", "read"}));
    EXPECT_EQ(
        text({"group", "remove"}, {{"group", "anna@example.org"}}),
        "error: anna@example.org is not a group"
    );
    EXPECT_EQ(
        text({"account", "remove"}, {{"address", "team@example.org"}}),
        "error: team@example.org is a group, not an account"
    );
    EXPECT_TRUE(ask({"group", "remove"}, {{"group", "team@example.org"}}));
}

TEST_F(AdminCommands, DevicesAreListedShownAndForgotten) {
    add_people();
    EXPECT_EQ(ask({"device", "list"})->rows.size(), 2U);
    const auto listed = ask({"device", "list"}, {{"address", "anna@example.org"}});
    EXPECT_EQ(
        listed->rows.at(0),
        (std::vector<Cell>{
            "anna@example.org", "ABC123", "Red", "iPhone", "16.1", "paused", "1970-01-01 00:00:02"
        })
    );
    EXPECT_TRUE(ask({"device", "show"}, {{"address", "anna@example.org"}, {"device", "ABC123"}}));
    EXPECT_EQ(
        ask({"device", "show"}, {{"address", "anna@example.org"}, {"device", "X"}}).error().code,
        Code::not_found
    );
    EXPECT_TRUE(ask({"device", "remove"}, {{"address", "anna@example.org"}, {"device", "ABC123"}}));
    EXPECT_TRUE(ask({"device", "list"})->rows.empty());
}

TEST_F(AdminCommands, TheClockMovesOnlyForward) {
    const auto before = clock_->steady();
    EXPECT_TRUE(ask({"clock", "advance"}, {{"duration", "59m"}}));
    EXPECT_EQ(clock_->steady() - before, std::chrono::minutes(59));
    EXPECT_EQ(ask({"clock", "advance"}, {{"duration", "-1"}}).error().code, Code::bad_value);
    EXPECT_EQ(
        ask({"clock", "advance"}, {{"duration", "99999999999999d"}}).error().code, Code::bad_value
    );
}

TEST_F(AdminCommands, WhatIsUnknownOrNotLentIsRefused) {
    EXPECT_EQ(ask({"format", "disk"}).error().code, Code::unsupported);
    EXPECT_EQ(ask({"verify"}).error().code, Code::unsupported);
    EXPECT_EQ(ask({"restored"}).error().code, Code::unsupported);
}

} // namespace lockstep::admin
