// What a device holds of a folder that shows the items of several: one item state for each source.
// Spec: docs/store.md "Sync state". Invariants: the folder's own state comes first; of a folder
// with one source it is that state alone, as item_state.hpp packs it. Errors: corrupt.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sync/item_state.hpp"

namespace lockstep::sync {

struct SourceState {
    model::AccountId owner;
    model::CollectionId collection;
    ItemState state;

    friend bool operator==(const SourceState&, const SourceState&) = default;
};

[[nodiscard]] std::string pack(const std::vector<SourceState>& sources);
/// `owner` and `collection` name the folder itself. At least one source.
[[nodiscard]] Result<std::vector<SourceState>>
unpack_sources(std::string_view bytes, model::AccountId owner, model::CollectionId collection);

} // namespace lockstep::sync
