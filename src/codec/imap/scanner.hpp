// Scanner: reads the tokens of one command, literals included, from its bytes.
// Spec: RFC 9051 9, RFC 7888 (LITERAL+), RFC 3516 and RFC 9051 (literal8), RFC 6855 (UTF-8 in
// quoted strings). Errors: bad_syntax. Invariants: never reads past the end; views point into the
// command and live as long as it does.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/imap/sequence.hpp"

namespace lockstep::imap {

/// ATOM-CHAR of the grammar.
[[nodiscard]] bool is_atom_char(char c);

class Scanner {
public:
    explicit Scanner(std::string_view command, bool utf8_names = false)
        : rest_(command), utf8_names_(utf8_names) {}

    [[nodiscard]] std::string_view rest() const { return rest_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    /// Steps over `c` when it is next.
    [[nodiscard]] bool skip(char c);
    /// Steps over the word (without case) when a delimiter follows it.
    [[nodiscard]] bool skip_word(std::string_view word);
    /// Exactly one blank.
    [[nodiscard]] Result<> space() { return expect(' '); }
    [[nodiscard]] Result<> expect(char c);
    [[nodiscard]] Result<> end() const;

    [[nodiscard]] Result<std::string_view> atom();
    /// Up to a blank, parenthesis, bracket or the end: names of attributes and keys.
    [[nodiscard]] std::string_view word();
    [[nodiscard]] Result<std::string> string();
    [[nodiscard]] Result<std::string> astring();
    [[nodiscard]] Result<std::optional<std::string>> nstring();
    [[nodiscard]] Result<std::uint32_t> number();
    [[nodiscard]] Result<std::uint32_t> nz_number();
    /// Up to 2^63 - 1.
    [[nodiscard]] Result<std::int64_t> number64();
    [[nodiscard]] Result<SequenceSet> sequence_set();
    /// A mailbox name in UTF-8; INBOX in capitals. Error also: bad_value (not canonical).
    [[nodiscard]] Result<std::string> mailbox();
    /// The same for a pattern of LIST, in which "%" and "*" need no quotes.
    [[nodiscard]] Result<std::string> list_mailbox();
    /// One flag, "\Seen" or a keyword.
    [[nodiscard]] Result<std::string> flag();
    /// "(flag flag)"; may be empty.
    [[nodiscard]] Result<std::vector<std::string>> flag_list();

private:
    [[nodiscard]] Result<std::string> quoted();
    [[nodiscard]] Result<std::string> literal();
    [[nodiscard]] Result<std::string> name_of(std::string wire) const;
    [[nodiscard]] std::string_view take(std::size_t count);

    std::string_view rest_;
    bool utf8_names_ = false;
};

/// The literal announced at the end of a line: "{12}", "{12+}", "~{12}"; nothing when there is
/// none.
struct LiteralMark {
    std::uint64_t size = 0;
    bool waits = true;      ///< the client waits for "+"
    bool binary = false;    ///< literal8
    std::size_t length = 0; ///< bytes of the mark itself
};
/// Error: bad_syntax = looks like a mark, but its number cannot be.
[[nodiscard]] Result<std::optional<LiteralMark>> literal_mark(std::string_view line);

} // namespace lockstep::imap
