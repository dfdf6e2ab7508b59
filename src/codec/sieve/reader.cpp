// Commands.
#include "codec/sieve/reader.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/limits_sieve.hpp"
#include "base/text.hpp"

namespace lockstep::sieve {
namespace {

struct KnownCommand {
    CommandKind kind;
    std::string_view extension;
};
const std::map<std::string, KnownCommand, std::less<>> kCommandNames = {
    {"if", {CommandKind::branch, ""}},
    {"stop", {CommandKind::stop, ""}},
    {"keep", {CommandKind::keep, ""}},
    {"discard", {CommandKind::discard, ""}},
    {"redirect", {CommandKind::redirect, ""}},
    {"fileinto", {CommandKind::file_into, "fileinto"}},
    {"reject", {CommandKind::reject, "reject"}},
    {"ereject", {CommandKind::reject, "ereject"}},
    {"vacation", {CommandKind::vacation, "vacation"}},
    {"setflag", {CommandKind::set_flag, "imap4flags"}},
    {"addflag", {CommandKind::add_flag, "imap4flags"}},
    {"removeflag", {CommandKind::remove_flag, "imap4flags"}},
    {"set", {CommandKind::set, "variables"}},
};

constexpr std::int64_t kLongestDays = 90;

} // namespace

const std::vector<std::string_view>& extensions() {
    static const std::vector<std::string_view> all = {"body",       "comparator-i;ascii-numeric",
                                                      "copy",       "date",
                                                      "envelope",   "ereject",
                                                      "fileinto",   "imap4flags",
                                                      "mailbox",    "reject",
                                                      "relational", "subaddress",
                                                      "vacation",   "variables"};
    return all;
}

Result<Script> read_script(std::string_view text) {
    if (text.size() > limits::kSieveScript)
        return fail(Code::too_large, "the script is too long");
    if (!is_utf8(text))
        return fail(Code::bad_syntax, "line 1: the script is not UTF-8");
    return Reader(text).read();
}

std::unexpected<Error> Reader::wrong(std::string_view what) const {
    return fail(Code::bad_syntax, fmt::format("line {}: {}", word_.line, what));
}

Result<> Reader::need(std::string_view extension) const {
    if (extension.empty() || required_.contains(extension))
        return {};
    return wrong(fmt::format("require \"{}\" is missing", extension));
}

Result<> Reader::count() {
    if (++items_ > limits::kSieveItems)
        return fail(Code::too_large, "the script has too many commands, tests and strings");
    return {};
}

Result<> Reader::advance() {
    TRY(word_, lexer_.next());
    return {};
}

Result<> Reader::expect(char mark) {
    if (!at_mark(mark))
        return wrong(fmt::format("'{}' is missing", mark));
    return advance();
}

Result<Reader::Strings> Reader::strings() {
    Strings all;
    if (!at_mark('[')) {
        TRY(auto one, one_string());
        all.push_back(std::move(one));
        return all;
    }
    CHECK_OK(advance());
    for (;;) {
        TRY(auto one, one_string());
        all.push_back(std::move(one));
        if (!at_mark(','))
            break;
        CHECK_OK(advance());
    }
    CHECK_OK(expect(']'));
    return all;
}

Result<std::string> Reader::one_string() {
    if (word_.kind != WordKind::string)
        return wrong("a string is missing");
    CHECK_OK(count());
    auto text = std::move(word_.text);
    CHECK_OK(advance());
    return text;
}

Result<std::uint64_t> Reader::one_number() {
    if (word_.kind != WordKind::number)
        return wrong("a number is missing");
    const auto number = word_.number;
    CHECK_OK(advance());
    return number;
}

Result<> Reader::requirements() {
    while (word_.kind == WordKind::identifier && word_.text == "require") {
        CHECK_OK(advance());
        TRY(const auto names, strings());
        for (const auto& name : names) {
            const bool basic = name == "comparator-i;octet" || name == "comparator-i;ascii-casemap";
            if (!basic && std::ranges::find(extensions(), name) == extensions().end())
                return wrong(fmt::format("the extension \"{}\" is not offered", clean_utf8(name)));
            required_.insert(name);
        }
        CHECK_OK(expect(';'));
    }
    return {};
}

Result<Script> Reader::read() {
    CHECK_OK(advance());
    CHECK_OK(requirements());
    Script script;
    script.variables = required_.contains("variables");
    while (word_.kind != WordKind::end) {
        TRY(auto one, command(0));
        script.commands.push_back(std::move(one));
    }
    return script;
}

Result<std::vector<Command>> Reader::block(std::size_t depth) {
    CHECK_OK(expect('{'));
    std::vector<Command> all;
    while (!at_mark('}')) {
        TRY(auto one, command(depth));
        all.push_back(std::move(one));
    }
    CHECK_OK(advance());
    return all;
}

Result<Command> Reader::command(std::size_t depth) {
    if (depth > limits::kSieveDepth)
        return wrong("blocks are nested too deeply");
    CHECK_OK(count());
    if (word_.kind != WordKind::identifier)
        return wrong("a command is missing");
    const auto known = kCommandNames.find(word_.text);
    if (known == kCommandNames.end())
        return wrong(fmt::format("unknown or misplaced command {}", clean_utf8(word_.text)));
    CHECK_OK(need(known->second.extension));
    CHECK_OK(advance());
    if (known->second.kind == CommandKind::branch)
        return branch(depth);
    Command made;
    made.kind = known->second.kind;
    CHECK_OK(arguments(made));
    CHECK_OK(expect(';'));
    return made;
}

Result<Command> Reader::branch(std::size_t depth) {
    Command made;
    made.kind = CommandKind::branch;
    for (bool more = true; more;) {
        Branch arm;
        TRY(arm.test, test(depth + 1));
        TRY(arm.block, block(depth + 1));
        made.branches.push_back(std::move(arm));
        more = word_.kind == WordKind::identifier && word_.text == "elsif";
        if (more)
            CHECK_OK(advance());
    }
    if (word_.kind == WordKind::identifier && word_.text == "else") {
        CHECK_OK(advance());
        Branch arm;
        TRY(arm.block, block(depth + 1));
        made.branches.push_back(std::move(arm));
    }
    return made;
}

Result<> Reader::arguments(Command& command) {
    while (word_.kind == WordKind::tag) {
        const auto tag = word_.text;
        CHECK_OK(advance());
        CHECK_OK(command_tag(command, tag));
    }
    return operands(command);
}

Result<> Reader::command_tag(Command& command, const std::string& tag) {
    const auto kind = command.kind;
    const bool files = kind == CommandKind::file_into;
    if (tag == "copy" && (files || kind == CommandKind::redirect)) {
        command.copy = true;
        return need("copy");
    }
    if (tag == "create" && files) {
        command.create = true;
        return need("mailbox");
    }
    if (tag == "flags" && (files || kind == CommandKind::keep)) {
        command.has_flags = true;
        TRY(command.flags, strings());
        return need("imap4flags");
    }
    if (kind == CommandKind::vacation)
        return vacation_tag(command, tag);
    if (kind == CommandKind::set)
        return set_tag(command, tag);
    return wrong(fmt::format(":{} has no place here", clean_utf8(tag)));
}

Result<> Reader::vacation_tag(Command& command, const std::string& tag) {
    if (tag == "days") {
        TRY(const auto days, one_number());
        command.days = std::clamp<std::int64_t>(
            static_cast<std::int64_t>(std::min<std::uint64_t>(days, 1'000)), 1, kLongestDays
        );
        return {};
    }
    if (tag == "mime") {
        command.mime = true;
        return {};
    }
    if (tag == "addresses") {
        TRY(command.addresses, strings());
        return {};
    }
    std::string* const into = tag == "subject"  ? &command.subject
                              : tag == "from"   ? &command.from
                              : tag == "handle" ? &command.handle
                                                : nullptr;
    if (into == nullptr)
        return wrong(fmt::format("vacation has no :{}", clean_utf8(tag)));
    TRY(*into, one_string());
    return {};
}

Result<> Reader::set_tag(Command& command, const std::string& tag) {
    bool* const into = tag == "lower"           ? &command.set.lower
                       : tag == "upper"         ? &command.set.upper
                       : tag == "lowerfirst"    ? &command.set.lower_first
                       : tag == "upperfirst"    ? &command.set.upper_first
                       : tag == "quotewildcard" ? &command.set.quote_wildcard
                       : tag == "length"        ? &command.set.length
                                                : nullptr;
    if (into == nullptr || *into)
        return wrong(fmt::format("set has no :{} here", clean_utf8(tag)));
    *into = true;
    const auto& set = command.set;
    if ((set.lower && set.upper) || (set.lower_first && set.upper_first))
        return wrong("modifiers of set that exclude each other");
    return {};
}

Result<> Reader::operands(Command& command) {
    switch (command.kind) {
    case CommandKind::file_into:
    case CommandKind::redirect:
    case CommandKind::reject:
    case CommandKind::vacation: {
        TRY(command.target, one_string());
        return {};
    }
    case CommandKind::set: {
        TRY(command.target, one_string());
        TRY(command.value, one_string());
        command.target = lower(command.target);
        const bool good = !command.target.empty() && !is_digit(command.target.front()) &&
                          std::ranges::all_of(command.target, [](char c) {
                              return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
                          });
        return good ? Result<>() : wrong("this is no name of a variable");
    }
    case CommandKind::set_flag:
    case CommandKind::add_flag:
    case CommandKind::remove_flag: {
        TRY(command.flags, strings());
        // With a variable in front (RFC 5232 3): a list of flags that only the script sees.
        if (word_.kind == WordKind::string || at_mark('['))
            return wrong("flags in a variable are not offered");
        return {};
    }
    default:
        return {};
    }
}

} // namespace lockstep::sieve
