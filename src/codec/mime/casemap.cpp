// ICU's tables, behind a short way for ASCII.
#include "codec/mime/casemap.hpp"

#include <array>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace lockstep::mime {
namespace {

const UNormalizer2& decomposer() {
    static const UNormalizer2* instance = [] {
        UErrorCode status = U_ZERO_ERROR;
        const auto* found = unorm2_getNFKDInstance(&status);
        ENSURE(U_SUCCESS(status));
        return found;
    }();
    return *instance;
}

void append_mapped(std::string& out, UChar32 character) {
    const auto title = u_totitle(character);
    std::array<UChar, 64> pieces{}; // the longest decomposition has 18
    UErrorCode status = U_ZERO_ERROR;
    const auto length = unorm2_getDecomposition(
        &decomposer(), title, pieces.data(), static_cast<std::int32_t>(pieces.size()), &status
    );
    if (U_FAILURE(status) || length < 0) {
        append_utf8(out, static_cast<char32_t>(title));
        return;
    }
    for (std::int32_t i = 0; i < length;) {
        UChar32 piece = 0;
        U16_NEXT(pieces.data(), i, length, piece);
        append_utf8(out, static_cast<char32_t>(piece));
    }
}

} // namespace

std::string casemap(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    const auto* bytes = text.data();
    const auto size = text.size();
    for (std::size_t i = 0; i < size;) {
        if (static_cast<unsigned char>(bytes[i]) < 0x80) {
            out += ascii_upper(bytes[i++]);
            continue;
        }
        UChar32 character = 0;
        U8_NEXT(bytes, i, size, character);
        if (character < 0)
            append_utf8(out, 0xFFFD);
        else
            append_mapped(out, character);
    }
    return out;
}

MappedText casemap_with_origins(std::string_view text) {
    MappedText out;
    out.text.reserve(text.size());
    out.origins.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto end = at + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
            ++end;
        const auto piece = casemap(text.substr(at, end - at));
        for (std::size_t i = 0; i < piece.size(); ++i) {
            // U+0300 to U+036F
            const auto byte = static_cast<unsigned char>(piece[i]);
            const auto next =
                i + 1 < piece.size() ? static_cast<unsigned char>(piece[i + 1]) : 0xFFU;
            if (byte == 0xCC || (byte == 0xCD && next < 0xB0)) {
                ++i;
                continue;
            }
            out.text += piece[i];
            out.origins.push_back(static_cast<std::uint32_t>(at));
        }
        at = end;
    }
    return out;
}

} // namespace lockstep::mime
