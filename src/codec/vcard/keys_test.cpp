// Certificates in cards of both versions.
#include "codec/vcard/keys.hpp"

#include <gtest/gtest.h>

namespace lockstep::vcard {

TEST(CardKeys, ReadsCertificatesOfBothVersionsAndNothingElse) {
    const auto of = [](const std::string& line) {
        const auto card =
            parse("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\n" + line + "\r\nEND:VCARD\r\n");
        EXPECT_TRUE(card.has_value());
        return certificates_of(*card);
    };
    EXPECT_EQ(of("KEY:data:application/pkix-cert;base64,YWJj"), std::vector<std::string>{"abc"});
    EXPECT_EQ(of("KEY;TYPE=X509;ENCODING=b:YWJj"), std::vector<std::string>{"abc"});
    EXPECT_TRUE(of("KEY:https://example.net/key.asc").empty());
    EXPECT_TRUE(of("KEY:data:application/pgp-keys;base64,YWJj").empty());
    EXPECT_TRUE(of("KEY:data:application/pkix-cert;base64,***").empty());
}

} // namespace lockstep::vcard
