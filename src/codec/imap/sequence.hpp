// Sequence sets: numbers and ranges of messages or uids, as clients write and servers answer them.
// Spec: RFC 9051 9 (sequence-set), RFC 5182 ("$").
// Errors: bad_syntax. Invariants: the work of every function is linear in the text or the ranges;
// the ranges of a text are bounded by the length of a command.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::imap {

inline constexpr std::uint32_t kStar = 0xFFFFFFFF; ///< "*": the largest there is

struct SequenceRange {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    friend bool operator==(const SequenceRange&, const SequenceRange&) = default;
};

struct SequenceSet {
    std::vector<SequenceRange> ranges; ///< as written, low and high may be swapped
    bool saved = false;                ///< "$": the result that was saved

    /// With "*" replaced by `largest`, in order, overlaps joined.
    [[nodiscard]] SequenceSet resolved(std::uint32_t largest) const;
    /// Of a resolved set.
    [[nodiscard]] bool contains(std::uint32_t number) const;
    friend bool operator==(const SequenceSet&, const SequenceSet&) = default;
};

/// The whole text is a set.
[[nodiscard]] Result<SequenceSet> parse_sequence(std::string_view text);
/// "1:3,7" of the numbers in their order; neighbours that follow each other are joined. Empty for
/// none.
[[nodiscard]] std::string format_sequence(const std::vector<std::uint32_t>& numbers);

} // namespace lockstep::imap
