// Claims about the forms of what proves a sender. Hardening S11, S13.
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "codec/proof/dkim.hpp"
#include "codec/proof/dmarc.hpp"
#include "codec/proof/spf.hpp"

namespace lockstep::proof {
namespace {

constexpr std::string_view kLetter =
    "From: Joe <joe@example.com>\r\nTo: a@example.org\r\n"
    "Subject: Is dinner  ready?\r\n\r\nHi.\r\n\r\nWe lost.  \r\n\r\n";

bool verifies(std::string_view message, const PrivateKey& key) {
    const mime::Headers headers(message);
    const auto& first = headers.fields().front();
    const auto field = message.substr(first.offset, first.length);
    const auto signature = read_signature(first.value, false);
    EXPECT_TRUE(signature) << signature.error().text;
    const auto record = read_key_record(key_record(key), signature->kind);
    EXPECT_TRUE(record) << record.error().text;
    return body_matches(message.substr(headers.size()), *signature) &&
           record->key.verify(
               signed_text(signature->kind, signed_header(message, headers, *signature, field)),
               signature->signature
           );
}

TEST(Canonical, BodiesOfTheRfcHaveTheirHashes) {
    // RFC 6376 3.4.3, 3.4.4.
    EXPECT_EQ(
        base64(sha(ShaKind::sha256, canonical_body(Canon::simple, ""))),
        "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY="
    );
    EXPECT_EQ(
        base64(sha(ShaKind::sha256, canonical_body(Canon::relaxed, ""))),
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    );
    EXPECT_EQ(canonical_body(Canon::relaxed, " C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
    EXPECT_EQ(canonical_body(Canon::simple, " C \r\nD \t E\r\n\r\n\r\n"), " C \r\nD \t E\r\n");
    EXPECT_EQ(canonical_field(Canon::relaxed, "A: X\r\n"), "a:X\r\n");
    EXPECT_EQ(canonical_field(Canon::relaxed, "B : Y\t\r\n\tZ  \r\n"), "b:Y Z\r\n");
}

class DkimKeys : public testing::TestWithParam<KeyKind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, DkimKeys, testing::Values(KeyKind::rsa, KeyKind::ed25519));

TEST_P(DkimKeys, OwnSignatureVerifiesAndBreaksWithEveryChange) {
    auto key = PrivateKey::make(GetParam());
    ASSERT_TRUE(key);
    const SigningKey signing{"example.com", "s1", *key};
    const auto field = write_signature(signing, {.now = 1'700'000'000}, kLetter);
    ASSERT_TRUE(field);
    const auto message = *field + std::string(kLetter);
    EXPECT_TRUE(verifies(message, *key));
    EXPECT_TRUE(verifies(replace_all(message, "dinner  ready", "dinner ready"), *key));
    EXPECT_FALSE(verifies(replace_all(message, "dinner", "supper"), *key));
    EXPECT_FALSE(verifies(replace_all(message, "We lost", "We won"), *key));
    // Oversigned: a second From or Subject breaks it (S11).
    EXPECT_FALSE(verifies(replace_all(message, "To: a", "From: b@x.example\r\nTo: a"), *key));
    EXPECT_FALSE(verifies(replace_all(message, "To: a", "Reply-To: b@x.example\r\nTo: a"), *key));
}

TEST_P(DkimKeys, KeyComesBackFromItsText) {
    auto key = PrivateKey::make(GetParam());
    ASSERT_TRUE(key);
    const auto again = PrivateKey::from_pem(key->pem());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->public_bytes(), key->public_bytes());
    EXPECT_EQ(again->kind(), GetParam());
    const auto signature = again->sign("text");
    const auto open = PublicKey::read(GetParam(), key->public_bytes());
    ASSERT_TRUE(signature && open);
    EXPECT_TRUE(open->verify("text", *signature));
    EXPECT_FALSE(open->verify("texu", *signature));
}

TEST(Dkim, HostileSignaturesAreRefused) {
    const std::string good = "v=1; a=rsa-sha256; d=example.com; s=x; h=from:to; bh=YQ==; b=YQ==";
    EXPECT_TRUE(read_signature(good, false));
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"rsa-sha256", "rsa-sha1"},
             {"h=from:to", "h=to"},
             {"v=1", "v=2"},
             {"d=example.com", "d=com"},
             {"d=example.com", "d=exa mple.com"},
             {"b=YQ==", "b="},
             {"s=x;", "s=x; s=y;"},
             {"s=x;", "s=x; i=@example.org;"},
             {"s=x;", "s=x; l=-1;"},
         })
        EXPECT_FALSE(read_signature(replace_all(good, from, to), false)) << from << " " << to;
    EXPECT_FALSE(read_key_record("v=DKIM1; p=", KeyKind::rsa));
    EXPECT_FALSE(read_key_record("v=DKIM1; k=ed25519; p=YQ==", KeyKind::ed25519));
}

TEST(Spf, TermsAreReadStrictly) {
    const auto record = read_spf_record(
        "v=spf1 ip4:192.0.2.0/24 a:mail.example.org/28//64 mx -include:x.example ~all"
    );
    ASSERT_TRUE(record);
    ASSERT_EQ(record->terms.size(), 5U);
    EXPECT_EQ(record->terms[1].prefix4, 28);
    EXPECT_EQ(record->terms[1].prefix6, 64);
    EXPECT_EQ(record->terms[3].qualifier, '-');
    for (const auto* text :
         {"v=spf1 ip4:192.0.2.256", "v=spf1 a:", "v=spf1 all:x", "v=spf1 include",
          "v=spf1 ip4:1.2.3.4/33", "v=spf1 a/01", "v=spf1 moo",
          "v=spf1 redirect=", "v=spf1 redirect=a.b redirect=a.b", "v=spf1 exists:%{z}",
          "v=spf1 exists:%x", "v=spf1 exists:%{d0}"})
        EXPECT_FALSE(read_spf_record(text)) << text;
    EXPECT_FALSE(is_spf_record("v=spf10 all"));
    EXPECT_TRUE(is_spf_record("v=spf1"));
}

TEST(Spf, MacrosOfTheRfcExpand) {
    // RFC 7208 7.4.
    const SpfMacros macros{
        "strong-bad@email.example.com", "email.example.com", "192.0.2.3", "mx.example.org"
    };
    const auto is = [&](std::string_view spec, std::string_view wanted) {
        const auto got = expand_spf(spec, macros);
        EXPECT_TRUE(got && *got == wanted) << spec << " gives " << got.value_or("an error");
    };
    is("%{s}", "strong-bad@email.example.com");
    is("%{o}", "email.example.com");
    is("%{d4}", "email.example.com");
    is("%{d2}", "example.com");
    is("%{dr}", "com.example.email");
    is("%{d2r}", "example.email");
    is("%{l-}", "strong.bad");
    is("%{lr-}", "bad.strong");
    is("%{l1r-}", "strong");
    is("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com");
    is("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com");
    EXPECT_TRUE(is_in_network("192.0.2.77", "192.0.2.64", 26));
    EXPECT_FALSE(is_in_network("192.0.2.129", "192.0.2.0", 25));
    EXPECT_FALSE(is_in_network("::1", "0.0.0.1", 0));
    EXPECT_TRUE(is_in_network("2001:db8::1", "2001:db8::", 32));
}

TEST(Dmarc, RecordsAndResults) {
    EXPECT_TRUE(is_dmarc_record("v=DMARC1; p=none"));
    EXPECT_FALSE(is_dmarc_record("v=DMARC12; p=none"));
    const auto record = read_dmarc_record("v=DMARC1; p=reject; sp=quarantine; adkim=s; pct=50");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->policy, DmarcPolicy::reject);
    EXPECT_EQ(record->below, DmarcPolicy::quarantine);
    EXPECT_TRUE(record->strict_dkim);
    EXPECT_FALSE(record->strict_spf);
    EXPECT_FALSE(read_dmarc_record("v=DMARC1; p=perhaps"));
    EXPECT_FALSE(read_dmarc_record("v=DMARC1; sp=none"));
    EXPECT_EQ(
        write_results("mx.example", {{"spf", "pass", "", {{"smtp.mailfrom", "a\"b@x.example"}}}}),
        "mx.example;\r\n\tspf=pass smtp.mailfrom=\"a\\\"b@x.example\""
    );
    EXPECT_EQ(server_of_results(" Mail.Example.org (comment) 1; spf=pass"), "mail.example.org");
}

} // namespace
} // namespace lockstep::proof
