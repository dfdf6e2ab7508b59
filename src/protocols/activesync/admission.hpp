// Admission: the device's row, what it is shown, and whether it may have data at all.
// Spec: MS-ASCMD 2.2.2 (126 term over, 129 blocked, 140 wipe, 142-144 policy, 177 too many
// devices), MS-ASPROV 3.1.5.1; hardening W8-W10. Invariants: a device that must wipe is answered
// nothing but Provision, whatever else is true of it.
#pragma once
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/errors.hpp"

namespace lockstep::activesync {

/// What is known of a device when its request comes.
struct Known {
    office::Device device;
    office::SyncPolicy policy;
    office::Term term;
    std::int64_t policy_mark = 0; ///< of the policy that holds now
};

/// Finds the device's row, or makes it as the rules on new devices say. A row that says the same is
/// not written again. Error too_large: the account has as many devices as it may have.
[[nodiscard]] Task<Result<Known>> register_device(
    Door& door, const directory::Account& account, const eas::Query& query, wbxml::Version version,
    std::string agent
);

/// The error of a sign-in to an account that is disabled or may not use this door; none: it is
/// open.
[[nodiscard]] std::optional<Error> closed_for(const directory::Account& account);
/// Whether the query is that of a device which was ordered to wipe itself: it hears so even when
/// its account is closed (W10).
[[nodiscard]] Task<bool>
must_hear_of_wipe(Door& door, const directory::Account& account, std::string raw_query);

/// Why the command may not run now; none: it may.
[[nodiscard]] std::optional<Common>
barred(const Door& door, const CommandEntry& command, const Exchange& exchange);
/// The HTTP status that stands for it before 14.0.
[[nodiscard]] unsigned http_of(Common status);

/// Counts a request against the device's budget (W7). What is left to wait when it is spent: the
/// device is answered 503 with Retry-After until then, and nobody else is.
[[nodiscard]] std::optional<std::chrono::seconds>
spend(const Exchange& exchange, std::size_t bytes);

/// Reads again what a waiting request may have missed. False: the device or its account is gone,
/// disabled, or may not use this door any more.
[[nodiscard]] Task<Result<bool>> refresh(Exchange& exchange);

/// An entry in the device's log.
[[nodiscard]] Task<Result<>> tell_log(Exchange& exchange, std::string text);

} // namespace lockstep::activesync
