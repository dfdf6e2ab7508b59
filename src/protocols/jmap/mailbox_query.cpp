// Mailbox/query and Mailbox/queryChanges.
// Spec: RFC 8621 2.3, 2.4. Invariants: mailboxes are few: every query looks at all of them.
#include <algorithm>

#include "base/text.hpp"
#include "office/folder_marks.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/mailbox.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

/// A FilterOperator or FilterCondition, flattened: a condition, or an operator with its operands.
struct Filter {
    std::string operation; ///< AND, OR, NOT; empty: a condition
    const json::Object* condition = nullptr;
    std::vector<Filter> operands;
};

std::expected<Filter, MethodError> read_filter(const json::Object& object, std::size_t depth) {
    if (depth > 16)
        return refuse("unsupportedFilter", "the filter is too deep");
    Filter filter;
    const auto operation = json::text_of(object, "operator");
    if (!operation) {
        for (const auto& member : object) {
            const std::string_view name(member.key().data(), member.key().size());
            if (name != "parentId" && name != "name" && name != "role" && name != "hasAnyRole" &&
                name != "isSubscribed")
                return refuse("unsupportedFilter", std::string(name) + " is no condition");
        }
        filter.condition = &object;
        return filter;
    }
    const auto* operands = json::find(object, "conditions");
    if ((*operation != "AND" && *operation != "OR" && *operation != "NOT") || operands == nullptr ||
        !operands->is_array())
        return refuse("invalidArguments", "the filter is no filter");
    filter.operation = *operation;
    for (const auto& each : operands->get_array()) {
        if (!each.is_object())
            return refuse("invalidArguments", "the filter is no filter");
        auto below = read_filter(each.get_object(), depth + 1);
        if (!below)
            return below;
        filter.operands.push_back(std::move(*below));
    }
    return filter;
}

bool mailbox_meets(const json::Object& condition, const json::Object& mailbox) {
    for (const auto& member : condition) {
        const std::string_view name(member.key().data(), member.key().size());
        const auto& wanted = member.value();
        if (name == "name") {
            const auto text = wanted.is_string() ? json::view(wanted.get_string()) : "";
            if (ifind(*json::text_of(mailbox, "name"), text) == std::string_view::npos)
                return false;
        } else if (name == "hasAnyRole") {
            if (mailbox.at("role").is_null() == (wanted == json::Value(true)))
                return false;
        } else if (mailbox.at(member.key()) != wanted) {
            return false;
        }
    }
    return true;
}

bool meets(const Filter& filter, const json::Object& mailbox) {
    if (filter.operation.empty())
        return filter.condition == nullptr || mailbox_meets(*filter.condition, mailbox);
    const auto holds = [&](const Filter& below) { return meets(below, mailbox); };
    if (filter.operation == "AND")
        return std::ranges::all_of(filter.operands, holds);
    if (filter.operation == "OR")
        return std::ranges::any_of(filter.operands, holds);
    return std::ranges::none_of(filter.operands, holds);
}

struct Order {
    std::string property;
    bool descending = false;
};

std::expected<std::vector<Order>, MethodError> read_sort(Arguments& arguments) {
    std::vector<Order> all;
    const auto* list = arguments.array("sort");
    if (list == nullptr)
        return all;
    for (const auto& each : *list) {
        const auto property =
            each.is_object() ? json::text_of(each.get_object(), "property") : std::nullopt;
        if (!property)
            return refuse("invalidArguments", "sort holds something that is no comparator");
        if (*property != "sortOrder" && *property != "name" && *property != "parent/name")
            return refuse("unsupportedSort", std::string(*property));
        const auto* ascending = json::find(each.get_object(), "isAscending");
        all.push_back(
            {std::string(*property), ascending != nullptr && *ascending == json::Value(false)}
        );
    }
    return all;
}

/// Below 0, 0 or above.
int compare(const json::Object& a, const json::Object& b, const Order& order) {
    int result = 0;
    if (order.property == "sortOrder") {
        const auto x = a.at("sortOrder").to_number<std::int64_t>();
        const auto y = b.at("sortOrder").to_number<std::int64_t>();
        result = x < y ? -1 : x > y ? 1 : 0;
    } else {
        result = lower(*json::text_of(a, "name")).compare(lower(*json::text_of(b, "name")));
    }
    return order.descending ? -result : result;
}

using Mailboxes = std::vector<json::Object>;

void sort(Mailboxes& all, const std::vector<Order>& orders) {
    std::ranges::stable_sort(all, [&](const json::Object& a, const json::Object& b) {
        for (const auto& order : orders)
            if (const int result = compare(a, b, order); result != 0)
                return result < 0;
        return false;
    });
}

/// Every mailbox behind its parent, siblings as they are; `filtered`: one whose parent is not among
/// them goes, too.
Mailboxes as_tree(const Mailboxes& all, bool filtered) {
    Mailboxes out;
    std::vector<std::string> open{""};
    const auto parent_of = [](const json::Object& each) {
        return std::string(json::text_of(each, "parentId").value_or(""));
    };
    const auto is_here = [&](const std::string& id) {
        return std::ranges::any_of(all, [&](const json::Object& each) {
            return *json::text_of(each, "id") == id;
        });
    };
    while (!open.empty()) {
        const auto parent = open.back();
        open.pop_back();
        if (!parent.empty())
            out.push_back(*std::ranges::find_if(all, [&](const json::Object& each) {
                return *json::text_of(each, "id") == parent;
            }));
        for (auto each = all.rbegin(); each != all.rend(); ++each) {
            auto above = parent_of(*each);
            if (!above.empty() && !filtered && !is_here(above))
                above.clear();
            if (above == parent)
                open.emplace_back(*json::text_of(*each, "id"));
        }
    }
    return out;
}

} // namespace

Task<Outcome> mailbox_query(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto page = read_page(arguments);
    const auto* filter_object = arguments.object("filter");
    const auto orders = read_sort(arguments);
    const bool tree = arguments.truth("sortAsTree").value_or(false);
    const bool filter_tree = arguments.truth("filterAsTree").value_or(false);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!orders)
        co_return std::unexpected(orders.error());
    Filter filter;
    if (filter_object != nullptr) {
        auto read = read_filter(*filter_object, 0);
        if (!read)
            co_return std::unexpected(std::move(read).error());
        filter = std::move(*read);
    }
    const json::Object all_of_them{{"accountId", account_id(owner->id)}, {"ids", nullptr}};
    auto got = co_await mailbox_get(call, all_of_them);
    if (!got)
        co_return got;
    Mailboxes found;
    for (auto& each : got->at("list").get_array())
        if (meets(filter, each.get_object()))
            found.push_back(std::move(each.get_object()));
    sort(found, *orders);
    if (tree || filter_tree) {
        auto ordered = as_tree(found, filter_tree);
        if (tree)
            found = std::move(ordered);
        else
            std::erase_if(found, [&](const json::Object& each) {
                return std::ranges::find(ordered, each) == ordered.end();
            });
    }
    std::vector<std::string> ids;
    for (const auto& each : found)
        ids.emplace_back(*json::text_of(each, "id"));
    auto out = cut_page(page, ids);
    if (!out)
        co_return out;
    (*out)["accountId"] = account_id(owner->id);
    (*out)["queryState"] = got->at("state");
    (*out)["canCalculateChanges"] = false;
    co_return out;
}

Task<Outcome> mailbox_query_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    co_return refuse("cannotCalculateChanges");
}

} // namespace lockstep::jmap
