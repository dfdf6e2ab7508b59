// The dialogue without attacks: order of commands, extensions, recipients, the message itself.
#include <fmt/core.h>

#include "base/text.hpp"
#include "protocols/smtp/dialogue_test_support.hpp"
#include "protocols/smtp/errors.hpp"

namespace lockstep::smtp {
namespace {

using testing::Step;
using Smtp = testing::SmtpTest;

const Step kMail{"MAIL FROM:<sender@example.net>\r\n"};
const Step kRcpt{"RCPT TO:<anna@example.org>\r\n"};
const Step kData{"DATA\r\n"};
const std::string kText = "Subject: Hi\r\n\r\nBody\r\n";
const Step kContent{kText + ".\r\n"};
const Step kQuit{"QUIT\r\n"};

} // namespace

TEST_F(Smtp, TakesAMessageAndAnswersAfterItIsStored) {
    EXPECT_EQ(after_ehlo({kMail, kRcpt, kData, kContent, kQuit}), "250 250 354 250 221");
    const auto mails = house->inbox(anna.id);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_TRUE(mails[0].ends_with("\r\n" + kText));
    EXPECT_TRUE(mails[0].starts_with("Return-Path: <sender@example.net>\r\nReceived: from "
                                     "client.example.net ([192.0.2.1])\r\n\tby mail.example.org")
    ) << mails[0];
}

TEST_F(Smtp, OffersWhatItDoes) {
    EXPECT_EQ(talk({{"EHLO x.example\r\n"}}), "220 250");
    for (const auto* keyword :
         {"220 mail.example.org ESMTP", "250-mail.example.org", "250-PIPELINING",
          "250-SIZE 1048576", "250-8BITMIME", "250-SMTPUTF8", "250-CHUNKING",
          "250-ENHANCEDSTATUSCODES", "250 HELP"})
        EXPECT_TRUE(text.contains(keyword)) << keyword << "\n" << text;
    EXPECT_FALSE(text.contains("STARTTLS"));
    EXPECT_FALSE(text.contains("AUTH"));
}

TEST_F(Smtp, HeloIsEnough) {
    EXPECT_EQ(
        talk({{"HELO old.example\r\n"}, kMail, kRcpt, kData, kContent}), "220 250 250 250 354 250"
    );
    EXPECT_TRUE(house->inbox(anna.id).at(0).contains(" with SMTP id "));
}

TEST_F(Smtp, KeepsTheOrderOfCommands) {
    EXPECT_EQ(talk({kMail, kRcpt, kData, {"RSET\r\n"}, {"NOOP\r\n"}}), "220 503 503 503 250 250");
    EXPECT_EQ(
        after_ehlo({kRcpt, kData, kMail, kMail, kData, kRcpt, kMail}), "503 503 250 503 503 250 503"
    );
    EXPECT_EQ(after_ehlo({kMail, kRcpt, {"RSET\r\n"}, kData, kMail}), "250 250 250 503 250");
    EXPECT_EQ(after_ehlo({kMail, kRcpt, {"EHLO again.example\r\n"}, kData}), "250 250 250 503");
}

TEST_F(Smtp, AnswersTheSmallCommands) {
    EXPECT_EQ(
        after_ehlo(
            {{"NOOP\r\n"},
             {"noop with words\r\n"},
             {"VRFY anna\r\n"},
             {"EXPN staff\r\n"},
             {"HELP\r\n"},
             {"AUTH PLAIN\r\n"},
             {"LHLO x\r\n"},
             {"BOGUS\r\n"},
             {"STARTTLS\r\n"},
             {"STARTTLS now\r\n"},
             {"QUIT\r\n"}}
        ),
        "250 250 252 252 214 502 502 500 502 501 221"
    );
}

TEST_F(Smtp, RefusesRecipientsOneByOne) {
    EXPECT_EQ(
        after_ehlo(
            {kMail,
             {"RCPT TO:<nobody@example.org>\r\n"},
             kRcpt,
             {"RCPT TO:<bert@EXAMPLE.ORG>\r\n"},
             kData,
             kContent}
        ),
        "250 550 250 250 354 250"
    );
    EXPECT_TRUE(text.contains("550 5.1.1 "));
    EXPECT_EQ(count(anna), 1U);
    EXPECT_EQ(count(bert), 1U);
}

TEST_F(Smtp, FindsThePostmasterOfAnyDomainOfOurs) {
    EXPECT_EQ(after_ehlo({kMail, {"RCPT TO:<Postmaster>\r\n"}}), "250 550");
    ASSERT_TRUE(block_on(house->people->add_alias(anna.id, "postmaster@example.org")).has_value());
    EXPECT_EQ(
        after_ehlo({{"MAIL FROM:<>\r\n"}, {"RCPT TO:<Postmaster>\r\n"}, kData, kContent}),
        "250 250 354 250"
    );
    EXPECT_TRUE(house->inbox(anna.id).at(0).starts_with("Return-Path: <>\r\n"));
}

TEST_F(Smtp, DeliversSeveralMessagesOverOneConnection) {
    EXPECT_EQ(
        after_ehlo({kMail, kRcpt, kData, kContent, kMail, kRcpt, kData, kContent, kQuit}),
        "250 250 354 250 250 250 354 250 221"
    );
    EXPECT_EQ(count(anna), 2U);
}

TEST_F(Smtp, AnswersAPipelineInOrder) {
    EXPECT_EQ(
        after_ehlo(
            {{kMail.send + "RCPT TO:<nobody@example.org>\r\n" + kRcpt.send + kData.send, 4},
             {kContent.send + kMail.send + "RSET\r\n" + kQuit.send, 4}}
        ),
        "250 550 250 354 250 250 250 221"
    );
}

TEST_F(Smtp, SaysTheSameHoweverTheBytesAreCut) {
    const std::vector<Step> steps{
        {kMail.send + kRcpt.send + kData.send, 3},
        {"Subject: x\r\n\r\n..dot\r\n.\r\n" + kMail.send + kRcpt.send +
             "BDAT 3\r\na\r\nBDAT 0 LAST\r\n",
         5}
    };
    const auto whole = after_ehlo(steps);
    EXPECT_EQ(whole, "250 250 354 250 250 250 250 250");
    for (std::size_t chunk = 1; chunk < 40; ++chunk)
        EXPECT_EQ(after_ehlo(steps, chunk), whole) << chunk;
    const auto mails = house->inbox(anna.id);
    ASSERT_EQ(mails.size(), 80U);
    for (std::size_t i = 0; i < mails.size(); i += 2) {
        EXPECT_TRUE(mails[i].ends_with("\r\nSubject: x\r\n\r\n.dot\r\n")) << mails[i];
        EXPECT_TRUE(mails[i + 1].ends_with("+0000\r\na\r\n")) << mails[i + 1];
    }
}

TEST_F(Smtp, JoinsChunksToOneMessage) {
    std::vector<Step> steps{kMail, kRcpt};
    const std::string body = kText + ".\r\nmore\r\n";
    for (std::size_t at = 0; at < body.size(); at += 7) {
        const auto piece = body.substr(at, 7);
        steps.push_back({fmt::format("BDAT {}\r\n{}", piece.size(), piece)});
    }
    steps.push_back({"BDAT 0 LAST\r\n"});
    std::string expected = "250";
    for (std::size_t i = 1; i < steps.size(); ++i)
        expected += " 250";
    EXPECT_EQ(after_ehlo(std::move(steps)), expected);
    EXPECT_TRUE(house->inbox(anna.id).at(0).ends_with("\r\n" + body));
}

TEST_F(Smtp, ReadsTheBytesOfAChunkThatComesOutOfOrder) {
    EXPECT_EQ(
        after_ehlo(
            {{"BDAT 10 LAST\r\nQUIT\r\nQUIT"},
             kMail,
             {"BDAT 6\r\nQUIT\r\n"},
             kRcpt,
             {"BDAT 3\r\na\r\n"},
             kData,
             kMail,
             {"BDAT 0 LAST\r\n"},
             kQuit}
        ),
        "503 250 503 250 250 503 503 250 221"
    );
}

TEST_F(Smtp, RefusesParametersThatItDidNotOffer) {
    EXPECT_EQ(
        after_ehlo(
            {{"MAIL FROM:<a@example.net> MOON=FULL\r\n"},
             {"MAIL FROM:<a@example.net> RET=HDRS\r\n"},
             {"MAIL FROM:<a@example.net> ENVID=x\r\n"},
             {"MAIL FROM:<a@example.net> AUTH=<>\r\n"},
             {"MAIL FROM:<a@example.net> BODY=BINARYMIME\r\n"},
             {"MAIL FROM:<a@example.net> REQUIRETLS\r\n"},
             {"MAIL FROM:<a@example.net> SIZE=x\r\n"},
             {"MAIL FROM:<a@example.net> SIZE=100 BODY=8BITMIME\r\n"},
             {"RCPT TO:<anna@example.org> NOTIFY=NEVER\r\n"},
             {"RCPT TO:<anna@example.org> MOON=FULL\r\n"}}
        ),
        "555 555 555 555 555 555 501 250 555 555"
    );
}

TEST_F(Smtp, TakesUtf8AddressesOnlyWhenAsked) {
    EXPECT_EQ(
        after_ehlo(
            {{"MAIL FROM:<jürgen@bücher.example>\r\n"},
             kMail,
             {"RCPT TO:<jörg@example.org>\r\n"},
             {"RSET\r\n"},
             {"MAIL FROM:<jürgen@bücher.example> SMTPUTF8\r\n"},
             kRcpt,
             kData,
             {"Subject: Grüße\r\n\r\nHällo\r\n.\r\n"}}
        ),
        "550 250 553 250 250 250 354 250"
    );
    const auto mail = house->inbox(anna.id).at(0);
    EXPECT_TRUE(mail.starts_with("Return-Path: <jürgen@bücher.example>\r\n")) << mail;
    EXPECT_TRUE(mail.contains(" with UTF8SMTP id "));
}

TEST_F(Smtp, TellsAFullMailboxAtRcpt) {
    const auto emil = house->add("emil@example.org", 100);
    EXPECT_EQ(
        after_ehlo(
            {kMail,
             {"RCPT TO:<emil@example.org>\r\n"},
             kData,
             kContent,
             kMail,
             {"RCPT TO:<emil@example.org>\r\n"},
             kRcpt,
             kData,
             kContent,
             {"MAIL FROM:<> SIZE=200\r\n"},
             {"RCPT TO:<emil@example.org>\r\n"}}
        ),
        "250 250 354 250 250 452 250 354 250 250 552"
    );
    EXPECT_TRUE(text.contains("452 4.2.2 "));
    EXPECT_TRUE(text.contains("552 5.2.2 "));
    EXPECT_EQ(house->inbox(emil.id).size(), 1U);
}

TEST_F(Smtp, D1SaysSoWhenTheStoreCannotTakeIt) {
    house->break_file(anna.id);
    EXPECT_EQ(after_ehlo({kMail, kRcpt, kData, kContent, kQuit}), "250 250 354 452 221");
    EXPECT_TRUE(text.contains("452 4.3.1 "));
    house->mend();
    EXPECT_EQ(count(anna), 0U);
}

TEST_F(Smtp, MailForTwoFilesIsThereForBothWhenItIsAnswered) {
    EXPECT_EQ(
        after_ehlo({kMail, kRcpt, {"RCPT TO:<bert@example.org>\r\n"}, kData, kContent}),
        "250 250 250 354 250"
    );
    EXPECT_EQ(count(anna), 1U);
    EXPECT_EQ(count(bert), 1U);
    EXPECT_EQ(house->spooled(), 0);
}

TEST_F(Smtp, StoresALargeMessageWhole) {
    std::string body = kText;
    while (body.size() < 400'000)
        body += ".a line with a dot in front\r\n";
    EXPECT_EQ(
        after_ehlo(
            {kMail,
             kRcpt,
             kData,
             {replace_all(body, "\r\n.", "\r\n..") + ".\r\n"},
             kMail,
             kRcpt,
             {fmt::format("BDAT {} LAST\r\n{}", body.size(), body)}}
        ),
        "250 250 354 250 250 250 250"
    );
    const auto mails = house->inbox(anna.id);
    ASSERT_EQ(mails.size(), 2U);
    EXPECT_TRUE(mails[0].ends_with("\r\n" + body));
    EXPECT_TRUE(mails[1].ends_with("\r\n" + body));
}

TEST(SmtpErrors, EveryCodeHasAReplyWithAMatchingStatus) {
    for (auto code = Code::bad_syntax; code <= Code::internal;
         code = static_cast<Code>(static_cast<int>(code) + 1)) {
        for (const auto moment :
             {Moment::command, Moment::sender, Moment::recipient, Moment::content}) {
            const auto reply = reply_to(code, moment);
            EXPECT_TRUE(reply.code >= 421 && reply.code <= 555) << reply.code;
            EXPECT_EQ(reply.enhanced.at(0), std::to_string(reply.code).at(0)) << reply.code;
            EXPECT_FALSE(reply.text.empty());
        }
    }
}

} // namespace lockstep::smtp
