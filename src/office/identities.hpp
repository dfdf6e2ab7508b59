// Identities: the names, addresses and signatures under which a person writes.
// Spec: RFC 8621 6. Invariants: every address of the account has one, which stays; more may be made
// for any address of the account. Kept as settings of the account (scope "identities"). Errors:
// forbidden (another's address; an address's own identity cannot go), not_found, too_large.
#pragma once
#include <string>
#include <vector>

#include "codec/mime/address.hpp"
#include "office/office.hpp"

namespace lockstep::office {

struct Identity {
    std::string id; ///< letters and digits
    std::string name;
    std::string email;
    std::vector<mime::Address> reply_to;
    std::vector<mime::Address> bcc;
    std::string text_signature;
    std::string html_signature;
    bool may_delete = false;
    friend bool operator==(const Identity&, const Identity&) = default;
};

/// In order of the addresses, then of the making.
[[nodiscard]] Task<Result<std::vector<Identity>>> identities(Office& office, const Actor& actor);
/// Makes one (empty id) or changes it, and answers it as it is then.
[[nodiscard]] Task<Result<Identity>>
put_identity(Office& office, const Actor& actor, Identity identity);
[[nodiscard]] Task<Result<>> drop_identity(Office& office, const Actor& actor, std::string id);

} // namespace lockstep::office
