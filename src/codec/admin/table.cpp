// Prints an answer for people: aligned columns. Widths are counted in code points, near enough for
// names.
#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "codec/admin/message.hpp"

namespace lockstep::admin {

namespace {

/// A terminal must not obey what a name holds.
std::string harmless(std::string_view text) {
    auto clean = clean_utf8(text);
    for (auto& c : clean) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
            c = ' ';
    }
    return replace_all(
        clean, "\xC2\x9B", " "
    ); // the one C1 control that terminals take for an escape
}

std::string shown(const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell))
        return std::to_string(*number);
    if (const auto* truth = std::get_if<bool>(&cell))
        return *truth ? "yes" : "no";
    return harmless(std::get<std::string>(cell));
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

} // namespace

std::string to_table(const Answer& answer) {
    std::vector<std::vector<std::string>> lines;
    // A heading over nothing only stands where nothing else is said.
    if (!answer.columns.empty() && (!answer.rows.empty() || answer.text.empty())) {
        lines.emplace_back();
        for (const auto& column : answer.columns)
            lines.back().push_back(column);
    }
    for (const auto& row : answer.rows) {
        lines.emplace_back();
        for (const auto& cell : row)
            lines.back().push_back(shown(cell));
    }
    std::vector<std::size_t> widths(answer.columns.size());
    for (const auto& line : lines) {
        for (std::size_t at = 0; at < line.size(); ++at)
            widths[at] = std::max(widths[at], width_of(line[at]));
    }
    std::string out;
    for (const auto& line : lines) {
        for (std::size_t at = 0; at < line.size(); ++at) {
            out += line[at];
            if (at + 1 < line.size())
                out.append(widths[at] - width_of(line[at]) + 2, ' ');
        }
        while (out.ends_with(' '))
            out.pop_back();
        out += '\n';
    }
    if (!answer.text.empty()) {
        for (const auto part : split(answer.text, '\n'))
            out += harmless(part) + "\n";
    }
    return out;
}

} // namespace lockstep::admin
