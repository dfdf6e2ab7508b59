// Access to the fields of a header block, and their decoding to UTF-8 text.
// Spec: RFC 5322 2.2, 3.6.4, 4.5 (obsolete blanks before the colon); RFC 2047; RFC 6532.
// Errors: none; ill-formed input gives the best text there is.
// Invariants: at most kHeaderFields fields of the first kHeaderBytes bytes (hardening M1); linear
// time.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::mime {

/// One field as it stands in the bytes.
struct Field {
    std::string_view name;  ///< without blanks and colon
    std::string_view value; ///< after the colon, folds included, without the last line ending
    std::size_t offset = 0; ///< of the field within the block
    std::size_t length = 0; ///< of the field with its last line ending
};

/// The fields of a header block in order. Views point into the block and live as long as it does.
/// The block ends at the first empty line, or before the first line that is no field.
class Headers {
public:
    explicit Headers(std::string_view block);

    [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
    /// Raw value of the first field with this name (case-insensitive), blanks around it removed.
    [[nodiscard]] std::optional<std::string_view> first(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    /// Decoded text of the first field with this name; empty when there is none.
    [[nodiscard]] std::string text(std::string_view name) const;
    /// Bytes of the block up to and including the empty line (all of it when there is none).
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    std::vector<Field> fields_;
    std::size_t size_ = 0;
};

/// Length of the header block at the front of `bytes`, with the empty line that ends it: where
/// parse() lets the body of a message start, so that every view of a message agrees (hardening
/// S12).
[[nodiscard]] std::size_t header_length(std::string_view bytes);
/// "\n" or "\r\n".
[[nodiscard]] bool is_empty_line(std::string_view line);
/// The separator line of an mbox file, which importers leave in front of a header.
[[nodiscard]] bool is_mbox_line(std::string_view bytes);

/// If a field starts here: the length of its name without blanks, and the offset behind the colon.
struct FieldStart {
    std::size_t name = 0;
    std::size_t value = 0;
};
[[nodiscard]] std::optional<FieldStart> field_start(std::string_view line);

/// Removes line endings of folds (RFC 5322 2.2.3) and the blanks at both ends.
[[nodiscard]] std::string unfold(std::string_view raw);
/// Clean UTF-8 on one line (raw 8-bit text as in decode_text).
[[nodiscard]] std::string to_clean_line(std::string_view text);
/// Unfolds and decodes encoded-words, joining adjacent ones before their charset is decoded (a
/// character may be split over two). Raw 8-bit text is taken as UTF-8 when it is, else as
/// windows-1252. The result is clean UTF-8 without line breaks.
[[nodiscard]] std::string decode_text(std::string_view raw);
/// Length of the encoded-word at the front of text; 0 if there is none.
[[nodiscard]] std::size_t encoded_word_length(std::string_view text);
/// The encoded-words of text that is already unfolded.
[[nodiscard]] std::string decode_words(std::string_view text);

/// The ids of Message-ID, In-Reply-To or References, without angle brackets, in order; tolerant of
/// missing brackets.
[[nodiscard]] std::vector<std::string> decode_ids(std::string_view raw);

} // namespace lockstep::mime
