// Accepts administration connections and answers one line on each.
#include "protocols/admin/socket.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "net/local_socket.hpp"

namespace lockstep::admin {

namespace {

constexpr std::size_t kConnectionsAtOnce = 8;
constexpr std::chrono::milliseconds kRequestPause{10'000};
constexpr std::chrono::milliseconds kAcceptPause{100};

/// An exception of the command ends the command, not the server.
Result<Answer> run_command(const Execute& execute, Request request) {
    try {
        return block_on(execute(std::move(request)));
    } catch (const std::exception& failure) {
        log::error("admin.failed", {{"reason", failure.what()}});
        return fail(Code::internal, "the command failed; the server's log says why");
    }
}

Result<Answer> answer_line(const Execute& execute, const Result<std::string>& line) {
    if (!line)
        return std::unexpected(line.error());
    TRY(auto request, decode_request(*line));
    const auto command = join(request.command, " ");
    const auto begun = std::chrono::steady_clock::now();
    auto answer = run_command(execute, std::move(request));
    log::info(
        "admin.command", {{"command", command},
                          {"result", answer ? "ok" : name_of(answer.error().code)},
                          {"ms", std::chrono::steady_clock::now() - begun}}
    );
    return answer;
}

void serve_connection(const Execute& execute, net::LocalConnection& connection) {
    if (!connection.peer_is_trusted()) {
        log::warn("admin.refused");
        return;
    }
    const auto line = connection.read_line(limits::kAdminRequest, kRequestPause);
    if (!line && line.error().code == Code::closed)
        return;
    const auto answer = encode(answer_line(execute, line));
    if (const auto written = connection.write_line(answer); !written)
        log::warn("admin.unanswered", {{"reason", written.error()}});
}

} // namespace

struct AdminSocket::State {
    struct Connection {
        net::LocalConnection socket;
        std::atomic<bool> done = false;
        std::thread thread;
    };

    State(std::filesystem::path socket_path, net::LocalListener made, Execute run)
        : path(std::move(socket_path)), listener(std::move(made)), execute(std::move(run)),
          acceptor([this] { accept_all(); }) {}

    ~State() {
        stopping = true;
        listener.shut();
        acceptor.join();
        for (auto& connection : connections)
            connection.socket.shut();
        for (auto& connection : connections)
            connection.thread.join();
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }

    void accept_all() {
        while (!stopping) {
            auto accepted = listener.accept();
            if (!accepted) {
                if (!stopping)
                    log::warn("admin.accept_failed", {{"reason", accepted.error()}});
                std::this_thread::sleep_for(stopping ? std::chrono::milliseconds(0) : kAcceptPause);
                continue;
            }
            collect_finished();
            if (connections.size() >= kConnectionsAtOnce) {
                (void)accepted->write_line(
                    encode(Result<Answer>(fail(Code::unavailable, "too many commands at once")))
                );
                continue;
            }
            auto& connection = connections.emplace_back(*std::move(accepted));
            connection.thread = std::thread([this, &connection] {
                serve_connection(execute, connection.socket);
                connection.socket.shut();
                connection.done = true;
            });
        }
    }

    void collect_finished() {
        std::erase_if(connections, [](Connection& connection) {
            if (!connection.done)
                return false;
            connection.thread.join();
            return true;
        });
    }

    std::filesystem::path path;
    net::LocalListener listener;
    Execute execute;
    std::atomic<bool> stopping = false;
    std::list<Connection> connections; ///< the acceptor's, and the destructor's after it
    std::thread acceptor;              ///< last: it uses all of the above
};

AdminSocket::AdminSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}
AdminSocket::~AdminSocket() = default;

Result<std::unique_ptr<AdminSocket>>
AdminSocket::open(const std::filesystem::path& data, Execute execute) {
    auto path = data / kSocketName;
    TRY(auto listener, net::LocalListener::open(path));
    return std::unique_ptr<AdminSocket>(new AdminSocket(
        std::make_unique<State>(std::move(path), std::move(listener), std::move(execute))
    ));
}

} // namespace lockstep::admin
