// Claims about the index of a card.
#include "codec/vcard/index.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace lockstep::vcard {
namespace {

CardIndex index_of(const std::string& properties) {
    const auto index = index_card("BEGIN:VCARD\r\nVERSION:4.0\r\n" + properties + "END:VCARD\r\n");
    EXPECT_TRUE(index);
    return index ? *index : CardIndex{};
}

TEST(CardIndex, TakesIdentityNamesAndAddresses) {
    const auto index = index_of(
        "UID:urn:uuid:1\r\nFN:Dr. Anna Berg\r\nN:Berg;Anna;M.;Dr.;\r\nORG:Example GmbH;Sales\r\n"
        "EMAIL:Second@Example.org\r\nEMAIL;PREF=1:mailto:ANNA@example.org\r\n"
        "EMAIL:anna@example.org\r\nTEL;VALUE=uri:tel:+49-30-1\r\n"
    );
    EXPECT_EQ(index.uid, "urn:uuid:1");
    EXPECT_EQ(index.display_name, "Dr. Anna Berg");
    EXPECT_EQ(index.sort_name, "Berg, Anna M.");
    EXPECT_EQ(index.emails, (std::vector<std::string>{"anna@example.org", "second@example.org"}));
    EXPECT_EQ(index.phones, std::vector<std::string>{"+49-30-1"});
    EXPECT_EQ(index.organization, "Example GmbH");
    EXPECT_FALSE(index.is_group);
}

TEST(CardIndex, NamesACardWithoutFormattedName) {
    EXPECT_EQ(index_of("N:Berg;Anna;;Dr.;MBA\r\n").display_name, "Dr. Anna Berg MBA");
    EXPECT_EQ(index_of("ORG:Example GmbH;Sales\r\n").display_name, "Example GmbH");
    EXPECT_EQ(index_of("EMAIL:x@example.org\r\n").display_name, "x@example.org");
    EXPECT_EQ(index_of("EMAIL:x@example.org\r\n").sort_name, "x@example.org");
}

TEST(CardIndex, PrefersTheSortKeyOfTheCard) {
    EXPECT_EQ(index_of("N;SORT-AS=\"Aaa,Bbb\":Berg;Anna;;;\r\n").sort_name, "Aaa,Bbb");
    EXPECT_EQ(index_of("N:van Berg;Anna;;;\r\nSORT-STRING:Berg\r\n").sort_name, "Berg");
}

TEST(CardIndex, SeesGroupsOfBothVersions) {
    EXPECT_TRUE(index_of("KIND:group\r\nFN:Team\r\n").is_group);
    EXPECT_TRUE(index_of("X-ADDRESSBOOKSERVER-KIND:group\r\nFN:Team\r\n").is_group);
}

TEST(CardIndex, BoundsTheAddressesItKeeps) {
    std::string many;
    for (int i = 0; i < 500; ++i)
        many += "EMAIL:a" + std::to_string(i) + "@example.org\r\n";
    EXPECT_EQ(index_of(many).emails.size(), limits::kCardIndexValues);
}

} // namespace
} // namespace lockstep::vcard
