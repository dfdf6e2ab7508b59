// The columns of items that searches look at, without the weight of whole items.
// Errors: none; rows come in order of the uids.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "model/model.hpp"
#include "store/sql.hpp"

namespace lockstep::store {

struct SearchRow {
    model::CollectionId collection;
    model::Uid uid;
    model::ItemId id;
    model::ItemClass item_class = model::ItemClass::mail;
    model::ChangeSeq modseq;
    model::Window window;
    std::int64_t flags = 0;
    std::int64_t received_us = 0;
    std::int64_t size = 0;
    std::string props;
};
/// The row given to `look` is used again for the next one.
void each_search_row(
    Snapshot& snapshot, model::AccountId account, model::CollectionId collection,
    const std::function<void(const SearchRow&)>& look
);
[[nodiscard]] std::optional<SearchRow>
find_search_row(Snapshot& snapshot, model::AccountId account, model::ItemId item);

} // namespace lockstep::store
