// The MIME tree of a message as a flat list of parts with byte ranges, made in one pass without
// copying the body. Spec: RFC 5322 2.1-2.2, RFC 2045, RFC 2046 5.1 and 5.2.1, RFC 2183, RFC 2231,
// RFC 6532, RFC 8255. Errors: none. Every byte string is some message (hardening M1-M4); what is
// odd is flagged, never repaired. Invariants: parts are in document order, a part stands after its
// parent, ranges lie within the bytes and within the
//   range of the parent's body; work is linear in the input; no recursion.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::mime {

/// Bytes of the message: [offset, offset + length).
struct Range {
    std::size_t offset = 0;
    std::size_t length = 0;
    [[nodiscard]] std::size_t end() const { return offset + length; }
    friend bool operator==(const Range&, const Range&) = default;
};

enum class Encoding : std::uint8_t { identity, quoted_printable, base64, uuencode, unknown };
enum class Disposition : std::uint8_t { none, inline_, attachment };

inline constexpr std::uint32_t kNoPart = 0xFFFFFFFF;

struct Part {
    std::uint32_t parent = kNoPart;
    std::uint16_t depth = 0; ///< 0 for the message itself
    std::uint16_t position =
        1; ///< 1-based among its siblings: the last number of an IMAP part path
    std::uint32_t children = 0; ///< number of direct children
    bool embedded = false;      ///< lies inside a message/rfc822 part
    Range header;               ///< header block with the empty line that ends it
    Range body;                 ///< without the line ending that belongs to the next boundary
    std::uint32_t lines = 0;    ///< line feeds in the body, plus one for an unfinished last line
    std::string type = "text";  ///< lower-case
    std::string subtype = "plain";
    std::string charset; ///< lower-case; empty = not given
    std::string boundary;
    std::string name;        ///< Content-Type name, decoded to UTF-8
    std::string filename;    ///< Content-Disposition filename, decoded to UTF-8; empty = not given
    std::string method;      ///< text/calendar method, upper-case
    std::string protocol;    ///< of multipart/signed and multipart/encrypted, lower-case
    std::string smime_type;  ///< of application/pkcs7-mime, lower-case
    std::string report_type; ///< of multipart/report, lower-case
    std::string start;       ///< multipart/related root, without angle brackets
    bool flowed = false;     ///< format=flowed, RFC 3676
    bool del_sp = false;     ///< delsp=yes
    Encoding encoding = Encoding::identity;
    Disposition disposition = Disposition::none;
    std::string content_id; ///< without angle brackets
    std::string content_location;
    std::string description; ///< decoded to UTF-8

    [[nodiscard]] bool is(std::string_view wanted_type, std::string_view wanted_subtype) const {
        return type == wanted_type && subtype == wanted_subtype;
    }
    /// The message inside is parsed as this part's only child.
    [[nodiscard]] bool holds_message() const { return type == "message" && children == 1; }
    [[nodiscard]] bool leaf() const { return children == 0; }
    /// The name to show: filename, else name.
    [[nodiscard]] const std::string& any_name() const { return filename.empty() ? name : filename; }
};

struct Message {
    std::string_view bytes;  ///< the argument of parse(); the caller keeps it alive
    std::vector<Part> parts; ///< never empty; parts[0] is the message
    bool ambiguous = false;  ///< something that readers understand differently: repeated Content-*,
                             ///< bad boundary (S12)
    bool truncated =
        false; ///< a limit of base/limits.hpp was reached: deeper or later parts are opaque

    [[nodiscard]] std::string_view header_of(const Part& part) const {
        return bytes.substr(part.header.offset, part.header.length);
    }
    [[nodiscard]] std::string_view body_of(const Part& part) const {
        return bytes.substr(part.body.offset, part.body.length);
    }
    /// Indexes of the direct children, in order.
    [[nodiscard]] std::vector<std::uint32_t> children_of(std::uint32_t part) const;
    /// IMAP part path (RFC 9051 6.4.5): "1.2"; "1" for the body of a message that has only one
    /// part.
    [[nodiscard]] std::string path_of(std::uint32_t part) const;
};

/// Parses a whole message. Limits: kHeaderBytes, kHeaderFields, kMimeParameters, kMimeDepth,
/// kMimeParts.
[[nodiscard]] Message parse(std::string_view bytes);

} // namespace lockstep::mime
