// base64 (RFC 4648 4 and 5), hex and percent-encoding; declared in text.hpp.
// Errors: every decoder is strict and answers bad_syntax.
#include "base/text.hpp"

namespace lockstep {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode64(std::string_view bytes, std::string_view alphabet, bool padded) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto left = bytes.size() - i;
        unsigned group = static_cast<unsigned>(static_cast<unsigned char>(bytes[i])) << 16U;
        if (left > 1)
            group |= static_cast<unsigned>(static_cast<unsigned char>(bytes[i + 1])) << 8U;
        if (left > 2)
            group |= static_cast<unsigned char>(bytes[i + 2]);
        out += alphabet[group >> 18U];
        out += alphabet[(group >> 12U) & 63U];
        if (left > 1)
            out += alphabet[(group >> 6U) & 63U];
        if (left > 2)
            out += alphabet[group & 63U];
        if (padded && left < 3)
            out.append(3 - left, '=');
    }
    return out;
}

constexpr std::array<std::int8_t, 256> reverse_of(std::string_view alphabet) {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return table;
}

Result<std::string> decode64(std::string_view text, const std::array<std::int8_t, 256>& reverse) {
    if (text.size() % 4 == 1)
        return fail(Code::bad_syntax, "base64 of impossible length");
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    unsigned group = 0;
    int bits = 0;
    for (const char c : text) {
        const auto value = reverse[static_cast<unsigned char>(c)];
        if (value < 0)
            return fail(Code::bad_syntax, "character outside the base64 alphabet");
        group = (group << 6U) | static_cast<unsigned>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>((group >> static_cast<unsigned>(bits)) & 0xFFU);
        }
    }
    if ((group & ((1U << static_cast<unsigned>(bits)) - 1U)) != 0)
        return fail(Code::bad_syntax, "base64 with stray bits");
    return out;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

std::string base64(std::string_view bytes) { return encode64(bytes, kStandard, true); }
std::string base64url(std::string_view bytes) { return encode64(bytes, kUrl, false); }

Result<std::string> unbase64(std::string_view text) {
    static constexpr auto reverse = reverse_of(kStandard);
    if (text.size() % 4 != 0)
        return fail(Code::bad_syntax, "base64 without padding");
    for (int i = 0; i < 2 && text.ends_with('='); ++i)
        text.remove_suffix(1);
    return decode64(text, reverse);
}

Result<std::string> unbase64url(std::string_view text) {
    static constexpr auto reverse = reverse_of(kUrl);
    return decode64(text, reverse);
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4U];
        out += digits[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

Result<std::string> unhex(std::string_view text) {
    if (text.size() % 2 != 0)
        return fail(Code::bad_syntax, "hex of odd length");
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_digit(text[i]);
        const int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return fail(Code::bad_syntax, "not a hex digit");
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            if (i + 2 >= text.size())
                return fail(Code::bad_syntax, "percent sign without two hex digits");
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0)
                return fail(Code::bad_syntax, "percent sign without two hex digits");
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return out;
}

} // namespace lockstep
