// Configuration: every key is read as the table says, and every mistake is one sentence that names
// its place.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include <unistd.h>

#include "base/text.hpp"
#include "server/config.hpp"
#include "server/config_keys.hpp"

namespace lockstep::server {

namespace {

class ConfigFile : public testing::Test {
protected:
    ConfigFile() {
        std::string name = testing::TempDir() + "config_XXXXXX";
        folder_ = ::mkdtemp(name.data());
        file_ = folder_ / "lockstep.toml";
    }
    ~ConfigFile() override { std::filesystem::remove_all(folder_); }

    Result<Config> load(std::string_view toml, std::vector<std::string> sets = {}) {
        std::ofstream(file_) << toml;
        return load_config({file_, false, std::move(sets)});
    }
    /// The error's sentence with the file's folder taken off.
    std::string error_of(std::string_view toml, std::vector<std::string> sets = {}) {
        const auto loaded = load(toml, std::move(sets));
        return loaded ? "no error" : replace_all(loaded.error().text, folder_.string() + "/", "");
    }

    std::filesystem::path folder_, file_;
};

} // namespace

TEST_F(ConfigFile, IsReadAndOverridden) {
    const auto config = load(
        "[listen]\nhttps = \"127.0.0.1:8443\"\nhttp = \"off\"\n[store]\nshards = "
        "8\n[eas]\nheartbeat_max = \"30m\"\n"
        "[smtp]\nmax_size = \"10M\"\n[clock]\nmanual = true\n",
        {"store.shards=2", "listen.smtp = 127.0.0.1:2525"}
    );
    ASSERT_TRUE(config) << config.error().text;
    EXPECT_EQ(config->listen.https, "127.0.0.1:8443");
    EXPECT_EQ(config->listen.smtp, "127.0.0.1:2525");
    EXPECT_EQ(config->store.shards, 2);
    EXPECT_EQ(config->eas.heartbeat_max, seconds(1800));
    EXPECT_EQ(config->smtp.max_size, 10 << 20);
    EXPECT_TRUE(config->clock.manual);
    EXPECT_EQ(config->eas.window_max, 512);
}

TEST_F(ConfigFile, MistakesNameFileLineAndKey) {
    EXPECT_EQ(
        error_of("[listen]\n\nhtps = \"off\"\n"),
        "lockstep.toml:3: listen.htps: there is no such key"
    );
    EXPECT_EQ(
        error_of("[eas]\nwindow_max = 9999\n"),
        "lockstep.toml:2: eas.window_max: 9999 is not between 1 and 512"
    );
    EXPECT_EQ(
        error_of("[eas]\nwindow_max = \"5\"\n"),
        "lockstep.toml:2: eas.window_max: the value is of the wrong type"
    );
    EXPECT_EQ(
        error_of("[clock]\nmanual = 1\n"),
        "lockstep.toml:2: clock.manual: the value is of the wrong type"
    );
    EXPECT_EQ(
        error_of("[listen]\nhttps = \"nowhere\"\n"),
        "lockstep.toml:2: listen.https: 'nowhere' is neither host:port nor off"
    );
    EXPECT_EQ(
        error_of("[log]\nlevel = \"loud\"\n"),
        "lockstep.toml:2: log.level: 'loud' is none of: debug, info, warn, error, off"
    );
    EXPECT_EQ(
        error_of("[tls]\nkey = [1]\n"),
        "lockstep.toml:2: tls.key: only text, numbers and true or false are values here"
    );
    EXPECT_EQ(error_of("\n[a]\n[a]\n").substr(0, 16), "lockstep.toml:3:");
    EXPECT_EQ(
        error_of("", {"eas.window_max=0"}), "--set: eas.window_max: 0 is not between 1 and 512"
    );
    EXPECT_EQ(error_of("", {"nothing"}), "--set: nothing: key=value is expected");
    EXPECT_EQ(error_of("", {"no.key=1"}), "--set: no.key: there is no such key");
    EXPECT_EQ(load_config({"/nonexistent/lockstep.toml", false, {}}).error().code, Code::not_found);
}

TEST_F(ConfigFile, AnOptionalFileMayBeAbsent) {
    EXPECT_TRUE(load_config({folder_ / "absent.toml", true, {}}));
    std::ofstream(file_) << "bogus = 1\n";
    EXPECT_FALSE(load_config({file_, true, {}})) << "but not wrong";
}

TEST_F(ConfigFile, APublicNameMayHaveAPort) {
    for (const auto* name :
         {"", "mail.example.org", "mail.example.org:8443", "192.0.2.1:8443", "[2001:db8::1]:8443"})
        EXPECT_TRUE(load("", {std::string("http.public_name=") + name})) << name;
    for (const auto* name : {"https://x", "mail:0", "mail:99999", "a b", "x:y", ":443"})
        EXPECT_FALSE(load("", {std::string("http.public_name=") + name})) << name;
}

TEST_F(ConfigFile, ContradictionsNameTheKeyThatMadeThem) {
    EXPECT_EQ(
        error_of("[listen]\nhttp = \"0.0.0.0:80\"\n"),
        "lockstep.toml:2: listen.http: plain HTTP beyond loopback needs http.allow_plain=true"
    );
    EXPECT_TRUE(load("[listen]\nhttp = \"0.0.0.0:80\"\n", {"http.allow_plain=true"}));
    EXPECT_TRUE(load("[listen]\nhttp = \"[::1]:80\"\n"));
    EXPECT_FALSE(load("", {"listen.http=127.evil.example:80"}))
        << "a name that begins like loopback is not loopback";
    EXPECT_EQ(
        error_of("[tls]\nkey = \"/k\"\n"),
        "lockstep.toml:2: tls.key: tls.certificate and tls.key go together"
    );
    EXPECT_EQ(
        error_of("", {"eas.heartbeat_min=10m", "eas.heartbeat_max=5m"}),
        "--set: eas.heartbeat_min: it is longer than eas.heartbeat_max"
    );
}

TEST(ConfigKeys, EveryDefaultIsReadBackAsItself) {
    std::set<std::string_view> names;
    for (const auto& key : config_keys()) {
        EXPECT_TRUE(names.insert(key.name).second) << key.name;
        EXPECT_FALSE(key.doc.empty()) << key.name;
        Config config;
        const auto shown = show_key(key, config);
        const auto set = set_key(key, config, shown);
        EXPECT_TRUE(set) << key.name << ": " << (set ? "" : set.error().text);
        EXPECT_EQ(show_key(key, config), shown) << key.name;
    }
}

TEST(ConfigKeys, ScaledNumbersDoNotOverflow) {
    Config config;
    const auto* key = find_key("smtp.max_size");
    ASSERT_NE(key, nullptr);
    EXPECT_FALSE(set_key(*key, config, "9223372036854775807G"));
    EXPECT_FALSE(set_key(*key, config, "K"));
    EXPECT_FALSE(set_key(*key, config, "-1"));
    EXPECT_TRUE(set_key(*key, config, "64K"));
    EXPECT_EQ(config.smtp.max_size, 64 << 10);
}

TEST(ConfigReload, TellsWhatNeedsARestart) {
    Config running, loaded;
    loaded.log.level = "debug";
    EXPECT_TRUE(needs_restart(running, loaded).empty());
    loaded.listen.https = "off";
    EXPECT_EQ(needs_restart(running, loaded), std::vector<std::string>{"listen.https"});
}

TEST(ConfigDocument, NamesEveryKey) {
    const auto document = config_document();
    for (const auto& key : config_keys()) {
        EXPECT_NE(document.find("### " + std::string(key.name) + "\n"), std::string::npos)
            << key.name;
    }
}

} // namespace lockstep::server
