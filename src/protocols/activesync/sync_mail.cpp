// Sync commands of the Email class: flags, and drafts at 16.x.
// Spec: MS-ASCMD 2.2.3.24.2, MS-ASEMAIL 2.2.2.64 Send, 3.1.5.4 drafts.
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "codec/eas/email.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "protocols/activesync/mail_view.hpp"
#include "protocols/activesync/sync_run.hpp"

namespace lockstep::activesync {
namespace {

using model::Item;

Result<std::string> draft_of(
    const Exchange& exchange, const eas::EmailChange& change, std::string_view original,
    std::string_view server_id
) {
    const auto& account = exchange.actor.account;
    eas::DraftContext context;
    context.from = mime::Address{
        account.name,
        account.address.substr(0, account.address.rfind('@')),
        account.address.substr(account.address.rfind('@') + 1),
        {}
    }.display();
    context.message_id = hex(random_bytes(16)) + "@" + exchange.office().hostname;
    context.now = exchange.office().clock.now_us() / 1'000'000;
    return eas::compose_draft(change, original, server_id, context);
}

} // namespace

Result<> change_mail(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const Item& item,
    const wbxml::Node& data
) {
    TRY(const auto change, eas::parse_email_change(data));
    if (change.edits_draft() && (item.flags & model::flag::draft) == 0)
        return fail(Code::forbidden, "only a draft's text may be changed");
    const auto flags = apply_flags(item, change);
    CHECK_OK(office::set_mail_flags(txn, exchange.actor, run.folder, item, flags.flags, flags.props)
    );
    if (!change.edits_draft())
        return {};
    if (!exchange.at_least(wbxml::Version::v16_0))
        return fail(Code::unsupported, "drafts are edited from 16.0 on");
    TRY(const auto original, office::object_bytes(txn, exchange.office(), item));
    TRY(auto message,
        draft_of(exchange, change, original, item_id(run.ref, item.uid, exchange.actor.account.id))
    );
    if (change.send) {
        run.sends.push_back({item.uid, std::move(message)});
        return {};
    }
    return office::replace_message(
        txn, exchange.office(), exchange.actor, run.folder, item, std::move(message)
    );
}

Result<Item>
add_draft(office::Txn& txn, Exchange& exchange, CollectionRun& run, const wbxml::Node& data) {
    if (!exchange.at_least(wbxml::Version::v16_0))
        return fail(Code::unsupported, "drafts are added from 16.0 on");
    if (run.folder.collection.role != model::Role::drafts)
        return fail(Code::forbidden, "mail is added to Drafts only");
    TRY(const auto change, eas::parse_email_change(data));
    TRY(auto message, draft_of(exchange, change, {}, {}));
    auto copy = change.send ? message : std::string();
    TRY(auto item, office::add_message(
                       txn, exchange.office(), exchange.actor, run.folder, std::move(message),
                       model::flag::seen | model::flag::draft
                   ));
    if (change.send)
        run.sends.push_back({item.uid, std::move(copy)});
    return item;
}

Result<> resume_send(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, model::Uid uid,
    const wbxml::Node& data
) {
    TRY(const auto change, eas::parse_email_change(data));
    const auto draft = office::find_item(txn, run.ref.owner, run.ref.collection, uid);
    if (!change.send || !draft)
        return {};
    TRY(auto message, office::object_bytes(txn, exchange.office(), *draft));
    run.sends.push_back({uid, std::move(message)});
    return {};
}

} // namespace lockstep::activesync
