// SendMail, SmartReply, SmartForward: a mail that the device sends.
// Spec: MS-ASCMD 2.2.1.17, 2.2.1.19, 2.2.1.20; common Status 107 (not a message), 118 (sent
// before), 119 (no recipient), 120 (cannot be sent), 150 (the original is gone). Invariants:
// success is an empty answer after the durable commit; the same ClientId never sends twice (D5).
#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/eas/dates.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/header.hpp"
#include "office/folders.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "office/scheduling_forward.hpp"
#include "office/submission.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/errors.hpp"
#include "protocols/activesync/ids.hpp"
#include "protocols/activesync/mail_view.hpp"

namespace lockstep::activesync {
namespace {

namespace cm = wbxml::compose_mail;
using wbxml::Version;

/// What the three commands have in common, from WBXML (14.0 and later) or from the query and a bare
/// message.
struct Outgoing {
    std::string client_id;
    std::string mime;
    bool save_in_sent = false;
    bool replace_mime = false;
    std::string source_folder;
    std::string source_item;
    bool has_source = false;
    bool has_mime = false;                 ///< the element or body came, maybe empty
    bool odd_source = false;               ///< LongId beside what stands instead of it
    bool odd_forwardee = false;            ///< one without an address
    std::vector<std::string> forwardees;   ///< addresses (16.0 and later)
    std::string instance;                  ///< InstanceId; empty: the whole item
    std::optional<std::int64_t> occurs_at; ///< the same, unix seconds
    bool names_account = false; ///< AccountId: nobody here has more accounts than the one
};

enum class Smart { none, reply, forward };

const CommandEntry& entry_of(Smart smart) {
    return *find_command(
        smart == Smart::none    ? "SendMail"
        : smart == Smart::reply ? "SmartReply"
                                : "SmartForward"
    );
}

Outgoing read_outgoing(Exchange& exchange) {
    Outgoing out;
    if (!exchange.root) {
        out.mime = std::move(exchange.body);
        out.save_in_sent = exchange.query->save_in_sent;
        out.source_folder = exchange.query->collection_id;
        out.source_item =
            exchange.query->item_id.empty() ? exchange.query->long_id : exchange.query->item_id;
        out.has_source = !out.source_item.empty();
        out.has_mime = true;
        return out;
    }
    const auto root = std::move(*exchange.root);
    exchange.root.reset();
    out.client_id = root.text_of(cm::ClientId);
    out.mime = root.text_of(cm::Mime);
    out.has_mime = root.has(cm::Mime);
    out.save_in_sent = root.has(cm::SaveInSentItems);
    out.replace_mime = root.has(cm::ReplaceMime);
    out.names_account = root.has(cm::AccountId);
    if (const auto* source = root.find(cm::Source)) {
        out.has_source = true;
        out.source_folder = source->text_of(cm::FolderId);
        out.source_item = source->text_of(cm::ItemId);
        if (out.source_item.empty())
            out.source_item = source->text_of(cm::LongId);
        out.instance = source->text_of(cm::InstanceId);
        out.odd_source =
            source->has(cm::LongId) &&
            (source->has(cm::FolderId) || source->has(cm::ItemId) || source->has(cm::InstanceId));
    }
    if (const auto* forwardees = root.find(cm::Forwardees))
        for (const auto& each : forwardees->all(cm::Forwardee)) {
            const std::string address(trim(each.text_of(cm::Email)));
            const bool odd = address.find_first_of("<>, \r\n") != std::string::npos;
            if (odd || !address.contains('@') || out.forwardees.size() >= limits::kEasRecipients)
                out.odd_forwardee = true;
            else
                out.forwardees.push_back(address);
        }
    return out;
}

/// An event as the mail that would have brought it: to be forwarded or quoted.
Result<std::string>
shown_event(const Exchange& exchange, const Outgoing& out, std::string_view stored) {
    office::EventMail options;
    options.to = out.forwardees;
    options.instance = out.occurs_at;
    options.message_id = hex(random_bytes(16)) + "@" + exchange.office().hostname();
    options.now = exchange.office().clock.now_us() / 1'000'000;
    return office::event_as_mail(stored, exchange.actor.account, options);
}

/// The message that goes to people whom the request names instead of the message.
std::string addressed(std::string message, const std::vector<std::string>& forwardees) {
    mime::HeaderEdit edit(message);
    if (forwardees.empty() || edit.has("To"))
        return message;
    std::string field = "To:";
    for (std::size_t i = 0; i < forwardees.size(); ++i)
        field +=
            fmt::format(" <{}>{}", forwardees[i], i + 1 < forwardees.size() ? ",\r\n" : "\r\n");
    edit.append(field);
    return edit.header() + message.substr(edit.body_offset());
}

struct Original {
    office::Folder folder;
    model::Item item;
    std::string bytes;
};

Task<Result<Original>> find_original(Exchange& exchange, const Outgoing& out) {
    const auto ref = parse_item_id(out.source_item, exchange.actor.account.id);
    if (!ref || (!out.source_folder.empty() &&
                 parse_folder_id(out.source_folder, exchange.actor.account.id) != ref->folder))
        co_return fail(Code::not_found, "no such original");
    CO_TRY(
        auto folder, co_await office::open_folder(
                         exchange.office(), exchange.actor, ref->folder.owner,
                         ref->folder.collection, model::Right::read
                     )
    );
    std::function<Result<Original>(office::Snapshot&)> work = [&](office::Snapshot& snapshot
                                                              ) -> Result<Original> {
        auto item =
            office::find_item(snapshot, ref->folder.owner, ref->folder.collection, ref->uid);
        if (!item || (item->item_class != model::ItemClass::mail &&
                      item->item_class != model::ItemClass::event))
            return fail(Code::not_found, "no such original");
        TRY(auto bytes, office::object_bytes(snapshot, exchange.office(), *item));
        if (item->item_class == model::ItemClass::event) {
            auto shown = shown_event(exchange, out, bytes);
            if (!shown)
                return std::unexpected(shown.error());
            bytes = *std::move(shown);
        }
        return Original{folder, std::move(*item), std::move(bytes)};
    };
    co_return co_await exchange.office().db.read<Original>(ref->folder.owner, std::move(work));
}

/// Marks the original as answered or forwarded; that it was sent counts more than a failure here.
Task<void> mark_original(Exchange& exchange, const Original& original, Smart smart) {
    const office::Actor server{exchange.actor.account, {}};
    std::function<Result<bool>(office::Txn&)> work = [&](office::Txn& txn) -> Result<bool> {
        const auto item = office::find_item(
            txn, original.item.owner, original.item.collection, original.item.uid
        );
        if (!item)
            return false;
        auto props = office::unpack_mail_props(item->props);
        props.last_verb = smart == Smart::reply ? 1 : 3;
        props.last_verb_us = exchange.office().clock.now_us();
        const auto bit = smart == Smart::reply ? model::flag::answered : model::flag::forwarded;
        CHECK_OK(
            office::set_mail_flags(txn, server, original.folder, *item, item->flags | bit, props)
        );
        return true;
    };
    const auto marked =
        co_await exchange.office().db.write<bool>(original.item.owner, std::move(work));
    if (!marked)
        log::info("eas.original_unmarked", {{"reason", marked.error().text}});
}

/// Phones leave it to the server to say which mail an answer belongs to (RFC 5322 3.6.4). A
/// forwarded mail stays in the conversation too, though it replies to nobody.
std::string
threaded(std::string message, std::string_view original, bool reply, std::int64_t now_us) {
    const mime::Headers header(original);
    const auto ids = mime::decode_ids(header.first("Message-ID").value_or(""));
    mime::HeaderEdit edit(message);
    if (ids.empty() || edit.has("In-Reply-To") || edit.has("References"))
        return message;
    if (reply)
        edit.append(fmt::format("In-Reply-To: <{}>\r\n", ids.front()));
    auto thread = mime::decode_ids(header.first("References").value_or(""));
    if (thread.empty())
        thread = mime::decode_ids(header.first("In-Reply-To").value_or(""));
    // The beginning of a long thread and its end are what readers go by.
    if (thread.size() > 20)
        thread.erase(thread.begin() + 1, thread.end() - 19);
    std::string field = "References:";
    for (const auto& id : thread)
        field += fmt::format(" <{}>\r\n", id);
    edit.append(field + fmt::format(" <{}>\r\n", ids.front()));
    if (!edit.has("Thread-Index")) {
        const auto head = original.substr(0, mime::HeaderEdit(original).body_offset());
        const auto index = reply_index(mime::make_digest(head), now_us / 1'000'000);
        edit.append(fmt::format("Thread-Index: {}\r\n", base64(index)));
    }
    return edit.header() + message.substr(edit.body_offset());
}

Common status_of_failure(const Error& error, Smart smart) {
    switch (error.code) {
    case Code::exists:
        return Common::previously_sent;
    case Code::bad_syntax:
        return Common::invalid_mime;
    case Code::bad_value:
        return Common::no_recipient;
    case Code::too_large:
        return Common::attachment_too_large;
    case Code::over_quota:
        return Common::send_quota_exceeded;
    case Code::not_found:
    case Code::forbidden:
    case Code::conflict:
    case Code::stale:
    case Code::unauthorized:
    case Code::throttled:
    case Code::unavailable:
    case Code::closed:
    case Code::timeout:
    case Code::unsupported:
    case Code::corrupt:
    case Code::internal:
        break;
    }
    return smart == Smart::reply ? Common::reply_failed : Common::submission_failed;
}

/// The Status of a request that cannot be sent whatever is stored; none when it can.
std::optional<Common> refusal_of(const Outgoing& out, Smart smart, bool modern) {
    if (modern && (out.client_id.empty() || out.client_id.size() > 40))
        return Common::invalid_xml;
    if (out.names_account)
        return Common::invalid_account;
    if (out.odd_forwardee)
        return Common::invalid_forward;
    // MS-ASCMD 2.2.3.98.4
    if (out.odd_source)
        return Common::invalid_combination;
    const bool forwards_whole = smart == Smart::forward && !out.forwardees.empty();
    if (!out.has_mime && !forwards_whole)
        return Common::invalid_xml;
    if (out.mime.empty() && !forwards_whole)
        return Common::invalid_mime;
    if (smart != Smart::none && (!out.has_source || out.source_item.empty()))
        return Common::invalid_xml;
    return std::nullopt;
}

/// The Status of an original that cannot be had; none: the failure is ours.
std::optional<Common> refusal_of(const Error& error) {
    switch (error.code) {
    case Code::not_found:
    case Code::forbidden:
        return Common::item_not_found;
    case Code::unsupported:
        return Common::no_recurrence;
    default:
        return std::nullopt;
    }
}

/// False: InstanceId is no time.
bool read_instance(Outgoing& out) {
    if (out.instance.empty())
        return true;
    const auto at = eas::parse_wire_date(trim(out.instance));
    if (!at)
        return false;
    out.occurs_at = *at;
    return true;
}

Task<Result<Reply>> send(Exchange& exchange, Smart smart) {
    const auto& entry = entry_of(smart);
    const bool modern = exchange.at_least(Version::v14_0);
    auto out = read_outgoing(exchange);
    if (const auto refusal = refusal_of(out, smart, modern))
        co_return reply_status(entry, exchange.version, *refusal, 400);
    if (!read_instance(out))
        co_return reply_status(entry, exchange.version, Common::invalid_datetime, 400);
    std::optional<Original> original;
    if (smart != Smart::none) {
        auto found = co_await find_original(exchange, out);
        if (!found) {
            if (const auto refusal = refusal_of(found.error()))
                co_return reply_status(entry, exchange.version, *refusal, 400);
            co_return std::unexpected(found.error());
        }
        original = std::move(*found);
        if (out.mime.empty()) {
            out.mime = original->bytes;
        } else if (!out.replace_mime) {
            auto assembled = smart == Smart::reply ? mime::smart_reply(out.mime, original->bytes)
                                                   : mime::smart_forward(out.mime, original->bytes);
            if (!assembled)
                co_return reply_status(entry, exchange.version, Common::invalid_mime, 400);
            out.mime = std::move(*assembled);
        }
        // An event that is shown as a mail was never one: nothing refers to it.
        if (original->item.item_class == model::ItemClass::mail)
            out.mime = threaded(
                std::move(out.mime), original->bytes, smart == Smart::reply,
                exchange.office().clock.now_us()
            );
        original->bytes = std::string();
    }
    office::Submission submission;
    submission.mime = addressed(std::move(out.mime), out.forwardees);
    submission.save_in_sent = out.save_in_sent;
    submission.client_id = out.client_id;
    const auto sent =
        co_await office::submit(exchange.office(), exchange.actor, std::move(submission));
    if (!sent) {
        const auto code = sent.error().code;
        if (code == Code::unavailable || code == Code::internal || code == Code::timeout)
            co_return std::unexpected(sent.error());
        log::info(
            "eas.send_refused",
            {{"account", exchange.actor.account.address}, {"reason", sent.error().text}}
        );
        co_return reply_status(
            entry, exchange.version, status_of_failure(sent.error(), smart),
            code == Code::over_quota ? 507 : 400
        );
    }
    if (original && original->item.item_class == model::ItemClass::mail)
        co_await mark_original(exchange, *original, smart);
    co_return Reply{};
}

} // namespace

Task<Result<Reply>> send_mail(Exchange& exchange) { return send(exchange, Smart::none); }
Task<Result<Reply>> smart_reply(Exchange& exchange) { return send(exchange, Smart::reply); }
Task<Result<Reply>> smart_forward(Exchange& exchange) { return send(exchange, Smart::forward); }

} // namespace lockstep::activesync
