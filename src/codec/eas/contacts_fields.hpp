// Which element of the Contacts class lives in which property of a card: one table, read and
// written through it.
// Spec: MS-ASCNTC 2.2.2; RFC 6350 6.2-6.6; RFC 2426 3; RFC 4770 (IMPP); Apple's X-AB properties,
// the X- names of Evolution and KDE for reading.
// Invariants: a property belongs to at most one slot; what has no slot is never changed. Writing a
// value equal to the one read changes nothing.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/vcard/card.hpp"
#include "codec/vcard/relations.hpp"
#include "codec/wbxml/tags.hpp"

namespace lockstep::eas {

/// A property of the card that elements are read from: one each, found once per card.
enum class CardSlot : std::uint8_t {
    name,
    organization,
    business_address,
    home_address,
    other_address,
    email1,
    email2,
    email3,
    business_phone,
    business_phone2,
    business_fax,
    home_phone,
    home_phone2,
    home_fax,
    mobile,
    car,
    pager,
    radio,
    assistant_phone,
    company_phone,
    mms,
    im1,
    im2,
    im3,
    job_title,
    nickname,
    web_page,
    office,
    yomi_first,
    yomi_last,
    yomi_company,
    file_as,
    account,
    customer,
    government,
    spouse,
    assistant,
    manager,
    birthday,
    anniversary,
    count,
};
inline constexpr auto kCardSlots = static_cast<std::size_t>(CardSlot::count);

/// How the property's value becomes the element's text.
enum class CardForm : std::uint8_t {
    text,       ///< the whole value
    component,  ///< component `part` of a structured value
    department, ///< ORG from the second component on
    street,     ///< ADR: post office box, extension and street
    email,
    phone,
    im,
    date,    ///< 00:00Z of the date
    file_as, ///< stored, or "Family, Given" made from N
};

struct ContactField {
    wbxml::Tag tag;
    CardSlot slot;
    CardForm form = CardForm::text;
    std::uint8_t part = 0;
};

/// Every simple element (all but Categories, Children, Picture and Body), in the order of writing.
[[nodiscard]] std::span<const ContactField> contact_fields();

/// The text in the one spelling that comparisons need: LF line ends, blanks only as nothing, an
/// address without display name, a number without tel:, a date as 00:00Z of the day that is meant
/// in the owner's zone. Error: bad_value for a date that is none, too_large for kEasContactText.
[[nodiscard]] Result<std::string>
normal_text(const ContactField& field, std::string_view sent, std::string_view zone);

/// A card seen as the slots above. Holds a reference: the card must outlive it, and nobody else may
/// change its property list before finish().
class ContactSlots {
public:
    explicit ContactSlots(vcard::Card& card);

    [[nodiscard]] std::string read(const ContactField& field) const;
    /// Whether the card has a property for the slot.
    [[nodiscard]] bool has(CardSlot slot) const { return at(slot) != nullptr; }
    /// Puts the text (of normal_text) there, making the property when needed; an empty text empties
    /// it.
    void write(const ContactField& field, std::string_view text);

    /// Names of the contact's children.
    [[nodiscard]] std::vector<std::string> children() const;
    /// Keeps the properties of names that stay, removes the others, appends new ones.
    void set_children(std::vector<std::string> names);

    /// Removes the properties that write() emptied, with the labels of their groups. Ends the
    /// object's use.
    void finish();

private:
    [[nodiscard]] const vcard::Property* at(CardSlot slot) const;
    void place(CardSlot slot, std::size_t index);
    void place_all();
    void place_phones(const std::vector<std::size_t>& order, const vcard::GroupLabels& labels);
    vcard::Property& make(CardSlot slot);
    void write_component(CardSlot slot, std::size_t part, std::string_view text);

    vcard::Card& card_;
    std::array<std::optional<std::size_t>, kCardSlots> slots_{};
    std::vector<std::size_t> children_; ///< properties that name a child
    std::vector<std::size_t> doomed_;   ///< properties that finish() removes
};

/// "Family, Given Middle" (or what there is of it, or the display name).
[[nodiscard]] std::string default_file_as(const vcard::Card& card);

} // namespace lockstep::eas
