// The administration socket's lines: what is written is read back, and nothing else is accepted.
#include <gtest/gtest.h>

#include "codec/admin/message.hpp"

namespace lockstep::admin {

TEST(AdminRequest, IsReadBackAsWritten) {
    Request request{
        {"account", "add"}, {{"address", "anna@example.org"}, {"name", "Anna \"A\"\nÄ"}}
    };
    const auto line = encode(request);
    EXPECT_EQ(line.find('\n'), std::string::npos) << "a request is one line";
    const auto read = decode_request(line);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->command, request.command);
    EXPECT_EQ(read->args, request.args);
    EXPECT_EQ(read->arg("address"), "anna@example.org");
    EXPECT_EQ(read->arg("absent"), "");
}

TEST(AdminRequest, RefusesOtherShapes) {
    for (const auto* line :
         {"", "[]", "{}", "{\"command\":[]}", "{\"command\":\"serve\"}", "{\"command\":[1]}",
          "{\"command\":[\"a\"],\"args\":[]}", "{\"command\":[\"a\"],\"args\":{\"x\":1}}",
          "{\"command\":[\"a\"]} x",
          "{\"command\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
          "{\"command\":[[[[[[\"a\"]]]]]]}", "{\"command\":[\"\xff\"]}"}) {
        const auto read = decode_request(line);
        ASSERT_FALSE(read) << line;
        EXPECT_EQ(read.error().code, Code::bad_syntax) << line;
    }
}

TEST(AdminAnswer, CarriesATableBothWays) {
    const Answer answer{
        "two",
        {"name", "size", "on"},
        {{std::string("a"), std::int64_t{7}, true}, {std::string("b"), std::int64_t{-1}, false}}
    };
    const auto read = decode_answer(encode(Result<Answer>(answer)));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text, answer.text);
    EXPECT_EQ(read->columns, answer.columns);
    EXPECT_EQ(read->rows, answer.rows);
}

TEST(AdminAnswer, SaysThatSomethingIsWrongBothWays) {
    Answer answer{"2 things are wrong.", {"finding"}, {{std::string("a")}, {std::string("b")}}};
    EXPECT_FALSE(decode_answer(encode(Result<Answer>(answer)))->wrong);
    answer.wrong = true;
    const auto read = decode_answer(encode(Result<Answer>(answer)));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->wrong);
    EXPECT_EQ(read->rows, answer.rows);
    EXPECT_FALSE(decode_answer(R"({"ok":true,"wrong":1})"));
}

TEST(AdminAnswer, CarriesEveryErrorCode) {
    for (int number = 0; number <= static_cast<int>(Code::internal); ++number) {
        const auto code = static_cast<Code>(number);
        const auto read = decode_answer(encode(Result<Answer>(fail(code, "why"))));
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, code);
        EXPECT_EQ(read.error().text, "why");
    }
}

TEST(AdminAnswer, RefusesRowsOfAnotherWidth) {
    EXPECT_FALSE(decode_answer(R"({"ok":true,"columns":["a"],"rows":[["x","y"]]})"));
    EXPECT_FALSE(decode_answer(R"({"ok":true,"rows":[["x"]]})"));
    EXPECT_FALSE(decode_answer(R"({"ok":false,"text":"x","code":"no_such_code"})"));
}

TEST(AdminAnswer, RefusesRowsWithoutColumns) {
    EXPECT_FALSE(decode_answer(R"({"ok":true,"rows":[[]]})").has_value());
    EXPECT_TRUE(decode_answer(R"({"ok":true,"rows":[]})").has_value());
}

TEST(AdminAnswer, PrintsAsJsonAndAsTable) {
    const Answer answer{
        "",
        {"name", "size", "on"},
        {{std::string("Ärger"), std::int64_t{7}, true}, {std::string("b"), std::int64_t{10}, false}}
    };
    EXPECT_EQ(
        to_json(answer),
        "[{\"name\":\"Ärger\",\"size\":7,\"on\":true},{\"name\":\"b\",\"size\":10,\"on\":false}]\n"
    );
    EXPECT_EQ(to_table(answer), "name   size  on\nÄrger  7     yes\nb      10    no\n");
    EXPECT_EQ(to_json({"done", {}, {}}), "{\"text\":\"done\"}\n");
    EXPECT_EQ(to_json({"", {"name"}, {}}), "[]\n");
    EXPECT_EQ(to_table({"", {"name"}, {}}), "name\n");
    EXPECT_EQ(to_table({"nothing", {"name"}, {}}), "nothing\n");
    EXPECT_EQ(to_table({"done", {}, {}}), "done\n");
}

TEST(AdminAnswer, TableNeverObeysANamesEscapes) {
    EXPECT_EQ(
        to_table(
            {"",
             {"n"},
             {{std::string("a\x1b[2Jb\nc\xC2\x9B"
                           "d")}}}
        ),
        "n\na[2Jb c d\n"
    );
}

} // namespace lockstep::admin
