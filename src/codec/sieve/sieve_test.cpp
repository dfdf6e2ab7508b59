// Claims about scripts: what is refused, and what a run wants done.
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/sieve/run.hpp"

namespace lockstep::sieve {
namespace {

constexpr std::string_view kHeader =
    "From: Coyote <coyote@desert.example.org>\r\nTo: roadrunner+fast@acme.example.com\r\n"
    "Subject: =?utf-8?q?I_have_a_present_for_you?=\r\nX-Spam: 7\r\nReceived: a\r\nReceived: b\r\n"
    "Date: Tue, 24 Nov 2026 23:30:00 -0200\r\n\r\n";

Outcome done(const std::string& text) {
    const auto script = read_script(text);
    EXPECT_TRUE(script) << script.error().text;
    Facts facts;
    facts.header = kHeader;
    facts.from = "coyote@desert.example.org";
    facts.to = "roadrunner+fast@acme.example.com";
    facts.size = 10'000;
    facts.now = 1'795'600'800;
    facts.mailbox_exists = [](const std::string& name) { return name == "There"; };
    facts.body = [](BodyPart, const std::vector<std::string>&) { return "a giant bird trap"; };
    const auto outcome = script ? run(*script, facts) : Outcome();
    EXPECT_TRUE(outcome) << outcome.error().text;
    return outcome.value_or(Outcome());
}

/// The mailbox into which a test's success files the message.
bool holds_true(const std::string& test) {
    const auto outcome = done(
        "require [\"fileinto\", \"envelope\", \"body\", \"date\", \"relational\", \"variables\", "
        "\"mailbox\", \"imap4flags\", \"subaddress\", \"comparator-i;ascii-numeric\"];\n"
        "if " +
        test + " { fileinto \"yes\"; }"
    );
    return outcome.filings.size() == 1 && outcome.filings[0].mailbox == "yes";
}

TEST(SieveRead, WrongScriptsNameTheirLine) {
    for (const auto& [text, line] : std::vector<std::pair<std::string, std::string>>{
             {"keep", "line 1"},
             {"\nfileinto \"x\";", "line 2"},
             {"require \"nothing\";", "line 1"},
             {"if true { keep; ", "line 1"},
             {"\n\nif size 5 { keep; }", "line 3"},
             {"keep; require \"fileinto\";", "line 1"},
             {"if header :is :over \"a\" \"b\" { stop; }", "line 1"},
             {"redirect \"unfinished", "line 1"},
             {"/* no end", "line 1"},
             {"if not not { keep; }", "line 1"},
         }) {
        const auto script = read_script(text);
        ASSERT_FALSE(script) << text;
        EXPECT_TRUE(script.error().text.starts_with(line)) << script.error().text;
    }
}

TEST(SieveRead, DepthIsBounded) {
    std::string deep;
    for (int i = 0; i < 100'000 && deep.size() < 60'000; ++i)
        deep += "not ";
    EXPECT_FALSE(read_script("if " + deep + "true { keep; }"));
    std::string blocks;
    for (int i = 0; i < 3'000; ++i)
        blocks += "if true {";
    EXPECT_FALSE(read_script(blocks));
}

TEST(SieveRun, EveryTestOfTheSubset) {
    for (const auto* test :
         {"header :contains \"subject\" \"PRESENT\"",
          "header :is \"SUBJECT\" \"i have a present for you\"",
          "header :matches \"subject\" \"I have * for ???\"",
          "address :domain :is \"from\" \"desert.example.org\"",
          "address :localpart \"to\" \"roadrunner+fast\"",
          "address :user \"to\" \"roadrunner\"",
          "address :detail :is \"to\" \"fast\"",
          "envelope :all \"from\" \"coyote@desert.example.org\"",
          "envelope :detail \"to\" \"fast\"",
          "exists [\"from\", \"date\"]",
          "not exists \"cc\"",
          "size :over 9K",
          "size :under 10K",
          "body :contains \"BIRD\"",
          "allof (true, not false)",
          "anyof (false, true)",
          "header :value \"ge\" :comparator \"i;ascii-numeric\" \"x-spam\" \"6\"",
          "header :count \"eq\" \"received\" \"2\"",
          "mailboxexists \"There\"",
          "not mailboxexists [\"There\", \"Not\"]",
          "date :originalzone \"date\" \"hour\" \"23\"",
          "date \"date\" \"date\" \"2026-11-25\"",
          "date :zone \"-0200\" \"date\" \"weekday\" \"2\"",
          "currentdate :value \"ge\" \"year\" \"2026\"",
          "currentdate :zone \"+0100\" \"zone\" \"+0100\"",
          "string :is \"a\" \"a\""})
        EXPECT_TRUE(holds_true(test)) << test;
    for (const auto* test :
         {"header :is \"subject\" \"present\"", "size :over 10K", "exists \"cc\"",
          "header :comparator \"i;octet\" :contains \"subject\" \"PRESENT\"",
          "address :detail :is \"from\" \"\"", "hasflag \"\\\\seen\""})
        EXPECT_FALSE(holds_true(test)) << test;
}

TEST(SieveRun, ImplicitKeepIsCancelledByWhatTakesTheMessage) {
    EXPECT_EQ(done("").filings, std::vector<Filing>{Filing{}});
    EXPECT_TRUE(done("discard;").filings.empty());
    EXPECT_EQ(done("redirect \"a@b.example\";").redirects.size(), 1U);
    EXPECT_TRUE(done("redirect \"a@b.example\";").filings.empty());
    EXPECT_EQ(done("require \"copy\"; redirect :copy \"a@b.example\";").filings.size(), 1U);
    const auto both =
        done("require [\"fileinto\",\"copy\"]; fileinto :copy \"A\"; fileinto \"A\";");
    ASSERT_EQ(both.filings.size(), 1U);
    const auto rejected = done("require \"reject\"; reject text:\r\nNo.\r\n..dots\r\n.\r\n;");
    EXPECT_EQ(rejected.reject, "No.\r\n.dots\r\n");
    EXPECT_TRUE(rejected.filings.empty());
    EXPECT_EQ(done("stop; discard;").filings.size(), 1U);
}

TEST(SieveRun, FlagsAndVariables) {
    const auto outcome = done(
        "require [\"imap4flags\", \"variables\", \"fileinto\", \"mailbox\"];\n"
        "addflag \"\\\\Flagged \\\\Seen\"; removeflag \"\\\\seen\";\n"
        "if header :matches \"subject\" \"* have a *\" { set :upperfirst \"what\" \"${2}\"; }\n"
        "if hasflag :is \"\\\\flagged\" { fileinto :create \"Box/${what}${unknown}\"; }"
    );
    ASSERT_EQ(outcome.filings.size(), 1U);
    EXPECT_EQ(outcome.filings[0].mailbox, "Box/Present for you");
    EXPECT_TRUE(outcome.filings[0].create);
    EXPECT_EQ(outcome.filings[0].flags, std::vector<std::string>{"\\Flagged"});
}

TEST(SieveRun, VacationComesWithEveryArgument) {
    const auto outcome = done("require \"vacation\"; vacation :days 3 :subject \"Away\" :addresses "
                              "[\"x@y.example\"] \"Gone\";");
    ASSERT_TRUE(outcome.reply);
    EXPECT_EQ(outcome.reply->days, 3);
    EXPECT_EQ(outcome.reply->text, "Gone");
    EXPECT_EQ(outcome.filings.size(), 1U);
}

TEST(SievePattern, WildcardsTakeAsLittleAsTheyCanInBoundedTime) {
    std::vector<std::string> captured;
    std::size_t steps = 1'000;
    EXPECT_TRUE(match_pattern("*.*", "a.b.c", false, captured, steps));
    EXPECT_EQ(captured, (std::vector<std::string>{"a.b.c", "a", "b.c"}));
    EXPECT_TRUE(match_pattern("\\*?", "*ä", false, captured, steps));
    steps = 200'000;
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += "*a";
    EXPECT_FALSE(match_pattern(many + "b", std::string(50'000, 'a'), false, captured, steps));
}

} // namespace
} // namespace lockstep::sieve
