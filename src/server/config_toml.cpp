// Reads a TOML file into flat key=value pairs with line numbers. The one file that includes toml++.
// Spec: TOML 1.0.
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>

#include "server/config_keys.hpp"

namespace lockstep::server {

namespace {

struct TomlWalk {
    const std::string& file;
    std::vector<TomlValue> values;

    Result<> add(const std::string& key, const toml::node& node) {
        const auto line = static_cast<std::int64_t>(node.source().begin.line);
        if (const auto* text = node.as_string()) {
            values.push_back({key, text->get(), TomlValue::Type::text, line});
        } else if (const auto* number = node.as_integer()) {
            values.push_back({key, std::to_string(number->get()), TomlValue::Type::number, line});
        } else if (const auto* truth = node.as_boolean()) {
            values.push_back({key, truth->get() ? "true" : "false", TomlValue::Type::truth, line});
        } else {
            return fail(
                Code::bad_value,
                fmt::format(
                    "{}:{}: {}: only text, numbers and true or false are values here", file, line,
                    key
                )
            );
        }
        return {};
    }

    /// Two levels are all that the keys have; a deeper table is an unknown key.
    Result<> walk(const toml::table& root) {
        for (const auto& [name, node] : root) {
            const std::string outer(name.str());
            const auto* table = node.as_table();
            if (table == nullptr) {
                CHECK_OK(add(outer, node));
                continue;
            }
            for (const auto& [inner, value] : *table)
                CHECK_OK(add(outer + "." + std::string(inner.str()), value));
        }
        return {};
    }
};

} // namespace

Result<std::vector<TomlValue>> read_toml(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fail(
            Code::not_found, fmt::format("{}: the configuration file cannot be read", file.string())
        );
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const auto name = file.string();
    const auto parsed = toml::parse(std::string_view(bytes.view()), name);
    if (!parsed) {
        const auto& error = parsed.error();
        return fail(
            Code::bad_syntax,
            fmt::format("{}:{}: {}", name, error.source().begin.line, error.description())
        );
    }
    TomlWalk walk{name, {}};
    CHECK_OK(walk.walk(parsed.table()));
    return std::move(walk.values);
}

} // namespace lockstep::server
