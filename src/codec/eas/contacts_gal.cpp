// A card as an entry of the address list, for Search and Find.
// Spec: MS-ASCMD 2.2.3.104.3 MaxPictures, 2.2.3.105.2 MaxSize, 2.2.3.177.12 Status; MS-ASWBXML
// 2.1.2.1.17; contacts.hpp.
#include "base/text.hpp"
#include "codec/eas/contacts.hpp"
#include "codec/eas/contacts_fields.hpp"
#include "codec/eas/options.hpp"
#include "codec/vcard/convert.hpp"
#include "codec/vcard/index.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {

namespace {

namespace contacts = wbxml::contacts;
namespace gal = wbxml::gal;

struct GalField {
    wbxml::Tag tag;
    wbxml::Tag from; ///< the element of the Contacts class with the same meaning
};
constexpr std::array kGalFields = {
    GalField{gal::Phone, contacts::BusinessPhoneNumber},
    GalField{gal::Office, contacts::OfficeLocation},
    GalField{gal::Title, contacts::JobTitle},
    GalField{gal::Company, contacts::CompanyName},
    GalField{gal::FirstName, contacts::FirstName},
    GalField{gal::LastName, contacts::LastName},
    GalField{gal::HomePhone, contacts::HomePhoneNumber},
    GalField{gal::MobilePhone, contacts::MobilePhoneNumber},
    GalField{gal::EmailAddress, contacts::Email1Address},
};

enum class PhotoStatus : std::uint8_t { sent = 1, none = 173, too_large = 174, too_many = 175 };

void write_photo(wbxml::Writer& out, const vcard::Card& card, GalPicture& picture) {
    const auto photo = vcard::photo_of(card);
    const auto status = photo.bytes.empty()                     ? PhotoStatus::none
                        : photo.bytes.size() > picture.max_size ? PhotoStatus::too_large
                        : picture.left == 0                     ? PhotoStatus::too_many
                                                                : PhotoStatus::sent;
    out.open(gal::Picture);
    out.element(gal::Status, static_cast<int>(status));
    if (status == PhotoStatus::sent) {
        out.opaque(gal::Data, photo.bytes);
        --picture.left;
    }
    out.close();
}

const ContactField* field_of(wbxml::Tag tag) {
    for (const auto& field : contact_fields())
        if (field.tag == tag)
            return &field;
    return nullptr;
}

} // namespace

Result<> write_gal_entry(
    wbxml::Writer& out, std::string_view vcard, const ItemOptions& options, GalPicture& picture
) {
    TRY(auto card, vcard::parse(vcard));
    const ContactSlots slots(card);
    out.element(gal::DisplayName, vcard::display_name(card));
    std::string email;
    for (const auto& field : kGalFields) {
        const auto text = slots.read(*field_of(field.from));
        if (field.tag == gal::EmailAddress)
            email = text;
        if (!trim(text).empty())
            out.element(field.tag, text);
    }
    if (const auto local = email.substr(0, email.find('@')); !local.empty())
        out.element(gal::Alias, local);
    if (picture.wanted && options.version >= wbxml::Version::v14_1)
        write_photo(out, card, picture);
    return {};
}

void write_cached_recipient(
    wbxml::Writer& out, std::string_view address, std::string_view name, std::int64_t rank
) {
    if (!out.allows(contacts::WeightedRank))
        return;
    out.element(contacts::Email1Address, address);
    out.element(contacts::FileAs, trim(name).empty() ? address : name);
    out.element(contacts::WeightedRank, rank);
}

} // namespace lockstep::eas
