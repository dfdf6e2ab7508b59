// Fuzzes the HTTP server through a stream in memory.
// Oracles: the answers are the same however the bytes are cut; no more answers than request heads
// could have been sent; a connection that was told 400 says nothing more; what a handler sees obeys
// the framing rules.
#include <cstdint>
#include <cstdlib>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "net/http_service.hpp"
#include "net/test_support.hpp"

namespace {

using namespace lockstep;
using namespace lockstep::net;

Task<Response> check_and_echo(Request& request, Connection&) {
    ENSURE(!request.path.empty() && (request.path.front() == '/' || request.path == "*"));
    ENSURE(request.headers.all().size() <= limits::kHttpHeaderFields);
    ENSURE(request.headers.count("Host") <= 1);
    ENSURE(!request.chunked || !request.content_length);
    ENSURE(!request.content_length || *request.content_length == request.body.size());
    ENSURE(request.expects_body() || request.body.empty());
    for (const auto& [name, value] : request.headers.all())
        ENSURE(
            name.find_first_of("\r\n: ") == std::string::npos &&
            value.find_first_of("\r\n") == std::string::npos
        );
    Response response(
        200, "text/plain", request.method + request.path + request.query + request.body
    );
    co_return response;
}

/// What the server answers when the bytes come in pieces of `piece`.
std::string answers(std::string_view bytes, std::size_t piece) {
    const auto clock = manual_clock(0);
    HttpOptions options;
    options.handler = &check_and_echo;
    options.admit = [](const Request&, const Connection&) {
        Admission admission;
        admission.max_body = 50'000;
        return admission;
    };
    std::vector<std::string> pieces;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
        pieces.emplace_back(bytes.substr(0, piece));
    auto all =
        block_on(testing::talk(*clock, make_http_service(*clock, options), std::move(pieces)));
    // Whether 100 Continue is said depends on whether the body was there already, by design.
    return replace_all(all, "HTTP/1.1 100 Continue\r\n\r\n", "");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Limits on unfinished chunk heads act on what is buffered; below this size they cannot make a
    // difference.
    if (size == 0 || size > limits::kHttpChunkHead)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = answers(bytes, bytes.size());
    const auto cut = 1 + data[size - 1] % 64U;
    ENSURE(answers(bytes, cut) == whole);
    const auto refused = whole.find("HTTP/1.1 400 ");
    ENSURE(
        refused == std::string::npos ||
        lockstep::net::testing::times(whole.substr(refused), "Server: Lockstep\r\n") <= 1
    );
    return 0;
}
