#include "office/search_snippet.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace lockstep::office {
namespace {

std::string show(std::string_view text, const Condition& condition) {
    return marked(text, snippet_terms(condition, SearchField::body), 255).value_or("none");
}

} // namespace

TEST(SearchSnippet, MarksBeginningsOfWordsAndSubstrings) {
    const auto words = Condition::words(SearchField::any, "caf");
    EXPECT_EQ(show("a Caf\xC3\xA9 or decaf", words), "a <mark>Caf</mark>\xC3\xA9 or decaf");
    const auto substring = Condition::substring(SearchField::body, "AF");
    EXPECT_EQ(show("decaf", substring), "dec<mark>af</mark>");
    EXPECT_EQ(show("tea", words), "none");
}

TEST(SearchSnippet, MarksNothingThatHadToBeAbsentOrStandElsewhere) {
    const auto absent = Condition::none_of({Condition::words(SearchField::any, "tea")});
    EXPECT_EQ(show("tea", absent), "none");
    EXPECT_EQ(show("tea", Condition::words(SearchField::subject, "tea")), "none");
}

TEST(SearchSnippet, EscapesAndMergesHits) {
    const auto both = Condition::any_of(
        {Condition::substring(SearchField::any, "<b"), Condition::substring(SearchField::any, "b>")}
    );
    EXPECT_EQ(show("a <b> & c", both), "a <mark>&lt;b&gt;</mark> &amp; c");
}

TEST(SearchSnippet, CutsAroundTheFirstHitWithinTheLimit) {
    std::string text;
    for (int i = 0; i < 500; ++i)
        text += "w\xC3\xB6rd" + std::to_string(i) + " ";
    const auto shown = show(text, Condition::words(SearchField::any, "word321"));
    EXPECT_NE(shown.find("<mark>w\xC3\xB6rd321</mark>"), std::string::npos) << shown;
    EXPECT_LE(shown.size(), 255U);
    EXPECT_TRUE(is_utf8(shown));
}

} // namespace lockstep::office
