// The address list as Search and Find show it.
// Spec: MS-ASCMD 2.2.1.16, 2.2.1.2 (Searching the Global Address List), Picture 2.2.3.135.
#pragma once
#include "codec/eas/contacts.hpp"
#include "protocols/activesync/exchange.hpp"

namespace lockstep::activesync {

inline constexpr std::size_t kShortestName = 2; ///< characters of a query; W13

/// Reads Picture with its MaxSize and MaxPictures; none: a number that is none. `picture` may be
/// null.
[[nodiscard]] std::optional<eas::GalPicture>
read_gal_picture(const wbxml::Node* picture, wbxml::Tag max_size, wbxml::Tag max_pictures);

struct FoundPeople {
    std::vector<std::string> cards; ///< of the range
    std::size_t total = 0;
};
/// Those who match, in order of their names; nobody for a query shorter than kShortestName.
[[nodiscard]] Task<Result<FoundPeople>>
search_people(Exchange& exchange, std::string_view text, std::size_t first, std::size_t count);

} // namespace lockstep::activesync
