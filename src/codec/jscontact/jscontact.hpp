// Cards as JSContact, and JSContact into cards.
// Spec: RFC 9553 (JSContact), RFC 9555 (vCard and JSContact), RFC 9554 (vCard's newer words).
// Invariants: a card is edited, not written anew: what JSContact cannot say stays in the vCard,
// what a vCard cannot say is kept in it as JSPROP, and a card whose JSContact did not change keeps
// its bytes. Cards of older versions become 4.0 when they are edited. Errors: as vcard::parse; a
// Wrong names the property that makes no sense.
#pragma once
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/json/json.hpp"

namespace lockstep::jscontact {

/// How the bytes of an embedded photo, logo or sound are named: by the number of its property.
/// Without a name they are a data: URI.
using MediaName = std::function<std::string(std::size_t index)>;

/// A Card without "id" and "addressBookIds". Objects inside of it have no "@type" unless needed.
[[nodiscard]] Result<json::Object> read_card(std::string_view vcard, const MediaName& name = {});

/// A member that cannot be.
struct Wrong {
    std::string property; ///< empty: the stored card itself
    std::string text;
};
/// The stored card (empty: a new one) made to say what `card` says. "id" and "addressBookIds" are
/// no concern of it. Media must have URIs.
[[nodiscard]] std::expected<std::string, Wrong>
write_card(std::string_view stored, json::Object card);

/// The bytes of an embedded photo, logo or sound. Error: not_found.
struct Media {
    std::string type;
    std::string bytes;
};
[[nodiscard]] Result<Media> media_of(std::string_view vcard, std::size_t index);
[[nodiscard]] std::string data_uri(std::string_view media_type, std::string_view bytes);

} // namespace lockstep::jscontact
