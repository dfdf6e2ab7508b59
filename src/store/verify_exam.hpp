// The parts of verify: findings with their remedies, and the examination of one account.
// Internal to store/. Invariants: an examination reads one snapshot and changes nothing; a remedy
// runs later, in the transaction whose snapshot was examined.
#pragma once
#include <map>

#include "store/collections.hpp"
#include "store/verify.hpp"

namespace lockstep::store {

enum class Remedy { none, recount, repair };

struct Found {
    Finding finding;
    Remedy remedy = Remedy::none;
    std::function<void(Txn&)> mend;
};

/// What one examination found, and counted.
struct Examined {
    std::vector<Found> found; ///< at most limits::kVerifyFindings
    std::uint64_t dropped = 0;
    VerifyReport tally; ///< counts only

    void
    add(std::string_view word, std::string where, std::string text, Remedy remedy = Remedy::none,
        std::function<void(Txn&)> mend = {});
};

/// A sync state's place, to be held against its owner's counters later.
struct CursorClaim {
    std::string device;
    model::AccountId owner;         ///< of the row
    model::CollectionId collection; ///< of the row
    CursorPlace place;
};

/// Everything of one account that lies in its shard file.
class AccountExam {
public:
    AccountExam(
        Snapshot& snapshot, BlobFiles& files, model::AccountId account,
        const VerifyOptions& options, Examined& out
    )
        : snapshot_(snapshot), files_(files), account_(account), options_(options), out_(out) {}
    void run();
    [[nodiscard]] std::vector<CursorClaim> take_claims() { return std::move(claims_); }

private:
    /// A folder's row beside what its items and tombstones say.
    struct Folder {
        model::Collection row;
        std::int64_t total = 0;
        std::int64_t unseen = 0;
        std::int64_t highest = 0;
        std::int64_t last_uid = 0;
    };

    bool read_state();
    void check_folder_rows();
    void check_parents();
    void scan_items();
    void check_item(const Rows& row, Folder& folder);
    void check_item_sequences(const Rows& row, const std::string& where);
    void missing_folder(model::CollectionId id, model::ItemClass item_class);
    void scan_tombstones();
    void scan_folder_tombstones();
    void scan_window_moves();
    void scan_digests();
    void check_search();
    void check_beside_mail();
    void compare_folders();
    void compare_state();
    void check_blobs();
    void check_blob_range(const std::string& from, const std::string& to);
    void check_blob(
        const Rows& row, const std::string& hash, std::int64_t references, const std::string& where
    );
    void missing_blob(const std::string& hash, std::int64_t references);
    void check_devices();
    void check_sync_states();
    void check_client_ops();
    void check_jobs();

    Folder* folder(std::int64_t id);
    void saw(std::int64_t modseq) { last_modseq_ = std::max(last_modseq_, modseq); }
    [[nodiscard]] std::string here(std::string_view rest = {}) const;

    Snapshot& snapshot_;
    BlobFiles& files_;
    const model::AccountId account_;
    const VerifyOptions& options_;
    Examined& out_;

    AccountState state_;
    std::int64_t next_collection_ = 0;
    std::int64_t next_item_ = 0;
    std::map<std::int64_t, Folder> folders_;
    std::map<std::int64_t, bool> missing_; ///< folders that rows name and that are not there
    std::int64_t last_modseq_ = 0;
    std::int64_t last_collection_ = 0;
    std::int64_t last_item_ = 0;
    std::int64_t used_bytes_ = 0;
    std::uint64_t items_ = 0;
    std::vector<CursorClaim> claims_;
};

/// The control file: names, members, passwords, counters.
void examine_control(Snapshot& snapshot, Examined& out);

/// The next account above `after` that has any row in this shard file; none: there is no more.
[[nodiscard]] std::optional<model::AccountId>
next_account_here(Snapshot& snapshot, model::AccountId after);

/// The next account of the control file above `after` whose rows must be there.
[[nodiscard]] std::optional<model::AccountId>
next_known_account(Snapshot& snapshot, model::AccountId after);
[[nodiscard]] bool account_is_known(Snapshot& snapshot, model::AccountId account);

/// Every file against its name, and every row against its file. Blocks: for worker threads.
[[nodiscard]] Result<>
examine_files(Database& db, BlobFiles& files, const VerifyOptions& options, Examined& out);

} // namespace lockstep::store
