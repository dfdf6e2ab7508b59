// The query language of Find, and ranges of results.
#include <gtest/gtest.h>

#include "protocols/activesync/mailbox_query.hpp"

namespace lockstep::activesync {
namespace {

using Field = QueryTerm::Field;

} // namespace

TEST(EasKeywords, ReadsWordsPhrasesAndFields) {
    const QueryTerms wanted{
        {{Field::any, "red apple", false}},
        {{Field::subject, "pie", false}},
        {{Field::from, "anna", false}}
    };
    EXPECT_EQ(parse_keywords("\"red apple\" Subject:pie from:anna"), wanted);
}

TEST(EasKeywords, JoinsAlternativesAndNegates) {
    const QueryTerms wanted{
        {{Field::any, "apple", false}, {Field::any, "pear", false}},
        {{Field::any, "plum", true}},
        {{Field::has_attachment, "", true}}
    };
    EXPECT_EQ(parse_keywords("apple OR pear NOT plum hasattachment:false"), wanted);
    EXPECT_EQ(parse_keywords("apple OR pear -plum -hasattachment:true"), wanted);
}

TEST(EasKeywords, UnknownFieldsAreWordsAndNothingIsNothing) {
    EXPECT_EQ(parse_keywords("re:start"), (QueryTerms{{{Field::any, "re:start", false}}}));
    EXPECT_TRUE(parse_keywords("  AND OR \"\" ").empty());
}

TEST(EasKeywords, BoundsTheNumberOfTerms) {
    std::string many;
    for (int i = 0; i < 1'000; ++i)
        many += "word ";
    EXPECT_EQ(parse_keywords(many).size(), limits::kEasSearchTerms);
}

TEST(EasResultRange, IsTwoNumbersInOrder) {
    EXPECT_EQ(parse_result_range(" 2-9 ")->last, 9U);
    for (const auto* wrong : {"", "-", "5", "9-2", "x-1", "1-x", "-1-2"})
        EXPECT_FALSE(parse_result_range(wrong)) << wrong;
}

} // namespace lockstep::activesync
