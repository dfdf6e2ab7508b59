// See email_text.hpp.
#include "codec/eas/email_text.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::eas {

namespace {

/// Encoded bytes that surely hold `decoded` decoded ones, for ordinary mail; a rarer body is read
/// again, wholly.
std::uint64_t encoded_guess(mime::Encoding encoding, std::uint64_t decoded) {
    switch (encoding) {
    case mime::Encoding::base64:
    case mime::Encoding::uuencode:
        return decoded / 2 * 3 + 1'024;
    case mime::Encoding::quoted_printable:
        return decoded / 4 * 5 + 4'096;
    case mime::Encoding::identity:
    case mime::Encoding::unknown:
        break;
    }
    return decoded + 256;
}

/// CRLF line ends. Text that has them already, nearly all, is only looked at once.
std::string with_wire_lines(std::string text) {
    auto at = text.find('\n');
    bool clean = true;
    for (; at != std::string::npos && clean; at = text.find('\n', at + 1))
        clean = at > 0 && text[at - 1] == '\r';
    if (clean)
        return text;
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    char before = 0;
    for (const char c : text) {
        if (c == '\n' && before != '\r')
            out += '\r';
        out += c;
        before = c;
    }
    return out;
}

/// Decoded text of one part in its own form.
Result<MailText>
part_text(const MailView& view, const mime::DigestPart& part, std::size_t max_bytes) {
    const auto bounded = std::min<std::uint64_t>(max_bytes, limits::kEasBody);
    auto length = std::min(
        part.encoded_length,
        encoded_guess(part.encoding, bounded * mime::source_bytes_per_utf8_byte(part.charset))
    );
    for (;;) {
        TRY(const auto bytes, view.read(part.offset, length));
        auto prefix = mime::decode_text_body(part.encoding, part.charset, bytes, bounded);
        const bool all_read = length == part.encoded_length;
        if (!all_read && prefix.whole) {
            length = part.encoded_length;
            continue;
        }
        MailText out{with_wire_lines(std::move(prefix.text)), 0, all_read && prefix.whole};
        // Converting line ends may have made it longer than asked.
        if (out.data.size() > bounded) {
            out.data.resize(utf8_prefix(out.data, bounded).size());
            out.whole = false;
        }
        out.size = out.whole ? out.data.size()
                             : std::max<std::uint64_t>(part.decoded_size, out.data.size() + 1);
        return out;
    }
}

bool is_html_part(const mime::DigestPart& part) { return part.type == "text/html"; }

/// HTML that must be read to give so much text: tags and style sheets are most of it.
std::size_t html_for_text(std::size_t max_bytes) {
    constexpr std::size_t kLeast = 256U << 10U;
    constexpr std::size_t kMost = 16U << 20U;
    return std::clamp(max_bytes > kMost / 8 ? kMost : max_bytes * 8, kLeast, kMost);
}

Result<MailText>
part_as_plain(const MailView& view, const mime::DigestPart& part, std::size_t max_bytes) {
    if (!is_html_part(part)) {
        TRY(auto text, part_text(view, part, max_bytes));
        if (part.flowed)
            text.data = mime::unflow(text.data, part.del_sp);
        return text;
    }
    TRY(const auto html, part_text(view, part, html_for_text(max_bytes)));
    // One byte more than wanted tells whether there would have been more.
    const auto bounded = std::min(max_bytes, limits::kEasBody);
    MailText out{mime::html_to_text(html.data, bounded + 4), 0, html.whole};
    if (out.data.size() > bounded) {
        out.data.resize(utf8_prefix(out.data, bounded).size());
        out.whole = false;
    }
    out.size = out.whole ? out.data.size()
                         : std::max<std::uint64_t>(part.decoded_size, out.data.size() + 1);
    return out;
}

Result<MailText>
part_as_html(const MailView& view, const mime::DigestPart& part, std::size_t max_bytes) {
    if (is_html_part(part))
        return part_text(view, part, max_bytes);
    TRY(auto text, part_as_plain(view, part, max_bytes));
    const bool whole = text.whole;
    auto html = mime::text_to_html(text.data);
    MailText out{std::move(html), 0, whole};
    const auto full =
        whole ? out.data.size()
              : text.size +
                    (out.data.size() - std::min<std::size_t>(out.data.size(), text.data.size()));
    if (out.data.size() > max_bytes) {
        out.data.resize(utf8_prefix(out.data, max_bytes).size());
        out.whole = false;
    }
    out.size = full;
    return out;
}

/// Joins the parts of a body until the limit.
template <class Convert>
Result<MailText>
join_parts(const MailView& view, bool html, std::size_t max_bytes, Convert convert) {
    MailText out;
    for (const auto& part : view.digest.parts) {
        if (!(html ? part.is_body_html : part.is_body_plain))
            continue;
        if (!out.whole || out.data.size() >= max_bytes) {
            out.whole = out.whole && part.decoded_size == 0;
            out.size += part.decoded_size;
            continue;
        }
        TRY(auto text, convert(view, part, max_bytes - out.data.size()));
        out.whole = out.whole && text.whole;
        out.size += text.size;
        if (out.data.empty()) {
            out.data = std::move(text.data);
        } else {
            out.data += text.data;
        }
    }
    return out;
}

} // namespace

Result<MailText> plain_body(const MailView& view, std::size_t max_bytes) {
    return join_parts(view, false, max_bytes, part_as_plain);
}

Result<MailText> html_body(const MailView& view, std::size_t max_bytes) {
    return join_parts(view, true, max_bytes, part_as_html);
}

Result<MailText> mime_body(const MailView& view, std::size_t max_bytes) {
    MailText out;
    out.size = view.digest.size;
    const auto wanted = std::min<std::uint64_t>({max_bytes, view.digest.size, limits::kEasBody});
    // A few bytes more, so that a character on the edge is not taken for a broken one.
    TRY(out.data, view.read(0, std::min<std::uint64_t>(view.digest.size, wanted + 4)));
    auto shown = utf8_prefix(out.data, wanted);
    if (!is_ascii(shown) && !is_utf8(shown)) {
        TRY(const auto message, view.read(0, view.digest.size));
        out.data = mime::to_seven_bit(message);
        out.size = out.data.size();
        shown = utf8_prefix(out.data, std::min<std::uint64_t>(max_bytes, limits::kEasBody));
    }
    out.data.resize(shown.size());
    out.whole = out.data.size() == out.size;
    return out;
}

} // namespace lockstep::eas
