// The table of the Contacts class.
// Spec: contacts_fields.hpp.
#include "codec/eas/contacts_fields.hpp"

namespace lockstep::eas {

namespace {

namespace c = wbxml::contacts;
namespace c2 = wbxml::contacts2;
using enum CardSlot;

constexpr auto kComponent = CardForm::component;

constexpr std::array kFields = {
    ContactField{c::FileAs, file_as, CardForm::file_as},
    ContactField{c::Title, name, kComponent, 3},
    ContactField{c::FirstName, name, kComponent, 1},
    ContactField{c::MiddleName, name, kComponent, 2},
    ContactField{c::LastName, name, kComponent, 0},
    ContactField{c::Suffix, name, kComponent, 4},
    ContactField{c::YomiFirstName, yomi_first},
    ContactField{c::YomiLastName, yomi_last},
    ContactField{c::CompanyName, organization, kComponent, 0},
    ContactField{c::YomiCompanyName, yomi_company},
    ContactField{c::Department, organization, CardForm::department},
    ContactField{c::JobTitle, job_title},
    ContactField{c::OfficeLocation, office},
    ContactField{c::Email1Address, email1, CardForm::email},
    ContactField{c::Email2Address, email2, CardForm::email},
    ContactField{c::Email3Address, email3, CardForm::email},
    ContactField{c::WebPage, web_page},
    ContactField{c::MobilePhoneNumber, mobile, CardForm::phone},
    ContactField{c::BusinessPhoneNumber, business_phone, CardForm::phone},
    ContactField{c::Business2PhoneNumber, business_phone2, CardForm::phone},
    ContactField{c::BusinessFaxNumber, business_fax, CardForm::phone},
    ContactField{c::HomePhoneNumber, home_phone, CardForm::phone},
    ContactField{c::Home2PhoneNumber, home_phone2, CardForm::phone},
    ContactField{c::HomeFaxNumber, home_fax, CardForm::phone},
    ContactField{c::CarPhoneNumber, car, CardForm::phone},
    ContactField{c::PagerNumber, pager, CardForm::phone},
    ContactField{c::RadioPhoneNumber, radio, CardForm::phone},
    ContactField{c::AssistantName, assistant},
    ContactField{c::AssistantPhoneNumber, assistant_phone, CardForm::phone},
    ContactField{c::Spouse, spouse},
    ContactField{c::Birthday, birthday, CardForm::date},
    ContactField{c::Anniversary, anniversary, CardForm::date},
    ContactField{c::BusinessAddressStreet, business_address, CardForm::street},
    ContactField{c::BusinessAddressCity, business_address, kComponent, 3},
    ContactField{c::BusinessAddressState, business_address, kComponent, 4},
    ContactField{c::BusinessAddressPostalCode, business_address, kComponent, 5},
    ContactField{c::BusinessAddressCountry, business_address, kComponent, 6},
    ContactField{c::HomeAddressStreet, home_address, CardForm::street},
    ContactField{c::HomeAddressCity, home_address, kComponent, 3},
    ContactField{c::HomeAddressState, home_address, kComponent, 4},
    ContactField{c::HomeAddressPostalCode, home_address, kComponent, 5},
    ContactField{c::HomeAddressCountry, home_address, kComponent, 6},
    ContactField{c::OtherAddressStreet, other_address, CardForm::street},
    ContactField{c::OtherAddressCity, other_address, kComponent, 3},
    ContactField{c::OtherAddressState, other_address, kComponent, 4},
    ContactField{c::OtherAddressPostalCode, other_address, kComponent, 5},
    ContactField{c::OtherAddressCountry, other_address, kComponent, 6},
    ContactField{c2::NickName, nickname},
    ContactField{c2::ManagerName, manager},
    ContactField{c2::CompanyMainPhone, company_phone, CardForm::phone},
    ContactField{c2::AccountName, account},
    ContactField{c2::CustomerId, customer},
    ContactField{c2::GovernmentId, government},
    ContactField{c2::MMS, mms},
    ContactField{c2::IMAddress, im1, CardForm::im},
    ContactField{c2::IMAddress2, im2, CardForm::im},
    ContactField{c2::IMAddress3, im3, CardForm::im},
};

} // namespace

std::span<const ContactField> contact_fields() { return kFields; }

} // namespace lockstep::eas
