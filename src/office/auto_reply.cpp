// Replies.
#include "office/auto_reply.hpp"

#include <algorithm>
#include <array>

#include "base/crypto.hpp"
#include "base/limits_sieve.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/header_write.hpp"
#include "codec/smtp/command.hpp"
#include "office/away.hpp"
#include "office/detained.hpp"
#include "office/outgoing.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

const std::string kRepliedScope = "replied";
const std::string kRepliedCount = "#";
constexpr std::int64_t kReplyDay = 24LL * 3600 * 1'000'000;

/// RFC 3834 2: names that no person reads.
bool is_machine(std::string_view sender) {
    const auto local = lower(sender.substr(0, sender.rfind('@')));
    constexpr std::array<std::string_view, 5> names = {
        "mailer-daemon", "listserv", "majordomo", "noreply", "no-reply"
    };
    return std::ranges::find(names, local) != names.end() || local.starts_with("owner-") ||
           local.ends_with("-request") || local.ends_with("-owner");
}

/// The reverse-path that we wrote on top.
std::string return_path_of(std::string_view header) {
    const auto value = mime::Headers(header).first("Return-Path");
    if (!value || value->size() < 2)
        return {};
    const auto path = smtp::parse_mailbox(*value);
    return path ? path->text() : std::string();
}

std::string domain_part(std::string_view address) {
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string() : lower(address.substr(at + 1));
}

/// Remembers the reply; false when it went out in this period.
bool may_reply_again(
    store::Txn& txn, model::AccountId account, const std::string& sender, const AutoReply& reply,
    std::int64_t now_us
) {
    const auto name = blake2b256(sender + "\n" + reply.cause).hex().substr(0, 32);
    const auto last = store::find_setting(txn, account, kRepliedScope, name);
    if (last && parse_int(*last).value_or(0) + reply.days * kReplyDay > now_us)
        return false;
    const auto count =
        parse_int(store::find_setting(txn, account, kRepliedScope, kRepliedCount).value_or("0"))
            .value_or(0);
    // Whoever comes after so many is told anew rather than remembered for ever.
    if (count >= static_cast<std::int64_t>(limits::kRepliedTo))
        store::drop_settings(txn, account, kRepliedScope);
    const auto next = count >= static_cast<std::int64_t>(limits::kRepliedTo) ? 1 : count + 1;
    store::put_setting(txn, account, kRepliedScope, kRepliedCount, std::to_string(next));
    store::put_setting(txn, account, kRepliedScope, name, std::to_string(now_us));
    return true;
}

std::string write_reply(
    const Addressee& addressee, const std::string& to, const Letter& letter, const AutoReply& reply,
    std::int64_t now_us
) {
    const auto address_of = [](const std::string& address, const std::string& name) {
        const auto at = address.rfind('@');
        return mime::Address{name, address.substr(0, at), address.substr(at + 1), {}};
    };
    const auto& account = addressee.account;
    const auto subject =
        reply.subject.empty() ? "Automatic reply: " + letter.digest.subject : reply.subject;
    auto text = "Date: " + mime::format_date(now_us / 1'000'000) + "\r\n";
    text += mime::write_address_field("From", {address_of(account.address, account.name)});
    text += mime::write_address_field("To", {address_of(to, {})});
    text += mime::write_text_field("Subject", subject);
    text += "Message-ID: <" + hex(random_bytes(16)) + "@" + domain_part(account.address) + ">\r\n";
    if (!letter.digest.message_id.empty()) {
        auto references = letter.digest.references;
        references.push_back(letter.digest.message_id);
        text += mime::write_ids_field("In-Reply-To", {letter.digest.message_id});
        text += mime::write_ids_field("References", references);
    }
    text += "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n";
    if (reply.mime)
        return text + replace_all(replace_all(reply.text, "\r\n", "\n"), "\n", "\r\n");
    return text + mime::text_part(reply.html ? "html" : "plain", reply.text).text();
}

} // namespace

std::string answerable_sender(const Letter& letter) {
    const auto& digest = letter.digest;
    if (digest.is_auto || digest.is_list || letter.judged != Judged::clean)
        return {};
    auto sender = letter.inside
                      ? (digest.from.size() == 1 ? digest.from.front().text() : std::string())
                      : return_path_of(letter.header);
    return sender.empty() || is_machine(sender) ? std::string() : lower(sender);
}

std::optional<AutoReply> away_reply_for(
    store::Snapshot& snapshot, Office& office, const Addressee& addressee, const std::string& sender
) {
    const auto away = read_away(snapshot, addressee.account.id);
    if (!is_away(away, office.clock.now_us()))
        return std::nullopt;
    const bool internal = domain_part(sender) == domain_part(addressee.account.address);
    const auto& said = internal ? away.internal
                       : knows_sender(snapshot, office, addressee.account.id, sender)
                           ? away.known
                           : away.unknown;
    if (!said.enabled || said.text.empty())
        return std::nullopt;
    AutoReply reply;
    reply.text = said.text;
    reply.html = said.html;
    reply.subject = away.subject;
    reply.cause = "away " + std::to_string(away.generation);
    reply.named = addressee.named;
    return reply;
}

void reply_automatically(
    store::Txn& txn, Office& office, const Addressee& addressee, const Letter& letter,
    const AutoReply& reply
) {
    const auto& account = addressee.account;
    const auto sender = answerable_sender(letter);
    const auto now = office.clock.now_us();
    if (sender.empty() || sender == account.address || !reply.named ||
        !may_reply_again(txn, account.id, sender, reply, now))
        return;
    auto made = make_letter_here(office.files, write_reply(addressee, sender, letter, reply, now));
    if (!made) {
        log::warn("mail.not_answered", {{"account", account.address}, {"reason", made.error()}});
        return;
    }
    store::QueuedMessage message;
    message.account = account.id;
    message.created_us = now;
    message.utf8 = !is_ascii(sender);
    store::QueuedRecipient to;
    to.address = sender;
    to.next_us = now;
    add_outgoing(txn, message, {to}, **made);
    letter.queued->store(true);
}

} // namespace lockstep::office
