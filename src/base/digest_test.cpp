// Known answers of FIPS 180-4 for "abc".
#include "base/digest.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace lockstep {
namespace {

TEST(Sha, AnswersAsTheStandardSays) {
    EXPECT_EQ(hex(sha(ShaKind::sha1, "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(
        hex(sha(ShaKind::sha256, "abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    EXPECT_EQ(sha(ShaKind::sha512, "abc").size(), 64U);
    EXPECT_EQ(hex(sha(ShaKind::sha512, "abc")).substr(0, 16), "ddaf35a193617aba");
}

} // namespace
} // namespace lockstep
