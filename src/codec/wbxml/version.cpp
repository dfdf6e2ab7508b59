// Text and number forms of protocol versions.
// Spec: MS-ASHTTP 2.2.1.1.2.6.
#include "codec/wbxml/version.hpp"

#include <optional>
#include <string_view>

namespace lockstep::wbxml {

std::string_view text_of(Version version) {
    switch (version) {
    case Version::v2_5:
        return "2.5";
    case Version::v12_0:
        return "12.0";
    case Version::v12_1:
        return "12.1";
    case Version::v14_0:
        return "14.0";
    case Version::v14_1:
        return "14.1";
    case Version::v16_0:
        return "16.0";
    case Version::v16_1:
        return "16.1";
    }
    return "?";
}

std::optional<Version> parse_version(std::string_view text) {
    for (const auto version : kVersions)
        if (text == text_of(version))
            return version;
    return std::nullopt;
}

std::optional<Version> version_of(unsigned number) {
    for (const auto version : kVersions)
        if (number == static_cast<unsigned>(version))
            return version;
    return std::nullopt;
}

} // namespace lockstep::wbxml
