#include "office/delivery.hpp"

#include <thread>

#include "office/delivery_spool.hpp"
#include "office/delivery_test_support.hpp"
#include "office/delivery_trace.hpp"

namespace lockstep::office {
namespace {

using testing::House;

class Delivery : public testing::OfficeTest {
protected:
    Envelope envelope(std::vector<model::AccountId> recipients) const {
        Envelope made;
        made.reverse_path = "sender@example.net";
        made.recipients = std::move(recipients);
        made.helo = "client.example.net";
        made.peer = "192.0.2.1";
        return made;
    }
    Result<> send(std::vector<model::AccountId> recipients, std::string message = kMessage) {
        return block_on(deliver(office(), envelope(std::move(recipients)), std::move(message)));
    }
    std::size_t count(const directory::Account& account) { return house->inbox(account.id).size(); }

    static constexpr const char* kMessage =
        "From: Sender <sender@example.net>\r\nSubject: Hello\r\n\r\nBody\r\n";
};

std::string large_message(std::size_t bytes) {
    std::string text = "From: sender@example.net\r\nSubject: Large\r\n\r\n";
    while (text.size() < bytes)
        text += "0123456789012345678901234567890123456789\r\n";
    return text;
}

std::string with_hops(int hops) {
    std::string text;
    for (int i = 0; i < hops; ++i)
        text += "Received: from a.example by b.example; Mon, 23 Nov 2026 09:30:00 +0100\r\n";
    return text + "Subject: Loop\r\n\r\nBody\r\n";
}

} // namespace

TEST_F(Delivery, PutsTraceFieldsAboveTheUnchangedMessage) {
    ASSERT_TRUE(send({anna.id}).has_value());
    const auto mails = house->inbox(anna.id);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_TRUE(mails[0].starts_with(
        "Return-Path: <sender@example.net>\r\n"
        "Received: from client.example.net ([192.0.2.1])\r\n\tby mail.example.org (Lockstep) with "
        "ESMTP id "
    )) << mails[0];
    EXPECT_TRUE(mails[0].ends_with(std::string("+0000\r\n") + kMessage)) << mails[0];
}

TEST_F(Delivery, OfManyInOneFileIsOneCommit) {
    std::vector<store::Change> changes;
    house->db->engine().on_commit([&](std::span<const store::Change> some) {
        changes.insert(changes.end(), some.begin(), some.end());
    });
    ASSERT_TRUE(send({anna.id, carl.id}).has_value());
    EXPECT_EQ(changes.size(), 2U);
    EXPECT_EQ(count(anna), 1U);
    EXPECT_EQ(count(carl), 1U);
    EXPECT_EQ(house->spooled(), 0);
}

TEST_F(Delivery, ToTwoFilesReachesAllAndLeavesNothingBehind) {
    ASSERT_TRUE(send({anna.id, bert.id, carl.id, dora.id}).has_value());
    for (const auto& account : {anna, bert, carl, dora})
        EXPECT_EQ(count(account), 1U) << account.address;
    EXPECT_EQ(house->spooled(), 0);
    EXPECT_EQ(house->blob_references(), 4);
}

TEST_F(Delivery, CountsARepeatedRecipientOnce) {
    ASSERT_TRUE(send({anna.id, bert.id, anna.id, bert.id}).has_value());
    EXPECT_EQ(count(anna), 1U);
    EXPECT_EQ(count(bert), 1U);
}

TEST_F(Delivery, GivesALargeMessageOneFileForAll) {
    const auto message = large_message(300'000);
    ASSERT_TRUE(send({anna.id, bert.id}, message).has_value());
    const auto mails = house->inbox(bert.id);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_TRUE(mails[0].ends_with(message));
    EXPECT_EQ(house->inbox(anna.id), mails);
    std::size_t files = 0;
    const auto walked = house->files->each([&](const Hash&) -> Result<> {
        ++files;
        return {};
    });
    EXPECT_TRUE(walked.has_value());
    EXPECT_EQ(files, 1U);
}

TEST_F(Delivery, StoresTheSameBytesHoweverTheyArrive) {
    const auto message = large_message(200'000);
    Incoming incoming(office(), envelope({anna.id}));
    for (std::size_t at = 0; at < message.size(); at += 4'099) {
        incoming.append(std::string_view(message).substr(at, 4'099));
        if (incoming.full()) {
            ASSERT_TRUE(block_on(incoming.spill()).has_value());
        }
    }
    EXPECT_EQ(incoming.size(), message.size());
    ASSERT_TRUE(block_on(incoming.deliver()).has_value());
    const auto mails = house->inbox(anna.id);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_TRUE(mails[0].ends_with("\r\n" + message));
    EXPECT_EQ(mails[0].find("Received:"), mails[0].rfind("Received:"));
}

TEST_F(Delivery, LeavesNothingOfAMessageThatWasNotFinished) {
    {
        Incoming incoming(office(), envelope({anna.id}));
        incoming.append(large_message(100'000));
        ASSERT_TRUE(block_on(incoming.spill()).has_value());
    }
    EXPECT_EQ(count(anna), 0U);
    EXPECT_TRUE(std::filesystem::is_empty(place.blobs() + "/tmp"));
}

TEST_F(Delivery, RemovesReturnPathsOfTheSendersOwn) {
    ASSERT_TRUE(send(
                    {anna.id}, std::string("Return-Path: <forged@example.net>\r\n") + kMessage +
                                   "Return-Path: in the body\r\n"
    )
                    .has_value());
    const auto mail = house->inbox(anna.id).at(0);
    EXPECT_FALSE(mail.contains("forged"));
    EXPECT_TRUE(mail.contains("Return-Path: in the body"));
}

TEST_F(Delivery, S10RefusesWhatWentRoundTooOften) {
    ASSERT_TRUE(send({anna.id}, with_hops(50)).has_value());
    const auto refused = send({anna.id}, with_hops(51));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::forbidden);
    const auto large = send({anna.id}, with_hops(51) + std::string(200'000, 'x'));
    ASSERT_FALSE(large.has_value());
    EXPECT_EQ(large.error().code, Code::forbidden);
    EXPECT_EQ(count(anna), 1U);
}

TEST_F(Delivery, ASpoolRowIsFinishedAfterACrash) {
    house->break_file(bert.id);
    ASSERT_TRUE(send({anna.id, bert.id, dora.id}).has_value()) << "it is durable in the spool";
    EXPECT_EQ(count(anna), 1U);
    EXPECT_EQ(count(bert), 0U);
    EXPECT_EQ(house->spooled(), 1);
    crash();
    const auto waiting = block_on(resume_fan_out(office()));
    ASSERT_TRUE(waiting.has_value());
    EXPECT_EQ(*waiting, 0U);
    EXPECT_EQ(count(anna), 1U);
    EXPECT_EQ(count(bert), 1U);
    EXPECT_EQ(count(dora), 1U);
    EXPECT_EQ(house->spooled(), 0);
    EXPECT_EQ(house->blob_references(), 3);
    EXPECT_EQ(house->inbox(anna.id), house->inbox(bert.id));
}

TEST_F(Delivery, ALargeSpooledMessageSurvivesACrashAndASweep) {
    const auto message = large_message(100'000);
    house->break_file(bert.id);
    ASSERT_TRUE(send({anna.id, bert.id}, message).has_value());
    crash();
    ASSERT_EQ(block_on(resume_fan_out(office())).value_or(9), 0U);
    const auto mails = house->inbox(bert.id);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_TRUE(mails[0].ends_with(message));
}

TEST_F(Delivery, ACrashBeforeTheSpoolRowWentMakesNoSecondCopy) {
    const auto letter = block_on(make_letter(office(), kMessage));
    ASSERT_TRUE(letter.has_value());
    SpoolJob job{anna.id, new_job_id(), "sender@example.net", {bert.id, dora.id}, House::kNow};
    for (int crashes = 0; crashes < 3; ++crashes) {
        const auto spooled =
            block_on(house->db->write<bool>(anna.id, [&](store::Txn& txn) -> Result<bool> {
                add_spool(txn, job, **letter);
                return true;
            }));
        ASSERT_TRUE(spooled.has_value());
        ASSERT_EQ(block_on(resume_fan_out(office())).value_or(9), 0U);
        crash();
    }
    EXPECT_EQ(count(bert), 1U);
    EXPECT_EQ(count(dora), 1U);
    EXPECT_EQ(house->spooled(), 0);
    EXPECT_EQ(house->blob_references(), 2);
}

TEST_F(Delivery, FanOutsOfOneJobAtTheSameTimeMakeOneCopy) {
    const auto letter = block_on(make_letter(office(), kMessage));
    SpoolJob job{anna.id, new_job_id(), "", {bert.id, dora.id}, House::kNow};
    ASSERT_TRUE(block_on(house->db->write<bool>(anna.id, [&](store::Txn& txn) -> Result<bool> {
                    add_spool(txn, job, **letter);
                    return true;
                })).has_value());
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { EXPECT_TRUE(block_on(fan_out(office(), job, *letter))); });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(count(bert), 1U);
    EXPECT_EQ(count(dora), 1U);
    EXPECT_EQ(house->blob_references(), 2);
}

TEST_F(Delivery, ResumesMoreJobsThanFitInOneRead) {
    house->break_file(bert.id);
    for (int i = 0; i < 230; ++i)
        ASSERT_TRUE(send({anna.id, bert.id}).has_value());
    EXPECT_EQ(block_on(resume_fan_out(office())).value_or(0), 230U) << "the file is still broken";
    house->mend();
    EXPECT_EQ(block_on(resume_fan_out(office())).value_or(9), 0U);
    EXPECT_EQ(count(bert), 230U);
    EXPECT_EQ(house->spooled(), 0);
}

TEST_F(Delivery, ARecipientThatIsGoneDoesNotKeepTheSpoolFull) {
    house->break_file(bert.id);
    ASSERT_TRUE(send({anna.id, bert.id, dora.id}).has_value());
    house->mend();
    ASSERT_TRUE(block_on(house->people->remove_account(bert.id)).has_value());
    EXPECT_EQ(block_on(resume_fan_out(office())).value_or(9), 0U);
    EXPECT_EQ(count(dora), 1U);
    EXPECT_EQ(house->spooled(), 0);
}

TEST_F(Delivery, NobodyGetsWhatCouldNotBeCommitted) {
    house->break_file(anna.id);
    const auto refused = send({anna.id, bert.id});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::unavailable);
    house->mend();
    EXPECT_EQ(count(anna), 0U);
    EXPECT_EQ(count(bert), 0U);
    EXPECT_EQ(house->blob_references(), 0);
}

TEST_F(Delivery, R13StopsOneMessageBehindTheQuota) {
    const auto emil = house->add("emil@example.org", 1'000);
    std::size_t taken = 0;
    for (int i = 0; i < 10; ++i)
        taken += send({emil.id}).has_value() ? 1U : 0U;
    EXPECT_EQ(taken, count(emil));
    EXPECT_GE(taken, 1U);
    EXPECT_LT(taken, 10U);
    const auto full = send({emil.id, anna.id, bert.id});
    ASSERT_FALSE(full.has_value());
    EXPECT_EQ(full.error().code, Code::over_quota);
    EXPECT_EQ(count(anna), 0U) << "all or nobody";
    const auto mailbox = block_on(find_mailbox(office(), "emil@example.org", 10));
    ASSERT_FALSE(mailbox.has_value());
    EXPECT_EQ(mailbox.error().code, Code::over_quota);
    const auto never = block_on(find_mailbox(office(), "emil@example.org", 2'000));
    ASSERT_FALSE(never.has_value());
    EXPECT_EQ(never.error().code, Code::too_large);
}

TEST_F(Delivery, FindsMailboxesOfPeopleOnly) {
    const auto group = block_on(house->people->add_account(
        {.address = "team@example.org", .kind = model::AccountKind::group, .name = "Team"}
    ));
    ASSERT_TRUE(group.has_value());
    EXPECT_EQ(block_on(find_mailbox(office(), "ANNA+tag@example.org", 0)).value(), anna.id);
    for (const auto* address : {"team@example.org", "nobody@example.org", "anna@example.net"})
        EXPECT_EQ(block_on(find_mailbox(office(), address, 0)).error().code, Code::not_found)
            << address;
}

TEST(DeliveryTrace, NamesAddressesAndTlsAsTheStandardWantsIt) {
    Envelope envelope;
    envelope.helo = "[IPv6:2001:db8::1]";
    envelope.peer = "2001:db8::1";
    envelope.protocol = "UTF8SMTPS";
    envelope.tls = "TLSv1.3 TLS_AES_256_GCM_SHA384";
    EXPECT_EQ(
        trace_fields(envelope, "mx.example.org", "abc", 784'111'777'000'000),
        "Return-Path: <>\r\nReceived: from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])\r\n\tby "
        "mx.example.org (Lockstep) with UTF8SMTPS (TLSv1.3 TLS_AES_256_GCM_SHA384) id "
        "abc;\r\n\tSun, 6 Nov 1994 08:49:37 +0000\r\n"
    );
}

TEST(DeliveryTrace, LeavesAReturnPathThatIsCutByTheEndOfThePiece) {
    std::string text = "Return-Path: <a@b.example>\r\nSubject: x\r\nReturn-Path: <c@d.exa";
    remove_return_path(text);
    EXPECT_EQ(text, "Subject: x\r\nReturn-Path: <c@d.exa");
}

} // namespace lockstep::office
