// The state of share notifications, for their methods and for push.
#pragma once
#include <string>

#include "office/share_news.hpp"

namespace lockstep::jmap {

[[nodiscard]] std::string share_state(const office::ShareNewsState& state);

} // namespace lockstep::jmap
