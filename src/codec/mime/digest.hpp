// Digest: what lists, ActiveSync, IMAP and JMAP need to know of a message, made once at delivery
// and stored in its row. Spec: RFC 5322 3.6; MS-ASEMAIL 2.2.2.50 MessageClass; MS-OXOMSG message
// classes; RFC 3834 and RFC 2919 for the marks. Invariants: offsets are those of the stored bytes,
// so that a body or attachment is cut by range and never parsed again.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/message.hpp"

namespace lockstep::mime {

/// A leaf of the tree, or an embedded message (which is listed as one part; its own parts are
/// flagged inside_message).
struct DigestPart {
    std::string path;    ///< "1.2" as IMAP counts
    std::string type;    ///< "text/plain", lower-case
    std::string charset; ///< lower-case; empty = not given
    Encoding encoding = Encoding::identity;
    Disposition disposition = Disposition::none;
    std::uint64_t offset = 0; ///< of the encoded body in the stored bytes
    std::uint64_t encoded_length = 0;
    std::uint64_t decoded_size = 0; ///< exact, after the transfer decoding
    std::string
        filename; ///< UTF-8, as the sender wrote it: clean it before use as a file name (M6)
    std::string content_id; ///< without angle brackets
    std::string content_location;
    bool flowed = false;
    bool del_sp = false;
    bool is_body_plain =
        false;                 ///< shown where plain text is wanted (JMAP textBody, RFC 8621 4.1.4)
    bool is_body_html = false; ///< shown where HTML is wanted (JMAP htmlBody); may be text/plain
    bool is_calendar = false;  ///< text/calendar that carries the invitation
    bool is_message = false;   ///< message/rfc822 or message/global
    bool inside_message =
        false; ///< belongs to an embedded message: neither body nor attachment of this one
    bool is_related =
        false; ///< shown by the HTML body (multipart/related), not an attachment to list
    bool is_hidden = false; ///< signature, control part, or an alternative that is not chosen

    /// Listed as attachment, inline pictures included.
    [[nodiscard]] bool is_attachment() const {
        return !is_body_plain && !is_body_html && !inside_message && !is_hidden;
    }
    friend bool operator==(const DigestPart&, const DigestPart&) = default;
};

enum class Native : std::uint8_t { none = 0, plain = 1, html = 2 };
enum class Secure : std::uint8_t {
    none = 0,
    signed_ = 1,
    opaque = 2
}; ///< S/MIME: clear-signed; one pkcs7 blob

struct Digest {
    std::string subject; ///< decoded
    std::vector<Address> from, sender, reply_to, to, cc, bcc;
    std::optional<std::int64_t>
        date; ///< unix seconds of the Date field; absent when there is none or it is unreadable
    std::string message_id; ///< these three without angle brackets
    std::vector<std::string> in_reply_to;
    std::vector<std::string> references;
    int importance = 1;          ///< 0 low, 1 normal, 2 high
    std::string thread_topic;    ///< subject without reply and forward marks
    std::string thread_index;    ///< Thread-Index decoded (MS-OXOMSG 2.2.1.3), empty when absent
    std::string message_class;   ///< "IPM.Note" ...
    std::string calendar_method; ///< "REQUEST" ... of the calendar part, empty without one
    bool is_list = false;        ///< List-Id, List-Post or Precedence: list
    bool is_auto = false; ///< Auto-Submitted other than "no", or Precedence: bulk/junk, or a null
                          ///< return path report
    bool has_attachments =
        false;              ///< something to list beside bodies and pictures shown inside the HTML
    bool ambiguous = false; ///< Message::ambiguous, or a repeated From, Subject, Date, To ... (S11)
    int codepage = 20127;   ///< of the body that is shown
    Native native_body = Native::none;
    Secure secure = Secure::none;
    std::string preview;           ///< at most 255 characters
    std::uint64_t size = 0;        ///< bytes of the whole message
    std::vector<DigestPart> parts; ///< in document order

    friend bool operator==(const Digest&, const Digest&) = default;
};

inline constexpr std::size_t kPreviewCharacters =
    255; ///< MS-ASAIRS 2.2.2.35: the most a client may ask

[[nodiscard]] Digest make_digest(std::string_view bytes);
/// The same from a tree that is at hand already.
[[nodiscard]] Digest make_digest(const Message& message);

/// Compact binary form with a version byte.
[[nodiscard]] std::string encode(const Digest& digest);
/// Error: corrupt (unknown version, cut short, counts or lengths beyond the input, bytes after the
/// end).
[[nodiscard]] Result<Digest> decode(std::string_view bytes);

} // namespace lockstep::mime
