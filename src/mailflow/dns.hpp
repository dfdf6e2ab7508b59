// Names: questions to the DNS and their answers, whoever gives them.
// Spec: RFC 1034, 1035, 4033 (what "secure" and "bogus" mean), 6698 (TLSA).
// Invariants: no records and no such name are answers, not errors; an answer that fails DNSSEC is
// never given. Errors: unavailable (no answer in time, SERVFAIL, bogus), bad_value (no name).
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits_mail.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/tls_client.hpp"

namespace lockstep::mailflow {

enum class RecordType : std::uint16_t {
    a = 1,
    cname = 5,
    ptr = 12,
    mx = 15,
    txt = 16,
    aaaa = 28,
    srv = 33,
    tlsa = 52
};

struct DnsAnswer {
    std::vector<std::string> records; ///< RDATA as in RFC 1035, at most limits::kDnsAnswers
    std::string name;                 ///< after CNAMEs; as asked when there are none
    bool exists = false;              ///< false: there is no such name (NXDOMAIN)
    bool secure = false;              ///< proven by DNSSEC
};

class Resolver {
public:
    virtual ~Resolver() = default;
    /// `name` without a last dot, in ASCII.
    [[nodiscard]] virtual Task<Result<DnsAnswer>> ask(std::string name, RecordType type) = 0;
};

struct MxHost {
    std::uint16_t preference = 0;
    std::string name; ///< empty: "."
    friend bool operator==(const MxHost&, const MxHost&) = default;
};
/// Records that are cut short are left out.
[[nodiscard]] std::vector<MxHost> read_mx(const DnsAnswer& answer);
[[nodiscard]] std::vector<std::string> read_txt(const DnsAnswer& answer);
[[nodiscard]] std::vector<std::string> read_addresses(const DnsAnswer& answer);
[[nodiscard]] std::vector<net::TlsaRecord> read_tlsa(const DnsAnswer& answer);
/// A host name in RDATA (PTR, CNAME); empty when cut short.
[[nodiscard]] std::string read_name(std::string_view rdata);
/// The ASCII form of a domain; empty when it has none. Lower case.
[[nodiscard]] std::string ascii_domain(std::string_view domain);
/// The name under which the PTR record of an address lies; empty when it is no address.
[[nodiscard]] std::string reverse_name(std::string_view address);

struct ResolverOptions {
    std::string server;      ///< "127.0.0.1@5353"; empty: from the root down
    std::string zone_file;   ///< records answered without asking; empty: none
    std::string anchor_file; ///< the root's keys; a file that is not there: nothing is secure
};
/// libunbound, with a thread of its own. Errors: bad_value (options), unavailable.
[[nodiscard]] Result<std::unique_ptr<Resolver>> open_resolver(const ResolverOptions& options);

} // namespace lockstep::mailflow
