// The table of the Contacts class.
// Spec: contacts_fields.hpp.
#include "codec/eas/contacts_fields.hpp"

namespace lockstep::eas {

namespace {

namespace contacts = wbxml::contacts;
namespace contacts2 = wbxml::contacts2;

constexpr auto kComponent = CardForm::component;

constexpr std::array kFields = {
    ContactField{contacts::FileAs, CardSlot::file_as, CardForm::file_as},
    ContactField{contacts::Title, CardSlot::name, kComponent, 3},
    ContactField{contacts::FirstName, CardSlot::name, kComponent, 1},
    ContactField{contacts::MiddleName, CardSlot::name, kComponent, 2},
    ContactField{contacts::LastName, CardSlot::name, kComponent, 0},
    ContactField{contacts::Suffix, CardSlot::name, kComponent, 4},
    ContactField{contacts::YomiFirstName, CardSlot::yomi_first},
    ContactField{contacts::YomiLastName, CardSlot::yomi_last},
    ContactField{contacts::CompanyName, CardSlot::organization, kComponent, 0},
    ContactField{contacts::YomiCompanyName, CardSlot::yomi_company},
    ContactField{contacts::Department, CardSlot::organization, CardForm::department},
    ContactField{contacts::JobTitle, CardSlot::job_title},
    ContactField{contacts::OfficeLocation, CardSlot::office},
    ContactField{contacts::Email1Address, CardSlot::email1, CardForm::email},
    ContactField{contacts::Email2Address, CardSlot::email2, CardForm::email},
    ContactField{contacts::Email3Address, CardSlot::email3, CardForm::email},
    ContactField{contacts::WebPage, CardSlot::web_page},
    ContactField{contacts::MobilePhoneNumber, CardSlot::mobile, CardForm::phone},
    ContactField{contacts::BusinessPhoneNumber, CardSlot::business_phone, CardForm::phone},
    ContactField{contacts::Business2PhoneNumber, CardSlot::business_phone2, CardForm::phone},
    ContactField{contacts::BusinessFaxNumber, CardSlot::business_fax, CardForm::phone},
    ContactField{contacts::HomePhoneNumber, CardSlot::home_phone, CardForm::phone},
    ContactField{contacts::Home2PhoneNumber, CardSlot::home_phone2, CardForm::phone},
    ContactField{contacts::HomeFaxNumber, CardSlot::home_fax, CardForm::phone},
    ContactField{contacts::CarPhoneNumber, CardSlot::car, CardForm::phone},
    ContactField{contacts::PagerNumber, CardSlot::pager, CardForm::phone},
    ContactField{contacts::RadioPhoneNumber, CardSlot::radio, CardForm::phone},
    ContactField{contacts::AssistantName, CardSlot::assistant},
    ContactField{contacts::AssistantPhoneNumber, CardSlot::assistant_phone, CardForm::phone},
    ContactField{contacts::Spouse, CardSlot::spouse},
    ContactField{contacts::Birthday, CardSlot::birthday, CardForm::date},
    ContactField{contacts::Anniversary, CardSlot::anniversary, CardForm::date},
    ContactField{contacts::BusinessAddressStreet, CardSlot::business_address, CardForm::street},
    ContactField{contacts::BusinessAddressCity, CardSlot::business_address, kComponent, 3},
    ContactField{contacts::BusinessAddressState, CardSlot::business_address, kComponent, 4},
    ContactField{contacts::BusinessAddressPostalCode, CardSlot::business_address, kComponent, 5},
    ContactField{contacts::BusinessAddressCountry, CardSlot::business_address, kComponent, 6},
    ContactField{contacts::HomeAddressStreet, CardSlot::home_address, CardForm::street},
    ContactField{contacts::HomeAddressCity, CardSlot::home_address, kComponent, 3},
    ContactField{contacts::HomeAddressState, CardSlot::home_address, kComponent, 4},
    ContactField{contacts::HomeAddressPostalCode, CardSlot::home_address, kComponent, 5},
    ContactField{contacts::HomeAddressCountry, CardSlot::home_address, kComponent, 6},
    ContactField{contacts::OtherAddressStreet, CardSlot::other_address, CardForm::street},
    ContactField{contacts::OtherAddressCity, CardSlot::other_address, kComponent, 3},
    ContactField{contacts::OtherAddressState, CardSlot::other_address, kComponent, 4},
    ContactField{contacts::OtherAddressPostalCode, CardSlot::other_address, kComponent, 5},
    ContactField{contacts::OtherAddressCountry, CardSlot::other_address, kComponent, 6},
    ContactField{contacts2::NickName, CardSlot::nickname},
    ContactField{contacts2::ManagerName, CardSlot::manager},
    ContactField{contacts2::CompanyMainPhone, CardSlot::company_phone, CardForm::phone},
    ContactField{contacts2::AccountName, CardSlot::account},
    ContactField{contacts2::CustomerId, CardSlot::customer},
    ContactField{contacts2::GovernmentId, CardSlot::government},
    ContactField{contacts2::MMS, CardSlot::mms},
    ContactField{contacts2::IMAddress, CardSlot::im1, CardForm::im},
    ContactField{contacts2::IMAddress2, CardSlot::im2, CardForm::im},
    ContactField{contacts2::IMAddress3, CardSlot::im3, CardForm::im},
};

} // namespace

std::span<const ContactField> contact_fields() { return kFields; }

} // namespace lockstep::eas
