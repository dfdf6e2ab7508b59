// A baseline JPEG encoder, small rather than fast: for portraits of 120 pixels.
// Spec: ITU T.81 Annexes A, F, K.1 (quantisation), K.3 (Huffman tables); JFIF 1.01.
// Invariants: three components without subsampling that share the luminance tables; edges are
// repeated to fill blocks of eight.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "office/demo_files.hpp"

namespace lockstep::office {

namespace {

constexpr std::array<std::uint8_t, 64> kZigzag = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
};
constexpr std::array<std::uint8_t, 64> kQuantum = {
    16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
    14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
    18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99
};
constexpr std::array<std::uint8_t, 16> kDcCounts = {0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
constexpr std::array<std::uint8_t, 12> kDcSymbols = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
constexpr std::array<std::uint8_t, 16> kAcCounts = {0, 2, 1, 3, 3, 2, 4, 3,
                                                    5, 5, 4, 4, 0, 0, 1, 0x7D};
constexpr std::array<std::uint8_t, 162> kAcSymbols = {
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61,
    0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52,
    0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25,
    0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45,
    0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64,
    0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
    0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
    0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6,
    0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3,
    0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8,
    0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA
};

struct JpegCode {
    std::uint16_t bits = 0;
    std::uint8_t length = 0;
};
using JpegCodes = std::array<JpegCode, 256>;
using JpegBlock = std::array<int, 64>;

template <std::size_t N>
JpegCodes
codes_of(const std::array<std::uint8_t, 16>& counts, const std::array<std::uint8_t, N>& symbols) {
    JpegCodes codes{};
    std::uint16_t code = 0;
    std::size_t next = 0;
    for (std::size_t length = 1; length <= 16;
         ++length, code = static_cast<std::uint16_t>(code << 1U))
        for (int i = 0; i < counts[length - 1]; ++i)
            codes[symbols[next++]] = {code++, static_cast<std::uint8_t>(length)};
    return codes;
}

class JpegBits {
public:
    explicit JpegBits(std::string& out) : out_(out) {}
    void put(std::uint32_t bits, int length) {
        for (int i = length - 1; i >= 0; --i) {
            byte_ = static_cast<std::uint8_t>(unsigned(byte_) << 1U | (bits >> unsigned(i) & 1U));
            if (++filled_ < 8)
                continue;
            out_ += static_cast<char>(byte_);
            if (byte_ == 0xFF)
                out_ += '\0';
            filled_ = 0;
        }
    }
    void put(JpegCode code) { put(code.bits, code.length); }
    void flush() {
        while (filled_ != 0)
            put(1, 1);
    }

private:
    std::string& out_;
    std::uint8_t byte_ = 0;
    int filled_ = 0;
};

int jpeg_size_of(int value) {
    int size = 0;
    for (value = std::abs(value); value != 0; value >>= 1)
        ++size;
    return size;
}

void put_value(JpegBits& bits, int value, int size) {
    if (size != 0)
        bits.put(
            static_cast<std::uint32_t>(value < 0 ? value - 1 : value) &
                ((1U << unsigned(size)) - 1),
            size
        );
}

/// One component of a pixel, centred on zero: 0 luminance, 1 blue, 2 red difference.
double jpeg_sample(const DemoImage& image, int x, int y, int component) {
    x = std::min(x, image.width - 1);
    y = std::min(y, image.height - 1);
    const auto at = static_cast<std::size_t>((y * image.width + x) * 3);
    const double r = image.pixels[at], g = image.pixels[at + 1], b = image.pixels[at + 2];
    if (component == 0)
        return 0.299 * r + 0.587 * g + 0.114 * b - 128;
    if (component == 1)
        return -0.168736 * r - 0.331264 * g + 0.5 * b;
    return 0.5 * r - 0.418688 * g - 0.081312 * b;
}

JpegBlock
transform(const DemoImage& image, int left, int top, int component, const JpegBlock& quantum) {
    static const auto cosines = [] {
        std::array<std::array<double, 8>, 8> table{};
        for (std::size_t k = 0; k < 8; ++k)
            for (std::size_t n = 0; n < 8; ++n)
                table[k][n] = std::cos((2.0 * double(n) + 1) * double(k) * std::numbers::pi / 16) *
                              (k == 0 ? std::sqrt(0.125) : 0.5);
        return table;
    }();
    std::array<double, 64> rows{};
    for (std::size_t y = 0; y < 8; ++y)
        for (std::size_t x = 0; x < 8; ++x) {
            const double value = jpeg_sample(image, left + int(x), top + int(y), component);
            for (std::size_t u = 0; u < 8; ++u)
                rows[y * 8 + u] += value * cosines[u][x];
        }
    JpegBlock block{};
    for (std::size_t i = 0; i < 64; ++i) {
        const std::size_t v = kZigzag[i] / 8U, u = kZigzag[i] % 8U;
        double sum = 0;
        for (std::size_t y = 0; y < 8; ++y)
            sum += rows[y * 8 + u] * cosines[v][y];
        block[i] = static_cast<int>(std::lround(sum / quantum[i]));
    }
    return block;
}

void put_block(JpegBits& bits, const JpegBlock& block, int& previous) {
    static const auto dc = codes_of(kDcCounts, kDcSymbols);
    static const auto ac = codes_of(kAcCounts, kAcSymbols);
    const int difference = block[0] - previous;
    previous = block[0];
    const int size = jpeg_size_of(difference);
    bits.put(dc[static_cast<std::size_t>(size)]);
    put_value(bits, difference, size);
    int zeros = 0;
    for (std::size_t i = 1; i < 64; ++i) {
        if (block[i] == 0) {
            ++zeros;
            continue;
        }
        for (; zeros > 15; zeros -= 16)
            bits.put(ac[0xF0]);
        const int length = jpeg_size_of(block[i]);
        bits.put(ac[static_cast<std::size_t>(zeros * 16 + length)]);
        put_value(bits, block[i], length);
        zeros = 0;
    }
    if (zeros != 0)
        bits.put(ac[0]);
}

void put_segment(std::string& out, int marker, std::string_view data) {
    out += '\xFF';
    out += static_cast<char>(marker);
    out += static_cast<char>((data.size() + 2) >> 8U);
    out += static_cast<char>((data.size() + 2) & 0xFFU);
    out += data;
}

template <std::size_t N>
std::string table_of(
    char id, const std::array<std::uint8_t, 16>& counts, const std::array<std::uint8_t, N>& symbols
) {
    std::string table(1, id);
    for (const auto count : counts)
        table += static_cast<char>(count);
    for (const auto symbol : symbols)
        table += static_cast<char>(symbol);
    return table;
}

} // namespace

std::string encode_jpeg(const DemoImage& image, int quality) {
    const int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    JpegBlock quantum{};
    std::string quantum_table(1, '\0');
    for (std::size_t i = 0; i < 64; ++i) {
        quantum[i] = std::clamp((kQuantum[kZigzag[i]] * scale + 50) / 100, 1, 255);
        quantum_table += static_cast<char>(quantum[i]);
    }
    std::string out = "\xFF\xD8";
    put_segment(out, 0xE0, std::string_view("JFIF\0\1\1\0\0\1\0\1\0\0", 14));
    put_segment(out, 0xDB, quantum_table);
    std::string frame = "\x08";
    for (const int side : {image.height, image.width}) {
        frame += static_cast<char>(side >> 8);
        frame += static_cast<char>(side & 0xFF);
    }
    frame += std::string("\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00", 10);
    put_segment(out, 0xC0, frame);
    put_segment(out, 0xC4, table_of('\x00', kDcCounts, kDcSymbols));
    put_segment(out, 0xC4, table_of('\x10', kAcCounts, kAcSymbols));
    put_segment(out, 0xDA, std::string_view("\x03\x01\x00\x02\x00\x03\x00\x00\x3F\x00", 10));
    JpegBits bits(out);
    std::array<int, 3> previous{};
    for (int y = 0; y < image.height; y += 8)
        for (int x = 0; x < image.width; x += 8)
            for (int component = 0; component < 3; ++component)
                put_block(
                    bits, transform(image, x, y, component, quantum),
                    previous[static_cast<std::size_t>(component)]
                );
    bits.flush();
    return out + "\xFF\xD9";
}

} // namespace lockstep::office
