// One request over HTTP/1.1, without a connection that is kept: the service is on this machine.
#include "mailflow/rspamd.hpp"

#include <array>

#include <fmt/core.h>

#include "base/limits_proof.hpp"
#include "base/text.hpp"
#include "codec/json/json.hpp"
#include "net/connect.hpp"
#include "net/line_reader.hpp"

namespace lockstep::mailflow {
namespace {

/// What goes into a field of the request: what a client said, without line ends.
std::string field_value(std::string_view text) {
    std::string out;
    for (const char c : clean_utf8(text))
        out += c == '\r' || c == '\n' ? ' ' : c;
    return out;
}

std::string request_head(const RspamdQuestion& question) {
    return fmt::format(
        "POST /checkv2 HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n"
        "From: {}\r\nHelo: {}\r\nIP: {}\r\nQueue-Id: {}\r\n\r\n",
        question.server, question.message->size(), field_value(question.from),
        field_value(question.helo), field_value(question.address), field_value(question.id)
    );
}

/// The header of the answer. Returns the length of its body.
Task<Result<std::uint64_t>> read_answer_head(net::LineReader& reader) {
    CO_TRY(const auto status, co_await reader.read_line(limits::kSmtpLine));
    if (!status.starts_with("HTTP/1.") || !status.contains(" 200"))
        co_return fail(Code::unavailable, "rspamd answers " + clean_utf8(status));
    std::optional<std::uint64_t> length;
    for (std::size_t i = 0; i < limits::kRspamdFields; ++i) {
        CO_TRY(const auto line, co_await reader.read_line(limits::kSmtpLine));
        if (line.empty())
            break;
        const auto colon = line.find(':');
        if (iequals(line.substr(0, colon), "Content-Length"))
            length = parse_int<std::uint64_t>(trim(line.substr(colon + 1)));
    }
    if (!length || *length > limits::kRspamdAnswer)
        co_return fail(Code::bad_syntax, "an answer of rspamd without a usable length");
    co_return *length;
}

} // namespace

bool is_spam_action(std::string_view action) {
    return action == "add header" || action == "rewrite subject" || action == "reject";
}

Result<std::string> read_rspamd_answer(std::string_view body) {
    TRY(const auto value, json::parse(body));
    const auto* const object = value.if_object();
    const auto action = object != nullptr ? json::text_of(*object, "action") : std::nullopt;
    if (!action)
        return fail(Code::bad_syntax, "an answer of rspamd without an action");
    return std::string(*action);
}

Task<Result<std::string>> ask_rspamd(RspamdQuestion question) {
    if (question.message->size() > limits::kRspamdMessage)
        co_return std::string();
    const auto colon = question.server.rfind(':');
    const auto port = parse_int<std::uint16_t>(question.server.substr(colon + 1));
    auto host = question.server.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    CO_TRY(const auto stream, co_await net::connect(host, port.value_or(0), limits::kRspamdTime));
    stream->deadline_in(limits::kRspamdTime);
    const auto head = request_head(question);
    const std::array<std::string_view, 2> pieces = {head, *question.message};
    const auto written = co_await stream->write(pieces);
    CO_CHECK_OK(written);
    net::LineReader reader(*stream, limits::kRspamdTime);
    CO_TRY(const auto length, co_await read_answer_head(reader));
    std::string body;
    net::LineReader::Sink sink = [&body](std::string_view piece) -> Result<> {
        body += piece;
        return {};
    };
    const auto read = co_await reader.read_exact(length, sink);
    CO_CHECK_OK(read);
    stream->close();
    co_return read_rspamd_answer(body);
}

} // namespace lockstep::mailflow
