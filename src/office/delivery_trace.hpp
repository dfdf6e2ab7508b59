// The trace fields that delivery puts on top of a message, and those that it looks for there.
// Spec: RFC 5321 4.4, 6.3; RFC 3848 and RFC 6531 3.7.3 (protocol names).
// Invariants: what a client said stands in the fields only as far as its grammar was checked.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "office/delivery.hpp"

namespace lockstep::office {

/// Return-Path and Received, with their line ends.
[[nodiscard]] std::string trace_fields(
    const Envelope& envelope, std::string_view hostname, std::string_view id, std::int64_t now_us
);
/// Removes the Return-Path fields of the header that begins `text`: only we say where a message
/// came from. Of a header that is cut short, the fields that are whole.
void remove_return_path(std::string& text);
/// Whether the message passed more than limits::kMailHops servers.
[[nodiscard]] bool went_round(std::string_view message);

} // namespace lockstep::office
