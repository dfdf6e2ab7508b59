// DeflateStream: a stream whose bytes are compressed both ways, each write readable at once.
// Spec: RFC 4978 (COMPRESS=DEFLATE), RFC 1951. Invariants: what we compress takes 24 KiB a
// connection (window of 4 KiB); what a peer compresses takes what it chose, 40 KiB at most, from
// its first bytes on; a read gives no more than was asked for, however much is packed inside.
// Errors: closed = damaged data, or as the stream below.
#pragma once
#include <memory>
#include <string>

#include "net/stream.hpp"

namespace lockstep::net {

class DeflateStream : public Stream {
public:
    explicit DeflateStream(std::unique_ptr<Stream> below);
    ~DeflateStream() override;

    Task<Result<std::size_t>> read_some(std::span<char> into) override;
    Task<Result<>> wait_readable() override;
    Task<Result<>> write(std::span<const std::string_view> pieces) override;
    Task<Result<>> start_tls(std::shared_ptr<const TlsContext> context, std::string alpn) override;
    Task<void> linger() override;
    void close() override { below_->close(); }
    bool is_open() const override { return below_->is_open(); }
    void deadline_in(std::chrono::nanoseconds from_now) override { below_->deadline_in(from_now); }
    void no_deadline() override { below_->no_deadline(); }
    void watch(std::function<void(Stir)> stirred) override;
    void unwatch() override { below_->unwatch(); }
    const Peer& peer() const override { return below_->peer(); }
    const TlsFacts* tls() const override { return below_->tls(); }

private:
    struct Codec;
    std::unique_ptr<Stream> below_;
    std::unique_ptr<Codec> codec_;
};

} // namespace lockstep::net
