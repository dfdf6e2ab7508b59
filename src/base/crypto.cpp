// Hashes, random bytes and password verifiers by libsodium.
// Errors: see crypto.hpp.
#include "base/crypto.hpp"

#include <new>

#include <sodium.h>

#include "base/ensure.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep {
namespace {

// OWASP's second choice of argon2id parameters: little memory, so that a burst of log-ins does not
// exhaust a small machine.
constexpr unsigned long long kArgonPasses = 2;
constexpr std::size_t kArgonMemory = std::size_t{19} << 20U;

void start_sodium() {
    static const int started = sodium_init();
    ENSURE(started >= 0);
}

const unsigned char* bytes_of(std::string_view text) { return as_bytes(text).data(); }

crypto_generichash_state* state_of(std::array<std::byte, 384>& storage) {
    static_assert(sizeof(crypto_generichash_state) <= 384);
    static_assert(alignof(crypto_generichash_state) <= 64);
    return std::launder(reinterpret_cast<crypto_generichash_state*>(storage.data()));
}

// The verifier that an unknown account is tested against: made once, of a password nobody knows.
const std::string& nobodys_verifier() {
    static const std::string verifier = hash_password(hex(random_bytes(32))).value_or("");
    return verifier;
}

} // namespace

std::string Hash::hex() const { return lockstep::hex(raw()); }

Result<Hash> Hash::from_hex(std::string_view text) {
    if (text.size() != 2 * kBytes)
        return fail(Code::bad_syntax, "a hash has 64 digits");
    for (const char c : text) {
        if (!is_digit(c) && (c < 'a' || c > 'f'))
            return fail(Code::bad_syntax, "a hash is lower-case hexadecimal");
    }
    TRY(const auto raw, unhex(text));
    return from_raw(raw);
}

Result<Hash> Hash::from_raw(std::string_view raw) {
    if (raw.size() != kBytes)
        return fail(Code::bad_syntax, "a hash has 32 bytes");
    Hash hash;
    std::memcpy(hash.bytes.data(), raw.data(), kBytes);
    return hash;
}

Hash blake2b256(std::string_view bytes) {
    start_sodium();
    Hash hash;
    crypto_generichash(hash.bytes.data(), Hash::kBytes, bytes_of(bytes), bytes.size(), nullptr, 0);
    return hash;
}

Hash keyed_hash(std::string_view key, std::string_view bytes) {
    start_sodium();
    // An empty key would quietly be an unkeyed hash.
    ENSURE(!key.empty());
    if (key.size() > crypto_generichash_KEYBYTES_MAX) {
        const auto shorter = blake2b256(key);
        return keyed_hash(shorter.raw(), bytes);
    }
    Hash hash;
    crypto_generichash(
        hash.bytes.data(), Hash::kBytes, bytes_of(bytes), bytes.size(), bytes_of(key), key.size()
    );
    return hash;
}

Hasher::Hasher() {
    start_sodium();
    crypto_generichash_init(state_of(state_), nullptr, 0, Hash::kBytes);
}

void Hasher::update(std::string_view bytes) {
    crypto_generichash_update(state_of(state_), bytes_of(bytes), bytes.size());
}

Hash Hasher::finish() {
    Hash hash;
    crypto_generichash_final(state_of(state_), hash.bytes.data(), Hash::kBytes);
    return hash;
}

std::string random_bytes(std::size_t count) {
    start_sodium();
    std::string bytes(count, '\0');
    randombytes_buf(bytes.data(), count);
    return bytes;
}

bool constant_time_equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

void wipe(void* data, std::size_t size) { sodium_memzero(data, size); }

Result<std::string> hash_password(std::string_view password) {
    start_sodium();
    if (password.size() > limits::kPasswordBytes)
        return fail(Code::too_large, "the password is too long");
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    if (crypto_pwhash_argon2id_str(
            encoded.data(), password.data(), password.size(), kArgonPasses, kArgonMemory
        ) != 0) {
        return fail(Code::unavailable, "not enough memory for argon2id");
    }
    return std::string(encoded.data());
}

bool verify_password(std::string_view verifier, std::string_view password) {
    start_sodium();
    if (password.size() > limits::kPasswordBytes)
        return false;
    const bool known = verifier.starts_with(crypto_pwhash_argon2id_STRPREFIX) &&
                       verifier.size() < crypto_pwhash_STRBYTES;
    const std::string encoded(known ? verifier : std::string_view(nobodys_verifier()));
    const bool same =
        crypto_pwhash_argon2id_str_verify(encoded.c_str(), password.data(), password.size()) == 0;
    return known && same;
}

bool verifier_is_outdated(std::string_view verifier) {
    start_sodium();
    if (verifier.size() >= crypto_pwhash_STRBYTES)
        return true;
    const std::string encoded(verifier);
    return crypto_pwhash_argon2id_str_needs_rehash(encoded.c_str(), kArgonPasses, kArgonMemory) !=
           0;
}

} // namespace lockstep
