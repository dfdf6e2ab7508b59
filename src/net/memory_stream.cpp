// Two byte queues and who waits at them.
#include "net/memory_stream.hpp"

#include <algorithm>
#include <cstring>

#include "base/ensure.hpp"
#include "base/limits.hpp"

namespace lockstep::net {
namespace {

/// One direction.
struct Pipe {
    std::string bytes;
    std::size_t begin = 0;
    bool ended = false;     ///< no more bytes will come
    bool abandoned = false; ///< nobody will read
    std::uint64_t wait = 0; ///< number of the reader's wait
    bool timed_out = false;
    Resume reader;
    std::function<void(Stir)> stirred;

    [[nodiscard]] std::size_t size() const { return bytes.size() - begin; }
    void stir() {
        const auto resume = std::exchange(reader, Resume());
        resume();
        if (const auto call = std::exchange(stirred, nullptr))
            call(size() > 0 ? Stir::spoke : Stir::closed);
    }
};

class MemoryStream final : public Stream {
public:
    MemoryStream(
        Clock& clock, MemoryOptions options, std::shared_ptr<Pipe> in, std::shared_ptr<Pipe> out
    )
        : clock_(clock), options_(std::move(options)), in_(std::move(in)), out_(std::move(out)) {}
    ~MemoryStream() override { close(); }

    Task<Result<std::size_t>> read_some(std::span<char> into) override {
        ENSURE(!into.empty());
        const auto waited = co_await wait();
        CO_CHECK_OK(waited);
        if (in_->size() == 0)
            co_return fail(Code::closed, "the peer closed the connection");
        const auto limit =
            options_.chunk == 0 ? into.size() : std::min(options_.chunk, into.size());
        const auto got = std::min(limit, in_->size());
        std::memcpy(into.data(), in_->bytes.data() + in_->begin, got);
        in_->begin += got;
        if (in_->size() == 0) {
            in_->bytes.clear();
            in_->begin = 0;
        }
        co_return got;
    }
    Task<Result<>> wait_readable() override {
        auto waited = co_await wait();
        co_return waited;
    }
    Task<Result<>> write(std::span<const std::string_view> pieces) override {
        if (!open_)
            co_return fail(Code::closed, "the connection was closed");
        if (out_->abandoned)
            co_return fail(Code::closed, "the peer closed the connection");
        for (const auto piece : pieces)
            out_->bytes += piece;
        if (out_->size() > 0)
            out_->stir();
        co_return Result<>();
    }
    Task<Result<>> start_tls(std::shared_ptr<const TlsContext>, std::string) override {
        co_return fail(Code::unsupported, "streams in memory have no TLS");
    }
    Task<void> linger() override {
        close();
        co_return;
    }
    void close() override {
        if (!open_)
            return;
        open_ = false;
        in_->abandoned = true;
        out_->ended = true;
        out_->stir();
        in_->stir();
    }
    bool is_open() const override { return open_; }
    void deadline_in(std::chrono::nanoseconds from_now) override {
        deadline_ = clock_.steady() + from_now;
    }
    void no_deadline() override { deadline_.reset(); }
    void watch(std::function<void(Stir)> stirred) override {
        if (in_->size() > 0 || in_->ended)
            return stirred(in_->size() > 0 ? Stir::spoke : Stir::closed);
        in_->stirred = std::move(stirred);
    }
    void unwatch() override { in_->stirred = nullptr; }
    const Peer& peer() const override { return options_.peer; }
    const TlsFacts* tls() const override { return nullptr; }

private:
    /// Until bytes, the end, or the deadline.
    Task<Result<>> wait();

    Clock& clock_;
    MemoryOptions options_;
    std::shared_ptr<Pipe> in_;
    std::shared_ptr<Pipe> out_;
    bool open_ = true;
    std::optional<SteadyTime> deadline_;
};

Task<Result<>> MemoryStream::wait() {
    if (!open_)
        co_return fail(Code::closed, "the connection was closed");
    if (in_->size() > 0 || in_->ended)
        co_return Result<>();
    const auto number = ++in_->wait;
    in_->timed_out = false;
    TimerId timer = 0;
    if (deadline_) {
        const auto left = *deadline_ - clock_.steady();
        if (left <= SteadyTime(0))
            co_return fail(Code::timeout, "the peer took too long");
        timer = clock_.call_after(left, [weak = std::weak_ptr(in_), number] {
            const auto pipe = weak.lock();
            if (!pipe || pipe->wait != number)
                return;
            pipe->timed_out = true;
            const auto resume = std::exchange(pipe->reader, Resume());
            resume();
        });
    }
    std::function<void(Resume)> start = [this](Resume resume) { in_->reader = std::move(resume); };
    co_await park(std::move(start));
    clock_.cancel(timer);
    if (!open_)
        co_return fail(Code::closed, "the connection was closed");
    if (in_->size() == 0 && !in_->ended && in_->timed_out)
        co_return fail(Code::timeout, "the peer took too long");
    co_return Result<>();
}

} // namespace

MemoryPair memory_pair(Clock& clock, MemoryOptions options) {
    const auto to_server = std::make_shared<Pipe>();
    const auto to_client = std::make_shared<Pipe>();
    return {
        std::make_unique<MemoryStream>(clock, options, to_server, to_client),
        std::make_unique<MemoryStream>(clock, options, to_client, to_server)
    };
}

Task<Result<>> write(Stream& stream, std::string_view bytes) {
    auto written = co_await stream.write(std::span(&bytes, 1));
    co_return written;
}

} // namespace lockstep::net
