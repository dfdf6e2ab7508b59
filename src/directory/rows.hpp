// The account columns and their reading, shared by the files of this room. Internal to directory/.
#pragma once
#include "directory/directory.hpp"
#include "store/collections.hpp"

#define ACCOUNT_COLUMNS                                                                            \
    "a.account_id, a.domain_id, a.kind, a.local, d.name, a.name, a.language, a.zone, a.verifier, " \
    "a.generation, a.doors, "                                                                      \
    "a.quota_bytes, a.status, a.default_right"
#define ACCOUNT_TABLES "account a JOIN domain d ON d.domain_id = a.domain_id"

namespace lockstep::directory {

/// Values of account.status.
inline constexpr std::int64_t kMaking = 0;
inline constexpr std::int64_t kActive = 1;
inline constexpr std::int64_t kDisabled = 2;

[[nodiscard]] Account read_account(const store::Rows& row);
/// Lower-cased local@domain. Errors: bad_value.
[[nodiscard]] Result<std::string> canonical_address(std::string_view address);
[[nodiscard]] Result<std::string> canonical_domain(std::string_view name);
/// Next value of a named counter of the control file.
[[nodiscard]] std::int64_t next_number(store::Txn& txn, std::string_view counter);

/// Every rule of a scope.
void drop_rules(store::Txn& txn, const std::string& scope);

/// The collections that an account of this kind has from the start.
[[nodiscard]] Result<> make_default_collections(
    store::Txn& txn, AccountId account, AccountKind kind, const std::string& name
);

} // namespace lockstep::directory
