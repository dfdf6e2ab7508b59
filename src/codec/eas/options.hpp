// What a client asked for when it reads items: the Options of Sync, ItemOperations, Search and Find
// as plain values. Spec: MS-ASAIRS 2.2.2.11 BodyPartPreference, 2.2.2.12 BodyPreference; MS-ASCMD
// MIMESupport, MIMETruncation, RightsManagementSupport. Invariants: values only, no behaviour; the
// doors fill it from the request and the per-class writers read it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/wbxml/version.hpp"

namespace lockstep::eas {

/// Body formats on the wire (MS-ASAIRS 2.2.2.41).
enum class BodyType : std::uint8_t { plain = 1, html = 2, rtf = 3, mime = 4 };

/// One BodyPreference or BodyPartPreference, in the client's order.
struct BodyPreference {
    int type = 1;                                 ///< 1 plain, 2 HTML, 3 RTF, 4 MIME
    std::optional<std::uint32_t> truncation_size; ///< bytes; absent = the whole body
    bool all_or_none = false;                     ///< ignored without truncation_size
    std::uint32_t preview = 0;                    ///< characters, 0 to 255
};

struct ItemOptions {
    wbxml::Version version = wbxml::Version::v16_1;
    std::vector<BodyPreference> body_preferences;
    std::vector<BodyPreference> body_part_preferences; ///< 14.1 and later
    int mime_support = 0; ///< 0 never, 1 signed and encrypted mail only, 2 all mail
    std::optional<int>
        mime_truncation; ///< 0 to 8 as in MS-ASCMD MIMETruncation; absent = the whole MIME
    std::optional<int> truncation; ///< 0 to 9 as in MS-ASCMD Truncation; protocol 2.5 only
    /// Wanted for ItemOperations with MS-ASAcceptMultiPart: a body or attachment is appended here,
    /// and the item carries Part = index + 1 in place of Data. The caller owns the vector.
    std::vector<std::string>* parts = nullptr;
    /// Bodies are left out altogether: Search and Find answers without a preference, header-only
    /// schemas.
    bool without_body = false;
    /// Of an item that is shown in another folder than its own: a category that names its source.
    std::string source_label;
};

} // namespace lockstep::eas
