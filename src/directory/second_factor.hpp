// What a person proves beside the password: codes of an authenticator app, or a passkey.
// Spec: RFC 6238, RFC 4226 5.3 (codes). Hardening A5. Invariants: a code counts once; while a
// person has a second factor, the account's own password opens the web only, and only together with
// it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.hpp"
#include "store/database.hpp"

namespace lockstep::directory {

enum class FactorKind : std::int64_t {
    code = 1,    ///< TOTP; `secret` is shared with the app
    passkey = 2, ///< WebAuthn; `secret` is the credential's id, `key` its public key
};
struct SecondFactor {
    std::int64_t id = 0;
    FactorKind kind = FactorKind::code;
    std::string name;
    std::string secret;
    std::string key;
    std::int64_t counter = 0; ///< the last step that was used, or the passkey's counter
    std::int64_t created_us = 0;
    std::int64_t used_us = 0;
};

/// Those that were confirmed, in order of their ids.
[[nodiscard]] std::vector<SecondFactor>
list_factors(store::Snapshot& snapshot, model::AccountId account);
[[nodiscard]] bool has_factor(store::Snapshot& snapshot, model::AccountId account);
/// Returns the id. The account's generation is raised: what was cached of it is void.
[[nodiscard]] std::int64_t
add_factor(store::Txn& txn, model::AccountId account, const SecondFactor& factor);
/// Whether it was there.
[[nodiscard]] bool remove_factor(store::Txn& txn, model::AccountId account, std::int64_t id);
/// Takes the counter forward; false when it is there or beyond already: it was used before.
[[nodiscard]] bool use_factor(
    store::Txn& txn, model::AccountId account, std::int64_t id, std::int64_t counter,
    std::int64_t now_us
);

/// The code of a step of 30 seconds.
[[nodiscard]] std::string code_of_step(std::string_view secret, std::int64_t step);
/// The step, later than `after`, whose code this is: now, the one before or the one after it.
[[nodiscard]] std::optional<std::int64_t> step_of_code(
    std::string_view secret, std::string_view code, std::int64_t now_us, std::int64_t after
);
/// RFC 4648 6 without padding, as authenticator apps take it.
[[nodiscard]] std::string base32(std::string_view bytes);

} // namespace lockstep::directory
