// The Autodiscover door: whom it tells what.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "base/workers.hpp"
#include "codec/autodiscover/discovery.hpp"
#include "protocols/autodiscover/door.hpp"

namespace lockstep::autodiscover {

namespace {

class NoConnection final : public net::Connection {
public:
    const net::Peer& peer() const override { return peer_; }
    const net::TlsFacts* tls() const override { return nullptr; }
    void watch_close(std::function<void(net::Stir)>) override {}
    void unwatch() override {}
    bool stopping() const override { return false; }

private:
    net::Peer peer_{"192.0.2.1", 1, false};
};

class DiscoveryDoor : public testing::Test {
protected:
    DiscoveryDoor()
        : clock_(manual_clock(1'764'000'000'000'000)), workers_(1),
          database_(*store::open_sqlite({})),
          directory_(database_, *clock_, workers_, {"example.org", {}}),
          door_(directory_, [this] { return public_name_; }) {
        EXPECT_TRUE(block_on(directory_.open()));
        EXPECT_TRUE(block_on(directory_.add_domain("example.org")));
        directory::NewAccount anna;
        anna.address = "anna@example.org";
        anna.name = "Anna & Co";
        anna.password = Secret<std::string>(std::string("correct horse"));
        EXPECT_TRUE(block_on(directory_.add_account(std::move(anna))));
    }
    ~DiscoveryDoor() override { database_.engine().close(); }

    std::pair<unsigned, std::string> answer(net::Request& request) {
        NoConnection connection;
        const auto response = block_on(door_.serve(request, connection));
        std::string text;
        for (const auto& piece : response.body)
            text += piece;
        return {response.status, text};
    }
    std::pair<unsigned, std::string> post(
        std::string_view address, std::string_view credentials,
        std::string_view schema = kMobileSync
    ) {
        net::Request request;
        request.method = "POST";
        request.path = "/AutoDiscover/AutoDiscover.xml";
        request.headers.add("Host", "autodiscover.example.org");
        if (!credentials.empty())
            request.headers.add("Authorization", "Basic " + base64(credentials));
        request.body = "<Autodiscover><Request><EMailAddress>" + std::string(address) +
                       "</EMailAddress><AcceptableResponseSchema>" + std::string(schema) +
                       "</AcceptableResponseSchema></Request></Autodiscover>";
        return answer(request);
    }
    std::pair<unsigned, std::string>
    get(std::string query, std::string host = "autodiscover.example.org") {
        net::Request request;
        request.method = "GET";
        request.path = "/autodiscover/autodiscover.json";
        request.query = std::move(query);
        request.headers.add("Host", std::move(host));
        return answer(request);
    }

    std::unique_ptr<ManualClock> clock_;
    Workers workers_;
    store::Database database_;
    directory::Directory directory_;
    std::string public_name_;
    Door door_;
};

} // namespace

TEST_F(DiscoveryDoor, TellsTheOwnerWhereActiveSyncIs) {
    const auto [status, text] = post("Anna@example.org", "anna@example.org:correct horse");
    EXPECT_EQ(status, 200U);
    EXPECT_NE(
        text.find("<Url>https://autodiscover.example.org/Microsoft-Server-ActiveSync</Url>"),
        std::string::npos
    ) << text;
    EXPECT_NE(text.find("Anna &amp; Co"), std::string::npos);
    public_name_ = "mail.example.org:8443";
    EXPECT_NE(
        post("anna@example.org", "anna:correct horse")
            .second.find("<Url>https://mail.example.org:8443/"),
        std::string::npos
    );
}

TEST_F(DiscoveryDoor, W13TellsNothingWithoutThePassword) {
    EXPECT_EQ(post("anna@example.org", "").first, 401U);
    const auto wrong = post("anna@example.org", "anna@example.org:wrong");
    EXPECT_EQ(wrong.first, 401U);
    EXPECT_EQ(post("nobody@example.org", "nobody@example.org:wrong"), wrong);
}

TEST_F(DiscoveryDoor, W13RefusesAnotherAddressInside) {
    const auto [status, text] = post("ben@example.org", "anna@example.org:correct horse");
    EXPECT_EQ(status, 200U);
    EXPECT_EQ(text.find("<Url>"), std::string::npos);
    EXPECT_NE(text.find("<Status>2</Status>"), std::string::npos);
}

TEST_F(DiscoveryDoor, AnswersOtherSchemasAndBrokenQueriesWithTheirCodes) {
    EXPECT_NE(
        post("anna@example.org", "anna:correct horse", "http://example.net/other")
            .second.find("<ErrorCode>601<"),
        std::string::npos
    );
    EXPECT_NE(post("<", "anna:correct horse").second.find("<ErrorCode>600<"), std::string::npos);
}

TEST_F(DiscoveryDoor, JsonAnswersEveryAddressAlike) {
    const auto known = get("Email=anna@example.org&Protocol=activesync&RedirectCount=1");
    EXPECT_EQ(
        known.second,
        R"({"Protocol":"ActiveSync","Url":"https://autodiscover.example.org/Microsoft-Server-ActiveSync"})"
    );
    EXPECT_EQ(get("Email=nobody@example.org&protocol=ActiveSync"), known);
    EXPECT_EQ(get("Email=anna@example.org&Protocol=EWS").first, 400U);
    EXPECT_EQ(get("Email=anna@example.org").first, 400U);
}

TEST_F(DiscoveryDoor, NeverPutsAStrangeHostIntoAnUrl) {
    EXPECT_EQ(get("Protocol=ActiveSync", "x\"/><script>").first, 400U);
    EXPECT_EQ(get("Protocol=ActiveSync", "user@evil.example/").first, 400U);
}

TEST(DiscoveryPaths, AreKnownInAnyCase) {
    EXPECT_TRUE(Door::serves("/autodiscover/autodiscover.xml"));
    EXPECT_TRUE(Door::serves("/Autodiscover/Autodiscover.json"));
    EXPECT_TRUE(Door::serves("/autodiscover/autodiscover.json/v1.0/anna@example.org"));
    EXPECT_FALSE(Door::serves("/autodiscover/autodiscover.xml/x"));
    EXPECT_FALSE(Door::serves("/autodiscover"));
}

} // namespace lockstep::autodiscover
