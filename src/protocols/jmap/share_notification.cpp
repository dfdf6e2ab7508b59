// ShareNotification/get, changes, set, query and queryChanges.
// Spec: RFC 9670 3. Invariants: made by the office only; whoever gets them dismisses them.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "office/share_news.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_groupware.hpp"
#include "protocols/jmap/object_query.hpp"
#include "protocols/jmap/share_notification.hpp"
#include "protocols/jmap/type_names.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kShareProperties{
    "id",       "created",   "changedBy", "objectType", "objectAccountId",
    "objectId", "oldRights", "newRights", "name"
};
constexpr std::array<std::string_view, 4> kShareConditions{
    "after", "before", "objectType", "objectAccountId"
};
constexpr std::array<std::string_view, 1> kShareSorts{"created"};

/// Rights in the words that every type of folder shares.
json::Value news_rights(model::Right right) {
    if (right == model::Right::none)
        return nullptr;
    return json::Object{
        {"mayReadFreeBusy", right >= model::Right::free_busy},
        {"mayRead", right >= model::Right::read},
        {"mayReadItems", right >= model::Right::read},
        {"mayWrite", right >= model::Right::edit},
        {"mayWriteAll", right >= model::Right::edit},
        {"mayShare", right >= model::Right::own},
    };
}

json::Object share_object(const office::ShareNews& news) {
    return {
        {"id", "n" + news.id},
        {"created", json::utc_date(news.created_us)},
        {"changedBy",
         json::Object{
             {"name", news.changed_by_name},
             {"email", news.changed_by_address},
             {"principalId", numbered('p', news.changed_by.value)}
         }},
        {"objectType", type_names(news.item_class).folder},
        {"objectAccountId", account_id(news.owner)},
        {"objectId", news.folder ? json::Value(collection_id(news.folder)) : json::Value(nullptr)},
        {"oldRights", news_rights(news.before)},
        {"newRights", news_rights(news.after)},
        {"name", news.folder_name},
    };
}

bool share_meets(const json::Object& news, std::string_view name, const json::Value& value) {
    if (name == "objectType" || name == "objectAccountId")
        return *json::find(news, name) == value;
    const auto at = json::parse_utc_date(*json::text_of(news, "created"));
    const auto than =
        value.is_string() ? json::parse_utc_date(json::view(value.get_string())) : std::nullopt;
    return at && than && (name == "after" ? *at >= *than : *at < *than);
}
std::string share_key(const json::Object& news, std::string_view) {
    return std::string(*json::text_of(news, "id"));
}

const QueryKind& share_query_kind() {
    static constexpr ObjectKind kNone{
        "ShareNotification", model::ItemClass::contact, "", true, nullptr, nullptr
    };
    static const QueryKind kind{kNone, kShareConditions, kShareSorts, share_meets, share_key};
    return kind;
}

/// Other accounts have no notifications for the viewer.
Task<std::expected<office::ShareNewsList, MethodError>>
news_of(Call& call, const office::Owner& owner) {
    if (!owner.own)
        co_return office::ShareNewsList{};
    auto read = co_await office::share_news(call.office(), call.actor());
    CO_GET(auto all, std::move(read));
    co_return all;
}

} // namespace

std::string share_state(const office::ShareNewsState& state) {
    return fmt::format("{}-{}", state.last.empty() ? "0" : state.last, state.dismissed);
}

Task<Outcome> share_notification_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kShareProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    const auto news = co_await news_of(call, *owner);
    if (!news)
        co_return std::unexpected(news.error());
    std::vector<json::Object> shown;
    for (const auto& each : news->all)
        shown.push_back(share_object(each));
    co_return answer_few(
        *request, account_id(owner->id), share_state(news->state), std::move(shown)
    );
}

Task<Outcome> share_notification_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto request = read_changes(object);
    if (!request)
        co_return std::unexpected(request.error());
    const auto news = co_await news_of(call, *owner);
    if (!news)
        co_return std::unexpected(news.error());
    // What was dismissed is not remembered one by one.
    const auto parts = split(request->since, '-');
    if (parts.size() != 2 || parse_int(parts[1]) != news->state.dismissed ||
        (parts[0] != "0" && parts[0].size() != 20))
        co_return refuse("cannotCalculateChanges");
    json::Array created;
    const auto most = request->most.value_or(office::kShareNews);
    auto state = news->state;
    bool more = false;
    for (const auto& each : news->all) {
        if (parts[0] != "0" && each.id <= parts[0])
            continue;
        if (created.size() >= most) {
            more = true;
            break;
        }
        created.emplace_back("n" + each.id);
        state.last = each.id;
    }
    co_return json::Object{
        {"accountId", account_id(owner->id)}, {"oldState", request->since},
        {"newState", share_state(state)},     {"hasMoreChanges", more},
        {"created", std::move(created)},      {"updated", json::Array()},
        {"destroyed", json::Array()},
    };
}

Task<Outcome> share_notification_set(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto request = read_set(call, arguments);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(request.error());
    const auto before = co_await news_of(call, *owner);
    if (!before)
        co_return std::unexpected(before.error());
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = share_state(before->state);
    if (request->if_in_state && *request->if_in_state != response.old_state)
        co_return refuse("stateMismatch");
    const MethodError forbidden{"forbidden", {}, {}};
    for (const auto& [key, news] : request->create)
        response.not_created[key] = to_json(forbidden);
    for (const auto& [id, patch] : request->update)
        response.not_updated[request->shown.at(id)] = to_json(forbidden);
    for (const auto& id : request->destroy) {
        Result<> gone = fail(Code::not_found, "no such notification");
        if (owner->own && id.starts_with('n'))
            gone = co_await office::dismiss_share_news(call.office(), call.actor(), id.substr(1));
        if (gone)
            response.destroyed.emplace_back(request->shown.at(id));
        else
            response.not_destroyed[request->shown.at(id)] = to_json(set_error(gone.error()));
    }
    const auto after = co_await news_of(call, *owner);
    if (!after)
        co_return std::unexpected(after.error());
    co_return response.take(share_state(after->state));
}

Task<Outcome> share_notification_query(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto page = read_page(arguments);
    ObjectFilter filter;
    if (const auto* given = arguments.object("filter")) {
        auto read = ObjectFilter::read(call, *given, share_query_kind());
        if (!read)
            co_return std::unexpected(std::move(read).error());
        filter = std::move(*read);
    }
    const auto orders = read_object_order(arguments, share_query_kind());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!orders)
        co_return std::unexpected(orders.error());
    const auto news = co_await news_of(call, *owner);
    if (!news)
        co_return std::unexpected(news.error());
    std::vector<Candidate> found;
    for (const auto& each : news->all) {
        auto shown = share_object(each);
        if (filter.meets(shown, share_query_kind()))
            found.push_back({"n" + each.id, std::move(shown)});
    }
    sort_candidates(found, *orders, share_query_kind());
    co_return answer_query(page, *owner, share_state(news->state), found, false);
}

Task<Outcome> share_notification_query_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    co_return refuse("cannotCalculateChanges");
}

} // namespace lockstep::jmap
