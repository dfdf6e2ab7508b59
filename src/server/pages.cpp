// Answers the pages that belong to no door.
#include "server/pages.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace lockstep::server {

namespace {

constexpr std::string_view kChallenges = "/.well-known/acme-challenge/";
constexpr std::size_t kChallengeBytes = 4'096; ///< a key authorisation has about 90
constexpr std::size_t kTokenBytes = 256;

/// base64url, as RFC 8555 8.3 has it.
bool is_token(std::string_view text) {
    return !text.empty() && text.size() <= kTokenBytes && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' ||
               c == '_';
    });
}

net::Response plain(unsigned status, std::string text) {
    net::Response response(status, "text/plain; charset=utf-8", std::move(text));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Result<std::string> read_challenge(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes(kChallengeBytes, '\0');
    if (!in)
        return fail(Code::not_found, "no such challenge");
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

Task<net::Response> serve_challenge(const PageSources& sources, std::string token) {
    const auto root = sources.acme_webroot ? sources.acme_webroot() : std::string();
    if (root.empty() || !is_token(token))
        co_return plain(404, "not found\n");
    const auto file = std::filesystem::path(root) / ".well-known" / "acme-challenge" / token;
    std::function<Result<std::string>()> read = [file] { return read_challenge(file); };
    auto bytes = co_await sources.workers->run<std::string>(std::move(read));
    if (!bytes)
        co_return plain(bytes.error().code == Code::not_found ? 404 : 503, "not found\n");
    co_return net::Response(200, "application/octet-stream", *std::move(bytes));
}

} // namespace

bool is_page(std::string_view path) {
    return path == "/healthz" || path == "/readyz" || path == "/metrics" ||
           path.starts_with(kChallenges);
}

Task<net::Response> serve_page(const PageSources& sources, const net::Request& request) {
    if (request.method != "GET" && request.method != "HEAD") {
        auto refused = plain(405, "only GET\n");
        refused.headers.set("Allow", "GET, HEAD");
        co_return refused;
    }
    if (request.path == "/healthz")
        co_return plain(200, "ok\n");
    if (request.path == "/readyz") {
        const bool ready = sources.ready();
        co_return ready ? plain(200, "ready\n") : plain(503, "the store takes no writes\n");
    }
    if (request.path == "/metrics") {
        net::Response page(
            200, "text/plain; version=0.0.4; charset=utf-8", sources.metrics->text()
        );
        page.headers.set("Cache-Control", "no-store");
        co_return page;
    }
    auto challenge = co_await serve_challenge(sources, request.path.substr(kChallenges.size()));
    co_return challenge;
}

} // namespace lockstep::server
