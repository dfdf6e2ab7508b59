// Blocking sockets between processes of one machine, for the administration socket: lines with a
// bound, nothing else. Invariants: a socket file is made with mode 0600. Paths of any length work
// (the kernel's own limit is 107 bytes). Errors: closed = nobody listens there, or the other side
// ended; timeout; too_large; unavailable = anything else.
#pragma once
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace lockstep::net {

/// A file descriptor that is closed at its end.
class OwnedDescriptor {
public:
    OwnedDescriptor() = default;
    explicit OwnedDescriptor(int descriptor) : descriptor_(descriptor) {}
    OwnedDescriptor(OwnedDescriptor&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)) {}
    OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~OwnedDescriptor();
    [[nodiscard]] int get() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }

private:
    int descriptor_ = -1;
};

class LocalConnection {
public:
    explicit LocalConnection(OwnedDescriptor socket) : socket_(std::move(socket)) {}
    [[nodiscard]] static Result<LocalConnection> connect(const std::filesystem::path& path);

    /// One line without its line end; what follows it is discarded. `wait` bounds each pause
    /// between bytes; zero = none.
    [[nodiscard]] Result<std::string> read_line(std::size_t max, std::chrono::milliseconds wait);
    /// The line and a line end. An overlong pause of the reader's is not waited for: 30 s.
    [[nodiscard]] Result<> write_line(std::string_view line);
    /// Whether the other process runs as our user or as root.
    [[nodiscard]] bool peer_is_trusted() const;
    /// Ends both directions: a reader in another thread returns. Thread-safe.
    void shut() const;

private:
    OwnedDescriptor socket_;
};

class LocalListener {
public:
    /// Replaces a socket file that is already there: the caller knows that no living server owns
    /// it.
    [[nodiscard]] static Result<LocalListener> open(const std::filesystem::path& path);
    /// Waits for the next connection. Error: closed after shut().
    [[nodiscard]] Result<LocalConnection> accept();
    /// Ends accept() in another thread. Thread-safe.
    void shut() const;

private:
    explicit LocalListener(OwnedDescriptor socket) : socket_(std::move(socket)) {}
    OwnedDescriptor socket_;
};

} // namespace lockstep::net
