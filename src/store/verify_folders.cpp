// verify: the account's own row and its folders, with the counters that their rows lead to.
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "store/verify_exam.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kExamState{"SELECT modseq, next_collection, next_item, floor, epoch, used_bytes FROM "
                         "account_state WHERE account_id = $1"};
constexpr Sql kExamFolderTombstones{
    "SELECT coll_id, modseq, created FROM collection_tombstone WHERE account_id = $1"
};
constexpr Sql kMendModseq{"UPDATE account_state SET modseq = $2 WHERE account_id = $1"};
constexpr Sql kMendNextCollection{
    "UPDATE account_state SET next_collection = $2 WHERE account_id = $1"
};
constexpr Sql kMendNextItem{"UPDATE account_state SET next_item = $2 WHERE account_id = $1"};
constexpr Sql kMendUsed{"UPDATE account_state SET used_bytes = $2 WHERE account_id = $1"};
constexpr Sql kMendFloor{"UPDATE account_state SET floor = $2 WHERE account_id = $1"};
constexpr Sql kMendTotal{"UPDATE collection SET total = $3 WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kMendUnseen{"UPDATE collection SET unseen = $3 WHERE account_id = $1 AND coll_id = $2"
};
constexpr Sql kMendUidnext{
    "UPDATE collection SET uidnext = $3 WHERE account_id = $1 AND coll_id = $2"
};
constexpr Sql kMendHighest{
    "UPDATE collection SET highest = $3 WHERE account_id = $1 AND coll_id = $2"
};
constexpr Sql kMendCreated{
    "UPDATE collection SET created = modseq WHERE account_id = $1 AND coll_id = $2"
};
constexpr Sql kMendUidvalidity{
    "UPDATE collection SET uidvalidity = $3 WHERE account_id = $1 AND coll_id = $2"
};
constexpr Sql kMendRole{"UPDATE collection SET role = 0 WHERE account_id = $1 AND coll_id = $2"};
constexpr Sql kMendParent{"UPDATE collection SET parent_id = 0, name = $3, modseq = $4 WHERE "
                          "account_id = $1 AND coll_id = $2"};
constexpr Sql kMendDropFolderTombstone{
    "DELETE FROM collection_tombstone WHERE account_id = $1 AND modseq = $2 AND coll_id = $3"
};
constexpr Sql kMendMakeFolder{
    "INSERT INTO collection (account_id, coll_id, parent_id, class, role, name, uidvalidity, "
    "uidnext, created, modseq, highest, total, unseen, author) "
    "VALUES ($1, $2, 0, $3, 0, $4, $5, 1, $6, $6, $6, 0, 0, 0)"
};

/// A mend that writes one number of one folder.
std::function<void(Txn&)>
set_number(const Sql& sql, model::AccountId account, std::int64_t folder, std::int64_t value) {
    return [&sql, account, folder, value](Txn& txn) { txn.exec(sql, account, folder, value); };
}
std::function<void(Txn&)> set_number(const Sql& sql, model::AccountId account, std::int64_t value) {
    return [&sql, account, value](Txn& txn) { txn.exec(sql, account, value); };
}

std::string is_not(std::int64_t stored, std::int64_t counted) {
    return fmt::format("stored {}, counted {}", stored, counted);
}

std::int64_t random_positive() {
    std::int64_t value = 0;
    const auto bytes = random_bytes(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return (value & 0x3FFFFFFFFFFFFFFF) + 1;
}

} // namespace

void Examined::add(
    std::string_view word, std::string where, std::string text, Remedy remedy,
    std::function<void(Txn&)> mend
) {
    if (found.size() >= limits::kVerifyFindings) {
        ++dropped;
        return;
    }
    found.push_back(
        {{std::string(word), std::move(where), std::move(text), false}, remedy, std::move(mend)}
    );
}

std::string AccountExam::here(std::string_view rest) const {
    return fmt::format("account {}{}{}", account_.value, rest.empty() ? "" : " ", rest);
}

void AccountExam::run() {
    if (!read_state())
        return;
    ++out_.tally.accounts;
    check_folder_rows();
    check_parents();
    scan_items();
    scan_tombstones();
    scan_window_moves();
    scan_folder_tombstones();
    scan_digests();
    check_search();
    check_beside_mail();
    compare_folders();
    compare_state();
    check_blobs();
    check_devices();
    check_sync_states();
    check_client_ops();
    check_jobs();
}

bool AccountExam::read_state() {
    auto row = snapshot_.query(kExamState, account_);
    if (!row.next()) {
        // Nothing at all: it was removed since it was found.
        if (next_account_here(snapshot_, {account_.value - 1}) != account_)
            return false;
        out_.add(
            "account-without-state", here(), "its rows have no counters", Remedy::repair,
            [account = account_](Txn& txn) {
                create_account_state(txn, account, random_positive());
            }
        );
        return false;
    }
    state_.modseq = row.id<model::ChangeSeq>(0);
    next_collection_ = row.i64(1);
    next_item_ = row.i64(2);
    state_.floor = row.id<model::ChangeSeq>(3);
    state_.epoch = row.i64(4);
    state_.used_bytes = row.i64(5);
    return true;
}

AccountExam::Folder* AccountExam::folder(std::int64_t id) {
    const auto found = folders_.find(id);
    return found == folders_.end() ? nullptr : &found->second;
}

void AccountExam::check_folder_rows() {
    std::map<model::Role, std::int64_t> roles;
    for (auto& row : list_collections(snapshot_, account_)) {
        ++out_.tally.folders;
        const auto id = row.id.value;
        const auto where = here(fmt::format("folder {}", id));
        last_collection_ = std::max(last_collection_, id);
        saw(row.modseq.value);
        const auto item_class = static_cast<int>(row.item_class);
        if (item_class < 1 || item_class > 5)
            out_.add("folder-class", where, fmt::format("there is no class {}", item_class));
        if (row.created > row.modseq)
            out_.add(
                "folder-sequence", where, "made after its last change", Remedy::repair,
                [account = account_, id](Txn& txn) { txn.exec(kMendCreated, account, id); }
            );
        if (row.uidvalidity < 1 || row.uidvalidity > 0xFFFFFFFF)
            out_.add(
                "folder-uidvalidity", where, fmt::format("{} is none", row.uidvalidity),
                Remedy::repair,
                set_number(kMendUidvalidity, account_, id, (state_.epoch + id) % 0x7FFFFFFF + 1)
            );
        if (row.role != model::Role::none && !roles.emplace(row.role, id).second)
            out_.add(
                "folder-role", where, fmt::format("has the role of folder {}", roles.at(row.role)),
                Remedy::repair,
                [account = account_, id](Txn& txn) { txn.exec(kMendRole, account, id); }
            );
        Folder each;
        each.highest = std::max(row.created.value, std::int64_t{0});
        each.row = std::move(row);
        folders_.emplace(id, std::move(each));
    }
}

void AccountExam::check_parents() {
    for (const auto& [id, each] : folders_) {
        // A way up that is longer than there are folders goes in a circle.
        auto above = each.row.parent.value;
        std::size_t steps = 0;
        while (above != 0 && folder(above) != nullptr && steps <= folders_.size()) {
            above = folder(above)->row.parent.value;
            ++steps;
        }
        const bool own_parent_is_missing =
            each.row.parent && folder(each.row.parent.value) == nullptr;
        if (steps <= folders_.size() && !own_parent_is_missing)
            continue;
        out_.add(
            "folder-parent", here(fmt::format("folder {}", id)),
            own_parent_is_missing ? "its parent is not there" : "lies inside itself",
            Remedy::repair,
            [account = account_, id, name = each.row.name](Txn& txn) {
                const auto seq = txn.modseq(account);
                txn.exec(kMendParent, account, id, fmt::format("{} ({})", name, id), seq);
                txn.touched({account, {}, seq, {}});
            }
        );
        if (!own_parent_is_missing)
            return; // one folder at the top opens the circle
    }
}

/// Rows that lie in no folder get it back: nothing is thrown away.
void AccountExam::missing_folder(model::CollectionId id, model::ItemClass item_class) {
    if (!missing_.emplace(id.value, true).second)
        return;
    out_.add(
        "item-without-folder", here(fmt::format("folder {}", id.value)), "is not there",
        Remedy::repair,
        [account = account_, id, item_class, epoch = state_.epoch](Txn& txn) {
            const auto seq = txn.modseq(account);
            txn.exec(
                kMendMakeFolder, account, id, item_class, fmt::format("Recovered {}", id.value),
                (epoch + id.value) % 0x7FFFFFFF + 1, seq
            );
            txn.touched({account, {}, seq, {}});
        }
    );
}

void AccountExam::scan_folder_tombstones() {
    for (auto row = snapshot_.query(kExamFolderTombstones, account_); row.next();) {
        const auto id = row.i64(0);
        const auto modseq = row.i64(1);
        saw(modseq);
        last_collection_ = std::max(last_collection_, id);
        if (folder(id) != nullptr || row.i64(2) > modseq)
            out_.add(
                "folder-tombstone", here(fmt::format("folder {}", id)),
                folder(id) != nullptr ? "is there still" : "was made after its end", Remedy::repair,
                [account = account_, id, modseq](Txn& txn) {
                    txn.exec(kMendDropFolderTombstone, account, modseq, id);
                }
            );
    }
}

void AccountExam::compare_folders() {
    for (const auto& [id, each] : folders_) {
        const auto where = here(fmt::format("folder {}", id));
        if (each.row.total != each.total)
            out_.add(
                "folder-total", where, is_not(each.row.total, each.total), Remedy::recount,
                set_number(kMendTotal, account_, id, each.total)
            );
        if (each.row.unseen != each.unseen)
            out_.add(
                "folder-unseen", where, is_not(each.row.unseen, each.unseen), Remedy::recount,
                set_number(kMendUnseen, account_, id, each.unseen)
            );
        if (each.row.uidnext.value <= each.last_uid)
            out_.add(
                "folder-uidnext", where, is_not(each.row.uidnext.value, each.last_uid + 1),
                Remedy::recount, set_number(kMendUidnext, account_, id, each.last_uid + 1)
            );
        // Above what its rows say is right when tombstones were forgotten, never above the account.
        const auto bound = std::max(state_.modseq.value, last_modseq_);
        if (each.row.highest.value < each.highest || each.row.highest.value > bound)
            out_.add(
                "folder-highest", where, is_not(each.row.highest.value, each.highest),
                Remedy::recount, set_number(kMendHighest, account_, id, each.highest)
            );
    }
}

void AccountExam::compare_state() {
    if (state_.modseq.value < last_modseq_)
        out_.add(
            "account-modseq", here(), is_not(state_.modseq.value, last_modseq_), Remedy::recount,
            set_number(kMendModseq, account_, last_modseq_)
        );
    if (next_collection_ <= last_collection_)
        out_.add(
            "account-next-folder", here(), is_not(next_collection_, last_collection_ + 1),
            Remedy::recount, set_number(kMendNextCollection, account_, last_collection_ + 1)
        );
    if (next_item_ <= last_item_)
        out_.add(
            "account-next-item", here(), is_not(next_item_, last_item_ + 1), Remedy::recount,
            set_number(kMendNextItem, account_, last_item_ + 1)
        );
    if (state_.used_bytes != used_bytes_)
        out_.add(
            "account-used-bytes", here(), is_not(state_.used_bytes, used_bytes_), Remedy::recount,
            set_number(kMendUsed, account_, used_bytes_)
        );
    // Too high a floor only makes devices start afresh.
    if (state_.floor.value < 0 || state_.floor > state_.modseq)
        out_.add(
            "account-floor", here(), fmt::format("{} is out of bounds", state_.floor.value),
            Remedy::repair, set_number(kMendFloor, account_, state_.modseq.value)
        );
    if (state_.epoch <= 0)
        out_.add("account-epoch", here(), fmt::format("{} is no epoch", state_.epoch));
}

} // namespace lockstep::store
