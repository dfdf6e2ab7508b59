// The DATA phase: end of data, dot-stuffing, and the refusal of every line ending but CRLF.
// Spec: RFC 5321 2.3.8, 4.1.1.4, 4.5.2. hardening S1 (SMTP smuggling, VU#302671).
// Errors: bad_syntax -> the session answers 5xx and closes, since what follows cannot be trusted;
// too_large -> 552 after the end. Invariants: only CRLF "." CRLF ends the data. A CR without LF or
// an LF without CR, anywhere, is an error.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace lockstep::smtp {

/// Push decoder. Feed what arrived; it appends the message's bytes (CRLF lines, dots removed) and
/// says how much of the chunk was the message's. After done() nothing more is taken: the rest of
/// the chunk are the next commands.
class DotDecoder {
public:
    /// `limit`: bytes of message after which feed keeps reading but no longer stores, so that the
    /// client can be told 552.
    explicit DotDecoder(std::uint64_t limit = limits::kSmtpMessage) : limit_(limit) {}

    /// Returns the number of bytes consumed (all of the chunk unless the end was found). Error:
    /// bad_syntax, for good.
    [[nodiscard]] Result<std::size_t> feed(std::string_view chunk, std::string& out);
    [[nodiscard]] bool done() const { return state_ == State::end; }
    /// The message was longer than the limit: what is in `out` is a prefix and must be dropped.
    [[nodiscard]] bool too_large() const { return stored_ > limit_; }
    [[nodiscard]] std::uint64_t size() const { return stored_; }

private:
    enum class State : std::uint8_t { line_start, text, cr, dot, dot_cr, end, broken };

    void store(std::string_view bytes, std::string& out);

    State state_ = State::line_start;
    std::uint64_t limit_;
    std::uint64_t stored_ = 0; ///< bytes of the message so far, kept or not
};

/// Checks BDAT content, where no dots are special: a bare CR or LF is refused the same way, across
/// chunk borders. BODY=BINARYMIME is not offered, so content is always lines.
class LineCheck {
public:
    [[nodiscard]] Result<> feed(std::string_view chunk);
    /// At BDAT LAST: the content may not end within CR. Error: bad_syntax.
    [[nodiscard]] Result<> finish() const;

private:
    bool after_cr_ = false;
};

/// Dot-stuffs a message for sending and appends the end of data. Refuses bare CR and LF
/// (bad_value): normalising is the business of whoever made the message, before it was signed. A
/// message without final CRLF gets one.
[[nodiscard]] Result<std::string> dot_stuff(std::string_view message);

} // namespace lockstep::smtp
