// Pull parser of WBXML: checks the grammar and every limit, copies nothing.
// Spec: MS-ASWBXML 2.1.2, 2.1.3; WBXML 1.3 5; hardening W1, W2.
// Errors: bad_syntax (cut short, bytes after the end, or a feature that ActiveSync does not use:
// string table,
//   literals, entities, attributes, processing instructions, extensions), too_large (depth, count).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/wbxml/tags.hpp"

namespace lockstep::wbxml {

/// One step of a document. Every open is followed by its close, also when it has no content.
struct Event {
    enum class Kind : std::uint8_t { open, close, text, opaque, end };
    Kind kind = Kind::end;
    Tag tag;                  ///< of open and close
    bool has_content = false; ///< of open
    std::string_view
        bytes; ///< of text (without its NUL, UTF-8 not checked) and opaque; in the input
};

/// Walks over a whole body that the caller keeps alive. Elements of unknown tokens or pages are
/// checked like all others but not reported, nor is what they contain.
class Reader {
public:
    /// Reads the header. Versions 1.1 to 1.3, any public id but 0, UTF-8.
    [[nodiscard]] static Result<Reader> create(std::string_view bytes);

    /// The next event; end again and again after the end. After an error, do not call it any more.
    [[nodiscard]] Result<Event> next();
    /// Bytes consumed so far.
    [[nodiscard]] std::size_t offset() const { return at_; }

private:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    Result<> read_header();
    Result<std::uint8_t> byte();
    Result<std::uint32_t> number();
    /// The next event, of unknown elements too.
    Result<Event> step();
    Result<Event> open_tag(std::uint8_t token);
    Event close_tag();
    Result<Event> inline_string();
    Result<Event> opaque();
    std::unexpected<Error> bad(std::string_view what) const;

    std::string_view bytes_;
    std::size_t at_ = 0;
    std::vector<Tag> open_;
    std::size_t elements_ = 0;
    std::size_t unknown_depth_ = 0; ///< elements open since, and with, the outermost unknown one
    std::uint8_t page_ = 0;
    bool root_seen_ = false;
    bool close_next_ = false; ///< the last open had no content
};

} // namespace lockstep::wbxml
