// What a server answers to us: its replies, and what its EHLO offers.
// Spec: RFC 5321 4.2, 4.1.1.1; RFC 3463 (enhanced codes); RFC 1870, 2920, 3207, 3461, 4954, 6152,
// 6531, 8689. Errors: bad_syntax (no reply line).
// Invariants: what is kept of a reply is clean text on one line, at most limits::kReplyKept bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::smtp {

struct Answer {
    int code = 0;
    std::string enhanced;           ///< "5.1.1"; empty when there is none
    std::vector<std::string> lines; ///< text of each line, without codes
    [[nodiscard]] bool good() const { return code >= 200 && code < 400; }
    [[nodiscard]] bool temporary() const { return code >= 400 && code < 500; }
    [[nodiscard]] bool permanent() const { return code >= 500; }
    /// "550 5.1.1 no such user", clean and on one line.
    [[nodiscard]] std::string text() const;
};

/// Adds one line (without CRLF) to the reply. True when it was the last. Errors: bad_syntax (also
/// when its code differs from the lines' before), too_large (limits::kReplyLines).
[[nodiscard]] Result<bool> add_answer_line(Answer& answer, std::string_view line);

struct Offers {
    bool esmtp = false;
    bool pipelining = false;
    bool eight_bit = false;
    bool utf8 = false;
    bool starttls = false;
    bool dsn = false;
    bool chunking = false;
    std::optional<std::uint64_t> size; ///< 0: no fixed limit
    std::vector<std::string> auth;     ///< mechanisms, upper case
};
[[nodiscard]] Offers read_offers(const Answer& ehlo);

/// The enhanced code for reports: the server's own when it fits its reply code, else the general
/// one of its class.
[[nodiscard]] std::string status_of(const Answer& answer);

} // namespace lockstep::smtp
