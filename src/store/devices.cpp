// SQL of devices, sync states and client operations.
#include "store/devices.hpp"

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "store/settings.hpp"

namespace lockstep::store {
namespace {

using model::AccountId;
using model::AuthorId;
using model::CollectionId;

#define DEVICE_COLUMNS                                                                             \
    "device_id, author, kind, agent, version, policy_key, policy_state, info, ping, status, "      \
    "created_us, seen_us, title, paused, policy_mark, wipe_kind, wipe_state, wipe_us"

constexpr Sql kFindDevice{"SELECT " DEVICE_COLUMNS
                          " FROM device WHERE account_id = $1 AND device_id = $2"};
constexpr Sql kListDevices{"SELECT " DEVICE_COLUMNS
                           " FROM device WHERE account_id = $1 ORDER BY device_id"};
constexpr Sql kPutDevice{"INSERT INTO device (account_id, " DEVICE_COLUMNS
                         ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
                         "$15, $16, $17, $18, $19) "
                         "ON CONFLICT (account_id, device_id) DO UPDATE SET kind = excluded.kind, "
                         "agent = excluded.agent, version = excluded.version, "
                         "policy_key = excluded.policy_key, policy_state = excluded.policy_state, "
                         "info = excluded.info, ping = excluded.ping, "
                         "status = excluded.status, seen_us = excluded.seen_us, "
                         "title = excluded.title, paused = excluded.paused, "
                         "policy_mark = excluded.policy_mark, wipe_kind = excluded.wipe_kind, "
                         "wipe_state = excluded.wipe_state, wipe_us = excluded.wipe_us"};
constexpr Sql kDropDevice{"DELETE FROM device WHERE account_id = $1 AND device_id = $2"};
constexpr Sql kLastEvent{
    "SELECT max(event_id) FROM device_event WHERE account_id = $1 AND device_id = $2"
};
constexpr Sql kAddEvent{"INSERT INTO device_event (account_id, device_id, event_id, at_us, text) "
                        "VALUES ($1, $2, $3, $4, $5)"};
constexpr Sql kTrimEvents{
    "DELETE FROM device_event WHERE account_id = $1 AND device_id = $2 AND event_id <= $3"
};
constexpr Sql kListEvents{"SELECT at_us, text FROM device_event WHERE account_id = $1 AND "
                          "device_id = $2 ORDER BY event_id DESC"};
constexpr Sql kDropEvents{"DELETE FROM device_event WHERE account_id = $1 AND device_id = $2"};
constexpr Sql kListStates{"SELECT owner_id, coll_id, state FROM sync_state WHERE account_id = $1 "
                          "AND device_id = $2 ORDER BY owner_id, coll_id"};
constexpr Sql kFindState{"SELECT state FROM sync_state WHERE account_id = $1 AND device_id = $2 "
                         "AND owner_id = $3 AND coll_id = $4"};
constexpr Sql kPutState{"INSERT INTO sync_state (account_id, device_id, owner_id, coll_id, state, "
                        "updated_us) VALUES ($1, $2, $3, $4, $5, $6) "
                        "ON CONFLICT (account_id, device_id, owner_id, coll_id) DO UPDATE SET "
                        "state = excluded.state, updated_us = excluded.updated_us"};
constexpr Sql kDropStates{"DELETE FROM sync_state WHERE account_id = $1 AND device_id = $2"};
constexpr Sql kFindOp{"SELECT uid FROM client_op WHERE account_id = $1 AND author = $2 AND coll_id "
                      "= $3 AND client_id = $4"};
constexpr Sql kAddOp{"INSERT INTO client_op (account_id, author, coll_id, client_id, uid, "
                     "expires_us) VALUES ($1, $2, $3, $4, $5, $6) "
                     "ON CONFLICT (account_id, author, coll_id, client_id) DO UPDATE SET uid = "
                     "excluded.uid, expires_us = excluded.expires_us"};
constexpr Sql kExpireOps{"DELETE FROM client_op WHERE account_id = $1 AND expires_us < $2"};

Device read_device(const Rows& row) {
    Device d;
    d.id = row.str(0);
    d.author = row.id<AuthorId>(1);
    d.kind = row.str(2);
    d.agent = row.str(3);
    d.version = row.i64(4);
    d.policy_key = row.i64(5);
    d.policy_state = row.i64(6);
    d.info = row.str(7);
    d.ping = row.str(8);
    d.status = row.i64(9);
    d.created_us = row.i64(10);
    d.seen_us = row.i64(11);
    d.title = row.str(12);
    d.paused = row.i64(13) != 0;
    d.policy_mark = row.i64(14);
    d.wipe_kind = row.i64(15);
    d.wipe_state = row.i64(16);
    d.wipe_us = row.i64(17);
    return d;
}

} // namespace

AuthorId author_of(AccountId account, std::string_view device_id) {
    const auto hash = blake2b256(std::to_string(account.value) + "/" + upper(device_id));
    std::int64_t value = 0;
    std::memcpy(&value, hash.bytes.data(), sizeof value);
    return AuthorId{(value & std::numeric_limits<std::int64_t>::max()) | 1};
}

std::optional<Device> find_device(Snapshot& snapshot, AccountId account, const std::string& id) {
    auto rows = snapshot.query(kFindDevice, account, upper(id));
    if (!rows.next())
        return std::nullopt;
    return read_device(rows);
}

std::vector<Device> list_devices(Snapshot& snapshot, AccountId account) {
    std::vector<Device> all;
    for (auto rows = snapshot.query(kListDevices, account); rows.next();)
        all.push_back(read_device(rows));
    return all;
}

void put_device(Txn& txn, AccountId account, const Device& d) {
    txn.exec(
        kPutDevice, account, upper(d.id), d.author, d.kind, d.agent, d.version, d.policy_key,
        d.policy_state, d.info, d.ping, d.status, d.created_us, d.seen_us, d.title,
        d.paused ? 1 : 0, d.policy_mark, d.wipe_kind, d.wipe_state, d.wipe_us
    );
    txn.touched({.account = account, .settings = true});
}

bool remove_device(Txn& txn, AccountId account, const std::string& id) {
    txn.touched({.account = account, .settings = true});
    drop_sync_states(txn, account, id);
    txn.exec(kDropEvents, account, upper(id));
    drop_settings(txn, account, "device:" + upper(id));
    return txn.exec(kDropDevice, account, upper(id)) == 1;
}

void add_device_event(
    Txn& txn, AccountId account, const std::string& device, const DeviceEvent& event
) {
    const auto id = txn.scalar(kLastEvent, account, upper(device)).value_or(0) + 1;
    txn.exec(kAddEvent, account, upper(device), id, event.at_us, event.text);
    txn.exec(
        kTrimEvents, account, upper(device), id - static_cast<std::int64_t>(limits::kDeviceEvents)
    );
}

std::vector<DeviceEvent>
list_device_events(Snapshot& snapshot, AccountId account, const std::string& device) {
    std::vector<DeviceEvent> all;
    for (auto rows = snapshot.query(kListEvents, account, upper(device)); rows.next();)
        all.push_back({rows.i64(0), rows.str(1)});
    return all;
}

std::vector<KeptState>
list_sync_states(Snapshot& snapshot, AccountId account, const std::string& device) {
    std::vector<KeptState> all;
    for (auto rows = snapshot.query(kListStates, account, upper(device)); rows.next();)
        all.push_back({rows.id<AccountId>(0), rows.id<CollectionId>(1), rows.str(2)});
    return all;
}

std::optional<std::string> find_sync_state(
    Snapshot& snapshot, AccountId account, const std::string& device, AccountId owner,
    CollectionId collection
) {
    auto rows = snapshot.query(kFindState, account, upper(device), owner, collection);
    if (!rows.next())
        return std::nullopt;
    return rows.str(0);
}

void put_sync_state(
    Txn& txn, AccountId account, const std::string& device, AccountId owner,
    CollectionId collection, std::string_view state, std::int64_t now_us
) {
    txn.exec(kPutState, account, upper(device), owner, collection, Bytes{state}, now_us);
}

void drop_sync_states(Txn& txn, AccountId account, const std::string& device) {
    txn.exec(kDropStates, account, upper(device));
}

std::optional<model::Uid> find_client_op(
    Snapshot& snapshot, AccountId owner, AuthorId author, CollectionId collection,
    const std::string& client_id
) {
    const auto uid = snapshot.scalar(kFindOp, owner, author, collection, client_id);
    if (!uid)
        return std::nullopt;
    return model::Uid{*uid};
}

void add_client_op(
    Txn& txn, AccountId owner, AuthorId author, CollectionId collection,
    const std::string& client_id, model::Uid uid, std::int64_t now_us
) {
    txn.exec(kExpireOps, owner, now_us);
    txn.exec(kAddOp, owner, author, collection, client_id, uid, now_us + kClientOpLife);
}

} // namespace lockstep::store
