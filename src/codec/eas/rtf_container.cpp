// The container of RTF: a head of 16 bytes, then the text as it is (MELA) or compressed (LZFu).
// Spec: MS-OXRTFCP 2.1.3.1 (head), 2.1.3.2 (initial dictionary), 2.2.2 (decompression).
#include <array>

#include "base/limits.hpp"
#include "codec/eas/rtf.hpp"

namespace lockstep::eas {
namespace {

constexpr std::size_t kHead = 16;
constexpr std::uint32_t kPlainForm = 0x414C454D;      ///< "MELA"
constexpr std::uint32_t kCompressedForm = 0x75465A4C; ///< "LZFu"
constexpr std::size_t kDictionary = 4'096;

constexpr std::string_view kBeginning =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript "
    "\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    "\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(kBeginning.size() == 207);

void put_word(std::string& out, std::size_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8)
        out += static_cast<char>((value >> shift) & 0xFFU);
}

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i)
        value |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return value;
}

/// The last 4,096 bytes that were written, and all of them.
class Window {
public:
    Window() {
        for (const char c : kBeginning)
            ring_[at_++] = c;
    }
    void put(char c) {
        ring_[at_] = c;
        at_ = (at_ + 1) % kDictionary;
        out_ += c;
    }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] char get(std::size_t place) const { return ring_[place % kDictionary]; }
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    std::array<char, kDictionary> ring_{};
    std::size_t at_ = 0;
    std::string out_;
};

Result<std::string> decompress(std::string_view bytes, std::size_t size) {
    Window window;
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto control = static_cast<unsigned char>(bytes[at++]);
        for (unsigned bit = 0; bit < 8 && at < bytes.size(); ++bit) {
            if ((control >> bit & 1U) == 0) {
                window.put(bytes[at++]);
                continue;
            }
            if (at + 2 > bytes.size())
                return fail(Code::bad_syntax, "RTF: a reference is cut");
            const auto high = static_cast<unsigned char>(bytes[at]);
            const auto low = static_cast<unsigned char>(bytes[at + 1]);
            at += 2;
            const std::size_t place = (std::size_t{high} << 4U) | (low >> 4U);
            if (place == window.at())
                return window.take();
            for (std::size_t i = 0; i < (low & 0xFU) + std::size_t{2}; ++i)
                window.put(window.get(place + i));
        }
        if (window.size() > size)
            return fail(Code::bad_syntax, "RTF: longer than it says");
    }
    return window.take();
}

} // namespace

std::string pack_rtf(std::string_view rtf) {
    std::string out;
    out.reserve(kHead + rtf.size());
    put_word(out, rtf.size() + kHead - 4);
    put_word(out, rtf.size());
    put_word(out, kPlainForm);
    put_word(out, 0);
    out += rtf;
    return out;
}

Result<std::string> unpack_rtf(std::string_view bytes) {
    if (bytes.size() < kHead)
        return fail(Code::bad_syntax, "RTF: no head");
    const auto size = word_at(bytes, 4);
    const auto form = word_at(bytes, 8);
    const auto content = bytes.substr(kHead);
    if (size > limits::kEasBody)
        return fail(Code::bad_syntax, "RTF: too long");
    if (form == kPlainForm)
        return std::string(content.substr(0, size));
    if (form != kCompressedForm)
        return fail(Code::bad_syntax, "RTF: an unknown form");
    // The checksum is not looked at: the bytes came whole, or the request would not have.
    return decompress(content, size + std::size_t{8} * 17);
}

} // namespace lockstep::eas
