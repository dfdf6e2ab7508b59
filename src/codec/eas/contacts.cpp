// A stored card as the elements of the Contacts class.
// Spec: MS-ASCNTC 2.2.2, 3.2.5; contacts.hpp.
#include "codec/eas/contacts.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/eas/body.hpp"
#include "codec/eas/contacts_fields.hpp"
#include "codec/eas/contacts_lists.hpp"
#include "codec/eas/options.hpp"
#include "codec/vcard/convert.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {

namespace {

void write_labels(
    wbxml::Writer& out, wbxml::Tag list, wbxml::Tag entry, const std::vector<std::string>& texts
) {
    if (texts.empty())
        return; // an empty Categories breaks the schema
    out.open(list);
    for (std::size_t i = 0; i < texts.size() && i < limits::kEasLabels; ++i)
        out.element(entry, texts[i]);
    out.close();
}

/// The photo as base64, empty when there is none or when it is larger than a device accepts.
std::string picture_of(const vcard::Card& card) {
    const auto photo = vcard::photo_of(card);
    const auto size = (photo.bytes.size() + 2) / 3 * 4;
    return size > limits::kEasPicture ? std::string() : base64(photo.bytes);
}

} // namespace

Result<> write_contact(wbxml::Writer& out, std::string_view vcard, const ItemOptions& options) {
    TRY(auto card, vcard::parse(vcard));
    const ContactSlots slots(card);
    for (const auto& field : contact_fields()) {
        const auto text = slots.read(field);
        if (!trim(text).empty())
            out.element_if_allowed(field.tag, text);
    }
    write_labels(
        out, wbxml::contacts::Categories, wbxml::contacts::Category, card_categories(card)
    );
    write_labels(out, wbxml::contacts::Children, wbxml::contacts::Child, slots.children());
    if (const auto picture = picture_of(card); !picture.empty())
        out.element_if_allowed(wbxml::contacts::Picture, picture);
    if (!options.without_body) {
        // Also when it is empty: an absent body tells a device nothing.
        const BodyManner manner{.native = true, .also_empty = true};
        const ItemText note{card_note(card), {}};
        write_body(
            out, note, options, wbxml::contacts::Body, wbxml::contacts::BodyTruncated, manner
        );
    }
    return {};
}

} // namespace lockstep::eas
