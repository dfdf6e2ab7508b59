// Reading and packing of collection options.
#include "protocols/activesync/sync_options.hpp"

#include <algorithm>
#include <array>

#include "base/pack.hpp"
#include "base/text.hpp"
#include "codec/wbxml/tags.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
namespace base = wbxml::air_sync_base;

/// The element's number, `fallback` when it is absent; clears `valid` when it is none or out of
/// range.
int number_of(
    const wbxml::Node& parent, wbxml::Tag tag, int fallback, int low, int high, bool& valid
) {
    const auto* node = parent.find(tag);
    if (node == nullptr)
        return fallback;
    const auto value = parse_int<int>(trim(node->text));
    if (!value || *value < low || *value > high) {
        valid = false;
        return fallback;
    }
    return *value;
}

/// MS-ASAIRS 3.2.5.1: each child once, in the schema's order.
bool children_are_ordered(const wbxml::Node& preference) {
    constexpr std::array kOrder{base::Type, base::TruncationSize, base::AllOrNone, base::Preview};
    auto next = kOrder.begin();
    for (const auto& child : preference.children) {
        next = std::find(next, kOrder.end(), child.tag);
        if (next == kOrder.end())
            return false;
        ++next;
    }
    return true;
}

eas::BodyPreference read_preference(const wbxml::Node& node, bool& valid) {
    eas::BodyPreference preference;
    valid = valid && children_are_ordered(node);
    preference.type = number_of(node, base::Type, 1, 1, 4, valid);
    if (const auto* size = node.find(base::TruncationSize)) {
        const auto value = parse_int<std::uint32_t>(trim(size->text));
        if (value)
            preference.truncation_size = *value;
        else
            valid = false;
    }
    preference.all_or_none = number_of(node, base::AllOrNone, 0, 0, 1, valid) == 1;
    preference.preview =
        static_cast<std::uint32_t>(number_of(node, base::Preview, 0, 0, 255, valid));
    return preference;
}

/// MS-ASAIRS 3.2.5.1: two preferences of one type are an error.
bool types_repeat(const std::vector<eas::BodyPreference>& preferences) {
    std::set<int> types;
    return !std::ranges::all_of(preferences, [&](const eas::BodyPreference& each) {
        return types.insert(each.type).second;
    });
}

void pack_preferences(Packer& out, const std::vector<eas::BodyPreference>& preferences) {
    out.number(preferences.size());
    for (const auto& each : preferences) {
        out.integer(each.type);
        out.integer(each.truncation_size ? static_cast<std::int64_t>(*each.truncation_size) : -1);
        out.number(each.all_or_none ? 1 : 0);
        out.number(each.preview);
    }
}

std::vector<eas::BodyPreference> unpack_preferences(Unpacker& in) {
    std::vector<eas::BodyPreference> all;
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        eas::BodyPreference each;
        each.type = static_cast<int>(in.integer());
        if (const auto size = in.integer(); size >= 0)
            each.truncation_size = static_cast<std::uint32_t>(size);
        each.all_or_none = in.number() != 0;
        each.preview = static_cast<std::uint32_t>(in.number());
        all.push_back(each);
    }
    return all;
}

} // namespace

std::string pack(const CollectionOptions& options) {
    Packer out;
    out.integer(options.filter);
    out.number(options.server_wins ? 1 : 0);
    out.integer(options.item.mime_support);
    out.integer(options.item.mime_truncation.value_or(-1));
    out.integer(options.item.truncation.value_or(-1));
    pack_preferences(out, options.item.body_preferences);
    pack_preferences(out, options.item.body_part_preferences);
    out.number(options.supported ? options.supported->size() + 1 : 0);
    if (options.supported)
        for (const auto tag : *options.supported) {
            out.number(tag.page);
            out.number(tag.token);
        }
    return out.take();
}

CollectionOptions unpack_options(std::string_view bytes) {
    CollectionOptions options;
    if (bytes.empty())
        return options;
    Unpacker in(bytes);
    options.filter = static_cast<int>(in.integer());
    options.server_wins = in.number() != 0;
    options.item.mime_support = static_cast<int>(in.integer());
    if (const auto value = in.integer(); value >= 0)
        options.item.mime_truncation = static_cast<int>(value);
    if (const auto value = in.integer(); value >= 0)
        options.item.truncation = static_cast<int>(value);
    options.item.body_preferences = unpack_preferences(in);
    options.item.body_part_preferences = unpack_preferences(in);
    const auto supported = in.number();
    if (supported > 0)
        options.supported.emplace();
    for (std::uint64_t i = 1; i < supported && in.ok(); ++i) {
        const auto page = static_cast<std::uint8_t>(in.number());
        const auto token = static_cast<std::uint8_t>(in.number());
        options.supported->insert(wbxml::Tag{page, token});
    }
    return in.ok() && in.at_end() ? options : CollectionOptions{};
}

CollectionOptions
read_options(const wbxml::Node& node, const std::optional<std::set<wbxml::Tag>>& supported) {
    CollectionOptions options;
    options.supported = supported;
    options.filter = number_of(node, as::FilterType, 0, 0, 8, options.valid);
    options.server_wins = number_of(node, as::Conflict, 1, 0, 1, options.valid) == 1;
    options.item.mime_support = number_of(node, as::MIMESupport, 0, 0, 2, options.valid);
    if (node.has(as::MIMETruncation))
        options.item.mime_truncation = number_of(node, as::MIMETruncation, 8, 0, 8, options.valid);
    if (node.has(as::Truncation))
        options.item.truncation = number_of(node, as::Truncation, 9, 0, 9, options.valid);
    for (const auto& each : node.all(base::BodyPreference))
        options.item.body_preferences.push_back(read_preference(each, options.valid));
    for (const auto& each : node.all(base::BodyPartPreference))
        options.item.body_part_preferences.push_back(read_preference(each, options.valid));
    options.part_type_known =
        std::ranges::all_of(options.item.body_part_preferences, [](const auto& each) {
            return each.type == 2;
        });
    if (types_repeat(options.item.body_preferences))
        options.valid = false;
    return options;
}

const wbxml::Node* find_options(const wbxml::Node& collection, bool& valid) {
    const wbxml::Node* found = nullptr;
    for (const auto& options : collection.all(as::Options)) {
        if (options.text_of(as::Class) == "SMS")
            continue;
        // MS-ASCMD 2.2.3.27.6: options of one class are not given twice.
        if (found != nullptr)
            valid = false;
        found = &options;
    }
    return found;
}

std::set<wbxml::Tag> read_supported(const wbxml::Node& supported) {
    std::set<wbxml::Tag> tags;
    for (const auto& child : supported.children)
        tags.insert(child.tag);
    return tags;
}

bool filter_fits(int filter, model::ItemClass item_class) {
    switch (item_class) {
    case model::ItemClass::mail:
        return filter >= 0 && filter <= 5;
    case model::ItemClass::event:
        return filter == 0 || (filter >= 4 && filter <= 7);
    case model::ItemClass::todo:
        return filter == 0 || filter == 8;
    case model::ItemClass::contact:
    case model::ItemClass::note:
        return true; // the element is ignored there
    }
    return false;
}

sync::Wanted window_of(const Exchange& exchange, int filter, model::ItemClass item_class) {
    // An open to-do lies in every window; a completed one ends with its completion.
    if (filter == 8 && item_class == model::ItemClass::todo)
        return {model::kForever, model::kForever};
    static constexpr int kDays[] = {office::kUnlimited, 1, 3, 7, 14, 31, 92, 183};
    const bool dated =
        item_class == model::ItemClass::mail || item_class == model::ItemClass::event;
    return office::window_of(
        exchange.policy, item_class, dated && filter < 8 ? kDays[filter] : office::kUnlimited,
        exchange.actor.account.zone, exchange.actor.author, exchange.office().clock.now_us()
    );
}

} // namespace lockstep::activesync
