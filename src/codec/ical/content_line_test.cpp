// Content lines and component trees: what is read is written back.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/content_line.hpp"

namespace lockstep::ical {
namespace {

TEST(ContentLine, ReadsNameParametersAndValue) {
    const auto p = Property::parse(
        "attendee;CN=\"Doe, "
        "Jane\";ROLE=CHAIR;MEMBER=\"mailto:a@x\",\"mailto:b@x\":mailto:jane@example.org\r\n"
    );
    ASSERT_TRUE(p);
    EXPECT_EQ(p->name(), "ATTENDEE");
    EXPECT_EQ(p->parameter("cn"), "Doe, Jane");
    EXPECT_EQ(p->parameter("ROLE"), "CHAIR");
    ASSERT_EQ(p->parameters().size(), 3U);
    EXPECT_EQ(p->parameters()[2].values, (std::vector<std::string>{"mailto:a@x", "mailto:b@x"}));
    EXPECT_EQ(p->value(), "mailto:jane@example.org");
}

TEST(ContentLine, DecodesAndEncodesCaretsOfRfc6868) {
    const auto p = Property::parse("X;CN=a^'b^^c^nd^x:v");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->parameter("CN"), "a\"b^c\nd^x");
    std::string out;
    Property("X", "v", {{"CN", {"a\"b^c\nd"}}}).append_to(out);
    EXPECT_EQ(out, "X;CN=a^'b^^c^nd:v\r\n");
}

TEST(ContentLine, UnfoldsInTheMiddleOfACharacter) {
    const auto p = Property::parse("SUMMARY:Gr\xC3\r\n \xBC\xC3\n\t\x9F"
                                   "e\r\n");
    ASSERT_TRUE(p);
    EXPECT_EQ(p->value(), "Grüße");
}

TEST(ContentLine, FoldsAt75OctetsWithoutCuttingCharacters) {
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += "äö€";
    std::string out;
    Property("DESCRIPTION", text).append_to(out);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] != '\n')
            continue;
        EXPECT_LE(i - begin - 1, 75U);
        EXPECT_NE(static_cast<unsigned char>(out[i + 2 < out.size() ? i + 2 : i]) & 0xC0U, 0x80U);
        begin = i + 1;
    }
    EXPECT_EQ(Property::parse(out)->value(), text);
}

TEST(ContentLine, RefusesLinesThatAreNone) {
    for (const auto* line : {":x", "NO COLON", "A;B=\"open:x", "A;B", ";A=1:x", "A;B=c"})
        EXPECT_EQ(Property::parse(line).error().code, Code::bad_syntax) << line;
}

TEST(ContentLine, KeepsReadBytesUntilChanged) {
    const std::string line = "summary;LANGUAGE=de:A\r\n bc\r\n";
    auto p = *Property::parse(line);
    std::string out;
    p.append_to(out);
    EXPECT_EQ(out, line);
    p.set_value("Abc"); // no change
    out.clear();
    p.append_to(out);
    EXPECT_EQ(out, line);
    p.set_value("Xyz");
    out.clear();
    p.append_to(out);
    EXPECT_EQ(out, "SUMMARY;LANGUAGE=de:Xyz\r\n");
}

TEST(ContentLine, ValueCannotStartANewLine) {
    std::string out;
    Property("SUMMARY", "a\r\nATTACH:file:///etc/passwd").append_to(out);
    EXPECT_EQ(out, "SUMMARY:a\\nATTACH:file:///etc/passwd\r\n");
    out.clear();
    Property("X", "v", {{"CN", {"a\r\nB:c"}}}).append_to(out);
    EXPECT_EQ(out, "X;CN=\"a^nB:c\":v\r\n");
}

TEST(TextValue, EscapesRoundTrip) {
    const std::string text = "a;b,c\\d\ne: \"q\"";
    EXPECT_EQ(escape_text(text), "a\\;b\\,c\\\\d\\ne: \"q\"");
    EXPECT_EQ(unescape_text(escape_text(text)), text);
    EXPECT_EQ(unescape_text("C:\\Temp\\N"), "C:\\Temp\n");
    EXPECT_EQ(split_text("a\\,b,,c"), (std::vector<std::string>{"a,b", "c"}));
}

TEST(CalendarTree, WritesBackWhatItRead) {
    const std::string object = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-ODD;A=b:c\r\nBEGIN:"
                               "VEVENT\r\nUID:1\r\nX-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTO"
                               "MATIC\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:"
                               "VEVENT\r\nBEGIN:X-THING\r\nEND:X-THING\r\nEND:VCALENDAR\r\n";
    const auto tree = parse(object);
    ASSERT_TRUE(tree);
    EXPECT_EQ(serialize(*tree), object);
    EXPECT_EQ(tree->children[0].children[0].value_of("TRIGGER"), "-PT5M");
}

TEST(CalendarTree, ToleratesBareLineFeedsBomAndBlankLines) {
    const auto tree =
        parse("\xEF\xBB\xBF\nBEGIN:VCALENDAR\n\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n\n"
        );
    ASSERT_TRUE(tree);
    EXPECT_EQ(tree->children[0].value_of("UID"), "1");
}

TEST(CalendarTree, RefusesUnbalancedComponents) {
    for (const auto* object :
         {"", "BEGIN:VCALENDAR\r\n", "BEGIN:A\r\nEND:B\r\n", "UID:1\r\n",
          "BEGIN:A\r\nEND:A\r\nBEGIN:A\r\nEND:A\r\n", "END:A\r\n"})
        EXPECT_EQ(parse(object).error().code, Code::bad_syntax) << object;
}

TEST(CalendarTree, X4RefusesDepthAndLinesBeyondTheLimits) {
    std::string deep;
    for (std::size_t i = 0; i <= limits::kIcalDepth; ++i)
        deep += "BEGIN:A\r\n";
    EXPECT_EQ(parse(deep).error().code, Code::too_large);
    std::string many = "BEGIN:A\r\n";
    for (std::size_t i = 0; i <= limits::kIcalLines; ++i)
        many += "X:\r\n";
    EXPECT_EQ(parse(many).error().code, Code::too_large);
    std::string parameters = "X";
    for (std::size_t i = 0; i <= limits::kIcalParameters; ++i)
        parameters += ";A=b";
    EXPECT_EQ(Property::parse(parameters + ":v").error().code, Code::too_large);
}

TEST(CalendarTree, SetReplacesInPlace) {
    auto tree = *parse("BEGIN:A\r\nX:1\r\nY:2\r\nX:3\r\nEND:A\r\n");
    tree.set(Property("X", "9"));
    EXPECT_EQ(serialize(tree), "BEGIN:A\r\nX:9\r\nY:2\r\nEND:A\r\n");
    tree.set_text("Y", "");
    EXPECT_FALSE(tree.has("Y"));
}

} // namespace
} // namespace lockstep::ical
