// The program `lockstep`.
#include <exception>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/run.hpp"
#include "server/server.hpp"

int main(int count, char** words) {
    using namespace lockstep;
    const auto terminal = cli::process_terminal();
    try {
        const std::vector<std::string_view> arguments(words + 1, words + count);
        return cli::run(arguments, {server::serve, server::run_offline}, *terminal);
    } catch (const std::exception& failure) {
        terminal->err(fmt::format("lockstep: {}\n", failure.what()));
        return 1;
    }
}
