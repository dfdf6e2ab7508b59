// Encoded-words of header text.
// Spec: RFC 2047 2, 5, 6.2; RFC 2231 5 (language in an encoded-word). Tolerant of words inside
// other text, of blanks and
//   question marks inside a word, and of characters split over adjacent words, since all of these
//   are common.
// Invariants: linear time: the search for the end of a word looks over a bounded number of question
// marks.
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kCharsetBytes = 64;
constexpr std::size_t kQuestionMarks = 8; // raw '?' tolerated inside a Q word

struct EncodedWord {
    std::string charset;
    char kind = 'q';
    std::string_view text;
    std::size_t length = 0;
};

/// The encoded-word at the front of text, which starts with "=?".
std::optional<EncodedWord> word_at(std::string_view text) {
    const auto charset_end = text.substr(0, kCharsetBytes + 3).find('?', 2);
    if (charset_end == std::string_view::npos || charset_end == 2)
        return std::nullopt;
    if (text.size() < charset_end + 3 || text[charset_end + 2] != '?')
        return std::nullopt;
    EncodedWord word;
    word.kind = ascii_lower(text[charset_end + 1]);
    if (word.kind != 'q' && word.kind != 'b')
        return std::nullopt;
    const auto charset = text.substr(2, charset_end - 2);
    if (charset.find_first_of(" \t=") != std::string_view::npos)
        return std::nullopt;
    word.charset = lower(charset.substr(0, charset.find('*')));
    const auto start = charset_end + 3;
    auto end = text.find('?', start);
    for (std::size_t marks = 0; end != std::string_view::npos && marks < kQuestionMarks; ++marks) {
        if (end + 1 < text.size() && text[end + 1] == '=') {
            word.text = text.substr(start, end - start);
            word.length = end + 2;
            return word;
        }
        end = text.find('?', end + 1);
    }
    return std::nullopt;
}

std::string bytes_of(const EncodedWord& word) {
    if (word.kind == 'b')
        return decode_transfer(Encoding::base64, word.text);
    std::string out;
    for (std::size_t at = 0; at < word.text.size(); ++at) {
        const char c = word.text[at];
        if (c == '=' && word.text.size() - at > 2) {
            if (const auto byte = unhex(word.text.substr(at + 1, 2))) {
                out += *byte;
                at += 2;
                continue;
            }
        }
        out += c == '_' ? ' ' : c;
    }
    return out;
}

/// Bytes of adjacent words with one charset, decoded together when the run ends.
class WordRun {
public:
    void add(const EncodedWord& word, std::string& out) {
        if (word.charset != charset_)
            flush(out);
        charset_ = word.charset;
        bytes_ += bytes_of(word);
    }
    void flush(std::string& out) {
        if (!bytes_.empty())
            out += to_utf8(bytes_, charset_);
        bytes_.clear();
    }

private:
    std::string charset_;
    std::string bytes_;
};

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

std::size_t encoded_word_length(std::string_view text) {
    if (!text.starts_with("=?"))
        return 0;
    const auto word = word_at(text);
    return word ? word->length : 0;
}

std::string decode_words(std::string_view text) {
    std::string out;
    WordRun run;
    bool after_word = false;
    std::size_t copied = 0; // everything before this is in out
    for (auto at = text.find("=?"); at != std::string_view::npos; at = text.find("=?", at)) {
        const auto word = word_at(text.substr(at));
        if (!word) {
            at += 2;
            continue;
        }
        const auto between = text.substr(copied, at - copied);
        if (!after_word || !is_blank(between)) {
            run.flush(out);
            out += to_utf8(between, {});
        }
        run.add(*word, out);
        after_word = true;
        at += word->length;
        copied = at;
    }
    run.flush(out);
    out += to_utf8(text.substr(copied), {});
    return out;
}

std::string decode_text(std::string_view raw) {
    auto text = decode_words(unfold(raw));
    // What was hidden in an encoded-word may not break the line it is shown on.
    for (char& c : text)
        if (c == '\r' || c == '\n')
            c = ' ';
    return text;
}

} // namespace lockstep::mime
