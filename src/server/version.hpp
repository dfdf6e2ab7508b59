// The program's version, as CMakeLists.txt states it.
#pragma once
#include <string_view>

namespace lockstep::server {

/// "0.1.0"
[[nodiscard]] std::string_view version();

} // namespace lockstep::server
