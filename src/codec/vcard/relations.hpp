// People and dates that belong to a contact: RELATED of 4.0, Apple's labelled groups, and the X-
// names of others.
// Spec: RFC 6350 6.6.6 RELATED; Apple's X-ABRELATEDNAMES, X-ABDATE and X-ABLabel.
// Invariants: a removed property takes the label of its group with it, when nobody else is in the
// group.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codec/vcard/card.hpp"

namespace lockstep::vcard {

/// The labels of a card's groups, gathered once: plain lower-case words, Apple's _$!<Spouse>!$_ is
/// "spouse". Knows the card as it was at construction.
class GroupLabels {
public:
    explicit GroupLabels(const Card& card);
    /// Empty when the property has no group or its group no label.
    [[nodiscard]] std::string_view of(const Property& property) const;

private:
    std::map<std::string, std::string> labels_; ///< by lower-case group
};

/// "spouse", "child", "assistant", "manager", "anniversary"; empty for any other property, and for
/// a RELATED that points to a card instead of naming somebody.
[[nodiscard]] std::string_view relation_of(const Property& property, const GroupLabels& labels);

/// Appends an empty property for the relation, in the form of the card's version; returns its
/// index.
std::size_t add_relation(Card& card, std::string_view relation);

/// Says relations and the anniversary in the form of the card's version, where nothing is lost by
/// it.
void convert_relations(Card& card);

/// Removes the marked properties, and X-AB properties of their groups that have lost their subject.
void remove_properties(Card& card, const std::vector<bool>& doomed);

} // namespace lockstep::vcard
