// Plain text to HTML, format=flowed, and previews; see html.hpp.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "codec/mime/html.hpp"

namespace lockstep::mime {

namespace {

/// One line of text as HTML: runs of blanks are kept by turning every second one into a no-break
/// space.
void append_html_line(std::string& out, std::string_view line) {
    bool keep = true; // a leading blank is kept
    for (const char c : line) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '\t':
            out += "&nbsp; &nbsp; ";
            break;
        case ' ':
            out += keep ? "&nbsp;" : " ";
            break;
        default:
            out += c;
        }
        keep = c == ' ' && !keep;
    }
}

/// Takes the next line (CRLF, LF or CR) off the front, without its ending.
std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(end);
    if (text.starts_with("\r\n")) {
        text.remove_prefix(2);
    } else if (!text.empty()) {
        text.remove_prefix(1);
    }
    return line;
}

bool is_separator(std::string_view line) {
    return line.size() >= 3 && std::ranges::all_of(line, [](char c) {
               return std::string_view("-_=*#~+. \t").contains(c);
           });
}

/// Characters that take no room: newsletters pad their previews with them.
std::size_t invisible_length(std::string_view text) {
    constexpr std::array<std::string_view, 8> kInvisible{"\xE2\x80\x8B", "\xE2\x80\x8C",
                                                         "\xE2\x80\x8D", "\xE2\x80\x8E",
                                                         "\xE2\x80\x8F", "\xEF\xBB\xBF",
                                                         "\xC2\xAD",     "\xCD\x8F"};
    for (const auto mark : kInvisible)
        if (text.starts_with(mark))
            return mark.size();
    return 0;
}

/// A word that is only an address or an image mark.
bool is_link_or_image(std::string_view word) {
    while (!word.empty() && std::string_view("<([").contains(word.front()))
        word.remove_prefix(1);
    return istarts_with(word, "http://") || istarts_with(word, "https://") ||
           istarts_with(word, "cid:") || istarts_with(word, "image:") || istarts_with(word, "www.");
}

/// Collects one line, counting characters.
class PreviewLine {
public:
    explicit PreviewLine(std::size_t max) : max_(max) {}

    void word(std::string_view word) {
        if (is_link_or_image(word))
            return;
        bool first = true;
        while (!word.empty() && count_ < max_) {
            if (const auto skip = invisible_length(word); skip > 0) {
                word.remove_prefix(skip);
                continue;
            }
            const auto length = character_length(word);
            if (first && !out_.empty()) {
                // No blank at the very end: it would be the last character.
                if (count_ + 2 > max_)
                    return;
                out_ += ' ';
                ++count_;
            }
            first = false;
            out_ += word.substr(0, length);
            ++count_;
            word.remove_prefix(length);
        }
    }
    [[nodiscard]] bool full() const { return count_ >= max_; }
    std::string take() { return std::move(out_); }
    [[nodiscard]] bool empty() const { return out_.empty(); }

private:
    static std::size_t character_length(std::string_view text) {
        std::size_t length = 1;
        while (length < text.size() && length < 4 &&
               (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
            ++length;
        return length;
    }

    std::size_t max_;
    std::size_t count_ = 0;
    std::string out_;
};

std::string preview(std::string_view whole, std::size_t max, bool with_quotes) {
    // No-break spaces are blanks like any other here.
    const auto blank = replace_all(whole, "\xC2\xA0", " ");
    std::string_view text = blank;
    PreviewLine out(max);
    while (!text.empty() && !out.full()) {
        const auto line = trim(take_line(text));
        if (line.starts_with('>') && !with_quotes)
            continue;
        // What follows a signature mark is no news (RFC 3676 4.3); before any text it is a
        // separator.
        if (line == "--" && !out.empty())
            break;
        if (is_separator(line))
            continue;
        auto rest = line;
        while (!rest.empty() && !out.full()) {
            const auto end = std::min(rest.find_first_of(" \t"), rest.size());
            if (end > 0)
                out.word(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return out.take();
}

} // namespace

std::string text_to_html(std::string_view text) {
    std::string out = "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; "
                      "charset=utf-8\"></head><body>\r\n";
    out.reserve(out.size() + text.size() + text.size() / 8);
    while (!text.empty()) {
        append_html_line(out, take_line(text));
        out += "<br>\r\n";
    }
    out += "</body></html>\r\n";
    return out;
}

std::string unflow(std::string_view text, bool del_sp) {
    std::string out;
    out.reserve(text.size());
    std::size_t quote_before = 0;
    bool soft = false; // the line before ended with a soft break
    while (!text.empty()) {
        auto line = take_line(text);
        std::size_t quote = 0;
        while (quote < line.size() && line[quote] == '>')
            ++quote;
        line.remove_prefix(quote);
        if (line.starts_with(' '))
            line.remove_prefix(1); // space-stuffing, RFC 3676 4.4
        const bool joined = soft && quote == quote_before;
        if (soft && !joined)
            out += "\r\n";
        if (!joined) {
            out.append(quote, '>');
            if (quote > 0 && !line.empty())
                out += ' ';
        }
        // The signature separator is never a soft break (RFC 3676 4.3).
        soft = line.ends_with(' ') && line != "-- ";
        quote_before = quote;
        out += soft && del_sp ? line.substr(0, line.size() - 1) : line;
        if (!soft)
            out += "\r\n";
    }
    if (soft)
        out += "\r\n";
    return out;
}

std::string preview_of_text(std::string_view text, std::size_t max_characters) {
    auto out = preview(text, max_characters, false);
    return out.empty() ? preview(text, max_characters, true) : out;
}

std::string preview_of_html(std::string_view html, std::size_t max_characters) {
    // Links and invisible padding are left out afterwards, so that a few times the wanted text must
    // be at hand.
    return preview_of_text(
        html_to_text(html, max_characters * 16 + 1024, Links::drop), max_characters
    );
}

} // namespace lockstep::mime
