// MX records to hosts, hosts to addresses.
#include "mailflow/route.hpp"

#include <algorithm>

#include <arpa/inet.h>

#include "base/limits_mail.hpp"
#include "base/text.hpp"

namespace lockstep::mailflow {
namespace {

bool is_address(const std::string& text) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, text.c_str(), bytes) == 1 ||
           inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

Host smarthost_of(const std::string& text) {
    Host host;
    const auto colon = text.rfind(':');
    const bool bracketed = text.starts_with('[');
    const bool has_port = colon != std::string::npos && (!bracketed || colon > text.find(']'));
    host.name = text.substr(0, has_port ? colon : text.size());
    if (bracketed)
        host.name = host.name.substr(1, host.name.find(']') - 1);
    host.port = has_port ? parse_int<std::uint16_t>(text.substr(colon + 1)).value_or(25) : 25;
    host.tls_first = host.port == 465;
    return host;
}

/// Without those that stand behind ourselves: they would send it back to us (RFC 5321 5.1).
void drop_loops(std::vector<MxHost>& hosts, const std::string& hostname) {
    const auto self = std::ranges::find_if(hosts, [&](const MxHost& each) {
        return iequals(each.name, hostname);
    });
    if (self == hosts.end())
        return;
    const auto preference = self->preference;
    std::erase_if(hosts, [&](const MxHost& each) { return each.preference >= preference; });
}

void add_addresses(std::vector<std::string>& all, std::vector<std::string> more, bool first) {
    for (std::size_t i = 0; i < more.size(); ++i) {
        const auto at = first ? std::min(2 * i, all.size()) : all.size();
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(at), std::move(more[i]));
    }
}

} // namespace

Task<Result<std::vector<Host>>>
find_hosts(Resolver& resolver, RouteOptions options, std::string domain) {
    std::vector<Host> hosts;
    if (!options.smarthost.empty()) {
        hosts.push_back(smarthost_of(options.smarthost));
        co_return hosts;
    }
    const auto ascii = ascii_domain(domain);
    if (ascii.empty())
        co_return fail(Code::not_found, domain + " is no domain name");
    CO_TRY(const auto answer, co_await resolver.ask(ascii, RecordType::mx));
    if (!answer.exists)
        co_return fail(Code::not_found, "there is no domain " + domain);
    auto found = read_mx(answer);
    if (found.size() == 1 && found.front().name.empty())
        co_return fail(Code::not_found, domain + " takes no mail (null MX)");
    if (found.empty())
        found.push_back({0, ascii});
    else
        drop_loops(found, options.hostname);
    if (found.empty())
        co_return fail(Code::not_found, "mail for " + domain + " would come back to us");
    for (const auto& each : found) {
        if (each.name.empty() || hosts.size() >= limits::kMxHosts)
            continue;
        Host host;
        host.name = each.name;
        host.port = options.port;
        host.secure = answer.secure;
        host.names = {ascii};
        hosts.push_back(std::move(host));
    }
    co_return hosts;
}

Task<Result<Reach>> find_reach(Resolver& resolver, Host host) {
    Reach reach;
    if (is_address(host.name)) {
        reach.addresses.push_back(host.name);
        co_return reach;
    }
    const auto four = co_await resolver.ask(host.name, RecordType::a);
    const auto six = co_await resolver.ask(host.name, RecordType::aaaa);
    if (four)
        add_addresses(reach.addresses, read_addresses(*four), false);
    // IPv6 first, but a dead IPv6 costs one time-out only.
    if (six)
        add_addresses(reach.addresses, read_addresses(*six), true);
    if (reach.addresses.size() > limits::kMxAddresses)
        reach.addresses.resize(limits::kMxAddresses);
    if (!four && !six)
        co_return std::unexpected(four.error());
    if (reach.addresses.empty())
        co_return fail(Code::not_found, host.name + " has no address");
    // RFC 7672 2.2: without proof all the way TLSA records mean nothing.
    const bool proven = host.secure && (four ? four->secure : six->secure);
    if (!proven)
        co_return reach;
    CO_TRY(
        const auto tlsa,
        co_await resolver.ask(
            "_" + std::to_string(host.port) + "._tcp." + host.name, RecordType::tlsa
        )
    );
    if (tlsa.secure)
        reach.tlsa = read_tlsa(tlsa);
    std::erase_if(reach.tlsa, [](const net::TlsaRecord& each) {
        return each.usage < 2 || each.usage > 3;
    });
    co_return reach;
}

} // namespace lockstep::mailflow
