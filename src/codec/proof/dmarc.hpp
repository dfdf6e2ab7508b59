// DMARC records as values, and Authentication-Results as text.
// Spec: RFC 7489 6.3, 6.4; RFC 8601 2.2, 5. Hardening S11. Errors: bad_syntax (to be treated as no
// record).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::proof {

enum class DmarcPolicy { none, quarantine, reject };
[[nodiscard]] std::string_view name_of(DmarcPolicy policy);

struct DmarcRecord {
    DmarcPolicy policy = DmarcPolicy::none;
    DmarcPolicy below = DmarcPolicy::none; ///< of subdomains
    bool strict_dkim = false;
    bool strict_spf = false;
    int percent = 100;
};
/// Whether a TXT record is a DMARC record at all.
[[nodiscard]] bool is_dmarc_record(std::string_view text);
[[nodiscard]] Result<DmarcRecord> read_dmarc_record(std::string_view text);

/// One method of an Authentication-Results field.
struct MethodResult {
    std::string method; ///< "spf"
    std::string result; ///< "pass"
    std::string reason; ///< clean text; empty: none
    /// Pairs of "smtp.mailfrom" and a value.
    std::vector<std::pair<std::string, std::string>> properties;
};
/// The value of the field, folded, without the last line end: "mail.example.org; spf=pass ...".
[[nodiscard]] std::string
write_results(std::string_view server, const std::vector<MethodResult>& results);
/// The authserv-id of a field's value, lower case; empty when there is none.
[[nodiscard]] std::string server_of_results(std::string_view value);

} // namespace lockstep::proof
