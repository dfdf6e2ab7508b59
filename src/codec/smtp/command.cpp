// The command line parser; see command.hpp.
#include "codec/smtp/command.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/smtp/parameters.hpp"
#include "codec/smtp/path.hpp"

namespace lockstep::smtp {

namespace {

constexpr std::array<std::pair<std::string_view, Verb>, 15> kVerbs{{
    {"EHLO", Verb::ehlo},
    {"HELO", Verb::helo},
    {"LHLO", Verb::lhlo},
    {"MAIL", Verb::mail},
    {"RCPT", Verb::rcpt},
    {"DATA", Verb::data},
    {"BDAT", Verb::bdat},
    {"RSET", Verb::rset},
    {"NOOP", Verb::noop},
    {"VRFY", Verb::vrfy},
    {"EXPN", Verb::expn},
    {"HELP", Verb::help},
    {"QUIT", Verb::quit},
    {"STARTTLS", Verb::starttls},
    {"AUTH", Verb::auth},
}};

bool is_clean(std::string_view line) {
    return std::ranges::none_of(line, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
}

/// RFC 5321 4.1.4: a server may not refuse a client for its greeting name, so only its characters
/// are checked (names with underscores and bare addresses are common).
Result<> parse_greeting(std::string_view text, Command& command) {
    const bool ok = !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
               std::string_view("._-:[]").contains(c);
    });
    if (!ok)
        return fail(Code::bad_syntax, "ill-formed greeting name");
    command.argument = text;
    return {};
}

Result<> parse_mail(std::string_view text, Command& command) {
    if (!istarts_with(text, "FROM:"))
        return fail(Code::bad_syntax, "MAIL without FROM:");
    text.remove_prefix(5);
    TRY(command.path, take_path(text, true));
    if (!command.path.null() && command.path.domain.empty())
        return fail(Code::bad_syntax, "reverse-path without domain");
    TRY(command.mail, parse_mail_parameters(text));
    return {};
}

Result<> parse_rcpt(std::string_view text, Command& command) {
    if (!istarts_with(text, "TO:"))
        return fail(Code::bad_syntax, "RCPT without TO:");
    text.remove_prefix(3);
    TRY(command.path, take_path(text, false));
    TRY(command.rcpt, parse_rcpt_parameters(text));
    return {};
}

Result<> parse_bdat(std::string_view text, Command& command) {
    const auto space = text.find(' ');
    const auto number = text.substr(0, space);
    const auto size = number.size() <= 20 ? parse_int<std::uint64_t>(number) : std::nullopt;
    if (!size)
        return fail(Code::bad_syntax, "BDAT without a size");
    if (space != std::string_view::npos) {
        if (!iequals(text.substr(space + 1), "LAST"))
            return fail(Code::bad_syntax, "BDAT with an unknown word");
        command.last = true;
    }
    command.chunk = *size;
    return {};
}

Result<> parse_auth(std::string_view text, Command& command) {
    const auto space = text.find(' ');
    const auto mechanism = text.substr(0, space);
    const bool ok =
        !mechanism.empty() && mechanism.size() <= 20 && std::ranges::all_of(mechanism, [](char c) {
            return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' ||
                   c == '_';
        });
    if (!ok)
        return fail(Code::bad_syntax, "ill-formed mechanism name");
    command.argument = upper(mechanism);
    if (space == std::string_view::npos)
        return {};
    const auto response = text.substr(space + 1);
    if (response.empty() || response.contains(' '))
        return fail(Code::bad_syntax, "ill-formed initial response");
    // RFC 4954 4: "=" is the empty initial response.
    command.initial_response = response == "=" ? std::string() : std::string(response);
    return {};
}

Result<> parse_bare(std::string_view text) {
    if (!text.empty())
        return fail(Code::bad_syntax, "this command takes no argument");
    return {};
}

Result<> parse_argument(std::string_view text, Command& command) {
    switch (command.verb) {
    case Verb::ehlo:
    case Verb::helo:
    case Verb::lhlo:
        return parse_greeting(text, command);
    case Verb::mail:
        return parse_mail(text, command);
    case Verb::rcpt:
        return parse_rcpt(text, command);
    case Verb::bdat:
        return parse_bdat(text, command);
    case Verb::auth:
        return parse_auth(text, command);
    case Verb::vrfy:
    case Verb::expn:
        if (text.empty())
            return fail(Code::bad_syntax, "an argument is missing");
        [[fallthrough]];
    case Verb::noop:
    case Verb::help:
        if (!is_utf8(text))
            return fail(Code::bad_syntax, "ill-formed UTF-8 in an argument");
        command.argument = text;
        return {};
    case Verb::data:
    case Verb::rset:
    case Verb::quit:
    case Verb::starttls:
        return parse_bare(text);
    }
    return fail(Code::internal, "unknown verb");
}

} // namespace

Result<Command> parse_command(std::string_view line) {
    if (line.size() + 2 > limits::kSmtpLine)
        return fail(Code::too_large, "command line too long");
    if (!is_clean(line))
        return fail(Code::bad_syntax, "control character in a command");
    // RFC 5321 4.1.1: blanks before CRLF are tolerated.
    while (line.ends_with(' '))
        line.remove_suffix(1);
    const auto space = line.find(' ');
    const auto word = line.substr(0, space);
    const auto* const verb =
        std::ranges::find_if(kVerbs, [&](const auto& entry) { return iequals(entry.first, word); });
    if (verb == kVerbs.end())
        return fail(Code::unsupported, "unknown command");
    Command command;
    command.verb = verb->second;
    CHECK_OK(parse_argument(
        space == std::string_view::npos ? std::string_view() : line.substr(space + 1), command
    ));
    return command;
}

} // namespace lockstep::smtp
