// Strong ids: a number that cannot be mistaken for another kind of number.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace lockstep {

/// Id<Tag>{n}; 0 means "none". Ordered and hashable.
template <class Tag> struct Id {
    std::int64_t value = 0;
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
    explicit constexpr operator bool() const { return value != 0; }
};

} // namespace lockstep

template <class Tag> struct std::hash<lockstep::Id<Tag>> {
    std::size_t operator()(const lockstep::Id<Tag>& id) const noexcept {
        // Fibonacci hashing: ids are dense, and neighbours should not share a stripe.
        return static_cast<std::size_t>(
            static_cast<std::uint64_t>(id.value) * 0x9E3779B97F4A7C15ULL >> 16U
        );
    }
};
