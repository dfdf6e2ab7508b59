// Pages by which other programs find out how to talk to us: the MTA-STS policy for senders, and
// the autoconfig file of mail programs.
// Spec: RFC 8461 3.2, 3.3; the autoconfig format of Thunderbird.
#pragma once
#include <string_view>

#include "net/http_server.hpp"
#include "office/office.hpp"
#include "server/config.hpp"

namespace lockstep::server {

[[nodiscard]] bool is_well_known(std::string_view path);
[[nodiscard]] Task<net::Response>
serve_well_known(office::Office& office, Config config, net::Request& request);

} // namespace lockstep::server
