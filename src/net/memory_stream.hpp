// Two streams in memory, tied back to back, for tests: no port, no sleep, time only by the manual
// clock. Invariants: both ends run on one executor. Each direction holds any number of bytes, so
// write() never waits.
#pragma once
#include <memory>
#include <utility>

#include "base/clock.hpp"
#include "net/stream.hpp"

namespace lockstep::net {

struct MemoryPair {
    std::unique_ptr<Stream> server;
    std::unique_ptr<Stream> client;
};

struct MemoryOptions {
    std::size_t chunk =
        0;          ///< read_some() of either end returns at most so many bytes; 0 = no bound
    Peer peer = {}; ///< what both ends call the other
};

/// `clock` must outlive both ends; deadlines use its steady time. Destroying or closing one end is
/// the end of the other's reads, after the bytes under way.
[[nodiscard]] MemoryPair memory_pair(Clock& clock, MemoryOptions options = {});

} // namespace lockstep::net
