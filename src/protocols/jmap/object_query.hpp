// /query and /queryChanges of cards, events, tasks and notes: conditions on shown objects.
// Spec: RFC 8620 5.5, 5.6. Invariants: what a query looks at is bounded; its state is that of the
// account's items of the class.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "protocols/jmap/object_kind.hpp"

namespace lockstep::jmap {

/// A result before it is sorted and cut.
struct Candidate {
    std::string id;
    json::Object object; ///< as shown, with id and membership
};

/// What a kind knows of its conditions.
struct QueryKind {
    const ObjectKind& kind;
    std::span<const std::string_view> conditions; ///< names that a FilterCondition may have
    std::span<const std::string_view> sorts;      ///< properties that a Comparator may name
    /// Whether the object meets one condition. Errors: invalidArguments.
    bool (*meets)(const json::Object& object, std::string_view name, const json::Value& value);
    /// What the object is sorted by.
    std::string (*sort_key)(const json::Object& object, std::string_view property);
};

/// A FilterOperator or FilterCondition as a list in prefix order.
class ObjectFilter {
public:
    /// Errors: invalidArguments, unsupportedFilter.
    [[nodiscard]] static std::expected<ObjectFilter, MethodError>
    read(const Call& call, const json::Object& object, const QueryKind& kind);
    [[nodiscard]] bool meets(const json::Object& object, const QueryKind& kind) const;
    /// The only condition, when the filter is that or an AND of such; null otherwise.
    [[nodiscard]] const json::Object* only_condition() const;

private:
    struct Node {
        char operation = ' '; ///< ' ' condition, 'A', 'O', 'N'
        json::Object condition;
        std::size_t end = 0; ///< index behind the last operand
    };
    [[nodiscard]] std::expected<void, MethodError>
    add(const Call& call, const json::Object& object, const QueryKind& kind, std::size_t depth);
    [[nodiscard]] bool
    node_meets(std::size_t at, const json::Object& object, const QueryKind& kind) const;
    std::vector<Node> nodes_;
};

struct ObjectOrder {
    std::string property;
    bool descending = false;
};
[[nodiscard]] std::expected<std::vector<ObjectOrder>, MethodError>
read_object_order(Arguments& arguments, const QueryKind& kind);
/// Ties are broken by the ids.
void sort_candidates(
    std::vector<Candidate>& all, const std::vector<ObjectOrder>& orders, const QueryKind& kind
);

/// Whether every word of `wanted` (a phrase in quotes is one) stands in the text, without regard to
/// case.
[[nodiscard]] bool has_words(std::string_view text, std::string_view wanted);
/// Every text in the value, a line each.
[[nodiscard]] std::string all_texts(const json::Value& value);
/// The texts of one member of each entry of a map.
[[nodiscard]] std::string entry_texts(
    const json::Object& object, std::string_view map, std::span<const std::string_view> members
);

/// The candidates in their order. `range`: where to look.
[[nodiscard]] Task<std::expected<std::vector<Candidate>, MethodError>> find_candidates(
    Call& call, const office::Owner& owner, const QueryKind& kind, const ObjectFilter& filter,
    office::ObjectRange range
);

[[nodiscard]] Task<Outcome>
query_objects(Call& call, const json::Object& arguments, const QueryKind& kind);
[[nodiscard]] Task<Outcome>
query_object_changes(Call& call, const json::Object& arguments, const QueryKind& kind);
/// The response of a /query from all its results.
[[nodiscard]] Outcome answer_query(
    const Page& page, const office::Owner& owner, const std::string& state,
    const std::vector<Candidate>& all, bool can_calculate
);

} // namespace lockstep::jmap
