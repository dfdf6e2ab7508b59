// Items: insert, change, move, delete, and the reads from which every cursor derives.
// Spec: docs/store.md. Invariants: row, counters, tombstone, window move and ChangeSeq change
// together (D2); a uid is never reused; `foreign` is the last change by anyone but the author, so
// that a device is not sent its own change while a change of someone else's in between is never
// swallowed. Errors: not_found.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "store/blobs.hpp"
#include "store/database.hpp"

namespace lockstep::store {

struct NewItem {
    model::CollectionId collection;
    model::ItemClass item_class = model::ItemClass::mail;
    model::Window window;
    std::int64_t flags = 0;
    std::int64_t received_us = 0;
    Blob blob;
    std::string uid_text;
    std::string props;
    std::string digest;                          ///< what list views need (mail); may be empty
    std::vector<std::int64_t> conversation_keys; ///< by which a mail finds its conversation
    model::AuthorId author;
    bool held_by_author = false; ///< the author's device made it and has it already
};

struct NewContent {
    Blob blob;
    model::Window window;
    std::string uid_text;
    std::string digest;
    std::vector<std::int64_t> conversation_keys; ///< a mail's new ones; its conversation stays
    model::AuthorId author;
};

/// Where something stands in a collection's changes: everything up to it was seen. Ordered.
struct Cursor {
    model::ChangeSeq seq;
    model::Uid uid; ///< within `seq`
    friend auto operator<=>(const Cursor&, const Cursor&) = default;
};
inline constexpr std::int64_t kLastUid = std::numeric_limits<std::int64_t>::max();

struct Tombstone {
    model::ChangeSeq modseq;
    model::Uid uid;
    model::ItemId id;
    model::ChangeSeq placed;
    model::Window window;
    model::AuthorId author;
    model::AuthorId creator;
    bool moved = false;
};

[[nodiscard]] Result<model::Item>
insert_item(Txn& txn, model::AccountId account, const NewItem& wanted);
/// Which parts of flags and props change; flag::seen is seen by itself.
struct FlagParts {
    bool follow_up = true;
    bool labels = true;
    bool verb = true;
};
/// Sets flags and props (both wholly). Nothing is written, and no ChangeSeq raised, when they are
/// as they were.
[[nodiscard]] Result<> set_flags(
    Txn& txn, const model::Item& item, std::int64_t flags, const std::string& props,
    model::AuthorId author, FlagParts parts = {}
);
[[nodiscard]] Result<> set_content(Txn& txn, const model::Item& item, const NewContent& content);
/// Moves within the account: same item id, new uid in the target, a tombstone in the source.
[[nodiscard]] Result<model::Item>
move_item(Txn& txn, const model::Item& item, model::CollectionId target, model::AuthorId author);
[[nodiscard]] Result<> delete_item(
    Txn& txn, model::AccountId account, model::CollectionId collection, model::Uid uid,
    model::AuthorId author
);

[[nodiscard]] std::optional<model::Item> find_item(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection, model::Uid uid
);
[[nodiscard]] std::optional<model::Item>
find_item(Snapshot& snapshot, model::AccountId account, model::ItemId id);
[[nodiscard]] std::optional<model::Item> find_by_uid_text(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    const std::string& uid_text
);
[[nodiscard]] std::string
find_digest(Snapshot& snapshot, model::AccountId account, model::ItemId id);

/// Live items changed after `since` with a uid below `below`, newest uid first, at most `limit`.
/// The order by uid is what lets an answer be cut anywhere: unlike its ChangeSeq, a uid never
/// moves.
[[nodiscard]] std::vector<model::Item> changed_items(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    model::ChangeSeq since, model::Uid below, std::size_t limit
);
/// Items gone after `after`, in (seq, uid) order, at most `limit`.
[[nodiscard]] std::vector<Tombstone> removed_items(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection, Cursor after,
    std::size_t limit
);
/// The tombstone of a uid, if it is kept still.
[[nodiscard]] std::optional<Tombstone> find_tombstone(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection, model::Uid uid
);
/// The window that the item had after the commit `at`: that before its first later window move, or
/// `now`.
[[nodiscard]] model::Window window_at(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection, model::Uid uid,
    model::ChangeSeq at, model::Window now
);

/// A place in the order of (window edge, uid).
struct EdgePlace {
    std::int64_t at = 0;
    std::int64_t uid = 0;
    friend auto operator<=>(const EdgePlace&, const EdgePlace&) = default;
};
enum class Edge { high, low };
/// Items whose (window.high or .low, uid) lies in [from, to), ascending or descending, at most
/// `limit`.
[[nodiscard]] std::vector<model::Item> items_between(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection, Edge edge,
    EdgePlace from, EdgePlace to, bool ascending, std::size_t limit
);
/// How many items reach from `low` on and begin before `high`. Linear in those that reach so far.
[[nodiscard]] std::int64_t count_inside(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection, std::int64_t low,
    std::int64_t high
);

} // namespace lockstep::store
