// Claims about file references and the names under which attachments are listed.
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "codec/eas/email.hpp"

namespace lockstep::eas {

TEST(FileReferences, W12IllFormedReferencesAreRefused) {
    for (const std::string_view id : {"5:7", "a%b", "\xC3\xA4", "x:y:z", "a b"})
        EXPECT_EQ(parse_file_reference(file_reference(id, "1.2"))->server_id, id) << id;
    for (const std::string_view bad :
         {"", "5", ":1", "5:", "5:x", "5:1.", "5:.1", "5:0", "5:1..2", "5:-1", "5:1/../2", "%",
          "5:999999"})
        EXPECT_FALSE(parse_file_reference(bad)) << bad;
    EXPECT_FALSE(parse_file_reference(std::string(2'000, 'x') + ":1"));
}

TEST(FileReferences, AttachmentNamesAreSafeToShow) {
    mime::DigestPart part;
    part.type = "image/png";
    EXPECT_EQ(attachment_name(part), "attachment.png");
    part.filename = "../\x01x\\y.png";
    EXPECT_EQ(
        attachment_name(part), ".._"
                               "_x_y.png"
    );
    part = {};
    part.type = "message/rfc822";
    part.is_message = true;
    EXPECT_EQ(attachment_name(part), "message.eml");
    part.filename = "note";
    EXPECT_EQ(attachment_name(part), "note.eml");
}

} // namespace lockstep::eas
