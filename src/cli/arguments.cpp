// Parses a command line against the table of commands. Options may stand anywhere; "--" ends them.
#include "cli/arguments.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::cli {

namespace {

std::unexpected<Error> unusable(std::string text) { return fail(Code::bad_value, std::move(text)); }

/// Options are read before the command is known, so any option's value-taking must not depend on
/// the command.
struct Word {
    std::string_view text;
    bool option = false;
    std::optional<std::string_view> value; ///< of --name=value
};

std::vector<Word> classify(std::span<const std::string_view> arguments) {
    std::vector<Word> words;
    bool options = true;
    for (const auto argument : arguments) {
        if (options && argument == "--") {
            options = false;
        } else if (options && argument == "-h") {
            words.push_back({"help", true, {}});
        } else if (options && argument.starts_with("--")) {
            const auto equals = argument.find('=');
            Word word{
                argument.substr(2, equals == std::string_view::npos ? equals : equals - 2), true, {}
            };
            if (equals != std::string_view::npos)
                word.value = argument.substr(equals + 1);
            words.push_back(word);
        } else {
            words.push_back({argument, false, {}});
        }
    }
    return words;
}

const Option* find_option(std::span<const Option> options, std::string_view name) {
    const auto found = std::ranges::find(options, name, &Option::name);
    return found == options.end() ? nullptr : &*found;
}

/// Any option of any command: whether a value follows is the same wherever a name is used.
const Option* any_option(std::string_view name) {
    if (const auto* option = find_option(global_options(), name))
        return option;
    for (const auto& command : commands()) {
        if (const auto* option = find_option(command.options, name))
            return option;
    }
    return nullptr;
}

constexpr std::string_view kPasswordStdin = "password-stdin";

struct Given {
    std::vector<std::string_view> plain;
    std::vector<std::pair<std::string_view, std::string_view>> options;
};

/// Joins options with their values.
Result<Given> gather(const std::vector<Word>& words) {
    Given given;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto& word = words[at];
        if (!word.option) {
            given.plain.push_back(word.text);
            continue;
        }
        const auto* option = any_option(word.text);
        if (option == nullptr && word.text != kPasswordStdin)
            return unusable(fmt::format("there is no option --{}", word.text));
        if (option == nullptr || option->value.empty()) {
            if (word.value)
                return unusable(fmt::format("--{} takes no value", word.text));
            given.options.emplace_back(word.text, "true");
        } else if (word.value) {
            given.options.emplace_back(word.text, *word.value);
        } else if (at + 1 < words.size() && !words[at + 1].option) {
            given.options.emplace_back(word.text, words[++at].text);
        } else {
            return unusable(
                fmt::format("--{} needs a value: --{} {}", word.text, word.text, option->value)
            );
        }
    }
    return given;
}

/// How many of the leading plain words are the command's words; 0 when they are another command's.
std::size_t match(const Command& command, std::span<const std::string_view> plain) {
    const auto words = split(command.words, ' ');
    if (plain.size() < words.size())
        return 0;
    return std::ranges::equal(words, plain.first(words.size())) ? words.size() : 0;
}

/// Whether some command's words begin with all of these.
bool begins_a_command(std::string_view words) {
    return std::ranges::any_of(commands(), [&](const Command& command) {
        return command.words == words || command.words.starts_with(fmt::format("{} ", words));
    });
}

std::unexpected<Error> no_command(std::span<const std::string_view> plain) {
    std::string known;
    for (const auto word : plain) {
        const auto longer = known.empty() ? std::string(word) : known + " " + std::string(word);
        if (!begins_a_command(longer)) {
            return unusable(fmt::format(
                "there is no command '{}'; 'lockstep{}{} --help' lists what there is", longer,
                known.empty() ? "" : " ", known
            ));
        }
        known = longer;
    }
    return unusable(fmt::format("'{}' needs a verb; 'lockstep {} --help' lists them", known, known)
    );
}

Result<> fill_parameters(Invocation& invocation, std::span<const std::string_view> plain) {
    const auto& command = *invocation.command;
    if (plain.size() > command.parameters.size()) {
        return unusable(fmt::format(
            "'{}' is one word too many for 'lockstep {}'", plain[command.parameters.size()],
            command.words
        ));
    }
    for (std::size_t at = 0; at < command.parameters.size(); ++at) {
        const auto& parameter = command.parameters[at];
        if (at < plain.size()) {
            if (!is_utf8(plain[at]) || clean_utf8(plain[at]) != plain[at])
                return unusable(fmt::format("{} is not text", upper(parameter.name)));
            if (plain[at].empty())
                return unusable(fmt::format("{} is empty", upper(parameter.name)));
            invocation.args.emplace(parameter.name, plain[at]);
        } else if (!parameter.optional) {
            return unusable(fmt::format(
                "'lockstep {}' needs {}: {}", command.words, upper(parameter.name), parameter.doc
            ));
        }
    }
    return {};
}

/// A global option; false when the name is none.
Result<bool> take_global(Invocation& invocation, std::string_view name, std::string_view value) {
    if (name == "json")
        invocation.json = true;
    else if (name == "help")
        invocation.help = true;
    else if (name == "set")
        invocation.sets.emplace_back(value);
    else if (name == "data" || name == "config") {
        if (value.empty())
            return unusable(fmt::format("--{} needs a path", name));
        (name == "data" ? invocation.data : invocation.config) = value;
    } else
        return false;
    return true;
}

} // namespace

Result<Invocation> parse_arguments(std::span<const std::string_view> arguments) {
    TRY(const auto given, gather(classify(arguments)));
    Invocation invocation;
    std::vector<std::pair<std::string_view, std::string_view>> own;
    for (const auto& [name, value] : given.options) {
        TRY(const bool taken, take_global(invocation, name, value));
        if (!taken)
            own.emplace_back(name, value);
    }
    std::size_t used = 0;
    for (const auto& command : commands()) {
        if (const auto words = match(command, given.plain); words > 0) {
            invocation.command = &command;
            used = words;
        }
    }
    if (invocation.command != nullptr)
        invocation.words = invocation.command->words;
    else
        invocation.words = join({given.plain.begin(), given.plain.end()}, " ");
    if (invocation.help && (invocation.words.empty() || begins_a_command(invocation.words)))
        return invocation;
    if (given.plain.empty())
        return unusable("a command is needed; 'lockstep --help' lists them");
    if (invocation.command == nullptr)
        return no_command(given.plain);
    for (const auto& [name, value] : own) {
        if (name == kPasswordStdin && invocation.command->password) {
            invocation.password_stdin = true;
            continue;
        }
        if (find_option(invocation.command->options, name) == nullptr) {
            return unusable(
                fmt::format("'lockstep {}' has no option --{}", invocation.command->words, name)
            );
        }
        if (!is_utf8(value) || clean_utf8(value) != value)
            return unusable(fmt::format("the value of --{} is not text", name));
        invocation.args.insert_or_assign(std::string(name), std::string(value));
    }
    CHECK_OK(fill_parameters(invocation, std::span(given.plain).subspan(used)));
    return invocation;
}

} // namespace lockstep::cli
