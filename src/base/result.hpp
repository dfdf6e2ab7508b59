// Result<T>: a value or an Error, and the macros that hand an error on.
// Invariants: Error::text is for logs and operators, never for a peer; doors map Error::code to
// their wire.
#pragma once
#include <expected>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

namespace lockstep {

/// What went wrong, in the few kinds that doors tell apart. Each door's errors.cpp maps every one
/// of them.
enum class Code {
    bad_syntax,   ///< the bytes do not follow the grammar
    bad_value,    ///< well-formed, but a value is out of range or contradictory
    not_found,    ///< no such object, or none that the caller may know of
    forbidden,    ///< the caller may know of the object, but not do this
    exists,       ///< a name or id is taken
    conflict,     ///< the object changed meanwhile
    stale,        ///< a cursor or key is not (or no longer) valid: start afresh
    too_large,    ///< a limit of base/limits.hpp
    over_quota,   ///< the account's quota
    unauthorized, ///< credentials are missing or wrong
    throttled,    ///< too many attempts or requests: try later
    unavailable,  ///< temporary: overload, closing, disk full, read-only store
    closed,       ///< the peer went away
    timeout,      ///< a deadline passed
    unsupported,  ///< understood, but not offered here
    corrupt,      ///< stored data fails its check
    internal,     ///< a broken invariant
};

[[nodiscard]] std::string_view name_of(Code code);

struct Error {
    Code code = Code::internal;
    std::string text; ///< one sentence for logs and operators
    std::source_location where = std::source_location::current();
};

template <class T = void> using Result = std::expected<T, Error>;

/// Shorthand: `return fail(Code::not_found, "no such folder");`
[[nodiscard]] inline std::unexpected<Error>
fail(Code code, std::string text, std::source_location where = std::source_location::current()) {
    return std::unexpected(Error{code, std::move(text), where});
}

} // namespace lockstep

#define LOCKSTEP_CONCAT2(a, b) a##b
#define LOCKSTEP_CONCAT(a, b) LOCKSTEP_CONCAT2(a, b)

/// TRY(const auto x, expression): declares x from the Result's value, or returns its error.
#define TRY(declaration, ...)                                                                      \
    auto LOCKSTEP_CONCAT(try_, __LINE__) = (__VA_ARGS__);                                          \
    if (!LOCKSTEP_CONCAT(try_, __LINE__))                                                          \
        return std::unexpected(std::move(LOCKSTEP_CONCAT(try_, __LINE__)).error());                \
    declaration = *std::move(LOCKSTEP_CONCAT(try_, __LINE__))

/// CHECK_OK(expression): returns the error of a Result<>, if any.
#define CHECK_OK(...)                                                                              \
    do {                                                                                           \
        if (auto check_ok_result = (__VA_ARGS__); !check_ok_result)                                \
            return std::unexpected(std::move(check_ok_result).error());                            \
    } while (false)

/// The same two inside a coroutine.
#define CO_TRY(declaration, ...)                                                                   \
    auto LOCKSTEP_CONCAT(try_, __LINE__) = (__VA_ARGS__);                                          \
    if (!LOCKSTEP_CONCAT(try_, __LINE__))                                                          \
        co_return std::unexpected(std::move(LOCKSTEP_CONCAT(try_, __LINE__)).error());             \
    declaration = *std::move(LOCKSTEP_CONCAT(try_, __LINE__))

#define CO_CHECK_OK(...)                                                                           \
    do {                                                                                           \
        auto check_ok_result = (__VA_ARGS__);                                                      \
        if (!check_ok_result)                                                                      \
            co_return std::unexpected(std::move(check_ok_result).error());                         \
    } while (false)
