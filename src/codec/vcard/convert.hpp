// A card in the other version: 4.0 for whoever asks for it, 3.0 for CardDAV clients that know
// nothing else.
// Spec: RFC 6350 (4.0), RFC 2426 (3.0), RFC 6352 5.1.1 (servers must offer 3.0); Apple's X-AB
// properties in 3.0.
// Invariants: what the target has no word for stays as it is; only the ranks of preference beyond
// the first are lost on the way to 3.0.
// Errors: as vcard::parse.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/vcard/card.hpp"

namespace lockstep::vcard {

/// The card in the wanted version (2.1 as target means 3.0); the same bytes when it already is.
[[nodiscard]] Result<std::string> convert(std::string_view bytes, Version target);
/// The same on a parsed card, in place.
void convert(Card& card, Version target);

/// The photo's bytes, or empty: none, a link (never fetched), or broken base64. Both versions'
/// forms.
struct Photo {
    std::string media_type; ///< "image/jpeg" when the card does not say
    std::string bytes;
};
[[nodiscard]] Photo photo_of(const Card& card);
/// Replaces the photo (removes it when bytes are empty) in the form of the card's version.
void set_photo(Card& card, const Photo& photo);

} // namespace lockstep::vcard
