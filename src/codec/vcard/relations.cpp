// Related people and labelled groups.
// Spec and invariants: relations.hpp.
#include "codec/vcard/relations.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::vcard {

namespace {

struct RelationName {
    std::string_view name; ///< property, RELATED type or label
    std::string_view relation;
};

constexpr std::array kRelationProperties = {
    RelationName{"X-SPOUSE", "spouse"},
    RelationName{"X-EVOLUTION-SPOUSE", "spouse"},
    RelationName{"X-KADDRESSBOOK-X-SPOUSENAME", "spouse"},
    RelationName{"X-ASSISTANT", "assistant"},
    RelationName{"X-EVOLUTION-ASSISTANT", "assistant"},
    RelationName{"X-KADDRESSBOOK-X-ASSISTANTSNAME", "assistant"},
    RelationName{"X-MANAGER", "manager"},
    RelationName{"X-EVOLUTION-MANAGER", "manager"},
    RelationName{"X-KADDRESSBOOK-X-MANAGERSNAME", "manager"},
    RelationName{"ANNIVERSARY", "anniversary"},
    RelationName{"X-ANNIVERSARY", "anniversary"},
    RelationName{"X-EVOLUTION-ANNIVERSARY", "anniversary"},
    RelationName{"X-KADDRESSBOOK-X-ANNIVERSARY", "anniversary"},
};

constexpr std::array kRelationKinds = {
    RelationName{"spouse", "spouse"},         RelationName{"partner", "spouse"},
    RelationName{"child", "child"},           RelationName{"son", "child"},
    RelationName{"daughter", "child"},        RelationName{"assistant", "assistant"},
    RelationName{"x-assistant", "assistant"}, RelationName{"manager", "manager"},
    RelationName{"x-manager", "manager"},
};

/// A reference to another card is no name: urn:uuid:..., mailto:..., https:...
bool is_reference(const Property& property) {
    if (iequals(property.parameter("VALUE"), "text"))
        return false;
    const auto& value = property.value();
    const auto colon = value.find(':');
    return colon != std::string::npos && value.find(' ') == std::string::npos && colon > 1;
}

} // namespace

GroupLabels::GroupLabels(const Card& card) {
    for (const auto& property : card.properties) {
        if (property.name() != "X-ABLABEL" || property.group().empty())
            continue;
        auto label = lower(property.text());
        if (label.starts_with("_$!<") && label.ends_with(">!$_"))
            label = label.substr(4, label.size() - 8);
        labels_.emplace(lower(property.group()), std::move(label));
    }
}

std::string_view GroupLabels::of(const Property& property) const {
    if (property.group().empty())
        return {};
    const auto found = labels_.find(lower(property.group()));
    return found == labels_.end() ? std::string_view() : found->second;
}

std::string_view relation_of(const Property& property, const GroupLabels& labels) {
    for (const auto& known : kRelationProperties)
        if (property.name() == known.name)
            return known.relation;
    if (property.name() == "RELATED" && !is_reference(property)) {
        for (const auto& kind : kRelationKinds)
            if (property.has_type(kind.name))
                return kind.relation;
    }
    if (property.name() == "X-ABRELATEDNAMES") {
        const auto label = labels.of(property);
        for (const auto& kind : kRelationKinds)
            if (label == kind.name)
                return kind.relation;
    }
    if (property.name() == "X-ABDATE" && labels.of(property) == "anniversary")
        return "anniversary";
    return {};
}

std::size_t add_relation(Card& card, std::string_view relation) {
    const bool is_date = relation == "anniversary";
    if (card.version == Version::v4_0) {
        if (is_date) {
            card.properties.emplace_back("ANNIVERSARY", "");
            return card.properties.size() - 1;
        }
        const bool standard = relation == "spouse" || relation == "child";
        const std::string type = (standard ? "" : "x-") + std::string(relation);
        card.properties.emplace_back(
            "RELATED", "", std::vector<Parameter>{{"TYPE", {type}}, {"VALUE", {"text"}}}
        );
        return card.properties.size() - 1;
    }
    std::string label(relation);
    label.front() = ascii_upper(label.front());
    const auto group = card.free_group();
    card.properties.emplace_back("X-ABLABEL", "_$!<" + label + ">!$_");
    card.properties.back().set_group(group);
    card.properties.emplace_back(is_date ? "X-ABDATE" : "X-ABRELATEDNAMES", "");
    card.properties.back().set_group(group);
    return card.properties.size() - 1;
}

namespace {

/// Whether convert_relations may say it otherwise without losing a word.
bool is_plain_relation(
    const Property& property, std::string_view label, std::string_view relation
) {
    const auto& name = property.name();
    if (name == "X-ABRELATEDNAMES" || name == "X-ABDATE")
        return label == relation; // a daughter is more than a child
    if (name != "RELATED")
        return name == "ANNIVERSARY" || name == "X-ANNIVERSARY";
    return std::ranges::all_of(property.parameters(), [](const Parameter& parameter) {
        return parameter.name == "VALUE" ||
               (parameter.name == "TYPE" && parameter.values.size() == 1);
    });
}

} // namespace

void convert_relations(Card& card) {
    const bool to_4 = card.version == Version::v4_0;
    const GroupLabels labels(card);
    const auto count = card.properties.size();
    std::vector<bool> doomed(count, false);
    std::size_t converted = 0; // each costs a look at all groups
    for (std::size_t i = 0; i < count && converted < limits::kEasLabels; ++i) {
        const auto& property = card.properties[i];
        const bool of_4 = property.name() == "RELATED" || property.name() == "ANNIVERSARY";
        const auto relation = relation_of(property, labels);
        if (relation.empty() || of_4 == to_4 ||
            !is_plain_relation(property, labels.of(property), relation))
            continue;
        const auto text = property.text();
        doomed[i] = true;
        ++converted;
        const auto made = add_relation(card, relation);
        card.properties[made].set_text(text);
    }
    doomed.resize(card.properties.size(), false);
    remove_properties(card, doomed);
}

void remove_properties(Card& card, const std::vector<bool>& doomed) {
    const auto is_companion = [](const Property& property) {
        return property.name() == "X-ABLABEL" || property.name() == "X-ABADR";
    };
    std::set<std::string> orphaned;
    std::set<std::string> living;
    for (std::size_t i = 0; i < card.properties.size(); ++i) {
        const auto& property = card.properties[i];
        if (property.group().empty() || is_companion(property))
            continue;
        (doomed[i] ? orphaned : living).insert(lower(property.group()));
    }
    std::vector<Property> kept;
    kept.reserve(card.properties.size());
    for (std::size_t i = 0; i < card.properties.size(); ++i) {
        auto& property = card.properties[i];
        const auto group = lower(property.group());
        const bool orphan =
            is_companion(property) && orphaned.contains(group) && !living.contains(group);
        if (!doomed[i] && !orphan)
            kept.push_back(std::move(property));
    }
    card.properties = std::move(kept);
}

} // namespace lockstep::vcard
