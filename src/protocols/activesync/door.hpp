// The ActiveSync door: one HTTP request in, one answer out.
// Spec: MS-ASHTTP 2.2.1, 2.2.2; MS-ASCMD. Errors: HTTP 400, 401, 403, 449, 501, 503; never 500 for
// what a client can send.
#pragma once
#include <memory>
#include <string>

#include "net/http.hpp"
#include "office/office.hpp"
#include "protocols/activesync/session.hpp"

namespace lockstep::activesync {

struct DoorOptions {
    bool require_policy =
        true; ///< devices must acknowledge the policy before they get data (MS-ASPROV)
    std::chrono::seconds heartbeat_min = limits::kHeartbeatMin;
    std::chrono::seconds heartbeat_max = limits::kHeartbeatMax;
    std::size_t window_max = limits::kEasWindow;
    std::size_t devices_max = 20; ///< per account
    /// Of one device within limits::kBudgetWindow; 0: no limit (W7).
    std::int64_t requests_max = 20'000;
    std::int64_t writes_max = 20'000;
    std::int64_t bytes_max = 4LL << 30;
};

class Door {
public:
    /// `options` is asked for each request, so that a reload takes effect at once.
    Door(office::Office& office, std::function<DoorOptions()> options)
        : office_(office), options_(std::move(options)) {}
    /// Answers a request to /Microsoft-Server-ActiveSync.
    [[nodiscard]] Task<net::Response> serve(net::Request& request, net::Connection& connection);
    /// Writes when devices were last seen; called about once a minute.
    [[nodiscard]] Task<void> flush_seen();

    [[nodiscard]] office::Office& office() { return office_; }
    [[nodiscard]] DoorOptions options() const { return options_(); }
    [[nodiscard]] Sessions& sessions() { return sessions_; }

private:
    office::Office& office_;
    const std::function<DoorOptions()> options_;
    Sessions sessions_;
};

} // namespace lockstep::activesync
