// Collects the Content-* fields of one part while the tree scanner passes over its header.
// Spec: RFC 2045 5-8, RFC 2183, RFC 2392, RFC 2557 (Content-Location).
// Errors: none. Invariants: the first of repeated fields counts, and the repetition is flagged
// (hardening S12).
#pragma once
#include <array>
#include <string_view>

#include "codec/mime/message.hpp"

namespace lockstep::mime {

class PartHeader {
public:
    explicit PartHeader(Part& part) : part_(part) {}

    /// One field: its name, and its value with folds.
    void take(std::string_view name, std::string_view value);
    [[nodiscard]] bool ambiguous() const { return ambiguous_; }

private:
    void take_type(std::string_view value);
    void take_disposition(std::string_view value);

    Part& part_;
    std::array<bool, 6> seen_{};
    bool ambiguous_ = false;
};

} // namespace lockstep::mime
