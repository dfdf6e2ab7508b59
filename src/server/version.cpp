// The one file that is compiled anew when the version changes.
#include "server/version.hpp"

namespace lockstep::server {

std::string_view version() { return LOCKSTEP_VERSION; }

} // namespace lockstep::server
