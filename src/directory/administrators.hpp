// Who may administrate the server from the web.
// Invariants: kept as the rule "admin" of the account. Errors: not_found.
#pragma once
#include "directory/directory.hpp"

namespace lockstep::directory {

[[nodiscard]] Task<Result<bool>> is_administrator(Directory& directory, AccountId account);
[[nodiscard]] Task<Result<>>
set_administrator(Directory& directory, AccountId account, bool administrates);

} // namespace lockstep::directory
