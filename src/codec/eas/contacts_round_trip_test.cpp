// Claims about every element of the class at once: through the card and back, in all versions.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/eas/contacts.hpp"
#include "codec/eas/contacts_fields.hpp"
#include "codec/eas/options.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {
namespace {

namespace contacts = wbxml::contacts;
using wbxml::Node;
using wbxml::Version;

Node shown_contact(std::string_view card, Version version) {
    wbxml::Writer out(version);
    out.open(wbxml::air_sync::ApplicationData);
    ItemOptions options;
    options.version = version;
    EXPECT_TRUE(write_contact(out, card, options));
    out.close();
    auto node = wbxml::parse(out.finish().value_or(""));
    EXPECT_TRUE(node);
    return node ? *std::move(node) : Node{};
}

std::string taken_contact(std::string_view stored, const Node& node) {
    auto result = merge_contact(stored, node, Version::v16_1);
    EXPECT_TRUE(result) << (result ? "" : result.error().text);
    return result.value_or("");
}

/// Everything the class can say, one value each.
Node everything_said() {
    Node node{wbxml::air_sync::ApplicationData, {}, false, {}};
    int number = 0;
    for (const auto& field : contact_fields()) {
        auto text = "Value \xC3\xBC, " + std::to_string(++number) + "; end";
        if (field.form == CardForm::email)
            text = "mail" + std::to_string(number) + "@example.org";
        if (field.form == CardForm::phone)
            text = "+49 30 " + std::to_string(number);
        if (field.form == CardForm::date)
            text = "1985-04-12T00:00:00.000Z";
        if (field.form == CardForm::street)
            text = "Hauptstr. 5, Hof 2\nAufgang B";
        node.children.push_back({field.tag, text, false, {}});
    }
    Node categories{contacts::Categories, {}, false, {}};
    categories.children = {
        {contacts::Category, "Friends, old", false, {}}, {contacts::Category, "VIP", false, {}}
    };
    Node children{contacts::Children, {}, false, {}};
    children.children = {{contacts::Child, "Max", false, {}}, {contacts::Child, "Mia", false, {}}};
    node.children.push_back(categories);
    node.children.push_back(children);
    node.children.push_back({contacts::Picture, base64("\xFF\xD8\xFF picture"), false, {}});
    return node;
}

class ContactRoundTrip : public testing::TestWithParam<std::pair<Version, const char*>> {};

TEST_P(ContactRoundTrip, CarriesEveryElementThroughTheCard) {
    const auto [version, card_version] = GetParam();
    const auto sent = everything_said();
    const std::string empty =
        "BEGIN:VCARD\r\nVERSION:" + std::string(card_version) + "\r\nFN:x\r\nEND:VCARD\r\n";
    const auto stored = taken_contact(empty, sent);
    const auto back = shown_contact(stored, version);
    for (const auto& element : sent.children) {
        const auto* found = back.find(element.tag);
        ASSERT_NE(found, nullptr) << wbxml::name_of(element.tag) << "\n" << stored;
        EXPECT_EQ(found->text, element.text) << wbxml::name_of(element.tag);
        EXPECT_EQ(found->children, element.children) << wbxml::name_of(element.tag);
    }
    for (const auto& element : back.children)
        EXPECT_TRUE(
            sent.has(element.tag) || element.tag.page == wbxml::air_sync_base::kPage ||
            element.tag == contacts::Body
        ) << wbxml::name_of(element.tag);
    EXPECT_EQ(taken_contact(stored, back), stored) << "what we sent, sent back, is a change";
}

INSTANTIATE_TEST_SUITE_P(
    Versions, ContactRoundTrip,
    testing::Values(
        std::pair{Version::v2_5, "3.0"}, std::pair{Version::v12_1, "3.0"},
        std::pair{Version::v14_1, "4.0"}, std::pair{Version::v16_1, "3.0"},
        std::pair{Version::v16_1, "4.0"}
    )
);

} // namespace
} // namespace lockstep::eas
