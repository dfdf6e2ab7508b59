// Fuzzer of recurrence rules: a rule survives writing; its occurrences ascend, keep to UNTIL and
// COUNT, and end.
#include <cstdlib>

#include "codec/ical/rule.hpp"
#include "codec/ical/rule_walker.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep::ical;
    const auto rule = parse_rule({reinterpret_cast<const char*>(data), size});
    if (!rule)
        return 0;
    const auto again = parse_rule(format_rule(*rule));
    if (!again || *again != *rule)
        std::abort();
    const std::int64_t start = 1'795'000'000;
    std::optional<std::int64_t> until;
    if (rule->until)
        until = rule->until->civil;
    RuleWalker walker(*rule, start, until, 2'000);
    auto last = start - 1;
    std::size_t count = 0;
    while (const auto at = walker.next()) {
        if (*at <= last || *at > kLastCivil || (until && *at > *until) || ++count > 2'000)
            std::abort();
        if (rule->count && count > *rule->count)
            std::abort();
        last = *at;
    }
    if (!rule->count) {
        RuleWalker ahead(*rule, start, until, 2'000);
        ahead.skip_to(start + 400 * kDay);
        if (const auto at = ahead.next(); at && *at < start + 400 * kDay)
            std::abort();
    }
    return 0;
}
