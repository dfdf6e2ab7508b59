// Running commands: where each goes, what is printed, and with which status it ends.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>

#include <unistd.h>

#include "cli/run.hpp"
#include "net/local_socket.hpp"

namespace lockstep::cli {

namespace {

class ScriptedTerminal final : public Terminal {
public:
    void out(std::string_view text) override { printed += text; }
    void err(std::string_view text) override { complaints += text; }
    Result<Secret<>> ask_password(std::string_view prompt) override {
        prompted = prompt;
        return Secret<>(std::string("typed"));
    }
    Result<Secret<>> read_password() override { return Secret<>(std::string("piped")); }
    std::string printed, complaints, prompted;
};

class CommandRun : public testing::Test {
protected:
    CommandRun() {
        std::string name = testing::TempDir() + "cli_XXXXXX";
        data_ = ::mkdtemp(name.data());
        backend_.serve =
            [this](const auto&, const auto& sources, const server::Config& config) -> Result<> {
            served_ = sources;
            served_config_ = config;
            return {};
        };
        backend_.offline = [this](const auto&, const auto&, admin::Request request) {
            asked_ = std::move(request);
            return answer_;
        };
    }
    ~CommandRun() override { std::filesystem::remove_all(data_); }

    int run_words(std::vector<std::string_view> words) {
        const auto folder = "--data=" + data_.string();
        words.insert(words.begin(), folder);
        terminal_ = {};
        return run(words, backend_, terminal_);
    }

    std::filesystem::path data_;
    Backend backend_;
    ScriptedTerminal terminal_;
    server::ConfigSources served_;
    std::optional<server::Config> served_config_;
    admin::Request asked_;
    Result<admin::Answer> answer_ = admin::Answer{"done", {}, {}};
};

/// A running server of one answer.
class OneAnswer {
public:
    OneAnswer(const std::filesystem::path& data, std::string line)
        : listener_(*net::LocalListener::open(data / admin::kSocketName)),
          thread_([this, line = std::move(line)] {
              auto connection = listener_.accept();
              if (!connection)
                  return;
              request = connection->read_line(1U << 20U, std::chrono::seconds(20)).value_or("");
              if (!line.empty())
                  (void)connection->write_line(line);
          }) {}
    ~OneAnswer() { finish(); }
    void finish() {
        listener_.shut();
        if (thread_.joinable())
            thread_.join();
    }
    std::string request;

private:
    net::LocalListener listener_;
    std::thread thread_;
};

} // namespace

TEST_F(CommandRun, WithoutAServerOpensTheStoreItself) {
    EXPECT_EQ(run_words({"domain", "add", "example.org"}), 0);
    EXPECT_EQ(asked_.command, (std::vector<std::string>{"domain", "add"}));
    EXPECT_EQ(asked_.arg("name"), "example.org");
    EXPECT_EQ(terminal_.printed, "done\n");
}

TEST_F(CommandRun, AnAnswerThatShowsSomethingWrongIsPrintedAndEndsWithOne) {
    answer_ = admin::Answer{"1 things are wrong.", {"finding"}, {{std::string("blob-refs")}}, true};
    EXPECT_EQ(run_words({"verify"}), 1);
    EXPECT_EQ(terminal_.printed, "finding\nblob-refs\n1 things are wrong.\n");
    EXPECT_EQ(run_words({"verify", "--json"}), 1);
    EXPECT_EQ(terminal_.printed, "[{\"finding\":\"blob-refs\"}]\n");
    EXPECT_EQ(terminal_.complaints, "");
}

TEST_F(CommandRun, WithAServerAsksIt) {
    OneAnswer server(data_, R"({"ok":true,"columns":["name"],"rows":[["example.org"]]})");
    EXPECT_EQ(run_words({"domain", "list", "--json"}), 0);
    EXPECT_EQ(terminal_.printed, "[{\"name\":\"example.org\"}]\n");
    server.finish();
    EXPECT_EQ(server.request, R"({"command":["domain","list"],"args":{}})");
    EXPECT_TRUE(asked_.command.empty()) << "the store was opened behind the server's back";
}

TEST_F(CommandRun, AServerThatDiesMidwayIsNotReplacedByOpeningTheStore) {
    OneAnswer server(data_, "");
    EXPECT_EQ(run_words({"domain", "list"}), 1);
    EXPECT_TRUE(asked_.command.empty());
    EXPECT_NE(terminal_.complaints, "");
}

TEST_F(CommandRun, BadInputEndsWithTwoAndTroubleWithOne) {
    EXPECT_EQ(run_words({"nonsense"}), 2);
    EXPECT_EQ(
        terminal_.complaints,
        "lockstep: there is no command 'nonsense'; 'lockstep --help' lists what there is\n"
    );
    EXPECT_EQ(terminal_.printed, "");
    answer_ = fail(Code::exists, "there is a domain example.org already");
    EXPECT_EQ(run_words({"domain", "add", "example.org"}), 2);
    EXPECT_EQ(terminal_.complaints, "lockstep: there is a domain example.org already\n");
    answer_ = fail(Code::unavailable, "the disk is full");
    EXPECT_EQ(run_words({"domain", "add", "example.org"}), 1);
}

TEST_F(CommandRun, PasswordsComeByPromptOrStandardInput) {
    EXPECT_EQ(run_words({"account", "password", "anna@example.org"}), 0);
    EXPECT_EQ(asked_.arg("password"), "typed");
    EXPECT_EQ(terminal_.prompted, "Password for anna@example.org: ");
    EXPECT_EQ(run_words({"account", "password", "anna@example.org", "--password-stdin"}), 0);
    EXPECT_EQ(asked_.arg("password"), "piped");
}

TEST_F(CommandRun, ServeGetsTheFileTheOverridesAndTheConfiguration) {
    std::ofstream(data_ / "lockstep.toml") << "[store]\nshards = 7\n";
    EXPECT_EQ(run_words({"serve", "--set", "listen.smtp=off"}), 0);
    EXPECT_EQ(served_.file, data_ / "lockstep.toml");
    ASSERT_TRUE(served_config_);
    EXPECT_EQ(served_config_->store.shards, 7);
    EXPECT_EQ(served_config_->listen.smtp, "off");
    served_config_.reset();
    EXPECT_EQ(run_words({"serve", "--set", "listen.smtp=nowhere"}), 2);
    EXPECT_EQ(
        terminal_.complaints,
        "lockstep: --set: listen.smtp: 'nowhere' is neither host:port nor off\n"
    );
    EXPECT_FALSE(served_config_);
}

TEST_F(CommandRun, AMistypedDataDirectoryIsNotMade) {
    data_ /= "absent";
    EXPECT_EQ(run_words({"account", "list"}), 2);
    EXPECT_NE(terminal_.complaints.find("there is no data directory"), std::string::npos);
    EXPECT_EQ(run_words({"domain", "add", "example.org"}), 0);
}

TEST_F(CommandRun, ConfigurationIsShownAndChecked) {
    EXPECT_EQ(run_words({"config", "show", "--set", "log.level=debug"}), 0);
    EXPECT_NE(terminal_.printed.find("log.level"), std::string::npos);
    EXPECT_NE(terminal_.printed.find("debug"), std::string::npos);
    std::ofstream(data_ / "lockstep.toml") << "[store]\nshards = 0\n";
    EXPECT_EQ(run_words({"config", "check"}), 2);
    EXPECT_NE(
        terminal_.complaints.find("lockstep.toml:2: store.shards: 0 is not between 1 and 64\n"),
        std::string::npos
    );
    EXPECT_EQ(run_words({"version"}), 0);
    EXPECT_TRUE(terminal_.printed.starts_with("lockstep "));
}

} // namespace lockstep::cli
