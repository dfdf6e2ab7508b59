// The outbound states of the offices of this process.
#include "office/outbound.hpp"

#include <map>
#include <memory>

namespace lockstep::office {

Outbound& outbound_of(const Office& office) {
    // Beside the office, not in it: what sends needs it, and nobody else.
    static LockGuarded<std::map<const Office*, std::unique_ptr<Outbound>>> all;
    return all.with([&](auto& each) -> Outbound& {
        auto& found = each[&office];
        if (!found)
            found = std::make_unique<Outbound>();
        return *found;
    });
}

} // namespace lockstep::office
