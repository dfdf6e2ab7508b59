// Leaky buckets: a bucket of bound N empties in one window.
#include "directory/limiter.hpp"

#include <arpa/inet.h>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::directory {

std::string address_prefix(std::string_view peer) {
    std::string host(peer);
    if (host.starts_with('['))
        host = host.substr(1, host.find(']') - 1);
    else if (std::ranges::count(host, ':') == 1)
        host = host.substr(0, host.find(':'));
    in6_addr six{};
    if (inet_pton(AF_INET6, host.c_str(), &six) != 1)
        return host;
    const std::string_view bytes(reinterpret_cast<const char*>(&six), sizeof six);
    static constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12);
    if (bytes.starts_with(kMapped))
        return hex(bytes.substr(12));
    return hex(bytes.substr(0, 8));
}

double Limiter::level(const State& state, Bucket& bucket, int bound) const {
    const auto now = clock_.steady();
    const auto seconds = std::chrono::duration<double>(now - bucket.at).count();
    bucket.level = std::max(
        0.0, bucket.level - seconds * bound / static_cast<double>(state.options.window.count())
    );
    bucket.at = now;
    return bucket.level;
}

bool Limiter::allows(const std::string& user, const std::string& peer) {
    const auto prefix = address_prefix(peer);
    return state_.with([&](State& state) {
        const auto full = [&](const std::string& name, int bound) {
            const auto found = state.buckets.find(name);
            return found != state.buckets.end() && level(state, found->second, bound) > bound - 1;
        };
        return !full("b " + user + " " + prefix, state.options.per_user_and_prefix) &&
               !full("p " + prefix, state.options.per_prefix) &&
               !full("u " + user, state.options.per_user);
    });
}

void Limiter::failed(const std::string& user, const std::string& peer) {
    const auto prefix = address_prefix(peer);
    state_.with([&](State& state) {
        if (state.buckets.size() > limits::kLimiterBuckets)
            std::erase_if(state.buckets, [&](auto& entry) {
                return clock_.steady() - entry.second.at > state.options.window;
            });
        const auto add = [&](const std::string& name, int bound) {
            auto& bucket = state.buckets[name];
            bucket.level = level(state, bucket, bound) + 1;
        };
        add("b " + user + " " + prefix, state.options.per_user_and_prefix);
        add("p " + prefix, state.options.per_prefix);
        add("u " + user, state.options.per_user);
    });
}

} // namespace lockstep::directory
