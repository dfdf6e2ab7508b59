// One SMTP (or LMTP) command line as a value: verb, path and parameters, by the strict grammar.
// Spec: RFC 5321 4.1.1-4.1.3; RFC 1870 SIZE; RFC 6152 BODY; RFC 3030 BDAT, BINARYMIME; RFC 6531
// SMTPUTF8; RFC 3461 DSN;
//       RFC 4954 AUTH; RFC 3207 STARTTLS; RFC 2033 LHLO; RFC 8689 REQUIRETLS.
// Errors: bad_syntax -> 501 (500 when the verb itself is unknown: unsupported); too_large -> 500 or
// 552; unsupported -> 555. Invariants: what does not follow the grammar is refused, never repaired
// (hardening S7). Source routes are refused too:
//   RFC 5321 4.1.2 lets a server reject them, nobody sends them, and filters and relays disagree
//   about their meaning (S8).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::smtp {

enum class Verb {
    ehlo,
    helo,
    lhlo,
    mail,
    rcpt,
    data,
    bdat,
    rset,
    noop,
    vrfy,
    expn,
    help,
    quit,
    starttls,
    auth
};

/// A forward- or reverse-path. `local` is the value of the local-part: quotes and backslashes are
/// removed, since
/// `"john"@a.example` and `john@a.example` are the same mailbox (RFC 5321 4.1.2). `domain` is
/// lower-case ASCII or UTF-8 as sent, or an address literal with its brackets. Both empty = the
/// null reverse-path `<>`.
struct Path {
    std::string local;
    std::string domain;
    [[nodiscard]] bool null() const { return local.empty() && domain.empty(); }
    /// As it may be written on the wire: local-part quoted where it must be, without angle
    /// brackets.
    [[nodiscard]] std::string text() const;
    friend bool operator==(const Path&, const Path&) = default;
};

enum class BodyKind { seven_bit, eight_bit_mime, binary_mime };
enum class DsnReturn { unspecified, full, headers };

struct MailParameters {
    std::optional<std::uint64_t> size; ///< bytes, RFC 1870
    BodyKind body = BodyKind::seven_bit;
    bool smtputf8 = false;
    bool require_tls = false;
    DsnReturn ret = DsnReturn::unspecified;
    std::string envid;                      ///< xtext decoded
    std::optional<std::string> auth;        ///< xtext decoded; "" for `AUTH=<>`
    std::optional<std::int64_t> hold_for;   ///< RFC 4865: seconds from now
    std::optional<std::int64_t> hold_until; ///< RFC 4865: seconds since 1970
};

struct Notify {
    bool given = false; ///< a NOTIFY parameter was there
    bool never = false, success = false, failure = false, delay = false;
};

struct RcptParameters {
    Notify notify;
    std::string orcpt_type; ///< "rfc822" or "utf-8", lower-case
    std::string orcpt;      ///< xtext decoded
};

struct Command {
    Verb verb = Verb::noop;
    std::string
        argument; ///< EHLO/HELO/LHLO name; VRFY/EXPN/HELP/NOOP text; AUTH mechanism in upper case
    std::optional<std::string> initial_response; ///< AUTH: base64 text as sent, "" for a lone '='
    Path path; ///< MAIL and RCPT. RCPT TO:<Postmaster> has an empty domain (RFC 5321 4.1.1.3)
    MailParameters mail;
    RcptParameters rcpt;
    std::uint64_t chunk = 0; ///< BDAT: bytes that follow
    bool last = false;       ///< BDAT LAST
};

/// Parses one line without its CRLF. A NUL, CR, LF or other control character anywhere is
/// bad_syntax. Non-ASCII is accepted in paths and only as well-formed UTF-8; whether SMTPUTF8 was
/// asked for is the session's check
/// (`needs_smtputf8`), because for RCPT it depends on the MAIL command before.
[[nodiscard]] Result<Command> parse_command(std::string_view line);

/// `local@domain` or `<local@domain>` of RFC 5321/6531 Mailbox, without parameters; for
/// configuration, tests and the web.
[[nodiscard]] Result<Path> parse_mailbox(std::string_view text);

[[nodiscard]] bool needs_smtputf8(const Path& path);

} // namespace lockstep::smtp
