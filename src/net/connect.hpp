// Connecting to another server: the one way out of this process by TCP.
// Invariants: the stream lives on the thread of the task that connects.
// Errors: bad_value (no address), closed (refused, unreachable), timeout, unavailable (no
// descriptors).
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "net/stream.hpp"

namespace lockstep::net {

/// `address`: an IPv4 or IPv6 address as text, without brackets.
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>>
connect(std::string address, std::uint16_t port, std::chrono::nanoseconds timeout);

} // namespace lockstep::net
