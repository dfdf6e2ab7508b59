// zlib as a stream.
#include "net/deflate_stream.hpp"

#include <zlib.h>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace lockstep::net {
namespace {

constexpr int kRawMost = -15; // zlib's way to say "no header", with whatever window a peer took
constexpr int kRawSmall = -12;
constexpr int kFastLevel = 4;
constexpr int kSmallMemory = 4;
constexpr std::size_t kPacked = 2'048; ///< bytes read at once
constexpr std::size_t kStep = 8'192;   ///< bytes by which the packed output grows

} // namespace

struct DeflateStream::Codec {
    z_stream in{};
    z_stream out{};
    std::string packed;   ///< came, and is not unpacked yet; in.next_in points into it
    bool pending = false; ///< the last read was cut by its buffer: more may be ready

    Codec() {
        ENSURE(inflateInit2(&in, kRawMost) == Z_OK);
        ENSURE(
            deflateInit2(
                &out, kFastLevel, Z_DEFLATED, kRawSmall, kSmallMemory, Z_DEFAULT_STRATEGY
            ) == Z_OK
        );
    }
    ~Codec() {
        inflateEnd(&in);
        deflateEnd(&out);
    }
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;

    [[nodiscard]] bool ready() const { return in.avail_in > 0 || pending; }

    /// What can be unpacked now; 0: more must come first.
    Result<std::size_t> unpack(std::span<char> into) {
        in.next_out = reinterpret_cast<Bytef*>(into.data());
        in.avail_out = static_cast<uInt>(into.size());
        const int result = inflate(&in, Z_SYNC_FLUSH);
        if (result != Z_OK && result != Z_BUF_ERROR)
            return fail(Code::closed, "damaged compressed data, or its end");
        pending = in.avail_out == 0;
        if (in.avail_in == 0)
            std::string().swap(packed);
        return into.size() - in.avail_out;
    }

    void take(std::string bytes) {
        packed = std::move(bytes);
        in.next_in = reinterpret_cast<Bytef*>(packed.data());
        in.avail_in = static_cast<uInt>(packed.size());
    }

    void pack(std::string_view bytes, int flush, std::string& into) {
        // zlib takes its input as non-const, and does not write to it.
        out.next_in = const_cast<Bytef*>(as_bytes(bytes).data());
        out.avail_in = static_cast<uInt>(bytes.size());
        do {
            const auto old = into.size();
            into.resize(old + kStep);
            out.next_out = reinterpret_cast<Bytef*>(into.data() + old);
            out.avail_out = kStep;
            const int result = deflate(&out, flush);
            ENSURE(result == Z_OK || result == Z_BUF_ERROR);
            into.resize(into.size() - out.avail_out);
        } while (out.avail_out == 0);
    }
};

DeflateStream::DeflateStream(std::unique_ptr<Stream> below)
    : below_(std::move(below)), codec_(std::make_unique<Codec>()) {}

DeflateStream::~DeflateStream() = default;

Task<Result<std::size_t>> DeflateStream::read_some(std::span<char> into) {
    for (;;) {
        if (codec_->ready()) {
            const auto got = codec_->unpack(into);
            if (!got) {
                below_->close();
                co_return std::unexpected(got.error());
            }
            if (*got > 0)
                co_return *got;
        }
        std::string bytes(kPacked, '\0');
        const auto came = co_await below_->read_some(bytes);
        if (!came)
            co_return std::unexpected(came.error());
        bytes.resize(*came);
        codec_->take(std::move(bytes));
    }
}

Task<Result<>> DeflateStream::wait_readable() {
    if (codec_->ready())
        co_return Result<>();
    auto readable = co_await below_->wait_readable();
    co_return readable;
}

Task<Result<>> DeflateStream::write(std::span<const std::string_view> pieces) {
    std::string packed;
    for (std::size_t i = 0; i < pieces.size(); ++i)
        codec_->pack(pieces[i], i + 1 == pieces.size() ? Z_SYNC_FLUSH : Z_NO_FLUSH, packed);
    const std::string_view whole = packed;
    auto written = co_await below_->write(std::span(&whole, 1));
    co_return written;
}

Task<Result<>> DeflateStream::start_tls(std::shared_ptr<const TlsContext>, std::string) {
    co_return fail(Code::forbidden, "TLS begins before compression");
}

Task<void> DeflateStream::linger() { co_await below_->linger(); }

void DeflateStream::watch(std::function<void(Stir)> stirred) {
    if (codec_->ready())
        return stirred(Stir::spoke);
    below_->watch(std::move(stirred));
}

} // namespace lockstep::net
