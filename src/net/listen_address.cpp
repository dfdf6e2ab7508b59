// Parses the address without DNS (a name that resolves differently tomorrow is no place to listen)
// and opens the socket.
#include "net/listen_address.hpp"

#include <cerrno>
#include <cstring>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.hpp"

namespace lockstep::net {
namespace {

constexpr int kBacklog = 4'096;

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

std::optional<SocketAddress> v4_address(const std::string& host, std::uint16_t port) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) != 1)
        return std::nullopt;
    SocketAddress address;
    std::memcpy(&address.storage, &v4, sizeof v4);
    address.size = sizeof v4;
    return address;
}

std::optional<SocketAddress> v6_address(const std::string& host, std::uint16_t port) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1)
        return std::nullopt;
    SocketAddress address;
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.size = sizeof v6;
    return address;
}

/// What to try, in this order, until one works.
Result<std::vector<SocketAddress>> parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return fail(Code::bad_value, fmt::format("'{}' is not of the form address:port", text));
    const auto port = parse_int<std::uint16_t>(text.substr(colon + 1));
    if (!port)
        return fail(Code::bad_value, fmt::format("'{}' has no port between 0 and 65535", text));
    auto host = std::string(text.substr(0, colon));
    std::vector<std::optional<SocketAddress>> found;
    if (host == "*") {
        found = {v6_address("::", *port), v4_address("0.0.0.0", *port)};
    } else if (host == "localhost") {
        found = {v4_address("127.0.0.1", *port)};
    } else if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        found = {v6_address(host.substr(1, host.size() - 2), *port)};
    } else {
        found = {v4_address(host, *port)};
    }
    std::vector<SocketAddress> addresses;
    for (const auto& address : found)
        if (address)
            addresses.push_back(*address);
    if (addresses.empty())
        return fail(
            Code::bad_value, fmt::format("'{}' names no IP address; IPv6 needs brackets", text)
        );
    return addresses;
}

Code code_of(int error) {
    switch (error) {
    case EADDRINUSE:
        return Code::exists;
    case EACCES:
    case EPERM:
        return Code::forbidden;
    case EADDRNOTAVAIL:
        return Code::bad_value;
    default:
        return Code::unavailable;
    }
}

Result<int> open_one(const SocketAddress& address) {
    const int fd =
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(code_of(errno), std::strerror(errno));
    const int on = 1;
    const int off = 0;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.storage.ss_family == AF_INET6)
        ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0 &&
        ::listen(fd, kBacklog) == 0)
        return fd;
    const int error = errno;
    ::close(fd);
    return fail(code_of(error), std::strerror(error));
}

} // namespace

Result<int> listen_on(std::string_view address) {
    TRY(const auto candidates, parse(address));
    Error last;
    for (const auto& candidate : candidates) {
        const auto opened = open_one(candidate);
        if (opened)
            return *opened;
        last = opened.error();
        // In use is in use: the IPv4 half of a taken port would only hide the conflict.
        if (last.code == Code::exists || last.code == Code::forbidden)
            break;
    }
    return fail(last.code, fmt::format("cannot listen on {}: {}", address, last.text));
}

std::uint16_t local_port(int fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        return 0;
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &storage, sizeof v6);
        return ntohs(v6.sin6_port);
    }
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    return ntohs(v4.sin_port);
}

} // namespace lockstep::net
