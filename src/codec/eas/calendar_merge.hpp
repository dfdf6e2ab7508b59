// One merge of a client's calendar data into a stored object, step by step.
// Spec: MS-ASCAL 3.2.4.4, 3.2.5.3, 3.2.5.3.1; MS-ASCMD 2.2.3.24.2.
// Invariants: the object is edited in place and only where it must; when nothing differs, nothing
// is touched.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/eas/calendar_edit.hpp"
#include "codec/eas/calendar_model.hpp"

namespace lockstep::eas {

class EventMerge {
public:
    EventMerge(ical::Component calendar, wbxml::Version version, const EventContext& context);

    /// An Add: makes the VEVENT that the rest is merged into.
    [[nodiscard]] static Result<ical::Component>
    new_object(EventModel& sent, const EventContext& context);

    /// The whole item.
    [[nodiscard]] Result<> merge(EventModel sent);
    /// One occurrence (16.x); not_found when the series has none such.
    [[nodiscard]] Result<> merge_instance(std::int64_t wire, const EventFields& sent);
    [[nodiscard]] Result<> delete_instance(std::int64_t wire);
    /// PARTSTAT of the owner in the whole series, or one occurrence.
    [[nodiscard]] Result<> reply(std::optional<std::int64_t> wire, std::string_view participation);

    /// No occurrence is left.
    [[nodiscard]] bool is_gone() const;
    /// The new bytes with stamps and sequence brought up to date; `stored` itself when nothing
    /// changed. bad_value when the object would be larger than what we read.
    [[nodiscard]] Result<std::string> finish(std::string_view stored);

private:
    [[nodiscard]] ical::Component& master() { return calendar_.children[master_]; }
    [[nodiscard]] Result<ical::Series> series() const;
    [[nodiscard]] Result<> find_master();
    [[nodiscard]] Result<> merge_times(
        const EventModel& sent, const EventModel& shown, const SeriesRendering& rendering,
        bool& moved
    );
    [[nodiscard]] Result<>
    merge_pattern(const EventModel& sent, const EventModel& shown, bool& changed);
    void merge_master(const EventModel& sent, const EventModel& shown);
    void merge_inherited(const EventFields& sent, const EventFields& shown);
    [[nodiscard]] Result<> merge_exceptions(const std::vector<EventException>& sent);
    [[nodiscard]] Result<> edit_override(
        const ical::Series& series, const EventFields& shown_master, std::int64_t civil,
        const EventFields& sent, std::vector<ical::Component>& added
    );
    [[nodiscard]] Result<> synchronize_start();
    void drop_exceptions();
    [[nodiscard]] Result<> rekey_exceptions(
        const std::vector<std::int64_t>& excluded,
        const std::vector<std::pair<std::int64_t, std::size_t>>& overrides,
        const ical::Moment& old_start
    );
    void exclude(const ical::Moment& start, std::int64_t civil);
    void include(const ical::Series& series, std::int64_t civil);
    [[nodiscard]] const ical::Component* counterpart(const ical::Component& event) const;
    void stamp(ical::Component& event, const ical::Component* old);
    [[nodiscard]] Result<> follow_move(const ical::Moment& old_start, const ical::Zone& old_zone);
    void remove_children(std::vector<std::size_t> indexes);

    ical::Component calendar_;
    ical::Component before_; ///< as it was, to tell what changed
    std::size_t master_ = 0;
    wbxml::Version version_;
    const EventContext& context_;
    ical::ZonePtr owner_zone_;
};

} // namespace lockstep::eas
