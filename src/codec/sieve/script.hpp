// Sieve scripts as values, after every check that needs no message.
// Spec: RFC 5228; fileinto, reject and ereject (5429), envelope, body (5173), date (5260),
// relational (5231), variables (5229), copy (3894), mailbox (5490), imap4flags (5232), vacation
// (5230), subaddress (5233). Invariants: what a script uses it has required; depth and size are
// bounded (base/limits_sieve.hpp). Errors: bad_syntax with "line N: ..." for the script's author,
// too_large.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::sieve {

enum class Compare { octet, casemap, numeric };
enum class MatchType { is, contains, matches, value, count };
enum class Relation { gt, ge, lt, le, eq, ne };
enum class AddressPart { all, localpart, domain, user, detail };

struct Match {
    Compare compare = Compare::casemap;
    MatchType type = MatchType::is;
    Relation relation = Relation::eq;
};

enum class TestKind {
    always,
    never,
    all_of,
    any_of,
    negated,
    header,
    address,
    envelope,
    exists,
    size,
    body,
    date,
    current_date,
    has_flag,
    string,
    mailbox_exists
};

enum class BodyPart { text, raw, content };

struct Test {
    TestKind kind = TestKind::always;
    Match match;
    AddressPart part = AddressPart::all;
    std::vector<std::string> names; ///< fields, envelope parts, variables, sources, mailboxes
    std::vector<std::string> keys;
    std::vector<Test> tests;
    std::uint64_t size = 0;
    bool over = false;
    BodyPart body = BodyPart::text;
    std::vector<std::string> content_types;
    std::string zone; ///< "+0100"; empty: UTC
    bool original_zone = false;
    std::string date_part;
};

enum class CommandKind {
    branch,
    stop,
    keep,
    discard,
    file_into,
    redirect,
    reject,
    vacation,
    set_flag,
    add_flag,
    remove_flag,
    set
};

struct Command;
/// One arm of if/elsif/else.
struct Branch {
    Test test;
    std::vector<Command> block;
};

/// Modifiers of `set`, in the order of their precedence (RFC 5229 4).
struct SetModifiers {
    bool lower = false, upper = false, lower_first = false, upper_first = false;
    bool quote_wildcard = false, length = false;
};

struct Command {
    CommandKind kind = CommandKind::keep;
    std::vector<Branch> branches;
    std::string target; ///< mailbox, address, reason, or name of the variable
    std::string value;  ///< of set
    std::vector<std::string> flags;
    bool has_flags = false;
    bool copy = false;
    bool create = false;
    SetModifiers set;
    // of vacation
    std::int64_t days = 7;
    std::string subject, from, handle;
    std::vector<std::string> addresses;
    bool mime = false;
};

struct Script {
    std::vector<Command> commands;
    bool variables = false; ///< "${...}" in strings is replaced
    [[nodiscard]] bool empty() const { return commands.empty(); }
};

[[nodiscard]] Result<Script> read_script(std::string_view text);
/// Names of the extensions, as a server's capabilities list them.
[[nodiscard]] const std::vector<std::string_view>& extensions();

} // namespace lockstep::sieve
