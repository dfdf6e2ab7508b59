// Claims about entries of the address list.
#include <gtest/gtest.h>

#include "codec/eas/contacts.hpp"
#include "codec/eas/options.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {
namespace {

namespace gal = wbxml::gal;
using wbxml::Node;
using wbxml::Version;

std::string gal_card(const std::string& properties) {
    return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + properties + "END:VCARD\r\n";
}

Node gal_entry(std::string_view stored, GalPicture& picture, Version version = Version::v14_1) {
    wbxml::Writer out(version);
    out.open(wbxml::search::Properties);
    ItemOptions options;
    options.version = version;
    EXPECT_TRUE(write_gal_entry(out, stored, options, picture));
    out.close();
    auto node = wbxml::parse(out.finish().value_or(""));
    EXPECT_TRUE(node);
    return node ? *std::move(node) : Node{};
}

TEST(GalEntry, CarriesTheAddressListsElements) {
    GalPicture picture;
    const auto node = gal_entry(
        gal_card(
            "N:Berg;Anna;;;\r\nFN:Anna Berg\r\nEMAIL:anna@example.org\r\nTEL;TYPE=WORK:1\r\n"
            "TEL;TYPE=CELL:2\r\nTEL;TYPE=HOME:3\r\nTITLE:Boss\r\nORG:Example\r\nX-EAS-OFFICE:5."
            "1\r\n"
        ),
        picture
    );

    EXPECT_EQ(node.text_of(gal::DisplayName), "Anna Berg");
    EXPECT_EQ(node.text_of(gal::Phone), "1");
    EXPECT_EQ(node.text_of(gal::Office), "5.1");
    EXPECT_EQ(node.text_of(gal::Title), "Boss");
    EXPECT_EQ(node.text_of(gal::Company), "Example");
    EXPECT_EQ(node.text_of(gal::Alias), "anna");
    EXPECT_EQ(node.text_of(gal::FirstName), "Anna");
    EXPECT_EQ(node.text_of(gal::LastName), "Berg");
    EXPECT_EQ(node.text_of(gal::HomePhone), "3");
    EXPECT_EQ(node.text_of(gal::MobilePhone), "2");
    EXPECT_EQ(node.text_of(gal::EmailAddress), "anna@example.org");
    EXPECT_FALSE(node.has(gal::Picture));
}

TEST(GalEntry, SaysWhyAPhotoIsMissing) {

    const auto with_photo = gal_card("FN:x\r\nPHOTO;ENCODING=b;TYPE=JPEG:AAEC\r\n");
    const auto status = [](const Node& node) {
        const auto* picture = node.find(gal::Picture);
        return picture == nullptr ? std::string() : std::string(picture->text_of(gal::Status));
    };
    GalPicture picture{true, 100, 1};
    EXPECT_EQ(status(gal_entry(with_photo, picture)), "1");
    EXPECT_EQ(status(gal_entry(with_photo, picture)), "175");
    EXPECT_EQ(status(gal_entry(gal_card("FN:x\r\n"), picture)), "173");
    GalPicture small{true, 2, 10};
    EXPECT_EQ(status(gal_entry(with_photo, small)), "174");
    EXPECT_EQ(status(gal_entry(with_photo, picture, Version::v12_1)), "");
}

TEST(CachedRecipient, CarriesAddressNameAndRankFromFourteenOn) {
    const auto entry = [](Version version, std::string_view name) {
        wbxml::Writer out(version);
        out.open(wbxml::air_sync::ApplicationData);
        write_cached_recipient(out, "anna@example.org", name, 2'147'483'647);
        out.close();
        return wbxml::parse(out.finish().value_or("")).value_or(Node{});
    };
    const auto node = entry(Version::v14_0, "Anna Berg");
    EXPECT_EQ(node.children.size(), 3U);
    EXPECT_EQ(node.text_of(wbxml::contacts::Email1Address), "anna@example.org");
    EXPECT_EQ(node.text_of(wbxml::contacts::FileAs), "Anna Berg");
    EXPECT_EQ(node.text_of(wbxml::contacts::WeightedRank), "2147483647");
    EXPECT_EQ(entry(Version::v16_1, "").text_of(wbxml::contacts::FileAs), "anna@example.org");
    EXPECT_TRUE(entry(Version::v12_1, "Anna Berg").children.empty());
}

} // namespace
} // namespace lockstep::eas
