// From a query to a page: the collections in question, their matches, one order over all, cut.
// Invariants: a list of one or more folders by arrival reads no more than its page.
#include "office/search.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include "base/limits.hpp"
#include "office/search_sort.hpp"
#include "store/items.hpp"

namespace lockstep::office {
namespace {

using Kind = Condition::Kind;
using model::Collection;

constexpr std::size_t kScanStep = 1'000; ///< rows read at once

/// The collections of one owner that are looked at.
struct Field {
    model::AccountId owner;
    std::vector<Collection> collections;
    FoldersBelow below;
};

FoldersBelow below_of(const std::vector<Collection>& all) {
    FoldersBelow below;
    for (const auto& each : all)
        for (auto above = each.parent; above;) {
            if (!below[above.value].insert(each.id).second && above == each.id)
                break;
            const auto next = std::ranges::find(all, above, &Collection::id);
            above = next == all.end() ? model::CollectionId{} : next->parent;
        }
    return below;
}

/// The one folder that the condition asks for, when it asks for one.
const Condition* folder_of(const Condition& condition) {
    if (condition.kind == Kind::folder)
        return &condition;
    if (condition.kind == Kind::all)
        for (const auto& child : condition.children)
            if (const auto* found = folder_of(child))
                return found;
    return nullptr;
}

/// Whether nothing but folder and class is asked for: what the counters answer.
bool is_plain(const Condition& condition) {
    if (condition.kind == Kind::all)
        return std::ranges::all_of(condition.children, is_plain);
    return condition.kind == Kind::folder || condition.kind == Kind::item_class;
}

std::int64_t class_of(const Condition& condition) {
    if (condition.kind == Kind::item_class)
        return condition.number;
    if (condition.kind == Kind::all)
        for (const auto& child : condition.children)
            if (const auto found = class_of(child); found != 0)
                return found;
    return 0;
}

Task<Result<Field>> field_of(
    Office& office, const Owner& owner, const SearchQuery::Scope& scope, const Condition& condition
) {
    CO_TRY(const auto all, co_await all_folders(office, owner.id));
    for (const auto id : scope.collections)
        if (!owner.sees(id) || std::ranges::find(all, id, &Collection::id) == all.end())
            co_return fail(Code::not_found, "no such folder");
    Field field{owner.id, {}, below_of(all)};
    const auto* only = folder_of(condition);
    const auto wanted_class = class_of(condition);
    for (const auto& each : all) {
        if (!owner.sees(each.id))
            continue;
        if (wanted_class != 0 && static_cast<std::int64_t>(each.item_class) != wanted_class)
            continue;
        const auto lies_in = [&](std::int64_t id, bool deep) {
            return each.id.value == id ||
                   (deep && field.below.contains(id) && field.below.at(id).contains(each.id));
        };
        if (only != nullptr && !lies_in(only->number, only->deep))
            continue;
        const bool in_scope = scope.collections.empty() ||
                              std::ranges::any_of(scope.collections, [&](model::CollectionId id) {
                                  return lies_in(id.value, scope.with_subfolders);
                              });
        if (in_scope)
            field.collections.push_back(each);
    }
    co_return field;
}

/// Calls `visit` for each item of a collection, newest first, until it answers false.
template <class Visit>
void each_item(store::Snapshot& snapshot, const Collection& collection, Visit visit) {
    store::EdgePlace end{model::kForever, store::kLastUid};
    for (;;) {
        const auto items = store::items_between(
            snapshot, collection.owner, collection.id, store::Edge::high, {model::kEver, 0}, end,
            false, kScanStep
        );
        for (const auto& item : items)
            if (!visit(item))
                return;
        if (items.size() < kScanStep)
            return;
        end = {items.back().window.high, items.back().uid.value};
    }
}

/// Every match of a field, with its keys.
std::vector<Keyed> matches_of(
    store::Snapshot& snapshot, Office& office, const Field& field, const SearchQuery& query
) {
    Matcher matcher(snapshot, office, field.owner, field.collections, query.condition, field.below);
    KeyTaker keys(snapshot, matcher, field.owner, query.sort);
    std::vector<Keyed> matches;
    matcher.run([&](const store::SearchRow& row) {
        matches.push_back(keys.take(row));
        if (query.collapse_conversations)
            matches.back().conversation =
                store::conversation_of(snapshot, field.owner, row.id).value;
    });
    return matches;
}

/// Leaves the first of each conversation.
void collapse(std::vector<Keyed>& matches) {
    std::set<std::pair<model::AccountId, std::int64_t>> seen;
    std::erase_if(matches, [&seen](const Keyed& each) {
        return each.conversation != 0 && !seen.emplace(each.hit.owner, each.conversation).second;
    });
}

std::vector<SearchHit> hits_of(std::vector<Keyed> matches) {
    std::vector<SearchHit> hits;
    hits.reserve(matches.size());
    for (const auto& each : matches)
        hits.push_back(each.hit);
    return hits;
}

/// A page by arrival of whole folders: the newest `most` of each are enough.
void newest(
    store::Snapshot& snapshot, const Field& field, std::size_t most, std::vector<SearchHit>& hits
) {
    for (const auto& collection : field.collections) {
        std::size_t taken = 0;
        each_item(snapshot, collection, [&](const model::Item& row) {
            hits.push_back(
                {row.owner, row.collection, row.uid, row.id, row.item_class, row.received_us,
                 row.modseq}
            );
            return ++taken < most;
        });
    }
}

/// Whether the newest few of each folder are all that the page needs.
bool is_newest_page(const SearchQuery& query) {
    const bool by_arrival = query.sort.empty() || (query.sort.front().by == SortKey::By::received &&
                                                   query.sort.front().descending);
    return by_arrival && query.position >= 0 && !query.anchor && !query.collapse_conversations &&
           is_plain(query.condition);
}

Task<Result<SearchPage>>
newest_page(Office& office, const SearchQuery& query, const std::vector<Field>& fields) {
    SearchPage page;
    const auto most = static_cast<std::size_t>(query.position) + query.limit;
    std::vector<SearchHit> hits;
    for (const auto& field : fields) {
        for (const auto& each : field.collections)
            page.total += static_cast<std::size_t>(each.total);
        std::function<Result<bool>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                             ) -> Result<bool> {
            newest(snapshot, field, std::max<std::size_t>(most, 1), hits);
            return true;
        };
        const auto done = co_await office.db.read<bool>(field.owner, std::move(work));
        if (!done)
            co_return std::unexpected(done.error());
    }
    std::ranges::sort(hits, [](const SearchHit& a, const SearchHit& b) {
        return std::tie(b.received_us, a.owner, b.id) < std::tie(a.received_us, b.owner, a.id);
    });
    page.position = static_cast<std::size_t>(query.position);
    for (auto i = page.position; i < hits.size() && page.hits.size() < query.limit; ++i)
        page.hits.push_back(hits[i]);
    co_return page;
}

Result<SearchPage> cut(const SearchQuery& query, std::vector<SearchHit> all) {
    SearchPage page;
    page.total = all.size();
    auto begin = query.position;
    if (query.anchor) {
        const auto found = std::ranges::find(all, *query.anchor, &SearchHit::id);
        if (found == all.end())
            return fail(Code::not_found, "the anchor is not among the results");
        begin = std::max<std::int64_t>(0, (found - all.begin()) + query.position);
    } else if (begin < 0) {
        begin = std::max<std::int64_t>(0, static_cast<std::int64_t>(all.size()) + begin);
    }
    page.position = static_cast<std::size_t>(begin);
    for (auto i = page.position; i < all.size() && page.hits.size() < query.limit; ++i)
        page.hits.push_back(all[i]);
    return page;
}

Task<Result<std::vector<Field>>>
fields_of(Office& office, const Actor& actor, const SearchQuery& query) {
    CO_TRY(const auto all, co_await owners(office, actor));
    auto scopes = query.scopes;
    if (scopes.empty())
        scopes.push_back({actor.account.id, {}, false});
    if (scopes.size() > limits::kSearchOwners)
        co_return fail(Code::too_large, "the query names too many accounts");
    std::vector<Field> fields;
    for (const auto& scope : scopes) {
        const auto owner = std::ranges::find(all, scope.owner, &Owner::id);
        if (owner == all.end())
            co_return fail(Code::not_found, "no such account");
        CO_TRY(auto field, co_await field_of(office, *owner, scope, query.condition));
        fields.push_back(std::move(field));
    }
    co_return fields;
}

} // namespace

Task<Result<SearchPage>> search(Office& office, const Actor& actor, SearchQuery query) {
    CO_CHECK_OK(check_condition(query.condition));
    if (query.sort.size() > limits::kSearchKeys)
        co_return fail(Code::too_large, "the query has too many sort keys");
    CO_TRY(const auto fields, co_await fields_of(office, actor, query));
    if (is_newest_page(query))
        co_return co_await newest_page(office, query, fields);
    if (query.sort.empty())
        query.sort.push_back({.descending = true});
    std::vector<Keyed> matches;
    for (const auto& field : fields) {
        std::function<Result<std::vector<Keyed>>(store::Snapshot&)> work =
            [&](store::Snapshot& snapshot) -> Result<std::vector<Keyed>> {
            return matches_of(snapshot, office, field, query);
        };
        auto some = co_await office.db.read<std::vector<Keyed>>(field.owner, std::move(work));
        if (!some)
            co_return std::unexpected(some.error());
        matches.insert(
            matches.end(), std::make_move_iterator(some->begin()),
            std::make_move_iterator(some->end())
        );
    }
    sort_keyed(matches, query.sort);
    if (query.collapse_conversations)
        collapse(matches);
    co_return cut(query, hits_of(std::move(matches)));
}

Result<std::vector<SearchHit>> search_folder(
    store::Snapshot& snapshot, Office& office, const Folder& folder, const Condition& condition
) {
    return sort_folder(snapshot, office, folder, condition, {{.by = SortKey::By::uid}});
}

Result<std::vector<SearchHit>> sort_folder(
    store::Snapshot& snapshot, Office& office, const Folder& folder, const Condition& condition,
    const std::vector<SortKey>& sort
) {
    if (!folder.may(model::Right::read))
        return fail(Code::forbidden, "this folder may not be read");
    if (sort.size() > limits::kSearchKeys)
        return fail(Code::too_large, "a query of too many sort keys");
    CHECK_OK(check_condition(condition));
    const auto owner = folder.collection.owner;
    Matcher matcher(snapshot, office, owner, {folder.collection}, condition, {});
    KeyTaker keys(snapshot, matcher, owner, sort);
    std::vector<Keyed> matches;
    matcher.run([&](const store::SearchRow& row) { matches.push_back(keys.take(row)); });
    sort_keyed(matches, sort);
    return hits_of(std::move(matches));
}

Task<Result<std::vector<SearchHit>>>
sort_folder(Office& office, const Folder& folder, Condition condition, std::vector<SortKey> sort) {
    std::function<Result<std::vector<SearchHit>>(store::Snapshot&)> work =
        [&office, folder, condition = std::move(condition),
         sort = std::move(sort)](store::Snapshot& snapshot) {
            return sort_folder(snapshot, office, folder, condition, sort);
        };
    co_return co_await office.db.read<std::vector<SearchHit>>(
        folder.collection.owner, std::move(work)
    );
}

Task<Result<Threads>>
thread_folder(Office& office, const Folder& folder, Condition condition, Threading threading) {
    std::function<Result<Threads>(store::Snapshot&)> work =
        [&office, folder, condition = std::move(condition), threading](store::Snapshot& snapshot) {
            return thread_folder(snapshot, office, folder, condition, threading);
        };
    co_return co_await office.db.read<Threads>(folder.collection.owner, std::move(work));
}

} // namespace lockstep::office
