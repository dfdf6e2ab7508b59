// The server: doors on their listeners over one core, until a signal ends it.
// Errors of serve(): those of Core::open, and of listeners that cannot be opened; each one
// sentence.
#pragma once
#include <filesystem>

#include "base/result.hpp"
#include "codec/admin/message.hpp"
#include "server/config.hpp"

namespace lockstep::server {

/// Serves until SIGTERM or SIGINT; reads `sources` again at SIGHUP.
[[nodiscard]] Result<>
serve(const std::filesystem::path& data, const ConfigSources& sources, const Config& config);
/// Does one administration request on the store of a stopped server.
[[nodiscard]] Result<admin::Answer>
run_offline(const std::filesystem::path& data, const Config& config, admin::Request request);

} // namespace lockstep::server
