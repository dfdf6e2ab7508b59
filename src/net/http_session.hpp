// HttpSession: one connection's life: wait, read a request, have it answered, send the answer,
// again. Invariants: everything on the connection's thread except post_stop() and post_cut(). While
// a handler runs, no parser and no read buffer exists; while the connection is idle, nothing but
// this object.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "net/http_response.hpp"
#include "net/http_service.hpp"

namespace lockstep::net {

class HttpParser;

class HttpSession final : public Connection, public std::enable_shared_from_this<HttpSession> {
public:
    /// Runs a call on the connection's thread, from any thread, never at once.
    using Post = std::function<void(std::function<void()>)>;

    HttpSession(std::shared_ptr<HttpService> service, std::unique_ptr<Stream> stream, Post post);
    ~HttpSession() override;
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;

    [[nodiscard]] Task<void> run();
    void post_stop();
    void post_cut();

    const Peer& peer() const override { return stream_->peer(); }
    const TlsFacts* tls() const override { return stream_->tls(); }
    void watch_close(std::function<void(Stir)> stirred) override;
    void unwatch() override;
    bool stopping() const override { return service_->stopping(); }

private:
    /// What happens to the connection after an answer.
    enum class After { keep, linger, drop };
    /// A request as read, or why it is not handed to the handler.
    struct Incoming {
        Request request;
        std::unique_ptr<Response> refusal; ///< rare, and held while the handler runs
        After after = After::keep;
    };
    /// What of a request the answer depends on: the handler may have released the rest.
    struct Shape {
        bool head = false;
        bool http11 = true;
        bool keep_alive = true;
    };

    [[nodiscard]] Task<bool> request_comes(bool first);
    [[nodiscard]] Task<After> one();
    [[nodiscard]] Task<Incoming> read_request(BodyBudget& budget, std::uint64_t& bytes_in);
    [[nodiscard]] Task<Result<std::size_t>> read_head();
    [[nodiscard]] Task<Result<>> read_body(
        HttpParser& parser, std::uint64_t max, std::function<Result<>(std::string_view)> sink
    );
    [[nodiscard]] Task<Result<>> more(std::size_t bytes);
    [[nodiscard]] Task<Incoming> refused(HttpParser& parser, Incoming incoming, Response response);
    [[nodiscard]] Task<Response> handled(Request& request, const Served& served);
    [[nodiscard]] Task<Result<>> send(Response& response, Shape shape, std::uint64_t& sent);
    [[nodiscard]] Task<Result<>>
    stream_out(BodySource& source, std::string head, bool chunked, std::uint64_t& sent);
    void told(Stir stir);

    std::shared_ptr<HttpService> service_;
    std::unique_ptr<Stream> stream_;
    Post post_;
    std::string
        ahead_; ///< bytes read and not used: the rest of a body, the next request of a pipeline
    bool idle_ = false;
    std::function<void(Stir)> stirred_;
    std::uint64_t watch_ = 0;
};

} // namespace lockstep::net
