// A client's Add or Change of a contact into the stored card.
// Spec: MS-ASCNTC 2.2.2, 3.1.5.3, 3.1.5.4; MS-ASCMD 2.2.3.179; contacts.hpp.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/body.hpp"
#include "codec/eas/contacts.hpp"
#include "codec/eas/contacts_fields.hpp"
#include "codec/eas/contacts_lists.hpp"
#include "codec/vcard/convert.hpp"
#include "codec/vcard/index.hpp"
#include "codec/vcard/text.hpp"
#include "codec/wbxml/node.hpp"

namespace lockstep::eas {

namespace {

namespace contacts = wbxml::contacts;
namespace contacts2 = wbxml::contacts2;

/// Elements that fill up in order: a value is followed to its property, so that its types and label
/// stay with it.
const std::array kFamilies = {
    std::vector<wbxml::Tag>{
        contacts::Email1Address, contacts::Email2Address, contacts::Email3Address
    },
    std::vector<wbxml::Tag>{contacts::BusinessPhoneNumber, contacts::Business2PhoneNumber},
    std::vector<wbxml::Tag>{contacts::HomePhoneNumber, contacts::Home2PhoneNumber},
    std::vector<wbxml::Tag>{contacts2::IMAddress, contacts2::IMAddress2, contacts2::IMAddress3},
};

/// What the request says of one element.
struct ContactSaid {
    const ContactField* field = nullptr;
    std::string before;
    std::string after;    ///< of normal_text
    bool touched = false; ///< sent, or deleted by its absence
};

class ContactMerge {
public:
    ContactMerge(
        vcard::Card& card, const wbxml::Node& data, const std::set<wbxml::Tag>* supported,
        const ContactContext& context
    )
        : card_(card), data_(data), supported_(supported), context_(context) {}
    Result<> run();

private:
    /// Whether the absence of the element from a Change deletes it.
    bool absence_deletes(wbxml::Tag tag) const {
        return supported_ == nullptr || supported_->contains(tag);
    }
    Result<> listen(const ContactSlots& slots);
    void merge_family(ContactSlots& slots, const std::vector<wbxml::Tag>& tags);
    void merge_file_as(ContactSlots& slots);
    void merge_display_name(bool name_changed, const std::string& derived_before);
    Result<> merge_children(ContactSlots& slots);
    Result<> merge_picture();
    Result<> merge_note();
    Result<std::optional<std::vector<std::string>>>
    texts_of(wbxml::Tag list, wbxml::Tag entry) const;

    vcard::Card& card_;
    const wbxml::Node& data_;
    const std::set<wbxml::Tag>* supported_;
    const ContactContext& context_;
    std::map<wbxml::Tag, ContactSaid> said_;
};

Result<> ContactMerge::listen(const ContactSlots& slots) {
    for (const auto& field : contact_fields()) {
        ContactSaid said{&field, slots.read(field), {}, false};
        if (const auto* node = data_.find(field.tag)) {
            TRY(said.after, normal_text(field, node->text, context_.zone));
            said.touched = true;
        } else {
            said.touched = absence_deletes(field.tag);
        }
        if (!said.touched)
            said.after = said.before;
        said_.emplace(field.tag, std::move(said));
    }
    return {};
}

/// Where each value goes: to the slot that has it, else to a free one in order. When that would not
/// keep the order of the values, or a member is ghosted, each value goes to the slot of its place.
void ContactMerge::merge_family(ContactSlots& slots, const std::vector<wbxml::Tag>& tags) {
    const auto whole =
        std::ranges::all_of(tags, [&](wbxml::Tag tag) { return said_.at(tag).touched; });
    if (!whole) {
        for (const auto tag : tags)
            if (const auto& said = said_.at(tag); said.before != said.after)
                slots.write(*said.field, said.after);
        return;
    }
    std::vector<std::string> values;
    for (const auto tag : tags)
        if (!said_.at(tag).after.empty())
            values.push_back(said_.at(tag).after);
    std::vector<std::string> target(tags.size());
    std::vector<bool> placed(values.size(), false);
    std::vector<std::size_t> where(values.size(), tags.size());
    for (std::size_t v = 0; v < values.size(); ++v)
        for (std::size_t t = 0; t < tags.size() && !placed[v]; ++t)
            if (target[t].empty() && said_.at(tags[t]).before == values[v]) {
                target[t] = values[v];
                where[v] = t;
                placed[v] = true;
            }
    for (std::size_t v = 0; v < values.size(); ++v)
        for (std::size_t t = 0; t < tags.size() && !placed[v]; ++t)
            if (target[t].empty()) {
                target[t] = values[v];
                where[v] = t;
                placed[v] = true;
            }
    if (!std::ranges::is_sorted(where)) {
        values.resize(tags.size());
        target = values;
    }
    for (std::size_t t = 0; t < tags.size(); ++t) {
        const auto& said = said_.at(tags[t]);
        if (said.before != target[t])
            slots.write(*said.field, target[t]);
    }
}

/// Stored only when it says something that the name does not: a client that sends the old default
/// back beside a new name has not chosen it.
void ContactMerge::merge_file_as(ContactSlots& slots) {
    const auto& said = said_.at(contacts::FileAs);
    if (said.before == said.after)
        return;
    const auto standard = default_file_as(card_);
    slots.write(*said.field, said.after == standard ? std::string() : said.after);
}

/// FN follows the parts of the name, and the company or address it was made from; else it is the
/// user's own.
void ContactMerge::merge_display_name(bool name_changed, const std::string& derived_before) {
    auto* formatted = card_.find("FN");
    const auto derived = vcard::derived_name(card_);
    if (formatted == nullptr) {
        card_.properties.insert(
            card_.properties.begin(), vcard::Property("FN", vcard::escape(derived))
        );
        return;
    }
    const auto text = formatted->text();
    const bool follows = name_changed || trim(text).empty() || text == derived_before;
    if (follows && text != derived)
        formatted->set_text(derived);
}

Result<std::optional<std::vector<std::string>>>
ContactMerge::texts_of(wbxml::Tag list, wbxml::Tag entry) const {
    const auto* node = data_.find(list);
    std::vector<std::string> texts;
    if (node == nullptr) {
        if (!absence_deletes(list))
            return std::nullopt;
        return texts;
    }
    for (const auto& child : node->all(entry)) {
        if (texts.size() == limits::kEasLabels)
            return fail(Code::bad_value, "too many categories or children");
        if (child.text.size() > limits::kEasContactText)
            return fail(Code::bad_value, "contact element too large");
        const auto text = replace_all(replace_all(child.text, "\r\n", "\n"), "\r", "\n");
        if (const auto trimmed = trim(text); !trimmed.empty())
            texts.emplace_back(trimmed);
    }
    return texts;
}

Result<> ContactMerge::merge_children(ContactSlots& slots) {
    TRY(const auto children, texts_of(contacts::Children, contacts::Child));
    if (children && *children != slots.children())
        slots.set_children(*children);
    return {};
}

/// Absent means unchanged whatever Supported says (MS-ASCMD 2.2.3.24). So does empty: iOS sends an
/// empty Picture with every edit of a contact whose photo came from here.
Result<> ContactMerge::merge_picture() {
    const auto* node = data_.find(contacts::Picture);
    if (node == nullptr)
        return {};
    std::string text = node->text;
    std::erase_if(text, [](char character) { return is_space(character); });
    if (text.empty())
        return {};
    if (text.size() > limits::kEasPicture)
        return fail(Code::bad_value, "contact picture too large");
    auto bytes = unbase64(text);
    if (!bytes)
        return fail(Code::bad_value, "contact picture is not base64");
    if (*bytes == vcard::photo_of(card_).bytes)
        return {};
    const auto type = bytes->starts_with("\x89PNG") ? "image/png"
                      : bytes->starts_with("GIF8")  ? "image/gif"
                                                    : "image/jpeg";
    vcard::set_photo(card_, {type, *std::move(bytes)});
    return {};
}

Result<> ContactMerge::merge_note() {
    TRY(const auto body, read_body(data_, contacts::Body));
    if (!body)
        return {};
    if (body->plain.size() > limits::kEasNote)
        return fail(Code::bad_value, "contact note too large");
    set_card_note(card_, body->plain);
    return {};
}

Result<> ContactMerge::run() {
    const auto derived_before = vcard::derived_name(card_);
    ContactSlots slots(card_);
    CHECK_OK(listen(slots));
    bool name_changed = false;
    for (const auto& [tag, said] : said_) {
        const bool in_family = std::ranges::any_of(kFamilies, [tag](const auto& family) {
            return std::ranges::find(family, tag) != family.end();
        });
        if (in_family || tag == contacts::FileAs || said.before == said.after)
            continue;
        slots.write(*said.field, said.after);
        name_changed = name_changed || said.field->slot == CardSlot::name;
    }
    for (const auto& family : kFamilies)
        merge_family(slots, family);
    merge_file_as(slots);
    CHECK_OK(merge_children(slots));
    slots.finish();
    TRY(const auto categories, texts_of(contacts::Categories, contacts::Category));
    if (categories)
        set_card_categories(card_, *categories);
    CHECK_OK(merge_picture());
    CHECK_OK(merge_note());
    merge_display_name(name_changed, derived_before);
    return {};
}

void set_revision(vcard::Card& card, std::int64_t now) {
    const std::chrono::sys_seconds instant{std::chrono::seconds(now)};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(instant - day);
    const bool is_4 = card.version == vcard::Version::v4_0;
    const auto text = fmt::format(
        fmt::runtime(
            is_4 ? "{:04}{:02}{:02}T{:02}{:02}{:02}Z" : "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z"
        ),
        int(date.year()), unsigned(date.month()), unsigned(date.day()), time.hours().count(),
        time.minutes().count(), time.seconds().count()
    );
    if (card.find("REV") == nullptr)
        card.properties.emplace_back("REV", "");
    card.find("REV")->set_value(text);
}

} // namespace

Result<std::string> merge_contact(
    std::string_view stored, const wbxml::Node& application_data,
    wbxml::Version /*the rules are the same in all*/, const std::set<wbxml::Tag>* supported,
    const ContactContext& context
) {
    vcard::Card card;
    if (!stored.empty()) {
        TRY(card, vcard::parse(stored));
    }
    const auto before = vcard::serialize(card);
    CHECK_OK(ContactMerge(card, application_data, supported, context).run());
    if (stored.empty() && !context.new_uid.empty())
        card.properties.emplace_back("UID", vcard::escape(context.new_uid));
    auto after = vcard::serialize(card);
    if (!stored.empty() && after == before)
        return std::string(stored);
    if (context.now != 0) {
        set_revision(card, context.now);
        after = vcard::serialize(card);
    }
    if (after.size() > limits::kCardBytes)
        return fail(Code::bad_value, "contact too large");
    return after;
}

} // namespace lockstep::eas
