// What is packed, and what is not.
#include "protocols/activesync/packing.hpp"

#include "base/text.hpp"
#include "net/gzip.hpp"

namespace lockstep::activesync {
namespace {

constexpr std::size_t kMostUnpacked =
    32U << 20U; ///< bytes of a packed request; larger mail does not shrink and comes as it is
constexpr std::size_t kLeastPacked = 1'024;      ///< bytes
constexpr std::size_t kMostPacked = 256U << 10U; ///< bytes: a few milliseconds

} // namespace

Result<> unpack_body(net::Request& request) {
    const auto coding = lower(trim(request.headers.get("Content-Encoding")));
    if (coding.empty() || coding == "identity" || request.body.empty())
        return {};
    if (coding != "gzip" && coding != "x-gzip")
        return fail(Code::unsupported, "a body in a coding that nobody speaks here");
    TRY(request.body, net::gunzip(request.body, kMostUnpacked));
    return {};
}

bool takes_packed(const net::Request& request) {
    return net::accepts_gzip(request.headers.get("Accept-Encoding"));
}

void pack_body(net::Response& response) {
    if (response.source || response.body.size() != 1)
        return;
    auto& body = response.body.front();
    if (body.size() < kLeastPacked || body.size() > kMostPacked)
        return;
    auto packed = net::gzip(body);
    if (packed.size() >= body.size())
        return;
    body = std::move(packed);
    response.headers.set("Content-Encoding", "gzip");
    response.headers.set("Vary", "Accept-Encoding");
}

} // namespace lockstep::activesync
