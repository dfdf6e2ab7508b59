// Making messages: edits of a header, parts and multiparts, answers that quote or carry another
// message. Spec: RFC 5322, RFC 2045, RFC 2046; MS-ASCMD 2.2.1.19 SmartForward, 2.2.1.20 SmartReply.
// Invariants: what is carried over from another message keeps its encoded bytes; a boundary occurs
// in nothing it separates.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/mime/message.hpp"

namespace lockstep::mime {

/// Edits of a message's header. The body is untouched and need not be at hand: only the header
/// block is read.
class HeaderEdit {
public:
    /// Copies the header block at the front of `message`. A message without one gets one.
    explicit HeaderEdit(std::string_view message);

    /// Adds whole fields (with CRLF) in front of all others, where trace fields belong.
    HeaderEdit& prepend(std::string_view fields);
    /// Adds whole fields (with CRLF) behind all others.
    HeaderEdit& append(std::string_view fields);
    /// Removes every field of that name.
    HeaderEdit& remove(std::string_view name);
    /// Puts a whole field (with CRLF) in the place of the first of that name, and removes the
    /// others; appends when there is none.
    HeaderEdit& replace(std::string_view name, std::string_view field);
    [[nodiscard]] bool has(std::string_view name) const;

    /// The new header block, with the empty line that ends it.
    [[nodiscard]] std::string header() const;
    /// Where the body starts in the message given to the constructor.
    [[nodiscard]] std::size_t body_offset() const { return body_offset_; }

private:
    struct Line {
        std::string name; ///< lower-case; empty for a line that is no field (an mbox separator)
        std::string bytes;
    };
    std::vector<Line> lines_;
    std::size_t body_offset_ = 0;
};

/// A message or part as it is built: literal text, and ranges of two other messages that need no
/// copy until they are written.
class Assembly {
public:
    void add(std::string text);
    /// Bytes that stay alive until text() or for_each.
    void borrow(std::string_view bytes);
    void add(Assembly other);
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool contains(std::string_view needle) const;
    [[nodiscard]] std::string text() const;
    /// Calls `sink(std::string_view)` for each piece in order.
    template <class Sink> void for_each(Sink sink) const {
        for (const auto& piece : pieces_)
            sink(piece.borrowed.data() != nullptr ? piece.borrowed : std::string_view(piece.owned));
    }

private:
    struct Piece {
        std::string owned;
        std::string_view borrowed;
    };
    std::vector<Piece> pieces_;
};

/// A text part with header: charset utf-8, and the encoding it needs. `subtype` is "plain" or
/// "html".
[[nodiscard]] Assembly text_part(std::string_view subtype, std::string_view text);

/// What write of a file as a part needs.
struct FilePart {
    std::string content_type = "application/octet-stream";
    std::string name;
    std::string content_id; ///< without angle brackets
    std::string content_location;
    bool is_inline = false;
    std::string content;
};
[[nodiscard]] Assembly file_part(const FilePart& file);

/// The parts as one multipart with its Content-Type header; a single part is returned as it is.
[[nodiscard]] Assembly multipart(std::string_view subtype, std::vector<Assembly> parts);

/// The message with nothing but ASCII in its parts: 8-bit parts become quoted-printable or base64,
/// 8-bit header text becomes encoded-words. Structure and charsets stay.
[[nodiscard]] std::string to_seven_bit(std::string_view message);

/// The client's new message with the original quoted beneath, in every form that either has.
/// Pictures shown inside the original's HTML come along. A signed or encrypted client message
/// cannot be changed and is returned as it is. Errors: bad_value (the client's message is empty).
[[nodiscard]] Result<std::string>
smart_reply(std::string_view client_mime, std::string_view original);
/// The same with the original unquoted beneath, and its attachments.
[[nodiscard]] Result<std::string>
smart_forward(std::string_view client_mime, std::string_view original);

} // namespace lockstep::mime
