// HTTP's nouns: request, response, handler, and the connection as a handler sees it.
// Spec: RFC 9110, RFC 9112. Hardening H9-H11.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "net/stream.hpp"

namespace lockstep::net {

/// Header fields in the order of arrival; names compare without case.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;
    void add(std::string name, std::string value) {
        fields_.emplace_back(std::move(name), std::move(value));
    }
    /// Replaces all fields of that name.
    void set(std::string_view name, std::string value);
    /// The first value; empty when absent. Lives as long as the field.
    [[nodiscard]] std::string_view get(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return count(name) > 0; }
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] const std::vector<Field>& all() const { return fields_; }
    [[nodiscard]] bool empty() const { return fields_.empty(); }

private:
    std::vector<Field> fields_;
};

struct Request {
    std::string method; ///< as sent; case-sensitive
    std::string path;   ///< begins with '/' (or is "*" for OPTIONS); still percent-encoded
    std::string query;  ///< what follows the first '?', still encoded; empty when absent
    Headers headers;
    std::string body; ///< empty when the body went to Admission::sink
    bool http11 = true;
    bool keep_alive = true;
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    std::shared_ptr<void> context; ///< Admission::context

    [[nodiscard]] bool expects_body() const { return chunked || content_length.value_or(0) > 0; }
    /// Gives back the memory, for a handler that is about to park.
    void release() { *this = Request(); }
};

/// A body that is produced while it is sent.
class BodySource {
public:
    virtual ~BodySource() = default;
    /// The next piece; empty = the end. An error breaks the connection off, so that the client sees
    /// a cut body as such.
    [[nodiscard]] virtual Task<Result<std::string>> next() = 0;
    /// Total size when known: sent as Content-Length and held to; otherwise chunked.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }
};

struct Response {
    unsigned status = 200;
    Headers headers; ///< Date, Server, Content-Length, Transfer-Encoding and Connection are added
    std::vector<std::string> body;      ///< pieces, sent in order
    std::unique_ptr<BodySource> source; ///< when set, `body` is not looked at
    bool close = false;                 ///< end the connection after this answer

    Response() = default;
    explicit Response(unsigned code) : status(code) {}
    Response(unsigned code, std::string content_type, std::string text);
};

/// The standard phrase of a status; "Status" for unknown ones.
[[nodiscard]] std::string_view reason_phrase(unsigned status);

/// What a handler may know of and ask from the connection that its request came on.
class Connection {
public:
    virtual ~Connection() = default;
    [[nodiscard]] virtual const Peer& peer() const = 0;
    /// Null on plain connections.
    [[nodiscard]] virtual const TlsFacts* tls() const = 0;
    /// For parked handlers: `stirred` is called once, on the connection's thread, when the peer
    /// closes, when it sends bytes, or when the server is stopping (at once if it is already). Ends
    /// with unwatch() or with the handler.
    virtual void watch_close(std::function<void(Stir)> stirred) = 0;
    virtual void unwatch() = 0;
    /// The server is shutting down: answer soon.
    [[nodiscard]] virtual bool stopping() const = 0;
};

/// Answers one request. Runs on the connection's thread; both arguments live until its task ends.
/// An exception becomes a bare 500 and a report.
using Handler = std::function<Task<Response>(Request&, Connection&)>;

/// What may become of a request's body; decided when its head is known.
struct Admission {
    std::size_t max_body = 0; ///< bytes; more is answered 413
    std::optional<Response>
        refuse; ///< answered instead, without reading the body (401 before a 100 MB upload)
    std::function<Result<>(std::string_view)> sink; ///< takes the body in pieces (spooling); unset:
                                                    ///< Request::body. An error is answered 503
    std::shared_ptr<void>
        context; ///< handed to the handler in Request::context: what a sink filled
};
using Admit = std::function<Admission(const Request&, const Connection&)>;

/// One line for logs and metrics.
struct Served {
    std::string method;
    std::string path;
    unsigned status = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0; ///< of the body
    std::chrono::nanoseconds took{};
    const Peer* peer = nullptr;
};

} // namespace lockstep::net
