// Arguments and responses of the standard methods.
#include "protocols/jmap/standard.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {

std::expected<GetRequest, MethodError>
read_get(const Call& call, Arguments& arguments, const std::set<std::string, std::less<>>& known) {
    GetRequest request;
    if (const auto ids = arguments.ids("ids")) {
        if (ids->size() > limits::kJmapGet)
            return refuse("requestTooLarge", "more ids than maxObjectsInGet");
        request.ids.emplace();
        std::set<std::string> seen;
        for (const auto& each : *ids) {
            const auto id = call.resolve(each);
            if (seen.insert(id.empty() ? each : id).second)
                request.ids->push_back(id.empty() ? each : id);
        }
    }
    if (const auto properties = arguments.texts("properties")) {
        for (const auto& each : *properties)
            if (!known.empty() && !known.contains(each))
                return refuse("invalidArguments", fmt::format("{} is no property", each));
        request.properties.emplace(properties->begin(), properties->end());
        request.properties->insert("id");
    }
    return request;
}

json::Object pick(json::Object object, const GetRequest& request) {
    if (!request.properties)
        return object;
    json::Object out;
    for (auto& member : object)
        if (request.wants({member.key().data(), member.key().size()}))
            out[member.key()] = std::move(member.value());
    return out;
}

json::Object GetResponse::take() {
    return {
        {"accountId", account},
        {"state", state},
        {"list", std::move(list)},
        {"notFound", std::move(not_found)},
    };
}

Outcome no_changes(const ChangesRequest& request, std::string account, std::string_view state) {
    if (request.since != state)
        return refuse("cannotCalculateChanges");
    return json::Object{
        {"accountId", std::move(account)}, {"oldState", request.since}, {"newState", request.since},
        {"hasMoreChanges", false},         {"created", json::Array()},  {"updated", json::Array()},
        {"destroyed", json::Array()},
    };
}

json::Object answer_few(
    const GetRequest& request, std::string account, std::string state, std::vector<json::Object> all
) {
    GetResponse response{std::move(account), std::move(state), {}, {}};
    std::set<std::string> found;
    for (auto& each : all) {
        const std::string id(*json::text_of(each, "id"));
        found.insert(id);
        if (!request.ids || std::ranges::find(*request.ids, id) != request.ids->end())
            response.list.push_back(pick(std::move(each), request));
    }
    for (const auto& id : request.ids.value_or(std::vector<std::string>()))
        if (!found.contains(id))
            response.not_found.emplace_back(id);
    return response.take();
}

std::expected<ChangesRequest, MethodError> read_changes(const json::Object& object) {
    Arguments arguments(object);
    const auto since = arguments.text("sinceState");
    const auto most = arguments.count("maxChanges");
    if (!since)
        arguments.wrong("sinceState", "is missing");
    if (most && *most == 0)
        arguments.wrong("maxChanges", "is zero");
    if (auto problem = arguments.problem())
        return std::unexpected(std::move(*problem));
    return ChangesRequest{*since, most};
}

Task<Outcome> answer_changes(
    Call& call, const json::Object& object, model::ItemClass item_class, char letter,
    ChangesOf changes
) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto request = read_changes(object);
    if (!request)
        co_return std::unexpected(request.error());
    CO_GET(const auto state, office::parse_type_state(request->since));
    const auto limit =
        std::min<std::uint64_t>(request->most.value_or(limits::kJmapChanges), limits::kJmapChanges);
    auto found = co_await changes(
        call.office(), call.actor(), *owner, item_class, state, static_cast<std::size_t>(limit)
    );
    CO_GET(const auto told, std::move(found));
    const auto ids = [letter](const std::vector<std::int64_t>& numbers) {
        json::Array list;
        for (const auto number : numbers)
            list.emplace_back(numbered(letter, number));
        return list;
    };
    json::Object out{
        {"accountId", account_id(owner->id)},
        {"oldState", request->since},
        {"newState", office::text_of(told.state)},
        {"hasMoreChanges", told.more},
        {"created", ids(told.created)},
        {"updated", ids(told.updated)},
        {"destroyed", ids(told.destroyed)},
    };
    if (call.name == "Mailbox/changes") {
        // RFC 8621 2.2: which properties changed, when it was counters alone.
        out["updatedProperties"] =
            told.counters_only
                ? json::Value(
                      json::Array{"totalEmails", "unreadEmails", "totalThreads", "unreadThreads"}
                  )
                : json::Value(nullptr);
    }
    co_return out;
}

Page read_page(Arguments& arguments) {
    Page page;
    page.position = arguments.integer("position").value_or(0);
    page.anchor = arguments.text("anchor");
    page.anchor_offset = arguments.integer("anchorOffset").value_or(0);
    page.limit = arguments.count("limit");
    page.total = arguments.truth("calculateTotal").value_or(false);
    return page;
}

std::expected<json::Object, MethodError>
cut_page(const Page& page, const std::vector<std::string>& all) {
    const auto size = static_cast<std::int64_t>(all.size());
    std::int64_t begin =
        page.position < 0 ? std::max<std::int64_t>(0, size + page.position) : page.position;
    if (page.anchor) {
        const auto found = std::ranges::find(all, *page.anchor);
        if (found == all.end())
            return refuse("anchorNotFound");
        begin = std::max<std::int64_t>(0, (found - all.begin()) + page.anchor_offset);
    }
    const auto most =
        std::min<std::uint64_t>(page.limit.value_or(limits::kJmapQuery), limits::kJmapQuery);
    json::Array ids;
    for (auto at = begin; at < size && ids.size() < most; ++at)
        ids.emplace_back(all[static_cast<std::size_t>(at)]);
    json::Object out;
    out["position"] = begin;
    out["ids"] = std::move(ids);
    if (page.total)
        out["total"] = size;
    // RFC 8620 5.5: told when the server set a limit of its own.
    if (page.limit.value_or(limits::kJmapQuery + 1) > limits::kJmapQuery &&
        size > static_cast<std::int64_t>(limits::kJmapQuery))
        out["limit"] = limits::kJmapQuery;
    return out;
}

} // namespace lockstep::jmap
