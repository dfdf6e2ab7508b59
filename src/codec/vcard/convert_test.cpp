// Claims about cards changing their version.
#include "codec/vcard/convert.hpp"

#include <gtest/gtest.h>

namespace lockstep::vcard {
namespace {

const std::string kThree = "BEGIN:VCARD\r\nVERSION:3.0\r\n"
                           "N:van Berg;Anna;;;\r\nFN:Anna van Berg\r\nSORT-STRING:Berg\r\n"
                           "EMAIL;TYPE=INTERNET,pref:anna@example.org\r\n"
                           "BDAY:1985-04-12\r\nX-ANNIVERSARY:2010-06-01\r\n"
                           "X-ADDRESSBOOKSERVER-KIND:group\r\n"
                           "PHOTO;ENCODING=b;TYPE=PNG:AAECAw==\r\nX-OTHER:kept\r\nEND:VCARD\r\n";

std::string converted(const std::string& bytes, Version target) {
    const auto result = convert(bytes, target);
    EXPECT_TRUE(result);
    return result.value_or("");
}

TEST(CardConvert, SaysThreeInTheWordsOfFour) {
    EXPECT_EQ(
        converted(kThree, Version::v4_0),
        "BEGIN:VCARD\r\nVERSION:4.0\r\n"
        "N;SORT-AS=Berg:van Berg;Anna;;;\r\nFN:Anna van Berg\r\n"
        "EMAIL;TYPE=INTERNET;PREF=1:anna@example.org\r\n"
        "BDAY:19850412\r\nKIND:group\r\n"
        "PHOTO:data:image/png;base64,AAECAw==\r\nX-OTHER:kept\r\nANNIVERSARY:20100601\r\n"
        "END:VCARD\r\n"
    );
}

TEST(CardConvert, ComesBackWithTheSameMeaning) {
    const auto back = parse(converted(converted(kThree, Version::v4_0), Version::v3_0));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->text_of("SORT-STRING"), "Berg");
    EXPECT_EQ(back->text_of("BDAY"), "1985-04-12");
    EXPECT_EQ(back->text_of("X-ABDATE"), "2010-06-01"); // Apple's clients know no other
    EXPECT_EQ(back->label_of(*back->find("X-ABDATE")), "_$!<Anniversary>!$_");
    EXPECT_TRUE(back->find("EMAIL")->has_type("pref"));
    EXPECT_EQ(back->find("PHOTO")->parameter("TYPE"), "PNG");
    EXPECT_EQ(back->find("PHOTO")->value(), "AAECAw==");
}

TEST(CardConvert, KeepsTheBytesWhenThereIsNothingToDo) {
    EXPECT_EQ(converted(kThree, Version::v3_0), kThree);
}

TEST(CardConvert, SaysRelationsInTheWordsOfEachVersion) {
    const std::string four = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nN:x;;;;\r\n"
                             "RELATED;TYPE=spouse;VALUE=text:Ben\r\n"
                             "RELATED;TYPE=friend:urn:uuid:1\r\nEND:VCARD\r\n";
    const auto three = converted(four, Version::v3_0);
    EXPECT_EQ(
        three, "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nN:x;;;;\r\nRELATED;TYPE=friend:urn:uuid:1\r\n"
               "item1.X-ABLABEL:_$!<Spouse>!$_\r\nitem1.X-ABRELATEDNAMES:Ben\r\nEND:VCARD\r\n"
    );
    EXPECT_EQ(
        converted(three, Version::v4_0),
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nN:x;;;;\r\nRELATED;TYPE=friend:urn:uuid:1\r\n"
        "RELATED;TYPE=spouse;VALUE=text:Ben\r\nEND:VCARD\r\n"
    );
    const std::string daughter =
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nitem1.X-ABRELATEDNAMES:Mia\r\n"
        "item1.X-ABLabel:_$!<Daughter>!$_\r\nEND:VCARD\r\n";
    EXPECT_NE(converted(daughter, Version::v4_0).find("Daughter"), std::string::npos);
}

TEST(CardConvert, GivesThreeTheNameItRequires) {
    const auto three =
        converted("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Team\r\nEND:VCARD\r\n", Version::v3_0);
    EXPECT_NE(three.find("\r\nN:Team;;;;\r\n"), std::string::npos);
}

TEST(CardPhoto, ReadsBothForms) {
    const auto three = parse(kThree);
    ASSERT_TRUE(three);
    EXPECT_EQ(photo_of(*three).media_type, "image/png");
    EXPECT_EQ(photo_of(*three).bytes, std::string("\x00\x01\x02\x03", 4));
    const auto four =
        parse("BEGIN:VCARD\nVERSION:4.0\nPHOTO:data:image/jpeg\\;base64\\,AAEC\nEND:VCARD");
    ASSERT_TRUE(four);
    EXPECT_EQ(photo_of(*four).bytes, std::string("\x00\x01\x02", 3));
}

TEST(CardPhoto, X9IgnoresLinksAndBrokenBase64) {
    for (const auto* value :
         {"PHOTO;VALUE=uri:http://tracker.example/x.jpg", "PHOTO:data:,x", "PHOTO;ENCODING=b:!!!!",
          "PHOTO;ENCODING=b:A"}) {
        const auto card = parse("BEGIN:VCARD\nVERSION:3.0\n" + std::string(value) + "\nEND:VCARD");
        ASSERT_TRUE(card);
        EXPECT_TRUE(photo_of(*card).bytes.empty()) << value;
    }
}

TEST(CardPhoto, ReplacesAndRemoves) {
    auto card = *parse(kThree);
    set_photo(card, {"image/jpeg", "abc"});
    EXPECT_EQ(photo_of(card).bytes, "abc");
    EXPECT_EQ(card.find("PHOTO")->parameter("TYPE"), "JPEG");
    set_photo(card, {});
    EXPECT_EQ(card.find("PHOTO"), nullptr);
}

} // namespace
} // namespace lockstep::vcard
