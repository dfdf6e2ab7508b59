// An attendee's answer: the calendar, the mail, and the organizer.
#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar.hpp"
#include "codec/eas/dates.hpp"
#include "office/free_busy.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "office/scheduling.hpp"
#include "office/scheduling_incoming.hpp"
#include "office/scheduling_queue.hpp"
#include "store/collections.hpp"
#include "store/devices.hpp"

namespace lockstep::office {
namespace {

using model::Item;
using store::Txn;

std::string_view word_of(AttendeeReply reply) {
    switch (reply) {
    case AttendeeReply::accepted:
        return "ACCEPTED";
    case AttendeeReply::tentative:
        return "TENTATIVE";
    case AttendeeReply::declined:
        return "DECLINED";
    }
    return "ACCEPTED";
}

eas::Reply eas_reply(AttendeeReply reply) {
    return reply == AttendeeReply::accepted    ? eas::Reply::accepted
           : reply == AttendeeReply::tentative ? eas::Reply::tentative
                                               : eas::Reply::declined;
}

/// The invitation that a mail carries.
Result<ical::Component>
invitation_of(store::Snapshot& snapshot, Office& office, const Item& mail, ical::Method method) {
    TRY(const auto digest, mime::decode(store::find_digest(snapshot, mail.owner, mail.id)));
    if (ical::method_of(digest.calendar_method) != method)
        return fail(Code::bad_value, "this mail is no such message about a meeting");
    TRY(const auto bytes, object_bytes(snapshot, office, mail));
    auto calendar = ical::parse(calendar_text(bytes, digest));
    if (!calendar || ical::main_event(*calendar) == nullptr)
        return fail(Code::bad_value, "this mail's calendar part cannot be read");
    return calendar;
}

/// One answer inside the job of its account.
class Answering {
public:
    Answering(
        Txn& txn, Office& office, const Actor& actor, const MeetingAnswer& answer,
        const ical::Participant& self
    )
        : txn_(txn), office_(office), actor_(actor), answer_(answer), self_(self) {}

    Result<AnsweredMeeting> run() {
        const auto item = store::find_item(txn_, actor_.account.id, answer_.folder, answer_.uid);
        if (const auto known = item && !leaves(*item) ? std::nullopt : before())
            return *known;
        if (!item)
            return fail(Code::not_found, "no such item");
        TRY(auto object, find_object(*item));
        CHECK_OK(check(object));
        TRY(const auto done, note(object));
        if (item->item_class == model::ItemClass::mail)
            CHECK_OK(put_away(*item));
        if (!answer_.name.empty() && leaves(*item))
            store::add_client_op(
                txn_, actor_.account.id, actor_.author, done.calendar, op_name(), done.uid,
                office_.clock.now_us()
            );
        return done;
    }

private:
    [[nodiscard]] std::string op_name() const { return "answer:" + answer_.name; }

    /// A mail goes with its answer, an event when it is declined: only then does an answer that
    /// comes again need to be remembered. Any other may be meant, after a change of mind.
    [[nodiscard]] bool leaves(const Item& item) const {
        return item.item_class == model::ItemClass::mail ||
               answer_.reply == AttendeeReply::declined;
    }

    std::optional<AnsweredMeeting> before() {
        if (answer_.name.empty())
            return std::nullopt;
        for (const auto& folder : store::list_collections(txn_, actor_.account.id)) {
            if (folder.item_class != model::ItemClass::event)
                continue;
            const auto uid =
                store::find_client_op(txn_, actor_.account.id, actor_.author, folder.id, op_name());
            if (uid)
                return AnsweredMeeting{folder.id, *uid};
        }
        return std::nullopt;
    }

    /// The meeting as it is, or would be, in the calendar; stored_ when it is there.
    Result<ical::Component> find_object(const Item& item) {
        if (item.item_class == model::ItemClass::event) {
            TRY(const auto bytes, object_bytes(txn_, office_, item));
            TRY(auto object, ical::parse(bytes));
            auto folder = store::find_collection(txn_, actor_.account.id, item.collection);
            if (!folder || ical::main_event(object) == nullptr)
                return fail(Code::not_found, "no such item");
            stored_ = StoredMeeting{std::move(*folder), item, object};
            return object;
        }
        if (item.item_class != model::ItemClass::mail)
            return fail(Code::bad_value, "neither a mail nor an event");
        if (!answer_.instance.empty())
            return fail(Code::bad_value, "a mail has no occurrences");
        TRY(auto calendar, invitation_of(txn_, office_, item, ical::Method::request));
        // Whoever answers by hand knows the sender, whoever that is.
        const auto from = ical::organizer_of(calendar);
        const auto uid = ical::main_event(calendar)->text_of("UID");
        stored_ = find_meeting(txn_, office_, actor_.account.id, uid);
        if (stored_) {
            auto newer = ical::apply_request(&stored_->object, calendar, from, self_);
            return newer ? std::move(*newer) : stored_->object;
        }
        if (auto fresh = ical::apply_request(nullptr, calendar, from, self_))
            return std::move(*fresh);
        calendar.remove("METHOD"); // handed on by somebody: the answer makes an attendee
        return calendar;
    }

    Result<> check(const ical::Component& object) const {
        const auto organizer = ical::organizer_of(object);
        if (organizer.empty() || self_.is(organizer))
            return fail(Code::bad_value, "not a meeting that somebody else invited to");
        const auto& event = *ical::main_event(object);
        const bool closed = iequals(trim(event.value_of("X-MICROSOFT-DISALLOW-COUNTER")), "TRUE");
        if (answer_.proposal && closed)
            return fail(Code::forbidden, "the organizer takes no proposals");
        return {};
    }

    /// The component that the organizer hears about, with the answer in it.
    Result<ical::Component> answered_event(const ical::Component& object) const {
        if (answer_.instance.empty())
            return *ical::main_event(object);
        const auto utc = eas::parse_wire_date(answer_.instance);
        if (!utc)
            return fail(Code::bad_syntax, "the instance is no date");
        TRY(const auto series, ical::Series::read(object, "VEVENT", self_.zone));
        if (!series.recurs())
            return fail(Code::unsupported, "an occurrence of what does not recur");
        const auto civil = ical::find_occurrence(series, *utc);
        if (!civil)
            return fail(Code::bad_value, "no such occurrence");
        return ical::occurrence_component(series, *civil);
    }

    Result<AnsweredMeeting> note(const ical::Component& object) {
        TRY(const auto event, answered_event(object));
        if (answer_.send || answer_.proposal)
            CHECK_OK(tell(event));
        if (answer_.reply == AttendeeReply::declined)
            return leave(object);
        const auto* mine = ical::find_attendee(event, self_);
        const auto context = context_of(mine);
        TRY(const auto bytes,
            eas::set_reply(
                ical::serialize(object), answer_.instance, eas_reply(answer_.reply), context
            ));
        TRY(auto answered, ical::parse(bytes));
        const auto word = word_of(answer_.reply);
        for (auto& child : answered.children) {
            if (child.name != "VEVENT" || ical::is_cancelled(child))
                continue;
            const auto* me = ical::find_attendee(child, self_);
            if (me != nullptr && iequals(me->parameter("PARTSTAT"), word))
                ical::settle_busy(child, word);
        }
        TRY(const auto item, put_meeting(txn_, office_, actor_.account, stored_, answered));
        return AnsweredMeeting{item.collection, item.uid};
    }

    [[nodiscard]] eas::EventContext context_of(const ical::Property* mine) const {
        eas::EventContext context;
        context.owner_email =
            mine == nullptr ? self_.addresses.front() : ical::calendar_address(mine->value());
        context.owner_name = actor_.account.name;
        context.zone = actor_.account.zone;
        context.now = self_.now;
        return context;
    }

    Result<> tell(const ical::Component& event) {
        ical::Answer said;
        said.participation = word_of(answer_.reply);
        said.proposal = answer_.proposal;
        if (!answer_.comment_is_html)
            said.comment = answer_.comment;
        return queue_letter(
            txn_, actor_.account.id, actor_.account.id,
            {ical::answer_message(event, said, self_), answer_.comment, answer_.comment_is_html},
            office_.clock.now_us()
        );
    }

    /// A declined meeting, or occurrence, is no longer in the calendar.
    Result<AnsweredMeeting> leave(const ical::Component& object) {
        const auto calendar = store::find_by_role(txn_, actor_.account.id, model::Role::calendar);
        AnsweredMeeting gone{calendar ? calendar->id : model::CollectionId{}, {}};
        if (!stored_)
            return gone;
        if (answer_.instance.empty()) {
            CHECK_OK(drop_meeting(txn_, actor_.account, *stored_));
            return gone;
        }
        TRY(const auto rest,
            eas::delete_instance(ical::serialize(object), answer_.instance, context_of(nullptr)));
        if (rest.empty()) {
            CHECK_OK(drop_meeting(txn_, actor_.account, *stored_));
            return gone;
        }
        TRY(const auto left, ical::parse(rest));
        TRY(const auto item, put_meeting(txn_, office_, actor_.account, stored_, left));
        return AnsweredMeeting{item.collection, item.uid};
    }

    Result<> put_away(const Item& mail) {
        const auto trash = store::find_by_role(txn_, mail.owner, model::Role::trash);
        if (!trash || trash->id == mail.collection)
            return {};
        // In the office's name: the device, too, is told that the mail left the Inbox.
        const auto moved = store::move_item(txn_, mail, trash->id, {});
        if (!moved)
            return std::unexpected(moved.error());
        return {};
    }

    Txn& txn_;
    Office& office_;
    const Actor& actor_;
    const MeetingAnswer& answer_;
    const ical::Participant& self_;
    std::optional<StoredMeeting> stored_;
};

Task<Result<ical::Participant>> participant_of(Office& office, const Actor& actor) {
    CO_TRY(auto owner, co_await time_owner(office, actor.account.id));
    // The main address first: answers of those who were invited by another road come from it.
    const auto main = std::ranges::find(owner.addresses, lower(actor.account.address));
    if (main != owner.addresses.end())
        std::rotate(owner.addresses.begin(), main, std::next(main));
    co_return ical::Participant{
        std::move(owner.addresses), actor.account.name, ical::zone_or_utc(owner.zone),
        office.clock.now_us() / 1'000'000
    };
}

} // namespace

Task<Result<AnsweredMeeting>>
answer_meeting(Office& office, const Actor& actor, MeetingAnswer answer) {
    CO_TRY(const auto self, co_await participant_of(office, actor));
    std::function<Result<AnsweredMeeting>(Txn&)> work = [&office, actor, answer, self](Txn& txn) {
        return Answering(txn, office, actor, answer, self).run();
    };
    auto done = co_await office.db.write<AnsweredMeeting>(actor.account.id, std::move(work));
    if (done)
        co_await send_queued_letters(office, actor.account.id);
    co_return done;
}

Task<Result<>>
decline_proposal(Office& office, const Actor& actor, model::CollectionId folder, model::Uid mail) {
    CO_TRY(const auto self, co_await participant_of(office, actor));
    std::function<Result<bool>(Txn&)> work = [&office, actor, self, folder,
                                              mail](Txn& txn) -> Result<bool> {
        const auto item = store::find_item(txn, actor.account.id, folder, mail);
        if (!item || item->item_class != model::ItemClass::mail)
            return fail(Code::not_found, "no such mail");
        TRY(const auto counter, invitation_of(txn, office, *item, ical::Method::counter));
        const auto* attendee = ical::main_event(counter)->find("ATTENDEE");
        const auto message =
            attendee == nullptr
                ? std::nullopt
                : ical::decline_counter(counter, ical::calendar_address(attendee->value()), self);
        if (!message)
            return fail(Code::bad_value, "no proposal for a meeting of one's own");
        CHECK_OK(queue_letters(
            txn, actor.account.id, actor.account.id, {*message}, office.clock.now_us()
        ));
        return true;
    };
    const auto queued = co_await office.db.write<bool>(actor.account.id, std::move(work));
    if (!queued)
        co_return std::unexpected(queued.error());
    co_await send_queued_letters(office, actor.account.id);
    co_return Result<>();
}

} // namespace lockstep::office
