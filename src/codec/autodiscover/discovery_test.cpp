// Autodiscover's documents.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "codec/autodiscover/discovery.hpp"

namespace lockstep::autodiscover {

namespace {

std::string request(std::string_view inside) {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Autodiscover "
           "xmlns=\"http://x/\"><Request>" +
           std::string(inside) + "</Request></Autodiscover>\n";
}

} // namespace

TEST(DiscoveryQuery, ReadsAddressAndSchema) {
    const auto query =
        parse_query(request("<EMailAddress> anna@example.org "
                            "</EMailAddress><AcceptableResponseSchema>s</AcceptableResponseSchema>")
        );
    ASSERT_TRUE(query) << query.error().text;
    EXPECT_EQ(query->address, "anna@example.org");
    EXPECT_EQ(query->schema, "s");
}

TEST(DiscoveryQuery, IgnoresPrefixesCommentsAttributesAndStrangers) {
    const auto query = parse_query(
        "\xEF\xBB\xBF<!-- hi --><a:Autodiscover "
        "xmlns:a='x>y'><a:Request><Other><EMailAddress>no@example.org</EMailAddress></Other>"
        "<Empty/><a:EMailAddress x=\"1\">an<!-- x -->na&#64;example.org&amp;&#x41;</a:EMailAddress "
        "></a:Request></a:Autodiscover>"
    );
    ASSERT_TRUE(query) << query.error().text;
    EXPECT_EQ(query->address, "anna@example.org&A");
}

TEST(DiscoveryQuery, RefusesWhatIsNoQuery) {
    for (const auto& text :
         {std::string(), std::string("no xml"), std::string("<a>"), std::string("<a/>"),
          std::string("<a></b>"), std::string("<a/><a/>"),
          std::string("<Autodiscover><Request></Request></Autodiscover>"),
          request("<EMailAddress>a@b</EMailAddress>") + "x",
          request("<EMailAddress>&unknown;</EMailAddress>"),
          request("<EMailAddress>&amp</EMailAddress>"),
          request("<EMailAddress>&#xZZ;</EMailAddress>"),
          request("<EMailAddress>a@b</EMailAddress"), std::string("<a b=\"<\">")}) {
        EXPECT_FALSE(parse_query(text)) << text;
    }
}

TEST(DiscoveryQuery, X1RefusesDeclarationsDepthAndSize) {
    EXPECT_FALSE(parse_query(
        "<!DOCTYPE a [<!ENTITY b \"c\">]>" + request("<EMailAddress>&b;</EMailAddress>")
    ));
    EXPECT_FALSE(parse_query(request("<EMailAddress><![CDATA[a@b]]></EMailAddress>")));
    std::string deep;
    for (int n = 0; n < 100; ++n)
        deep += "<a>";
    EXPECT_FALSE(parse_query(deep));
    EXPECT_EQ(
        parse_query(std::string(limits::kDiscoveryBytes + 1, ' ')).error().code, Code::too_large
    );
}

TEST(DiscoveryAnswers, EscapeWhatPeopleAreCalled) {
    const auto xml = found_xml(
        "A & <B>\x01", "anna@example.org", "https://mail.example.org/Microsoft-Server-ActiveSync"
    );
    EXPECT_NE(xml.find("<DisplayName>A &amp; &lt;B&gt;</DisplayName>"), std::string::npos) << xml;
    EXPECT_NE(
        xml.find(
            "<Type>MobileSync</Type><Url>https://mail.example.org/Microsoft-Server-ActiveSync</Url>"
        ),
        std::string::npos
    );
    EXPECT_NE(refused_xml("a@b", 2, "no").find("<Error><Status>2</Status>"), std::string::npos);
    EXPECT_NE(
        error_xml(600, "Invalid request", "12:00:00").find("<ErrorCode>600</ErrorCode>"),
        std::string::npos
    );
    EXPECT_EQ(
        found_json("ActiveSync", "https://x/y"), R"({"Protocol":"ActiveSync","Url":"https://x/y"})"
    );
}

} // namespace lockstep::autodiscover
