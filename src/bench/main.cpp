// The program lockstep_bench: measures the running server. Figures are printed, never judged: the
// exit code tells only whether the work was done.
//   lockstep_bench NAME [COUNT]   NAME: fill, unchanged, parked, push, smtp, all, or short (all of
//                                 them in less than a minute); COUNT: mails, parked devices ...
#include <array>
#include <csignal>
#include <cstdio>

#include <fmt/core.h>

#include "base/text.hpp"
#include "bench/meter.hpp"
#include "bench/scenarios.hpp"

namespace {

using namespace lockstep;
using bench::Scale;

struct Entry {
    std::string_view name;
    Result<> (*run)(const Scale&);
    std::size_t Scale::* count; ///< what COUNT sets
};

constexpr std::array kEntries = {
    Entry{"fill", &bench::fill, &Scale::mails},
    Entry{"unchanged", &bench::unchanged, &Scale::changes},
    Entry{"parked", &bench::parked, &Scale::parked},
    Entry{"push", &bench::push, &Scale::waiting},
    Entry{"smtp", &bench::smtp, &Scale::messages},
};

bool run(const Entry& entry, const Scale& scale) {
    bench::say(fmt::format("-- {}", entry.name));
    const auto done = entry.run(scale);
    if (!done)
        fmt::print(
            stderr, "lockstep_bench {}: {} ({}:{})\n", entry.name, done.error().text,
            done.error().where.file_name(), done.error().where.line()
        );
    return done.has_value();
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::string_view name = argc > 1 ? argv[1] : "all";
    const bool every = name == "all" || name == "short";
    auto scale = name == "short" ? bench::short_scale() : Scale{};
    bool known = false;
    bool good = true;
    for (const auto& entry : kEntries) {
        if (!every && entry.name != name)
            continue;
        known = true;
        if (argc > 2 && !every)
            scale.*entry.count = parse_int<std::size_t>(argv[2]).value_or(scale.*entry.count);
        good = run(entry, scale) && good;
    }
    if (!known)
        fmt::print(
            stderr, "usage: {} fill|unchanged|parked|push|smtp|all|short [COUNT]\n", argv[0]
        );
    return known ? good ? 0 : 1 : 2;
}
