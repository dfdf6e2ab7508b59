// Keys as secrets of the control file.
#include "office/domain_keys.hpp"

#include <fmt/format.h>

#include "base/pack.hpp"
#include "base/text.hpp"

namespace lockstep::office {
namespace {

using store::Snapshot;
using store::Sql;
using store::Txn;

constexpr Sql kDomainSecrets{
    "SELECT name, bytes FROM secret WHERE name >= $1 AND name < $2 ORDER BY name"
};
constexpr Sql kPutSecret{"INSERT INTO secret (name, bytes) VALUES ($1, $2)"};
constexpr Sql kDropSecret{"DELETE FROM secret WHERE name = $1"};

/// '/' occurs in no domain, and '0' follows it.
std::string secret_prefix(const std::string& domain) { return "dkim/" + domain + "/"; }
std::string secret_end(const std::string& domain) { return "dkim/" + domain + "0"; }

Task<Result<>> check_domain(Office& office, const std::string& domain) {
    CO_TRY(const bool local, co_await office.directory.is_local_domain(domain));
    if (!local)
        co_return fail(Code::not_found, domain + " is not a domain of ours");
    co_return Result<>();
}

/// 20261124a: keys of a day stand in the order of their making.
std::string selector_of(std::int64_t now_us, std::size_t number, KeyKind kind) {
    const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(now_us))
    );
    const std::chrono::year_month_day date(day);
    return fmt::format(
        "{:04}{:02}{:02}{}{}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<char>('a' + number % 26),
        kind == KeyKind::rsa ? "r" : "e"
    );
}

} // namespace

Task<Result<std::vector<DomainKey>>> domain_keys(Office& office, std::string domain) {
    using Keys = std::vector<DomainKey>;
    std::function<Result<Keys>(Snapshot&)> work = [domain](Snapshot& snapshot) -> Result<Keys> {
        Keys keys;
        const auto prefix = secret_prefix(domain);
        for (auto row = snapshot.query(kDomainSecrets, prefix, secret_end(domain)); row.next();) {
            const auto packed = row.str(1);
            Unpacker in(packed);
            const auto created = in.integer();
            const Secret<std::string> pem{std::string(in.text())};
            TRY(auto key, PrivateKey::from_pem(pem));
            keys.push_back({{domain, row.str(0).substr(prefix.size()), std::move(key)}, created});
        }
        return keys;
    };
    auto keys = co_await office.db.read_control<Keys>(std::move(work));
    co_return keys;
}

Task<Result<>> make_domain_keys(Office& office, std::string domain) {
    const auto known = co_await check_domain(office, domain);
    CO_CHECK_OK(known);
    CO_TRY(const auto before, co_await domain_keys(office, domain));
    if (before.size() + 2 > kDomainKeys)
        co_return fail(Code::too_large, "the domain has enough keys: remove old ones first");
    using Pair = std::vector<PrivateKey>;
    std::function<Result<Pair>()> make = []() -> Result<Pair> {
        TRY(auto rsa, PrivateKey::make(KeyKind::rsa));
        TRY(auto ed, PrivateKey::make(KeyKind::ed25519));
        return Pair{std::move(rsa), std::move(ed)};
    };
    CO_TRY(const auto pair, co_await office.workers.run<Pair>(std::move(make)));
    const auto now = office.clock.now_us();
    std::function<Result<bool>(Txn&)> work = [domain, pair, now, before](Txn& txn) -> Result<bool> {
        std::size_t number = 0;
        const auto taken = [&](const std::string& selector) {
            return std::ranges::any_of(before, [&](const DomainKey& each) {
                return each.signing.selector == selector;
            });
        };
        while (number < kDomainKeys && taken(selector_of(now, number, KeyKind::rsa)))
            ++number;
        for (const auto& key : pair) {
            Packer out;
            out.integer(now);
            out.text(key.pem().reveal());
            const auto packed = out.take();
            const auto name = secret_prefix(domain) + selector_of(now, number, key.kind());
            txn.exec(kPutSecret, name, store::Bytes{packed});
        }
        return true;
    };
    const auto done = co_await office.db.write_control<bool>(std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Task<Result<>> remove_domain_key(Office& office, std::string domain, std::string selector) {
    std::function<Result<bool>(Txn&)> work = [=](Txn& txn) -> Result<bool> {
        if (txn.exec(kDropSecret, secret_prefix(domain) + selector) != 1)
            return fail(Code::not_found, domain + " has no key " + selector);
        return true;
    };
    const auto done = co_await office.db.write_control<bool>(std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Task<Result<std::vector<DomainRecord>>> domain_records(Office& office, std::string domain) {
    const auto known = co_await check_domain(office, domain);
    CO_CHECK_OK(known);
    CO_TRY(const auto keys, co_await domain_keys(office, domain));
    const auto host = office.hostname();
    std::vector<DomainRecord> all = {
        {domain, "MX", "10 " + host, "mail for the domain comes here"},
        {domain, "TXT", "v=spf1 mx -all", "SPF: who may send in its name"},
        {"_dmarc." + domain, "TXT", "v=DMARC1; p=quarantine; rua=mailto:postmaster@" + domain,
         "DMARC: what becomes of forged mail"},
    };
    for (const auto& key : keys)
        all.push_back(
            {key.signing.selector + "._domainkey." + domain, "TXT",
             proof::key_record(key.signing.key), "DKIM: the key that signs"}
        );
    const auto version = hex(blake2b256(host).raw().substr(0, 8));
    const std::vector<DomainRecord> rest = {
        {"_mta-sts." + domain, "TXT", "v=STSv1; id=" + version, "MTA-STS: there is a policy"},
        {"mta-sts." + domain, "CNAME", host, "MTA-STS: where it lies"},
        {"_smtp._tls." + domain, "TXT", "v=TLSRPTv1; rua=mailto:postmaster@" + domain,
         "TLS reports are wanted"},
        {"autodiscover." + domain, "CNAME", host, "phones and Outlook find the server"},
        {"autoconfig." + domain, "CNAME", host, "Thunderbird finds it"},
        {"_autodiscover._tcp." + domain, "SRV", "0 1 443 " + host, "the same"},
        {"_imaps._tcp." + domain, "SRV", "0 1 993 " + host, "mail programs"},
        {"_submissions._tcp." + domain, "SRV", "0 1 465 " + host, "mail programs"},
        {"_submission._tcp." + domain, "SRV", "0 1 587 " + host, "mail programs"},
        {"_jmap._tcp." + domain, "SRV", "0 1 443 " + host, "JMAP clients"},
    };
    all.insert(all.end(), rest.begin(), rest.end());
    co_return all;
}

} // namespace lockstep::office
