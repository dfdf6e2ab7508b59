// The doors of the Calendar class: write, merge, and the occurrences of 16.x.
// Spec: MS-ASCAL 2.2.2, 3.2.4, 3.2.5.
#include "codec/eas/calendar.hpp"

#include <utility>

#include "base/text.hpp"
#include "codec/eas/calendar_merge.hpp"
#include "codec/eas/calendar_model.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/options.hpp"
#include "codec/ical/component.hpp"
#include "codec/ical/series.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"

namespace lockstep::eas {
namespace {

namespace c = wbxml::calendar;

constexpr std::size_t kUidBytes = 1'000; ///< 300 characters of up to three bytes, and a little

/// A UID in the form of a Global Object Id holds the real one after "vCal-Uid" (MS-ASEMAIL,
/// GlobalObjId).
std::string plain_uid(std::string_view uid) {
    constexpr std::string_view kIdHead = "040000008200E00074C5B7101A82E008",
                               kMark = "7643616C2D55696401000000";
    const auto text = upper(uid);
    const auto at = text.find(kMark);
    if (!text.starts_with(kIdHead) || at == std::string::npos)
        return std::string(uid);
    auto plain = unhex(std::string_view(text).substr(at + kMark.size()));
    if (!plain)
        return std::string(uid);
    const auto end = plain->find('\0');
    return clean_utf8(std::string_view(*plain).substr(0, end));
}

Result<EventMerge> open_stored(std::string_view stored, const EventContext& context) {
    TRY(auto calendar, ical::parse(stored));
    return EventMerge(std::move(calendar), wbxml::Version::v16_1, context);
}

} // namespace

Result<> write_event(
    wbxml::Writer& out, std::string_view ical, const ItemOptions& options,
    const EventContext& context
) {
    TRY(const auto calendar, ical::parse(ical));
    TRY(const auto series, ical::Series::read(calendar, "VEVENT", ical::zone_or_utc(context.zone)));
    const auto rendering = render_series(series, options.version, context.now);
    TRY(const auto model, show_event(series, rendering, options.version, context));
    write_event_model(out, model, series, options);
    return {};
}

std::string client_uid(const wbxml::Node& application_data) {
    auto uid = application_data.text_of(c::UID);
    if (uid.empty())
        uid = application_data.text_of(c::ClientUid);
    uid = uid.substr(0, uid.find('\0')); // one client sends the NUL that ends its string
    return plain_uid(utf8_prefix(trim(uid), kUidBytes));
}

Result<std::string> merge_event(
    std::string_view stored, const wbxml::Node& application_data, wbxml::Version version,
    const EventContext& context, const std::set<wbxml::Tag>* supported
) {
    TRY(auto sent, read_event(application_data, version, stored.empty() ? nullptr : supported));
    ical::Component calendar;
    if (stored.empty()) {
        TRY(calendar, EventMerge::new_object(sent, context));
    } else {
        TRY(calendar, ical::parse(stored));
    }
    EventMerge merge(std::move(calendar), version, context);
    CHECK_OK(merge.merge(std::move(sent)));
    return merge.finish(stored);
}

Result<std::string> merge_instance(
    std::string_view stored, std::string_view instance_id, const wbxml::Node& application_data,
    wbxml::Version version, const EventContext& context
) {
    for (const auto tag : {c::Deleted, c::Timezone, c::Recurrence, c::Exceptions})
        if (application_data.has(tag))
            return fail(Code::bad_value, "an element that one occurrence cannot have");
    TRY(const auto wire, parse_wire_date(instance_id));
    TRY(const auto sent, read_event_fields(application_data));
    TRY(auto calendar, ical::parse(stored));
    EventMerge merge(std::move(calendar), version, context);
    CHECK_OK(merge.merge_instance(wire, sent));
    return merge.finish(stored);
}

Result<std::string> delete_instance(
    std::string_view stored, std::string_view instance_id, const EventContext& context
) {
    TRY(const auto wire, parse_wire_date(instance_id));
    TRY(auto merge, open_stored(stored, context));
    CHECK_OK(merge.delete_instance(wire));
    if (merge.is_gone())
        return std::string();
    return merge.finish(stored);
}

Result<std::string> set_reply(
    std::string_view stored, std::string_view instance_id, Reply reply, const EventContext& context
) {
    std::optional<std::int64_t> wire;
    if (!instance_id.empty()) {
        TRY(wire, parse_wire_date(instance_id));
    }
    TRY(auto merge, open_stored(stored, context));
    const auto* word = reply == Reply::accepted    ? "ACCEPTED"
                       : reply == Reply::tentative ? "TENTATIVE"
                                                   : "DECLINED";
    CHECK_OK(merge.reply(wire, word));
    return merge.finish(stored);
}

} // namespace lockstep::eas
