// Transfer decoders; see transfer.hpp. The encoders are in transfer_encode.cpp.
#include "codec/mime/transfer.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/mime/charset.hpp"

namespace lockstep::mime {

namespace {

constexpr std::uint8_t kSkip = 0xFF;
constexpr std::uint8_t kPad = 0xFE;

constexpr std::array<std::uint8_t, 256> base64_table() {
    std::array<std::uint8_t, 256> table{};
    table.fill(kSkip);
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    table['='] = kPad;
    return table;
}
constexpr auto kBase64 = base64_table();

std::uint8_t sextet(char c) { return kBase64[static_cast<unsigned char>(c)]; }

/// Output that only counts: the size pass and the decoding pass are one piece of code.
struct CountingSink {
    std::uint64_t size = 0;
    void put(char) { ++size; }
    void put3(std::uint32_t) { size += 3; }
    void put(std::string_view text) { size += text.size(); }
};

struct StringSink {
    std::string& out;
    void put(char c) const { out += c; }
    void put3(std::uint32_t bits) const {
        const std::array<char, 3> bytes{
            static_cast<char>(bits >> 16U), static_cast<char>(bits >> 8U), static_cast<char>(bits)
        };
        out.append(bytes.data(), bytes.size());
    }
    void put(std::string_view text) const { out += text; }
    [[nodiscard]] std::size_t size() const { return out.size(); }
};

std::uint64_t size_of(const CountingSink& sink) { return sink.size; }
std::uint64_t size_of(const StringSink& sink) { return sink.out.size(); }

/// Characters outside the alphabet are skipped (RFC 2045 6.8). Padding ends a quantum; data after
/// it starts a new one, since some programs join several base64 texts.
template <class Sink> void base64_into(Sink& sink, std::string_view bytes, std::size_t max_out) {
    std::uint32_t bits = 0;
    unsigned have = 0;
    std::size_t at = 0;
    while (at < bytes.size() && size_of(sink) < max_out) {
        if (have == 0 && bytes.size() - at >= 4) {
            const std::uint8_t a = sextet(bytes[at]);
            const std::uint8_t b = sextet(bytes[at + 1]);
            const std::uint8_t c = sextet(bytes[at + 2]);
            const std::uint8_t d = sextet(bytes[at + 3]);
            if ((a | b | c | d) < 64) {
                sink.put3(
                    (std::uint32_t{a} << 18U) | (std::uint32_t{b} << 12U) |
                    (std::uint32_t{c} << 6U) | d
                );
                at += 4;
                continue;
            }
        }
        const std::uint8_t value = sextet(bytes[at++]);
        if (value == kSkip)
            continue;
        if (value != kPad) {
            bits = (bits << 6U) | value;
            if (++have < 4)
                continue;
            sink.put3(bits);
        } else {
            if (have >= 2)
                sink.put(static_cast<char>(have == 2 ? bits >> 4U : bits >> 10U));
            if (have == 3)
                sink.put(static_cast<char>(bits >> 2U));
        }
        bits = 0;
        have = 0;
    }
    if (have >= 2 && size_of(sink) < max_out)
        sink.put(static_cast<char>(have == 2 ? bits >> 4U : bits >> 10U));
    if (have == 3 && size_of(sink) < max_out)
        sink.put(static_cast<char>(bits >> 2U));
}

int hex_digit(char c) {
    if (is_digit(c))
        return c - '0';
    const char l = ascii_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/// RFC 2045 6.7. An "=" that starts nothing known is kept, as its note for robust decoders says.
template <class Sink> void quoted_into(Sink& sink, std::string_view bytes, std::size_t max_out) {
    while (!bytes.empty() && size_of(sink) < max_out) {
        const auto newline = bytes.find('\n');
        auto line = bytes.substr(0, newline);
        bytes.remove_prefix(newline == std::string_view::npos ? bytes.size() : newline + 1);
        bool hard = newline != std::string_view::npos;
        const bool carriage = line.ends_with('\r');
        while (!line.empty() && is_space(line.back()))
            line.remove_suffix(1); // transport padding
        if (line.ends_with('=')) {
            hard = false;
            line.remove_suffix(1);
        }
        for (auto equals = line.find('=');
             equals != std::string_view::npos && size_of(sink) < max_out; equals = line.find('=')) {
            sink.put(line.substr(0, equals));
            const int high = line.size() - equals > 2 ? hex_digit(line[equals + 1]) : -1;
            const int low = line.size() - equals > 2 ? hex_digit(line[equals + 2]) : -1;
            const bool valid = high >= 0 && low >= 0;
            sink.put(valid ? static_cast<char>(high * 16 + low) : '=');
            line.remove_prefix(equals + (valid ? 3 : 1));
        }
        sink.put(line);
        if (hard)
            sink.put(carriage ? std::string_view("\r\n") : std::string_view("\n"));
    }
}

/// One line of uuencoded data; its first character says how many bytes it holds.
template <class Sink> void uu_line(Sink& sink, std::string_view line) {
    const auto value = [&line](std::size_t i) {
        return i < line.size() ? static_cast<unsigned>(line[i] - 0x20) & 0x3FU : 0U;
    };
    auto wanted = value(0);
    for (std::size_t at = 1; wanted > 0 && at < line.size(); at += 4) {
        const auto bits =
            (value(at) << 18U) | (value(at + 1) << 12U) | (value(at + 2) << 6U) | value(at + 3);
        for (unsigned i = 0; i < 3 && wanted > 0; ++i, --wanted)
            sink.put(static_cast<char>(bits >> (16U - 8U * i)));
    }
}

template <class Sink> void uu_into(Sink& sink, std::string_view bytes, std::size_t max_out) {
    bool inside = false;
    while (!bytes.empty() && size_of(sink) < max_out) {
        const auto newline = bytes.find('\n');
        auto line = bytes.substr(0, newline);
        bytes.remove_prefix(newline == std::string_view::npos ? bytes.size() : newline + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!inside) {
            inside = line.starts_with("begin ");
        } else if (line == "end") {
            return;
        } else if (!line.empty()) {
            uu_line(sink, line);
        }
    }
}

} // namespace

Encoding encoding_of(std::string_view name) {
    if (iequals(name, "base64"))
        return Encoding::base64;
    if (iequals(name, "quoted-printable"))
        return Encoding::quoted_printable;
    if (iequals(name, "7bit") || iequals(name, "8bit") || iequals(name, "binary") || name.empty())
        return Encoding::identity;
    if (iequals(name, "x-uuencode") || iequals(name, "uuencode") || iequals(name, "x-uue") ||
        iequals(name, "uue"))
        return Encoding::uuencode;
    return Encoding::unknown;
}

std::string decode_transfer(Encoding encoding, std::string_view bytes, std::size_t max_out) {
    if (encoding == Encoding::identity || encoding == Encoding::unknown)
        return std::string(bytes.substr(0, max_out));
    std::string out;
    out.reserve(std::min(bytes.size(), max_out));
    StringSink sink{out};
    switch (encoding) {
    case Encoding::base64:
        base64_into(sink, bytes, max_out);
        break;
    case Encoding::quoted_printable:
        quoted_into(sink, bytes, max_out);
        break;
    case Encoding::uuencode:
        uu_into(sink, bytes, max_out);
        break;
    case Encoding::identity:
    case Encoding::unknown:
        break;
    }
    if (out.size() > max_out)
        out.resize(max_out);
    return out;
}

std::uint64_t decoded_size(Encoding encoding, std::string_view bytes) {
    CountingSink sink;
    switch (encoding) {
    case Encoding::identity:
    case Encoding::unknown:
        return bytes.size();
    case Encoding::base64:
        base64_into(sink, bytes, kAll);
        break;
    case Encoding::quoted_printable:
        quoted_into(sink, bytes, kAll);
        break;
    case Encoding::uuencode:
        uu_into(sink, bytes, kAll);
        break;
    }
    return sink.size;
}

std::string decode_body(const Message& message, const Part& part, std::size_t max_out) {
    return decode_transfer(part.encoding, message.body_of(part), max_out);
}

TextPrefix decode_text_body(
    Encoding encoding, std::string_view charset, std::string_view bytes, std::size_t max_bytes
) {
    if (max_bytes > kAll / 8)
        return {to_utf8(decode_transfer(encoding, bytes), charset), true};
    // A few bytes more than wanted, so that a character on the edge is seen whole and not taken for
    // a broken one.
    const auto wanted = max_bytes * source_bytes_per_utf8_byte(charset) + 64;
    const auto decoded = decode_transfer(encoding, bytes, wanted);
    TextPrefix out{to_utf8(decoded, charset), decoded.size() < wanted};
    if (out.text.size() > max_bytes) {
        out.text.resize(utf8_prefix(out.text, max_bytes).size());
        out.whole = false;
    }
    return out;
}

} // namespace lockstep::mime
