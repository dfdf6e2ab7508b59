// DKIM and ARC: signatures against the keys that their domains publish.
// Spec: RFC 6376 6; RFC 8617 5.2. Hardening S11 (l=), S13.
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/limits_proof.hpp"
#include "base/text.hpp"
#include "mailflow/proof.hpp"

namespace lockstep::mailflow {
namespace {

using proof::Signature;

/// A refusal with its result.
struct Refused {
    Proven result = Proven::permerror;
    std::string reason;
};

Task<std::expected<proof::KeyRecord, Refused>>
find_key(Resolver& resolver, std::string selector, std::string domain, KeyKind kind) {
    const auto answer = co_await resolver.ask(selector + "._domainkey." + domain, RecordType::txt);
    if (!answer)
        co_return std::unexpected(Refused{Proven::temperror, "the key cannot be asked for"});
    const auto texts = read_txt(*answer);
    if (texts.empty())
        co_return std::unexpected(Refused{Proven::permerror, "there is no key"});
    // Several records: RFC 6376 3.6.2.2 leaves open which; the first of our kind is taken.
    Refused refused{Proven::permerror, "there is no key"};
    for (const auto& text : texts) {
        auto record = proof::read_key_record(text, kind);
        if (record)
            co_return std::move(*record);
        refused.reason = record.error().text;
        if (record.error().code == Code::unsupported)
            refused.result = Proven::policy;
    }
    co_return std::unexpected(refused);
}

std::string_view field_text(std::string_view message, const mime::Field& field) {
    return message.substr(field.offset, field.length);
}

/// Everything of a signature but its key.
std::optional<Refused>
check_terms(const Signature& signature, std::string_view body, std::int64_t now) {
    if (signature.expires && *signature.expires < now)
        return Refused{Proven::policy, "the signature is too old"};
    // What stands behind the signed length would be shown as if it were signed (S11).
    if (signature.length &&
        *signature.length < proof::canonical_body(signature.body_canon, body).size())
        return Refused{Proven::policy, "a part of the body is not signed"};
    if (!proof::body_matches(body, signature))
        return Refused{Proven::fail, "the body was changed"};
    return std::nullopt;
}

Task<DkimAnswer> check_signature(
    Resolver& resolver, std::string_view message, const mime::Headers& headers,
    const mime::Field& field, bool arc, std::int64_t now
) {
    DkimAnswer answer;
    const auto signature = proof::read_signature(field.value, arc);
    if (!signature) {
        answer.result =
            signature.error().code == Code::unsupported ? Proven::policy : Proven::permerror;
        answer.reason = signature.error().text;
        co_return answer;
    }
    answer.domain = signature->domain;
    answer.selector = signature->selector;
    if (const auto refused = check_terms(*signature, message.substr(headers.size()), now)) {
        answer.result = refused->result;
        answer.reason = refused->reason;
        co_return answer;
    }
    const auto key =
        co_await find_key(resolver, signature->selector, signature->domain, signature->kind);
    if (!key) {
        answer.result = key.error().result;
        answer.reason = key.error().reason;
        co_return answer;
    }
    const auto text = proof::signed_text(
        signature->kind,
        proof::signed_header(message, headers, *signature, field_text(message, field))
    );
    const bool good = key->key.verify(text, signature->signature);
    answer.result = good ? Proven::pass : Proven::fail;
    if (!good)
        answer.reason = "the header was changed";
    const auto at = signature->identity.rfind('@');
    if (good && key->strict && at != std::string::npos &&
        lower(std::string_view(signature->identity).substr(at + 1)) != signature->domain) {
        answer.result = Proven::policy;
        answer.reason = "the key is not for subdomains";
    }
    co_return answer;
}

/// The three fields of one set.
struct ArcSet {
    const mime::Field* results = nullptr;
    const mime::Field* signature = nullptr;
    const mime::Field* seal = nullptr;
    std::string verdict; ///< cv= of the seal
    [[nodiscard]] bool whole() const { return results && signature && seal; }
};

std::optional<std::size_t> instance_of(std::string_view value) {
    const auto text = mime::unfold(value);
    const auto first = trim(std::string_view(text).substr(0, text.find(';')));
    if (!first.starts_with("i"))
        return std::nullopt;
    const auto equals = first.find('=');
    const auto number = equals == std::string_view::npos
                            ? std::nullopt
                            : parse_int<std::size_t>(trim(first.substr(equals + 1)));
    return number && *number >= 1 && *number <= limits::kArcSets ? number : std::nullopt;
}

/// i= stands first in results, and anywhere in the others.
std::optional<std::size_t> instance_of_tags(std::string_view value) {
    const auto tags = proof::Tags::read(mime::unfold(value));
    const auto number = tags ? parse_int<std::size_t>(tags->text("i")) : std::nullopt;
    return number && *number >= 1 && *number <= limits::kArcSets ? number : std::nullopt;
}

/// All sets, without gaps; nothing when the chain is broken by its form (RFC 8617 5.2).
std::optional<std::vector<ArcSet>> find_sets(const mime::Headers& headers) {
    std::map<std::size_t, ArcSet> sets;
    for (const auto& field : headers.fields()) {
        const mime::Field* ArcSet::* part = nullptr;
        std::optional<std::size_t> number;
        if (iequals(field.name, "ARC-Authentication-Results")) {
            part = &ArcSet::results;
            number = instance_of(field.value);
        } else if (iequals(field.name, "ARC-Message-Signature")) {
            part = &ArcSet::signature;
            number = instance_of_tags(field.value);
        } else if (iequals(field.name, "ARC-Seal")) {
            part = &ArcSet::seal;
            number = instance_of_tags(field.value);
        } else {
            continue;
        }
        if (!number || sets[*number].*part != nullptr)
            return std::nullopt;
        sets[*number].*part = &field;
    }
    std::vector<ArcSet> all;
    for (auto& [number, set] : sets) {
        if (number != all.size() + 1 || !set.whole())
            return std::nullopt;
        const auto tags = proof::Tags::read(mime::unfold(set.seal->value));
        set.verdict = tags ? tags->text("cv") : std::string();
        if (set.verdict != (number == 1 ? "none" : "pass"))
            return std::nullopt;
        all.push_back(set);
    }
    return all;
}

/// The first sets in order, relaxed; the seal `open` without its b=.
std::string sealed_sets(
    std::string_view message, const std::vector<ArcSet>& sets, std::size_t count,
    std::size_t open = limits::kArcSets
) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        const auto relaxed = [&](std::string_view raw) {
            return proof::canonical_field(proof::Canon::relaxed, raw);
        };
        out += relaxed(field_text(message, *sets[i].results));
        out += relaxed(field_text(message, *sets[i].signature));
        auto seal = std::string(field_text(message, *sets[i].seal));
        if (i == open) {
            const auto colon = seal.find(':') + 1;
            seal = seal.substr(0, colon) + proof::without_signature(seal.substr(colon));
        }
        out += relaxed(seal);
    }
    return out;
}

/// What the seal `last` is of: the sets up to it, its own b= empty, no line end at the end.
std::string
sealed_text(std::string_view message, const std::vector<ArcSet>& sets, std::size_t last) {
    auto out = sealed_sets(message, sets, last + 1, last);
    while (out.ends_with('\n') || out.ends_with('\r'))
        out.pop_back();
    return out;
}

Task<Proven> check_seal(
    Resolver& resolver, std::string_view message, const std::vector<ArcSet>& sets, std::size_t at
) {
    const auto tags = proof::Tags::read(mime::unfold(sets[at].seal->value));
    const auto kind = tags && tags->text("a") == "ed25519-sha256" ? KeyKind::ed25519 : KeyKind::rsa;
    // RFC 8617 4.1.3: h= in a seal breaks the chain.
    if (!tags || tags->find("h") || (kind == KeyKind::rsa && tags->text("a") != "rsa-sha256"))
        co_return Proven::fail;
    const auto signature = unbase64(proof::without_blanks(tags->text("b")));
    if (!signature || tags->text("d").empty())
        co_return Proven::fail;
    const auto key =
        co_await find_key(resolver, lower(tags->text("s")), lower(tags->text("d")), kind);
    if (!key)
        co_return key.error().result;
    const auto text = proof::signed_text(kind, sealed_text(message, sets, at));
    co_return key->key.verify(text, *signature) ? Proven::pass : Proven::fail;
}

} // namespace

Task<std::vector<DkimAnswer>> check_dkim(Resolver& resolver, SharedText message, std::int64_t now) {
    const mime::Headers headers(*message);
    std::vector<DkimAnswer> answers;
    for (const auto& field : headers.fields()) {
        if (!iequals(field.name, "DKIM-Signature"))
            continue;
        if (answers.size() >= limits::kDkimSignatures)
            break;
        auto answer = co_await check_signature(resolver, *message, headers, field, false, now);
        answers.push_back(std::move(answer));
    }
    co_return answers;
}

Task<ArcAnswer> check_arc(Resolver& resolver, SharedText message, std::int64_t now) {
    const mime::Headers headers(*message);
    ArcAnswer answer;
    const auto sets = find_sets(headers);
    if (sets && sets->empty())
        co_return answer;
    answer.result = Proven::fail;
    if (!sets) {
        answer.reason = "the chain is broken";
        co_return answer;
    }
    answer.sets = sets->size();
    const auto newest =
        co_await check_signature(resolver, *message, headers, *sets->back().signature, true, now);
    answer.sealer = newest.domain;
    if (newest.result != Proven::pass) {
        answer.reason = newest.reason;
        co_return answer;
    }
    for (std::size_t i = sets->size(); i-- > 0;) {
        const auto sealed = co_await check_seal(resolver, *message, *sets, i);
        if (sealed != Proven::pass) {
            answer.reason = "a seal does not fit";
            co_return answer;
        }
    }
    answer.result = Proven::pass;
    co_return answer;
}

Result<std::string> seal_arc(
    const proof::SigningKey& key, std::int64_t now, std::string message, std::string_view results,
    bool chain_good
) {
    const mime::Headers headers(message);
    const auto sets = find_sets(headers);
    if (!sets || sets->size() >= limits::kArcSets || (!sets->empty() && !chain_good))
        return message;
    const auto instance = fmt::format("i={}", sets->size() + 1);
    const auto kept = fmt::format("ARC-Authentication-Results: {}; {}\r\n", instance, results);
    TRY(const auto signature,
        proof::write_signature(key, {"ARC-Message-Signature", instance, now}, message));
    auto seal = fmt::format(
        "ARC-Seal: {}; a={}; t={}; cv={};\r\n\td={}; s={};\r\n\tb=", instance,
        key.key.kind() == KeyKind::rsa ? "rsa-sha256" : "ed25519-sha256", now,
        sets->empty() ? "none" : "pass", key.domain, key.selector
    );
    std::string text;
    if (!sets->empty())
        text = sealed_sets(message, *sets, sets->size());
    for (const auto* field : {&kept, &signature})
        text += proof::canonical_field(proof::Canon::relaxed, *field);
    auto own = proof::canonical_field(proof::Canon::relaxed, seal + "\r\n");
    own.resize(own.size() - 2);
    TRY(const auto bytes, key.key.sign(proof::signed_text(key.key.kind(), text + own)));
    return seal + proof::folded_base64(bytes) + "\r\n" + signature + kept + message;
}

} // namespace lockstep::mailflow
