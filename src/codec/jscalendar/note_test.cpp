// Notes there and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/jscalendar/note.hpp"

namespace lockstep::jscalendar {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

json::Object note_object(std::string_view text) { return json::parse(text)->get_object(); }

TEST(Notes, AreShownAndEditedInTheirJournal) {
    const std::string stored =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VJOURNAL\r\nUID:n1\r\nDTSTAMP:"
        "20261101T120000Z\r\nSUMMARY:Idea\r\nDESCRIPTION:one\\ntwo\r\nX-STRANGE:kept\r\n"
        "CATEGORIES:Blue\r\nEND:VJOURNAL\r\nEND:VCALENDAR\r\n";
    auto note = read_note(stored).value();
    EXPECT_EQ(note, note_object(R"({"uid":"n1","updated":"2026-11-01T12:00:00Z","title":"Idea",
                              "bodyText":"one\ntwo","keywords":{"Blue":true}})"));
    EXPECT_EQ(write_note(stored, note, 1), stored);
    note["bodyText"] = "three";
    note["isPinned"] = true;
    const auto bytes = write_note(stored, note, 1'800'000'000).value();
    EXPECT_THAT(bytes, HasSubstr("X-STRANGE:kept\r\n"));
    EXPECT_THAT(bytes, HasSubstr("DESCRIPTION:three\r\n"));
    EXPECT_EQ(read_note(bytes)->at("isPinned"), true);
}

TEST(Notes, TextAndHtmlSayTheSame) {
    const auto html =
        write_note("", note_object(R"({"uid":"n","title":"T","bodyHtml":"<p>a</p><p>b</p>"})"), 1)
            .value();
    auto note = read_note(html).value();
    EXPECT_EQ(note.at("bodyHtml"), "<p>a</p><p>b</p>");
    EXPECT_THAT(std::string(note.at("bodyText").get_string()), HasSubstr("a"));
    note["bodyText"] = "plain";
    const auto plain = write_note(html, note, 1).value();
    EXPECT_THAT(plain, Not(HasSubstr("X-ALT-DESC")));
    EXPECT_FALSE(read_note(plain)->contains("bodyHtml"));
    EXPECT_EQ(write_note("", note_object(R"({"bodyText":7})"), 1).error().property, "bodyText");
}

} // namespace
} // namespace lockstep::jscalendar
