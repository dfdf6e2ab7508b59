// Hashes, random bytes, password verifiers and secrets: the only door to libsodium.
// Invariants: a Secret is never printed; equality of secrets is tested in constant time.
// Errors: hash_password answers unavailable when the memory cannot be had, too_large beyond
// limits::kPasswordBytes.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "base/result.hpp"

namespace lockstep {

/// A 256-bit hash. Ordered as its bytes are; all zero means "none".
struct Hash {
    static constexpr std::size_t kBytes = 32;
    std::array<std::uint8_t, kBytes> bytes{};

    friend auto operator<=>(const Hash&, const Hash&) = default;
    explicit operator bool() const { return *this != Hash{}; }
    /// The 32 bytes as text, for a database column. The view lives as long as this object.
    [[nodiscard]] std::string_view raw() const {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    /// 64 lower-case hexadecimal digits.
    [[nodiscard]] std::string hex() const;
    /// From 64 hexadecimal digits (lower case only, so that a file has one name). Error:
    /// bad_syntax.
    [[nodiscard]] static Result<Hash> from_hex(std::string_view text);
    /// From the 32 bytes of a database column. Error: bad_syntax.
    [[nodiscard]] static Result<Hash> from_raw(std::string_view raw);
};

/// BLAKE2b with 256 bits of output.
[[nodiscard]] Hash blake2b256(std::string_view bytes);
/// BLAKE2b keyed with `key` (its first 64 bytes; a longer key is hashed down first, as HMAC does).
[[nodiscard]] Hash keyed_hash(std::string_view key, std::string_view bytes);

/// blake2b256 of bytes that come in pieces.
class Hasher {
public:
    Hasher();
    void update(std::string_view bytes);
    /// The hash of all pieces so far. Call once; the object is spent afterwards.
    [[nodiscard]] Hash finish();

private:
    alignas(64) std::array<std::byte, 384> state_{};
};

/// `count` bytes from the kernel's generator. Never fails.
[[nodiscard]] std::string random_bytes(std::size_t count);

/// Compares in time that depends on the lengths only.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b);

/// A value that must not reach a log: prints as ***, and std::string is wiped at its end.
template <class T = std::string> class Secret {
public:
    Secret() = default;
    explicit Secret(T value) : value_(std::move(value)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) noexcept = default;
    ~Secret();
    /// The value itself. Every use of this name is a place to look at in a review.
    [[nodiscard]] const T& reveal() const { return value_; }

private:
    T value_{};
};

/// Overwrites memory in a way that the compiler does not remove.
void wipe(void* data, std::size_t size);

template <class T> Secret<T>::~Secret() {
    if constexpr (requires {
                      value_.data()[0];
                      value_.capacity();
                  }) {
        wipe(value_.data(), value_.capacity() * sizeof(value_.data()[0]));
    }
}

/// argon2id verifier (m = 19 MiB, t = 2, p = 1) as encoded text `$argon2id$v=19$...`. Takes about
/// 15 ms of CPU: callers use worker threads.
[[nodiscard]] Result<std::string> hash_password(std::string_view password);
/// Whether the password matches the encoded verifier. An empty or unreadable verifier costs the
/// same time and answers false, so that an unknown account cannot be told from a wrong password.
[[nodiscard]] bool verify_password(std::string_view verifier, std::string_view password);
/// Whether the verifier was made with other parameters than today's and should be made anew at the
/// next log-in.
[[nodiscard]] bool verifier_is_outdated(std::string_view verifier);

} // namespace lockstep

template <> struct std::hash<lockstep::Hash> {
    std::size_t operator()(const lockstep::Hash& hash) const noexcept {
        std::size_t value = 0;
        std::memcpy(&value, hash.bytes.data(), sizeof value);
        return value;
    }
};

// Written by hand: fmt's own text formatter lives in fmt/format.h, which is too heavy for a header
// of the base.
template <class T> struct fmt::formatter<lockstep::Secret<T>> {
    constexpr auto parse(format_parse_context& context) { return context.begin(); }
    auto format(const lockstep::Secret<T>&, format_context& context) const {
        auto out = context.out();
        for (const char c : std::string_view("***"))
            *out++ = c;
        return out;
    }
};
