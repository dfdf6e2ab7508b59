// RDATA of the record types that mail needs.
#include "mailflow/dns.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <unicode/uidna.h>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::mailflow {
namespace {

std::uint16_t two_bytes(std::string_view bytes) {
    return static_cast<std::uint16_t>(
        static_cast<unsigned char>(bytes[0]) << 8U | static_cast<unsigned char>(bytes[1])
    );
}

} // namespace

std::string read_name(std::string_view rdata) {
    std::string name;
    while (!rdata.empty()) {
        const auto size = static_cast<unsigned char>(rdata.front());
        rdata.remove_prefix(1);
        if (size == 0)
            return name;
        if (size > 63 || size > rdata.size())
            return {};
        if (!name.empty())
            name += '.';
        for (const char c : rdata.substr(0, size)) {
            // A dot or a blank inside a label would look like something else as text.
            if (static_cast<unsigned char>(c) <= 0x20 || c == '.' || c == 0x7F)
                return {};
            name += ascii_lower(c);
        }
        rdata.remove_prefix(size);
    }
    return {};
}

std::vector<MxHost> read_mx(const DnsAnswer& answer) {
    std::vector<MxHost> hosts;
    for (const auto& record : answer.records) {
        if (record.size() < 3)
            continue;
        MxHost host{two_bytes(record), read_name(std::string_view(record).substr(2))};
        if (host.name.empty() && record.size() != 3)
            continue;
        hosts.push_back(std::move(host));
    }
    std::ranges::stable_sort(hosts, {}, &MxHost::preference);
    return hosts;
}

std::vector<std::string> read_txt(const DnsAnswer& answer) {
    std::vector<std::string> texts;
    for (const auto& record : answer.records) {
        std::string text;
        std::string_view rest = record;
        while (!rest.empty()) {
            const std::size_t size = static_cast<unsigned char>(rest.front());
            text.append(rest.substr(1, size));
            rest.remove_prefix(std::min(rest.size(), size + 1));
        }
        texts.push_back(std::move(text));
    }
    return texts;
}

std::vector<std::string> read_addresses(const DnsAnswer& answer) {
    std::vector<std::string> all;
    for (const auto& record : answer.records) {
        char text[INET6_ADDRSTRLEN] = {};
        const int family = record.size() == 4 ? AF_INET : AF_INET6;
        if (record.size() != 4 && record.size() != 16)
            continue;
        if (inet_ntop(family, record.data(), text, sizeof text) != nullptr)
            all.emplace_back(text);
    }
    return all;
}

std::vector<net::TlsaRecord> read_tlsa(const DnsAnswer& answer) {
    std::vector<net::TlsaRecord> all;
    for (const auto& record : answer.records) {
        if (record.size() < 4)
            continue;
        net::TlsaRecord made;
        made.usage = static_cast<std::uint8_t>(record[0]);
        made.selector = static_cast<std::uint8_t>(record[1]);
        made.matching = static_cast<std::uint8_t>(record[2]);
        made.data = record.substr(3);
        all.push_back(std::move(made));
    }
    return all;
}

std::string ascii_domain(std::string_view domain) {
    if (is_ascii(domain))
        return domain.size() <= 253 ? lower(domain) : std::string();
    UErrorCode status = U_ZERO_ERROR;
    static UIDNA* const idna = uidna_openUTS46(
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, &status
    );
    if (idna == nullptr || domain.size() > 1'000)
        return {};
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    status = U_ZERO_ERROR;
    char out[256] = {};
    const auto size = uidna_nameToASCII_UTF8(
        idna, domain.data(), static_cast<std::int32_t>(domain.size()), out, sizeof out, &info,
        &status
    );
    if (U_FAILURE(status) || info.errors != 0 || size <= 0 || size > 253)
        return {};
    return {out, static_cast<std::size_t>(size)};
}

std::string reverse_name(std::string_view address) {
    const std::string text(address);
    unsigned char bytes[16] = {};
    std::string name;
    if (inet_pton(AF_INET, text.c_str(), bytes) == 1) {
        for (int i = 3; i >= 0; --i)
            name += std::to_string(bytes[i]) + ".";
        return name + "in-addr.arpa";
    }
    if (inet_pton(AF_INET6, text.c_str(), bytes) != 1)
        return {};
    constexpr std::string_view digits = "0123456789abcdef";
    for (int i = 15; i >= 0; --i) {
        name += digits[bytes[i] & 15U];
        name += '.';
        name += digits[bytes[i] >> 4U];
        name += '.';
    }
    return name + "ip6.arpa";
}

} // namespace lockstep::mailflow
