// Reading of filters; the depth of operators is bounded.
#include "protocols/jmap/email_filter.hpp"

#include <array>

#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

using office::Condition;
using office::SearchField;
using Kind = office::Condition::Kind;
using Read = std::expected<Condition, MethodError>;

constexpr std::size_t kFilterDepth = 16;

std::unexpected<MethodError> refuse_type(std::string_view name) {
    return refuse("invalidArguments", "the filter's " + std::string(name) + " has another type");
}

Read folder_condition(const Call& call, const json::Value& value) {
    const auto id = value.is_string()
                        ? parse_collection_id(call.resolve(json::view(value.get_string())))
                        : std::nullopt;
    if (!value.is_string())
        return refuse_type("inMailbox");
    return Condition::in_folder(id.value_or(model::CollectionId{}), false);
}

Read other_than(const Call& call, const json::Value& value) {
    if (!value.is_array())
        return refuse_type("inMailboxOtherThan");
    std::vector<Condition> folders;
    for (const auto& each : value.get_array()) {
        auto folder = folder_condition(call, each);
        if (!folder)
            return folder;
        folders.push_back(std::move(*folder));
    }
    return Condition::none_of(std::move(folders));
}

Read date_condition(std::string_view name, Kind kind, const json::Value& value) {
    const auto at =
        value.is_string() ? json::parse_utc_date(json::view(value.get_string())) : std::nullopt;
    return at ? Read(Condition::of(kind, *at)) : refuse_type(name);
}

Read size_condition(std::string_view name, const json::Value& value) {
    const auto size = json::integer_of(value);
    if (!size || *size < 0)
        return refuse_type(name);
    // At least minSize, and below maxSize.
    return name == "minSize" ? Condition::of(Kind::larger, *size - 1)
                             : Condition::of(Kind::smaller, *size);
}

Read keyword_condition(std::string_view name, const json::Value& value) {
    if (!value.is_string())
        return refuse_type(name);
    auto has = Condition::with_keyword(lower(json::view(value.get_string())));
    if (name == "hasKeyword")
        return has;
    if (name == "notKeyword")
        return Condition::none_of({std::move(has)});
    auto in = Condition::of(Kind::in_conversation);
    in.deep = name == "allInThreadHaveKeyword";
    in.children.push_back(std::move(has));
    return name == "noneInThreadHaveKeyword" ? Condition::none_of({std::move(in)}) : in;
}

Read text_condition(std::string_view name, const json::Value& value) {
    constexpr std::array<std::pair<std::string_view, SearchField>, 7> kFields{{
        {"text", SearchField::any},
        {"from", SearchField::from},
        {"to", SearchField::to},
        {"cc", SearchField::cc},
        {"bcc", SearchField::bcc},
        {"subject", SearchField::subject},
        {"body", SearchField::body},
    }};
    if (!value.is_string())
        return refuse_type(name);
    const auto field =
        std::ranges::find(kFields, name, &std::pair<std::string_view, SearchField>::first);
    return Condition::words(field->second, std::string(json::view(value.get_string())));
}

Read header_condition(const json::Value& value) {
    if (!value.is_array() || value.get_array().empty() || value.get_array().size() > 2)
        return refuse_type("header");
    std::vector<std::string> parts;
    for (const auto& each : value.get_array()) {
        if (!each.is_string())
            return refuse_type("header");
        parts.emplace_back(json::view(each.get_string()));
    }
    return Condition::header(parts[0], parts.size() == 2 ? parts[1] : std::string());
}

Read member_condition(const Call& call, std::string_view name, const json::Value& value) {
    if (name == "inMailbox")
        return folder_condition(call, value);
    if (name == "inMailboxOtherThan")
        return other_than(call, value);
    if (name == "before")
        return date_condition(name, Kind::received_before, value);
    if (name == "after")
        return date_condition(name, Kind::received_since, value);
    if (name == "minSize" || name == "maxSize")
        return size_condition(name, value);
    if (name.ends_with("Keyword"))
        return keyword_condition(name, value);
    if (name == "hasAttachment") {
        if (!value.is_bool())
            return refuse_type(name);
        auto has = Condition::of(Kind::attachment);
        return value.get_bool() ? has : Condition::none_of({std::move(has)});
    }
    if (name == "header")
        return header_condition(value);
    return text_condition(name, value);
}

constexpr std::array<std::string_view, 20> kConditions{
    "inMailbox",
    "inMailboxOtherThan",
    "before",
    "after",
    "minSize",
    "maxSize",
    "allInThreadHaveKeyword",
    "someInThreadHaveKeyword",
    "noneInThreadHaveKeyword",
    "hasKeyword",
    "notKeyword",
    "hasAttachment",
    "text",
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "body",
    "header"
};

Read read_condition(const Call& call, const json::Object& object) {
    std::vector<Condition> all;
    for (const auto& member : object) {
        const std::string_view name(member.key().data(), member.key().size());
        if (std::ranges::find(kConditions, name) == kConditions.end())
            return refuse("unsupportedFilter", std::string(name) + " is no condition");
        auto condition = member_condition(call, name, member.value());
        if (!condition)
            return condition;
        all.push_back(std::move(*condition));
    }
    return Condition::all_of(std::move(all));
}

/// One operator under way.
struct FilterLevel {
    std::string operation;
    const json::Array* operands;
    std::size_t next = 0;
    std::vector<Condition> done;
};

Condition close_filter(FilterLevel level) {
    if (level.operation == "AND")
        return Condition::all_of(std::move(level.done));
    return level.operation == "OR" ? Condition::any_of(std::move(level.done))
                                   : Condition::none_of(std::move(level.done));
}

/// Begins an operator; nothing when the object is a condition.
std::expected<std::optional<FilterLevel>, MethodError> operator_of(const json::Object& object) {
    const auto operation = json::text_of(object, "operator");
    if (!operation)
        return std::nullopt;
    const auto* operands = json::find(object, "conditions");
    if ((*operation != "AND" && *operation != "OR" && *operation != "NOT") || operands == nullptr ||
        !operands->is_array())
        return refuse("invalidArguments", "the filter's operator is none");
    return FilterLevel{std::string(*operation), &operands->get_array(), 0, {}};
}

} // namespace

Read read_email_filter(const Call& call, const json::Object& filter) {
    auto top = operator_of(filter);
    if (!top)
        return std::unexpected(std::move(top).error());
    if (!*top)
        return read_condition(call, filter);
    std::vector<FilterLevel> open;
    open.push_back(std::move(**top));
    for (;;) {
        auto& level = open.back();
        if (level.next == level.operands->size()) {
            auto whole = close_filter(std::move(level));
            open.pop_back();
            if (open.empty())
                return whole;
            open.back().done.push_back(std::move(whole));
            continue;
        }
        const auto& each = (*level.operands)[level.next++];
        if (!each.is_object())
            return refuse("invalidArguments", "the filter holds something that is no filter");
        auto below = operator_of(each.get_object());
        if (!below)
            return std::unexpected(std::move(below).error());
        if (*below && open.size() == kFilterDepth)
            return refuse("unsupportedFilter", "the filter is too deep");
        if (*below) {
            open.push_back(std::move(**below));
            continue;
        }
        auto condition = read_condition(call, each.get_object());
        if (!condition)
            return condition;
        level.done.push_back(std::move(*condition));
    }
}

std::expected<std::vector<office::SortKey>, MethodError> read_email_sort(Arguments& arguments) {
    using By = office::SortKey::By;
    constexpr std::array<std::pair<std::string_view, By>, 9> kOrders{{
        {"receivedAt", By::received},
        {"sentAt", By::sent},
        {"size", By::size},
        {"from", By::display_from},
        {"to", By::display_to},
        {"subject", By::subject},
        {"hasKeyword", By::keyword},
        {"allInThreadHaveKeyword", By::keyword_conversation},
        {"someInThreadHaveKeyword", By::keyword_conversation},
    }};
    std::vector<office::SortKey> keys;
    const auto* list = arguments.array("sort");
    if (list == nullptr)
        return keys;
    for (const auto& each : *list) {
        if (!each.is_object())
            return refuse("invalidArguments", "sort holds something that is no comparator");
        const auto& object = each.get_object();
        const auto property = json::text_of(object, "property");
        const auto order = std::ranges::find(
            kOrders, property.value_or(""), &std::pair<std::string_view, By>::first
        );
        if (!property)
            return refuse("invalidArguments", "a comparator names no property");
        if (order == kOrders.end())
            return refuse("unsupportedSort", std::string(*property));
        const auto collation = json::text_of(object, "collation");
        if (collation && *collation != "i;ascii-casemap" && *collation != "i;unicode-casemap")
            return refuse("unsupportedSort", std::string(*collation));
        office::SortKey key;
        key.by = order->second;
        const auto* ascending = json::find(object, "isAscending");
        key.descending = ascending != nullptr && *ascending == json::Value(false);
        key.all = *property == "allInThreadHaveKeyword";
        if (property->ends_with("Keyword")) {
            const auto keyword = json::text_of(object, "keyword");
            if (!keyword)
                return refuse("invalidArguments", "the comparator names no keyword");
            key.keyword = lower(*keyword);
            // The search puts those that have it first; ascending puts false before true.
            key.descending = !key.descending;
        }
        keys.push_back(std::move(key));
    }
    return keys;
}

} // namespace lockstep::jmap
