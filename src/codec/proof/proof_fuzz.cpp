// Whatever a sender or a name server says: no list of tags, record or signature breaks its reader.
#include <cstddef>
#include <cstdint>

#include "base/text.hpp"
#include "codec/proof/canonical.hpp"
#include "codec/proof/dkim.hpp"
#include "codec/proof/dmarc.hpp"
#include "codec/proof/spf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const auto text = as_text({data, size});
    (void)proof::read_signature(text, false);
    (void)proof::read_key_record(text, KeyKind::rsa);
    (void)proof::read_dmarc_record(text);
    (void)proof::server_of_results(text);
    if (const auto record = proof::read_spf_record(text))
        for (const auto& term : record->terms)
            (void)proof::expand_spf(term.domain, {"s@example.org", "example.org", "::1", "h"});
    for (const auto canon : {proof::Canon::simple, proof::Canon::relaxed}) {
        const auto once = proof::canonical_body(canon, text);
        // A canonical form is its own canonical form.
        if (proof::canonical_body(canon, once) != once)
            __builtin_trap();
        (void)proof::canonical_field(canon, text);
    }
    return 0;
}
