// Loads a configuration: the file, then the overrides, then the checks that span several keys.
#include "server/config.hpp"

#include <map>

#include <fmt/format.h>

#include "base/text.hpp"
#include "server/config_keys.hpp"

namespace lockstep::server {

namespace {

Result<> fault(std::string_view where, std::string_view key, std::string_view what) {
    return fail(Code::bad_value, fmt::format("{}: {}: {}", where, key, what));
}

bool fits(const Key& key, const TomlValue& value) {
    using enum Kind;
    switch (key.kind) {
    case truth:
        return value.type == TomlValue::Type::truth;
    case count:
        return value.type == TomlValue::Type::number;
    case bytes:
    case time:
        return value.type != TomlValue::Type::truth;
    case text:
    case path:
    case domain:
    case host:
    case listen:
    case choice:
        return value.type == TomlValue::Type::text;
    }
    return false;
}

/// Where each key was last set, for the messages of check_whole().
using Places = std::map<std::string, std::string, std::less<>>;

Result<> apply_file(const std::filesystem::path& file, Config& config, Places& places) {
    TRY(const auto values, read_toml(file));
    for (const auto& value : values) {
        const auto where = fmt::format("{}:{}", file.string(), value.line);
        const auto* key = find_key(value.key);
        if (key == nullptr)
            return fault(where, value.key, "there is no such key");
        if (!fits(*key, value))
            return fault(where, value.key, "the value is of the wrong type");
        if (const auto set = set_key(*key, config, value.text); !set)
            return fault(where, value.key, set.error().text);
        places.insert_or_assign(value.key, where);
    }
    return {};
}

Result<> apply_set(std::string_view set, Config& config, Places& places) {
    const auto equals = set.find('=');
    const auto name = trim(set.substr(0, equals));
    if (equals == std::string_view::npos)
        return fault("--set", set, "key=value is expected");
    const auto* key = find_key(name);
    if (key == nullptr)
        return fault("--set", name, "there is no such key");
    if (const auto done = set_key(*key, config, trim(set.substr(equals + 1))); !done) {
        return fault("--set", name, done.error().text);
    }
    places.insert_or_assign(std::string(name), "--set");
    return {};
}

Result<> check_whole(const Config& config, const Places& places) {
    const auto blame = [&](std::string_view key, std::string_view what) {
        const auto place = places.find(key);
        return fault(place == places.end() ? "configuration" : place->second, key, what);
    };
    if (config.listen.http != "off" && !config.http.allow_plain &&
        !is_loopback(config.listen.http)) {
        return blame("listen.http", "plain HTTP beyond loopback needs http.allow_plain=true");
    }
    if (config.tls.certificate.empty() != config.tls.key.empty()) {
        return blame(
            config.tls.key.empty() ? "tls.certificate" : "tls.key",
            "tls.certificate and tls.key go together"
        );
    }
    if (config.eas.heartbeat_min > config.eas.heartbeat_max) {
        return blame("eas.heartbeat_min", "it is longer than eas.heartbeat_max");
    }
    return {};
}

} // namespace

Result<Config> load_config(const ConfigSources& sources) {
    Config config;
    Places places;
    std::error_code ignored;
    const bool absent = sources.file.empty() ||
                        (sources.optional && !std::filesystem::exists(sources.file, ignored));
    if (!absent)
        CHECK_OK(apply_file(sources.file, config, places));
    for (const auto& set : sources.sets)
        CHECK_OK(apply_set(set, config, places));
    CHECK_OK(check_whole(config, places));
    return config;
}

std::vector<std::pair<std::string, std::string>> show_config(const Config& config) {
    std::vector<std::pair<std::string, std::string>> shown;
    for (const auto& key : config_keys())
        shown.emplace_back(key.name, show_key(key, config));
    return shown;
}

std::vector<std::string> needs_restart(const Config& running, const Config& loaded) {
    std::vector<std::string> keys;
    for (const auto& key : config_keys()) {
        if (key.takes != Takes::at_once && show_key(key, running) != show_key(key, loaded))
            keys.emplace_back(key.name);
    }
    return keys;
}

bool is_loopback(std::string_view listen) {
    const auto host = listen.substr(0, listen.rfind(':'));
    return host == "localhost" || host == "[::1]" ||
           (host.starts_with("127.") && split(host, '.').size() == 4);
}

} // namespace lockstep::server
