// A non-blocking connect on the caller's event loop.
#include "net/connect.hpp"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include "net/socket.hpp"
#include "net/socket_stream.hpp"

namespace lockstep::net {
namespace {

struct Target {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

Result<Target> target_of(const std::string& address, std::uint16_t port) {
    Target target;
    sockaddr_in four{};
    sockaddr_in6 six{};
    if (inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        std::memcpy(&target.storage, &four, sizeof four);
        target.size = sizeof four;
    } else if (inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        std::memcpy(&target.storage, &six, sizeof six);
        target.size = sizeof six;
    } else {
        return fail(Code::bad_value, address + " is no IP address");
    }
    return target;
}

} // namespace

Task<Result<std::unique_ptr<Stream>>>
connect(std::string address, std::uint16_t port, std::chrono::nanoseconds timeout) {
    CO_TRY(const auto target, target_of(address, port));
    const int fd =
        ::socket(target.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        co_return fail(Code::unavailable, std::strerror(errno));
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto executor = co_await boost::asio::this_coro::executor;
    auto& context = static_cast<boost::asio::io_context&>(
        boost::asio::query(executor, boost::asio::execution::context)
    );
    const int begun =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&target.storage), target.size);
    if (begun < 0 && errno != EINPROGRESS) {
        const std::string why = std::strerror(errno);
        ::close(fd);
        co_return fail(Code::closed, address + ": " + why);
    }
    // The descriptor goes on to the stream; the socket that waits has one of its own.
    const int waiting = ::dup(fd);
    if (waiting < 0) {
        ::close(fd);
        co_return fail(Code::unavailable, std::strerror(errno));
    }
    Result<> ready;
    {
        const auto socket = std::make_shared<Socket>(context, waiting);
        const auto until = std::chrono::steady_clock::now() + timeout;
        ready = co_await socket->wait(Socket::For::write, until);
        socket->close();
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (!ready || error != 0) {
        ::close(fd);
        if (!ready)
            co_return std::unexpected(ready.error());
        co_return fail(Code::closed, address + ": " + std::strerror(error));
    }
    co_return adopt_socket(context, fd);
}

} // namespace lockstep::net
