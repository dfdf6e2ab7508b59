// Proof: what shows that a message comes from whom it names: SPF, DKIM, ARC, DMARC.
// Spec: RFC 7208; RFC 6376, 8301, 8463; RFC 8617; RFC 7489. Hardening S11, S13.
// Invariants: one parser of the message (codec/mime) for the check and for what is shown; each
// method has its limits (base/limits_proof.hpp). Errors: none; what cannot be asked is a
// "temperror" of its method.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/proof/dkim.hpp"
#include "codec/proof/dmarc.hpp"
#include "mailflow/dns.hpp"

namespace lockstep::mailflow {

enum class Proven { none, neutral, pass, softfail, fail, policy, temperror, permerror };
[[nodiscard]] std::string_view name_of(Proven proven);

struct SpfQuestion {
    std::string address; ///< of the client
    std::string sender;  ///< local@domain; empty: <>, and helo is asked about
    std::string helo;
};
struct SpfAnswer {
    Proven result = Proven::none;
    std::string domain; ///< that was asked about
    std::string reason; ///< for the log; may be empty
};
[[nodiscard]] Task<SpfAnswer> check_spf(Resolver& resolver, SpfQuestion question);

struct DkimAnswer {
    Proven result = Proven::none;
    std::string domain;
    std::string selector;
    std::string reason;
};
using SharedText = std::shared_ptr<const std::string>;
/// One answer for each signature, at most limits::kDkimSignatures; `now`: seconds since 1970.
[[nodiscard]] Task<std::vector<DkimAnswer>>
check_dkim(Resolver& resolver, SharedText message, std::int64_t now);

struct ArcAnswer {
    Proven result = Proven::none; ///< none, pass or fail
    std::size_t sets = 0;
    std::string sealer; ///< domain of the newest seal
    std::string reason;
};
[[nodiscard]] Task<ArcAnswer> check_arc(Resolver& resolver, SharedText message, std::int64_t now);

/// The message with one more ARC set on top: what we found (`results`, as in our
/// Authentication-Results) for those who get it from us. A chain that is broken, or full, is left
/// as it is. `chain_good`: the chain up to now was found to be whole.
[[nodiscard]] Result<std::string> seal_arc(
    const proof::SigningKey& key, std::int64_t now, std::string message, std::string_view results,
    bool chain_good
);

struct DmarcAnswer {
    Proven result = Proven::none; ///< none, pass, fail, temperror, permerror
    proof::DmarcPolicy policy = proof::DmarcPolicy::none; ///< what the domain asks for this message
    std::string domain;                                   ///< of From
    std::string reason;
};
/// `from`: the domains of all addresses of all From fields.
[[nodiscard]] Task<DmarcAnswer> check_dmarc(
    Resolver& resolver, std::vector<std::string> from, SpfAnswer spf, std::vector<DkimAnswer> dkim
);
/// The domain under which people register: "example.co.uk" of "a.b.example.co.uk".
[[nodiscard]] std::string organisation_of(const std::string& domain);

/// Everything about one message.
struct Proof {
    SpfAnswer spf;
    std::vector<DkimAnswer> dkim;
    ArcAnswer arc;
    DmarcAnswer dmarc;
};
[[nodiscard]] Task<Proof>
prove(Resolver& resolver, SpfQuestion question, SharedText message, std::int64_t now);
/// As Authentication-Results says it.
[[nodiscard]] std::vector<proof::MethodResult>
results_of(const Proof& proof, const SpfQuestion& question);
/// The domains of From, of all its fields and addresses.
[[nodiscard]] std::vector<std::string> from_domains(std::string_view message);

} // namespace lockstep::mailflow
