// ENSURE(condition): a broken invariant ends the process in tests and the current request in
// release.
#pragma once
#include <stdexcept>

namespace lockstep {

/// Thrown by ENSURE in release builds; caught once per connection root and by the database threads.
struct BrokenInvariant : std::logic_error {
    using std::logic_error::logic_error;
};

[[noreturn]] void ensure_failed(const char* condition, const char* file, int line);

} // namespace lockstep

#define ENSURE(condition)                                                                          \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ::lockstep::ensure_failed(#condition, __FILE__, __LINE__);                             \
    } while (false)
