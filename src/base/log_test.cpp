// Log lines: their form, and that no value can break or forge one.
#include <gtest/gtest.h>

#include <regex>
#include <thread>
#include <vector>

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace lockstep::log {

namespace {

class LogLines : public testing::Test {
protected:
    LogLines() {
        set_sink([this](std::string_view line) { lines_.emplace_back(line); });
        set_level(Level::info);
    }
    ~LogLines() override {
        set_sink({});
        set_level(Level::info);
    }
    /// What follows the time, without the line end.
    std::string last() const {
        return lines_.empty() ? "" : lines_.back().substr(25, lines_.back().size() - 26);
    }
    std::string value(const Value& of) const {
        info("t", {{"v", of}});
        return last().substr(std::string_view("info t v=").size());
    }
    std::vector<std::string> lines_;
};

} // namespace

TEST_F(LogLines, CarryTimeLevelEventAndFields) {
    info("smtp.accepted", {{"peer", "1.2.3.4"}, {"bytes", 4096}});
    ASSERT_EQ(lines_.size(), 1U);
    EXPECT_TRUE(std::regex_match(
        lines_[0],
        std::regex(
            R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info smtp\.accepted peer=1\.2\.3\.4 bytes=4096\n)"
        )
    )) << lines_[0];
}

TEST_F(LogLines, QuoteWhatIsNotOnePlainWord) {
    EXPECT_EQ(value("plain-word@example.org"), "plain-word@example.org");
    EXPECT_EQ(value(""), "\"\"");
    EXPECT_EQ(value("two words"), "\"two words\"");
    EXPECT_EQ(value("a=b"), "\"a=b\"");
    EXPECT_EQ(value("say \"hi\" \\"), "\"say \\\"hi\\\" \\\\\"");
    EXPECT_EQ(value("Müller"), "\"Müller\"");
}

TEST_F(LogLines, CannotBeForgedByAValue) {
    EXPECT_EQ(
        value("x\n2026-11-24T00:00:00.000Z info auth.ok user=root"),
        "\"x\\n2026-11-24T00:00:00.000Z info auth.ok user=root\""
    );
    EXPECT_EQ(value(std::string_view("a\r\t\0\x1b[2J\x7f", 9)), "\"a\\r\\t\\x00\\x1b[2J\\x7f\"");
    EXPECT_EQ(value("\xff\xc3"), "\"\\xff\\xc3\"");
    EXPECT_EQ(value("\xc2\x85"), "\"\\xc2\\x85\"") << "NEL, a C1 control";
    EXPECT_EQ(value("\xe2\x80\xa8"), "\"\\xe2\\x80\\xa8\"") << "LINE SEPARATOR";
    EXPECT_EQ(value("\xe2\x80\xae"), "\"\\xe2\\x80\\xae\"") << "RIGHT-TO-LEFT OVERRIDE";
    EXPECT_EQ(value("\xe2\x82\xac"), "\"\xe2\x82\xac\"") << "a euro sign is harmless";
    for (const auto& line : lines_)
        EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST_F(LogLines, CutLongValuesAndSaySo) {
    const auto written = value(std::string(limits::kLogValue + 10, 'a'));
    EXPECT_EQ(written, std::string(limits::kLogValue, 'a') + "(+10)");
}

TEST_F(LogLines, NeverShowASecret) { EXPECT_EQ(value(Secret<std::string>("hunter2")), "***"); }

TEST_F(LogLines, WriteNumbersErrorsAndDurations) {
    EXPECT_EQ(value(true), "true");
    EXPECT_EQ(value(-7), "-7");
    EXPECT_EQ(value(std::uint64_t{18446744073709551615ULL}), "18446744073709551615");
    EXPECT_EQ(value(std::chrono::microseconds(1500)), "1.5");
    EXPECT_EQ(value(Code::not_found), "not_found");
    EXPECT_EQ(value(Error{Code::not_found, "no such folder"}), "\"no such folder\"");
}

TEST_F(LogLines, BelowTheLevelAreDropped) {
    debug("quiet");
    EXPECT_TRUE(lines_.empty());
    set_level(Level::error);
    warn("quiet");
    EXPECT_TRUE(lines_.empty());
    error("loud");
    EXPECT_EQ(lines_.size(), 1U);
    set_level(Level::off);
    error("quiet");
    EXPECT_EQ(lines_.size(), 1U);
    EXPECT_EQ(level_named("debug"), Level::debug);
    EXPECT_EQ(level_named("Debug"), std::nullopt);
}

TEST_F(LogLines, FromManyThreadsStayWhole) {
    std::vector<std::thread> threads;
    for (int n = 0; n < 4; ++n) {
        threads.emplace_back([n] {
            for (int count = 0; count < 250; ++count)
                info("thread", {{"n", n}, {"count", count}});
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(lines_.size(), 1000U);
    for (const auto& line : lines_)
        EXPECT_TRUE(line.ends_with('\n') && line.find("info thread n=") == 25) << line;
}

} // namespace lockstep::log
