// The XML form of documents.
// Spec: schemas of MS-AS* (namespaces); XML 1.0 2.4.
#include "codec/wbxml/xml.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace lockstep::wbxml {
namespace {

using namespace std::string_literals;

Node leaf(Tag tag, std::string text, bool opaque = false) {
    Node node;
    node.tag = tag;
    node.text = std::move(text);
    node.opaque = opaque;
    return node;
}

constexpr std::string_view kXmlHead = R"(<?xml version="1.0" encoding="utf-8"?>)";

TEST(WbxmlXml, DeclaresEveryNamespaceOnceAtTheRoot) {
    Node root = leaf(air_sync::Sync, "");
    root.children.push_back(leaf(air_sync::Status, "1"));
    root.children.push_back(leaf(email::Subject, "s"));
    root.children.push_back(leaf(air_sync_base::Body, ""));
    root.children.back().children.push_back(leaf(air_sync_base::Type, "2"));
    root.children.push_back(leaf(gal::Alias, "a"));
    EXPECT_EQ(
        to_xml(root, {.indent = false}),
        std::string(kXmlHead) +
            R"(<Sync xmlns="AirSync" xmlns:email="Email" xmlns:gal="GAL" xmlns:airsyncbase="AirSyncBase">)"
            "<Status>1</Status><email:Subject>s</email:Subject>"
            "<airsyncbase:Body><airsyncbase:Type>2</airsyncbase:Type></airsyncbase:Body>"
            "<gal:Alias>a</gal:Alias></Sync>"
    );
}

TEST(WbxmlXml, IndentsElementsButNotText) {
    Node root = leaf(ping::Ping, "");
    root.children.push_back(leaf(ping::Status, "2"));
    root.children.push_back(leaf(ping::Folders, ""));
    root.children.back().children.push_back(leaf(ping::Folder, "5"));
    root.children.push_back(leaf(ping::MaxFolders, ""));
    EXPECT_EQ(to_xml(root), std::string(kXmlHead) + R"(
<Ping xmlns="Ping">
  <Status>2</Status>
  <Folders>
    <Folder>5</Folder>
  </Folders>
  <MaxFolders/>
</Ping>
)");
}

TEST(WbxmlXml, EscapesMarkupAndCarriageReturns) {
    const auto xml = to_xml(leaf(email::Subject, "a<b>&\"'\r\nc"), {.indent = false});
    EXPECT_NE(xml.find("a&lt;b&gt;&amp;&quot;'&#13;\nc"), std::string::npos) << xml;
}

TEST(WbxmlXml, ShowsOpaqueTextAsTextAndOtherBytesAsBase64) {
    const auto shown = [](std::string bytes) {
        return to_xml(leaf(compose_mail::Mime, std::move(bytes), true), {.indent = false});
    };
    EXPECT_NE(shown("From: a@b").find(">From: a@b<"), std::string::npos);
    EXPECT_NE(shown("\x01\xFF\x00z"s).find(">Af8Aeg==<"), std::string::npos);
}

TEST(WbxmlXml, CutsLongTextsAndHidesPasswordsForTheLog) {
    const auto text = to_xml(
        leaf(
            email::Subject, std::string(199, 'a') + "\xC3\xBC"
                                                    "b"
        ),
        kXmlForLog
    );
    EXPECT_NE(text.find(std::string(199, 'a') + "... (202 bytes)"), std::string::npos) << text;
    for (const auto tag : {settings::Password, search::Password, item_operations::Password}) {
        EXPECT_EQ(to_xml(leaf(tag, "hunter2"), kXmlForLog).find("hunter2"), std::string::npos);
        EXPECT_NE(to_xml(leaf(tag, "hunter2")).find("hunter2"), std::string::npos);
    }
}

TEST(WbxmlXml, ReadsBytesToo) {
    const auto xml = to_xml(
        "\x03\x01\x6A\x00\x00\x0D\x45\x47\x03"
        "1\x00\x01\x01"s,
        {.indent = false}
    );
    ASSERT_TRUE(xml.has_value());
    EXPECT_EQ(*xml, std::string(kXmlHead) + R"(<Ping xmlns="Ping"><Status>1</Status></Ping>)");
    EXPECT_FALSE(to_xml("\x03\x01").has_value());
}

} // namespace
} // namespace lockstep::wbxml
