// Terminal: where the command line writes, and how it comes by a password.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "base/result.hpp"

namespace lockstep::cli {

class Terminal {
public:
    virtual ~Terminal() = default;
    virtual void out(std::string_view text) = 0;
    virtual void err(std::string_view text) = 0;
    /// Asks twice without echo. Errors: bad_value = no terminal, empty, or the two differ.
    [[nodiscard]] virtual Result<Secret<>> ask_password(std::string_view prompt) = 0;
    /// The first line of standard input. Errors: bad_value = empty or longer than
    /// limits::kPasswordBytes.
    [[nodiscard]] virtual Result<Secret<>> read_password() = 0;
};

/// Standard input, output and error of the process.
[[nodiscard]] std::unique_ptr<Terminal> process_terminal();

} // namespace lockstep::cli
