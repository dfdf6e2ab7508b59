// Verdicts.
#include "mailflow/screen.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "mailflow/proof.hpp"
#include "mailflow/rspamd.hpp"
#include "office/delivery.hpp"

namespace lockstep::mailflow {
namespace {

bool is_loopback_address(std::string_view address) {
    return address.starts_with("127.") || address == "::1";
}

/// The first list that has the address; empty: none. RFC 5782 2.1: an answer within 127/8.
Task<std::string>
listed_by(Resolver& resolver, std::string address, std::vector<std::string> lists) {
    auto name = reverse_name(address);
    name = name.substr(0, name.rfind(address.contains(':') ? ".ip6.arpa" : ".in-addr.arpa"));
    for (const auto& list : lists) {
        const auto answer = co_await resolver.ask(name + "." + list, RecordType::a);
        if (!answer)
            continue;
        const auto found = read_addresses(*answer);
        // 127.255.255.x is an error of the list's own, told by some.
        const bool hit = std::ranges::any_of(found, [](const std::string& each) {
            return each.starts_with("127.") && !each.starts_with("127.255.255.");
        });
        if (hit)
            co_return list;
    }
    co_return std::string();
}

/// From our own programs nothing can be proven.
office::Judged judged_by(const Proof& proof, bool spam) {
    using proof::DmarcPolicy;
    const bool forged =
        proof.dmarc.result == Proven::fail && proof.dmarc.policy != DmarcPolicy::none;
    return forged ? office::Judged::junk : spam ? office::Judged::spam : office::Judged::clean;
}

/// What rspamd wants done; empty when it is not there, or does not answer.
Task<std::string> opinion_of_rspamd(
    const ScreenOptions& options, const office::Envelope& envelope,
    std::shared_ptr<const std::string> message
) {
    if (options.rspamd.empty())
        co_return std::string();
    auto action = co_await ask_rspamd(
        {options.rspamd, envelope.reverse_path, envelope.helo, envelope.peer, {}, message}
    );
    if (!action)
        log::warn("rspamd.no_answer", {{"server", options.rspamd}, {"reason", action.error()}});
    co_return action.value_or(std::string());
}

Task<Result<office::Verdict>> judge_mail(
    office::Office& office, Resolver& resolver, ScreenOptions options, office::Envelope envelope,
    std::shared_ptr<const std::string> message
) {
    if (!options.on || (is_loopback_address(envelope.peer) && !options.loopback))
        co_return office::Verdict();
    const SpfQuestion question{envelope.peer, envelope.reverse_path, envelope.helo};
    const auto proof =
        co_await prove(resolver, question, message, office.clock.now_us() / 1'000'000);
    auto results = results_of(proof, question);
    const auto list = co_await listed_by(resolver, envelope.peer, options.dns_lists);
    if (!list.empty())
        results.push_back({"x-dnslist", "fail", {}, {{"policy.list", list}}});
    const auto action = co_await opinion_of_rspamd(options, envelope, message);
    if (!action.empty())
        results.push_back({"x-rspamd", is_spam_action(action) ? "fail" : "pass", {}, {}});
    office::Verdict verdict;
    verdict.judged = judged_by(proof, !list.empty() || is_spam_action(action));
    log::info(
        "smtp.judged", {{"from", envelope.reverse_path},
                        {"peer", envelope.peer},
                        {"spf", name_of(proof.spf.result)},
                        {"dmarc", name_of(proof.dmarc.result)},
                        {"author", proof.dmarc.domain},
                        {"list", list},
                        {"rspamd", action},
                        {"verdict", office::name_of(verdict.judged)}}
    );
    if (options.dmarc_reject && verdict.judged == office::Judged::junk &&
        proof.dmarc.policy == proof::DmarcPolicy::reject)
        co_return fail(Code::unauthorized, "DMARC of " + proof.dmarc.domain + " asks to refuse");
    verdict.fields = fmt::format(
        "Authentication-Results: {}\r\n{}: {}\r\n",
        proof::write_results(office.hostname(), results), office::kVerdictField,
        office::name_of(verdict.judged)
    );
    co_return verdict;
}

const std::map<std::string, RecordType, std::less<>> kTypes = {
    {"A", RecordType::a},   {"AAAA", RecordType::aaaa}, {"CNAME", RecordType::cname},
    {"MX", RecordType::mx}, {"SRV", RecordType::srv},   {"TXT", RecordType::txt}
};

std::string number_at(std::string_view bytes, std::size_t at) {
    return std::to_string(
        static_cast<unsigned char>(bytes[at]) * 256U + static_cast<unsigned char>(bytes[at + 1])
    );
}

} // namespace

office::Judge
screen(office::Office& office, Resolver& resolver, std::function<ScreenOptions()> options) {
    return [&office, &resolver, options = std::move(options)](
               office::Envelope envelope, std::shared_ptr<const std::string> message
           ) {
        return judge_mail(office, resolver, options(), std::move(envelope), std::move(message));
    };
}

Task<Result<std::vector<std::string>>>
look_up(Resolver& resolver, std::string name, std::string type) {
    const auto known = kTypes.find(type);
    if (known == kTypes.end())
        co_return fail(Code::bad_value, "a type of records that is not looked up: " + type);
    CO_TRY(const auto answer, co_await resolver.ask(std::move(name), known->second));
    std::vector<std::string> texts;
    switch (known->second) {
    case RecordType::mx:
        for (const auto& host : read_mx(answer))
            texts.push_back(fmt::format("{} {}", host.preference, host.name));
        break;
    case RecordType::txt:
        texts = read_txt(answer);
        break;
    case RecordType::srv:
        for (const auto& record : answer.records)
            if (record.size() > 6)
                texts.push_back(fmt::format(
                    "{} {} {} {}", number_at(record, 0), number_at(record, 2), number_at(record, 4),
                    read_name(std::string_view(record).substr(6))
                ));
        break;
    case RecordType::cname:
        for (const auto& record : answer.records)
            texts.push_back(read_name(record));
        break;
    default:
        texts = read_addresses(answer);
    }
    co_return texts;
}

} // namespace lockstep::mailflow
