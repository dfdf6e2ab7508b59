// Keys of matches, and their comparison.
#include "office/search_order.hpp"

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/subject.hpp"
#include "store/items.hpp"

namespace lockstep::office {
namespace {

using By = SortKey::By;

std::string local_part(const std::vector<mime::Address>& addresses) {
    return addresses.empty() ? std::string() : mime::casemap(addresses.front().local);
}

/// RFC 5957: the name, or the address where there is none.
std::string shown_name_of(const std::vector<mime::Address>& addresses) {
    if (addresses.empty())
        return {};
    const auto& first = addresses.front();
    return mime::casemap(first.name.empty() ? first.text() : first.name);
}

bool has_keyword(
    store::Snapshot& snapshot, Office& office, const model::Item& row, const std::string& keyword
) {
    SearchItem item(snapshot, office, row);
    return item.keywords().contains(keyword);
}

bool conversation_has(SearchItem& item, const SortKey& by) {
    const auto mails = mails_of_conversation(
        item.snapshot(), item.item().owner, item.conversation(), limits::kThreadMails
    );
    for (const auto id : mails) {
        const auto mail = store::find_item(item.snapshot(), item.item().owner, id);
        if (mail && has_keyword(item.snapshot(), item.office(), *mail, by.keyword) != by.all)
            return !by.all;
    }
    return by.all;
}

} // namespace

SearchOrder::SearchOrder(const std::vector<SortKey>& sort, const Condition& condition)
    : sort_(sort) {
    if (sort_.empty())
        sort_.push_back({By::received, true, {}, false});
    std::vector<const Condition*> open{&condition};
    while (!open.empty()) {
        const auto* each = open.back();
        open.pop_back();
        if (each->kind == Condition::Kind::words)
            words_.push_back(each);
        for (const auto& child : each->children)
            open.push_back(&child);
    }
}

std::int64_t SearchOrder::relevance(SearchItem& item) const {
    std::int64_t found = 0;
    for (const auto* words : words_) {
        const auto text = mime::casemap(words->text);
        for (const auto word : split(text, ' '))
            for (const auto field : {SearchField::subject, SearchField::from, SearchField::to})
                if (!word.empty() && item.folded(field, {}).contains(word))
                    ++found;
    }
    return found;
}

SearchOrder::Key SearchOrder::key_of(SearchItem& item, const SortKey& by) const {
    const auto& row = item.item();
    switch (by.by) {
    case By::received:
        return {row.received_us, {}};
    case By::sent:
        return {item.digest().date.value_or(row.received_us / 1'000'000), {}};
    case By::size:
        return {row.size, {}};
    case By::from:
        return {0, local_part(item.digest().from)};
    case By::to:
        return {0, local_part(item.digest().to)};
    case By::cc:
        return {0, local_part(item.digest().cc)};
    case By::subject:
        return {0, mime::casemap(mime::base_subject(item.digest().subject).text)};
    case By::display_from:
        return {0, shown_name_of(item.digest().from)};
    case By::display_to:
        return {0, shown_name_of(item.digest().to)};
    case By::keyword:
        return {item.keywords().contains(by.keyword) ? 0 : 1, {}};
    case By::keyword_conversation:
        return {conversation_has(item, by) ? 0 : 1, {}};
    case By::uid:
        return {row.uid.value, {}};
    case By::relevance:
        return {-relevance(item), {}};
    }
    return {};
}

void SearchOrder::add(SearchItem& item, const SearchHit& hit) {
    Match match{hit, item.conversation(), {}};
    for (const auto& by : sort_)
        match.keys.push_back(key_of(item, by));
    matches_.push_back(std::move(match));
}

bool SearchOrder::before(const Match& a, const Match& b) const {
    for (std::size_t i = 0; i < sort_.size(); ++i) {
        const auto& x = sort_[i].descending ? b.keys[i] : a.keys[i];
        const auto& y = sort_[i].descending ? a.keys[i] : b.keys[i];
        if (x.number != y.number)
            return x.number < y.number;
        if (x.text != y.text)
            return x.text < y.text;
    }
    if (a.hit.owner != b.hit.owner)
        return a.hit.owner < b.hit.owner;
    // Of two that came at once the later one counts as newer.
    return sort_.front().descending ? b.hit.id < a.hit.id : a.hit.id < b.hit.id;
}

std::vector<SearchHit> SearchOrder::take(bool collapse) {
    std::ranges::stable_sort(matches_, [this](const Match& a, const Match& b) {
        return before(a, b);
    });
    std::vector<SearchHit> hits;
    std::set<std::pair<model::AccountId, ConversationId>> seen;
    for (const auto& match : matches_)
        if (!collapse || !match.conversation ||
            seen.emplace(match.hit.owner, match.conversation).second)
            hits.push_back(match.hit);
    return hits;
}

} // namespace lockstep::office
