// Reads, resolves and writes sequence sets.
#include "codec/imap/sequence.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace lockstep::imap {
namespace {

Result<std::uint32_t> parse_one(std::string_view text) {
    if (text == "*")
        return kStar;
    const auto number = parse_int<std::uint32_t>(text);
    if (!number || *number == 0 || *number == kStar || text.front() == '0')
        return fail(Code::bad_syntax, "a number of a sequence set");
    return *number;
}

} // namespace

SequenceSet SequenceSet::resolved(std::uint32_t largest) const {
    SequenceSet out;
    out.saved = saved;
    for (auto [low, high] : ranges) {
        low = low == kStar ? largest : low;
        high = high == kStar ? largest : high;
        out.ranges.push_back({std::min(low, high), std::max(low, high)});
    }
    std::ranges::sort(out.ranges, {}, &SequenceRange::low);
    std::size_t kept = 0;
    for (std::size_t i = 1; i < out.ranges.size(); ++i) {
        auto& last = out.ranges[kept];
        const auto& next = out.ranges[i];
        if (next.low <= last.high || next.low == last.high + 1)
            last.high = std::max(last.high, next.high);
        else
            out.ranges[++kept] = next;
    }
    if (!out.ranges.empty())
        out.ranges.resize(kept + 1);
    return out;
}

bool SequenceSet::contains(std::uint32_t number) const {
    const auto above = std::ranges::upper_bound(ranges, number, {}, &SequenceRange::low);
    return above != ranges.begin() && number <= std::prev(above)->high;
}

Result<SequenceSet> parse_sequence(std::string_view text) {
    SequenceSet set;
    if (text == "$") {
        set.saved = true;
        return set;
    }
    for (const auto piece : split(text, ',')) {
        const auto colon = piece.find(':');
        TRY(const auto low, parse_one(piece.substr(0, colon)));
        auto high = low;
        if (colon != std::string_view::npos) {
            TRY(high, parse_one(piece.substr(colon + 1)));
        }
        set.ranges.push_back({low, high});
    }
    return set;
}

std::string format_sequence(const std::vector<std::uint32_t>& numbers) {
    std::string out;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t end = i + 1;
        while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1)
            ++end;
        if (!out.empty())
            out += ',';
        out += std::to_string(numbers[i]);
        if (end - i > 1)
            (out += ':') += std::to_string(numbers[end - 1]);
        i = end;
    }
    return out;
}

} // namespace lockstep::imap
