// The Contacts class of ActiveSync: a stored vCard to ApplicationData, and a client's
// ApplicationData into the stored vCard.
// Spec: MS-ASCNTC 2.2.2, 3.1.5, 3.2.5; MS-ASCMD 2.2.3.179 (Supported), 2.2.3.24.2 (Change);
// MS-ASAIRS 2.2.2.9 (Body); RFC 6350, RFC 2426.
// Invariants: a merge changes only what the protocol can say; other properties keep their bytes.
// Errors: bad_syntax (the stored card), bad_value (the client's data: Status 6).
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::wbxml {
class Writer;
struct Node;
struct Tag;
enum class Version : std::uint16_t;
} // namespace lockstep::wbxml

namespace lockstep::eas {

struct ItemOptions;

/// The circumstances of a merge.
struct ContactContext {
    std::string new_uid; ///< UID of an added card; empty: the card gets none
    std::string zone =
        "UTC"; ///< IANA zone of the owner: iOS sends a birthday as local midnight turned to UTC
    std::int64_t now = 0; ///< unix seconds for REV of a changed card; 0: REV is left alone
};

/// Writes all children of ApplicationData. A picture beyond 48 KB of base64 is left out.
[[nodiscard]] Result<>
write_contact(wbxml::Writer& out, std::string_view vcard, const ItemOptions& options);

/// Applies an Add (stored empty) or a Change. `supported`: the Supported list that the device
/// declared for the collection (empty: everything is ghosted), or null when it declared none: then
/// every absent element that can be ghosted is deleted. An absent or empty Picture and an absent
/// Body change nothing. Returns the new stored form; the very same bytes when nothing changed.
[[nodiscard]] Result<std::string> merge_contact(
    std::string_view stored, const wbxml::Node& application_data, wbxml::Version version,
    const std::set<wbxml::Tag>* supported = nullptr, const ContactContext& context = {}
);

/// How many photos of which size a Search or Find of the address list may still carry.
struct GalPicture {
    bool wanted = false;                ///< the request had a Picture element
    std::size_t max_size = 100U * 1024; ///< bytes of one photo (MaxSize)
    std::size_t left = 100; ///< photos that may still be sent (MaxPictures); counted down here
};

/// Writes the GAL elements of one address list entry (children of Properties). Spec:
/// MS-ASCMD 2.2.3.134 (Properties), 2.2.3.126 (Picture); the Status of a photo: 1 sent, 173 none,
/// 174 too large, 175 too many.
[[nodiscard]] Result<> write_gal_entry(
    wbxml::Writer& out, std::string_view vcard, const ItemOptions& options, GalPicture& picture
);

/// All elements of one entry of the recipient information cache (folder type 19, 14.0 and later;
/// nothing below). The higher the rank, the earlier a client offers the address. Spec: MS-ASCNTC
/// 3.2.4.4, 2.2.2.64.
void write_cached_recipient(
    wbxml::Writer& out, std::string_view address, std::string_view name, std::int64_t rank
);

} // namespace lockstep::eas
