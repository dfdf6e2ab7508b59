// Who may change what, and the changes.
#include "office/scheduling_incoming.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/vcard/index.hpp"
#include "office/free_busy.hpp"
#include "office/objects.hpp"
#include "office/scheduling.hpp"
#include "office/scheduling_queue.hpp"
#include "store/collections.hpp"

namespace lockstep::office {
namespace {

using ical::Method;
using model::AccountId;
using store::Snapshot;
using store::Txn;

constexpr std::int64_t kRefreshPause = 3'600LL * 1'000'000; ///< between two answers to REFRESH
constexpr std::size_t kCardsLookedAt =
    2'000; ///< cards of an address book in which a sender is looked for

/// Whether the sender stands in one of the person's own address books.
bool is_in_contacts(
    Snapshot& snapshot, Office& office, AccountId account, std::string_view address
) {
    for (const auto& folder : store::list_collections(snapshot, account)) {
        if (folder.item_class != model::ItemClass::contact)
            continue;
        const auto cards = store::changed_items(
            snapshot, account, folder.id, {}, model::Uid{store::kLastUid}, kCardsLookedAt
        );
        for (const auto& card : cards) {
            const auto bytes = object_bytes(snapshot, office, card);
            const auto index = bytes ? vcard::index_card(*bytes)
                                     : Result<vcard::CardIndex>(std::unexpected(bytes.error()));
            if (index && std::ranges::any_of(index->emails, [&](const auto& email) {
                    return iequals(email, address);
                }))
                return true;
        }
    }
    return false;
}

/// The From address belongs to whoever sent the message, as far as anybody can tell.
Task<Result<bool>> is_genuine(Office& office, const MeetingMail& mail) {
    if (mail.from.empty() || mail.distrusted)
        co_return false;
    if (mail.inside)
        co_return true;
    // From outside, but in the name of one of ours: forged.
    const auto domain = mail.from.substr(mail.from.rfind('@') + 1);
    CO_TRY(const bool local, co_await office.directory.is_local_domain(domain));
    co_return !local;
}

Task<Result<bool>> is_known(Office& office, AccountId account, const MeetingMail& mail) {
    std::function<Result<bool>(Snapshot&)> work = [&office, account, from = mail.from,
                                                   inside = mail.inside](Snapshot& snapshot
                                                  ) -> Result<bool> {
        switch (invitation_policy(snapshot, account)) {
        case InvitationPolicy::nobody:
            return false;
        case InvitationPolicy::everybody:
            return true;
        case InvitationPolicy::known:
            break;
        }
        return inside || is_in_contacts(snapshot, office, account, from);
    };
    co_return co_await office.db.read<bool>(account, std::move(work));
}

/// What the message makes of a stored (or no) meeting of a person; nothing when it changes nothing.
std::optional<ical::Component> changed_by(
    const MeetingMail& mail, const std::optional<StoredMeeting>& stored, const MeetingGuest& guest
) {
    const auto* object = stored ? &stored->object : nullptr;
    switch (mail.method) {
    case Method::request:
        if (object == nullptr && !guest.knows_sender)
            return std::nullopt; // X6
        return ical::apply_request(object, mail.calendar, mail.from, guest.self);
    case Method::cancel:
        return object == nullptr
                   ? std::nullopt
                   : ical::apply_cancel(*object, mail.calendar, mail.from, guest.self);
    case Method::add:
        return object == nullptr ? std::nullopt
                                 : ical::apply_add(*object, mail.calendar, mail.from, guest.self);
    case Method::reply:
    case Method::counter:
        return object == nullptr
                   ? std::nullopt
                   : ical::apply_reply(*object, mail.calendar, mail.method, mail.from, guest.self);
    case Method::publish:
    case Method::refresh:
    case Method::decline_counter:
        break;
    }
    return std::nullopt;
}

/// An attendee lost its copy, and asks for another one.
Result<> refresh(
    Txn& txn, const StoredMeeting& stored, const MeetingGuest& guest, const MeetingMail& mail,
    std::int64_t now_us
) {
    const auto again = ical::request_again(stored.object, mail.from, guest.self);
    if (!again)
        return {};
    const auto name = "refresh " + mail.from + " " + stored.item.uid_text;
    if (!first_within(txn, guest.account.id, name, kRefreshPause, now_us))
        return {};
    return queue_letter(txn, guest.account.id, guest.account.id, {*again, {}, false}, now_us);
}

Result<> receive(Txn& txn, Office& office, const MeetingGuest& guest, const MeetingMail& mail) {
    if (guest.account.kind == model::AccountKind::resource)
        return book_resource(txn, office, guest, mail);
    const auto uid = ical::main_event(mail.calendar)->text_of("UID");
    const auto stored = find_meeting(txn, office, guest.account.id, uid);
    if (mail.method == Method::refresh)
        return stored ? refresh(txn, *stored, guest, mail, office.clock.now_us()) : Result<>();
    const auto changed = changed_by(mail, stored, guest);
    if (!changed)
        return {};
    const auto put = put_meeting(txn, office, guest.account, stored, *changed);
    if (!put)
        return std::unexpected(put.error());
    return {};
}

bool is_answer(Method method) { return method == Method::reply || method == Method::counter; }

/// An answer to a meeting that its organizer keeps in somebody else's calendar.
Task<Result<bool>> note_in_shared(
    Office& office, AccountId owner, MeetingGuest guest, std::shared_ptr<const MeetingMail> mail
) {
    CO_TRY(const auto account, co_await office.directory.find(owner));
    std::function<Result<bool>(Txn&)> work = [&office, account, guest,
                                              mail](Txn& txn) -> Result<bool> {
        const auto uid = ical::main_event(mail->calendar)->text_of("UID");
        const auto stored = find_meeting(txn, office, account.id, uid);
        const auto changed = stored ? changed_by(*mail, stored, guest) : std::nullopt;
        if (!changed)
            return false;
        const auto put = put_meeting(txn, office, account, stored, *changed);
        if (!put)
            return std::unexpected(put.error());
        return true;
    };
    co_return co_await office.db.write<bool>(owner, std::move(work));
}

} // namespace

Task<Result<MeetingGuests>> find_guests(
    Office& office, std::shared_ptr<const MeetingMail> mail, std::vector<AccountId> recipients
) {
    MeetingGuests guests;
    if (!mail)
        co_return guests;
    CO_TRY(const bool genuine, co_await is_genuine(office, *mail));
    if (!genuine)
        co_return guests; // it stays a mail
    for (const auto id : recipients) {
        MeetingGuest guest;
        CO_TRY(guest.account, co_await office.directory.find(id));
        CO_TRY(auto owner, co_await time_owner(office, id));
        guest.self = {
            std::move(owner.addresses), guest.account.name, ical::zone_or_utc(owner.zone),
            office.clock.now_us() / 1'000'000
        };
        if (mail->method == Method::request) {
            CO_TRY(guest.knows_sender, co_await is_known(office, id, *mail));
        }
        if (is_answer(mail->method)) {
            CO_TRY(const auto visible, co_await office.directory.visible_owners(id));
            for (const auto& each : visible)
                if (each.right >= model::Right::edit)
                    guest.shared.push_back(each.owner);
        }
        guests.emplace(id, std::move(guest));
    }
    co_return guests;
}

void receive_meeting(
    Txn& txn, Office& office, const MeetingGuests& guests, AccountId recipient,
    const MeetingMail& mail
) {
    const auto guest = guests.find(recipient);
    if (guest == guests.end())
        return;
    const auto done = receive(txn, office, guest->second, mail);
    if (!done)
        log::warn(
            "meeting.left_in_mail", {{"account", guest->second.account.address},
                                     {"method", ical::name_of(mail.method)},
                                     {"reason", done.error().text}}
        );
}

Task<void> answer_meetings(
    Office& office, const MeetingGuests& guests, std::shared_ptr<const MeetingMail> mail
) {
    for (const auto& [id, guest] : guests) {
        for (const auto owner : guest.shared) {
            const auto noted = co_await note_in_shared(office, owner, guest, mail);
            if (!noted)
                log::warn(
                    "meeting.left_in_mail",
                    {{"account", guest.account.address}, {"reason", noted.error().text}}
                );
        }
        co_await send_queued_letters(office, id);
    }
}

std::optional<StoredMeeting>
find_meeting(Snapshot& snapshot, Office& office, AccountId account, const std::string& uid) {
    auto folders = store::list_collections(snapshot, account);
    std::ranges::stable_sort(folders, {}, [](const model::Collection& folder) {
        return folder.role == model::Role::calendar ? 0 : 1;
    });
    for (auto& folder : folders) {
        if (folder.item_class != model::ItemClass::event)
            continue;
        auto item = store::find_by_uid_text(snapshot, account, folder.id, uid);
        if (!item)
            continue;
        const auto bytes = object_bytes(snapshot, office, *item);
        auto object =
            bytes ? ical::parse(*bytes) : Result<ical::Component>(std::unexpected(bytes.error()));
        if (object && ical::main_event(*object) != nullptr)
            return StoredMeeting{std::move(folder), std::move(*item), std::move(*object)};
    }
    return std::nullopt;
}

std::optional<std::string>
meeting_bytes(Snapshot& snapshot, Office& office, AccountId account, const std::string& uid) {
    const auto found = find_meeting(snapshot, office, account, uid);
    if (!found)
        return std::nullopt;
    return ical::serialize(found->object);
}

Result<model::Item> put_meeting(
    Txn& txn, Office& office, const directory::Account& account,
    const std::optional<StoredMeeting>& stored, const ical::Component& object
) {
    const Actor actor{account, {}};
    Folder folder;
    folder.right = model::Right::own;
    folder.quota_bytes = account.quota_bytes;
    if (stored) {
        folder.collection = stored->calendar;
        CHECK_OK(replace_object(txn, office, actor, folder, stored->item, ical::serialize(object)));
        return stored->item;
    }
    auto calendar = store::find_by_role(txn, account.id, model::Role::calendar);
    if (!calendar)
        return fail(Code::not_found, "the account has no calendar");
    folder.collection = std::move(*calendar);
    return add_object(txn, office, actor, folder, ical::serialize(object), false);
}

Result<> drop_meeting(Txn& txn, const directory::Account& account, const StoredMeeting& stored) {
    const Folder folder{.collection = stored.calendar, .right = model::Right::own};
    return remove_object(txn, {account, {}}, folder, stored.item);
}

} // namespace lockstep::office
