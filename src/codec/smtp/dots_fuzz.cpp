// The decoder gives the same answer however the stream is cut, and never lets a bare CR or LF into
// a message.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "codec/smtp/dots.hpp"

namespace {

struct DotRun {
    bool ok = true;
    bool done = false;
    std::string out;
    std::size_t used = 0;
};

DotRun run_in_steps(std::string_view bytes, std::size_t step) {
    lockstep::smtp::DotDecoder decoder;
    DotRun run;
    while (!bytes.empty() && !decoder.done()) {
        const auto chunk = bytes.substr(0, step);
        const auto used = decoder.feed(chunk, run.out);
        if (!used)
            return {false, false, {}, 0};
        run.used += *used;
        bytes.remove_prefix(*used);
    }
    run.done = decoder.done();
    return run;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::size_t step = 1 + data[0] % 7;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = run_in_steps(bytes, bytes.size() + 1);
    const auto cut = run_in_steps(bytes, step);
    if (whole.ok != cut.ok ||
        (whole.ok && (whole.done != cut.done || whole.out != cut.out || whole.used != cut.used)))
        std::abort();
    if (whole.ok) {
        lockstep::smtp::LineCheck check;
        if (!check.feed(whole.out))
            std::abort();
    }
    if (whole.done) {
        const auto wire = lockstep::smtp::dot_stuff(whole.out);
        if (!wire || run_in_steps(*wire, step).out != whole.out)
            std::abort();
    }
    return 0;
}
