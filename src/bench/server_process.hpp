// ServerProcess: the server under measurement, a child process on free ports of this machine.
// Invariants: only the process started here is ended, by its id; its data directory goes with the
// object. Errors: unavailable when it does not start, internal when it does not end well.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.hpp"

namespace lockstep::bench {

/// A new directory below the system's temporary one, removed at the end of life.
class Scratch {
public:
    [[nodiscard]] static Result<Scratch> create();
    Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Scratch& operator=(Scratch&&) = delete;
    ~Scratch();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    explicit Scratch(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

class ServerProcess {
public:
    /// Starts `lockstep serve` on the data directory and returns when it is ready. `settings` are
    /// "key=value".
    [[nodiscard]] static Result<ServerProcess>
    start(const std::filesystem::path& data, const std::vector<std::string>& settings = {});
    ServerProcess(ServerProcess&& other) noexcept;
    ServerProcess& operator=(ServerProcess&&) = delete;
    ~ServerProcess();

    /// SIGTERM, and waits for the end.
    [[nodiscard]] Result<> stop();
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] std::uint16_t https() const { return https_; }
    [[nodiscard]] std::uint16_t smtp() const { return smtp_; }

private:
    ServerProcess() = default;
    pid_t pid_ = -1;
    int output_ = -1; ///< the server's standard output
    std::uint16_t https_ = 0;
    std::uint16_t smtp_ = 0;
};

/// As many descriptors as the system lets this process (and the server after it) have; returned.
std::size_t allow_many_descriptors();

} // namespace lockstep::bench
