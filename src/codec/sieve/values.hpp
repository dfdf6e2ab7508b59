// Values that tests look at. Internal to codec/sieve.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "codec/sieve/run.hpp"

namespace lockstep::sieve {

/// Decoded values of every field of that name.
[[nodiscard]] std::vector<std::string> field_values(std::string_view header, std::string_view name);
/// Their addresses, the part that is asked for.
[[nodiscard]] std::vector<std::string>
address_values(std::string_view header, std::string_view name, AddressPart part);
/// A part of local@domain; nothing when it has none (:detail of an address without one).
[[nodiscard]] std::optional<std::string> part_of(std::string_view address, AddressPart part);
/// "year", "weekday" ... of a time in a zone of so many minutes.
[[nodiscard]] std::string date_part(std::int64_t seconds, int minutes, std::string_view part);
/// "+0130" as 90.
[[nodiscard]] int zone_minutes(std::string_view zone);

} // namespace lockstep::sieve
