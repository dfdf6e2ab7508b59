// Mail as IMAP lists it: uids of a folder, runs of items with their ready descriptions, and mail
// that is gone but can be brought back. Spec: docs/store.md. Invariants: a description belongs to
// one body (`content`) of its item and goes with it; it may be missing and is then made anew. A
// buried mail holds one reference of its blob until it is forgotten.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/items.hpp"

namespace lockstep::store {

/// Every uid of a folder, ascending.
[[nodiscard]] std::vector<std::uint32_t>
list_uids(Snapshot& snapshot, model::AccountId account, model::CollectionId collection);

/// The smallest uid that is not seen; 0: none.
[[nodiscard]] std::uint32_t
first_unseen(Snapshot& snapshot, model::AccountId account, model::CollectionId collection);
struct Sums {
    std::int64_t size = 0;    ///< bytes of all messages
    std::int64_t deleted = 0; ///< messages that are marked so
};
[[nodiscard]] Sums
sums_of(Snapshot& snapshot, model::AccountId account, model::CollectionId collection);

/// Texts of the wire that are made once for each body.
struct Description {
    std::string envelope;
    std::string body;
    std::string structure;
};
void put_description(Txn& txn, const model::Item& item, const Description& description);

struct DescribedItem {
    model::Item item;
    std::optional<Description> description; ///< only when asked for and there
};
/// Items with from <= uid <= to, ascending, at most `limit`.
[[nodiscard]] std::vector<DescribedItem> items_in(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    std::uint32_t from, std::uint32_t to, bool described, std::size_t limit
);

/// A mail that was removed for good, as its owner may bring it back.
struct Buried {
    model::ItemId id;
    model::CollectionId collection; ///< where it lay
    std::string blob;
    std::string digest;
    std::string message_id;
    std::string props;
    std::int64_t size = 0;
    std::int64_t flags = 0;
    std::int64_t received_us = 0;
    std::int64_t gone_us = 0;
};
/// Keeps what delete_item() is about to remove.
[[nodiscard]] Result<> bury_item(Txn& txn, const model::Item& item, std::int64_t now_us);
/// In order of their going, at most `limit`.
[[nodiscard]] std::vector<Buried>
list_buried(Snapshot& snapshot, model::AccountId account, std::size_t limit);
/// Forgets one, and its reference.
void drop_buried(Txn& txn, model::AccountId account, const Buried& buried);
[[nodiscard]] bool
has_expired_buried(Snapshot& snapshot, model::AccountId account, std::int64_t before_us);
/// Forgets at most `most` of those that went before a time, and answers how many.
std::uint64_t
expire_buried(Txn& txn, model::AccountId account, std::int64_t before_us, std::size_t most);

} // namespace lockstep::store
