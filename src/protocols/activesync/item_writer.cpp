// Items of all five classes into ApplicationData, and the stub for what cannot be shown.
#include "protocols/activesync/item_writer.hpp"

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/eas/contacts.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/email.hpp"
#include "codec/eas/notes.hpp"
#include "codec/eas/tasks.hpp"
#include "office/objects.hpp"
#include "office/scheduling.hpp"
#include "protocols/activesync/mail_view.hpp"

namespace lockstep::activesync {
namespace {

using model::Item;
using model::ItemClass;

Result<> write_mail(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange, const Item& item,
    const eas::ItemOptions& options
) {
    TRY(const auto digest, mime::decode(office::find_digest(snapshot, item.owner, item.id)));
    eas::MailView view{
        .digest = digest,
        .flags = mail_flags(item),
        .received_us = item.received_us,
        .size = static_cast<std::uint64_t>(item.size),
        .read = {}
    };
    view.zone = exchange.actor.account.zone;
    // Only the owner's own mail is compared with the calendar.
    if (item.owner == exchange.actor.account.id)
        view.find_event = [&](const std::string& uid) {
            return office::meeting_bytes(snapshot, exchange.office(), item.owner, uid);
        };
    view.server_id = item_id({item.owner, item.collection}, item.uid, exchange.actor.account.id);
    view.conversation_id = conversation_id(digest);
    view.conversation_index = conversation_index(digest, item.received_us);
    view.read = [&](std::uint64_t offset, std::uint64_t length) {
        return office::read_bytes(snapshot, exchange.office(), item, offset, length);
    };
    return eas::write_email(out, view, options);
}

Result<> write_object(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange, const Item& item,
    const eas::ItemOptions& options
) {
    TRY(const auto bytes, office::object_bytes(snapshot, exchange.office(), item));
    switch (item.item_class) {
    case ItemClass::event: {
        auto context = event_context(exchange);
        context.server_id =
            item_id({item.owner, item.collection}, item.uid, exchange.actor.account.id);
        return eas::write_event(out, bytes, options, context);
    }
    case ItemClass::todo:
        return eas::write_task(out, bytes, options, event_context(exchange));
    case ItemClass::note:
        return eas::write_note(out, bytes, options, event_context(exchange));
    case ItemClass::contact:
        return eas::write_contact(out, bytes, options);
    case ItemClass::mail:
        break;
    }
    return fail(Code::internal, "mail is no object");
}

} // namespace

eas::EventContext event_context(const Exchange& exchange) {
    const auto& account = exchange.actor.account;
    eas::EventContext context;
    context.owner_email = account.address;
    context.owner_name = account.name;
    context.zone = account.zone;
    context.now = exchange.office().clock.now_us() / 1'000'000;
    context.new_uid = hex(random_bytes(16)) + "@" + exchange.office().hostname();
    return context;
}

void write_stub(wbxml::Writer& out, const Item& item) {
    constexpr std::string_view kSubject = "This item could not be shown";
    switch (item.item_class) {
    case ItemClass::mail:
        out.element(wbxml::email::Subject, kSubject);
        out.element(wbxml::email::DateReceived, eas::iso_date(item.received_us / 1'000'000));
        out.element(wbxml::email::MessageClass, "IPM.Note");
        out.element(wbxml::email::Read, 0);
        return;
    case ItemClass::event: {
        const auto start =
            std::clamp<std::int64_t>(item.window.low, 0, item.received_us) / 1'000'000;
        out.element(wbxml::calendar::Subject, kSubject);
        out.element(wbxml::calendar::StartTime, eas::compact_date(start));
        out.element(wbxml::calendar::EndTime, eas::compact_date(start + 3600));
        out.element(wbxml::calendar::UID, item.uid_text);
        return;
    }
    case ItemClass::contact:
        out.element(wbxml::contacts::FileAs, kSubject);
        return;
    case ItemClass::todo:
        out.element(wbxml::tasks::Subject, kSubject);
        out.element(wbxml::tasks::Complete, 0);
        return;
    case ItemClass::note:
        out.element(wbxml::notes::Subject, kSubject);
        out.element(wbxml::notes::MessageClass, "IPM.StickyNote");
        return;
    }
}

void write_item(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange, const Item& item,
    const eas::ItemOptions& options
) {
    const auto mark = out.mark();
    const auto written = item.item_class == ItemClass::mail
                             ? write_mail(out, snapshot, exchange, item, options)
                             : write_object(out, snapshot, exchange, item, options);
    if (written && out.ok())
        return;
    log::error(
        "eas.stub", {{"account", exchange.actor.account.address},
                     {"item", std::to_string(item.id.value)},
                     {"class", class_name(item.item_class)},
                     {"reason", written ? "the encoder refused an element" : written.error().text}}
    );
    out.rollback(mark);
    write_stub(out, item);
}

void write_item_flags(wbxml::Writer& out, const Item& item, model::ChangeSeq since) {
    const eas::ChangedFlags changed{
        item.seen_seq > since, item.follow_up_seq > since, item.labels_seq > since,
        item.verb_seq > since
    };
    eas::write_email_flags(out, mail_flags(item), changed);
}

} // namespace lockstep::activesync
