#include "office/outgoing.hpp"
#include "office/submission.hpp"

#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "office/delivery.hpp"
#include "office/delivery_test_support.hpp"
#include "office/submission_header.hpp"

namespace lockstep::office {
namespace {

class Submit : public testing::OfficeTest {
protected:
    Actor actor() const { return {anna, model::AuthorId{77}}; }
    Result<> send(std::string mime, std::string client_id = {}, bool save = true) {
        Submission submission;
        submission.mime = std::move(mime);
        submission.client_id = std::move(client_id);
        submission.save_in_sent = save;
        return block_on(submit(office(), actor(), std::move(submission)));
    }
    Code code_of(std::string mime) {
        const auto sent = send(std::move(mime));
        EXPECT_FALSE(sent.has_value());
        return sent ? Code::internal : sent.error().code;
    }
    std::vector<std::string> sent_copies() { return house->mails(anna.id, model::Role::sent); }
    /// Nobody has anything.
    bool silent() {
        return sent_copies().empty() && house->inbox(anna.id).empty() &&
               house->inbox(bert.id).empty() && house->inbox(carl.id).empty() &&
               house->blob_references() == 0 && house->spooled() == 0;
    }
    static std::string to(const std::string& recipients, const std::string& more = {}) {
        return "From: Anna <anna@example.org>\r\nTo: " + recipients + "\r\n" + more +
               "Subject: Hi\r\n\r\nText\r\n";
    }
};

} // namespace

TEST_F(Submit, ReachesBothFilesAndKeepsACopyThatIsRead) {
    ASSERT_TRUE(send(to("bert@example.org, Carl <CARL@example.org>")).has_value());
    ASSERT_EQ(sent_copies().size(), 1U);
    EXPECT_EQ(house->inbox(bert.id), sent_copies());
    EXPECT_EQ(house->inbox(carl.id), sent_copies());
    EXPECT_EQ(house->spooled(), 0);
    std::function<Result<std::int64_t>(store::Snapshot&)> unseen = [&](store::Snapshot& snapshot) {
        return Result<std::int64_t>(
            store::find_by_role(snapshot, anna.id, model::Role::sent)->unseen
        );
    };
    EXPECT_EQ(block_on(house->db->read<std::int64_t>(anna.id, unseen)).value(), 0);
}

TEST_F(Submit, KeepsNoCopyWhenNoneIsWanted) {
    ASSERT_TRUE(send(to("bert@example.org"), "c1", false).has_value());
    EXPECT_TRUE(sent_copies().empty());
    EXPECT_EQ(house->inbox(bert.id).size(), 1U);
}

TEST_F(Submit, ShowsBccToTheSenderOnly) {
    ASSERT_TRUE(
        send(to("bert@example.org", "Bcc: carl@example.org,\r\n dora@example.org\r\n")).has_value()
    );
    for (const auto& account : {bert, carl, dora}) {
        const auto mails = house->inbox(account.id);
        ASSERT_EQ(mails.size(), 1U) << account.address;
        EXPECT_FALSE(mails[0].contains("Bcc"));
        EXPECT_FALSE(mails[0].contains("dora@"));
    }
    EXPECT_TRUE(sent_copies().at(0).contains("Bcc: carl@example.org,\r\n dora@example.org\r\n"));
}

TEST_F(Submit, CompletesWhatIsMissingAndNothingElse) {
    ASSERT_TRUE(send("To: bert@example.org\nSubject: Hi\n\nText\n").has_value());
    const auto mail = house->inbox(bert.id).at(0);
    const mime::Headers headers(mail);
    for (const auto* name : {"From", "Date", "Message-ID", "MIME-Version", "To", "Subject"})
        EXPECT_EQ(headers.count(name), 1U) << name << "\n" << mail;
    EXPECT_TRUE(headers.first("From")->contains("<anna@example.org>"));
    EXPECT_EQ(headers.first("Date"), "Tue, 24 Nov 2026 06:00:00 +0000");
    EXPECT_TRUE(mail.ends_with("\r\n\r\nText\r\n"));
    const auto full =
        to("bert@example.org", "Date: Mon, 23 Nov 2026 09:30:00 +0100\r\nMessage-ID: <a@b>\r\n"
                               "MIME-Version: 1.0\r\n");
    ASSERT_TRUE(send(full).has_value());
    EXPECT_EQ(house->inbox(bert.id).at(1), full);
}

TEST_F(Submit, S8AnAuthorMustBeTheSender) {
    const std::string rest = "To: bert@example.org\r\nSubject: Hi\r\n\r\nText\r\n";
    EXPECT_EQ(code_of("From: bert@example.org\r\n" + rest), Code::forbidden);
    EXPECT_EQ(code_of("From: anna@example.net\r\n" + rest), Code::forbidden);
    EXPECT_EQ(code_of("From: anna@example.org, bert@example.org\r\n" + rest), Code::forbidden);
    EXPECT_EQ(
        code_of("From: anna@example.org\r\nFrom: bert@example.org\r\n" + rest), Code::forbidden
    );
    EXPECT_TRUE(silent());
    ASSERT_TRUE(block_on(house->people->add_alias(anna.id, "a.smith@example.org")).has_value());
    EXPECT_TRUE(send("From: A <A.Smith@Example.ORG>\r\n" + rest).has_value());
    EXPECT_TRUE(send("From: anna+news@example.org\r\n" + rest).has_value());
}

TEST_F(Submit, ReplacesANameWithoutAddressAndDropsAForeignSender) {
    const std::string rest = "To: bert@example.org\r\nSubject: Hi\r\n\r\nText\r\n";
    ASSERT_TRUE(send("From: Anna\r\nSender: bert@example.org\r\n" + rest).has_value());
    const auto mail = house->inbox(bert.id).at(0);
    EXPECT_TRUE(mime::Headers(mail).first("From")->contains("<anna@example.org>")) << mail;
    EXPECT_EQ(mime::Headers(mail).count("Sender"), 0U);
}

TEST_F(Submit, NothingIsHalfSent) {
    const auto unknown = send(to("bert@example.org, far@elsewhere.example, nobody@example.org"));
    ASSERT_FALSE(unknown.has_value());
    EXPECT_EQ(unknown.error().code, Code::not_found);
    EXPECT_TRUE(unknown.error().text.contains("nobody@example.org"));
    EXPECT_TRUE(silent());
}

TEST_F(Submit, WhatIsForOtherServersIsQueuedInTheSameCommit) {
    ASSERT_TRUE(send(to("bert@example.org, far@elsewhere.example")).has_value());
    EXPECT_EQ(house->inbox(bert.id).size(), 1U);
    const auto queued = block_on(list_outgoing(office(), 10));
    ASSERT_TRUE(queued.has_value());
    ASSERT_EQ(queued->size(), 1U);
    EXPECT_EQ(queued->front().message.sender, "anna@example.org");
    ASSERT_EQ(queued->front().recipients.size(), 1U);
    EXPECT_EQ(queued->front().recipients.front().address, "far@elsewhere.example");
}

TEST_F(Submit, AnOutcomeIsSettledOnceWithOneReport) {
    ASSERT_TRUE(send(to("far@elsewhere.example")).has_value());
    const auto queued = block_on(list_outgoing(office(), 10));
    ASSERT_EQ(queued->size(), 1U);
    const auto mail = block_on(read_outgoing(office(), anna.id, queued->front().message.id));
    ASSERT_TRUE(mail.has_value());
    const Outcome outcome{
        1, Outcome::Kind::failed, "5.1.1", "mx.elsewhere.example", "550 5.1.1 nobody"
    };
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(block_on(settle_outgoing(office(), *mail, {outcome})).has_value());
    EXPECT_TRUE(block_on(list_outgoing(office(), 10))->empty());
    const auto reports = house->inbox(anna.id);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_TRUE(reports.front().contains("Final-Recipient: rfc822; far@elsewhere.example"));
    EXPECT_TRUE(reports.front().contains("Status: 5.1.1"));
}

TEST_F(Submit, RefusesWhatIsNoMessageOrHasNoRecipient) {
    EXPECT_EQ(code_of(""), Code::bad_syntax);
    EXPECT_EQ(code_of(std::string("\0\1\2", 3)), Code::bad_syntax);
    EXPECT_EQ(code_of("From: anna@example.org\r\nSubject: x\r\n\r\ny\r\n"), Code::bad_value);
    EXPECT_EQ(code_of(to("undisclosed-recipients:;")), Code::bad_value);
    std::string crowd = "a@example.org";
    for (int i = 0; i < 1'000; ++i)
        crowd += ",\r\n b" + std::to_string(i) + "@example.org";
    EXPECT_EQ(code_of(to(crowd)), Code::too_large);
    std::string fields;
    for (int i = 0; i < 2'100; ++i)
        fields += "X-F: y\r\n";
    EXPECT_EQ(code_of(fields + to("bert@example.org")), Code::too_large) << "a Bcc could hide";
}

TEST_F(Submit, D5TheSameClientIdIsSentOnce) {
    ASSERT_TRUE(send(to("bert@example.org"), "c1").has_value());
    for (int i = 0; i < 3; ++i) {
        const auto again = send(to("bert@example.org"), "c1");
        ASSERT_FALSE(again.has_value());
        EXPECT_EQ(again.error().code, Code::exists);
    }
    crash();
    EXPECT_EQ(send(to("bert@example.org"), "c1").error().code, Code::exists);
    ASSERT_TRUE(send(to("bert@example.org"), "c2").has_value());
    EXPECT_EQ(house->inbox(bert.id).size(), 2U);
    EXPECT_EQ(sent_copies().size(), 2U);
}

TEST_F(Submit, AFailedOneMayBeRepeatedWithItsClientId) {
    EXPECT_FALSE(send(to("nobody@example.org"), "c1").has_value());
    house->break_file(anna.id);
    EXPECT_EQ(send(to("bert@example.org"), "c1").error().code, Code::unavailable);
    house->mend();
    EXPECT_TRUE(send(to("bert@example.org"), "c1").has_value());
    EXPECT_EQ(house->inbox(bert.id).size(), 1U);
}

TEST_F(Submit, SurvivesACrashBetweenTheCommitAndTheFanOut) {
    house->break_file(bert.id);
    ASSERT_TRUE(send(to("bert@example.org, carl@example.org"), "c1").has_value());
    EXPECT_EQ(house->spooled(), 1);
    EXPECT_EQ(house->inbox(carl.id).size(), 1U);
    crash();
    EXPECT_EQ(send(to("bert@example.org, carl@example.org"), "c1").error().code, Code::exists);
    ASSERT_EQ(block_on(resume_fan_out(office())).value_or(9), 0U);
    EXPECT_EQ(house->inbox(bert.id).size(), 1U);
    EXPECT_EQ(house->inbox(carl.id).size(), 1U);
    EXPECT_EQ(sent_copies().size(), 1U);
    EXPECT_EQ(house->spooled(), 0);
    EXPECT_EQ(house->blob_references(), 3);
}

TEST_F(Submit, AnEnvelopeOfItsOwnWinsOverTheHeader) {
    Submission submission;
    submission.mime = to("far@elsewhere.example");
    submission.envelope_recipients = {"dora@example.org"};
    ASSERT_TRUE(block_on(submit(office(), actor(), std::move(submission))).has_value());
    EXPECT_EQ(house->inbox(dora.id).size(), 1U);
}

TEST_F(Submit, MailToOneselfArrives) {
    ASSERT_TRUE(send(to("anna@example.org")).has_value());
    EXPECT_EQ(house->inbox(anna.id), sent_copies());
}

TEST_F(Submit, SendsALargeMessageWholeAndOnce) {
    auto mime = to("bert@example.org, carl@example.org");
    while (mime.size() < 500'000)
        mime += "a line with a bare end\nand one more\r";
    ASSERT_TRUE(send(mime).has_value());
    const auto mail = house->inbox(bert.id).at(0);
    EXPECT_GT(mail.size(), 500'000U);
    EXPECT_EQ(mail, with_crlf(mail));
    EXPECT_EQ(sent_copies().at(0), mail);
    std::size_t files = 0;
    EXPECT_TRUE(house->files
                    ->each([&](const Hash&) -> Result<> {
                        ++files;
                        return {};
                    })
                    .has_value());
    EXPECT_EQ(files, 1U);
}

TEST_F(Submit, StopsAtTheQuotaOfTheSenderToo) {
    ASSERT_TRUE(block_on(house->people->set_quota(anna.id, 1)).has_value());
    anna.quota_bytes = 1;
    ASSERT_TRUE(send(to("bert@example.org")).has_value());
    EXPECT_EQ(send(to("bert@example.org")).error().code, Code::over_quota);
    EXPECT_EQ(house->inbox(bert.id).size(), 1U);
    EXPECT_TRUE(send(to("bert@example.org"), "", false).has_value());
}

TEST(SubmissionHeader, MendsEveryBareLineEnd) {
    EXPECT_EQ(with_crlf("a\nb\rc\r\nd\r\r\n\n"), "a\r\nb\r\nc\r\nd\r\n\r\n\r\n");
    EXPECT_EQ(with_crlf("\r"), "\r\n");
    EXPECT_EQ(with_crlf("\n\r"), "\r\n\r\n");
    EXPECT_EQ(with_crlf("whole\r\n"), "whole\r\n");
    EXPECT_EQ(with_crlf(""), "");
}

TEST(SubmissionHeader, ListsAddressesOnce) {
    const auto all = mime::parse_addresses("A <a@x.example>, a@X.example, team: b@x.example;, "
                                           "undisclosed:;");
    EXPECT_EQ(plain_addresses(all), (std::vector<std::string>{"a@x.example", "b@x.example"}));
}

} // namespace lockstep::office
