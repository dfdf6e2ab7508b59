// Writes docs/config.md from the table of keys.
#include <fmt/format.h>

#include "base/text.hpp"
#include "server/config_keys.hpp"

namespace lockstep::server {

namespace {

std::string kind_text(const Key& key) {
    switch (key.kind) {
    case Kind::text:
        return "text";
    case Kind::path:
        return "absolute path, or empty";
    case Kind::domain:
        return "domain name, or empty";
    case Kind::host:
        return "`host` or `host:port`, or empty";
    case Kind::listen:
        return "`host:port`, or `off`";
    case Kind::choice:
        return "one of `" + replace_all(key.choices, " ", "`, `") + "`";
    case Kind::truth:
        return "`true` or `false`";
    case Kind::count:
        return fmt::format("number from {} to {}", key.least, key.most);
    case Kind::bytes:
        return fmt::format(
            "bytes from {} to {}; `K`, `M`, `G` allowed in text", key.least, key.most
        );
    case Kind::time:
        return fmt::format(
            "seconds from {} to {}; `s`, `m`, `h`, `d` allowed in text", key.least, key.most
        );
    }
    return "";
}

std::string_view takes_text(Takes takes) {
    switch (takes) {
    case Takes::at_once:
        return "at a reload (SIGHUP)";
    case Takes::at_start:
        return "at the next start";
    case Takes::first_start:
        return "when the data directory is made; later changes are ignored";
    }
    return "";
}

constexpr std::string_view kIntroduction = R"(# Configuration

This page is written by `lockstep config doc` from the table that parses the keys (`src/server/config_keys.cpp`).

Settings come from a TOML file: the one named by `--config FILE`, or `lockstep.toml` in the data directory if there is
one. `--set key=value` on the command line wins over the file. `lockstep config check` reads a file and says what is wrong
with it, `lockstep config show` prints every key with its value. SIGHUP makes a running server read its file again; if
anything in it is wrong, the server says so in its log and goes on with what it had.

```toml
[listen]
https = "*:443"
smtp = "*:25"
imaps = "*:993"

[tls]
certificate = "/etc/ssl/office.pem"
key = "/etc/ssl/office.key"

[domain]
default = "example.org"
```

The administration socket is always `admin.sock` in the data directory, reachable by the server's own user only.
)";

} // namespace

std::string config_document() {
    std::string out(kIntroduction);
    std::string_view section;
    const Config defaults;
    for (const auto& key : config_keys()) {
        if (const auto first = key.name.substr(0, key.name.find('.')); first != section) {
            section = first;
            out += fmt::format("\n## {}\n", section);
        }
        const auto value = show_key(key, defaults);
        out += fmt::format(
            "\n### {}\n\n{}\n\n* Value: {}\n* Default: {}\n* Takes effect: {}\n", key.name, key.doc,
            kind_text(key), value.empty() ? "empty" : "`" + value + "`", takes_text(key.takes)
        );
    }
    return out;
}

} // namespace lockstep::server
