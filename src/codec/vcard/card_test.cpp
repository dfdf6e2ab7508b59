// Claims about reading, editing and writing cards. Cases of hardening X9.
#include "codec/vcard/card.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::vcard {
namespace {

const std::string kApple = "BEGIN:VCARD\r\n"
                           "VERSION:3.0\r\n"
                           "PRODID:-//Apple Inc.//iPhone OS 17.5//EN\r\n"
                           "N:Berg;Anna;Maria,Luise;Dr.;\r\n"
                           "FN:Dr. Anna Berg\r\n"
                           "item1.EMAIL;type=INTERNET;type=pref:anna@example.org\r\n"
                           "item1.X-ABLabel:_$!<Work>!$_\r\n"
                           "NOTE:Likes tea\\, not coffee\\; meets\\nin the\r\n"
                           "  morning \\\\o/\r\n"
                           "X-ABUID:A1B2\\:ABPerson\r\n"
                           "END:VCARD\r\n";

Card card_of(std::string_view bytes) {
    auto card = parse(bytes);
    EXPECT_TRUE(card) << (card ? "" : card.error().text);
    return card ? *std::move(card) : Card{};
}

Code refusal_of(std::string_view bytes) {
    const auto card = parse(bytes);
    return card ? Code::internal : card.error().code;
}

TEST(VCard, WritesUntouchedCardsWithTheirOwnBytes) {
    EXPECT_EQ(serialize(card_of(kApple)), kApple);
}

TEST(VCard, KeepsBytesOfOtherPropertiesWhenOneChanges) {
    auto card = card_of(kApple);
    card.find("FN")->set_text("Anna B.");
    EXPECT_EQ(serialize(card), replace_all(kApple, "FN:Dr. Anna Berg", "FN:Anna B."));
}

TEST(VCard, UnfoldsAndUnescapesText) {
    EXPECT_EQ(card_of(kApple).text_of("NOTE"), "Likes tea, not coffee; meets\nin the morning \\o/");
}

TEST(VCard, KnowsGroupsLabelsTypesAndPreference) {
    const auto card = card_of(kApple);
    const auto* email = card.find("EMAIL");
    ASSERT_NE(email, nullptr);
    EXPECT_EQ(email->group(), "item1");
    EXPECT_TRUE(email->has_type("Internet"));
    EXPECT_FALSE(email->has_type("work"));
    EXPECT_EQ(email->preference(), 1);
    EXPECT_EQ(card.label_of(*email), "_$!<Work>!$_");
    EXPECT_EQ(card.free_group(), "item2");
}

TEST(VCard, ReadsQuotedParametersOfFourWithCaretEscapes) {
    const auto card =
        card_of("BEGIN:VCARD\nVERSION:4.0\nFN:x\n"
                "ADR;TYPE=\"home,dom\";LABEL=\"12 Main St^nParis; \":;;;;;;\n"
                "TEL;VALUE=uri;PREF=3;TYPE=\"voice,home\":tel:+1-555;ext=5\nEND:VCARD\n");
    EXPECT_EQ(card.find("ADR")->parameter("LABEL"), "12 Main St\nParis; ");
    EXPECT_TRUE(card.find("ADR")->has_type("HOME"));
    EXPECT_EQ(card.find("TEL")->preference(), 3);
    EXPECT_EQ(card.find("TEL")->value(), "tel:+1-555;ext=5");
}

TEST(VCard, QuotesAndEscapesParametersWhenItWrites) {
    Property property("ADR", ";;;;;;", {{"LABEL", {"a\n\"b\"; ^c"}}, {"TYPE", {"home", "dom"}}});
    EXPECT_EQ(write_property(property), "ADR;LABEL=\"a^n^'b^'; ^^c\";TYPE=home,dom:;;;;;;\r\n");
    const auto card =
        card_of("BEGIN:VCARD\r\nVERSION:4.0\r\n" + write_property(property) + "END:VCARD");
    EXPECT_EQ(card.find("ADR")->parameter("LABEL"), "a\n\"b\"; ^c");
}

TEST(VCard, FoldsAtSeventyFiveOctetsOnCharacterBoundaries) {
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += "\xF0\x9F\x98\x80\xC3\xBC";
    const auto line = write_property(Property("NOTE", text));
    for (const auto part : split(line, '\n')) {
        EXPECT_LE(part.size(), 76U);
        EXPECT_TRUE(is_utf8(part));
    }
    const auto card = card_of("BEGIN:VCARD\r\nVERSION:4.0\r\n" + line + "END:VCARD\r\n");
    EXPECT_EQ(card.text_of("NOTE"), text);
}

TEST(VCard, NeverLetsAValueStartAnotherLine) {
    const auto line = write_property(Property("NOTE", "a\r\nEND:VCARD"));
    EXPECT_EQ(line, "NOTE:a\\nEND:VCARD\r\n");
}

TEST(VCard, ReadsQuotedPrintableAndCharsetsOfTwoPointOne) {
    const auto card = card_of("BEGIN:VCARD\r\nVERSION:2.1\r\n"
                              "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\r\n"
                              "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:one, two=0D=0A=\r\n"
                              "three =E2=82=AC\r\n"
                              "TEL;HOME;VOICE:+49 30 1\r\n"
                              "PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n AAEC\r\n Aw==\r\n\r\n"
                              "END:VCARD\r\n");
    EXPECT_EQ(card.version, Version::v2_1);
    EXPECT_EQ(card.find("N")->value(), "M\xC3\xBCller;J\xC3\xB6rg");
    EXPECT_EQ(card.text_of("NOTE"), "one, two\nthree \xE2\x82\xAC");
    EXPECT_TRUE(card.find("TEL")->has_type("home"));
    EXPECT_EQ(card.find("PHOTO")->value(), "AAECAw==");
    EXPECT_EQ(card.find("PHOTO")->parameter("ENCODING"), "b");
}

TEST(VCard, WritesTwoPointOneAsThree) {
    const auto card =
        card_of("BEGIN:VCARD\r\nN:Doe\\;x;J\r\nFN:J, D\r\nTEL;CELL:1\r\nEND:VCARD\r\n");
    EXPECT_EQ(
        serialize(card), "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Doe\\;x;J\r\nFN:J\\, D\r\n"
                         "TEL;TYPE=CELL:1\r\nEND:VCARD\r\n"
    );
}

TEST(VCard, TakesIllFormedBytesAsWindows1252) {
    EXPECT_EQ(
        card_of("BEGIN:VCARD\nVERSION:3.0\nFN:J\xF6rg \x80\nEND:VCARD\n").text_of("FN"),
        "J\xC3\xB6rg \xE2\x82\xAC"
    );
}

TEST(VCard, X9RefusesAPropertyBeyondTheLimit) {
    std::string photo(limits::kCardProperty + 1, 'A');
    EXPECT_EQ(
        refusal_of("BEGIN:VCARD\nVERSION:3.0\nPHOTO;ENCODING=b:" + photo + "\nEND:VCARD\n"),
        Code::too_large
    );
}

TEST(VCard, X9ReadsAMegabyteFoldedIntoShortLines) {
    std::string folded;
    for (int i = 0; i < 200'000; ++i)
        folded += "\r\n abcde";
    const auto card = card_of("BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:" + folded + "\r\nEND:VCARD\r\n");
    EXPECT_EQ(card.text_of("NOTE").size(), 1'000'000U);
}

TEST(VCard, X9BoundsPropertiesAndParameters) {
    std::string many;
    for (std::size_t i = 0; i <= limits::kCardProperties; ++i)
        many += "X:1\n";
    EXPECT_EQ(refusal_of("BEGIN:VCARD\nVERSION:3.0\n" + many + "END:VCARD\n"), Code::too_large);
    std::string parameters;
    for (std::size_t i = 0; i <= limits::kCardParameters; ++i)
        parameters += ";A=1";
    EXPECT_EQ(
        refusal_of("BEGIN:VCARD\nVERSION:3.0\nX" + parameters + ":1\nEND:VCARD\n"), Code::too_large
    );
}

TEST(VCard, X9BoundsParametersAndComponentsInSize) {
    EXPECT_EQ(
        refusal_of("BEGIN:VCARD\nVERSION:3.0\nX;A=" + std::string(70'000, ',') + ":1\nEND:VCARD\n"),
        Code::too_large
    );
    const std::string many(1'000'000, ';');
    EXPECT_EQ(split_escaped(many, ';').size(), limits::kCardComponents);
}

TEST(VCard, X9KeepsAnInlineAgentAndRefusesAThirdLevel) {
    const std::string agent = "AGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN:Agent\r\nEND:VCARD\r\n";
    const std::string head = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Boss\r\n";
    const auto card = card_of(head + agent + "TEL:1\r\nEND:VCARD\r\n");
    EXPECT_EQ(card.text_of("AGENT"), "BEGIN:VCARD\nVERSION:2.1\nN:Agent\nEND:VCARD\n");
    EXPECT_EQ(card.text_of("TEL"), "1");
    EXPECT_EQ(
        refusal_of(
            head + "AGENT:\r\nBEGIN:VCARD\r\nAGENT:\r\nBEGIN:VCARD\r\nEND:VCARD\r\n"
                   "END:VCARD\r\nEND:VCARD\r\n"
        ),
        Code::bad_syntax
    );
}

TEST(VCard, RefusesWhatIsNoCard) {
    for (const auto* text :
         {"", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCARD\nVERSION:3.0\nFN:x\n",
          "BEGIN:VCARD\nVERSION:3.0\nno colon\nEND:VCARD",
          "BEGIN:VCARD\nVERSION:3.0\n:x\nEND:VCARD",
          "BEGIN:VCARD\nVERSION:3.0\nBEGIN:VCARD\nEND:VCARD\nEND:VCARD",
          "BEGIN:VCARD\nVERSION:3.0\nEND:VEVENT", "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\nFN:late",
          "BEGIN:VCARD\nVERSION:3.0\nna me:x\nEND:VCARD"})
        EXPECT_EQ(refusal_of(text), Code::bad_syntax) << text;
    EXPECT_EQ(refusal_of("BEGIN:VCARD\nVERSION:5.0\nEND:VCARD"), Code::unsupported);
}

TEST(VCard, ToleratesByteOrderMarkBlankLinesAndBareLineFeeds) {
    const auto card = card_of("\xEF\xBB\xBF\n\nBEGIN:VCARD\nVERSION:4.0\n\nFN:x\n\nEND:VCARD\n\n");
    EXPECT_EQ(card.text_of("FN"), "x");
}

TEST(VCard, SplitsAnImportIntoItsCards) {
    const std::string file = "junk\n" + kApple + "\n" + kApple + "BEGIN:VCARD\ncut off";
    const auto cards = split_cards(file);
    ASSERT_EQ(cards.size(), 2U);
    EXPECT_EQ(cards[0], kApple);
    EXPECT_EQ(cards[1], kApple);
}

TEST(VCardText, ChangesOneComponentAndKeepsTheBytesOfTheOthers) {
    EXPECT_EQ(with_component("a\\;b;c,d;e", 1, "x;y", 5), "a\\;b;x\\;y;e;;");
    EXPECT_EQ(component("a\\;b;c,d;e", 0), "a;b");
    EXPECT_EQ(component("a;b", 7), "");
}

} // namespace
} // namespace lockstep::vcard
