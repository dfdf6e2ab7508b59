// The rules of a person, one after the other: script, forwarding, reply.
#include "office/arrival.hpp"

#include <algorithm>

#include "base/limits_sieve.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/search_text.hpp"
#include "codec/sieve/run.hpp"
#include "codec/smtp/command.hpp"
#include "office/auto_reply.hpp"
#include "office/challenge.hpp"
#include "office/detained.hpp"
#include "office/forwarding.hpp"
#include "office/outgoing.hpp"
#include "office/report.hpp"
#include "office/sieve.hpp"
#include "store/collections.hpp"

namespace lockstep::office {
namespace {

using store::Txn;

constexpr std::size_t kNamedAddresses = 100; ///< of To and Cc that are looked at

/// How often the message was here.
std::size_t hops_here(const Letter& letter, const std::string& hostname) {
    const auto ours = "by " + hostname + " (Lockstep)";
    std::size_t count = 0;
    const mime::Headers headers(letter.header);
    for (const auto& field : headers.fields())
        count += iequals(field.name, "Received") && field.value.contains(ours) ? 1 : 0;
    return count;
}

/// Mail about mail is never sent on: it would go round.
bool may_leave(const Letter& letter, Office& office) {
    const bool bounce =
        letter.header.starts_with("Return-Path: <>") || (letter.inside && letter.digest.is_auto);
    return !bounce && letter.judged == Judged::clean &&
           hops_here(letter, office.hostname()) <= limits::kForwardHops;
}

/// Queues a copy for an address. False when it cannot go there.
bool send_on(
    Txn& txn, Office& office, const Addressee& addressee, const Letter& letter,
    const std::string& address
) {
    const auto path = smtp::parse_mailbox(trim(address));
    if (!path || path->domain.empty() || !may_leave(letter, office))
        return false;
    const auto now = office.clock.now_us();
    store::QueuedMessage message;
    message.account = addressee.account.id;
    message.sender = addressee.account.address;
    message.created_us = now;
    message.utf8 = !is_ascii(path->text());
    store::QueuedRecipient to;
    to.address = path->text();
    to.next_us = now;
    add_outgoing(txn, message, {to}, letter);
    letter.queued->store(true);
    return true;
}

std::string body_text(Office& office, const Letter& letter, sieve::BodyPart part) {
    std::string bytes;
    if (letter.blob.bytes) {
        bytes = *letter.blob.bytes;
    } else {
        auto read = office.files.read(letter.blob.hash, 0, limits::kSieveBody);
        bytes = read ? std::move(*read) : std::string();
    }
    if (part == sieve::BodyPart::raw)
        return bytes.substr(std::min(bytes.size(), mime::header_length(bytes)));
    return mime::plain_text(bytes, limits::kSieveBody);
}

/// The own mail folder of that path; "INBOX" is the Inbox.
std::optional<model::Collection>
folder_of_path(Txn& txn, const Addressee& addressee, std::string_view path, bool create) {
    const auto account = addressee.account.id;
    if (iequals(path, "INBOX"))
        return store::find_by_role(txn, account, model::Role::inbox);
    std::optional<model::Collection> found;
    for (const auto name : split(path, '/')) {
        const auto parent = found ? found->id : model::CollectionId{};
        const auto all = store::list_collections(txn, account);
        const auto child = std::ranges::find_if(all, [&](const model::Collection& each) {
            return each.item_class == model::ItemClass::mail && each.parent == parent &&
                   each.name == name;
        });
        if (child != all.end()) {
            found = *child;
            continue;
        }
        if (!create || name.empty())
            return std::nullopt;
        auto made =
            store::create_collection(txn, account, {.parent = parent, .name = std::string(name)});
        if (!made)
            return std::nullopt;
        found = std::move(*made);
    }
    return found;
}

std::int64_t flags_of(const std::vector<std::string>& words) {
    std::int64_t flags = 0;
    for (const auto& word : words)
        flags |= iequals(word, "\\Seen")       ? model::flag::seen
                 : iequals(word, "\\Flagged")  ? model::flag::flagged
                 : iequals(word, "\\Answered") ? model::flag::answered
                 : iequals(word, "\\Draft")    ? model::flag::draft
                                               : 0;
    return flags;
}

/// A refusal is told only to a sender of whom we know that it is one (S9).
bool refuse_to(
    Txn& txn, Office& office, const Addressee& addressee, const Letter& letter,
    const std::string& reason
) {
    const auto sender = answerable_sender(letter);
    const bool proven = letter.inside || passes_dmarc(letter, office.hostname());
    if (sender.empty() || !proven || !may_leave(letter, office))
        return false;
    Report report;
    report.to = sender;
    report.hostname = office.hostname();
    report.arrived_us = report.now_us = office.clock.now_us();
    report.recipients.push_back(
        {addressee.account.address, {}, "5.7.1", {}, clean_utf8(utf8_prefix(reason, 1'000))}
    );
    auto made = make_letter_here(office.files, write_report(report, letter.header));
    if (!made)
        return false;
    store::QueuedMessage message;
    message.account = addressee.account.id;
    message.created_us = report.now_us;
    store::QueuedRecipient to;
    to.address = sender;
    to.next_us = report.now_us;
    add_outgoing(txn, message, {to}, **made);
    letter.queued->store(true);
    return true;
}

sieve::Facts facts_of(Txn& txn, Office& office, const Addressee& addressee, const Letter& letter) {
    sieve::Facts facts;
    facts.header = letter.header;
    if (const auto value = mime::Headers(letter.header).first("Return-Path");
        !letter.inside && value)
        if (const auto path = smtp::parse_mailbox(*value))
            facts.from = path->text();
    if (letter.inside && letter.digest.from.size() == 1)
        facts.from = letter.digest.from.front().text();
    facts.to = addressee.account.address;
    facts.size = letter.blob.size;
    facts.now = office.clock.now_us() / 1'000'000;
    facts.mailbox_exists = [&txn, &addressee](const std::string& name) {
        return folder_of_path(txn, addressee, name, false).has_value();
    };
    facts.body = [&office, &letter](sieve::BodyPart part, const std::vector<std::string>&) {
        return body_text(office, letter, part);
    };
    return facts;
}

/// What the active script wants; none: there is no script, or it cannot be followed.
std::optional<sieve::Outcome>
run_script(Txn& txn, Office& office, const Addressee& addressee, const Letter& letter) {
    const auto text = active_sieve_script(txn, addressee.account.id);
    if (!text)
        return std::nullopt;
    const auto script = sieve::read_script(*text);
    auto outcome = script ? sieve::run(*script, facts_of(txn, office, addressee, letter))
                          : Result<sieve::Outcome>(std::unexpected(script.error()));
    if (!outcome) {
        log::warn(
            "sieve.failed", {{"account", addressee.account.address}, {"reason", outcome.error()}}
        );
        return std::nullopt;
    }
    return std::move(*outcome);
}

std::vector<Landing> follow_script(
    Txn& txn, Office& office, const Addressee& addressee, const Letter& letter,
    const model::Collection& inbox, const sieve::Outcome& outcome
) {
    std::vector<Landing> landings;
    for (const auto& filing : outcome.filings) {
        auto folder = filing.mailbox.empty()
                          ? std::nullopt
                          : folder_of_path(txn, addressee, filing.mailbox, filing.create);
        landings.push_back({folder.value_or(inbox), flags_of(filing.flags)});
    }
    bool lost = false;
    for (const auto& address : outcome.redirects)
        lost = !send_on(txn, office, addressee, letter, address) || lost;
    if (outcome.reject)
        lost = !refuse_to(txn, office, addressee, letter, *outcome.reject) || lost;
    // What could not leave stays.
    if (lost && landings.empty())
        landings.push_back({inbox, 0});
    if (const auto& wanted = outcome.reply) {
        AutoReply reply;
        reply.text = wanted->text;
        reply.mime = wanted->mime;
        reply.subject = wanted->subject;
        reply.cause = "sieve " + wanted->handle + wanted->subject + wanted->text;
        reply.days = wanted->days;
        reply.named = addressee.named;
        for (const auto* list : {&letter.digest.to, &letter.digest.cc})
            for (const auto& each : *list)
                reply.named =
                    reply.named || std::ranges::any_of(wanted->addresses, [&](const auto& own) {
                        return iequals(own, each.text());
                    });
        reply_automatically(txn, office, addressee, letter, reply);
    }
    return landings;
}

} // namespace

Task<Result<Addressees>>
find_addressees(Office& office, SharedLetter letter, std::vector<model::AccountId> recipients) {
    Addressees all;
    for (const auto id : recipients) {
        auto account = co_await office.directory.find(id);
        // Removed after the message was accepted: nobody is left who has rules.
        if (!account && account.error().code == Code::not_found)
            continue;
        if (!account)
            co_return std::unexpected(account.error());
        if (account->kind != model::AccountKind::person)
            continue;
        auto& made = all[id];
        made.account = std::move(*account);
        if (!letter->inside) {
            CO_TRY(made.introduced, co_await is_introduced(office, id, letter->digest));
        }
    }
    std::size_t looked = 0;
    for (const auto* list : {&letter->digest.to, &letter->digest.cc})
        for (const auto& each : *list) {
            if (++looked > kNamedAddresses)
                break;
            const auto local = co_await office.directory.is_local_domain(lower(each.domain));
            if (!local.value_or(false))
                continue;
            const auto id = co_await office.directory.recipient(each.local + "@" + each.domain);
            if (id && all.contains(*id))
                all[*id].named = true;
        }
    co_return all;
}

std::vector<Landing> follow_rules(
    Txn& txn, Office& office, const Addressee& addressee, const Letter& letter,
    const model::Collection& inbox
) {
    std::vector<Landing> landings = {{inbox, 0}};
    if (const auto outcome = run_script(txn, office, addressee, letter))
        landings = follow_script(txn, office, addressee, letter, inbox, *outcome);
    const auto forwarding = read_forwarding(txn, addressee.account.id);
    bool gone = !forwarding.addresses.empty();
    for (const auto& address : forwarding.addresses)
        gone = send_on(txn, office, addressee, letter, address) && gone;
    if (gone && !forwarding.keep)
        landings.clear();
    if (const auto sender = answerable_sender(letter); !sender.empty())
        if (const auto reply = away_reply_for(txn, office, addressee, sender))
            reply_automatically(txn, office, addressee, letter, *reply);
    return landings;
}

void tell_queue(Office& office, const Letter& letter) {
    if (letter.queued->exchange(false))
        office.outbound.queued();
}

} // namespace lockstep::office
