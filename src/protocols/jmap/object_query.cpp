// Queries of objects and what changed in their results.
// Spec: RFC 8620 5.5, 5.6.
#include <algorithm>

#include "base/limits.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/object_query.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::size_t kObjectsLookedAt = 50'000; ///< of an account by one query

struct ReadQuery {
    Page page;
    ObjectFilter filter;
    std::vector<ObjectOrder> orders;
};

std::expected<ReadQuery, MethodError>
read_object_query(const Call& call, Arguments& arguments, const QueryKind& kind) {
    ReadQuery query;
    query.page = read_page(arguments);
    if (const auto* filter = arguments.object("filter")) {
        auto read = ObjectFilter::read(call, *filter, kind);
        if (!read)
            return std::unexpected(std::move(read).error());
        query.filter = std::move(*read);
    }
    auto orders = read_object_order(arguments, kind);
    if (!orders)
        return std::unexpected(std::move(orders).error());
    query.orders = std::move(*orders);
    return query;
}

} // namespace

Task<std::expected<std::vector<Candidate>, MethodError>> find_candidates(
    Call& call, const office::Owner& owner, const QueryKind& kind, const ObjectFilter& filter,
    office::ObjectRange range
) {
    auto listed = co_await office::list_objects(
        call.office(), call.actor(), owner, kind.kind.item_class, range, kObjectsLookedAt
    );
    CO_GET(auto ids, std::move(listed));
    std::ranges::sort(ids);
    std::vector<Candidate> out;
    const ShowContext context{call.actor(), owner};
    std::function<void(office::ObjectRecord)> visit = [&](office::ObjectRecord record) {
        auto shown = kind.kind.show(context, record.item, record.bytes);
        if (!shown)
            return;
        add_place(kind.kind, record.item, *shown);
        if (filter.meets(*shown, kind))
            out.push_back({item_id(record.item.id), std::move(*shown)});
    };
    const auto visited = co_await office::visit_objects(
        call.office(), call.actor(), owner, kind.kind.item_class, std::move(ids), std::move(visit)
    );
    if (!visited)
        co_return std::unexpected(method_error(visited.error()));
    co_return out;
}

Outcome answer_query(
    const Page& page, const office::Owner& owner, const std::string& state,
    const std::vector<Candidate>& all, bool can_calculate
) {
    std::vector<std::string> ids;
    for (const auto& each : all)
        ids.push_back(each.id);
    auto out = cut_page(page, ids);
    if (!out)
        return out;
    (*out)["accountId"] = account_id(owner.id);
    (*out)["queryState"] = state;
    (*out)["canCalculateChanges"] = can_calculate;
    return out;
}

Task<Outcome> query_objects(Call& call, const json::Object& object, const QueryKind& kind) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto query = read_object_query(call, arguments, kind);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!query)
        co_return std::unexpected(std::move(query).error());
    auto begun = co_await office::shelf(call.office(), call.actor(), *owner, kind.kind.item_class);
    CO_GET(const auto shelf, std::move(begun));
    auto found = co_await find_candidates(call, *owner, kind, query->filter, {});
    if (!found)
        co_return std::unexpected(std::move(found).error());
    sort_candidates(*found, query->orders, kind);
    if (query->page.anchor)
        query->page.anchor = call.resolve(*query->page.anchor);
    co_return answer_query(query->page, *owner, office::text_of(shelf.items), *found, true);
}

Task<Outcome> query_object_changes(Call& call, const json::Object& object, const QueryKind& kind) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto since = arguments.text("sinceQueryState");
    const auto most = arguments.count("maxChanges");
    const auto up_to = arguments.text("upToId");
    auto query = read_object_query(call, arguments, kind);
    if (!since)
        arguments.wrong("sinceQueryState", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!query)
        co_return std::unexpected(std::move(query).error());
    CO_GET(const auto state, office::parse_type_state(*since));
    auto told = co_await office::item_changes(
        call.office(), call.actor(), *owner, kind.kind.item_class, state, limits::kJmapChanges
    );
    CO_GET(const auto changes, std::move(told));
    if (changes.more)
        co_return refuse("cannotCalculateChanges");
    auto found = co_await find_candidates(call, *owner, kind, query->filter, {});
    if (!found)
        co_return std::unexpected(std::move(found).error());
    sort_candidates(*found, query->orders, kind);
    // What changed may have left or moved: it goes, and comes again where it stands now.
    std::set<std::string> moved;
    json::Array removed, added;
    for (const auto& list : {changes.updated, changes.destroyed})
        for (const auto id : list)
            removed.emplace_back(item_id(model::ItemId{id}));
    for (const auto& list : {changes.updated, changes.created})
        for (const auto id : list)
            moved.insert(item_id(model::ItemId{id}));
    for (std::size_t i = 0; i < found->size(); ++i) {
        const auto& id = (*found)[i].id;
        if (moved.contains(id))
            added.push_back(json::Object{{"id", id}, {"index", i}});
        if (up_to && *up_to == id)
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
    if (query->page.total)
        out["total"] = found->size();
    co_return out;
}

} // namespace lockstep::jmap
