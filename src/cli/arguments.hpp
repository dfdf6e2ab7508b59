// Turns the words of a command line into one command with named arguments.
// Errors: bad_value, one sentence that says which word is wrong and what would be right.
#pragma once
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/commands.hpp"

namespace lockstep::cli {

struct Invocation {
    const Command* command = nullptr; ///< null: help about `words` is wanted
    std::string words;                ///< the words given so far, for help
    std::map<std::string, std::string, std::less<>> args;
    std::filesystem::path data = "/var/lib/lockstep";
    std::filesystem::path config; ///< empty: not given
    std::vector<std::string> sets;
    bool json = false;
    bool help = false;
    bool password_stdin = false;
};

/// `arguments` without the program's name.
[[nodiscard]] Result<Invocation> parse_arguments(std::span<const std::string_view> arguments);

/// Help for a command, for all commands that begin with these words, or (no words) for everything.
[[nodiscard]] std::string help_text(std::string_view words);

} // namespace lockstep::cli
