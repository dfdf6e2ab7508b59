// Header fields in the forms that JMAP shows, and the "header:Name:asForm:all" properties.
// Spec: RFC 8621 4.1.2, 4.1.3. Errors: nothing is returned for a form that the field may not have.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json/json.hpp"
#include "codec/mime/address.hpp"
#include "codec/mime/header.hpp"

namespace lockstep::jmap {

enum class HeaderForm { raw, text, addresses, grouped_addresses, message_ids, date, urls };

/// "header:List-Post:asURLs:all", read.
struct HeaderProperty {
    std::string property; ///< as it was asked for: the name in the answer
    std::string name;     ///< of the field
    HeaderForm form = HeaderForm::raw;
    bool all = false;
};
/// Nothing when it is no such property, or the form is not allowed for the field.
[[nodiscard]] std::optional<HeaderProperty> parse_header_property(std::string_view property);

/// The value of one field in a form; null where the form says so.
[[nodiscard]] json::Value header_value(HeaderForm form, std::string_view raw);
/// The value of the property in a header: of the last field of that name, or the list of all.
[[nodiscard]] json::Value
header_value(const HeaderProperty& property, const mime::Headers& headers);
/// Every field in order: [{name, value}].
[[nodiscard]] json::Array header_list(const mime::Headers& headers);

[[nodiscard]] json::Value addresses_value(const std::vector<mime::Address>& addresses);
/// The same; null for none, as an absent field is shown.
[[nodiscard]] json::Value addresses_or_null(const std::vector<mime::Address>& addresses);
/// An EmailAddress object; nothing when it is none.
[[nodiscard]] std::optional<mime::Address> read_address(const json::Value& value);
[[nodiscard]] json::Value ids_value(const std::vector<std::string>& ids);
/// A Date with the offset that the field names (RFC 8620 1.4), or null.
[[nodiscard]] json::Value date_value(std::string_view raw);

} // namespace lockstep::jmap
