// Email/query and Email/queryChanges.
// Spec: RFC 8621 4.4, 4.5; RFC 8620 5.5, 5.6. Invariants: the state of a query is that of the
// account's mail, so that it changes whenever the results may.
#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "office/changes.hpp"
#include "protocols/jmap/email_filter.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::size_t kChangesResults = 100'000; ///< results looked through by a queryChanges

std::expected<office::SearchQuery, MethodError>
read_query(const Call& call, const office::Owner& owner, Arguments& arguments) {
    office::SearchQuery query;
    query.scopes.push_back({owner.id, {}, false});
    query.condition = office::Condition::of(
        office::Condition::Kind::item_class, static_cast<std::int64_t>(model::ItemClass::mail)
    );
    if (const auto* filter = arguments.object("filter")) {
        auto condition = read_email_filter(call, *filter);
        if (!condition)
            return std::unexpected(std::move(condition).error());
        query.condition =
            office::Condition::all_of({std::move(query.condition), std::move(*condition)});
    }
    auto sort = read_email_sort(arguments);
    if (!sort)
        return std::unexpected(std::move(sort).error());
    query.sort = std::move(*sort);
    query.collapse_conversations = arguments.truth("collapseThreads").value_or(false);
    return query;
}

json::Array hit_ids(const std::vector<office::SearchHit>& hits) {
    json::Array ids;
    for (const auto& hit : hits)
        ids.emplace_back(item_id(hit.id));
    return ids;
}

} // namespace

Task<Outcome> email_query(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto page = read_page(arguments);
    auto query = read_query(call, *owner, arguments);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!query)
        co_return std::unexpected(std::move(query).error());
    auto begun =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::mail);
    CO_GET(const auto shelf, std::move(begun));
    const auto limit =
        std::min<std::uint64_t>(page.limit.value_or(limits::kJmapQuery), limits::kJmapQuery);
    const bool collapse = query->collapse_conversations;
    query->position = page.anchor ? page.anchor_offset : page.position;
    query->limit = static_cast<std::size_t>(limit);
    if (page.anchor) {
        query->anchor = parse_item_id(call.resolve(*page.anchor));
        if (!query->anchor)
            co_return refuse("anchorNotFound");
    }
    const auto found = co_await office::search(call.office(), call.actor(), std::move(*query));
    if (!found && page.anchor && found.error().code == Code::not_found)
        co_return refuse("anchorNotFound");
    if (!found)
        co_return std::unexpected(method_error(found.error()));
    json::Object out{
        {"accountId", account_id(owner->id)}, {"queryState", office::text_of(shelf.items)},
        {"canCalculateChanges", !collapse},   {"position", found->position},
        {"ids", hit_ids(found->hits)},
    };
    if (page.total)
        out["total"] = found->total;
    if (page.limit.value_or(limits::kJmapQuery + 1) > limits::kJmapQuery &&
        found->total > limits::kJmapQuery)
        out["limit"] = limits::kJmapQuery;
    co_return out;
}

Task<Outcome> email_query_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto since = arguments.text("sinceQueryState");
    const auto most = arguments.count("maxChanges");
    const auto up_to = arguments.text("upToId");
    const bool total = arguments.truth("calculateTotal").value_or(false);
    auto query = read_query(call, *owner, arguments);
    if (!since)
        arguments.wrong("sinceQueryState", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!query)
        co_return std::unexpected(std::move(query).error());
    // Which mail stands for a conversation may change with mails that the changes do not name.
    if (query->collapse_conversations)
        co_return refuse("cannotCalculateChanges");
    CO_GET(const auto state, office::parse_type_state(*since));
    auto told = co_await office::item_changes(
        call.office(), call.actor(), *owner, model::ItemClass::mail, state, limits::kJmapChanges
    );
    CO_GET(const auto changes, std::move(told));
    if (changes.more)
        co_return refuse("cannotCalculateChanges");
    query->limit = kChangesResults;
    auto searched = co_await office::search(call.office(), call.actor(), std::move(*query));
    CO_GET(const auto found, std::move(searched));
    if (found.total > kChangesResults)
        co_return refuse("cannotCalculateChanges");
    // What changed may have left or moved: it goes, and comes again where it stands now.
    std::set<std::int64_t> moved(changes.updated.begin(), changes.updated.end());
    json::Array removed, added;
    for (const auto& list : {changes.updated, changes.destroyed})
        for (const auto id : list)
            removed.emplace_back(item_id(model::ItemId{id}));
    moved.insert(changes.created.begin(), changes.created.end());
    for (std::size_t i = 0; i < found.hits.size(); ++i) {
        const auto id = found.hits[i].id;
        if (moved.contains(id.value))
            added.push_back(json::Object{{"id", item_id(id)}, {"index", i}});
        if (up_to && *up_to == item_id(id))
            break;
    }
    if (most && removed.size() + added.size() > *most)
        co_return refuse("tooManyChanges");
    json::Object out{
        {"accountId", account_id(owner->id)},
        {"oldQueryState", *since},
        {"newQueryState", office::text_of(changes.state)},
        {"removed", std::move(removed)},
        {"added", std::move(added)},
    };
    if (total)
        out["total"] = found.total;
    co_return out;
}

} // namespace lockstep::jmap
