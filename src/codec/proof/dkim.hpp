// DKIM: signatures and keys as values, what a signature covers, and the writing of one.
// Spec: RFC 6376; RFC 8301 (no SHA-1, 1,024 bits at least); RFC 8463 (Ed25519). RFC 8617 4.1.2 uses
// the same for ARC-Message-Signature. Hardening S11, S13. Errors: bad_syntax, bad_value,
// unsupported (an algorithm that is not for us), too_large.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/signature.hpp"
#include "codec/mime/header.hpp"
#include "codec/proof/canonical.hpp"
#include "codec/proof/tags.hpp"

namespace lockstep::proof {

struct Signature {
    KeyKind kind = KeyKind::rsa;
    std::string signature; ///< its bytes
    std::string body_hash;
    Canon header_canon = Canon::simple;
    Canon body_canon = Canon::simple;
    std::string domain;                        ///< lower case
    std::string selector;                      ///< lower case
    std::string identity;                      ///< i=; empty: none
    std::vector<std::string> headers;          ///< lower case, in order
    std::optional<std::uint64_t> length;       ///< l=
    std::optional<std::int64_t> made, expires; ///< seconds since 1970
};

/// The value of a DKIM-Signature field, or of an ARC-Message-Signature (`arc`), which has no v=.
[[nodiscard]] Result<Signature> read_signature(std::string_view value, bool arc);

struct KeyRecord {
    PublicKey key;
    bool testing = false; ///< t=y
    bool strict = false;  ///< t=s
};
/// The text of a key's TXT record. Errors: not_found (the key was taken back: an empty p=),
/// unsupported (for another service or hash).
[[nodiscard]] Result<KeyRecord> read_key_record(std::string_view text, KeyKind kind);

/// What is signed of the header: the fields that `signature.headers` names, the last of each name
/// first, then the signature's own `field` ("DKIM-Signature: ...") without its b=.
[[nodiscard]] std::string signed_header(
    std::string_view message, const mime::Headers& headers, const Signature& signature,
    std::string_view field
);
/// The text that the key's signature is of: RSA signs the header, Ed25519 the header's SHA-256
/// (RFC 8463 3).
[[nodiscard]] std::string signed_text(KeyKind kind, std::string header);
/// Whether the body, as far as it is signed, has that hash.
[[nodiscard]] bool body_matches(std::string_view body, const Signature& signature);

/// One of our keys.
struct SigningKey {
    std::string domain;
    std::string selector;
    PrivateKey key;
};
struct SignWish {
    std::string field = "DKIM-Signature"; ///< or ARC-Message-Signature
    std::string first = "v=1";            ///< or the i= of an ARC set
    std::int64_t now = 0;                 ///< seconds since 1970
};
/// The whole field, with CRLF, that goes on top of `message`. From, To, Subject and other fields
/// that readers show are signed once more than they are there, so that nobody can add one.
[[nodiscard]] Result<std::string>
write_signature(const SigningKey& key, const SignWish& wish, std::string_view message);

/// A TXT record's text for the key.
[[nodiscard]] std::string key_record(const PrivateKey& key);
/// `text` in folded lines of base64.
[[nodiscard]] std::string folded_base64(std::string_view bytes);

} // namespace lockstep::proof
