// The order of search results: each match leaves its keys, and the whole is sorted once.
// Spec: RFC 5256 3 (keys), RFC 5957, RFC 8621 4.4.2. Invariants: memory is that of the keys.
#pragma once
#include <string>
#include <vector>

#include "office/search_match.hpp"

namespace lockstep::office {

class SearchOrder {
public:
    /// Both must outlive the object. `condition` gives the words that relevance looks for.
    SearchOrder(const std::vector<SortKey>& sort, const Condition& condition);
    void add(SearchItem& item, const SearchHit& hit);
    /// Everything in order; collapsed: only the first of each conversation. Call once.
    [[nodiscard]] std::vector<SearchHit> take(bool collapse);

private:
    struct Key {
        std::int64_t number = 0;
        std::string text;
    };
    struct Match {
        SearchHit hit;
        ConversationId conversation;
        std::vector<Key> keys;
    };
    [[nodiscard]] Key key_of(SearchItem& item, const SortKey& by) const;
    [[nodiscard]] std::int64_t relevance(SearchItem& item) const;
    [[nodiscard]] bool before(const Match& a, const Match& b) const;

    std::vector<SortKey> sort_;
    std::vector<const Condition*> words_;
    std::vector<Match> matches_;
};

} // namespace lockstep::office
