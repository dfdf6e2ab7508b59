// Tags of ActiveSync as constants (`wbxml::air_sync::SyncKey`), their names, and the version gate.
// Spec: MS-ASWBXML 2.1.2.1. Page 16 is called GAL as the schemas call it; the document says Gal.
// Invariants: every constant comes from tokens.def; views returned here are static.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "codec/wbxml/version.hpp"

namespace lockstep::wbxml {

/// A code page and a token without its content bit. {0, 0} is no tag.
struct Tag {
    std::uint8_t page = 0;
    std::uint8_t token = 0;
    friend constexpr bool operator==(const Tag&, const Tag&) = default;
    friend constexpr auto operator<=>(const Tag&, const Tag&) = default;
};

inline constexpr std::size_t kPages = 26;  ///< code pages 0 to 25
inline constexpr std::size_t kTokens = 64; ///< tokens of a page; the two upper bits are flags

#define LOCKSTEP_WBXML_PAGE(page, space, name)                                                     \
    namespace space {                                                                              \
    inline constexpr std::uint8_t kPage = page;                                                    \
    }
#define LOCKSTEP_WBXML_TAG(page, space, name, token, since, until)                                 \
    namespace space {                                                                              \
    inline constexpr Tag name{page, token};                                                        \
    }
#include "codec/wbxml/tokens.def"
#undef LOCKSTEP_WBXML_PAGE
#undef LOCKSTEP_WBXML_TAG

/// "SyncKey"; empty for a tag that is not in the list.
[[nodiscard]] std::string_view name_of(Tag tag);
/// "AirSync", the target namespace of the schemas; empty for an unknown page.
[[nodiscard]] std::string_view namespace_of(std::size_t page);
/// The tag of a page by its exact name.
[[nodiscard]] std::optional<Tag> tag_by_name(std::size_t page, std::string_view name);
/// Whether the tag is in the list at all.
[[nodiscard]] bool known(Tag tag);
/// Whether a peer that speaks this version understands the tag. Direction (request or response) is
/// the schemas' matter, not this gate's.
[[nodiscard]] bool sendable(Tag tag, Version version);

} // namespace lockstep::wbxml
