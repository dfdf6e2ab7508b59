// AdminSocket: the administration socket, DATA/admin.sock. One JSON line in, one JSON line out,
// then the connection ends. Invariants: only the server's own user and root are answered (file mode
// 0600 and the peer's credentials); a stale socket file of a dead server is replaced, which is safe
// because the caller holds the data directory's lock. Threads of its own, not the event loops: a
// command such as verify may take minutes, and whoever types it can wait. Errors: unavailable = the
// socket cannot be made.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "base/task.hpp"
#include "codec/admin/message.hpp"

namespace lockstep::admin {

/// Does what a request says. Called from several threads.
using Execute = std::function<Task<Result<Answer>>(Request)>;

class AdminSocket {
public:
    /// `execute` must be callable until the socket is destroyed.
    [[nodiscard]] static Result<std::unique_ptr<AdminSocket>>
    open(const std::filesystem::path& data, Execute execute);
    /// Removes the socket file, ends connections that wait for a request, and waits for commands
    /// under way.
    ~AdminSocket();
    AdminSocket(const AdminSocket&) = delete;
    AdminSocket& operator=(const AdminSocket&) = delete;

private:
    struct State;
    explicit AdminSocket(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace lockstep::admin
