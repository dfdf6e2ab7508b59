// verify: items, tombstones, window moves and digests, in one pass each.
#include <array>

#include <fmt/format.h>

#include "store/verify_exam.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kExamItems{
    "SELECT i.coll_id, i.uid, i.item_id, i.class, i.modseq, i.placed, i.content, i.foreign_seq, "
    "i.flags, i.size, i.win_low, i.win_high, b.size, "
    "(SELECT 1 FROM item_digest d WHERE d.account_id = i.account_id AND d.item_id = i.item_id), "
    "i.seen_seq, i.follow_up_seq, i.labels_seq, i.verb_seq "
    "FROM item i LEFT JOIN blob b ON b.account_id = i.account_id AND b.hash = i.blob_hash "
    "WHERE i.account_id = $1 ORDER BY i.coll_id, i.uid"
};
constexpr Sql kExamTombstones{
    "SELECT t.coll_id, t.uid, t.modseq, t.item_id, t.placed, "
    "(SELECT 1 FROM item i WHERE i.account_id = t.account_id AND i.coll_id = t.coll_id AND i.uid = "
    "t.uid) FROM tombstone t WHERE t.account_id = $1 ORDER BY t.coll_id, t.uid"
};
constexpr Sql kExamMoves{"SELECT coll_id, uid, modseq FROM window_move WHERE account_id = $1"};
constexpr Sql kExamDigests{
    "SELECT d.item_id FROM item_digest d LEFT JOIN item i ON i.account_id = d.account_id AND "
    "i.item_id = d.item_id WHERE d.account_id = $1 AND (i.item_id IS NULL OR i.class <> 1)"
};
constexpr Sql kMendItemSize{
    "UPDATE item SET size = $4 WHERE account_id = $1 AND coll_id = $2 AND uid = $3"
};
constexpr Sql kMendItemSequences{
    "UPDATE item SET placed = $4, content = $5, foreign_seq = $6, seen_seq = $7, follow_up_seq = "
    "$8, "
    "labels_seq = $9, verb_seq = $10 WHERE account_id = $1 AND coll_id = $2 AND uid = $3"
};
constexpr Sql kMendDropTombstone{"DELETE FROM tombstone WHERE account_id = $1 AND coll_id = $2 AND "
                                 "modseq = $3 AND uid = $4"};
constexpr Sql kMendDropMove{"DELETE FROM window_move WHERE account_id = $1 AND coll_id = $2 AND "
                            "uid = $3 AND modseq = $4"};
constexpr Sql kMendDropDigest{"DELETE FROM item_digest WHERE account_id = $1 AND item_id = $2"};

} // namespace

void AccountExam::scan_items() {
    for (auto row = snapshot_.query(kExamItems, account_); row.next();) {
        ++items_;
        ++out_.tally.items;
        last_item_ = std::max(last_item_, row.i64(2));
        saw(row.i64(4));
        used_bytes_ += row.i64(9);
        auto* in = folder(row.i64(0));
        if (in == nullptr) {
            last_collection_ = std::max(last_collection_, row.i64(0));
            missing_folder(
                row.id<model::CollectionId>(0), static_cast<model::ItemClass>(row.i64(3))
            );
            continue;
        }
        check_item(row, *in);
    }
}

void AccountExam::check_item(const Rows& row, Folder& in) {
    const auto folder_id = row.i64(0);
    const auto uid = row.i64(1);
    const auto where = here(fmt::format("folder {} uid {}", folder_id, uid));
    const auto item_class = static_cast<model::ItemClass>(row.i64(3));
    const bool is_mail = item_class == model::ItemClass::mail;
    ++in.total;
    if (is_mail && (row.i64(8) & model::flag::seen) == 0)
        ++in.unseen;
    in.highest = std::max(in.highest, row.i64(4));
    in.last_uid = std::max(in.last_uid, uid);
    check_item_sequences(row, where);
    if (item_class != in.row.item_class)
        out_.add("item-class", where, "is not of its folder's class");
    if (row.i64(10) > row.i64(11))
        out_.add("item-window", where, "ends before it begins");
    if (is_mail && row.null(13))
        out_.add("item-digest", where, "a mail without digest");
    if (!row.null(12) && row.i64(12) != row.i64(9))
        out_.add(
            "item-size", where, fmt::format("stored {}, its body has {}", row.i64(9), row.i64(12)),
            Remedy::recount,
            [account = account_, folder_id, uid, size = row.i64(12)](Txn& txn) {
                txn.exec(kMendItemSize, account, folder_id, uid, size);
            }
        );
}

/// Placed first, changed last, and every part's change in between.
void AccountExam::check_item_sequences(const Rows& row, const std::string& where) {
    const auto modseq = row.i64(4);
    const auto placed = row.i64(5);
    const auto foreign = row.i64(7);
    const auto right_placed =
        std::clamp<std::int64_t>(placed, 1, std::max<std::int64_t>(modseq, 1));
    const auto right_foreign =
        std::clamp<std::int64_t>(foreign, 0, std::max<std::int64_t>(modseq - 1, 0));
    std::array<std::int64_t, 5> parts{};
    bool right = placed == right_placed && foreign == right_foreign;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto part = row.i64(i == 0 ? 6 : 13 + static_cast<int>(i));
        parts[i] = std::clamp(part, right_placed, std::max(modseq, right_placed));
        right = right && part == parts[i];
    }
    if (right)
        return;
    out_.add(
        "item-sequence", where,
        fmt::format(
            "placed {}, content {}, foreign {}, seen {}, follow-up {}, labels {}, verb {}, modseq "
            "{}",
            placed, row.i64(6), foreign, row.i64(14), row.i64(15), row.i64(16), row.i64(17), modseq
        ),
        Remedy::repair,
        [account = account_, folder_id = row.i64(0), uid = row.i64(1), right_placed, right_foreign,
         parts](Txn& txn) {
            txn.exec(
                kMendItemSequences, account, folder_id, uid, right_placed, parts[0], right_foreign,
                parts[1], parts[2], parts[3], parts[4]
            );
        }
    );
}

void AccountExam::scan_tombstones() {
    std::pair<std::int64_t, std::int64_t> previous{0, 0};
    for (auto row = snapshot_.query(kExamTombstones, account_); row.next();) {
        ++out_.tally.tombstones;
        const auto folder_id = row.i64(0);
        const auto uid = row.i64(1);
        const auto modseq = row.i64(2);
        saw(modseq);
        last_item_ = std::max(last_item_, row.i64(3));
        auto* in = folder(folder_id);
        if (in != nullptr) {
            in->highest = std::max(in->highest, modseq);
            in->last_uid = std::max(in->last_uid, uid);
        }
        const char* wrong = nullptr;
        if (in == nullptr)
            wrong = missing_.contains(folder_id) ? nullptr : "of a folder that is not there";
        else if (!row.null(5))
            wrong = "of an item that is there";
        else if (previous == std::pair(folder_id, uid))
            wrong = "of a uid that has one already";
        else if (row.i64(4) < 1 || row.i64(4) > modseq)
            wrong = "of an item that came later";
        previous = {folder_id, uid};
        if (wrong != nullptr)
            out_.add(
                "tombstone", here(fmt::format("folder {} uid {}", folder_id, uid)), wrong,
                Remedy::repair,
                [account = account_, folder_id, modseq, uid](Txn& txn) {
                    txn.exec(kMendDropTombstone, account, folder_id, modseq, uid);
                }
            );
    }
}

void AccountExam::scan_window_moves() {
    for (auto row = snapshot_.query(kExamMoves, account_); row.next();) {
        const auto folder_id = row.i64(0);
        const auto uid = row.i64(1);
        const auto modseq = row.i64(2);
        saw(modseq);
        if (auto* in = folder(folder_id); in != nullptr) {
            in->highest = std::max(in->highest, modseq);
            in->last_uid = std::max(in->last_uid, uid);
        } else if (!missing_.contains(folder_id)) {
            out_.add(
                "window-move", here(fmt::format("folder {} uid {}", folder_id, uid)),
                "of a folder that is not there", Remedy::repair,
                [account = account_, folder_id, uid, modseq](Txn& txn) {
                    txn.exec(kMendDropMove, account, folder_id, uid, modseq);
                }
            );
        }
    }
}

void AccountExam::scan_digests() {
    for (auto row = snapshot_.query(kExamDigests, account_); row.next();) {
        const auto item = row.i64(0);
        out_.add(
            "digest-without-mail", here(fmt::format("item {}", item)), "a digest of no mail",
            Remedy::repair,
            [account = account_, item](Txn& txn) { txn.exec(kMendDropDigest, account, item); }
        );
    }
}

} // namespace lockstep::store
