#include "codec/mime/subject.hpp"

#include <gtest/gtest.h>

#include "codec/mime/casemap.hpp"

namespace lockstep::mime {
namespace {

std::string base(std::string_view subject) { return base_subject(subject).text; }

} // namespace

TEST(BaseSubject, LosesMarksOfRepliesAndForwards) {
    EXPECT_EQ(base("Re: Lunch"), "Lunch");
    EXPECT_EQ(base("re: FWD: fw:Lunch (fwd) (FWD) "), "Lunch");
    EXPECT_EQ(base("Re [2]: Lunch"), "Lunch");
    EXPECT_EQ(base("[list] Re: [list] Lunch"), "Lunch");
    EXPECT_EQ(base("[Fwd: Re: Lunch]"), "Lunch");
    EXPECT_EQ(base("Re: [fwd: [fwd: Lunch]]"), "Lunch");
    EXPECT_TRUE(base_subject("Re: Lunch").reply_or_forward);
    EXPECT_TRUE(base_subject("[fwd: Lunch]").reply_or_forward);
    EXPECT_TRUE(base_subject("Lunch (fwd)").reply_or_forward);
}

TEST(BaseSubject, KeepsWhatIsNoMark) {
    EXPECT_EQ(base("Report: Lunch"), "Report: Lunch");
    EXPECT_EQ(base("[only a blob]"), "[only a blob]");
    EXPECT_EQ(base("Re"), "Re");
    EXPECT_EQ(base("Re:"), "");
    EXPECT_EQ(base("a [b] re: c"), "a [b] re: c");
    EXPECT_FALSE(base_subject("[list] Lunch").reply_or_forward);
    EXPECT_EQ(base("[list] Lunch"), "Lunch");
    EXPECT_EQ(base("[open Lunch"), "[open Lunch");
}

TEST(BaseSubject, CollapsesBlanks) { EXPECT_EQ(base("  Re: \t big \r\n  lunch "), "big lunch"); }

TEST(BaseSubject, TakesLinearTime) {
    std::string blobs;
    for (int i = 0; i < 200'000; ++i)
        blobs += "[a]";
    EXPECT_EQ(base(blobs + "x"), "x");
    std::string marks;
    for (int i = 0; i < 200'000; ++i)
        marks += "re:";
    EXPECT_EQ(base(marks + "x"), "x");
    std::string nested;
    for (int i = 0; i < 50'000; ++i)
        nested += "[fwd:";
    nested += "x" + std::string(50'000, ']');
    EXPECT_EQ(base(nested), "x");
}

TEST(Casemap, MapsAsRfc5051Says) {
    EXPECT_EQ(casemap("Lunch 12"), "LUNCH 12");
    EXPECT_EQ(casemap("\xC3\xBC"), casemap("\xC3\x9C")); // u with diaeresis
    EXPECT_EQ(casemap("\xC3\xBC"), "U\xCC\x88");         // decomposed
    EXPECT_EQ(casemap("\xEF\xAC\x81"), "fi");            // a ligature, title case of itself
    EXPECT_EQ(casemap("\xCF\x83"), casemap("\xCF\x82")); // both small sigmas
    EXPECT_EQ(casemap("\xEA\xB0\x80"), "\xE1\x84\x80\xE1\x85\xA1"); // Hangul
    EXPECT_EQ(casemap("a\xFFz"), "A\xEF\xBF\xBDZ");
}

} // namespace lockstep::mime
