// Words of a Sieve script.
// Spec: RFC 5228 2.3-2.4, 8.1. Errors: bad_syntax. Internal to codec/sieve.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::sieve {

enum class WordKind { end, identifier, tag, number, string, mark };

struct Word {
    WordKind kind = WordKind::end;
    std::string text; ///< identifiers and tags in lower case (tags without ':'); a mark's character
    std::uint64_t number = 0;
    std::size_t line = 1;
};

class Lexer {
public:
    explicit Lexer(std::string_view text) : rest_(text) {}
    [[nodiscard]] Result<Word> next();

private:
    [[nodiscard]] Result<> skip_blanks();
    [[nodiscard]] Result<std::string> quoted();
    [[nodiscard]] Result<std::string> multi_line();
    [[nodiscard]] Result<std::uint64_t> number();
    [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const;
    void take(std::size_t count);

    std::string_view rest_;
    std::size_t line_ = 1;
};

} // namespace lockstep::sieve
