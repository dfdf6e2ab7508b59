#include "base/crypto.hpp"

#include <unordered_set>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep {

TEST(Crypto, HashesAsBlake2bWith256Bits) {
    // Known answers, computed with Python's hashlib.blake2b(digest_size=32, key=...).
    EXPECT_EQ(
        blake2b256("").hex(), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"
    );
    EXPECT_EQ(
        blake2b256("abc").hex(), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
    );
}

TEST(Crypto, KeyedHashDependsOnKeyAndAcceptsLongKeys) {
    EXPECT_EQ(
        keyed_hash("key", "abc").hex(),
        "0330531d097355a3f72e80d55c1245ccf79f1704431c6e3887938320442c23c0"
    );
    EXPECT_NE(keyed_hash("key", "abc"), keyed_hash("kez", "abc"));
    const std::string long_key(100, 'k');
    EXPECT_EQ(keyed_hash(long_key, "abc"), keyed_hash(blake2b256(long_key).raw(), "abc"));
}

TEST(Crypto, HasherEqualsOneShotForEveryCut) {
    std::string text;
    for (int i = 0; i < 300; ++i)
        text.push_back(static_cast<char>(i));
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        Hasher hasher;
        hasher.update(std::string_view(text).substr(0, cut));
        hasher.update(std::string_view(text).substr(cut));
        ASSERT_EQ(hasher.finish(), blake2b256(text)) << cut;
    }
}

TEST(Crypto, HashReadsOnlyItsOwnForm) {
    const auto hash = blake2b256("x");
    EXPECT_EQ(Hash::from_hex(hash.hex()).value(), hash);
    EXPECT_EQ(Hash::from_raw(hash.raw()).value(), hash);
    EXPECT_FALSE(Hash::from_hex(upper(hash.hex())));
    EXPECT_FALSE(Hash::from_hex(hash.hex().substr(1)));
    EXPECT_FALSE(Hash::from_hex(hash.hex() + "0"));
    EXPECT_FALSE(Hash::from_raw("short"));
    EXPECT_FALSE(Hash{});
    EXPECT_TRUE(hash);
}

TEST(Crypto, RandomBytesDoNotRepeat) {
    std::unordered_set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const auto bytes = random_bytes(16);
        EXPECT_EQ(bytes.size(), 16U);
        EXPECT_TRUE(seen.insert(bytes).second);
    }
    EXPECT_TRUE(random_bytes(0).empty());
}

TEST(Crypto, ConstantTimeEqualIsEquality) {
    EXPECT_TRUE(constant_time_equal("", ""));
    EXPECT_TRUE(constant_time_equal("abc", "abc"));
    EXPECT_FALSE(constant_time_equal("abc", "abd"));
    EXPECT_FALSE(constant_time_equal("abc", "ab"));
}

TEST(Crypto, PasswordVerifierHasTheChosenParametersAndASalt) {
    const auto one = hash_password("correct horse").value();
    const auto two = hash_password("correct horse").value();
    EXPECT_TRUE(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << one;
    EXPECT_NE(one, two);
    EXPECT_TRUE(verify_password(one, "correct horse"));
    EXPECT_FALSE(verify_password(one, "correct horsf"));
    EXPECT_FALSE(verifier_is_outdated(one));
    EXPECT_TRUE(verifier_is_outdated("$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHQ$aGFzaA"));
}

TEST(Crypto, UnknownOrBrokenVerifierNeverMatches) {
    for (const std::string_view broken :
         {"", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"}) {
        EXPECT_FALSE(verify_password(broken, "")) << broken;
        EXPECT_FALSE(verify_password(broken, "password")) << broken;
    }
    EXPECT_FALSE(verify_password(std::string(4096, '$'), "password"));
}

TEST(Crypto, RefusesPasswordsThatOnlyCostTime) {
    const std::string huge(limits::kPasswordBytes + 1, 'p');
    EXPECT_EQ(hash_password(huge).error().code, Code::too_large);
    EXPECT_FALSE(verify_password("", huge));
}

TEST(Secret, PrintsStarsOnly) {
    const Secret<> secret(std::string("hunter2"));
    EXPECT_EQ(fmt::format("{} {}", secret, Secret<int>(7)), "*** ***");
    EXPECT_EQ(secret.reveal(), "hunter2");
}

} // namespace lockstep
