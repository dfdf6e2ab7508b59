// The stream over a connected socket, plain until start_tls().
#pragma once
#include <memory>

#include "base/limits.hpp"
#include "net/stream.hpp"

namespace boost::asio {
class io_context;
}

namespace lockstep::net {

/// Takes the descriptor of a connected, non-blocking stream socket (TCP or Unix). Call it on the
/// context's thread, or before the context runs. `ticket` is released when the stream ends (what
/// counts open connections). `write_stall` is the time that the peer may take for each
/// limits::kWriteStep bytes.
[[nodiscard]] std::unique_ptr<Stream> adopt_socket(
    boost::asio::io_context& context, int fd, std::shared_ptr<void> ticket = nullptr,
    std::chrono::nanoseconds write_stall = limits::kWriteStall
);

/// The other end of a connected socket; empty for what has no IP address.
[[nodiscard]] Peer peer_of_socket(int fd);

} // namespace lockstep::net
