// Lists of tags: "v=1; a=rsa-sha256; ...", the form of DKIM signatures, keys, ARC and DMARC
// records. Spec: RFC 6376 3.2; RFC 7489 6.4; RFC 8617 4.1. Hardening S11, S13. Errors: bad_syntax
// (no list, a tag given twice), too_large.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace lockstep::proof {

class Tags {
public:
    [[nodiscard]] static Result<Tags> read(std::string_view text);
    /// Blanks at both ends are gone; those inside stay.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise = {}) const;
    /// Name of the first tag, which must be v= in records.
    [[nodiscard]] std::string_view first() const {
        return all_.empty() ? std::string_view() : std::string_view(all_.front().first);
    }

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

/// Without any blanks and line ends: base64 in tags may be folded anywhere.
[[nodiscard]] std::string without_blanks(std::string_view text);
/// The value of a signature's field with the value of its b= tag taken out (RFC 6376 3.7).
[[nodiscard]] std::string without_signature(std::string_view value);

} // namespace lockstep::proof
