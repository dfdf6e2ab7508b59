// Keys that sign: RSA with SHA-256 (PKCS #1 v1.5) and Ed25519, by OpenSSL.
// Spec: RFC 8017 8.2, RFC 8032 5.1, RFC 7468 (PEM). Invariants: a private key leaves only as a
// Secret. Errors: bad_value (these bytes are no key of that kind), internal (OpenSSL refuses).
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "base/result.hpp"

namespace lockstep {

enum class KeyKind { rsa, ed25519 };

class PublicKey {
public:
    /// RSA: SubjectPublicKeyInfo or RSAPublicKey in DER. Ed25519: its 32 bytes, or
    /// SubjectPublicKeyInfo.
    [[nodiscard]] static Result<PublicKey> read(KeyKind kind, std::string_view bytes);
    [[nodiscard]] KeyKind kind() const { return kind_; }
    /// Of the modulus; 256 for Ed25519.
    [[nodiscard]] std::size_t bits() const { return bits_; }
    /// Whether `signature` is one of `text` by this key.
    [[nodiscard]] bool verify(std::string_view text, std::string_view signature) const;

private:
    KeyKind kind_ = KeyKind::rsa;
    std::size_t bits_ = 0;
    std::shared_ptr<void> key_;
};

class PrivateKey {
public:
    /// A new one; RSA with 2,048 bits. Takes up to a second.
    [[nodiscard]] static Result<PrivateKey> make(KeyKind kind);
    [[nodiscard]] static Result<PrivateKey> from_pem(const Secret<std::string>& pem);
    [[nodiscard]] KeyKind kind() const { return kind_; }
    [[nodiscard]] Secret<std::string> pem() const;
    /// As PublicKey::read takes it: SubjectPublicKeyInfo, or the 32 bytes of Ed25519.
    [[nodiscard]] std::string public_bytes() const;
    [[nodiscard]] Result<std::string> sign(std::string_view text) const;

private:
    KeyKind kind_ = KeyKind::rsa;
    std::shared_ptr<void> key_;
};

} // namespace lockstep
