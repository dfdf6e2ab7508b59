// The query of an ActiveSync request: what to do, for whom, from which device. Plain text or
// base64. Spec: MS-ASHTTP 2.2.1.1.1 to 2.2.1.1.1.2.5; hardening W3. Errors: bad_syntax (grammar, a
// parameter twice, no command), bad_value (a value out of
//   range), unsupported (a command that is none of theirs).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/wbxml/version.hpp"

namespace lockstep::eas {

/// Values are decoded, UTF-8, and free of control characters.
struct Query {
    std::string command;         ///< as MS-ASHTTP spells it: "Sync", "FolderSync", ...
    std::string user;            ///< a label for logs: who asks is what the credentials say
    std::string device_id;       ///< 1 to 32 of A-Z a-z 0-9 - _ . in the case that was sent; empty:
                                 ///< there is none, or a malformed one (Status 108)
    std::string device_type;     ///< at most 255 bytes, may be empty
    bool has_device_type = true; ///< false: missing or malformed (Status 109)
    std::optional<wbxml::Version> version;   ///< base64 form only
    std::optional<std::uint32_t> policy_key; ///< base64 form only
    std::optional<std::uint16_t> locale;     ///< base64 form only; a Windows LCID
    std::string attachment_name;
    std::string collection_id;
    std::string collection_name;
    std::string item_id;
    std::string long_id;
    std::string parent_id;
    std::string occurrence;
    bool save_in_sent = false;
    bool accept_multi_part = false;
};

/// The query without its question mark, still percent-encoded. The form is told by its looks.
/// Unknown parameters are ignored.
[[nodiscard]] Result<Query> parse_query(std::string_view raw_query);

/// The command of a code of the base64 form: 0 is "Sync". nullopt when there is none.
[[nodiscard]] std::optional<std::string_view> command_of(std::uint8_t code);
/// The command's proper spelling ("sync" gives "Sync"); nullopt when there is none.
[[nodiscard]] std::optional<std::string_view> command_of(std::string_view name);

} // namespace lockstep::eas
