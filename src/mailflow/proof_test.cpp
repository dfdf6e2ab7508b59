// Claims about SPF, DKIM and DMARC against a small DNS. Hardening S11, S13.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "mailflow/proof.hpp"
#include "mailflow/rspamd.hpp"
#include "mailflow/zone_test_support.hpp"

namespace lockstep::mailflow {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

class SpfCheckTest : public testing::Test {
protected:
    Proven ask(const std::string& address, const std::string& sender = "joe@example.com") {
        const auto answer = block_on(check_spf(zone, {address, sender, "mail.example.com"}));
        return answer.result;
    }
    TestZone zone;
};

TEST_F(SpfCheckTest, EveryMechanismMatches) {
    zone.txt(
        "example.com", "v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/32 a:w.example.com mx "
                       "include:partner.example exists:%{ir}.%{l}.list.example ptr ~all"
    );
    zone.address("w.example.com", "198.51.100.7");
    zone.mx("example.com", "mx.example.com");
    zone.address("mx.example.com", "198.51.100.8");
    zone.txt("partner.example", "v=spf1 ip4:203.0.113.9 -all");
    zone.address("5.2.0.203.joe.list.example", "127.0.0.2");
    zone.ptr("77.113.0.203.in-addr.arpa", "x.example.com");
    zone.address("x.example.com", "203.0.113.77");
    for (const auto* good :
         {"192.0.2.15", "2001:db8::5", "198.51.100.7", "198.51.100.8", "203.0.113.9", "203.0.2.5",
          "203.0.113.77"})
        EXPECT_EQ(ask(good), Proven::pass) << good;
    EXPECT_EQ(ask("192.0.2.16"), Proven::softfail);
}

TEST_F(SpfCheckTest, ResultsOfTheRfc) {
    EXPECT_EQ(ask("192.0.2.1"), Proven::none);
    zone.txt("example.com", "something else");
    EXPECT_EQ(ask("192.0.2.1"), Proven::none);
    zone.txt("example.com", "v=spf1 -all");
    EXPECT_EQ(ask("192.0.2.1"), Proven::fail);
    zone.txt("example.com", "v=spf1 +all");
    EXPECT_EQ(ask("192.0.2.1"), Proven::permerror) << "two records";
    zone.txt("open.example", "v=spf1 ?all");
    EXPECT_EQ(ask("192.0.2.1", "a@open.example"), Proven::neutral);
    zone.txt("wrong.example", "v=spf1 moo -all");
    EXPECT_EQ(ask("192.0.2.1", "a@wrong.example"), Proven::permerror);
    zone.txt("away.example", "v=spf1 redirect=open.example");
    EXPECT_EQ(ask("192.0.2.1", "a@away.example"), Proven::neutral);
    zone.txt("lost.example", "v=spf1 redirect=nobody.example");
    EXPECT_EQ(ask("192.0.2.1", "a@lost.example"), Proven::permerror);
    zone.failing = "down.example";
    EXPECT_EQ(ask("192.0.2.1", "a@down.example"), Proven::temperror);
    zone.txt("mail.example.com", "v=spf1 ip4:192.0.2.1 -all");
    EXPECT_EQ(ask("192.0.2.1", ""), Proven::pass) << "<>: the name in EHLO";
}

TEST_F(SpfCheckTest, LookupsAreLimitedS13) {
    zone.txt("loop.example", "v=spf1 include:loop.example -all");
    EXPECT_EQ(ask("192.0.2.1", "a@loop.example"), Proven::permerror);
    EXPECT_LE(zone.questions, 12);
    zone.txt("void.example", "v=spf1 a:1.void.example a:2.void.example a:3.void.example +all");
    EXPECT_EQ(ask("192.0.2.1", "a@void.example"), Proven::permerror);
    std::string many = "v=spf1";
    for (int i = 0; i < 11; ++i) {
        const auto host = "h" + std::to_string(i) + ".many.example";
        zone.address(host, "198.51.100.1");
        many += " a:" + host;
    }
    zone.txt("many.example", many + " +all");
    EXPECT_EQ(ask("192.0.2.1", "a@many.example"), Proven::permerror);
}

class DkimCheckTest : public testing::Test {
protected:
    std::string signed_by(KeyKind kind, const std::string& domain, const std::string& text) {
        auto key = PrivateKey::make(kind);
        zone.txt("s1._domainkey." + domain, proof::key_record(*key));
        const proof::SigningKey signing{domain, "s1", *key};
        return *proof::write_signature(signing, {.now = kNow}, text) + text;
    }
    std::vector<DkimAnswer> check(std::string message) {
        return block_on(
            check_dkim(zone, std::make_shared<const std::string>(std::move(message)), kNow)
        );
    }
    TestZone zone;
    const std::string text = "From: joe@example.com\r\nSubject: Hi\r\n\r\nHello\r\n";
};

TEST_F(DkimCheckTest, BothKindsPassAndChangesFail) {
    for (const auto kind : {KeyKind::rsa, KeyKind::ed25519}) {
        TestZone fresh;
        std::swap(zone, fresh);
        const auto message = signed_by(kind, "example.com", text);
        ASSERT_EQ(check(message).size(), 1U);
        EXPECT_EQ(check(message)[0].result, Proven::pass);
        EXPECT_EQ(check(replace_all(message, "Hello", "Hullo"))[0].result, Proven::fail);
        EXPECT_EQ(check("From: eve@x.example\r\n" + message)[0].result, Proven::fail) << "S11";
        EXPECT_EQ(check("Received: x\r\n" + message)[0].result, Proven::pass);
    }
}

TEST_F(DkimCheckTest, MissingKeysAndDeadServersAreTold) {
    const auto message = signed_by(KeyKind::ed25519, "example.com", text);
    EXPECT_EQ(check(replace_all(message, "s=s1", "s=s2"))[0].result, Proven::permerror);
    zone.failing = "s1._domainkey.example.com";
    EXPECT_EQ(check(message)[0].result, Proven::temperror);
}

TEST_F(DkimCheckTest, ManySignaturesCostNoMoreThanEightS13) {
    std::string message = text;
    for (int i = 0; i < 1'000; ++i)
        message =
            "DKIM-Signature: v=1; a=rsa-sha256; d=x.example; s=a; h=from; bh=YQ==; b=YQ==\r\n" +
            message;
    EXPECT_EQ(check(message).size(), 8U);
}

TEST(Rspamd, OnlyItsActionCounts) {
    EXPECT_EQ(
        read_rspamd_answer(R"({"score":9.1,"action":"add header","symbols":{}})").value_or(""),
        "add header"
    );
    EXPECT_FALSE(read_rspamd_answer("[]"));
    EXPECT_FALSE(read_rspamd_answer(R"({"action":7})"));
    EXPECT_TRUE(is_spam_action("reject"));
    EXPECT_FALSE(is_spam_action("greylist"));
}

TEST(DmarcCheck, AlignmentAndPolicy) {
    TestZone zone;
    zone.txt("_dmarc.example.com", "v=DMARC1; p=reject; sp=quarantine; aspf=s");
    const auto ask = [&](const std::string& from, SpfAnswer spf, std::vector<DkimAnswer> dkim) {
        return block_on(check_dmarc(zone, {from}, std::move(spf), std::move(dkim)));
    };
    EXPECT_EQ(ask("example.com", {Proven::pass, "example.com", ""}, {}).result, Proven::pass);
    EXPECT_EQ(ask("example.com", {Proven::pass, "m.example.com", ""}, {}).result, Proven::fail);
    EXPECT_EQ(
        ask("example.com", {}, {{Proven::pass, "m.example.com", "", ""}}).result, Proven::pass
    );
    EXPECT_EQ(ask("example.com", {}, {{Proven::pass, "x.example", "", ""}}).result, Proven::fail);
    const auto below = ask("a.b.example.com", {Proven::fail, "x.example", ""}, {});
    EXPECT_EQ(below.result, Proven::fail);
    EXPECT_EQ(below.policy, proof::DmarcPolicy::quarantine);
    EXPECT_EQ(ask("other.example", {}, {}).result, Proven::none);
    zone.failing = "_dmarc.dead.example";
    EXPECT_EQ(ask("dead.example", {}, {}).result, Proven::temperror);
    EXPECT_EQ(organisation_of("a.b.example.co.uk"), "example.co.uk");
}

TEST(DmarcCheck, MoreThanOneAuthorNeverPassesS11) {
    TestZone zone;
    for (const auto* text :
         {"From: a@example.com, b@x.example\r\n\r\n",
          "From: a@example.com\r\nFrom: b@x.example\r\n\r\n", "Subject: x\r\n\r\n",
          "From: nobody\r\n\r\n"}) {
        const auto answer =
            block_on(check_dmarc(zone, from_domains(text), {Proven::pass, "example.com", ""}, {}));
        EXPECT_EQ(answer.result, Proven::permerror) << text;
    }
}

TEST_F(DkimCheckTest, OurArcSetsMakeAChainThatBreaksWithChanges) {
    auto key = PrivateKey::make(KeyKind::rsa);
    ASSERT_TRUE(key);
    zone.txt("a1._domainkey.relay.example", proof::key_record(*key));
    const proof::SigningKey signing{"relay.example", "a1", *key};
    const auto check_chain = [&](std::string message) {
        return block_on(
            check_arc(zone, std::make_shared<const std::string>(std::move(message)), kNow)
        );
    };
    EXPECT_EQ(check_chain(text).result, Proven::none);
    auto once = seal_arc(signing, kNow, text, "mx.relay.example; spf=pass", false);
    ASSERT_TRUE(once);
    EXPECT_EQ(check_chain(*once).result, Proven::pass);
    auto twice = seal_arc(signing, kNow, *once, "mx2.relay.example; arc=pass", true);
    ASSERT_TRUE(twice);
    const auto answer = check_chain(*twice);
    EXPECT_EQ(answer.result, Proven::pass) << answer.reason;
    EXPECT_EQ(answer.sets, 2U);
    EXPECT_EQ(answer.sealer, "relay.example");
    EXPECT_EQ(check_chain(replace_all(*twice, "spf=pass", "spf=fail")).result, Proven::fail);
    EXPECT_EQ(check_chain(replace_all(*twice, "Hello", "Hullo")).result, Proven::fail);
    EXPECT_EQ(
        check_chain(replace_all(*twice, "ARC-Seal: i=1", "X-Seal: i=1")).result, Proven::fail
    );
}

} // namespace
} // namespace lockstep::mailflow
