// The page that a device's invitation leads to, and what it gives: an Apple profile, or a password.
// Spec: Apple's configuration profiles (com.apple.eas.account). Hardening H6, A7.
// Errors: 410 for a link that is used, over, or was never there.
// Invariants: looking at the page uses nothing up, so that what scans links does no harm; the
// password is one of its own and shown once; no answer is kept anywhere.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "directory/web_sessions.hpp"
#include "net/http.hpp"

namespace lockstep::web {

class InviteDoor {
public:
    /// `public_name`: the host that devices reach us by; empty: the request's Host.
    InviteDoor(directory::WebSessions& sessions, std::function<std::string()> public_name)
        : sessions_(sessions), public_name_(std::move(public_name)) {}

    [[nodiscard]] static bool serves(std::string_view path);
    [[nodiscard]] Task<net::Response> serve(net::Request& request, net::Connection& connection);

private:
    [[nodiscard]] Task<net::Response>
    give(directory::Account account, bool apple, std::string host);
    directory::WebSessions& sessions_;
    std::function<std::string()> public_name_;
};

/// What a profile says; texts are escaped as XML.
struct Profile {
    std::string address;
    std::string host;
    std::string password;
};
[[nodiscard]] std::string apple_profile(const Profile& profile);

} // namespace lockstep::web
