// Filters and orders of objects.
// Spec: RFC 8620 5.5.
#include <algorithm>

#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/object_query.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::size_t kObjectFilterDepth = 16;
constexpr std::size_t kObjectFilterNodes = 256;

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// Creation ids in conditions that name folders.
json::Object resolved(const Call& call, const json::Object& condition) {
    auto out = condition;
    for (auto& member : out)
        if (member.value().is_string() && member.value().get_string().starts_with("#"))
            if (const auto id = call.resolve(json::view(member.value().get_string())); !id.empty())
                member.value() = id;
    return out;
}

} // namespace

std::expected<void, MethodError> ObjectFilter::add(
    const Call& call, const json::Object& object, const QueryKind& kind, std::size_t depth
) {
    if (depth > kObjectFilterDepth || nodes_.size() >= kObjectFilterNodes)
        return refuse("unsupportedFilter", "the filter is too deep or too large");
    const auto at = nodes_.size();
    nodes_.emplace_back();
    const auto* operation = json::find(object, "operator");
    if (operation == nullptr) {
        for (const auto& member : object)
            if (!is_one_of(kind.conditions, {member.key().data(), member.key().size()}))
                return refuse("unsupportedFilter", std::string(member.key()) + " is no condition");
        nodes_[at].condition = resolved(call, object);
        nodes_[at].end = at + 1;
        return {};
    }
    const auto* operands = json::find(object, "conditions");
    const auto word = json::text_of(object, "operator").value_or("");
    if ((word != "AND" && word != "OR" && word != "NOT") || operands == nullptr ||
        !operands->is_array())
        return refuse("invalidArguments", "the filter is no filter");
    for (const auto& each : operands->get_array()) {
        if (!each.is_object())
            return refuse("invalidArguments", "the filter is no filter");
        if (auto added = add(call, each.get_object(), kind, depth + 1); !added)
            return added;
    }
    nodes_[at].operation = word.front();
    nodes_[at].end = nodes_.size();
    return {};
}

std::expected<ObjectFilter, MethodError>
ObjectFilter::read(const Call& call, const json::Object& object, const QueryKind& kind) {
    ObjectFilter filter;
    if (auto added = filter.add(call, object, kind, 0); !added)
        return std::unexpected(std::move(added).error());
    return filter;
}

bool ObjectFilter::node_meets(std::size_t at, const json::Object& object, const QueryKind& kind)
    const {
    const auto& node = nodes_[at];
    if (node.operation == ' ')
        return std::ranges::all_of(node.condition, [&](const auto& member) {
            return member.value().is_null() ||
                   kind.meets(object, {member.key().data(), member.key().size()}, member.value());
        });
    for (auto child = at + 1; child < node.end; child = nodes_[child].end) {
        const bool met = node_meets(child, object, kind);
        if (node.operation == 'A' && !met)
            return false;
        if (node.operation != 'A' && met)
            return node.operation == 'O';
    }
    return node.operation != 'O';
}

bool ObjectFilter::meets(const json::Object& object, const QueryKind& kind) const {
    return nodes_.empty() || node_meets(0, object, kind);
}

const json::Object* ObjectFilter::only_condition() const {
    return nodes_.size() == 1 && nodes_[0].operation == ' ' ? &nodes_[0].condition : nullptr;
}

std::expected<std::vector<ObjectOrder>, MethodError>
read_object_order(Arguments& arguments, const QueryKind& kind) {
    std::vector<ObjectOrder> all;
    const auto* list = arguments.array("sort");
    if (list == nullptr)
        return all;
    for (const auto& each : *list) {
        const auto property =
            each.is_object() ? json::text_of(each.get_object(), "property") : std::nullopt;
        if (!property)
            return refuse("invalidArguments", "sort holds something that is no comparator");
        if (!is_one_of(kind.sorts, *property))
            return refuse("unsupportedSort", std::string(*property));
        const auto* ascending = json::find(each.get_object(), "isAscending");
        all.push_back(
            {std::string(*property), ascending != nullptr && *ascending == json::Value(false)}
        );
    }
    return all;
}

void sort_candidates(
    std::vector<Candidate>& all, const std::vector<ObjectOrder>& orders, const QueryKind& kind
) {
    struct Keyed {
        std::vector<std::string> keys;
        std::size_t index;
    };
    std::vector<Keyed> order;
    for (std::size_t i = 0; i < all.size(); ++i) {
        Keyed keyed{{}, i};
        for (const auto& each : orders)
            keyed.keys.push_back(mime::casemap(kind.sort_key(all[i].object, each.property)));
        order.push_back(std::move(keyed));
    }
    std::ranges::stable_sort(order, [&](const Keyed& a, const Keyed& b) {
        for (std::size_t i = 0; i < orders.size(); ++i)
            if (const auto result = a.keys[i].compare(b.keys[i]); result != 0)
                return orders[i].descending ? result > 0 : result < 0;
        return false;
    });
    std::vector<Candidate> out;
    for (const auto& each : order)
        out.push_back(std::move(all[each.index]));
    all = std::move(out);
}

bool has_words(std::string_view text, std::string_view wanted) {
    const auto folded = mime::casemap(text);
    std::string word;
    char quote = 0;
    const auto missing = [&] {
        const bool absent = !word.empty() && folded.find(mime::casemap(word)) == std::string::npos;
        word.clear();
        return absent;
    };
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const char c = wanted[i];
        if (quote != 0 && c == '\\' && i + 1 < wanted.size()) {
            word += wanted[++i];
        } else if (quote != 0 ? c == quote : is_space(c)) {
            quote = 0;
            if (missing())
                return false;
        } else if (quote == 0 && word.empty() && (c == '"' || c == '\'')) {
            quote = c;
        } else {
            word += c;
        }
    }
    return !missing();
}

std::string all_texts(const json::Value& value) {
    std::string out;
    std::vector<const json::Value*> open{&value};
    while (!open.empty()) {
        const auto* at = open.back();
        open.pop_back();
        if (at->is_string())
            out += std::string(json::view(at->get_string())) + "\n";
        else if (at->is_array())
            for (const auto& each : at->get_array())
                open.push_back(&each);
        else if (at->is_object())
            for (const auto& member : at->get_object())
                open.push_back(&member.value());
    }
    return out;
}

std::string entry_texts(
    const json::Object& object, std::string_view map, std::span<const std::string_view> members
) {
    std::string out;
    const auto* entries = json::find(object, map);
    if (entries == nullptr || !entries->is_object())
        return out;
    for (const auto& entry : entries->get_object()) {
        if (!entry.value().is_object())
            continue;
        for (const auto name : members)
            if (const auto* value = json::find(entry.value().get_object(), name))
                out += all_texts(*value);
    }
    return out;
}

} // namespace lockstep::jmap
