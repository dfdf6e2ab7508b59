// COMPRESS DEFLATE.
// Spec: RFC 4978. Hardening S3: what was sent ahead of the OK is in no known form.
#include "base/text.hpp"
#include "net/deflate_stream.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap {

void Session::compress() {
    stream_ = std::make_unique<net::DeflateStream>(std::move(stream_));
    reader_.go_on_with(*stream_);
    compressed_ = true;
}

namespace commands {

Task<Result<>> compress(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto method, in.atom());
    CO_CHECK_OK(in.end());
    if (!iequals(method, "DEFLATE"))
        co_return fail(Code::bad_syntax, "a compression that is not offered");
    if (session.compressed()) {
        session.tagged(command.tag, "NO", "[COMPRESSIONACTIVE] it is compressed already");
        co_return Result<>();
    }
    if (!session.reader().buffered().empty()) {
        session.hang_up("nothing may follow COMPRESS");
        co_return Result<>();
    }
    session.tagged(command.tag, "OK", "COMPRESS completed");
    const auto flushed = co_await session.flush();
    CO_CHECK_OK(flushed);
    session.compress();
    co_return Result<>();
}

} // namespace commands
} // namespace lockstep::imap
