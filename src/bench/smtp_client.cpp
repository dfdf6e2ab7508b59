// Replies are read to their last line; nothing is pipelined, so each command is a round trip.
#include "bench/smtp_client.hpp"

#include <fmt/format.h>

namespace lockstep::bench {

Result<SmtpClient> SmtpClient::connect(std::uint16_t port) {
    TRY(auto wire, Wire::plain(port));
    SmtpClient client(std::move(wire));
    CHECK_OK(client.expect("220"));
    CHECK_OK(client.command("EHLO elsewhere.example\r\n", "250"));
    return client;
}

Result<Instant> SmtpClient::deliver(std::string_view to, std::string_view message) {
    CHECK_OK(command("MAIL FROM:<sender@elsewhere.example>\r\n", "250"));
    CHECK_OK(command(fmt::format("RCPT TO:<{}>\r\n", to), "250"));
    CHECK_OK(command("DATA\r\n", "354"));
    CHECK_OK(command(fmt::format("{}.\r\n", message), "250"));
    return std::chrono::steady_clock::now();
}

Result<> SmtpClient::expect(std::string_view code) {
    for (;;) {
        std::size_t end = std::string::npos;
        while ((end = buffer_.find("\r\n")) == std::string::npos)
            CHECK_OK(wire_.receive(buffer_));
        const auto line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        if (line.size() > 3 && line[3] == '-')
            continue;
        if (!line.starts_with(code))
            return fail(Code::bad_value, fmt::format("wanted {}, got '{}'", code, line));
        return {};
    }
}

Result<> SmtpClient::command(std::string_view line, std::string_view code) {
    CHECK_OK(wire_.send(line));
    return expect(code);
}

} // namespace lockstep::bench
