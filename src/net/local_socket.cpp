// Unix-domain sockets with blocking calls.
#include "net/local_socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace lockstep::net {

namespace {

constexpr std::chrono::milliseconds kLocalWritePause{30'000};
constexpr int kLocalBacklog = 16;

std::unexpected<Error> local_failure(Code code, std::string_view what) {
    return fail(code, fmt::format("{}: {}", what, std::generic_category().message(errno)));
}

/// The address of a socket file. The folder is named through its descriptor, so that long paths
/// fit.
struct LocalAddress {
    OwnedDescriptor folder;
    sockaddr_un address{};
};

Result<LocalAddress> address_of(const std::filesystem::path& path) {
    LocalAddress made;
    const auto folder = path.parent_path();
    made.folder = OwnedDescriptor(
        ::open(folder.empty() ? "." : folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)
    );
    if (!made.folder)
        return local_failure(errno == ENOENT ? Code::closed : Code::unavailable, folder.string());
    const auto name =
        fmt::format("/proc/self/fd/{}/{}", made.folder.get(), path.filename().string());
    if (name.size() >= sizeof made.address.sun_path)
        return fail(Code::bad_value, "the socket's name is too long: " + path.string());
    made.address.sun_family = AF_UNIX;
    std::memcpy(made.address.sun_path, name.c_str(), name.size() + 1);
    return made;
}

const sockaddr* generic(const sockaddr_un& address) {
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

/// Waits until the socket can be read or written. Zero waits for ever.
Result<> wait_for(int socket, short events, std::chrono::milliseconds pause) {
    pollfd waited{socket, events, 0};
    while (true) {
        const int ready =
            ::poll(&waited, 1, pause.count() == 0 ? -1 : static_cast<int>(pause.count()));
        if (ready > 0)
            return {};
        if (ready == 0)
            return fail(Code::timeout, "the other side is silent");
        if (errno != EINTR)
            return local_failure(Code::unavailable, "poll");
    }
}

} // namespace

OwnedDescriptor::~OwnedDescriptor() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Result<LocalConnection> LocalConnection::connect(const std::filesystem::path& path) {
    TRY(const auto address, address_of(path));
    OwnedDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket)
        return local_failure(Code::unavailable, "socket");
    if (::connect(socket.get(), generic(address.address), sizeof address.address) != 0) {
        const bool nobody = errno == ENOENT || errno == ECONNREFUSED;
        return local_failure(nobody ? Code::closed : Code::unavailable, path.string());
    }
    return LocalConnection(std::move(socket));
}

Result<std::string> LocalConnection::read_line(std::size_t max, std::chrono::milliseconds wait) {
    std::string line;
    std::array<char, 16'384> piece;
    while (true) {
        CHECK_OK(wait_for(socket_.get(), POLLIN, wait));
        const auto got = ::recv(socket_.get(), piece.data(), piece.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return local_failure(Code::closed, "recv");
        if (got == 0)
            return fail(Code::closed, "the connection ended before a whole line");
        const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
        const auto end = bytes.find('\n');
        line += bytes.substr(0, end);
        if (line.size() > max)
            return fail(Code::too_large, fmt::format("a line of more than {} bytes", max));
        if (end != std::string_view::npos)
            return line;
    }
}

Result<> LocalConnection::write_line(std::string_view line) {
    std::string bytes(line);
    bytes += '\n';
    std::string_view rest = bytes;
    while (!rest.empty()) {
        CHECK_OK(wait_for(socket_.get(), POLLOUT, kLocalWritePause));
        const auto sent =
            ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (sent < 0)
            return local_failure(Code::closed, "send");
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

bool LocalConnection::peer_is_trusted() const {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    return peer.uid == ::geteuid() || peer.uid == 0;
}

void LocalConnection::shut() const { ::shutdown(socket_.get(), SHUT_RDWR); }

Result<LocalListener> LocalListener::open(const std::filesystem::path& path) {
    TRY(const auto address, address_of(path));
    OwnedDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket)
        return local_failure(Code::unavailable, "socket");
    if (::unlink(address.address.sun_path) != 0 && errno != ENOENT)
        return local_failure(Code::unavailable, path.string());
    // On Linux the file takes the mode of the socket's inode: it is never open to others, not even
    // for a moment.
    if (::fchmod(socket.get(), S_IRUSR | S_IWUSR) != 0 ||
        ::bind(socket.get(), generic(address.address), sizeof address.address) != 0 ||
        ::listen(socket.get(), kLocalBacklog) != 0) {
        return local_failure(Code::unavailable, path.string());
    }
    return LocalListener(std::move(socket));
}

Result<LocalConnection> LocalListener::accept() {
    while (true) {
        OwnedDescriptor connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection)
            return LocalConnection(std::move(connection));
        if (errno == EINTR || errno == ECONNABORTED)
            continue;
        // After shut() Linux answers EINVAL.
        return local_failure(errno == EINVAL ? Code::closed : Code::unavailable, "accept");
    }
}

void LocalListener::shut() const { ::shutdown(socket_.get(), SHUT_RDWR); }

} // namespace lockstep::net
