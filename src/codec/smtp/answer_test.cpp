#include "codec/smtp/answer.hpp"

#include <gtest/gtest.h>

#include "base/limits_mail.hpp"

namespace lockstep::smtp {
namespace {

Answer answer_of(std::initializer_list<std::string_view> lines) {
    Answer answer;
    for (const auto line : lines)
        EXPECT_TRUE(add_answer_line(answer, line).has_value()) << line;
    return answer;
}

TEST(SmtpAnswer, KeepsCodesAndTextOfAllLines) {
    const auto answer = answer_of({"550-5.1.1 no such", "550 5.1.1 user"});
    EXPECT_TRUE(answer.permanent());
    EXPECT_EQ(answer.text(), "550 5.1.1 no such user");
    EXPECT_EQ(status_of(answer), "5.1.1");
}

TEST(SmtpAnswer, EndsWithTheLineWithoutDash) {
    Answer answer;
    EXPECT_FALSE(*add_answer_line(answer, "250-a"));
    EXPECT_TRUE(*add_answer_line(answer, "250"));
}

TEST(SmtpAnswer, RefusesWhatIsNoReply) {
    for (const auto* line : {"", "25", "x50 hello", "199 a", "600 a", "250a", "-50 a"}) {
        Answer answer;
        EXPECT_FALSE(add_answer_line(answer, line).has_value()) << line;
    }
    Answer mixed;
    EXPECT_TRUE(add_answer_line(mixed, "250-a").has_value());
    EXPECT_FALSE(add_answer_line(mixed, "550 b").has_value());
}

TEST(SmtpAnswer, BoundsTheLinesOfAReply) {
    Answer answer;
    for (std::size_t i = 0; i < limits::kReplyLines; ++i)
        EXPECT_TRUE(add_answer_line(answer, "250-x").has_value());
    EXPECT_FALSE(add_answer_line(answer, "250 x").has_value());
    EXPECT_LE(answer.text().size(), limits::kReplyKept);
}

TEST(SmtpAnswer, AStatusThatContradictsTheCodeIsNotBelieved) {
    EXPECT_EQ(status_of(answer_of({"450 5.1.1 contradictory"})), "4.0.0");
    EXPECT_EQ(status_of(answer_of({"550 no code"})), "5.0.0");
}

TEST(SmtpAnswer, ReadsWhatAServerOffers) {
    const auto offers = read_offers(answer_of(
        {"250-mx.example", "250-PIPELINING", "250-size 1000", "250-AUTH plain LOGIN", "250 dsn"}
    ));
    EXPECT_TRUE(offers.esmtp && offers.pipelining && offers.dsn);
    EXPECT_FALSE(offers.starttls || offers.utf8);
    EXPECT_EQ(offers.size, 1000U);
    EXPECT_EQ(offers.auth, (std::vector<std::string>{"PLAIN", "LOGIN"}));
}

} // namespace
} // namespace lockstep::smtp
