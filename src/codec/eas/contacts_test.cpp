// Claims about contacts on the wire: what is written, and what a client's data does to a card.
#include "codec/eas/contacts.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/eas/options.hpp"
#include "codec/vcard/card.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {
namespace {

namespace contacts = wbxml::contacts;
namespace contacts2 = wbxml::contacts2;
using wbxml::Node;
using wbxml::Version;

Node written_contact(std::string_view card, Version version = Version::v16_1) {
    wbxml::Writer out(version);
    out.open(wbxml::air_sync::ApplicationData);
    ItemOptions options;
    options.version = version;
    EXPECT_TRUE(write_contact(out, card, options));
    out.close();
    auto bytes = out.finish();
    EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().text);
    auto node = wbxml::parse(bytes.value_or(""));
    EXPECT_TRUE(node);
    return node ? *std::move(node) : Node{};
}

Node contact_data(std::vector<std::pair<wbxml::Tag, std::string>> elements) {
    Node node{wbxml::air_sync::ApplicationData, {}, false, {}};
    for (auto& [tag, text] : elements)
        node.children.push_back({tag, std::move(text), false, {}});
    return node;
}

std::string merged_contact(
    std::string_view stored, const Node& node, const std::set<wbxml::Tag>* supported = nullptr,
    const ContactContext& context = {}
) {
    auto result = merge_contact(stored, node, Version::v16_1, supported, context);
    EXPECT_TRUE(result) << (result ? "" : result.error().text);
    return result.value_or("");
}

std::string contact_card(const std::string& properties) {
    return "BEGIN:VCARD\r\nVERSION:3.0\r\n" + properties + "END:VCARD\r\n";
}

TEST(ContactWrite, ReadsACardOfApplesClients) {
    const auto node = written_contact(contact_card(
        "N:Berg;Anna;;Dr.;\r\nFN:Dr. Anna Berg\r\nORG:Example GmbH;Sales;North\r\n"
        "item1.EMAIL;type=INTERNET:second@example.org\r\n"
        "EMAIL;type=INTERNET;type=WORK;type=pref:anna@example.org\r\n"
        "TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:+49 170 1\r\n"
        "TEL;type=WORK;type=VOICE:+49 30 2\r\nTEL;type=WORK;type=FAX:+49 30 3\r\n"
        "TEL;type=MAIN:+49 30 4\r\nTEL;type=OTHER;type=VOICE:+49 30 5\r\n"
        "item2.ADR;type=HOME;type=pref:;;Hauptstr. 5\\nHof;Berlin;;10115;Germany\r\n"
        "item2.X-ABADR:de\r\n"
        "item3.X-ABRELATEDNAMES;type=pref:Ben\r\nitem3.X-ABLabel:_$!<Spouse>!$_\r\n"
        "item4.X-ABDATE;type=pref:2010-06-01\r\nitem4.X-ABLabel:_$!<Anniversary>!$_\r\n"
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12\r\nIMPP;X-SERVICE-TYPE=Jabber:xmpp:anna@"
        "example.org\r\n"
    ));
    EXPECT_EQ(node.text_of(contacts::FileAs), "Berg, Anna");
    EXPECT_EQ(node.text_of(contacts::Title), "Dr.");
    EXPECT_EQ(node.text_of(contacts::CompanyName), "Example GmbH");
    EXPECT_EQ(node.text_of(contacts::Department), "Sales, North");
    EXPECT_EQ(node.text_of(contacts::Email1Address), "anna@example.org");
    EXPECT_EQ(node.text_of(contacts::Email2Address), "second@example.org");
    EXPECT_EQ(node.text_of(contacts::MobilePhoneNumber), "+49 170 1");
    EXPECT_EQ(node.text_of(contacts::BusinessPhoneNumber), "+49 30 2");
    EXPECT_EQ(node.text_of(contacts::BusinessFaxNumber), "+49 30 3");
    EXPECT_EQ(node.text_of(contacts2::CompanyMainPhone), "+49 30 4");
    EXPECT_EQ(node.text_of(contacts::HomePhoneNumber), "+49 30 5");
    EXPECT_EQ(node.text_of(contacts::HomeAddressStreet), "Hauptstr. 5\nHof");
    EXPECT_EQ(node.text_of(contacts::HomeAddressPostalCode), "10115");
    EXPECT_EQ(node.text_of(contacts::Spouse), "Ben");
    EXPECT_EQ(node.text_of(contacts::Anniversary), "2010-06-01T00:00:00.000Z");
    EXPECT_EQ(node.text_of(contacts::Birthday), "1604-04-12T00:00:00.000Z");
    EXPECT_EQ(node.text_of(contacts2::IMAddress), "xmpp:anna@example.org");
}

TEST(ContactWrite, SendsNoEmptyElements) {
    const auto node = written_contact(contact_card(
        "N:;;;;\r\nFN:Only Name\r\nTEL;TYPE=CELL: \r\nADR;TYPE=HOME:;;;;;;\r\nCATEGORIES:\r\n"
    ));
    EXPECT_EQ(node.text_of(contacts::FileAs), "Only Name");
    for (const auto& child : node.children)
        EXPECT_TRUE(child.tag == contacts::FileAs || child.tag.page == wbxml::air_sync_base::kPage)
            << wbxml::name_of(child.tag);
}

TEST(ContactWrite, LeavesOutAPictureThatIsTooLargeAndKeepsItStored) {
    const std::string large(40'000, 'x'), fitting(36'864, 'x');
    const auto stored =
        contact_card("FN:x\r\nPHOTO;ENCODING=b;TYPE=JPEG:" + base64(large) + "\r\n");
    EXPECT_FALSE(written_contact(stored).has(contacts::Picture));
    const auto edited = merged_contact(stored, contact_data({{contacts::FirstName, "Anna"}}));
    EXPECT_NE(edited.find(base64(large).substr(0, 40)), std::string::npos);
    const auto small =
        contact_card("FN:x\r\nPHOTO;ENCODING=b;TYPE=JPEG:" + base64(fitting) + "\r\n");
    EXPECT_EQ(written_contact(small).text_of(contacts::Picture), base64(fitting));
}

TEST(ContactMerge, KeepsNothingThatNoAnswerCanHold) {
    const auto card = merged_contact(
        "", contact_data({{contacts::FileAs, "\x01"}, {contacts::LastName, "Be\x02rg"}})
    );
    EXPECT_EQ(card.find('\x01'), std::string::npos);
    EXPECT_EQ(written_contact(card).text_of(contacts::LastName), "Berg");
}

TEST(ContactMerge, MakesACardOfFourWithTheGivenUid) {
    ContactContext context;
    context.new_uid = "urn:uuid:1-2-3";
    context.now = 1'795'521'600;
    const auto stored = merged_contact(
        "", contact_data({{contacts::FirstName, "Anna"}, {contacts::LastName, "Berg"}}), nullptr,
        context
    );
    EXPECT_EQ(
        stored, "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Anna Berg\r\nN:Berg;Anna;;;\r\n"
                "UID:urn:uuid:1-2-3\r\nREV:20261124T120000Z\r\nEND:VCARD\r\n"
    );
}

TEST(ContactMerge, KeepsWhatTheProtocolCannotSay) {
    const auto stored = contact_card(
        "N:Berg;Anna;;;\r\nFN:Anna Berg\r\nUID:u1\r\nX-SOCIALPROFILE;type=x:http://x.example/\r\n"
        "EMAIL:1@x.example\r\nEMAIL:2@x.example\r\nEMAIL:3@x.example\r\nEMAIL:4@x.example\r\n"
        "ROLE:Speaker\r\nKEY;ENCODING=b:AAEC\r\nGEO:1;2\r\n"
    );
    const auto changed = merged_contact(
        stored, contact_data(
                    {{contacts::FirstName, "Anna"},
                     {contacts::LastName, "Berg-Meyer"},
                     {contacts::FileAs, "Berg, Anna"},
                     {contacts::Email1Address, "1@x.example"},
                     {contacts::Email2Address, "2@x.example"},
                     {contacts::Email3Address, "3@x.example"}}
                )
    );
    EXPECT_EQ(
        changed, replace_all(
                     replace_all(stored, "N:Berg;Anna", "N:Berg-Meyer;Anna"), "FN:Anna Berg",
                     "FN:Anna Berg-Meyer"
                 )
    );
}

TEST(ContactMerge, DeletesAbsentElementsWhenNoneAreGhosted) {
    const auto stored =
        contact_card("N:Berg;Anna;;;\r\nFN:Anna Berg\r\nTEL;TYPE=CELL:1\r\nTITLE:Boss\r\nNOTE:n\r\n"
        );
    const auto changed = merged_contact(
        stored, contact_data({{contacts::FirstName, "Anna"}, {contacts::LastName, "Berg"}})
    );
    EXPECT_EQ(changed, contact_card("N:Berg;Anna;;;\r\nFN:Anna Berg\r\nNOTE:n\r\n"));
}

TEST(ContactMerge, DeletesOnlySupportedAbsentElements) {
    const auto stored =
        contact_card("N:Berg;Anna;;;\r\nFN:Anna Berg\r\nTEL;TYPE=CELL:1\r\nTITLE:Boss\r\n");
    const auto change = contact_data({{contacts::FirstName, "Anna"}, {contacts::LastName, "Berg"}});
    const std::set<wbxml::Tag> supported = {
        contacts::FirstName, contacts::LastName, contacts::MobilePhoneNumber
    };
    EXPECT_EQ(
        merged_contact(stored, change, &supported), replace_all(stored, "TEL;TYPE=CELL:1\r\n", "")
    );
    const std::set<wbxml::Tag> none;
    EXPECT_EQ(merged_contact(stored, change, &none), stored);
}

TEST(ContactMerge, TakesAnEmptyElementAsDeletion) {
    const std::set<wbxml::Tag> none;
    const auto stored = contact_card("FN:Anna\r\nTITLE:Boss\r\nCATEGORIES:a,b\r\n");
    Node change = contact_data({{contacts::JobTitle, ""}});
    change.children.push_back({contacts::Categories, {}, false, {}});
    EXPECT_EQ(merged_contact(stored, change, &none), contact_card("FN:Anna\r\n"));
}

TEST(ContactMerge, TakesAnEmptyOrAbsentPictureAsUnchanged) {
    const auto stored = contact_card("FN:Anna\r\nPHOTO;ENCODING=b;TYPE=JPEG:AAEC\r\n");
    const std::set<wbxml::Tag> supported = {contacts::Picture};
    EXPECT_EQ(merged_contact(stored, contact_data({{contacts::Picture, ""}}), &supported), stored);
    EXPECT_EQ(merged_contact(stored, contact_data({}), &supported), stored);
}

TEST(ContactMerge, RefusesPicturesBeyondTheLimitAndBrokenOnes) {
    for (const auto& picture : {std::string(49'156, 'A'), std::string("no base64!")}) {
        const auto result =
            merge_contact("", contact_data({{contacts::Picture, picture}}), Version::v14_1);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, Code::bad_value);
    }
}

TEST(ContactMerge, KeepsBytesWhenTheSameComesBack) {
    const auto stored = contact_card(
        "item1.EMAIL;type=INTERNET:a@x.example\r\nitem1.X-ABLabel:Lab\r\nN:Berg;Anna;;;\r\n"
        "FN:The Boss\r\nADR;TYPE=WORK:PO 1;c/o X;Street 5;Berlin;;1;D\r\nBDAY:19850412\r\n"
        "ORG:Example;Sales;North\r\nCATEGORIES:a\r\nCATEGORIES:b\r\nTEL:1\r\nTEL;TYPE=CELL:2\r\n"
        "TEL;TYPE=CELL:3\r\n"
    );
    EXPECT_EQ(merged_contact(stored, written_contact(stored)), stored);
}

TEST(ContactMerge, FollowsAnAddressToItsPropertyWhenTheFirstIsDeleted) {
    const auto stored = contact_card(
        "FN:x\r\nitem1.EMAIL:a@x.example\r\nitem1.X-ABLabel:First\r\nitem2.EMAIL:b@x.example\r\n"
        "item2.X-ABLabel:Second\r\n"
    );
    EXPECT_EQ(
        merged_contact(stored, contact_data({{contacts::Email1Address, "b@x.example"}})),
        contact_card("FN:x\r\nitem2.EMAIL:b@x.example\r\nitem2.X-ABLabel:Second\r\n")
    );
}

TEST(ContactMerge, ExchangesAddressesWhenTheClientOrdersThemAnew) {
    const auto stored = contact_card("FN:x\r\nEMAIL:a@x.example\r\nEMAIL:b@x.example\r\n");
    EXPECT_EQ(
        merged_contact(
            stored,
            contact_data(
                {{contacts::Email1Address, "b@x.example"}, {contacts::Email2Address, "a@x.example"}}
            )
        ),
        contact_card("FN:x\r\nEMAIL:b@x.example\r\nEMAIL:a@x.example\r\n")
    );
}

TEST(ContactMerge, TakesTheAddressOutOfADisplayForm) {
    const auto stored = contact_card("FN:x\r\nEMAIL:a@x.example\r\n");
    EXPECT_EQ(
        merged_contact(stored, contact_data({{contacts::Email1Address, "\"A, B\" <a@x.example>"}})),
        stored
    );
}

TEST(ContactMerge, RefusesADateThatIsNone) {
    for (const auto* text : {"yesterday", "1985-02-30T00:00:00.000Z"})
        EXPECT_FALSE(merge_contact("", contact_data({{contacts::Birthday, text}}), Version::v16_1));
}

TEST(ContactMerge, KeepsABirthdayWithoutYear) {
    const auto stored = contact_card("FN:x\r\nBDAY:--0412\r\n");
    EXPECT_EQ(written_contact(stored).text_of(contacts::Birthday), "1604-04-12T00:00:00.000Z");
    EXPECT_EQ(merged_contact(stored, written_contact(stored)), stored);
    EXPECT_NE(
        merged_contact("", contact_data({{contacts::Birthday, "1604-04-12T00:00:00.000Z"}}))
            .find("BDAY:--0412"),
        std::string::npos
    );
}

TEST(ContactMerge, KeepsADateItCannotSay) {
    const auto stored = contact_card("FN:x\r\nBDAY;VALUE=text:circa 1800\r\n");
    EXPECT_EQ(merged_contact(stored, written_contact(stored)), stored);
}

TEST(ContactMerge, StoresFileAsOnlyWhenItSaysSomethingNew) {
    const auto plain = merged_contact(
        "", contact_data(
                {{contacts::FirstName, "Anna"},
                 {contacts::LastName, "Berg"},
                 {contacts::FileAs, "Berg, Anna"}}
            )
    );
    EXPECT_EQ(plain.find("FILE-AS"), std::string::npos);
    const auto own = merged_contact(
        plain, contact_data(
                   {{contacts::FirstName, "Anna"},
                    {contacts::LastName, "Berg"},
                    {contacts::FileAs, "The boss"}}
               )
    );
    EXPECT_EQ(written_contact(own).text_of(contacts::FileAs), "The boss");
    EXPECT_EQ(
        merged_contact(
            own, contact_data(
                     {{contacts::FirstName, "Anna"},
                      {contacts::LastName, "Berg"},
                      {contacts::FileAs, "Berg, Anna"}}
                 )
        ),
        plain
    );
}

TEST(ContactMerge, LetsTheDisplayNameFollowTheCompany) {
    const auto first = merged_contact("", contact_data({{contacts::CompanyName, "Old Ltd"}}));
    EXPECT_NE(first.find("FN:Old Ltd"), std::string::npos);
    const auto second = merged_contact(first, contact_data({{contacts::CompanyName, "New Ltd"}}));
    EXPECT_NE(second.find("FN:New Ltd"), std::string::npos);
}

TEST(ContactMerge, RemovesTheLabelOfARemovedRelation) {
    const auto stored =
        contact_card("FN:x\r\nitem1.X-ABRELATEDNAMES:Ben\r\nitem1.X-ABLabel:_$!<Spouse>!$_\r\n");
    EXPECT_EQ(merged_contact(stored, contact_data({})), contact_card("FN:x\r\n"));
}

TEST(ContactMerge, KeepsAChildsPropertyWhenAnotherIsBorn) {
    const auto stored =
        contact_card("FN:x\r\nitem1.X-ABRELATEDNAMES:Mia\r\nitem1.X-ABLabel:_$!<Daughter>!$_\r\n");
    Node change = contact_data({});
    change.children.push_back(
        {contacts::Children,
         {},
         false,
         {{contacts::Child, "Mia", false, {}}, {contacts::Child, "Max", false, {}}}}
    );
    EXPECT_EQ(
        merged_contact(stored, change),
        contact_card("FN:x\r\nitem1.X-ABRELATEDNAMES:Mia\r\nitem1.X-ABLabel:_$!<Daughter>!$_\r\n"
                     "item2.X-ABLABEL:_$!<Child>!$_\r\nitem2.X-ABRELATEDNAMES:Max\r\n")
    );
}

TEST(ContactMerge, ChangesTheNoteOnlyWhenABodyComes) {
    const auto stored = contact_card("FN:x\r\nNOTE:one\\ntwo\r\n");
    EXPECT_EQ(merged_contact(stored, contact_data({})), stored);
    Node change = contact_data({});
    change.children.push_back(
        {wbxml::air_sync_base::Body,
         {},
         false,
         {{wbxml::air_sync_base::Type, "1", false, {}},
          {wbxml::air_sync_base::Data, "one\r\nthree, four", false, {}}}}
    );
    EXPECT_EQ(merged_contact(stored, change), contact_card("FN:x\r\nNOTE:one\\nthree\\, four\r\n"));
}

TEST(ContactMerge, RefusesTooManyLabelsAndHugeElements) {
    Node categories{contacts::Categories, {}, false, {}};
    for (int i = 0; i < 301; ++i)
        categories.children.push_back({contacts::Category, "c", false, {}});
    Node change = contact_data({});
    change.children.push_back(categories);
    EXPECT_FALSE(merge_contact("", change, Version::v16_1));
    EXPECT_FALSE(merge_contact(
        "", contact_data({{contacts::FirstName, std::string(300'000, 'x')}}), Version::v16_1
    ));
}

TEST(ContactMerge, RefusesAStoredCardThatIsNone) {
    const auto result = merge_contact("BEGIN:VCARD\r\n", contact_data({}), Version::v16_1);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::bad_syntax);
}

} // namespace
} // namespace lockstep::eas
