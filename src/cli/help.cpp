// Writes help from the table of commands.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/arguments.hpp"

namespace lockstep::cli {

namespace {

using HelpLine = std::pair<std::string, std::string_view>;

std::string aligned(const std::vector<HelpLine>& lines) {
    std::size_t width = 0;
    for (const auto& [left, right] : lines)
        width = std::max(width, left.size());
    std::string out;
    for (const auto& [left, right] : lines)
        out += fmt::format("  {:<{}}  {}\n", left, width, right);
    return out;
}

std::string option_text(const Option& option) {
    return option.value.empty() ? fmt::format("--{}", option.name)
                                : fmt::format("--{} {}", option.name, option.value);
}

std::string usage_text(const Command& command) {
    std::string text(command.words);
    for (const auto& parameter : command.parameters) {
        const auto name = upper(parameter.name);
        text += parameter.optional ? fmt::format(" [{}]", name) : fmt::format(" {}", name);
    }
    return text;
}

std::string global_text() {
    std::vector<HelpLine> lines;
    for (const auto& option : global_options())
        lines.emplace_back(option_text(option), option.doc);
    return "\nWith every command:\n" + aligned(lines);
}

std::string command_help(const Command& command) {
    auto out = fmt::format(
        "usage: lockstep {}{}\n\n{}\n", usage_text(command),
        command.options.empty() && !command.password ? "" : " [OPTIONS]", command.doc
    );
    std::vector<HelpLine> lines;
    for (const auto& parameter : command.parameters)
        lines.emplace_back(upper(parameter.name), parameter.doc);
    for (const auto& option : command.options)
        lines.emplace_back(option_text(option), option.doc);
    if (command.password)
        lines.emplace_back(
            "--password-stdin", "read the password from standard input instead of asking for it"
        );
    if (!lines.empty())
        out += "\n" + aligned(lines);
    return out + global_text();
}

} // namespace

std::string help_text(std::string_view words) {
    std::vector<HelpLine> lines;
    for (const auto& command : commands()) {
        if (command.words == words)
            return command_help(command);
        const bool wanted = words.empty() || command.words.starts_with(fmt::format("{} ", words));
        if (wanted && !command.hidden)
            lines.emplace_back(usage_text(command), command.doc);
    }
    return fmt::format("usage: lockstep {}{}COMMAND\n\n", words, words.empty() ? "" : " ") +
           aligned(lines) + global_text();
}

} // namespace lockstep::cli
