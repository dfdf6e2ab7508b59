#include "base/markup.hpp"

#include <gtest/gtest.h>

namespace lockstep {

TEST(Markup, EscapesItsOwnCharactersAndNothingElse) {
    EXPECT_EQ(
        escape_markup("<a href=\"x\">R&D</a>"), "&lt;a href=&quot;x&quot;&gt;R&amp;D&lt;/a&gt;"
    );
    EXPECT_EQ(escape_markup("it's 5 \xE2\x82\xAC\r\n"), "it's 5 \xE2\x82\xAC\r\n");
    EXPECT_EQ(escape_markup(""), "");
}

} // namespace lockstep
