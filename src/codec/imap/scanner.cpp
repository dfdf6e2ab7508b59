// Reads tokens.
#include "codec/imap/scanner.hpp"

#include <algorithm>

#include "base/limits_imap.hpp"
#include "base/text.hpp"
#include "codec/imap/name.hpp"

namespace lockstep::imap {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_astring_char(char c) { return is_atom_char(c) || c == ']'; }

bool is_list_char(char c) { return is_astring_char(c) || c == '%' || c == '*'; }

template <class Belongs> std::size_t span_of(std::string_view text, Belongs belongs) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, belongs) - text.begin());
}

} // namespace

bool is_atom_char(char c) {
    return !is_control(c) && static_cast<unsigned char>(c) < 0x80 &&
           std::string_view("(){ %*\"\\]").find(c) == std::string_view::npos;
}

std::string_view Scanner::take(std::size_t count) {
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
}

bool Scanner::skip(char c) {
    if (rest_.empty() || rest_.front() != c)
        return false;
    rest_.remove_prefix(1);
    return true;
}

bool Scanner::skip_word(std::string_view word) {
    if (!istarts_with(rest_, word))
        return false;
    if (rest_.size() > word.size() && is_atom_char(rest_[word.size()]))
        return false;
    rest_.remove_prefix(word.size());
    return true;
}

Result<> Scanner::expect(char c) {
    if (!skip(c))
        return fail(Code::bad_syntax, std::string("'") + c + "' is missing");
    return {};
}

Result<> Scanner::end() const {
    if (!rest_.empty())
        return fail(Code::bad_syntax, "something follows the command");
    return {};
}

Result<std::string_view> Scanner::atom() {
    const auto length = span_of(rest_, is_atom_char);
    if (length == 0)
        return fail(Code::bad_syntax, "a word is missing");
    return take(length);
}

std::string_view Scanner::word() {
    return take(span_of(rest_, [](char c) { return is_atom_char(c) && c != '[' && c != '<'; }));
}

Result<std::string> Scanner::quoted() {
    CHECK_OK(expect('"'));
    std::string out;
    while (!rest_.empty()) {
        char c = take(1).front();
        if (c == '"') {
            if (!is_utf8(out))
                return fail(Code::bad_syntax, "a quoted string that is not UTF-8");
            return out;
        }
        if (c == '\\') {
            if (peek() != '"' && peek() != '\\')
                return fail(Code::bad_syntax, "a quoted pair that is none");
            c = take(1).front();
        }
        if (c == '\r' || c == '\n' || c == '\0')
            break;
        out += c;
    }
    return fail(Code::bad_syntax, "a quoted string without its end");
}

Result<std::string> Scanner::literal() {
    const auto line = rest_.substr(0, rest_.find('\n'));
    if (!line.ends_with('\r'))
        return fail(Code::bad_syntax, "a literal's mark does not end its line");
    TRY(const auto mark, literal_mark(line.substr(0, line.size() - 1)));
    if (!mark || mark->length + 1 != line.size())
        return fail(Code::bad_syntax, "a literal's mark");
    rest_.remove_prefix(line.size() + 1);
    if (mark->size > rest_.size())
        return fail(Code::bad_syntax, "a literal that is cut short");
    const auto bytes = take(static_cast<std::size_t>(mark->size));
    if (!mark->binary && bytes.contains('\0'))
        return fail(Code::bad_syntax, "NUL in a literal");
    return std::string(bytes);
}

Result<std::string> Scanner::string() {
    if (peek() == '"')
        return quoted();
    if (peek() == '{' || rest_.starts_with("~{"))
        return literal();
    return fail(Code::bad_syntax, "a string is missing");
}

Result<std::string> Scanner::astring() {
    if (const auto length = span_of(rest_, is_astring_char); length > 0 && !rest_.starts_with("~{"))
        return std::string(take(length));
    return string();
}

Result<std::optional<std::string>> Scanner::nstring() {
    if (skip_word("NIL"))
        return std::optional<std::string>();
    TRY(auto text, string());
    return std::optional<std::string>(std::move(text));
}

Result<std::int64_t> Scanner::number64() {
    const auto digits = take(span_of(rest_, is_digit));
    const auto value = parse_int<std::int64_t>(digits);
    if (!value)
        return fail(Code::bad_syntax, "a number is missing");
    return *value;
}

Result<std::uint32_t> Scanner::number() {
    TRY(const auto value, number64());
    if (value > 0xFFFFFFFF)
        return fail(Code::bad_syntax, "a number over 32 bits");
    return static_cast<std::uint32_t>(value);
}

Result<std::uint32_t> Scanner::nz_number() {
    TRY(const auto value, number());
    if (value == 0)
        return fail(Code::bad_syntax, "zero is no number of anything");
    return value;
}

Result<SequenceSet> Scanner::sequence_set() {
    const auto text = take(span_of(rest_, [](char c) {
        return is_digit(c) || c == ':' || c == ',' || c == '*' || c == '$';
    }));
    return parse_sequence(text);
}

Result<std::string> Scanner::name_of(std::string wire) const {
    if (wire.size() > limits::kImapName)
        return fail(Code::bad_value, "a mailbox name over its limit");
    if (iequals(wire, "INBOX"))
        return std::string("INBOX");
    // Clients that know UTF-8 send it unasked; modified UTF-7 never holds such bytes.
    if (utf8_names_ || !is_ascii(wire)) {
        if (!is_utf8(wire) || wire.contains('\0'))
            return fail(Code::bad_value, "a mailbox name that is not UTF-8");
        return wire;
    }
    return decode_utf7(wire);
}

Result<std::string> Scanner::mailbox() {
    TRY(auto wire, astring());
    return name_of(std::move(wire));
}

Result<std::string> Scanner::list_mailbox() {
    if (const auto length = span_of(rest_, is_list_char); length > 0)
        return name_of(std::string(take(length)));
    TRY(auto wire, string());
    return name_of(std::move(wire));
}

Result<std::string> Scanner::flag() {
    std::string out;
    if (skip('\\'))
        out = "\\";
    TRY(const auto name, atom());
    return out + std::string(name);
}

Result<std::vector<std::string>> Scanner::flag_list() {
    CHECK_OK(expect('('));
    std::vector<std::string> flags;
    while (!skip(')')) {
        if (!flags.empty())
            CHECK_OK(space());
        if (flags.size() >= limits::kImapFlags)
            return fail(Code::too_large, "too many flags");
        TRY(auto one, flag());
        flags.push_back(std::move(one));
    }
    return flags;
}

Result<std::optional<LiteralMark>> literal_mark(std::string_view line) {
    if (!line.ends_with('}'))
        return std::optional<LiteralMark>();
    const auto open = line.rfind('{');
    if (open == std::string_view::npos)
        return std::optional<LiteralMark>();
    auto digits = line.substr(open + 1, line.size() - open - 2);
    LiteralMark mark;
    if (digits.ends_with('+')) {
        mark.waits = false;
        digits.remove_suffix(1);
    }
    if (digits.empty() || !std::ranges::all_of(digits, is_digit))
        return std::optional<LiteralMark>();
    const auto size = parse_int<std::int64_t>(digits);
    if (!size)
        return fail(Code::too_large, "a literal over every limit");
    mark.size = static_cast<std::uint64_t>(*size);
    mark.binary = open > 0 && line[open - 1] == '~';
    mark.length = line.size() - open + (mark.binary ? 1 : 0);
    return std::optional(mark);
}

} // namespace lockstep::imap
