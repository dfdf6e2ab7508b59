// Items that a device could not take: what it has of them is a note that stands in their place.
// Invariants: kept as settings of the device (names "aside.*"), at most limits::kItemsAside; gone
// with the device. Errors: unavailable.
#pragma once
#include "office/office.hpp"

namespace lockstep::office {

/// Remembers it, and tells it in the device's log.
[[nodiscard]] Task<Result<>> note_aside(
    Office& office, model::AccountId account, std::string device, std::string item, std::string text
);
/// The items' ids as the device knows them.
[[nodiscard]] Task<Result<std::vector<std::string>>>
items_aside(Office& office, model::AccountId account, std::string device);

} // namespace lockstep::office
