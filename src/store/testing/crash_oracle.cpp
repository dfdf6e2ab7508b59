// The oracle of the crash tests: whether a store that was recovered from a disk is sound, keeps its
// promises, and works. Invariants: it reads with the store's own code where that gives what a door
// would see, and recounts with SQL of its
//   own what the store keeps as counters.
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "store/testing/crash_store.hpp"

namespace lockstep::store::testing {
namespace {

constexpr Sql kIntegrity{"PRAGMA integrity_check"};
constexpr Sql kSyncStates{"SELECT device_id, state FROM sync_state WHERE account_id = $1"};
constexpr Sql kItems{"SELECT coll_id, uid, modseq, flags, size, blob_hash, uid_text, props FROM "
                     "item WHERE account_id = $1"};
constexpr Sql kGone{"SELECT coll_id, uid, modseq FROM tombstone WHERE account_id = $1"};
constexpr Sql kReferences{"SELECT hash, refs, size FROM blob WHERE account_id = $1"};
constexpr Sql kDigests{"SELECT count(*) FROM item WHERE account_id = $1 AND item_id NOT IN "
                       "(SELECT item_id FROM item_digest WHERE account_id = $1)"};

struct Counted {
    std::int64_t total = 0;
    std::int64_t unseen = 0;
    std::int64_t highest = 0;
    std::int64_t last_uid = 0;
};

/// Collects what is wrong with one account; the first finding counts.
class AccountExam {
public:
    AccountExam(
        CrashStore& store, model::AccountId account, std::map<std::string, std::string>& seen
    )
        : store_(store), account_(account), seen_(seen) {}

    Result<> run(Snapshot& snapshot) {
        auto integrity = snapshot.query(kIntegrity);
        if (!integrity.next() || integrity.str(0) != "ok")
            return wrong("the integrity check fails");
        const auto state = account_state(snapshot, account_);
        if (!state)
            return {};
        state_ = *state;
        seen_[fmt::format("{}/account", account_.value)] = "made";
        CHECK_OK(count_items(snapshot));
        CHECK_OK(compare_folders(snapshot));
        CHECK_OK(compare_blobs(snapshot));
        if (snapshot.scalar(kDigests, account_).value_or(0) != 0)
            return wrong("an item has no digest");
        for (auto rows = snapshot.query(kSyncStates, account_); rows.next();)
            seen_[rows.str(0)] = rows.str(1);
        return {};
    }
    [[nodiscard]] model::ChangeSeq modseq() const { return state_.modseq; }

private:
    [[nodiscard]] std::unexpected<Error> wrong(const std::string& what) const {
        return fail(Code::corrupt, fmt::format("account {}: {}", account_.value, what));
    }

    Result<> count_items(Snapshot& snapshot) {
        std::map<std::int64_t, std::string> names;
        for (const auto& folder : list_collections(snapshot, account_))
            names[folder.id.value] = folder.name;
        for (auto rows = snapshot.query(kItems, account_); rows.next();) {
            if (!names.contains(rows.i64(0)))
                return wrong("an item lies in no folder");
            auto& counted = folders_[rows.i64(0)];
            ++counted.total;
            if ((rows.i64(3) & model::flag::seen) == 0)
                ++counted.unseen;
            note(counted, rows.i64(1), rows.i64(2));
            used_ += rows.i64(4);
            TRY(const auto hash, Hash::from_raw(rows.view(5)));
            ++references_[hash];
            const auto text = fmt::format(
                "{} {} {} {}", names[rows.i64(0)], rows.i64(3), hash.hex().substr(0, 12),
                rows.str(7)
            );
            if (!seen_.emplace(rows.str(6), text).second)
                return wrong("a mail is there twice: " + rows.str(6));
        }
        for (auto rows = snapshot.query(kGone, account_); rows.next();) {
            note(folders_[rows.i64(0)], rows.i64(1), rows.i64(2));
        }
        return {};
    }

    static void note(Counted& counted, std::int64_t uid, std::int64_t modseq) {
        counted.highest = std::max(counted.highest, modseq);
        counted.last_uid = std::max(counted.last_uid, uid);
    }

    Result<> compare_folders(Snapshot& snapshot) {
        const auto folders = list_collections(snapshot, account_);
        if (folders.size() != 2)
            return wrong("an account was made without its folders");
        for (const auto& folder : folders) {
            const auto& counted = folders_[folder.id.value];
            if (folder.total != counted.total)
                return wrong("the number of items of " + folder.name);
            if (folder.unseen != counted.unseen)
                return wrong("the number of unseen items of " + folder.name);
            if (folder.highest.value < counted.highest)
                return wrong("the highest sequence of " + folder.name);
            if (folder.highest > state_.modseq)
                return wrong("a folder is ahead of its account: " + folder.name);
            if (folder.uidnext.value <= counted.last_uid)
                return wrong("a uid would be used again in " + folder.name);
        }
        if (state_.used_bytes != used_)
            return wrong("the number of bytes used");
        return {};
    }

    /// D3, D10: each item's body is there, whole, and counted.
    Result<> compare_blobs(Snapshot& snapshot) {
        std::size_t rows_seen = 0;
        for (auto rows = snapshot.query(kReferences, account_); rows.next(); ++rows_seen) {
            TRY(const auto hash, Hash::from_raw(rows.view(0)));
            const auto at = references_.find(hash);
            if (at == references_.end() || at->second != rows.i64(1))
                return wrong("the references of blob " + hash.hex());
        }
        if (rows_seen != references_.size())
            return wrong("an item's blob has no row");
        for (const auto& [hash, count] : references_) {
            const auto bytes = read_blob(snapshot, store_.files(), account_, hash.raw());
            if (!bytes)
                return wrong(
                    fmt::format("blob {} cannot be read: {}", hash.hex(), bytes.error().text)
                );
            if (blake2b256(*bytes) != hash)
                return wrong("the bytes of blob " + hash.hex());
        }
        return {};
    }

    CrashStore& store_;
    model::AccountId account_;
    std::map<std::string, std::string>& seen_;
    AccountState state_;
    std::map<std::int64_t, Counted> folders_;
    std::map<Hash, std::int64_t> references_;
    std::int64_t used_ = 0;
};

/// The recovered store must work: one delivery, with a body in a file.
Result<> deliver_once(CrashStore& store, model::AccountId account) {
    TRY(const auto blob, make_blob(store.files(), std::string(kInlineBlob + 1, 'z')));
    return store
        .write(
            account,
            [&](Txn& txn) -> Result<> {
                const auto inbox = find_by_role(txn, account, model::Role::inbox);
                if (!inbox)
                    return fail(Code::not_found, "no inbox");
                TRY(const auto item,
                    insert_item(txn, account, {.collection = inbox->id, .blob = blob}));
                return item.modseq > inbox->highest
                           ? Result<>{}
                           : fail(Code::internal, "the sequence did not rise");
            }
        )
        .get();
}

} // namespace

std::string examine(SimFileSystem& disk, const LedgerPage& before, const LedgerPage& after) {
    const auto store = CrashStore::open(disk);
    if (!store)
        return "the store cannot be opened: " + store.error().text;
    std::map<std::string, std::string> seen;
    for (const auto account : kAccounts) {
        AccountExam exam(**store, account, seen);
        const auto sound =
            (*store)->read(account, [&](Snapshot& snapshot) { return exam.run(snapshot); });
        if (!sound)
            return sound.error().text;
        const auto handed_out = before.sequences.find(account);
        if (handed_out != before.sequences.end() && exam.modseq() < handed_out->second) {
            return fmt::format("account {}: the sequence went back (D6)", account.value);
        }
    }
    const auto findings = (*store)->verify();
    if (!findings)
        return "verify ends with " + findings.error().text;
    if (!findings->empty())
        return "verify finds: " + *findings;
    if (auto lost = contradiction(before, after, seen); !lost.empty())
        return lost;
    for (const auto account : kAccounts) {
        if (!seen.contains(fmt::format("{}/account", account.value)))
            continue;
        if (const auto done = deliver_once(**store, account); !done) {
            return fmt::format(
                "account {}: the recovered store refuses a delivery: {}", account.value,
                done.error().text
            );
        }
    }
    return {};
}

} // namespace lockstep::store::testing
