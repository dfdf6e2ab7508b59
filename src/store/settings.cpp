// SQL of settings.
#include "store/settings.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kFindSetting{
    "SELECT value FROM setting WHERE account_id = $1 AND scope = $2 AND name = $3"
};
constexpr Sql kListSettings{
    "SELECT name, value FROM setting WHERE account_id = $1 AND scope = $2 ORDER BY name"
};
constexpr Sql kPutSetting{
    "INSERT INTO setting (account_id, scope, name, value) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (account_id, scope, name) DO UPDATE SET value = excluded.value"
};
constexpr Sql kDropSetting{"DELETE FROM setting WHERE account_id = $1 AND scope = $2 AND name = $3"
};
constexpr Sql kDropSettings{"DELETE FROM setting WHERE account_id = $1 AND scope = $2"};

} // namespace

std::optional<std::string> find_setting(
    Snapshot& snapshot, model::AccountId account, const std::string& scope, const std::string& name
) {
    auto rows = snapshot.query(kFindSetting, account, scope, name);
    if (!rows.next())
        return std::nullopt;
    return rows.str(0);
}

std::vector<std::pair<std::string, std::string>>
list_settings(Snapshot& snapshot, model::AccountId account, const std::string& scope) {
    std::vector<std::pair<std::string, std::string>> out;
    auto rows = snapshot.query(kListSettings, account, scope);
    while (rows.next())
        out.emplace_back(rows.str(0), rows.str(1));
    return out;
}

void put_setting(
    Txn& txn, model::AccountId account, const std::string& scope, const std::string& name,
    std::string_view value
) {
    txn.exec(kPutSetting, account, scope, name, value);
    txn.touched({.account = account, .settings = true});
}

void drop_setting(
    Txn& txn, model::AccountId account, const std::string& scope, const std::string& name
) {
    txn.exec(kDropSetting, account, scope, name);
    txn.touched({.account = account, .settings = true});
}

void drop_settings(Txn& txn, model::AccountId account, const std::string& scope) {
    txn.exec(kDropSettings, account, scope);
    txn.touched({.account = account, .settings = true});
}

} // namespace lockstep::store
