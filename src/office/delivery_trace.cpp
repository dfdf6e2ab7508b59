// Trace fields.
#include "office/delivery_trace.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header.hpp"

namespace lockstep::office {
namespace {

/// RFC 5321 4.1.3.
std::string address_literal(const std::string& address) {
    return address.contains(':') ? "[IPv6:" + address + "]" : "[" + address + "]";
}

} // namespace

std::string trace_fields(
    const Envelope& envelope, std::string_view hostname, std::string_view id, std::int64_t now_us
) {
    auto text = fmt::format("Return-Path: <{}>\r\nReceived: ", envelope.reverse_path);
    if (!envelope.helo.empty()) {
        text += "from " + envelope.helo;
        if (!envelope.peer.empty())
            text += " (" + address_literal(envelope.peer) + ")";
        text += "\r\n\t";
    }
    text += fmt::format("by {} (Lockstep) with {}", hostname, envelope.protocol);
    if (!envelope.tls.empty())
        text += " (" + envelope.tls + ")";
    text += fmt::format(" id {};\r\n\t{}\r\n", id, mime::format_date(now_us / 1'000'000));
    return text;
}

void remove_return_path(std::string& text) {
    const mime::Headers headers(text);
    std::string kept;
    std::size_t done = 0;
    for (const auto& field : headers.fields()) {
        const auto end = field.offset + field.length;
        // The last field may be cut by the end of the piece.
        if (!iequals(field.name, "Return-Path") || end == text.size())
            continue;
        kept.append(text, done, field.offset - done);
        done = end;
    }
    if (done > 0)
        text = kept.append(text, done);
}

bool went_round(std::string_view message) {
    return mime::Headers(message).count("Received") > limits::kMailHops;
}

} // namespace lockstep::office
