// How numbers, times and names are written in administration commands.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "directory/directory.hpp"

namespace lockstep::admin {

/// "5G", "300M", "64K" or plain bytes. Error: bad_value.
[[nodiscard]] Result<std::int64_t> parse_size(std::string_view text);
/// "90s", "15m", "2h", "1d" or plain seconds. Error: bad_value.
[[nodiscard]] Result<std::chrono::seconds> parse_duration(std::string_view text);
/// "activesync" and so on.
[[nodiscard]] std::optional<directory::Door> door_named(std::string_view name);
/// Names separated by commas, as bits. Error: bad_value.
[[nodiscard]] Result<std::int64_t> parse_doors(std::string_view names);
/// The bits as names separated by commas.
[[nodiscard]] std::string doors_text(std::int64_t doors);
/// "read", "add", "edit" and so on. Error: bad_value.
[[nodiscard]] Result<model::Right> parse_right(std::string_view name);
[[nodiscard]] std::string_view right_name(model::Right right);
[[nodiscard]] std::string_view kind_name(model::AccountKind kind);
/// "2026-11-24 12:00:00", UTC; empty for 0.
[[nodiscard]] std::string time_text(std::int64_t microseconds);

} // namespace lockstep::admin
