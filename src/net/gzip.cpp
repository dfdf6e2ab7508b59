// zlib behind two calls. Streams that are compressed as they go: deflate_stream.cpp.
#include "net/gzip.hpp"

#include <algorithm>
#include <limits>

#include <zlib.h>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace lockstep::net {
namespace {

constexpr int kGzipWindow = MAX_WBITS + 16; // zlib's way to say "gzip, not zlib"
constexpr int kLevel = 6;
constexpr int kMemory = 8;
constexpr std::size_t kBlock = 32'768;

/// zlib counts in unsigned int, and takes input as non-const.
void feed(z_stream& stream, std::string_view& bytes) {
    if (stream.avail_in > 0)
        return;
    const auto taken = bytes.substr(0, std::numeric_limits<uInt>::max());
    stream.next_in = const_cast<Bytef*>(as_bytes(taken).data());
    stream.avail_in = static_cast<uInt>(taken.size());
    bytes.remove_prefix(taken.size());
}

/// Makes room for one block behind `out` and points the stream at it; returns the size before.
std::size_t offer(z_stream& stream, std::string& out) {
    const auto old = out.size();
    out.resize(old + kBlock);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + old);
    stream.avail_out = kBlock;
    return old;
}

} // namespace

std::string gzip(std::string_view bytes) {
    z_stream stream{};
    ENSURE(
        deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) == Z_OK
    );
    std::string out;
    int result = Z_OK;
    while (result != Z_STREAM_END) {
        feed(stream, bytes);
        offer(stream, out);
        result = deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    deflateEnd(&stream);
    return out;
}

Result<std::string> gunzip(std::string_view bytes, std::size_t max) {
    z_stream stream{};
    ENSURE(inflateInit2(&stream, kGzipWindow) == Z_OK);
    std::string out;
    int result = Z_OK;
    // Ends: each round consumes input or produces output, or zlib reports Z_BUF_ERROR.
    while (result == Z_OK && out.size() <= max) {
        feed(stream, bytes);
        offer(stream, out);
        result = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    const bool rest = stream.avail_in > 0 || !bytes.empty();
    inflateEnd(&stream);
    if (out.size() > max)
        return fail(Code::too_large, "a compressed body that is too large inside");
    if (result != Z_STREAM_END || rest)
        return fail(Code::bad_syntax, "a damaged compressed body");
    return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
    for (const auto item : split(accept_encoding, ',')) {
        const auto parts = split(item, ';');
        const auto coding = trim(parts.front());
        if (!iequals(coding, "gzip") && !iequals(coding, "x-gzip"))
            continue;
        if (parts.size() == 1)
            return true;
        const auto weight = trim(parts[1]);
        return !istarts_with(weight, "q=") ||
               weight.find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

} // namespace lockstep::net
