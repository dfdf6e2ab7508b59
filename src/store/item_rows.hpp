// The columns of an item row, shared by the files that write and that read items. Internal to
// store/.
#pragma once
#include "model/model.hpp"
#include "store/sql.hpp"

#define ITEM_COLUMNS                                                                               \
    "account_id, coll_id, uid, item_id, class, modseq, placed, content, foreign_seq, author, "     \
    "creator, win_low, win_high, "                                                                 \
    "flags, received_us, size, blob_hash, uid_text, props, seen_seq, follow_up_seq, labels_seq, "  \
    "verb_seq"

namespace lockstep::store {

/// Reads a row selected with ITEM_COLUMNS.
[[nodiscard]] model::Item read_item(const Rows& row);

} // namespace lockstep::store
