// Cards there and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/jscontact/jscontact.hpp"

namespace lockstep::jscontact {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

json::Object object(std::string_view text) {
    const auto value = json::parse(text);
    EXPECT_TRUE(value && value->is_object()) << text;
    return value && value->is_object() ? value->get_object() : json::Object();
}
std::string text(const json::Object& object) { return json::write(json::Value(object)); }

std::string written(std::string_view stored, const json::Object& card) {
    auto done = write_card(stored, card);
    EXPECT_TRUE(done) << (done ? "" : done.error().property + " " + done.error().text);
    return done.value_or("");
}

const std::string kApple =
    "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iPhone OS 18.0//EN\r\n"
    "N:Muster;Erika;;Dr.;\r\nFN:Dr. Erika Muster\r\nORG:ACME;Sales\r\n"
    "item1.EMAIL;type=INTERNET;type=pref:erika@example.org\r\nitem1.X-ABLabel:Club\r\n"
    "TEL;type=CELL;type=VOICE:+49 30 1\r\nADR;type=WORK:;;Am Ring 1;Berlin;;10115;Germany\r\n"
    "BDAY:1980-02-29\r\nX-STRANGE:kept\r\nUID:u1\r\nEND:VCARD\r\n";

TEST(JsContactRead, SaysWhatAPhoneStored) {
    const auto card = read_card(kApple);
    ASSERT_TRUE(card);
    EXPECT_EQ(card->at("name").at("full"), "Dr. Erika Muster");
    EXPECT_EQ(
        card->at("name").at("components"),
        object(R"({"a":[{"kind":"title","value":"Dr."},{"kind":"given","value":"Erika"},
        {"kind":"surname","value":"Muster"}]})")
            .at("a")
    );
    EXPECT_EQ(
        card->at("emails").at("e1"),
        object(R"({"address":"erika@example.org","pref":1,"label":"Club"})")
    ) << text(*card);
    EXPECT_EQ(
        card->at("phones").at("p1"),
        object(R"({"number":"+49 30 1","features":{"mobile":true,"voice":true}})")
    );
    EXPECT_EQ(
        card->at("anniversaries").at("d1"),
        object(R"({"kind":"birth","date":{"year":1980,"month":2,"day":29}})")
    );
    EXPECT_EQ(card->at("organizations").at("o1").at("units").at(0).at("name"), "Sales");
    EXPECT_EQ(card->at("addresses").at("a1").at("contexts"), object(R"({"work":true})"));
    EXPECT_EQ(card->at("uid"), "u1");
}

TEST(JsContactWrite, WhatDidNotChangeKeepsItsBytes) {
    const auto card = read_card(kApple);
    ASSERT_TRUE(card);
    EXPECT_EQ(written(kApple, *card), kApple);
}

TEST(JsContactWrite, AnEditLeavesWhatJsContactDoesNotKnow) {
    auto card = *read_card(kApple);
    card["phones"].get_object()["x"] = object(R"({"number":"+49 30 2","contexts":{"work":true}})");
    card["phones"].get_object().erase("p1");
    const auto bytes = written(kApple, card);
    EXPECT_THAT(bytes, HasSubstr("X-STRANGE:kept\r\n"));
    EXPECT_THAT(bytes, HasSubstr("X-ABLabel:Club\r\n"));
    EXPECT_THAT(bytes, Not(HasSubstr("+49 30 1")));
    const auto again = *read_card(bytes);
    EXPECT_EQ(again.at("phones"), card.at("phones")) << text(again);
    EXPECT_EQ(again, card) << text(again);
}

const std::string_view kWhole = R"({
  "@type":"Card","version":"1.0","uid":"urn:uuid:1","kind":"individual","language":"de",
  "created":"2026-01-02T03:04:05Z","updated":"2026-02-02T03:04:05Z",
  "name":{"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"L, ovelace"}],
          "full":"Ada Lovelace","isOrdered":true,"sortAs":{"surname":"lovelace"}},
  "nicknames":{"k":{"name":"Countess","pref":2}},
  "organizations":{"o":{"name":"Works; Ltd","units":[{"name":"R"},{"name":"D"}]}},
  "titles":{"t":{"kind":"role","name":"Analyst","organizationId":"o"}},
  "emails":{"x":{"address":"ada@example.org","contexts":{"private":true},"pref":1,"label":"Home"}},
  "phones":{"p":{"number":"+1 2","features":{"mobile":true,"video":true}}},
  "onlineServices":{"s":{"service":"Mastodon","user":"@ada","uri":"https://m.example/@ada"}},
  "preferredLanguages":{"l":{"language":"en","pref":1}},
  "addresses":{"a":{"components":[{"kind":"number","value":"12"},{"kind":"name","value":"Main St"},
     {"kind":"locality","value":"London"}],"countryCode":"GB","full":"12 Main St\nLondon"}},
  "anniversaries":{"d":{"kind":"birth","date":{"month":12,"day":10}},
                   "w":{"kind":"wedding","date":{"year":1835}}},
  "keywords":{"maths":true,"a,b":true},
  "notes":{"n":{"note":"line\nline; two"}},
  "personalInfo":{"i":{"kind":"expertise","value":"engines","level":"high"}},
  "relatedTo":{"urn:uuid:2":{"relation":{"friend":true}}},
  "links":{"u":{"uri":"https://example.org/?a=1,2"},"v":{"uri":"mailto:x@example.org","kind":"contact"}},
  "media":{"m":{"kind":"photo","uri":"data:image/png;base64,AAEC","mediaType":"image/png"}},
  "speakToAs":{"grammaticalGender":"feminine"},
  "example.com:custom":{"deep":[1,2,{"x":null}]}})";

TEST(JsContactWrite, EverythingThatIsSaidIsSaidAgain) {
    const auto card = object(kWhole);
    const auto bytes = written("", card);
    const auto again = read_card(bytes);
    ASSERT_TRUE(again) << bytes;
    for (const auto& member : card)
        EXPECT_EQ(again->at(member.key()), member.value())
            << member.key() << " " << text(*again) << "\n"
            << bytes;
    EXPECT_EQ(again->size(), card.size()) << text(*again);
    EXPECT_EQ(written(bytes, *again), bytes) << "and an echo changes nothing";
}

TEST(JsContactWrite, AFullNameIsMadeAndFollowsTheParts) {
    auto card = object(R"({"name":{"components":[{"kind":"given","value":"A"}]}})");
    const auto bytes = written("", card);
    auto again = *read_card(bytes);
    EXPECT_EQ(again.at("name").at("full"), "A");
    again["name"].get_object()["components"].get_array()[0].get_object()["value"] = "B";
    EXPECT_EQ(read_card(written(bytes, again))->at("name").at("full"), "B");
}

TEST(JsContactWrite, RefusesWhatMakesNoSense) {
    const auto wrong = [](std::string_view card) {
        const auto done = write_card("", object(card));
        return done ? std::string("nothing") : done.error().property;
    };
    EXPECT_EQ(wrong(R"({"emails":{"e":{"address":1}}})"), "emails");
    EXPECT_EQ(wrong(R"({"emails":[]})"), "emails");
    EXPECT_EQ(wrong(R"({"@type":"Group"})"), "@type");
    EXPECT_EQ(wrong(R"({"uid":7})"), "uid");
    EXPECT_EQ(wrong(R"({"keywords":{"a":false}})"), "keywords");
    EXPECT_EQ(wrong(R"({"phones":{"p":{"number":"1","pref":0}}})"), "phones");
    EXPECT_EQ(wrong(R"({"links":{"p":{"uri":"a\r\nEND:VCARD"}}})"), "links");
}

TEST(JsContactMedia, AreNamedAndReadByTheirProperty) {
    const auto bytes = written("", object(kWhole));
    std::size_t index = 0;
    const auto card = read_card(bytes, [&](std::size_t at) {
        index = at;
        return std::string("blob");
    });
    EXPECT_EQ(card->at("media").at("m").at("blobId"), "blob");
    const auto media = media_of(bytes, index);
    ASSERT_TRUE(media);
    EXPECT_EQ(media->type, "image/png");
    EXPECT_EQ(media->bytes, std::string("\0\1\2", 3));
    EXPECT_FALSE(media_of(bytes, 0));
}

} // namespace
} // namespace lockstep::jscontact
