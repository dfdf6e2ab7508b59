#include "codec/smtp/command.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "codec/smtp/parameters.hpp"

namespace lockstep::smtp {

namespace {

using namespace std::string_view_literals;

Code code_of(std::string_view line) {
    const auto command = parse_command(line);
    EXPECT_FALSE(command) << line;
    return command ? Code::internal : command.error().code;
}

} // namespace

TEST(SmtpCommand, ReadsVerbsInAnyCase) {
    EXPECT_EQ(parse_command("quit")->verb, Verb::quit);
    EXPECT_EQ(parse_command("Ehlo mail.example.org")->argument, "mail.example.org");
    EXPECT_EQ(parse_command("LHLO [IPv6:2001:db8::1]")->argument, "[IPv6:2001:db8::1]");
    EXPECT_EQ(parse_command("DATA  ")->verb, Verb::data);
    EXPECT_EQ(code_of("FROB x"), Code::unsupported);
    EXPECT_EQ(code_of(""), Code::unsupported);
    EXPECT_EQ(code_of("QUIT now"), Code::bad_syntax);
}

TEST(SmtpCommand, GreetingNamesThatClientsReallySendAreAccepted) {
    for (const std::string_view name :
         {"DESKTOP_PC", "192.168.1.3", "[192.168.1.3]", "localhost", "smtpclient.apple"})
        EXPECT_TRUE(parse_command("EHLO " + std::string(name))) << name;
    for (const std::string_view line : {"EHLO", "EHLO ", "EHLO a b", "EHLO <script>"})
        EXPECT_FALSE(parse_command(line)) << line;
}

TEST(SmtpCommand, ReadsMailFromWithItsParameters) {
    const auto command = parse_command("MAIL FROM:<a.b+c@Example.ORG> SIZE=1000 BODY=8BITMIME "
                                       "SMTPUTF8 RET=HDRS ENVID=x+2By AUTH=<> REQUIRETLS");
    ASSERT_TRUE(command);
    EXPECT_EQ(command->path, (Path{"a.b+c", "example.org"}));
    EXPECT_EQ(command->mail.size, 1000U);
    EXPECT_EQ(command->mail.body, BodyKind::eight_bit_mime);
    EXPECT_TRUE(command->mail.smtputf8);
    EXPECT_TRUE(command->mail.require_tls);
    EXPECT_EQ(command->mail.ret, DsnReturn::headers);
    EXPECT_EQ(command->mail.envid, "x+y");
    EXPECT_EQ(command->mail.auth, "");
    EXPECT_TRUE(parse_command("MAIL FROM:<>")->path.null());
}

TEST(SmtpCommand, ReadsRcptToWithDsnParameters) {
    const auto command = parse_command(
        "RCPT TO:<Bob@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob+40example.org"
    );
    ASSERT_TRUE(command);
    EXPECT_TRUE(
        command->rcpt.notify.given && command->rcpt.notify.success && command->rcpt.notify.delay
    );
    EXPECT_FALSE(command->rcpt.notify.failure || command->rcpt.notify.never);
    EXPECT_EQ(command->rcpt.orcpt_type, "rfc822");
    EXPECT_EQ(command->rcpt.orcpt, "Bob@example.org");
    EXPECT_TRUE(parse_command("RCPT TO:<a@b.example> NOTIFY=NEVER")->rcpt.notify.never);
    EXPECT_EQ(parse_command("RCPT TO:<Postmaster>")->path, (Path{"postmaster", ""}));
}

TEST(SmtpCommand, RefusesParametersThatAreRepeatedUnknownOrIllFormed) {
    for (const std::string_view line :
         {"MAIL FROM:<a@b.example> SIZE=1 SIZE=2", "MAIL FROM:<a@b.example> SIZE=",
          "MAIL FROM:<a@b.example> SIZE=-1", "MAIL FROM:<a@b.example> SIZE=99999999999999999999999",
          "MAIL FROM:<a@b.example> BODY=9BIT", "MAIL FROM:<a@b.example> RET=ALL",
          "MAIL FROM:<a@b.example> SMTPUTF8=1", "MAIL FROM:<a@b.example>  SIZE=1",
          "MAIL FROM:<a@b.example>SIZE=1", "MAIL FROM:<a@b.example> ENVID=a+0Ab",
          "RCPT TO:<a@b.example> NOTIFY=NEVER,SUCCESS", "RCPT TO:<a@b.example> NOTIFY=DELAY,DELAY",
          "RCPT TO:<a@b.example> ORCPT=rfc822", "RCPT TO:<a@b.example> ORCPT=;a"})
        EXPECT_EQ(code_of(line), Code::bad_syntax) << line;
    EXPECT_EQ(code_of("MAIL FROM:<a@b.example> XFOO=1"), Code::unsupported);
    EXPECT_EQ(code_of("RCPT TO:<a@b.example> SIZE=1"), Code::unsupported);
}

TEST(SmtpCommand, S7RefusesWhatIsNoPathAndRepairsNothing) {
    for (const std::string_view line :
         {"MAIL FROM: <a@b.example>",
          "MAIL FROM:a@b.example",
          "MAIL FROM:<a@b.example",
          "MAIL FROM:<@x.example:a@b.example>",
          "RCPT TO:<@x.example,@y.example:a@b.example>",
          "RCPT TO:<>",
          "RCPT TO:<a>",
          "MAIL FROM:<postmaster>",
          "RCPT TO:<\"\"@b.example>",
          "RCPT TO:<a..b@c.example>",
          "RCPT TO:<.a@c.example>",
          "RCPT TO:<a.@c.example>",
          "RCPT TO:<a b@c.example>",
          "RCPT TO:<a@b@c.example>",
          "RCPT TO:<a@-b.example>",
          "RCPT TO:<a@b-.example>",
          "RCPT TO:<a@b..example>",
          "RCPT TO:<a@.example>",
          "RCPT TO:<a@b.example.>",
          "RCPT TO:<a@b_c.example>",
          "RCPT TO:<a@[1.2.3]>",
          "RCPT TO:<a@[1.2.3.256]>",
          "RCPT TO:<a@[01.2.3.4]>",
          "RCPT TO:<a@[IPv6:1::2::3]>",
          "RCPT TO:<a@[IPv6:1:2:3:4:5:6:7:8:9]>",
          "RCPT TO:<a@[x:y]>",
          "RCPT TO:<\"a\x01\"@b.example>",
          "RCPT TO:<\"a@b.example>",
          "RCPT TO:<a\xFF@b.example>",
          "RCPT TO:<a\xC3@b.example>",
          "RCPT TO:<a@b.\xED\xA0\x80>",
          "RCPT TO:<|cmd>",
          "RCPT TO:group:a@b.example;",
          "RCPT TO:<a@b.example> extra",
          "RCPT <a@b.example>",
          "RCPT TO:<a,b@c.example>",
          "RCPT TO:<a%0a@c..example>"})
        EXPECT_FALSE(parse_command(line)) << line;
    EXPECT_FALSE(parse_command("RCPT TO:<" + std::string(65, 'a') + "@b.example>"));
    EXPECT_FALSE(parse_command("RCPT TO:<a@" + std::string(64, 'b') + ".example>"));
    std::string domain;
    for (int i = 0; i < 100; ++i)
        domain += "abc.";
    EXPECT_FALSE(parse_command("RCPT TO:<a@" + domain + "example>"));
}

TEST(SmtpCommand, AcceptsEveryFormTheGrammarHas) {
    EXPECT_EQ(
        parse_command(R"(RCPT TO:<"a \"b\" c"@b.example>)")->path, (Path{"a \"b\" c", "b.example"})
    );
    EXPECT_EQ(parse_command(R"(RCPT TO:<"john"@b.example>)")->path, (Path{"john", "b.example"}));
    EXPECT_EQ(parse_command("RCPT TO:<a@[192.0.2.1]>")->path.domain, "[192.0.2.1]");
    EXPECT_EQ(parse_command("RCPT TO:<a@[IPv6:2001:DB8::1]>")->path.domain, "[ipv6:2001:db8::1]");
    EXPECT_TRUE(parse_command("RCPT TO:<a@[IPv6:::ffff:192.0.2.1]>"));
    EXPECT_TRUE(parse_command("RCPT TO:<|cmd@b.example>")
    ); // a name like any other: it is never run
    const auto utf8 = parse_command("RCPT TO:<\xC3\xA4@b\xC3\xBC\x63her.example>");
    ASSERT_TRUE(utf8);
    EXPECT_TRUE(needs_smtputf8(utf8->path));
    EXPECT_FALSE(needs_smtputf8(parse_command("RCPT TO:<a@b.example>")->path));
}

TEST(SmtpCommand, RefusesControlCharactersAndLongLines) {
    for (const std::string_view line :
         {"NOOP a\rb"sv, "NOOP a\nb"sv, "NOOP a\0b"sv, "MAIL FROM:<a\0@b.example>"sv, "NOOP \x7F"sv
         })
        EXPECT_EQ(code_of(line), Code::bad_syntax);
    EXPECT_EQ(code_of("NOOP " + std::string(limits::kSmtpLine, 'x')), Code::too_large);
}

TEST(SmtpCommand, ReadsBdatAndAuth) {
    const auto chunk = parse_command("BDAT 86 LAST");
    EXPECT_EQ(chunk->chunk, 86U);
    EXPECT_TRUE(chunk->last);
    for (const std::string_view line :
         {"BDAT", "BDAT x", "BDAT -1", "BDAT 1 2", "BDAT 1  LAST", "BDAT 99999999999999999999999"})
        EXPECT_FALSE(parse_command(line)) << line;
    const auto auth = parse_command("AUTH plain AGEAYg==");
    EXPECT_EQ(auth->argument, "PLAIN");
    EXPECT_EQ(auth->initial_response, "AGEAYg==");
    EXPECT_EQ(parse_command("AUTH PLAIN =")->initial_response, "");
    EXPECT_FALSE(parse_command("AUTH LOGIN")->initial_response);
    EXPECT_FALSE(parse_command("AUTH"));
}

TEST(SmtpPath, TextIsReadBackAsTheSamePath) {
    for (const Path& path :
         {Path{"a.b", "c.example"}, Path{"a \"b\\", "c.example"}, Path{"a..b", "c.example"},
          Path{"x@y", "c.example"}, Path{"\xC3\xA4", "c.example"}}) {
        const auto again = parse_mailbox(path.text());
        ASSERT_TRUE(again) << path.text();
        EXPECT_EQ(*again, path);
    }
    EXPECT_EQ(parse_mailbox("<a@b.example>")->text(), "a@b.example");
    EXPECT_FALSE(parse_mailbox("a@b.example "));
    EXPECT_FALSE(parse_mailbox("a"));
}

TEST(Xtext, RoundTripsWhatIsPrintable) {
    for (const std::string_view text : {"a+b=c", "plain", "with blank", "\xC3\xA4"})
        EXPECT_EQ(decode_xtext(encode_xtext(text)).value(), text);
    for (const std::string_view bad : {"a+", "a+4", "a+4g", "a+4a", "a=b", "a b"})
        EXPECT_FALSE(decode_xtext(bad)) << bad;
}

} // namespace lockstep::smtp
