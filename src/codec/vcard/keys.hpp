// The certificates of a card's owner.
// Spec: RFC 6350 6.8.1 KEY (a data URI), RFC 2426 3.7.2 KEY (TYPE=X509, base64).
// Errors: none; a key that is a link (never fetched), PGP or broken base64 is passed over.
#pragma once
#include <string>
#include <vector>

#include "codec/vcard/card.hpp"

namespace lockstep::vcard {

/// DER or whatever else the card calls an X.509 certificate, in the card's order.
[[nodiscard]] std::vector<std::string> certificates_of(const Card& card);

} // namespace lockstep::vcard
