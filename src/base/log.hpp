// Structured logs: one line per event, a stable event name, then key=value fields.
//
//   log::info("smtp.accepted", {{"peer", address}, {"bytes", 4096}});
//   2026-11-24T12:00:00.123Z info smtp.accepted peer=1.2.3.4 bytes=4096
//
// Invariants: an event is exactly one line, whatever a value holds (control characters, quotes and
// ill-formed UTF-8 are escaped, long values are cut at limits::kLogValue); a Secret prints as ***;
// a disabled level formats nothing. Events are written to standard error in one write each, from
// any thread, in order. Rejected: a logging library; this needs no formats, files or rotation, only
// lines that cannot be forged, and the service manager keeps them.
#pragma once
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/crypto.hpp"
#include "base/id.hpp"
#include "base/result.hpp"

namespace lockstep::log {

enum class Level { debug, info, warn, error, off };

[[nodiscard]] std::string_view name_of(Level level);
/// "debug", "info", "warn", "error", "off"; nothing for any other word.
[[nodiscard]] std::optional<Level> level_named(std::string_view name);

/// Events below this level are dropped. From any thread; info at the start.
void set_level(Level level);
[[nodiscard]] bool enabled(Level level);

/// A field's value. Text is viewed, not copied: it must live until the call returns, as temporaries
/// in the call do.
class Value {
public:
    Value(std::string_view text) : value_(text) {}
    Value(const std::string& text) : value_(std::string_view(text)) {}
    Value(const char* text) : value_(std::string_view(text)) {}
    Value(bool truth) : value_(std::string_view(truth ? "true" : "false")) {}
    Value(std::signed_integral auto number) : value_(std::int64_t{number}) {}
    Value(std::unsigned_integral auto number) : value_(std::uint64_t{number}) {}
    Value(double number) : value_(number) {}
    Value(Code code) : value_(lockstep::name_of(code)) {}
    Value(const Error& error) : value_(std::string_view(error.text)) {}
    template <class Tag> Value(Id<Tag> id) : value_(id.value) {}
    template <class T> Value(const Secret<T>&) : value_(std::string_view("***")) {}
    /// Durations are written in milliseconds.
    template <class Rep, class Period>
    Value(std::chrono::duration<Rep, Period> time)
        : value_(std::chrono::duration<double, std::milli>(time).count()) {}

    /// Appends the value as it stands in a line.
    void append_to(std::string& line) const;

private:
    std::variant<std::string_view, std::int64_t, std::uint64_t, double> value_;
};

struct Field {
    std::string_view key; ///< lower-case ASCII, a constant of the program
    Value value;
};
using Fields = std::initializer_list<Field>;

/// event: "room.what_happened", a constant of the program.
void write(Level level, std::string_view event, Fields fields);
inline void debug(std::string_view event, Fields fields = {}) {
    write(Level::debug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
inline void warn(std::string_view event, Fields fields = {}) { write(Level::warn, event, fields); }
inline void error(std::string_view event, Fields fields = {}) {
    write(Level::error, event, fields);
}

/// Sends lines (each with its '\n') to `sink` instead of standard error; an empty function sends
/// them back. For tests.
void set_sink(std::function<void(std::string_view line)> sink);

} // namespace lockstep::log
