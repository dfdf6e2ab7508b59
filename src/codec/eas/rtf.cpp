// A small reader of RTF that keeps the text, and its opposite.
#include "codec/eas/rtf.hpp"

#include <array>
#include <optional>
#include <vector>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::eas {
namespace {

constexpr std::size_t kRtfDepth = 128; ///< open groups; what lies deeper shows nothing

/// The 32 characters in which Windows-1252 differs from Latin-1; 0: none.
constexpr std::array<char16_t, 32> kWindows{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020,
                                            0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
                                            0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D,
                                            0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
                                            0x0153, 0,      0x017E, 0x0178};

char32_t of_windows(unsigned char byte) {
    if (byte < 0x80 || byte > 0x9F)
        return byte;
    const char16_t found = kWindows[byte - 0x80U];
    return found != 0 ? found : U'\xFFFD';
}

/// Groups that hold no text of the document.
bool is_hidden_group(std::string_view word) {
    static constexpr std::array kHidden{"fonttbl", "colortbl",  "stylesheet", "info",
                                        "pict",    "object",    "listtable",  "header",
                                        "footer",  "themedata", "fldinst"};
    return std::ranges::find(kHidden, word) != kHidden.end();
}

std::optional<std::string_view> text_of_word(std::string_view word) {
    struct Shown {
        std::string_view word, text;
    };
    static constexpr std::array kShown{Shown{"par", "\n"},           Shown{"line", "\n"},
                                       Shown{"row", "\n"},           Shown{"sect", "\n"},
                                       Shown{"tab", "\t"},           Shown{"cell", "\t"},
                                       Shown{"lquote", "\u2018"},    Shown{"rquote", "\u2019"},
                                       Shown{"bullet", "\u2022"},    Shown{"ldblquote", "\u201C"},
                                       Shown{"rdblquote", "\u201D"}, Shown{"endash", "\u2013"},
                                       Shown{"emdash", "\u2014"}};
    for (const auto& each : kShown)
        if (each.word == word)
            return each.text;
    return std::nullopt;
}

class RtfReader {
public:
    explicit RtfReader(std::string_view rtf) : rest_(rtf) {}

    std::string read() {
        while (!rest_.empty() && out_.size() < limits::kEasBody) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '{')
                open();
            else if (c == '}')
                close();
            else if (c == '\\')
                control();
            else if (c != '\r' && c != '\n')
                show(static_cast<unsigned char>(c));
        }
        return std::move(out_);
    }

private:
    struct Group {
        bool hidden = false;
        int fallback = 1; ///< characters behind \u for those who know it not
    };

    void open() {
        if (groups_.size() < kRtfDepth)
            groups_.push_back(group_);
        else
            ++deeper_;
    }

    void close() {
        if (deeper_ > 0) {
            --deeper_;
        } else if (!groups_.empty()) {
            group_ = groups_.back();
            groups_.pop_back();
        }
        skip_ = 0;
    }

    void show(char32_t code_point) {
        if (skip_ > 0) {
            --skip_;
            return;
        }
        if (!group_.hidden && deeper_ == 0)
            append_utf8(out_, code_point);
    }

    void show(std::string_view text) {
        if (!group_.hidden && deeper_ == 0)
            out_ += text;
    }

    void control() {
        if (rest_.empty())
            return;
        const char c = rest_.front();
        if ((ascii_lower(c) >= 'a') && (ascii_lower(c) <= 'z')) {
            word();
            return;
        }
        rest_.remove_prefix(1);
        if (c == '\'')
            byte();
        else if (c == '*')
            group_.hidden = true;
        else if (c == '~')
            show(U'\u00A0');
        else if (c == '\r' || c == '\n')
            show("\n");
        else if (c == '\\' || c == '{' || c == '}')
            show(static_cast<unsigned char>(c));
    }

    void byte() {
        if (rest_.size() < 2) {
            rest_ = {};
            return;
        }
        const auto value = unhex(rest_.substr(0, 2));
        rest_.remove_prefix(2);
        if (value && value->size() == 1)
            show(of_windows(static_cast<unsigned char>(value->front())));
    }

    void word() {
        std::size_t end = 0;
        while (end < rest_.size() && ascii_lower(rest_[end]) >= 'a' &&
               ascii_lower(rest_[end]) <= 'z')
            ++end;
        const auto name = rest_.substr(0, end);
        auto stop = end;
        if (stop < rest_.size() && rest_[stop] == '-')
            ++stop;
        while (stop < rest_.size() && is_digit(rest_[stop]))
            ++stop;
        const auto number = parse_int<std::int32_t>(rest_.substr(end, stop - end));
        rest_.remove_prefix(stop);
        if (!rest_.empty() && rest_.front() == ' ')
            rest_.remove_prefix(1);
        act(name, number);
    }

    void act(std::string_view name, std::optional<std::int32_t> number) {
        if (name == "u" && number) {
            unicode(*number);
        } else if (name == "uc" && number) {
            group_.fallback = std::clamp(*number, 0, 8);
        } else if (name == "bin" && number) {
            const auto size = static_cast<std::size_t>(std::max(0, *number));
            rest_.remove_prefix(std::min(size, rest_.size()));
        } else if (is_hidden_group(name)) {
            group_.hidden = true;
        } else if (const auto text = text_of_word(name)) {
            show(*text);
        }
    }

    /// Characters beyond the first plane come as two halves.
    void unicode(std::int32_t number) {
        const auto unit = static_cast<char32_t>(static_cast<std::uint16_t>(number));
        skip_ = 0;
        if (unit >= 0xD800 && unit < 0xDC00) {
            high_ = unit;
        } else if (unit >= 0xDC00 && unit < 0xE000) {
            if (high_ != 0)
                show(0x10000 + ((high_ - 0xD800) << 10U) + (unit - 0xDC00));
            high_ = 0;
        } else {
            show(unit);
        }
        skip_ = group_.fallback;
    }

    std::string_view rest_;
    std::string out_;
    std::vector<Group> groups_;
    Group group_;
    std::size_t deeper_ = 0;
    int skip_ = 0;
    char32_t high_ = 0;
};

/// The code point at the front, which is taken away. The text is valid UTF-8.
char32_t take_code_point(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t value = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t i = 1; i < size && i < text.size(); ++i)
        value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    text.remove_prefix(std::min(size, text.size()));
    return value;
}

void put_unit(std::string& out, char32_t unit) {
    out += "\\u" + std::to_string(static_cast<std::int16_t>(unit)) + "?";
}

} // namespace

std::string text_to_rtf(std::string_view text) {
    const auto clean = clean_utf8(text);
    std::string out = "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\\uc1\\pard ";
    for (std::string_view rest = clean; !rest.empty();) {
        const auto c = take_code_point(rest);
        if (c == U'\\' || c == U'{' || c == U'}') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == U'\n') {
            out += "\\par\r\n";
        } else if (c == U'\t') {
            out += "\\tab ";
        } else if (c < 0x80) {
            if (c != U'\r')
                out += static_cast<char>(c);
        } else if (c < 0x10000) {
            put_unit(out, c);
        } else {
            put_unit(out, 0xD800 + ((c - 0x10000) >> 10U));
            put_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FFU));
        }
    }
    return out + "}";
}

std::string rtf_to_text(std::string_view rtf) {
    auto text = RtfReader(rtf).read();
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

} // namespace lockstep::eas
