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

namespace lockstep::eas {

/// The labels of a card's groups, gathered once: plain lower-case words, Apple's _$!<Spouse>!$_ is
/// "spouse". Knows the card as it was at construction.
class GroupLabels {
public:
    explicit GroupLabels(const vcard::Card& card);
    /// Empty when the property has no group or its group no label.
    [[nodiscard]] std::string_view of(const vcard::Property& property) const;

private:
    std::map<std::string, std::string> labels_; ///< by lower-case group
};

/// "spouse", "child", "assistant", "manager", "anniversary"; empty for any other property, and for
/// a RELATED that points to a card instead of naming somebody.
[[nodiscard]] std::string_view
relation_of(const vcard::Property& property, const GroupLabels& labels);

/// Appends an empty property for the relation, in the form of the card's version; returns its
/// index.
std::size_t add_relation(vcard::Card& card, std::string_view relation);

/// Removes the marked properties, and X-AB properties of their groups that have lost their subject.
void remove_properties(vcard::Card& card, const std::vector<bool>& doomed);

} // namespace lockstep::eas
