// Whether one item meets a condition. What a condition needs of the item is read when it is first
// asked for, the cheap before the dear.
// Spec: office/search.hpp. Invariants: inside a job on the item's file; memory is that of one item.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "codec/mime/digest.hpp"
#include "office/conversations.hpp"
#include "office/keywords.hpp"
#include "office/search.hpp"

namespace lockstep::office {

/// An item that is looked at, with what was read of it so far.
class SearchItem {
public:
    SearchItem(store::Snapshot& snapshot, Office& office, const model::Item& item)
        : snapshot_(snapshot), office_(office), item_(item) {}
    SearchItem(const SearchItem&) = delete;
    SearchItem& operator=(const SearchItem&) = delete;

    [[nodiscard]] const model::Item& item() const { return item_; }
    [[nodiscard]] store::Snapshot& snapshot() const { return snapshot_; }
    [[nodiscard]] Office& office() const { return office_; }
    /// Of a mail; an empty one for other items, and for one that is damaged.
    const mime::Digest& digest();
    const MailProps& props();
    const std::set<std::string>& keywords();
    ConversationId conversation();
    /// The text of a field, case-folded (codec/mime/casemap.hpp), at most limits::kSearchText
    /// bytes.
    const std::string& folded(SearchField field, const std::string& name);

private:
    [[nodiscard]] std::string text_of(SearchField field, const std::string& name);
    [[nodiscard]] std::string object_text();
    const std::string& bytes();

    store::Snapshot& snapshot_;
    Office& office_;
    const model::Item& item_;
    std::optional<mime::Digest> digest_;
    std::optional<MailProps> props_;
    std::optional<std::set<std::string>> keywords_;
    std::optional<ConversationId> conversation_;
    std::optional<std::string> bytes_;
    std::map<std::pair<SearchField, std::string>, std::string> folded_;
};

/// `below`: collections with those that lie in them, for Condition::deep.
using FoldersBelow = std::map<std::int64_t, std::set<model::CollectionId>>;
[[nodiscard]] bool meets(SearchItem& item, const Condition& condition, const FoldersBelow& below);
/// Errors: too_large, bad_value: a query beyond limits::kSearch*.
[[nodiscard]] Result<> check_condition(const Condition& condition);
/// A copy in which of each `all` the cheap conditions stand before the dear ones.
[[nodiscard]] Condition cheap_first(Condition condition);

} // namespace lockstep::office
