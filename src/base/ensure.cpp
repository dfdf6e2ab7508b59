// What a broken invariant does: abort where assertions are on (all test builds), else throw.
#include "base/ensure.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace lockstep {

void ensure_failed(const char* condition, const char* file, int line) {
    const auto text =
        std::string("broken invariant: ") + condition + " at " + file + ":" + std::to_string(line);
#ifdef NDEBUG
    throw BrokenInvariant(text);
#else
    std::fprintf(stderr, "%s\n", text.c_str());
    std::abort();
#endif
}

} // namespace lockstep
