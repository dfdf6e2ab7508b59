// Protocol versions of Exchange ActiveSync, ordered, and their text form.
// Spec: MS-ASHTTP 2.2.1.1.2.6 (MS-ASProtocolVersion), 2.2.1.1.1.1 (version byte of the base64
// query).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lockstep::wbxml {

/// Comparable with < and >=. The value is the version byte of a base64 query (16.1 is 161).
enum class Version : std::uint16_t {
    v2_5 = 25,
    v12_0 = 120,
    v12_1 = 121,
    v14_0 = 140,
    v14_1 = 141,
    v16_0 = 160,
    v16_1 = 161,
};

/// Every version, oldest first.
inline constexpr std::array kVersions = {
    Version::v2_5,  Version::v12_0, Version::v12_1, Version::v14_0,
    Version::v14_1, Version::v16_0, Version::v16_1,
};

/// "16.1". The view is static.
[[nodiscard]] std::string_view text_of(Version version);
/// The version of "16.1"; nullopt when it is none of kVersions.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);
/// The version of a number such as 161; nullopt when it is none of kVersions.
[[nodiscard]] std::optional<Version> version_of(unsigned number);

} // namespace lockstep::wbxml
