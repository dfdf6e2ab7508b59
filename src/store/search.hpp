// The search index of a shard: of each item the folded text, by which any substring is found, and
// its words. Written behind the changes: search_due says of which items the index is not as they
// are. Invariants: each item is due, or its entry was made of its present body; entries of items
// that are gone are due, too, and harm nobody: whoever searches looks at the items. What finds
// words is the engine's own (SQLite: FTS5), hidden here. Errors: corrupt (a text that does not
// unpack).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/model.hpp"
#include "store/database.hpp"

namespace lockstep::store {

/// An item's text, folded as comparisons want it (codec/mime/casemap).
struct SearchText {
    std::string header; ///< lines "NAME:VALUE\n"
    std::string body;
    friend bool operator==(const SearchText&, const SearchText&) = default;
};
/// The same for words, by field; folded, too.
struct SearchWords {
    std::string from, to, cc, bcc, subject, body, attachment;
};
/// What the word index gets of a text. The same text gives the same words, so that they can be
/// taken out again.
[[nodiscard]] SearchWords words_of(const SearchText& text);
/// The values of a header field (upper case), one a line.
[[nodiscard]] std::string values_of(const SearchText& text, std::string_view name);

/// The folded text without the marks (U+0300 to U+036F) that folding made characters of their own:
/// words compare without them.
[[nodiscard]] std::string without_marks(std::string_view folded);

/// The index no longer fits the item (it is new, has another body, or is gone). One row.
void mark_for_search(Txn& txn, model::AccountId account, model::ItemId item);
/// Marks everything of the account anew.
void mark_all_for_search(Txn& txn, model::AccountId account);
struct DueItem {
    model::AccountId account;
    model::ItemId item;
};
/// Of the whole shard, oldest first, at most `limit`.
[[nodiscard]] std::vector<DueItem> due_for_search(Snapshot& snapshot, std::size_t limit);
/// Of one account, in order.
[[nodiscard]] std::vector<model::ItemId>
due_for_search(Snapshot& snapshot, model::AccountId account, std::size_t limit);

/// Puts the text in the place of what was there; the item is no longer due.
void put_search_text(
    Txn& txn, model::AccountId account, model::ItemId item, const SearchText& text
);
/// Takes everything of the item out; it is no longer due.
void drop_search_text(Txn& txn, model::AccountId account, model::ItemId item);
/// Takes everything of the account out, words included.
void drop_search_texts(Txn& txn, model::AccountId account);

/// Error: not_found (nothing is indexed), corrupt.
[[nodiscard]] Result<SearchText>
find_search_text(Snapshot& snapshot, model::AccountId account, model::ItemId item);
/// Indexed items whose text may hold the (folded) needle, in order of their ids. Every item that
/// does hold it is among them.
[[nodiscard]] std::vector<model::ItemId>
may_contain(Snapshot& snapshot, model::AccountId account, std::string_view needle);

enum class WordField { any, from, to, cc, bcc, subject, body, attachment };
/// Indexed items in whose field each of the words begins a word; in order of their ids. A word
/// holds no blanks.
[[nodiscard]] std::vector<model::ItemId> with_words(
    Snapshot& snapshot, model::AccountId account, WordField field,
    const std::vector<std::string>& words
);

} // namespace lockstep::store
