// Sending one EmailSubmission: mail, identity, envelope, then the office's submission.
// Spec: RFC 8621 7.5.
#include "protocols/jmap/submission.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "office/identities.hpp"
#include "office/mail_read.hpp"
#include "office/submission.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

struct Envelope {
    std::string from;
    std::vector<std::string> to;
};

std::optional<std::string> address_of(const json::Value& value) {
    if (!value.is_object())
        return std::nullopt;
    const auto email = json::text_of(value.get_object(), "email");
    return email ? std::optional(std::string(*email)) : std::nullopt;
}

std::expected<Envelope, MethodError> read_envelope(const json::Value& value) {
    if (!value.is_object())
        return refuse_property("envelope", "is no object");
    const auto* from = json::find(value.get_object(), "mailFrom");
    const auto* to = json::find(value.get_object(), "rcptTo");
    Envelope envelope;
    const auto sender = from == nullptr ? std::nullopt : address_of(*from);
    if (!sender || to == nullptr || !to->is_array())
        return refuse_property("envelope", "has no mailFrom and rcptTo");
    envelope.from = *sender;
    for (const auto& each : to->get_array()) {
        auto address = address_of(each);
        if (!address)
            return refuse_property("envelope", "a recipient is no address");
        envelope.to.push_back(std::move(*address));
    }
    return envelope;
}

/// From the message itself: its sender, and everybody it is addressed to, once each.
Envelope envelope_of(const mime::Digest& digest) {
    Envelope envelope;
    const auto& senders = digest.sender.empty() ? digest.from : digest.sender;
    if (!senders.empty())
        envelope.from = senders.front().text();
    for (const auto* list : {&digest.to, &digest.cc, &digest.bcc})
        for (const auto& each : *list) {
            auto address = each.text();
            const bool known = std::ranges::any_of(envelope.to, [&](const std::string& other) {
                return iequals(other, address);
            });
            if (!each.domain.empty() && !known)
                envelope.to.push_back(std::move(address));
        }
    return envelope;
}

MethodError sending_error(const Error& error) {
    switch (error.code) {
    case Code::bad_syntax:
        return {"invalidEmail", error.text, {}};
    case Code::bad_value:
        return {"noRecipients", error.text, {}};
    case Code::not_found:
    case Code::unsupported: {
        MethodError refusal{"invalidRecipients", error.text, {}};
        refusal.more["invalidRecipients"] = json::Array();
        return refusal;
    }
    case Code::forbidden:
        return {"forbiddenFrom", error.text, {}};
    case Code::throttled:
        return {"forbiddenToSend", error.text, {}};
    default:
        return set_error(error);
    }
}

Task<std::optional<office::MailRecord>> find_mail(Call& call, model::ItemId id) {
    std::optional<office::MailRecord> found;
    std::function<void(office::MailRecord)> visit = [&found](office::MailRecord record) {
        found = std::move(record);
    };
    const auto visited = co_await office::visit_mails(
        call.office(), call.actor(), call.session.owners.front(), {id}, true, std::move(visit)
    );
    if (!visited)
        found.reset();
    co_return found;
}

} // namespace

json::Object submission_object(const office::SubmissionRecord& record) {
    json::Array to;
    json::Object delivery;
    for (const auto& each : record.to) {
        to.push_back(json::Object{{"email", each}, {"parameters", nullptr}});
        delivery[each] = json::Object{
            {"smtpReply", "250 2.0.0 accepted"}, {"delivered", "unknown"}, {"displayed", "unknown"}
        };
    }
    return {
        {"id", record.id},
        {"identityId", record.identity},
        {"emailId", item_id(record.mail)},
        {"threadId", numbered('t', record.conversation)},
        {"envelope",
         json::Object{
             {"mailFrom", json::Object{{"email", record.from}, {"parameters", nullptr}}},
             {"rcptTo", std::move(to)},
         }},
        {"sendAt", json::utc_date(record.sent_us / 1'000'000 * 1'000'000)},
        {"undoStatus", "final"},
        {"deliveryStatus", std::move(delivery)},
        {"dsnBlobIds", json::Array()},
        {"mdnBlobIds", json::Array()},
    };
}

std::string submission_state(const std::vector<office::SubmissionRecord>& all) {
    std::string text;
    for (const auto& each : all)
        text += each.id + "\n";
    return blake2b256(text).hex().substr(0, 16);
}

Task<std::expected<office::SubmissionRecord, MethodError>>
send_submission(Call& call, const json::Object& object) {
    for (const auto& member : object)
        if (const auto key = member.key();
            key != "identityId" && key != "emailId" && key != "envelope")
            co_return refuse_property({key.data(), key.size()}, "cannot be set");
    const auto identity_id = json::text_of(object, "identityId");
    const auto email_id = json::text_of(object, "emailId");
    if (!identity_id || !email_id)
        co_return refuse_property(identity_id ? "emailId" : "identityId", "is missing");
    auto read = co_await office::identities(call.office(), call.actor());
    CO_GET(const auto identities, std::move(read));
    const auto identity =
        std::ranges::find(identities, call.resolve(*identity_id), &office::Identity::id);
    if (identity == identities.end())
        co_return refuse_property("identityId", "there is no such identity");
    const auto mail_id = parse_item_id(call.resolve(*email_id));
    auto mail = mail_id ? co_await find_mail(call, *mail_id) : std::optional<office::MailRecord>();
    if (!mail)
        co_return refuse_property("emailId", "there is no such mail");
    Envelope envelope = envelope_of(mail->digest);
    if (const auto* given = json::find(object, "envelope"); given != nullptr && !given->is_null()) {
        auto own = read_envelope(*given);
        if (!own)
            co_return std::unexpected(std::move(own).error());
        envelope = std::move(*own);
    }
    if (mail->digest.from.empty())
        co_return refuse("invalidEmail", "the mail names no sender");
    if (envelope.to.empty())
        co_return refuse("noRecipients");
    office::Submission submission;
    submission.mime = std::move(mail->bytes);
    submission.save_in_sent = false; // the client files its mail itself
    submission.envelope_recipients = envelope.to;
    submission.reverse_path = envelope.from;
    const auto sent = co_await office::submit(call.office(), call.actor(), std::move(submission));
    if (!sent)
        co_return std::unexpected(sending_error(sent.error()));
    office::SubmissionRecord record;
    record.mail = mail->item.id;
    record.conversation = mail->conversation.value;
    record.identity = identity->id;
    record.from = envelope.from;
    record.to = envelope.to;
    auto logged = co_await office::log_submission(call.office(), call.actor(), std::move(record));
    CO_GET(auto kept, std::move(logged));
    co_return kept;
}

} // namespace lockstep::jmap
