// Signing.
#include "mailflow/signer.hpp"

#include "base/text.hpp"
#include "codec/mime/compose.hpp"
#include "codec/proof/dkim.hpp"
#include "mailflow/proof.hpp"
#include "office/domain_keys.hpp"
#include "office/screening.hpp"

namespace lockstep::mailflow {
namespace {

/// The domain in whose name we sign; empty: none of ours is concerned.
Task<Result<std::string>>
signing_domain(office::Office& office, std::string sender, std::vector<std::string> authors) {
    auto& wanted = authors;
    if (wanted.size() != 1)
        wanted.clear();
    if (const auto at = sender.rfind('@'); at != std::string::npos)
        wanted.push_back(ascii_domain(sender.substr(at + 1)));
    for (const auto& domain : wanted) {
        CO_TRY(const bool local, co_await office.directory.is_local_domain(domain));
        if (local)
            co_return domain;
    }
    co_return std::string();
}

/// What we found when the message came in: the value of our own Authentication-Results.
std::string own_results(std::string_view message, std::string_view hostname) {
    const mime::Headers headers(message);
    for (const auto& field : headers.fields())
        if (iequals(field.name, "Authentication-Results") &&
            proof::server_of_results(field.value) == lower(hostname))
            return std::string(trim(field.value));
    return {};
}

Task<Result<std::string>>
sign_message(office::Office& office, std::string sender, std::string message) {
    // Forwarded mail: what is on top is about its delivery here.
    std::string found;
    if (istarts_with(message, "Return-Path:")) {
        found = own_results(message, office.hostname());
        mime::HeaderEdit edit(message);
        edit.remove("Return-Path").remove(office::kVerdictField);
        message = edit.header().append(message, edit.body_offset());
    }
    CO_TRY(
        const auto domain, co_await signing_domain(office, std::move(sender), from_domains(message))
    );
    if (domain.empty())
        co_return message;
    CO_TRY(const auto keys, co_await office::domain_keys(office, domain));
    const auto text = std::make_shared<std::string>(std::move(message));
    std::function<Result<std::string>()> work =
        [text, keys, found, now = office.clock.now_us() / 1'000'000]() -> Result<std::string> {
        // Both kinds sign, but only RSA is known to all who read ARC.
        for (const auto& key : keys)
            if (!found.empty() && key.signing.key.kind() == KeyKind::rsa) {
                const bool good = found.contains("arc=pass");
                TRY(*text, seal_arc(key.signing, now, std::move(*text), found, good));
                break;
            }
        std::string fields;
        for (const auto& key : keys) {
            TRY(const auto field, proof::write_signature(key.signing, {.now = now}, *text));
            fields += field;
        }
        return fields + *text;
    };
    if (keys.empty())
        co_return std::move(*text);
    auto made = co_await office.workers.run<std::string>(std::move(work));
    co_return made;
}

} // namespace

Sign signer(office::Office& office) {
    return [&office](std::string sender, std::string message) {
        return sign_message(office, std::move(sender), std::move(message));
    };
}

} // namespace lockstep::mailflow
