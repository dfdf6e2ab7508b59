// The `lockstep` command: from the words of a command line to its exit status.
// Exit status: 0 done, 1 it could not be done now (the server's or the machine's trouble), 2 bad
// input, one sentence on standard error in either case.
#pragma once
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "cli/terminal.hpp"
#include "codec/admin/message.hpp"
#include "server/config.hpp"

namespace lockstep::cli {

/// What the command line cannot do itself; the program gives it the server, tests give it their
/// own.
struct Backend {
    /// Serves until told to stop. The sources are read again at SIGHUP.
    std::function<
        Result<>(const std::filesystem::path& data, const server::ConfigSources&, const server::Config&)>
        serve;
    /// Does one request on the store of a stopped server.
    std::function<Result<admin::Answer>(
        const std::filesystem::path& data, const server::Config&, admin::Request
    )>
        offline;
};

/// `arguments` without the program's name.
[[nodiscard]] int
run(std::span<const std::string_view> arguments, const Backend& backend, Terminal& terminal);

} // namespace lockstep::cli
