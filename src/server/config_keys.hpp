// The table of configuration keys and how one is set from text. For config*.cpp only.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "server/config.hpp"

namespace lockstep::server {

enum class Kind {
    text,   ///< any text, may be empty
    path,   ///< absolute path of a file or folder, or empty
    domain, ///< a domain name, or empty
    host,   ///< a domain name or address, perhaps with a port, or empty
    listen, ///< "host:port" or "off"
    choice, ///< one of `choices`
    truth,  ///< true or false
    count,  ///< a number
    bytes,  ///< a number of bytes, K, M and G allowed
    time,   ///< a number of seconds; s, m, h and d allowed
};

/// When a changed value takes effect.
enum class Takes { at_once, at_start, first_start };

struct Key {
    std::string_view name;
    Kind kind;
    Takes takes;
    std::variant<
        std::string& (*)(Config&), bool& (*)(Config&), std::int64_t& (*)(Config&),
        seconds& (*)(Config&)>
        field;
    std::string_view doc; ///< sentences for docs/config.md
    std::int64_t least = 0;
    std::int64_t most = 0;
    std::string_view choices = {}; ///< words separated by blanks
};

[[nodiscard]] std::span<const Key> config_keys();
/// Null when there is no such key.
[[nodiscard]] const Key* find_key(std::string_view name);
/// Parses `text` and stores it. Error: bad_value, a sentence without the key's name ("9999 is not
/// between 1 and 512").
[[nodiscard]] Result<> set_key(const Key& key, Config& config, std::string_view text);
/// The value as set_key() reads it.
[[nodiscard]] std::string show_key(const Key& key, const Config& config);

/// One value of a TOML file.
struct TomlValue {
    std::string key;  ///< dotted
    std::string text; ///< as set_key() reads it
    enum class Type { text, number, truth } type;
    std::int64_t line = 0;
};
/// Flattens a TOML file. Error: bad_syntax or bad_value, a sentence that begins with file:line;
/// not_found.
[[nodiscard]] Result<std::vector<TomlValue>> read_toml(const std::filesystem::path& file);

} // namespace lockstep::server
