// Sync commands of the Email class: flags, and drafts at 16.x.
// Spec: MS-ASCMD 2.2.3.24.2, MS-ASEMAIL 2.2.2.64 Send, 3.1.5.4 drafts.
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "codec/eas/email.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "office/submission.hpp"
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
    context.message_id = hex(random_bytes(16)) + "@" + exchange.office().hostname();
    context.now = exchange.office().clock.now_us() / 1'000'000;
    return eas::compose_draft(change, original, server_id, context);
}

/// What the command asks of a mail. Send is the command's own child (MS-ASEMAIL 2.2.2.69).
Result<eas::EmailChange> change_of(const wbxml::Node& command) {
    eas::EmailChange change;
    if (const auto* data = command.find(wbxml::air_sync::ApplicationData)) {
        TRY(change, eas::parse_email_change(*data));
    }
    change.send = change.send || command.has(wbxml::email2::Send);
    return change;
}

/// The references of the attachments that the client added, so that it can name them from now on
/// (MS-ASAIRS 2.2.2.14).
void note_files(
    const eas::EmailChange& change, std::string_view message, std::string_view server_id,
    CommandOutcome& outcome
) {
    if (change.add.empty())
        return;
    auto parts = mime::make_digest(message).parts;
    for (const auto& add : change.add) {
        const auto found =
            std::ranges::find_if(parts.rbegin(), parts.rend(), [&](const mime::DigestPart& part) {
                return part.is_attachment() && part.filename == add.name;
            });
        if (found == parts.rend())
            continue;
        outcome.files.push_back({add.client_id, eas::file_reference(server_id, found->path)});
        parts.erase(std::next(found).base());
    }
}

/// Common statuses (MS-ASCMD 2.2.2) of a draft that cannot be sent; it stays a draft.
int send_status(const Error& error) {
    if (error.code == Code::bad_value)
        return 119;
    if (error.code == Code::not_found || error.code == Code::unsupported)
        return 183;
    return error.code == Code::over_quota ? 115 : 120;
}

} // namespace

Result<> change_mail(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const Item& item,
    const wbxml::Node& command
) {
    TRY(const auto change, change_of(command));
    if (change.edits_draft() && (item.flags & model::flag::draft) == 0)
        return fail(Code::forbidden, "only a draft's text may be changed");
    const auto flags = apply_flags(item, change);
    CHECK_OK(office::set_mail_flags(txn, exchange.actor, run.folder, item, flags.flags, flags.props)
    );
    if (!change.edits_draft())
        return {};
    if (!exchange.at_least(wbxml::Version::v16_0))
        return fail(Code::unsupported, "drafts are edited from 16.0 on");
    const auto server_id = item_id(run.ref, item.uid, exchange.actor.account.id);
    TRY(const auto original, office::object_bytes(txn, exchange.office(), item));
    TRY(auto message, draft_of(exchange, change, original, server_id));
    if (change.send) {
        run.sends.push_back({item.uid, std::move(message)});
        return {};
    }
    // A draft's references follow the order of its parts, and the answer to a Change has no room
    // for new ones (that to an Add has): the mail comes back with them.
    if (!change.add.empty() || !change.remove.empty())
        std::ignore = sync::owe(run.state, item.uid);
    return office::replace_message(
        txn, exchange.office(), exchange.actor, run.folder, item, std::move(message)
    );
}

Result<Item> add_draft(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const wbxml::Node& command,
    CommandOutcome& outcome
) {
    if (!exchange.at_least(wbxml::Version::v16_0))
        return fail(Code::unsupported, "drafts are added from 16.0 on");
    if (run.folder.collection.role != model::Role::drafts)
        return fail(Code::forbidden, "mail is added to Drafts only");
    TRY(const auto change, change_of(command));
    TRY(const auto message, draft_of(exchange, change, {}, {}));
    TRY(auto item, office::add_message(
                       txn, exchange.office(), exchange.actor, run.folder, message,
                       model::flag::seen | model::flag::draft
                   ));
    note_files(change, message, item_id(run.ref, item.uid, exchange.actor.account.id), outcome);
    if (change.send)
        run.sends.push_back({item.uid, message});
    return item;
}

Result<> resume_send(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, model::Uid uid,
    const wbxml::Node& command
) {
    const auto draft = office::find_item(txn, run.ref.owner, run.ref.collection, uid);
    if (!command.has(wbxml::email2::Send) || !draft)
        return {};
    TRY(auto message, office::object_bytes(txn, exchange.office(), *draft));
    run.sends.push_back({uid, std::move(message)});
    return {};
}

Task<Result<>> send_drafts(Exchange& exchange, CollectionRun& run) {
    for (auto& each : run.sends) {
        office::Submission submission;
        submission.mime = std::move(each.message);
        submission.client_id = "draft:" + item_id(run.ref, each.draft, exchange.actor.account.id);
        const auto sent =
            co_await office::submit(exchange.office(), exchange.actor, std::move(submission));
        if (!sent && sent.error().code != Code::exists) {
            const auto id = item_id(run.ref, each.draft, exchange.actor.account.id);
            for (auto& outcome : run.outcomes)
                if (outcome.server_id == id) {
                    outcome.status = send_status(sent.error());
                    outcome.told = true;
                }
            continue;
        }
        std::function<Result<bool>(office::Txn&)> work = [&, uid = each.draft](office::Txn& txn
                                                         ) -> Result<bool> {
            const auto draft = office::find_item(txn, run.ref.owner, run.ref.collection, uid);
            if (draft)
                CHECK_OK(
                    office::remove_mail(txn, {exchange.actor.account, {}}, run.folder, *draft, true)
                );
            return true;
        };
        CO_CHECK_OK(co_await exchange.office().db.write<bool>(run.ref.owner, std::move(work)));
    }
    co_return Result<>();
}

} // namespace lockstep::activesync
