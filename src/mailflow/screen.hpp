// Screen: the judge of mail from outside, by what proves its sender, by DNS lists and
// by rspamd.
// Spec: RFC 7489 6.6; RFC 8601; RFC 5782 (DNS lists). Hardening S11, S13.
// Invariants: what the DNS does not answer counts against nobody. Errors: unauthorized (a forged
// author, and its domain and ours ask for refusal).
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "mailflow/dns.hpp"
#include "office/office.hpp"
#include "office/screening.hpp"

namespace lockstep::mailflow {

struct ScreenOptions {
    bool on = true;
    bool loopback = false;     ///< mail of programs on this machine, too
    bool dmarc_reject = false; ///< p=reject refuses; else it is as quarantine
    std::vector<std::string> dns_lists;
    std::string rspamd; ///< "127.0.0.1:11333"; empty: nobody is asked
};

/// `office` and `resolver` must outlive what is returned; `options` is asked for every message.
[[nodiscard]] office::Judge
screen(office::Office& office, Resolver& resolver, std::function<ScreenOptions()> options);

/// Records of a type by its name (A, AAAA, CNAME, MX, SRV, TXT) as text. Errors: bad_value (an
/// unknown type), unavailable.
[[nodiscard]] Task<Result<std::vector<std::string>>>
look_up(Resolver& resolver, std::string name, std::string type);

} // namespace lockstep::mailflow
