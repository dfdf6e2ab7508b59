// The cache's map: bounded, ten minutes a life.
#include "directory/credential_cache.hpp"

#include "base/limits.hpp"

namespace lockstep::directory {

Hash CredentialCache::key_of(
    const std::string& user, std::int64_t door, const Secret<std::string>& secret
) const {
    // Lengths first: ("ab", "c") and ("a", "bc") must differ.
    std::string text = std::to_string(user.size()) + ":" + user + ":" + std::to_string(door) + ":" +
                       secret.reveal();
    const auto hash = keyed_hash(key_.reveal(), text);
    wipe(text.data(), text.size());
    return hash;
}

std::optional<CredentialCache::Entry> CredentialCache::find(
    const std::string& user, std::int64_t door, const Secret<std::string>& secret
) {
    const auto key = key_of(user, door, secret);
    return entries_.with([&](auto& entries) -> std::optional<Entry> {
        const auto found = entries.find(key);
        if (found == entries.end())
            return std::nullopt;
        if (found->second.expires <= clock_.steady()) {
            entries.erase(found);
            return std::nullopt;
        }
        return found->second;
    });
}

void CredentialCache::add(
    const std::string& user, std::int64_t door, const Secret<std::string>& secret,
    model::AccountId account, std::int64_t generation
) {
    const auto key = key_of(user, door, secret);
    entries_.with([&](auto& entries) {
        if (entries.size() >= limits::kCachedCredentials)
            std::erase_if(entries, [&](const auto& entry) {
                return entry.second.expires <= clock_.steady();
            });
        if (entries.size() >= limits::kCachedCredentials)
            entries.clear();
        entries[key] = {account, generation, clock_.steady() + limits::kCredentialLife};
    });
}

} // namespace lockstep::directory
