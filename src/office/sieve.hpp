// Sieve: a person's scripts, of which one may be active.
// Spec: RFC 5228; RFC 5804 2 and RFC 9661 (what a store of scripts does). Invariants: a script that
// is stored was read without error; the active one cannot be removed. Errors: bad_syntax ("line N:
// ..." for its author), bad_value (a name), not_found, exists, conflict (it is active), too_large
// (limits::kSieveScripts, kSieveScript).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "office/office.hpp"

namespace lockstep::office {

struct SieveScript {
    std::string name;
    std::string text;
    bool active = false;
};
/// In order of their names.
[[nodiscard]] Task<Result<std::vector<SieveScript>>>
sieve_scripts(Office& office, model::AccountId account);
[[nodiscard]] Task<Result<SieveScript>>
sieve_script(Office& office, model::AccountId account, std::string name);
/// Makes one, or puts another text in its place.
[[nodiscard]] Task<Result<>>
put_sieve_script(Office& office, model::AccountId account, std::string name, std::string text);
[[nodiscard]] Task<Result<>>
rename_sieve_script(Office& office, model::AccountId account, std::string from, std::string to);
[[nodiscard]] Task<Result<>>
drop_sieve_script(Office& office, model::AccountId account, std::string name);
/// An empty name: none is active.
[[nodiscard]] Task<Result<>>
activate_sieve_script(Office& office, model::AccountId account, std::string name);
/// Only whether it can be read. Errors: bad_syntax, too_large.
[[nodiscard]] Result<> check_sieve_script(std::string_view text);

/// The text of the active one. Inside a job of the account's file.
[[nodiscard]] std::optional<std::string>
active_sieve_script(store::Snapshot& snapshot, model::AccountId account);

} // namespace lockstep::office
