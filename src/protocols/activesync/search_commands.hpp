// The commands that look for something: mail, people, certificates, folders. As those of
// commands.hpp.
#pragma once
#include "protocols/activesync/exchange.hpp"

namespace lockstep::activesync {

[[nodiscard]] Task<Result<Reply>> find(Exchange& exchange);               // MS-ASCMD 2.2.1.2
[[nodiscard]] Task<Result<Reply>> get_hierarchy(Exchange& exchange);      // 2.2.1.8, up to 12.1
[[nodiscard]] Task<Result<Reply>> resolve_recipients(Exchange& exchange); // 2.2.1.15
[[nodiscard]] Task<Result<Reply>> search(Exchange& exchange);             // 2.2.1.16
[[nodiscard]] Task<Result<Reply>> validate_cert(Exchange& exchange);      // 2.2.1.22

} // namespace lockstep::activesync
