// The text form of an address to listen on, and the socket that listens there.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::net {

/// A non-blocking listening socket (SO_REUSEADDR, close on exec) for "127.0.0.1:443", "[::]:443"
/// (both families),
/// "*:443" (both, or IPv4 where there is no IPv6), "localhost:443" (127.0.0.1). Errors: as
/// Listener::open.
[[nodiscard]] Result<int> listen_on(std::string_view address);
/// The local port of a socket.
[[nodiscard]] std::uint16_t local_port(int fd);

} // namespace lockstep::net
