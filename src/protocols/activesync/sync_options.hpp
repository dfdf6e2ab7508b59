// Options of a collection: read from a request, kept with the key chain (they are sticky), and what
// they mean. Spec: MS-ASCMD 2.2.3.125.5 Options, 2.2.3.68.2 FilterType, 2.2.3.38 Conflict; a new
// Options block replaces the old one.
#pragma once
#include <set>

#include "codec/eas/options.hpp"
#include "codec/wbxml/node.hpp"
#include "model/model.hpp"
#include "protocols/activesync/exchange.hpp"
#include "sync/item_state.hpp"

namespace lockstep::activesync {

struct CollectionOptions {
    int filter = 0;          ///< FilterType
    bool server_wins = true; ///< Conflict 1
    eas::ItemOptions item;   ///< without the version, which each request brings
    /// Declared with key 0 (ghosting): absent ones are deleted by a Change. Null when the device
    /// declared none.
    std::optional<std::set<wbxml::Tag>> supported;
    bool valid = true;           ///< a value was not a number or out of range (never packed)
    bool part_type_known = true; ///< a body part is HTML, else common status 164 (never packed)
};
[[nodiscard]] std::string pack(const CollectionOptions& options);
/// Unreadable text gives the defaults.
[[nodiscard]] CollectionOptions unpack_options(std::string_view bytes);

/// Reads an Options element (of Sync, GetItemEstimate, ItemOperations) over the defaults.
[[nodiscard]] CollectionOptions
read_options(const wbxml::Node& options, const std::optional<std::set<wbxml::Tag>>& supported);
/// The Options element that is meant for the items which this server has: not that of SMS. Null
/// when there is none; `valid` is cleared when two want the same place.
[[nodiscard]] const wbxml::Node* find_options(const wbxml::Node& collection, bool& valid);
[[nodiscard]] std::set<wbxml::Tag> read_supported(const wbxml::Node& supported);

/// Whether the FilterType may be used with the class (else Status 103 or 4).
[[nodiscard]] bool filter_fits(int filter, model::ItemClass item_class);
/// The window that a FilterType and the synchronization settings leave: it moves once a day.
[[nodiscard]] sync::Wanted
window_of(const Exchange& exchange, int filter, model::ItemClass item_class);

} // namespace lockstep::activesync
