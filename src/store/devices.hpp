// Devices of an account and their opaque sync states; and what clients' own ids led to.
// Invariants: a device id is a label inside its account (W8); client ids are kept in the owner's
// file and committed with the effect, so that a repeated addition never makes a second item (D5).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "store/database.hpp"

namespace lockstep::store {

struct Device {
    std::string id;         ///< as the client sent it, compared in upper case
    model::AuthorId author; ///< names the device in changes
    std::string kind;       ///< "iPhone"
    std::string agent;
    std::int64_t version = 0; ///< protocol version times ten
    std::int64_t policy_key = 0;
    std::int64_t policy_state = 0;
    std::string info;        ///< what it said of itself, lines "name\tvalue"
    std::string ping;        ///< the last waiting request, packed by its door
    std::int64_t status = 0; ///< 0 allowed, 1 blocked, 2 waits for approval
    std::int64_t created_us = 0;
    std::int64_t seen_us = 0;
    std::string title;            ///< the name that its person gave it
    bool paused = false;          ///< gets nothing new
    std::int64_t policy_mark = 0; ///< of the policy that it acknowledged
    std::int64_t wipe_kind = 0;   ///< these three: office/devices.hpp
    std::int64_t wipe_state = 0;
    std::int64_t wipe_us = 0; ///< when the wipe reached its state
};

/// An entry of a device's log, in words for its person.
struct DeviceEvent {
    std::int64_t at_us = 0;
    std::string text;
};

/// The author id of a device: a hash of account and device id, positive.
[[nodiscard]] model::AuthorId author_of(model::AccountId account, std::string_view device_id);
[[nodiscard]] std::optional<Device>
find_device(Snapshot& snapshot, model::AccountId account, const std::string& id);
[[nodiscard]] std::vector<Device> list_devices(Snapshot& snapshot, model::AccountId account);
/// Inserts or replaces the row.
void put_device(Txn& txn, model::AccountId account, const Device& device);
/// Removes the device with its sync states. False when there is none.
[[nodiscard]] bool remove_device(Txn& txn, model::AccountId account, const std::string& id);

/// Appends to the device's log; of more than limits::kDeviceEvents the oldest go.
void add_device_event(
    Txn& txn, model::AccountId account, const std::string& device, const DeviceEvent& event
);
/// Newest first.
[[nodiscard]] std::vector<DeviceEvent>
list_device_events(Snapshot& snapshot, model::AccountId account, const std::string& device);

/// The packed state of (device, owner, collection); collection none: the folder hierarchy.
[[nodiscard]] std::optional<std::string> find_sync_state(
    Snapshot& snapshot, model::AccountId account, const std::string& device, model::AccountId owner,
    model::CollectionId collection
);
void put_sync_state(
    Txn& txn, model::AccountId account, const std::string& device, model::AccountId owner,
    model::CollectionId collection, std::string_view state, std::int64_t now_us
);
/// A folder whose state is kept for the device, packed as it is.
struct KeptState {
    model::AccountId owner;
    model::CollectionId collection;
    std::string state;
};
/// In order of owners and collections, the hierarchy's (collection none) among them.
[[nodiscard]] std::vector<KeptState>
list_sync_states(Snapshot& snapshot, model::AccountId account, const std::string& device);
void drop_sync_states(Txn& txn, model::AccountId account, const std::string& device);

inline constexpr std::int64_t kClientOpLife = 14LL * 24 * 3600 * 1'000'000; ///< microseconds

/// The uid that an addition with this client id led to; 0 uid for effects without an item (a mail
/// sent).
[[nodiscard]] std::optional<model::Uid> find_client_op(
    Snapshot& snapshot, model::AccountId owner, model::AuthorId author,
    model::CollectionId collection, const std::string& client_id
);
void add_client_op(
    Txn& txn, model::AccountId owner, model::AuthorId author, model::CollectionId collection,
    const std::string& client_id, model::Uid uid, std::int64_t now_us
);

} // namespace lockstep::store
