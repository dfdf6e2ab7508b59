// Streaming WBXML writer with the version gate: what a version does not know is never sent to it.
// Spec: MS-ASWBXML 2.1.2, 2.1.3. Header 03 01 6A 00: WBXML 1.3, unknown public id, UTF-8, no string
// table. Errors: misuse is a bug of ours; the first one is remembered and returned by finish() as
// Code::internal.
#pragma once
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"
#include "codec/wbxml/tags.hpp"

namespace lockstep::wbxml {

/// Appends to one string. An element of the wrong version is skipped with all it contains, and
/// finish() then fails, so that nothing wrong ever leaves.
class Writer {
public:
    /// `reserve`: bytes to set aside at once.
    explicit Writer(Version version, std::size_t reserve = 4096);

    [[nodiscard]] Version version() const { return version_; }
    /// Whether this version knows the tag.
    [[nodiscard]] bool allows(Tag tag) const { return sendable(tag, version_); }

    void open(Tag tag);
    void close();
    /// A text element. The text is cleaned: ill-formed UTF-8 becomes U+FFFD, controls that no XML
    /// can carry are dropped. An empty text gives an empty element.
    void element(Tag tag, std::string_view text);
    /// A decimal number; a bool gives 1 or 0.
    template <std::integral Number> void element(Tag tag, Number number) {
        std::array<char, 24> digits{};
        const auto value = std::conditional_t<std::same_as<Number, bool>, int, Number>(number);
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        element(
            tag, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()))
        );
    }
    /// An element without content.
    void empty(Tag tag);
    /// An element with opaque data; the bytes are copied as they are.
    void opaque(Tag tag, std::string_view bytes);
    /// More text, or opaque bytes, inside the open element (between child elements if need be).
    void text(std::string_view text);
    void opaque(std::string_view bytes);

    /// The same when the version knows the tag, nothing otherwise.
    template <class Value> void element_if_allowed(Tag tag, const Value& value) {
        if (allows(tag))
            element(tag, value);
    }
    void empty_if_allowed(Tag tag) {
        if (allows(tag))
            empty(tag);
    }
    void opaque_if_allowed(Tag tag, std::string_view bytes) {
        if (allows(tag))
            opaque(tag, bytes);
    }

    /// Bytes written so far, header included.
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    /// Elements open now.
    [[nodiscard]] std::size_t depth() const { return open_.size() + skipped_; }

    /// A place to go back to.
    struct Mark {
        std::size_t size = 0;
        std::size_t depth = 0;
        std::size_t skipped = 0;
        std::uint8_t page = 0;
        bool root_done = false;
        bool ok = true;
    };
    [[nodiscard]] Mark mark() const;
    /// Drops everything written since the mark, misuse included. The elements that were open at the
    /// mark must still be open, and no others; anything else is misuse.
    void rollback(const Mark& mark);

    /// No misuse so far.
    [[nodiscard]] bool ok() const { return error_.empty(); }
    /// The document; the writer is empty afterwards and may be used again.
    /// Error: internal, naming the first misuse (with element and version).
    [[nodiscard]] Result<std::string> finish();

private:
    bool begin(Tag tag);
    bool may_write();
    void put_text(std::string_view text);
    void put_opaque(std::string_view bytes);
    void misuse(std::string text);
    void reset();

    std::string out_;
    std::vector<std::size_t> open_; ///< offset of the token of each open element
    std::string error_;             ///< the first misuse
    Version version_;
    std::uint8_t page_ = 0;
    std::size_t skipped_ = 0; ///< depth inside a refused element
    bool root_done_ = false;
};

} // namespace lockstep::wbxml
