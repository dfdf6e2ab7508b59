// DMARC, and all methods together.
// Spec: RFC 7489 3.1, 6.6; RFC 8601 2.7. Hardening S11: more than one author is not a matter for
// DMARC, and never passes.
#include "mailflow/proof.hpp"

#include <algorithm>
#include <array>

#include <libpsl.h>

#include "base/limits_proof.hpp"
#include "base/text.hpp"
#include "codec/mime/address.hpp"

namespace lockstep::mailflow {
namespace {

constexpr std::array<std::string_view, 8> kProvenNames = {"none",      "neutral",  "pass",
                                                          "softfail",  "fail",     "policy",
                                                          "temperror", "permerror"};

bool aligned(const std::string& proven, const std::string& from, bool strict) {
    if (proven.empty())
        return false;
    return strict ? proven == from : organisation_of(proven) == organisation_of(from);
}

struct FoundPolicy {
    proof::DmarcRecord record;
    bool own = true; ///< of the domain itself, not of its organisation
};

/// The records at one name. None: not_found.
Task<Result<proof::DmarcRecord>> ask_policy(Resolver& resolver, std::string domain) {
    CO_TRY(const auto answer, co_await resolver.ask("_dmarc." + domain, RecordType::txt));
    std::vector<std::string> records;
    for (auto& text : read_txt(answer))
        if (proof::is_dmarc_record(text))
            records.push_back(std::move(text));
    if (records.size() != 1)
        co_return fail(Code::not_found, "no DMARC record");
    auto record = proof::read_dmarc_record(records.front());
    if (!record)
        co_return fail(Code::not_found, "a DMARC record that cannot be read");
    co_return std::move(*record);
}

Task<Result<FoundPolicy>> find_policy(Resolver& resolver, std::string domain) {
    auto own = co_await ask_policy(resolver, domain);
    if (own)
        co_return FoundPolicy{*own, true};
    const auto organisation = organisation_of(domain);
    if (own.error().code != Code::not_found || organisation == domain || organisation.empty())
        co_return std::unexpected(own.error());
    CO_TRY(const auto record, co_await ask_policy(resolver, organisation));
    co_return FoundPolicy{record, false};
}

std::string shown_sender(const SpfQuestion& question) {
    return question.sender.empty() ? question.helo : question.sender;
}

} // namespace

std::string_view name_of(Proven proven) { return kProvenNames[static_cast<std::size_t>(proven)]; }

std::string organisation_of(const std::string& domain) {
    // The list that the system keeps up to date; libpsl's own copy where there is none.
    static const psl_ctx_t* const list = psl_latest(nullptr);
    const auto* const found = psl_registrable_domain(list, domain.c_str());
    return found != nullptr ? found : domain;
}

std::vector<std::string> from_domains(std::string_view message) {
    const mime::Headers headers(message);
    std::vector<std::string> domains;
    for (const auto& field : headers.fields()) {
        if (!iequals(field.name, "From"))
            continue;
        const auto addresses = mime::parse_addresses(field.value);
        for (const auto& each : addresses)
            domains.push_back(ascii_domain(each.domain));
        // A field without any address counts as an author that nobody can prove.
        if (addresses.empty())
            domains.emplace_back();
    }
    return domains;
}

Task<DmarcAnswer> check_dmarc(
    Resolver& resolver, std::vector<std::string> from, SpfAnswer spf, std::vector<DkimAnswer> dkim
) {
    DmarcAnswer answer;
    if (from.size() != 1 || from.front().empty()) {
        answer.result = Proven::permerror;
        answer.reason = "there is not one author";
        co_return answer;
    }
    const auto domain = from.front();
    answer.domain = domain;
    const auto found = co_await find_policy(resolver, domain);
    if (!found) {
        answer.result = found.error().code == Code::not_found ? Proven::none : Proven::temperror;
        co_return answer;
    }
    const auto& record = found->record;
    const bool by_spf =
        spf.result == Proven::pass && aligned(spf.domain, domain, record.strict_spf);
    const bool by_dkim = std::ranges::any_of(dkim, [&](const DkimAnswer& each) {
        return each.result == Proven::pass && aligned(each.domain, domain, record.strict_dkim);
    });
    answer.result = by_spf || by_dkim ? Proven::pass : Proven::fail;
    answer.policy = found->own ? record.policy : record.below;
    // RFC 7489 6.6.4 lets a share of failing mail off. A verdict by lot helps nobody; only "none at
    // all" is honoured.
    if (record.percent == 0)
        answer.policy = proof::DmarcPolicy::none;
    const bool later =
        spf.result == Proven::temperror || std::ranges::any_of(dkim, [](const DkimAnswer& each) {
            return each.result == Proven::temperror;
        });
    if (answer.result == Proven::fail && later)
        answer.result = Proven::temperror;
    co_return answer;
}

Task<Proof> prove(Resolver& resolver, SpfQuestion question, SharedText message, std::int64_t now) {
    Proof proof;
    proof.spf = co_await check_spf(resolver, std::move(question));
    proof.dkim = co_await check_dkim(resolver, message, now);
    proof.arc = co_await check_arc(resolver, message, now);
    proof.dmarc = co_await check_dmarc(resolver, from_domains(*message), proof.spf, proof.dkim);
    co_return proof;
}

std::vector<proof::MethodResult> results_of(const Proof& proof, const SpfQuestion& question) {
    std::vector<proof::MethodResult> all;
    all.push_back(
        {"spf",
         std::string(name_of(proof.spf.result)),
         proof.spf.reason,
         {{question.sender.empty() ? "smtp.helo" : "smtp.mailfrom", shown_sender(question)}}}
    );
    for (const auto& each : proof.dkim)
        all.push_back(
            {"dkim",
             std::string(name_of(each.result)),
             each.reason,
             {{"header.d", each.domain}, {"header.s", each.selector}}}
        );
    if (proof.dkim.empty())
        all.push_back({"dkim", "none", {}, {}});
    if (proof.arc.result != Proven::none)
        all.push_back(
            {"arc",
             std::string(name_of(proof.arc.result)),
             proof.arc.reason,
             {{"header.d", proof.arc.sealer}}}
        );
    proof::MethodResult dmarc{
        "dmarc", std::string(name_of(proof.dmarc.result)), proof.dmarc.reason, {}
    };
    if (!proof.dmarc.domain.empty())
        dmarc.properties = {
            {"header.from", proof.dmarc.domain},
            {"policy.dmarc", std::string(name_of(proof.dmarc.policy))}
        };
    all.push_back(std::move(dmarc));
    return all;
}

} // namespace lockstep::mailflow
