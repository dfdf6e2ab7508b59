// The Oof property of Settings: the away reply from and to the wire.
// Spec: MS-ASCMD 2.2.3.122 Oof, 2.2.3.123 OofMessage, 2.2.3.124 OofState, 2.2.3.17 BodyType,
// 2.2.3.61.2 EndTime; Status 2.2.3.177.15.
#pragma once
#include "protocols/activesync/exchange.hpp"

namespace lockstep::activesync {

/// Does what the request asks and writes the answer's Oof element. Errors: unavailable.
[[nodiscard]] Task<Result<>>
answer_oof(Exchange& exchange, wbxml::Writer& out, const wbxml::Node& request);

} // namespace lockstep::activesync
