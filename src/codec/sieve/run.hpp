// Running a script over a message: what its author wants done.
// Spec: RFC 5228 2.10 (implicit keep, limits), and those of script.hpp. Invariants: pure; linear
// but for :matches, whose steps are bounded. Errors: too_large (a limit of base/limits_sieve.hpp):
// the caller keeps the message then.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/sieve/script.hpp"

namespace lockstep::sieve {

struct Facts {
    std::string_view header; ///< the raw block
    std::string from;        ///< of the envelope; empty for <>
    std::string to;          ///< the recipient
    std::uint64_t size = 0;
    std::int64_t now = 0; ///< seconds since 1970
    /// Empty functions: no mailbox exists, the body is empty.
    std::function<bool(const std::string&)> mailbox_exists;
    std::function<std::string(BodyPart, const std::vector<std::string>& types)> body;
};

struct Filing {
    std::string mailbox; ///< empty: the Inbox
    bool create = false;
    std::vector<std::string> flags;
    friend bool operator==(const Filing&, const Filing&) = default;
};

struct Reply {
    std::string text;
    bool mime = false; ///< `text` is a MIME entity with its header
    std::string subject, from, handle;
    std::vector<std::string> addresses;
    std::int64_t days = 7;
};

struct Outcome {
    std::vector<Filing> filings; ///< none: it is not kept
    std::vector<std::string> redirects;
    std::optional<std::string> reject; ///< the reason
    std::optional<Reply> reply;
};

[[nodiscard]] Result<Outcome> run(const Script& script, const Facts& facts);

/// Whether `text` is what the pattern says; ? and * are wild, \ quotes. `captured` gets what each
/// of them stood for. `steps` is counted down; at 0 the answer is false.
[[nodiscard]] bool match_pattern(
    std::string_view pattern, std::string_view text, bool fold, std::vector<std::string>& captured,
    std::size_t& steps
);

} // namespace lockstep::sieve
