// Whether an item meets a condition: one owner's items, inside one job.
// Invariants: the index narrows, the text decides (substring); what is due is judged by its stored
// form; cheap conditions are asked first. Internal to office/.
#pragma once
#include <map>
#include <memory>
#include <set>

#include "codec/mime/digest.hpp"
#include "office/search.hpp"
#include "store/search.hpp"
#include "store/search_rows.hpp"

namespace lockstep::office {

/// Errors: bad_value, too_large (limits::kSearchConditions, kSearchDepth, kSearchTerm).
[[nodiscard]] Result<> check_condition(const Condition& condition);

/// Collections with those that lie in them, for Condition::deep.
using FoldersBelow = std::map<std::int64_t, std::set<model::CollectionId>>;

class Matcher {
public:
    /// `condition` must outlive the matcher and have passed check_condition(). `visible`: the
    /// collections whose items count, in order of their ids.
    Matcher(
        store::Snapshot& snapshot, Office& office, model::AccountId owner,
        std::vector<model::Collection> visible, const Condition& condition, FoldersBelow below
    );
    ~Matcher();
    /// Calls `hit` for every match in the visible collections, in no particular order.
    void run(const std::function<void(const store::SearchRow&)>& hit);
    /// The digest of a mail; an empty one when there is none.
    [[nodiscard]] const mime::Digest& digest_of(const store::SearchRow& row);
    /// How many of the words stand in subject and addresses.
    [[nodiscard]] std::int64_t relevance(model::ItemId item) const;

private:
    struct Node;
    [[nodiscard]] std::unique_ptr<Node> prepare(const Condition& condition);
    void prepare_words(Node& node);
    void prepare_substring(Node& node);
    [[nodiscard]] bool meets(const Node& node, const store::SearchRow& row);
    [[nodiscard]] bool meets_text(const Node& node, const store::SearchRow& row);
    [[nodiscard]] bool conversation_meets(const Node& node, const store::SearchRow& row);
    [[nodiscard]] bool contains(const Node& node, const store::SearchText& text) const;
    [[nodiscard]] bool sent_day_meets(const Condition& condition, const store::SearchRow& row);
    [[nodiscard]] const store::SearchText& text_of(const store::SearchRow& row);
    [[nodiscard]] bool is_due(model::ItemId item) const;
    [[nodiscard]] bool is_visible(model::CollectionId collection) const;
    [[nodiscard]] std::optional<std::vector<model::ItemId>> candidates(const Node& node) const;

    store::Snapshot& snapshot_;
    Office& office_;
    const model::AccountId owner_;
    const std::vector<model::Collection> visible_;
    const FoldersBelow below_;
    std::vector<model::ItemId> due_;
    std::unique_ptr<Node> root_;
    model::ItemId text_item_, digest_item_;
    store::SearchText text_;
    mime::Digest digest_;
};

} // namespace lockstep::office
