// Pull parser of WBXML.
// Spec: MS-ASWBXML 2.1.2, 2.1.3; WBXML 1.3 5.1 (mb_u_int32), 5.3 (start), 5.8 (tokens).
#include "codec/wbxml/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "codec/wbxml/format.hpp"

namespace lockstep::wbxml {

std::unexpected<Error> Reader::bad(std::string_view what) const {
    return fail(
        Code::bad_syntax,
        std::string("WBXML: ").append(what).append(" at byte ").append(std::to_string(at_))
    );
}

Result<std::uint8_t> Reader::byte() {
    if (at_ == bytes_.size())
        return bad("cut short");
    return static_cast<std::uint8_t>(bytes_[at_++]);
}

Result<std::uint32_t> Reader::number() {
    std::uint64_t value = 0;
    for (int i = 0; i < format::kLengthBytes; ++i) {
        TRY(const auto part, byte());
        value = (value << 7U) | (part & 0x7FU);
        if (value > format::kLengthMax)
            return bad("number beyond 32 bits");
        if ((part & 0x80U) == 0)
            return static_cast<std::uint32_t>(value);
    }
    return bad("number longer than 5 bytes");
}

Result<> Reader::read_header() {
    TRY(const auto version, byte());
    if (version < format::kVersion11 || version > format::kVersion13)
        return bad("unknown version");
    TRY(const auto public_id, number());
    if (public_id == 0)
        return bad("public id in a string table");
    TRY(const auto charset, number());
    if (charset != format::kUtf8 && charset != 0)
        return bad("character set other than UTF-8");
    TRY(const auto table, number());
    if (table != 0)
        return bad("string table");
    return {};
}

Result<Reader> Reader::create(std::string_view bytes) {
    Reader reader(bytes);
    CHECK_OK(reader.read_header());
    return reader;
}

Result<Event> Reader::next() {
    while (true) {
        const bool inside = unknown_depth_ > 0;
        TRY(const auto event, step());
        if (event.kind == Event::Kind::open && (inside || !known(event.tag)))
            ++unknown_depth_;
        const bool hidden = unknown_depth_ > 0;
        if (event.kind == Event::Kind::close && hidden)
            --unknown_depth_;
        if (!hidden || event.kind == Event::Kind::end)
            return event;
    }
}

Result<Event> Reader::step() {
    if (close_next_)
        return close_tag();
    if (root_seen_ && open_.empty()) {
        if (at_ != bytes_.size())
            return bad("bytes after the root element");
        return Event{};
    }
    while (true) {
        TRY(const auto token, byte());
        switch (token) {
        case format::kSwitchPage: {
            TRY(page_, byte());
            continue;
        }
        case format::kEnd:
            if (open_.empty())
                return bad("end without an element");
            return close_tag();
        case format::kInlineString:
            return inline_string();
        case format::kOpaque:
            return opaque();
        default:
            return open_tag(token);
        }
    }
}

Result<Event> Reader::open_tag(std::uint8_t token) {
    const auto number = static_cast<std::uint8_t>(token & format::kTokenMask);
    if (number < format::kFirstTag)
        return bad("feature that ActiveSync does not use");
    if ((token & format::kAttributes) != 0)
        return bad("attributes");
    if (open_.size() == limits::kWbxmlDepth)
        return fail(Code::too_large, "WBXML: nested too deep");
    if (++elements_ > limits::kWbxmlElements)
        return fail(Code::too_large, "WBXML: too many elements");
    const Tag tag{page_, number};
    open_.push_back(tag);
    root_seen_ = true;
    const bool has_content = (token & format::kContent) != 0;
    close_next_ = !has_content;
    return Event{Event::Kind::open, tag, has_content, {}};
}

Event Reader::close_tag() {
    close_next_ = false;
    const auto tag = open_.back();
    open_.pop_back();
    return Event{Event::Kind::close, tag, false, {}};
}

Result<Event> Reader::inline_string() {
    if (open_.empty())
        return bad("text outside of the root element");
    const auto end = bytes_.find('\0', at_);
    if (end == std::string_view::npos)
        return bad("text without an end");
    const auto text = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return Event{Event::Kind::text, {}, false, text};
}

Result<Event> Reader::opaque() {
    if (open_.empty())
        return bad("opaque data outside of the root element");
    TRY(const std::size_t length, number());
    if (length > bytes_.size() - at_)
        return bad("opaque data beyond the input");
    const auto data = bytes_.substr(at_, length);
    at_ += length;
    return Event{Event::Kind::opaque, {}, false, data};
}

} // namespace lockstep::wbxml
