// Keywords and categories.
#include "office/keywords.hpp"

#include <gtest/gtest.h>

namespace lockstep::office {
namespace {

TEST(Keywords, WriteWhatNoAtomMayHoldSoThatItComesBack) {
    EXPECT_EQ(keyword_of("Work"), "work");
    EXPECT_EQ(keyword_of("Red category"), "red=20category");
    EXPECT_EQ(keyword_of("Büro"), "b=c3=bcro");
    for (const auto* text : {"red category", "büro", "a=b", "50%", "(x)", "$mdnsent"}) {
        EXPECT_EQ(category_of(keyword_of(text)), text);
        EXPECT_TRUE(is_keyword(keyword_of(text))) << text;
    }
    EXPECT_EQ(category_of("a=zz=ff"), "a=zz=ff");
}

TEST(Keywords, AreBitsAndCategories) {
    MailProps props;
    props.categories = {"Work", "$MDNSent"};
    EXPECT_EQ(
        keywords_of(model::flag::seen | model::flag::deleted, props),
        (std::set<std::string>{"$seen", "work", "$mdnsent"})
    );
}

TEST(Keywords, KeepTheCaseOfACategoryThatStays) {
    Marks before{model::flag::seen, {}};
    before.props.categories = {"Work", "Home"};
    const auto after = with_keywords(before, {"work", "$flagged", "red=20thing"});
    EXPECT_EQ(after.flags, model::flag::flagged);
    EXPECT_EQ(after.props.categories, (std::vector<std::string>{"Work", "red thing"}));
}

TEST(Keywords, EndAFollowUpWithTheFlag) {
    Marks before{model::flag::flagged, {}};
    before.props.follow_up = 2;
    before.props.follow_up_text = "call back";
    EXPECT_EQ(with_keywords(before, {"$flagged"}).props.follow_up_text, "call back");
    EXPECT_EQ(with_keywords(before, {}).props, MailProps{});
}

TEST(Keywords, ForProgramsAreKeptWhenAPhoneChangesCategories) {
    MailProps props;
    props.categories = {"Work", "$junk"};
    EXPECT_EQ(shown_categories(props), std::vector<std::string>{"Work"});
    show_categories(props, {"Home"});
    EXPECT_EQ(props.categories, (std::vector<std::string>{"Home", "$junk"}));
}

} // namespace
} // namespace lockstep::office
