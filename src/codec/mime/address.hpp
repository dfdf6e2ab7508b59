// Address lists of header fields.
// Spec: RFC 5322 3.4 and 4.4, RFC 6854 (groups), RFC 2047 5 (encoded-words in phrases), RFC 6532.
// Errors: none; tolerant of what mail really contains. Never used for the envelope: that is
// codec/smtp, strict. Invariants: at most kAddressesPerField addresses (hardening M1); linear time;
// no recursion (comments nest by a counter).
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::mime {

struct Address {
    std::string name;   ///< display name, decoded; may be empty
    std::string local;  ///< value of the local-part, unquoted
    std::string domain; ///< as written; empty for a bare name such as "undisclosed-recipients"
    std::string group;  ///< display name of the group this address stands in; empty outside groups

    /// local@domain, local-part quoted where it must be. Empty when there is neither.
    [[nodiscard]] std::string text() const;
    /// `"Name" <local@domain>` with the name in UTF-8, quoted: the form that ActiveSync and the web
    /// show.
    [[nodiscard]] std::string display() const;
    friend bool operator==(const Address&, const Address&) = default;
};

/// The addresses of a raw field value. An empty group (`undisclosed-recipients:;`) gives one
/// Address with only `group`.
[[nodiscard]] std::vector<Address> parse_addresses(std::string_view raw);

/// display() of each, separated by ", ".
[[nodiscard]] std::string display(const std::vector<Address>& addresses);

} // namespace lockstep::mime
