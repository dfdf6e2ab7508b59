// Clean text in one pass: runs of plain ASCII go through untouched, only the rest is looked at.
// Spec: XML 1.0 2.2 (Char).
#include "codec/wbxml/text_run.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace lockstep::wbxml {

namespace {

enum class ByteClass : std::uint8_t { plain, control, high };

constexpr std::array<ByteClass, 256> make_byte_classes() {
    std::array<ByteClass, 256> classes{};
    for (std::size_t byte = 0; byte < classes.size(); ++byte) {
        const bool blank = byte == '\t' || byte == '\n' || byte == '\r';
        if (byte < 0x20 && !blank)
            classes[byte] = ByteClass::control;
        if (byte >= 0x80)
            classes[byte] = ByteClass::high;
    }
    return classes;
}

constexpr auto kByteClasses = make_byte_classes();

ByteClass class_of(char byte) { return kByteClasses[static_cast<unsigned char>(byte)]; }

std::size_t run_length(std::string_view text, std::size_t from) {
    const auto wanted = class_of(text[from]);
    std::size_t end = from + 1;
    while (end < text.size() && class_of(text[end]) == wanted)
        ++end;
    return end - from;
}

} // namespace

bool is_clean(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto kind = class_of(text[at]);
        if (kind == ByteClass::control)
            return false;
        const auto length = run_length(text, at);
        // No UTF-8 sequence crosses an ASCII byte, so each run of high bytes is judged alone.
        if (kind == ByteClass::high) {
            const auto run = text.substr(at, length);
            if (clean_utf8(run) != run)
                return false;
        }
        at += length;
    }
    return true;
}

void append_clean(std::string& out, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto length = run_length(text, at);
        const auto run = text.substr(at, length);
        switch (class_of(text[at])) {
        case ByteClass::plain:
            out.append(run);
            break;
        case ByteClass::high:
            out.append(clean_utf8(run));
            break;
        case ByteClass::control:
            break;
        }
        at += length;
    }
}

} // namespace lockstep::wbxml
