// Reader: from words to commands and tests.
// Invariants: recursion is bounded by limits::kSieveDepth. Internal to codec/sieve.
#pragma once
#include <set>
#include <string>

#include "codec/sieve/lexer.hpp"
#include "codec/sieve/script.hpp"

namespace lockstep::sieve {

class Reader {
public:
    explicit Reader(std::string_view text) : lexer_(text) {}
    [[nodiscard]] Result<Script> read();

private:
    using Strings = std::vector<std::string>;

    [[nodiscard]] Result<> advance();
    [[nodiscard]] bool at_mark(char mark) const {
        return word_.kind == WordKind::mark && word_.text.front() == mark;
    }
    [[nodiscard]] Result<> expect(char mark);
    [[nodiscard]] std::unexpected<Error> wrong(std::string_view what) const;
    [[nodiscard]] Result<> need(std::string_view extension) const;
    [[nodiscard]] Result<> count();

    [[nodiscard]] Result<Strings> strings();
    [[nodiscard]] Result<std::string> one_string();
    [[nodiscard]] Result<std::uint64_t> one_number();

    [[nodiscard]] Result<> requirements();
    [[nodiscard]] Result<std::vector<Command>> block(std::size_t depth);
    [[nodiscard]] Result<Command> command(std::size_t depth);
    [[nodiscard]] Result<Command> branch(std::size_t depth);
    [[nodiscard]] Result<> arguments(Command& command);
    [[nodiscard]] Result<> command_tag(Command& command, const std::string& tag);
    [[nodiscard]] Result<> vacation_tag(Command& command, const std::string& tag);
    [[nodiscard]] Result<> set_tag(Command& command, const std::string& tag);
    [[nodiscard]] Result<> operands(Command& command);

    [[nodiscard]] Result<Test> test(std::size_t depth);
    [[nodiscard]] Result<Test> test_list(TestKind kind, std::size_t depth);
    [[nodiscard]] Result<> test_tag(Test& test, const std::string& tag);
    [[nodiscard]] Result<bool> match_tag(Test& test, const std::string& tag);
    [[nodiscard]] Result<> test_operands(Test& test);
    [[nodiscard]] Result<> check_test(const Test& test) const;

    Lexer lexer_;
    Word word_;
    std::set<std::string, std::less<>> required_;
    std::size_t items_ = 0;
};

} // namespace lockstep::sieve
