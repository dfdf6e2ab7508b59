// Signing.
#include "mailflow/signer.hpp"

#include "base/text.hpp"
#include "codec/proof/dkim.hpp"
#include "mailflow/proof.hpp"
#include "office/domain_keys.hpp"

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

Task<Result<std::string>>
sign_message(office::Office& office, std::string sender, std::string message) {
    CO_TRY(
        const auto domain, co_await signing_domain(office, std::move(sender), from_domains(message))
    );
    if (domain.empty())
        co_return message;
    CO_TRY(const auto keys, co_await office::domain_keys(office, domain));
    const auto text = std::make_shared<std::string>(std::move(message));
    std::function<Result<std::string>()> work =
        [text, keys, now = office.clock.now_us() / 1'000'000]() -> Result<std::string> {
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
