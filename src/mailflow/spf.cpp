// SPF: from record to result.
// Spec: RFC 7208 4.6.4 (limits), 5.
#include <algorithm>

#include "base/limits_proof.hpp"
#include "base/text.hpp"
#include "codec/proof/spf.hpp"
#include "mailflow/proof.hpp"

namespace lockstep::mailflow {
namespace {

using proof::SpfKind;
using proof::SpfTerm;

/// What one check has spent.
struct SpfSpent {
    std::size_t lookups = 0;
    std::size_t voids = 0;
};

struct SpfCheck {
    Resolver& resolver;
    SpfQuestion question;
    SpfSpent spent = {};
};

/// A match, no match, or an error that ends the check.
using Matched = std::expected<bool, Proven>;

bool is_four(const std::string& address) { return !address.contains(':'); }

Task<std::expected<DnsAnswer, Proven>> ask_spf(SpfCheck& check, std::string name, RecordType type) {
    const auto ascii = ascii_domain(name);
    if (ascii.empty() || !ascii.contains('.'))
        co_return DnsAnswer();
    auto answer = co_await check.resolver.ask(ascii, type);
    if (!answer)
        co_return std::unexpected(Proven::temperror);
    co_return std::move(*answer);
}

/// Questions without an answer are counted (4.6.4).
bool too_void(SpfCheck& check, const DnsAnswer& answer) {
    check.spent.voids += answer.records.empty() ? 1 : 0;
    return check.spent.voids > limits::kSpfVoid;
}

bool any_matches(
    const std::vector<std::string>& addresses, const SpfCheck& check, const SpfTerm& term
) {
    const auto& client = check.question.address;
    const int prefix = is_four(client) ? term.prefix4 : term.prefix6;
    return std::ranges::any_of(addresses, [&](const std::string& each) {
        return proof::is_in_network(client, each, prefix);
    });
}

Task<Matched> match_host(SpfCheck& check, std::string name, SpfTerm term, bool counted) {
    const auto type = is_four(check.question.address) ? RecordType::a : RecordType::aaaa;
    const auto answer = co_await ask_spf(check, std::move(name), type);
    if (!answer)
        co_return std::unexpected(answer.error());
    if (counted && too_void(check, *answer))
        co_return std::unexpected(Proven::permerror);
    co_return any_matches(read_addresses(*answer), check, term);
}

Task<Matched> match_mx(SpfCheck& check, std::string name, SpfTerm term) {
    const auto answer = co_await ask_spf(check, std::move(name), RecordType::mx);
    if (!answer)
        co_return std::unexpected(answer.error());
    if (too_void(check, *answer))
        co_return std::unexpected(Proven::permerror);
    const auto hosts = read_mx(*answer);
    if (hosts.size() > limits::kSpfNames)
        co_return std::unexpected(Proven::permerror);
    for (const auto& host : hosts) {
        const auto matched = co_await match_host(check, host.name, term, false);
        if (!matched || *matched)
            co_return matched;
    }
    co_return false;
}

/// The names of the client's address that lead back to it and lie in the domain (5.5).
Task<Matched> match_ptr(SpfCheck& check, std::string domain) {
    const auto answer =
        co_await ask_spf(check, reverse_name(check.question.address), RecordType::ptr);
    if (!answer)
        co_return false;
    if (too_void(check, *answer))
        co_return std::unexpected(Proven::permerror);
    std::size_t looked = 0;
    for (const auto& record : answer->records) {
        const auto name = read_name(record);
        if (++looked > limits::kSpfNames)
            break;
        if (name != domain && !name.ends_with("." + domain))
            continue;
        const auto back = co_await match_host(check, name, SpfTerm(), false);
        if (back && *back)
            co_return true;
    }
    co_return false;
}

Task<Matched> match_exists(SpfCheck& check, std::string name) {
    const auto answer = co_await ask_spf(check, std::move(name), RecordType::a);
    if (!answer)
        co_return std::unexpected(answer.error());
    if (too_void(check, *answer))
        co_return std::unexpected(Proven::permerror);
    co_return !answer->records.empty();
}

Task<Proven> check_domain_spf(SpfCheck& check, std::string domain, bool included);

/// RFC 7208 5.2: what the included record says decides.
Task<Matched> match_include(SpfCheck& check, std::string domain) {
    const auto result = co_await check_domain_spf(check, std::move(domain), true);
    if (result == Proven::temperror)
        co_return std::unexpected(result);
    if (result == Proven::permerror || result == Proven::none)
        co_return std::unexpected(Proven::permerror);
    co_return result == Proven::pass;
}

bool asks(SpfKind kind) {
    return kind != SpfKind::all && kind != SpfKind::ip4 && kind != SpfKind::ip6;
}

std::expected<std::string, Proven>
target_of(const SpfCheck& check, const std::string& spec, const std::string& domain) {
    if (spec.empty())
        return domain;
    const auto& asked = check.question;
    const auto sender = asked.sender.empty() ? "postmaster@" + asked.helo : asked.sender;
    auto expanded = proof::expand_spf(spec, {sender, domain, asked.address, asked.helo});
    if (!expanded)
        return std::unexpected(Proven::permerror);
    auto name = lower(*expanded);
    if (name.ends_with('.'))
        name.pop_back();
    return name;
}

Task<Matched> match_term(SpfCheck& check, SpfTerm term, std::string domain) {
    if (asks(term.kind) && ++check.spent.lookups > limits::kSpfLookups)
        co_return std::unexpected(Proven::permerror);
    const auto& client = check.question.address;
    if (term.kind == SpfKind::all)
        co_return true;
    if (term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6)
        co_return proof::is_in_network(
            client, term.domain, term.kind == SpfKind::ip4 ? term.prefix4 : term.prefix6
        );
    const auto target = target_of(check, term.domain, domain);
    if (!target)
        co_return std::unexpected(target.error());
    Matched matched = false;
    if (term.kind == SpfKind::include)
        matched = co_await match_include(check, *target);
    else if (term.kind == SpfKind::a)
        matched = co_await match_host(check, *target, term, true);
    else if (term.kind == SpfKind::mx)
        matched = co_await match_mx(check, *target, term);
    else if (term.kind == SpfKind::ptr)
        matched = co_await match_ptr(check, *target);
    else
        matched = co_await match_exists(check, *target);
    co_return matched;
}

Proven result_of(char qualifier) {
    return qualifier == '-'   ? Proven::fail
           : qualifier == '~' ? Proven::softfail
           : qualifier == '?' ? Proven::neutral
                              : Proven::pass;
}

/// The domain's record. none: there is none.
Task<std::expected<proof::SpfRecord, Proven>>
find_spf_record(SpfCheck& check, std::string domain, bool included) {
    const auto answer = co_await ask_spf(check, std::move(domain), RecordType::txt);
    if (!answer)
        co_return std::unexpected(answer.error());
    if (included && too_void(check, *answer))
        co_return std::unexpected(Proven::permerror);
    std::vector<std::string> records;
    for (auto& text : read_txt(*answer))
        if (proof::is_spf_record(text))
            records.push_back(std::move(text));
    if (records.empty())
        co_return std::unexpected(Proven::none);
    if (records.size() > 1)
        co_return std::unexpected(Proven::permerror);
    auto record = proof::read_spf_record(records.front());
    if (!record)
        co_return std::unexpected(Proven::permerror);
    co_return std::move(*record);
}

/// Its depth is bounded: each further record costs one of limits::kSpfLookups.
Task<Proven> check_domain_spf(SpfCheck& check, std::string domain, bool included) {
    const auto record = co_await find_spf_record(check, domain, included);
    if (!record)
        co_return record.error();
    for (const auto& term : record->terms) {
        const auto matched = co_await match_term(check, term, domain);
        if (!matched)
            co_return matched.error();
        if (*matched)
            co_return result_of(term.qualifier);
    }
    const bool has_all = std::ranges::any_of(record->terms, [](const SpfTerm& each) {
        return each.kind == SpfKind::all;
    });
    if (record->redirect.empty() || has_all)
        co_return Proven::neutral;
    if (++check.spent.lookups > limits::kSpfLookups)
        co_return Proven::permerror;
    const auto target = target_of(check, record->redirect, domain);
    if (!target)
        co_return target.error();
    const auto result = co_await check_domain_spf(check, *target, true);
    co_return result == Proven::none ? Proven::permerror : result;
}

} // namespace

Task<SpfAnswer> check_spf(Resolver& resolver, SpfQuestion question) {
    SpfAnswer answer;
    const auto at = question.sender.rfind('@');
    answer.domain = question.sender.empty() || at == std::string::npos
                        ? question.helo
                        : question.sender.substr(at + 1);
    answer.domain = ascii_domain(answer.domain);
    // An address as name, or none at all: nobody speaks for it.
    if (answer.domain.empty() || !answer.domain.contains('.') || answer.domain.starts_with('[') ||
        question.address.empty())
        co_return answer;
    SpfCheck check{resolver, std::move(question)};
    answer.result = co_await check_domain_spf(check, answer.domain, false);
    co_return answer;
}

} // namespace lockstep::mailflow
