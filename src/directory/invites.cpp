// Keeps open invitations.
#include "directory/invites.hpp"

#include <algorithm>

#include "base/limits_web.hpp"
#include "base/text.hpp"

namespace lockstep::directory {
namespace {

constexpr std::size_t kInviteBytes = 16;

} // namespace

std::int64_t Invites::expiry() const {
    return clock_.now_us() + std::chrono::microseconds(limits::kInviteLife).count();
}

Secret<std::string> Invites::add(model::AccountId account, bool apple) {
    Secret<std::string> secret(base64url(random_bytes(kInviteBytes)));
    const auto now = clock_.now_us();
    const auto hash = blake2b256(secret.reveal());
    const Invite invite{account, apple, expiry()};
    open_.with([&](auto& open) {
        std::erase_if(open, [now](const auto& each) { return each.second.expires_us <= now; });
        const auto of_account = [account](const auto& each) {
            return each.second.account == account;
        };
        while (static_cast<std::size_t>(std::ranges::count_if(open, of_account)) >= limits::kInvites
        )
            open.erase(std::ranges::min_element(open, {}, [&](const auto& each) {
                return of_account(each) ? each.second.expires_us : model::kForever;
            }));
        open[hash] = invite;
    });
    return secret;
}

Result<Invite> Invites::look(const Secret<std::string>& secret) { return find(secret, false); }
Result<Invite> Invites::take(const Secret<std::string>& secret) { return find(secret, true); }

Result<Invite> Invites::find(const Secret<std::string>& secret, bool take) {
    const auto hash = blake2b256(secret.reveal());
    const auto now = clock_.now_us();
    return open_.with([&](auto& open) -> Result<Invite> {
        const auto found = open.find(hash);
        if (found == open.end() || found->second.expires_us <= now)
            return fail(Code::not_found, "no such invitation");
        auto invite = found->second;
        if (take)
            open.erase(found);
        return invite;
    });
}

} // namespace lockstep::directory
