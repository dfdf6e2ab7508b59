// Names of the error codes, for logs and for the CLI's JSON.
#include "base/result.hpp"

namespace lockstep {

std::string_view name_of(Code code) {
    switch (code) {
    case Code::bad_syntax:
        return "bad_syntax";
    case Code::bad_value:
        return "bad_value";
    case Code::not_found:
        return "not_found";
    case Code::forbidden:
        return "forbidden";
    case Code::exists:
        return "exists";
    case Code::conflict:
        return "conflict";
    case Code::stale:
        return "stale";
    case Code::too_large:
        return "too_large";
    case Code::over_quota:
        return "over_quota";
    case Code::unauthorized:
        return "unauthorized";
    case Code::throttled:
        return "throttled";
    case Code::unavailable:
        return "unavailable";
    case Code::closed:
        return "closed";
    case Code::timeout:
        return "timeout";
    case Code::unsupported:
        return "unsupported";
    case Code::corrupt:
        return "corrupt";
    case Code::internal:
        return "internal";
    }
    return "internal";
}

} // namespace lockstep
