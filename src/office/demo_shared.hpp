// The parts of the global account.
// Invariants: as demo_parts.hpp.
#pragma once
#include <vector>

#include "office/demo_clock.hpp"
#include "office/demo_content.hpp"

namespace lockstep::office {

[[nodiscard]] std::vector<DemoItem> demo_company_cards(const DemoClock& clock);

} // namespace lockstep::office
