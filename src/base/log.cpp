// Formats events into lines that a peer's bytes cannot break or forge, and writes each at once.
// Errors: none are reported; a log line that standard error does not take is lost, and the work
// goes on.
#include "base/log.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <iterator>

#include <fmt/format.h>
#include <unistd.h>

#include "base/limits.hpp"
#include "base/locked.hpp"
#include "base/text.hpp"

namespace lockstep::log {

namespace {

std::atomic<Level> least_level = Level::info;

// Never destroyed: threads may log while the process ends.
LockGuarded<std::function<void(std::string_view)>>& line_sink() {
    static auto* const sink = new LockGuarded<std::function<void(std::string_view)>>();
    return *sink;
}

bool is_plain(std::string_view text) {
    if (text.empty())
        return false;
    for (const char c : text) {
        if (c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\')
            return false;
    }
    return true;
}

// C1 controls and the Unicode line and paragraph separators end a line in some viewers, and the
// bidirectional controls reorder one.
bool is_unsafe(std::string_view sequence) {
    if (sequence.size() == 2)
        return sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
    if (sequence.size() != 3 || sequence[0] != '\xE2')
        return false;
    const auto low = static_cast<unsigned char>(sequence[2]);
    if (sequence[1] == '\x80')
        return low >= 0xA8 && low <= 0xAE;
    return sequence[1] == '\x81' && low >= 0xA6 && low <= 0xA9;
}

std::size_t sequence_length(char first) {
    const auto lead = static_cast<unsigned char>(first);
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

void append_escaped(std::string& line, std::string_view bytes) {
    for (const char c : bytes)
        fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(c));
}

void append_quoted(std::string& line, std::string_view text) {
    line += '"';
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const auto sequence = text.substr(at, sequence_length(c));
        if (sequence.size() > 1 && is_utf8(sequence) && !is_unsafe(sequence)) {
            line += sequence;
            at += sequence.size();
            continue;
        }
        switch (c) {
        case '"':
            line += "\\\"";
            break;
        case '\\':
            line += "\\\\";
            break;
        case '\n':
            line += "\\n";
            break;
        case '\r':
            line += "\\r";
            break;
        case '\t':
            line += "\\t";
            break;
        default:
            if (c >= ' ' && c <= '~')
                line += c;
            else
                append_escaped(line, text.substr(at, 1));
        }
        ++at;
    }
    line += '"';
}

void append_text(std::string& line, std::string_view text) {
    const bool cut = text.size() > limits::kLogValue;
    const auto shown = cut ? utf8_prefix(text, limits::kLogValue) : text;
    if (is_plain(shown))
        line += shown;
    else
        append_quoted(line, shown);
    if (cut)
        fmt::format_to(std::back_inserter(line), "(+{})", text.size() - shown.size());
}

void append_time(std::string& line, std::chrono::system_clock::time_point now) {
    using namespace std::chrono;
    const auto day = floor<days>(now);
    const year_month_day date(day);
    const hh_mm_ss time(floor<milliseconds>(now - day));
    fmt::format_to(
        std::back_inserter(line), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
        time.seconds().count(), time.subseconds().count()
    );
}

void write_to_stderr(std::string_view line) {
    while (!line.empty()) {
        const auto written = ::write(STDERR_FILENO, line.data(), line.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

std::string_view name_of(Level level) {
    switch (level) {
    case Level::debug:
        return "debug";
    case Level::info:
        return "info";
    case Level::warn:
        return "warn";
    case Level::error:
        return "error";
    case Level::off:
        return "off";
    }
    return "off";
}

std::optional<Level> level_named(std::string_view name) {
    for (const auto level : {Level::debug, Level::info, Level::warn, Level::error, Level::off}) {
        if (name == name_of(level))
            return level;
    }
    return std::nullopt;
}

void set_level(Level level) { least_level.store(level, std::memory_order_relaxed); }

bool enabled(Level level) { return level >= least_level.load(std::memory_order_relaxed); }

void Value::append_to(std::string& line) const {
    if (const auto* text = std::get_if<std::string_view>(&value_))
        append_text(line, *text);
    else if (const auto* number = std::get_if<double>(&value_))
        fmt::format_to(std::back_inserter(line), "{:.6g}", *number);
    else if (const auto* sign = std::get_if<std::int64_t>(&value_))
        fmt::format_to(std::back_inserter(line), "{}", *sign);
    else
        fmt::format_to(std::back_inserter(line), "{}", std::get<std::uint64_t>(value_));
}

void write(Level level, std::string_view event, Fields fields) {
    if (!enabled(level))
        return;
    std::string line;
    line.reserve(160);
    append_time(line, std::chrono::system_clock::now());
    line += ' ';
    line += name_of(level);
    line += ' ';
    line += event;
    for (const auto& [key, value] : fields) {
        line += ' ';
        line += key;
        line += '=';
        value.append_to(line);
    }
    line += '\n';
    line_sink().with([&](const auto& sink) {
        if (sink)
            sink(line);
        else
            write_to_stderr(line);
    });
}

void set_sink(std::function<void(std::string_view line)> sink) {
    line_sink().with([&](auto& current) { current = std::move(sink); });
}

} // namespace lockstep::log
