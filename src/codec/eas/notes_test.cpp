// Notes: stored journals on the wire and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/eas/calendar_testing.hpp"
#include "codec/eas/notes.hpp"

namespace lockstep::eas {
namespace {

using item_testing::data;
using item_testing::leaf;
using item_testing::owner;
using item_testing::tree;
using ::testing::HasSubstr;
using ::testing::Not;
using wbxml::Version;
namespace n = wbxml::notes;
namespace b = wbxml::air_sync_base;

const std::string kNote =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VJOURNAL\r\nUID:n1\r\nDTSTAMP:"
    "20261101T120000Z\r\nLAST-MODIFIED:20261105T120000Z\r\nSUMMARY:Idee\r\n"
    "DESCRIPTION:eins\\nzwei\r\nCATEGORIES:Blau\r\nX-COLOR:7\r\nEND:VJOURNAL\r\nEND:VCALENDAR\r\n";

wbxml::Node show_note(const std::string& object, int body = 1) {
    return item_testing::written(Version::v16_1, [&](wbxml::Writer& out) {
        return write_note(out, object, item_testing::options_for(Version::v16_1, body), owner());
    });
}

std::string merged_note(const std::string& stored, const wbxml::Node& sent) {
    auto result = merge_note(stored, sent, Version::v16_1, owner());
    EXPECT_TRUE(result) << (result ? "" : result.error().text);
    return result.value_or("");
}

wbxml::Node body(const char* type, const char* text) {
    return tree(b::Body, {leaf(b::Type, type), leaf(b::Data, text)});
}
wbxml::Node labels(std::vector<wbxml::Node> children) {
    return tree(n::Categories, std::move(children));
}

TEST(NoteWrite, ShowsEveryElement) {
    const auto node = show_note(kNote);
    EXPECT_EQ(node.text_of(n::Subject), "Idee");
    EXPECT_EQ(node.text_of(n::MessageClass), "IPM.StickyNote");
    EXPECT_EQ(node.text_of(n::LastModifiedDate), "20261105T120000Z");
    EXPECT_EQ(node.find(b::Body)->text_of(b::Data), "eins\r\nzwei") << "CRLF on the wire";
    EXPECT_EQ(node.find(n::Categories)->text_of(n::Category), "Blau");
    wbxml::Writer old(Version::v12_1);
    EXPECT_EQ(
        write_note(old, kNote, item_testing::options_for(Version::v12_1), owner()).error().code,
        Code::unsupported
    );
}

TEST(NoteMerge, AnEchoChangesNoByteInEitherForm) {
    EXPECT_EQ(merged_note(kNote, show_note(kNote, 1)), kNote);
    EXPECT_EQ(merged_note(kNote, show_note(kNote, 2)), kNote)
        << "HTML made of plain text is not HTML";
}

TEST(NoteMerge, AddAndChange) {
    const auto object = merged_note(
        "", data(
                {leaf(n::Subject, "Neu"), body("2", "<p>Hallo<br>Welt</p>"),
                 leaf(n::MessageClass, "IPM.StickyNote")}
            )
    );
    EXPECT_THAT(object, HasSubstr("BEGIN:VJOURNAL\r\nUID:new-uid\r\n"));
    EXPECT_THAT(object, HasSubstr("DESCRIPTION:Hallo\\nWelt"));
    EXPECT_THAT(object, HasSubstr("LAST-MODIFIED:20261124T100300Z\r\n"))
        << "3.2.5.3.1: the server's time";
    const auto changed = merged_note(
        kNote, data(
                   {leaf(n::Subject, "Idee 2"), leaf(n::LastModifiedDate, "20200101T000000Z"),
                    labels({leaf(n::Category, "Rot")})}
               )
    );
    EXPECT_THAT(changed, HasSubstr("SUMMARY:Idee 2\r\n"));
    EXPECT_THAT(changed, HasSubstr("DESCRIPTION:eins\\nzwei\r\n"))
        << "an absent body is no removal";
    EXPECT_THAT(changed, HasSubstr("CATEGORIES:Rot\r\n"));
    EXPECT_THAT(changed, HasSubstr("X-COLOR:7\r\n"));
    EXPECT_THAT(changed, Not(HasSubstr("2020")));
}

// 3.2.5.3
TEST(NoteMerge, AbsentCategoriesAreRemoved) {
    EXPECT_THAT(merged_note(kNote, data({leaf(n::Subject, "Idee")})), Not(HasSubstr("CATEGORIES")));
}

// 3.2.5.3.2
TEST(NoteMerge, MessageClassIsChecked) {
    EXPECT_EQ(
        merge_note(kNote, data({leaf(n::MessageClass, "IPM.Note")}), Version::v16_1, owner())
            .error()
            .code,
        Code::bad_value
    );
    EXPECT_EQ(
        merge_note(kNote, data({leaf(n::MessageClass, "IPM.StickyNoteX")}), Version::v16_1, owner())
            .error()
            .code,
        Code::bad_value
    );
    const auto own = merged_note(kNote, data({leaf(n::MessageClass, "IPM.StickyNote.Mine")}));
    EXPECT_EQ(show_note(own).text_of(n::MessageClass), "IPM.StickyNote.Mine");
}

} // namespace
} // namespace lockstep::eas
