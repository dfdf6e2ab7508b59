// Who is at the other end of a socket.
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket_stream.hpp"

namespace lockstep::net {
namespace {

bool is_loopback_v4(const in_addr& address) { return (ntohl(address.s_addr) >> 24U) == 127; }

Peer peer_v4(const in_addr& address, in_port_t port) {
    char text[INET_ADDRSTRLEN] = {};
    inet_ntop(AF_INET, &address, text, sizeof text);
    return {text, ntohs(port), is_loopback_v4(address)};
}

} // namespace

Peer peer_of_socket(int fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        return {};
    if (storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &storage, sizeof v4);
        return peer_v4(v4.sin_addr, v4.sin_port);
    }
    if (storage.ss_family != AF_INET6)
        return {};
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
        in_addr v4{};
        std::memcpy(&v4, v6.sin6_addr.s6_addr + 12, sizeof v4);
        return peer_v4(v4, v6.sin6_port);
    }
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    return {text, ntohs(v6.sin6_port), IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0};
}

} // namespace lockstep::net
