// Sort keys of matches. Spec: RFC 5256 2 and 3, RFC 5957. Invariants: keys are taken once per
// match, so that sorting is n log n comparisons of ready values; ties by owner, then item id.
// Internal to office/.
#pragma once
#include "office/search_match.hpp"

namespace lockstep::office {

struct Keyed {
    SearchHit hit;
    std::int64_t conversation = 0;     ///< only when asked for
    std::vector<std::int64_t> numbers; ///< one for each key; text keys have 0
    std::vector<std::string> texts;    ///< likewise; empty when no key is a text
};
[[nodiscard]] SearchHit hit_of(model::AccountId owner, const store::SearchRow& row);
/// Takes the keys of a match.
class KeyTaker {
public:
    KeyTaker(
        store::Snapshot& snapshot, Matcher& matcher, model::AccountId owner,
        const std::vector<SortKey>& sort
    )
        : snapshot_(snapshot), matcher_(matcher), owner_(owner), sort_(sort) {}
    [[nodiscard]] Keyed take(const store::SearchRow& row);

private:
    [[nodiscard]] std::int64_t number_of(const SortKey& key, const store::SearchRow& row);
    [[nodiscard]] std::string text_of(const SortKey& key, const store::SearchRow& row);
    [[nodiscard]] bool conversation_has(const SortKey& key, const store::SearchRow& row);
    store::Snapshot& snapshot_;
    Matcher& matcher_;
    const model::AccountId owner_;
    const std::vector<SortKey>& sort_;
};
void sort_keyed(std::vector<Keyed>& matches, const std::vector<SortKey>& sort);

} // namespace lockstep::office
