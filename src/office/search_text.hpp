// What search looks at in an item, whatever its class, and when it is sure to be of today.
// Invariants: bounded by limits::kSearchText; a body that cannot be read gives an empty text, so
// that one damaged blob never stops a search or the indexer.
#pragma once
#include "office/office.hpp"
#include "store/search.hpp"

namespace lockstep::office {

/// The folded text of a stored form.
[[nodiscard]] store::SearchText search_text(model::ItemClass item_class, std::string_view bytes);
/// The same, read from the item's blob. Blocks on the disk.
[[nodiscard]] store::SearchText
search_text_of(store::Snapshot& snapshot, Office& office, const model::Item& item);

/// Words of a query, folded, for the word index.
struct QueryWords {
    std::vector<std::string> words;
    bool indexable = true; ///< the word index splits texts at the same places
};
[[nodiscard]] QueryWords query_words(std::string_view text);
/// Whether a word of the (folded) text begins so.
[[nodiscard]] bool has_word(std::string_view text, std::string_view word);

} // namespace lockstep::office
