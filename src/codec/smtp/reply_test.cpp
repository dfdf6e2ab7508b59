#include "codec/smtp/reply.hpp"

#include <gtest/gtest.h>

namespace lockstep::smtp {

TEST(SmtpReply, RepeatsTheCodesOnEveryLine) {
    EXPECT_EQ(format_reply(250, "2.1.0", "ok"), "250 2.1.0 ok\r\n");
    EXPECT_EQ(format_reply(550, "5.7.1", "no\nreally"), "550-5.7.1 no\r\n550 5.7.1 really\r\n");
    EXPECT_EQ(format_reply(354, "", "go on"), "354 go on\r\n");
}

TEST(SmtpReply, WhatAPeerSaidCannotAddALine) {
    EXPECT_EQ(format_reply(501, "5.5.4", "bad \r250 ok\x01"), "501 5.5.4 bad  250 ok \r\n");
}

TEST(SmtpReply, ListsKeywordsAfterTheGreeting) {
    EXPECT_EQ(
        format_ehlo("mx.example.org", {"SIZE 1000", "PIPELINING"}),
        "250-mx.example.org\r\n250-SIZE 1000\r\n250 PIPELINING\r\n"
    );
    EXPECT_EQ(format_ehlo("mx.example.org", {}), "250 mx.example.org\r\n");
}

} // namespace lockstep::smtp
