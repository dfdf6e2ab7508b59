// The value and parameters of Content-Type, Content-Disposition and their like.
// Spec: RFC 2045 5.1, RFC 2183, RFC 2231 (continuations, charsets, languages), RFC 2047 in values
// as mail really has them. Errors: none. Invariants: at most kMimeParameters parameters and
// segments are looked at (hardening M2); linear time.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstep::mime {

struct Parameters {
    std::string value; ///< "text/plain", "attachment": lower-case, comments removed
    std::vector<std::pair<std::string, std::string>>
        items; ///< lower-case name, value in UTF-8; each name once
    bool repeated =
        false; ///< a parameter occurred twice: readers disagree about which counts (hardening S12)

    /// Value of a parameter; empty when absent. The view lives as long as this object.
    [[nodiscard]] std::string_view get(std::string_view name) const;
};

/// `raw`: the field value, folds included.
[[nodiscard]] Parameters parse_parameters(std::string_view raw);

} // namespace lockstep::mime
