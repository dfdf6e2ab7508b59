// Attacks: S1 to S10 of the catalogue, and what time and shutdown do to a session.
#include <fmt/core.h>

#include "base/text.hpp"
#include "net/certificate.hpp"
#include "protocols/smtp/dialogue_test_support.hpp"

namespace lockstep::smtp {
namespace {

using testing::Dialogue;
using testing::Step;
using Hostile = testing::SmtpTest;

const std::string kEnvelope = "MAIL FROM:<a@example.net>\r\nRCPT TO:<anna@example.org>\r\n";
const Step kOpen{kEnvelope, 2};
const Step kOpenData{kEnvelope + "DATA\r\n", 3};
const std::string kInner = "MAIL FROM:<boss@example.org>\r\nRCPT TO:<anna@example.org>\r\nDATA\r\n"
                           "Subject: smuggled\r\n\r\ninner\r\n.\r\nQUIT\r\n";

/// Each ends a message for some server, and none does for us.
const std::vector<std::string>& sequences() {
    static const std::vector<std::string> all{
        "\n.\n",
        "\n.\r\n",
        "\r\n.\n",
        "\r.\r\n",
        "\r\n.\r",
        "\r.\r",
        "\n.\r",
        "\r.\n",
        "\r\n.\r\r\n",
        "\r\r\n.\r\r\n",
        "\r\n\r.\r\n",
        std::string("\r\n\0.\r\n", 6),
        std::string("\r\n.\0\r\n", 6),
        "\r\n. \r\n",
        "\r\n .\r\n"
    };
    return all;
}

/// Waits for nothing in between: what comes of bytes that are cut there.
Task<void> play_cut(Dialogue& with, Step open, std::string bytes, std::size_t at) {
    co_await with.start();
    co_await with.take({"EHLO x.example\r\n"});
    co_await with.take(std::move(open));
    co_await with.feed(bytes.substr(0, at));
    co_await with.feed(bytes.substr(at));
    for (int i = 0; i < 20 && !with.codes().ends_with("end"); ++i)
        co_await with.read_reply();
    with.close();
}

std::size_t times(std::string_view text, std::string_view needle) {
    return net::testing::times(text, needle);
}

} // namespace

TEST_F(Hostile, S1NoSequenceButOneEndsAMessage) {
    for (const auto& sequence : sequences()) {
        for (std::size_t at = 0; at <= sequence.size(); ++at) {
            SmtpDoor door(office(), [this] { return options(); }, tls);
            Dialogue dialogue(*house->clock, door, 0);
            const std::string head = "Subject: outer\r\n\r\nbody";
            run_to_end(play_cut(dialogue, kOpenData, head + sequence + kInner, head.size() + at));
            EXPECT_EQ(times(dialogue.codes(), "354"), 1U) << dialogue.text();
            EXPECT_LE(times(dialogue.text(), "accepted as"), 1U) << dialogue.text();
        }
    }
    for (const auto& mail : house->inbox(anna.id)) {
        EXPECT_TRUE(mail.contains("Subject: outer"));
        EXPECT_LT(mail.find("Subject: outer"), mail.find("Subject: smuggled"));
    }
}

TEST_F(Hostile, S1ABareLineEndEndsTheSessionUnanswered) {
    for (const auto* bare : {"\n", "\r", "\r\r\n", "\n\r"}) {
        EXPECT_EQ(
            after_ehlo(
                {kOpenData,
                 {std::string("Subject: x\r\n\r\na") + bare + "b\r\n.\r\nNOOP\r\n"},
                 {"NOOP\r\n"}}
            ),
            "250 250 354 554 end"
        ) << hex(bare);
        const std::string chunk = std::string("a") + bare + "b\r\n";
        EXPECT_EQ(
            after_ehlo(
                {kOpen,
                 {fmt::format("BDAT {} LAST\r\n{}NOOP\r\n", chunk.size(), chunk)},
                 {"NOOP\r\n"}}
            ),
            "250 250 554 end"
        ) << hex(bare);
        EXPECT_TRUE(after_ehlo({{std::string("NOOP") + bare + "NOOP\r\n"}, {"NOOP\r\n"}})
                        .starts_with("500 end"));
    }
    EXPECT_EQ(count(anna), 0U);
}

TEST_F(Hostile, S1AChunkMayNotEndWithinALineEnd) {
    EXPECT_EQ(after_ehlo({kOpen, {"BDAT 2\r\na\r"}, {"BDAT 1 LAST\r\n\n"}}), "250 250 250 250");
    EXPECT_EQ(after_ehlo({kOpen, {"BDAT 2 LAST\r\na\r"}, {"NOOP\r\n"}}), "250 250 554 end");
    EXPECT_EQ(
        after_ehlo({kOpen, {"BDAT 2\r\na\r"}, {"BDAT 1 LAST\r\nb"}, {"NOOP\r\n"}}),
        "250 250 250 554 end"
    );
    EXPECT_EQ(count(anna), 1U);
}

TEST_F(Hostile, S1AProperEndCutAnywhereIsOne) {
    const std::string bytes = "Subject: x\r\n\r\n..\r\n.\r\nQUIT\r\n";
    for (std::size_t at = 0; at <= bytes.size(); ++at) {
        SmtpDoor door(office(), [this] { return options(); }, tls);
        Dialogue dialogue(*house->clock, door, 0);
        run_to_end(play_cut(dialogue, kOpenData, bytes, at));
        EXPECT_EQ(times(dialogue.text(), "accepted as"), 1U) << at << dialogue.text();
    }
    EXPECT_EQ(count(anna), bytes.size() + 1);
}

TEST_F(Hostile, S2WhoTalksEarlyIsNotHeard) {
    SmtpDoor door(office(), [this] { return options(); }, tls);
    Dialogue early(*house->clock, door, 0);
    auto play = [](Dialogue& with) -> Task<void> {
        co_await with.start("EHLO x.example\r\n" + kEnvelope);
        co_await with.read_reply();
        with.close();
    };
    run_to_end(play(early));
    EXPECT_EQ(early.codes(), "554 end");
    EXPECT_EQ(talk({{"EHLO x.example\r\n" + kEnvelope}, {"NOOP\r\n"}}), "220 554 end");
    EXPECT_EQ(talk({{"HELO x.example\r\n"}, {kEnvelope}, {"NOOP\r\n"}}), "220 250 554 end");
    EXPECT_EQ(talk({{kEnvelope}, {"NOOP\r\n"}}), "220 554 end");
}

TEST_F(Hostile, S2NothingBehindDataIsReadBeforeItsReply) {
    EXPECT_EQ(
        after_ehlo({{kEnvelope + "DATA\r\nSubject: x\r\n\r\n.\r\n", 3}, {"NOOP\r\n"}}),
        "250 250 554 end"
    );
    EXPECT_EQ(
        after_ehlo(
            {{"MAIL FROM:<>\r\nRCPT TO:<nobody@example.org>\r\nDATA\r\n" + kInner, 3}, {"NOOP\r\n"}}
        ),
        "250 550 554 end"
    );
    EXPECT_EQ(count(anna), 0U);
}

TEST_F(Hostile, S2ABdatWithoutANumberEndsTheSession) {
    for (const auto* size : {"x", "-1", "99999999999999999999", "", "5 LASTS"})
        EXPECT_EQ(
            after_ehlo({kOpen, {fmt::format("BDAT {}\r\n", size)}, {"NOOP\r\n"}}), "250 250 501 end"
        ) << size;
    EXPECT_EQ(after_ehlo({kOpen, {"BDAT 9999999999 LAST\r\n"}, {"NOOP\r\n"}}), "250 250 552 end");
}

class HostileTls : public testing::SmtpTest {
protected:
    HostileTls() {
        const std::vector<std::string> names{"mail.example.org"};
        const auto made = net::make_self_signed(names, house->clock->now_us());
        EXPECT_TRUE(made.has_value());
        const auto context = net::TlsContext::create(made->certificate, made->key);
        EXPECT_TRUE(context.has_value());
        tls = [context = *context] { return context; };
    }
};

TEST_F(HostileTls, S3WhatWasSaidBeforeTlsDoesNotCount) {
    EXPECT_EQ(
        after_ehlo(
            {kOpen,
             {"STARTTLS\r\n"},
             {"RCPT TO:<anna@example.org>\r\n"},
             {"MAIL FROM:<a@example.net>\r\n"},
             {"EHLO again.example\r\n"},
             {"STARTTLS\r\n"},
             kOpenData,
             {"Subject: x\r\n\r\n.\r\n"}}
        ),
        "250 250 220 503 503 250 503 250 250 354 250"
    );
    EXPECT_EQ(times(text, "STARTTLS"), 1U) << "not offered again";
    EXPECT_TRUE(house->inbox(anna.id).at(0).contains(
        "from again.example ([192.0.2.1])\r\n\tby mail.example.org (Lockstep) with ESMTPS (TLSv1.3 "
        "TLS_AES_256_GCM_SHA384) id "
    ));
}

TEST_F(HostileTls, S3PlainTextBehindStartTlsEndsTheSession) {
    for (const auto* injected :
         {"NOOP\r\n", "EHLO evil.example\r\n", "MAIL FROM:<a@b.example>\r\n", "X"})
        EXPECT_EQ(after_ehlo({{std::string("STARTTLS\r\n") + injected}, {"NOOP\r\n"}}), "554 end")
            << injected;
}

TEST_F(Hostile, S5ACutConnectionDeliversNothing) {
    const std::string bytes = "Subject: x\r\n\r\nbody\r\n.\r\n";
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        EXPECT_EQ(after_ehlo({kOpenData, {bytes.substr(0, at), 0}}), "250 250 354") << at;
        EXPECT_EQ(
            after_ehlo(
                {kOpen, {fmt::format("BDAT {} LAST\r\n{}", bytes.size(), bytes.substr(0, at)), 0}}
            ),
            "250 250"
        ) << at;
    }
    EXPECT_EQ(count(anna), 0U);
    EXPECT_EQ(house->blob_references(), 0);
}

TEST_F(Hostile, S6LongLinesAreRefusedAndTheNextOneIsHeard) {
    EXPECT_EQ(after_ehlo({{"NOOP " + std::string(10'000, 'x') + "\r\n"}, {"NOOP\r\n"}}), "500 250");
    EXPECT_EQ(after_ehlo({{"NOOP " + std::string(3U << 20U, 'x')}, {"NOOP\r\n"}}), "end end");
}

TEST_F(Hostile, S6TooManyRecipientsAreTurnedAwayAndTheRestIsServed) {
    std::string many;
    for (std::size_t i = 0; i <= limits::kSmtpRecipients; ++i)
        many += "RCPT TO:<anna@example.org>\r\n";
    const auto codes = after_ehlo(
        {{"MAIL FROM:<>\r\n"},
         {many, static_cast<int>(limits::kSmtpRecipients) + 1},
         {"DATA\r\n"},
         {"Subject: x\r\n\r\n.\r\n"}}
    );
    EXPECT_TRUE(codes.ends_with("250 452 354 250")) << codes.substr(codes.size() - 40);
    EXPECT_EQ(count(anna), 1U);
}

TEST_F(Hostile, S6TooManyErrorsEndTheSession) {
    std::vector<Step> steps(limits::kSmtpErrors + 1, Step{"BOGUS\r\n"});
    steps.push_back({"NOOP\r\n"});
    const auto codes = after_ehlo(steps);
    EXPECT_TRUE(codes.ends_with("500 500 421")) << codes;
    std::vector<Step> unknown{{"MAIL FROM:<>\r\n"}};
    for (int i = 0; i < 30; ++i)
        unknown.push_back({fmt::format("RCPT TO:<x{}@example.org>\r\n", i)});
    EXPECT_TRUE(after_ehlo(unknown).contains("550 421 end"));
}

TEST_F(Hostile, S6AMessageOverTheLimitIsRefusedAfterItsEnd) {
    max_size = 1'000;
    const std::string big(2'000, 'x');
    EXPECT_EQ(
        after_ehlo(
            {{"MAIL FROM:<> SIZE=1001\r\n"},
             kOpenData,
             {big + "\r\n.\r\n"},
             {"NOOP\r\n"},
             kOpen,
             {"BDAT 900\r\n" + std::string(900, 'y')},
             {"BDAT 101\r\n" + std::string(101, 'y')},
             {"BDAT 4 LAST\r\nQUIT"},
             {"NOOP\r\n"}}
        ),
        "552 250 250 354 552 250 250 250 250 552 503 250"
    );
    EXPECT_EQ(count(anna), 0U);
    EXPECT_EQ(after_ehlo({kOpenData, {std::string(998, 'x') + "\r\n.\r\n"}}), "250 250 354 250");
}

TEST_F(Hostile, S6AHeaderOfManyFieldsIsStored) {
    std::string head;
    for (int i = 0; i < 20'000; ++i)
        head += fmt::format("X-{}: y\r\n", i);
    EXPECT_EQ(after_ehlo({kOpenData, {head + "\r\nbody\r\n.\r\n"}}), "250 250 354 250");
    EXPECT_TRUE(house->inbox(anna.id).at(0).ends_with(head + "\r\nbody\r\n"));
}

TEST_F(Hostile, S7WhatIsNoAddressIsRefused) {
    for (const auto* bad :
         {"MAIL FROM:a@example.net", "MAIL FROM:<a b@example.net>", "MAIL FROM:<@example.net>",
          "MAIL FROM:<a@>", "MAIL FROM:<a@example.net", "MAIL FROM: <a@example..net>",
          "MAIL FROM:<a@-x.net>x", "MAIL TO:<a@example.net>", "MAIL",
          "MAIL FROM:<\"\"@example.net>", "MAIL FROM:<a@example.net>\t",
          "MAIL FROM:<\xC3@example.net> SMTPUTF8"})
        EXPECT_EQ(after_ehlo({{std::string(bad) + "\r\n"}}), "501") << bad;
    for (const auto* bad :
         {"RCPT TO:<>", "RCPT TO:anna@example.org", "RCPT TO:<team: anna@example.org;>",
          "RCPT TO:<anna>", "RCPT TO:<|cmd@example.org x>"})
        EXPECT_EQ(after_ehlo({{"MAIL FROM:<>\r\n"}, {std::string(bad) + "\r\n"}}), "250 501")
            << bad;
}

TEST_F(Hostile, S8NobodyCanRelay) {
    for (const auto* spelled :
         {"x@elsewhere.example", "x%elsewhere.example@example.org",
          "elsewhere.example!x@example.org", "\"x@elsewhere.example\"@example.org",
          "@example.org:x@elsewhere.example", "x@[127.0.0.1]", "x@[IPv6:::1]",
          "x@elsewhere.example@example.org", "anna@example.org.elsewhere.example",
          "anna@sub.example.org", "anna%elsewhere.example@example.org"}) {
        const auto codes = after_ehlo(
            {{"MAIL FROM:<boss@example.org>\r\n"}, {fmt::format("RCPT TO:<{}>\r\n", spelled)}}
        );
        EXPECT_TRUE(codes == "250 550" || codes == "250 501") << spelled << ": " << codes;
    }
}

TEST_F(Hostile, S10ALoopIsCut) {
    std::string hops;
    for (int i = 0; i < 51; ++i)
        hops += "Received: from a.example by b.example; Mon, 23 Nov 2026 09:30:00 +0100\r\n";
    EXPECT_EQ(after_ehlo({kOpenData, {hops + "\r\n.\r\n"}, {"NOOP\r\n"}}), "250 250 354 554 250");
    EXPECT_TRUE(text.contains("554 5.4.6 "));
    EXPECT_EQ(count(anna), 0U);
}

TEST_F(Hostile, ASilentClientIsSentAway) {
    SmtpDoor door(office(), [this] { return options(); }, tls);
    for (const bool in_data : {false, true}) {
        Dialogue dialogue(*house->clock, door, 0);
        auto play = [](Dialogue& with, ManualClock& clock, bool data) -> Task<void> {
            co_await with.start();
            co_await with.take({"EHLO x.example\r\n"});
            if (data)
                co_await with.take(kOpenData);
            co_await net::testing::settle();
            clock.advance(limits::kSmtpIdle - std::chrono::seconds(1));
            co_await with.feed(data ? "x" : "");
            clock.advance(std::chrono::seconds(2));
            if (data) {
                co_await net::testing::settle();
                clock.advance(limits::kSmtpIdle);
            }
            co_await with.read_reply();
            co_await with.read_reply();
            with.close();
        };
        run_to_end(play(dialogue, *house->clock, in_data));
        EXPECT_TRUE(dialogue.codes().ends_with(" 421 end")) << dialogue.codes();
        EXPECT_TRUE(dialogue.text().contains("421 4.4.2 ")) << dialogue.text();
    }
}

TEST_F(Hostile, R15StopEndsIdleSessionsAtOnceAndAnswersAMessageUnderWay) {
    SmtpDoor door(office(), [this] { return options(); }, tls);
    Dialogue idle(*house->clock, door, 0);
    Dialogue busy(*house->clock, door, 0);
    auto play = [](SmtpDoor& at, Dialogue& waits, Dialogue& works) -> Task<void> {
        co_await waits.start();
        co_await works.start();
        co_await works.take({"EHLO x.example\r\n"});
        co_await works.take(kOpenData);
        co_await net::testing::settle();
        EXPECT_FALSE(at.stop(std::chrono::nanoseconds(0)));
        co_await waits.read_reply();
        co_await waits.read_reply();
        co_await works.take({"Subject: x\r\n\r\n.\r\n", 3});
        waits.close();
        works.close();
    };
    run_to_end(play(door, idle, busy));
    EXPECT_EQ(idle.codes(), "220 421 end");
    EXPECT_EQ(busy.codes(), "220 250 250 250 354 250 421 end");
    EXPECT_TRUE(door.stop());
    EXPECT_EQ(count(anna), 1U);
}

} // namespace lockstep::smtp
