// The lexer.
#include "codec/sieve/lexer.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace lockstep::sieve {
namespace {

bool is_letter(char c) { return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_'; }

} // namespace

std::unexpected<Error> Lexer::wrong(std::string_view what) const {
    return fail(Code::bad_syntax, fmt::format("line {}: {}", line_, what));
}

void Lexer::take(std::size_t count) {
    line_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, count), '\n'));
    rest_.remove_prefix(count);
}

Result<> Lexer::skip_blanks() {
    while (!rest_.empty()) {
        if (is_space(rest_.front())) {
            take(1);
        } else if (rest_.front() == '#') {
            take(std::min(rest_.find('\n'), rest_.size()));
        } else if (rest_.starts_with("/*")) {
            const auto end = rest_.find("*/", 2);
            if (end == std::string_view::npos)
                return wrong("a comment without an end");
            take(end + 2);
        } else {
            break;
        }
    }
    return {};
}

Result<std::string> Lexer::quoted() {
    std::string out;
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != '"'; ++at) {
        if (rest_[at] == '\\' && at + 1 < rest_.size())
            ++at;
        out += rest_[at];
    }
    if (at >= rest_.size())
        return wrong("a string without an end");
    take(at + 1);
    return out;
}

/// Behind "text:".
Result<std::string> Lexer::multi_line() {
    const auto begin = rest_.find('\n');
    const auto first = trim(rest_.substr(0, begin));
    if (begin == std::string_view::npos || (!first.empty() && !first.starts_with('#')))
        return wrong("text: must be followed by a line end");
    take(begin + 1);
    std::string out;
    while (!rest_.empty()) {
        const auto end = std::min(rest_.find('\n'), rest_.size());
        auto line = rest_.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const bool last = line == ".";
        if (!last)
            out.append(line.substr(line.starts_with("..") ? 1 : 0)).append("\r\n");
        take(std::min(end + 1, rest_.size()));
        if (last)
            return out;
    }
    return wrong("text: without a dot on a line of its own");
}

Result<std::uint64_t> Lexer::number() {
    std::size_t at = 0;
    while (at < rest_.size() && is_digit(rest_[at]))
        ++at;
    auto value = parse_int<std::uint64_t>(rest_.substr(0, at));
    unsigned shift = 0;
    if (at < rest_.size()) {
        const char unit = ascii_lower(rest_[at]);
        shift = unit == 'k' ? 10 : unit == 'm' ? 20 : unit == 'g' ? 30 : 0;
    }
    at += shift > 0 ? 1 : 0;
    if (!value || *value > (UINT64_MAX >> 31U) || (at < rest_.size() && is_letter(rest_[at])))
        return wrong("a number that is none");
    take(at);
    return *value << shift;
}

Result<Word> Lexer::next() {
    CHECK_OK(skip_blanks());
    Word word;
    word.line = line_;
    if (rest_.empty())
        return word;
    const char c = rest_.front();
    const bool tag = c == ':';
    if (is_letter(c) || tag) {
        std::size_t at = 1;
        while (at < rest_.size() && (is_letter(rest_[at]) || is_digit(rest_[at])))
            ++at;
        word.kind = tag ? WordKind::tag : WordKind::identifier;
        word.text = lower(rest_.substr(tag ? 1 : 0, at - (tag ? 1 : 0)));
        if (tag && (word.text.empty() || is_digit(word.text.front())))
            return wrong("a tag without a name");
        take(at);
        if (!tag && word.text == "text" && rest_.starts_with(':')) {
            take(1);
            word.kind = WordKind::string;
            TRY(word.text, multi_line());
        }
        return word;
    }
    if (c == '"') {
        word.kind = WordKind::string;
        TRY(word.text, quoted());
        return word;
    }
    if (is_digit(c)) {
        word.kind = WordKind::number;
        TRY(word.number, number());
        return word;
    }
    if (!std::string_view("[](){},;").contains(c))
        return wrong("a character that has no place here");
    word.kind = WordKind::mark;
    word.text = c;
    take(1);
    return word;
}

} // namespace lockstep::sieve
