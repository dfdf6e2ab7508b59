// SmtpClient: another mail server that delivers here, one command at a time.
// Spec: RFC 5321 3. Invariants: one thread at a time; messages have CRLF line ends and no line that
// begins with a dot. Errors: those of the wire; bad_value for a refusal.
#pragma once
#include <string>
#include <string_view>

#include "bench/meter.hpp"
#include "bench/wire.hpp"

namespace lockstep::bench {

class SmtpClient {
public:
    /// Connects and greets.
    [[nodiscard]] static Result<SmtpClient> connect(std::uint16_t port);
    /// Delivers one message; returns the instant at which the 250 was read.
    [[nodiscard]] Result<Instant> deliver(std::string_view to, std::string_view message);

private:
    explicit SmtpClient(Wire wire) : wire_(std::move(wire)) {}
    /// The last line of the reply must begin with `code`.
    [[nodiscard]] Result<> expect(std::string_view code);
    [[nodiscard]] Result<> command(std::string_view line, std::string_view code);
    Wire wire_;
    std::string buffer_;
};

} // namespace lockstep::bench
