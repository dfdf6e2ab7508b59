// Config: every setting of the server, typed; read from a TOML file and from --set overrides.
// Invariants: one table (config_keys.cpp) names each key, its type, default, bounds and meaning;
// the parser, `config show` and docs/config.md all come from it, so none of them can drift. Loading
// either gives a whole valid Config or one error, so a reload that fails leaves the running
// configuration as it is. Errors: bad_value with one sentence that names the file and line (or the
// --set) and the key; not_found for a missing file.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits_mail.hpp"
#include "base/result.hpp"

namespace lockstep::server {

using std::chrono::seconds;

struct Config {
    struct {
        std::string https = "*:443";
        std::string http = "off";
        std::string smtp = "*:25";
        std::string imaps = "*:993";
        std::string imap = "off";
        std::string smtp_second = "off";
        std::string submission = "*:587";
        std::string submissions = "*:465";
        std::string lmtp = "off";
    } listen;
    struct {
        bool allow_plain = false;
        std::string public_name;
    } http;
    struct {
        std::string certificate;
        std::string key;
        std::string acme_webroot;
    } tls;
    struct {
        std::string fallback; ///< domain.default
    } domain;
    struct {
        std::int64_t shards = 4;
        std::int64_t readers = 0;
    } store;
    struct {
        std::string level = "info";
    } log;
    struct {
        std::string hostname;
        std::int64_t max_size = std::int64_t{limits::kSmtpMessage};
        std::int64_t sent_per_hour = limits::kSentPerHour;
        std::int64_t recipients_per_hour = limits::kRecipientsPerHour;
        std::string smarthost;
        std::string smarthost_login;
        std::string smarthost_password_file;
        std::int64_t outbound_port = 25;
        std::string mta_sts = "testing";
    } smtp;
    struct {
        std::string check = "outside";
        bool dmarc_reject = false;
        std::string dns_lists;
        std::string rspamd = "off";
    } inbound;
    struct {
        bool enabled = true;
    } imap;
    struct {
        std::string server;
        std::string zone_file;
        std::string anchor_file = "/usr/share/dns/root.key";
    } dns;
    struct {
        seconds heartbeat_min = limits::kHeartbeatMin;
        seconds heartbeat_max = limits::kHeartbeatMax;
        std::int64_t window_max = std::int64_t{limits::kEasWindow};
        std::int64_t max_devices = 100;
        std::int64_t max_requests = 20'000;
        std::int64_t max_writes = 20'000;
        std::int64_t max_bytes = 4LL << 30;
    } eas;
    struct {
        std::int64_t attempts = 10;
        seconds window{300};
    } auth;
    struct {
        std::int64_t io = 0;
    } threads;
    struct {
        bool manual = false;
    } clock;
};

/// Where a configuration comes from; kept by the server so that SIGHUP can read it again.
struct ConfigSources {
    std::filesystem::path file; ///< empty: none
    bool optional = false; ///< a file that is not there is none (the one in the data directory)
    std::vector<std::string> sets; ///< "key=value", later ones win, all win over the file
};

/// Reads, validates and checks the whole.
[[nodiscard]] Result<Config> load_config(const ConfigSources& sources);

/// (key, value as text) of every key, in the table's order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> show_config(const Config& config);
/// The keys that differ and take effect only at the next start.
[[nodiscard]] std::vector<std::string> needs_restart(const Config& running, const Config& loaded);
/// The whole of docs/config.md.
[[nodiscard]] std::string config_document();

/// Whether "host:port" names a loopback address.
[[nodiscard]] bool is_loopback(std::string_view listen);

} // namespace lockstep::server
