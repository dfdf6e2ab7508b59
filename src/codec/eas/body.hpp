// The body of calendar, task, note and contact items: which form a device gets, cut to size, and
// what it sent back. Spec: MS-ASAIRS 2.2.2.9 (Body), 2.2.2.12 (BodyPreference), 2.2.2.32
// (NativeBodyType); MS-ASCAL 2.2.2.7; MS-ASTASK 2.2.2.2. Invariants: sizes are bytes of UTF-8; a
// cut never splits a character; conversion plain <-> HTML is deterministic.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::wbxml {
class Writer;
struct Node;
struct Tag;
} // namespace lockstep::wbxml

namespace lockstep::eas {

struct ItemOptions;

/// An item's text. With html the item's native form is HTML and plain is its rendering (may be
/// empty: it is derived).
struct ItemText {
    std::string plain; ///< UTF-8, LF or CRLF line ends
    std::string html;  ///< UTF-8; empty when the item is plain
};

/// What write_body does beside the body itself.
struct BodyManner {
    bool native = true; ///< NativeBodyType follows the body (not allowed inside of an Exception)
    bool also_empty = false; ///< an empty text is written as an empty body, so that a device learns
                             ///< of its removal
};

/// Writes AirSyncBase:Body (and NativeBodyType) as the first acceptable preference asks: 1 plain, 2
/// HTML, 3 RTF before 14.0; anything else is passed over; no acceptable preference gives plain.
/// Below 12.0 it writes `old_body` and `old_truncated` (the class's own elements; pass the class's
/// tags). Nothing is written with options.without_body. Lines end with CRLF on the wire.
void write_body(
    wbxml::Writer& out, const ItemText& text, const ItemOptions& options,
    const wbxml::Tag& old_body, const wbxml::Tag& old_truncated, BodyManner manner = {}
);

/// The form that a device is shown, in full and with LF, to tell whether it sent back what it was
/// shown.
[[nodiscard]] std::string shown_plain(const ItemText& text);
[[nodiscard]] std::string shown_html(const ItemText& text);

/// What a client sent as AirSyncBase:Body or as the class's old Body: none when it sent no body at
/// all. Line ends become LF. HTML comes with its plain rendering, of RTF the text is kept. MIME is
/// refused: bad_value.
[[nodiscard]] Result<std::optional<ItemText>>
read_body(const wbxml::Node& application_data, const wbxml::Tag& old_body);

} // namespace lockstep::eas
