// DataLock: whoever opens a data directory holds DATA/lock; there is one at a time.
// Invariants: the lock ends with the process, however that ends.
// Errors: conflict = another process holds it; unavailable = the directory cannot be made or
// written.
#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "net/local_socket.hpp"

namespace lockstep::server {

class DataLock {
public:
    /// Makes the directory (mode 0700) when it is not there, and takes the lock. Does not wait.
    [[nodiscard]] static Result<DataLock> take(const std::filesystem::path& data);

private:
    explicit DataLock(net::OwnedDescriptor file) : file_(std::move(file)) {}
    net::OwnedDescriptor file_;
};

} // namespace lockstep::server
