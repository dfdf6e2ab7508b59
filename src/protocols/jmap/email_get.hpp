// Emails as JMAP shows them.
// Spec: RFC 8621 4.1, 4.2.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "office/keywords.hpp"
#include "protocols/jmap/arguments.hpp"
#include "protocols/jmap/call.hpp"
#include "protocols/jmap/header_forms.hpp"

namespace lockstep::jmap {

/// What is asked for of each Email.
struct EmailWishes {
    std::set<std::string> properties;
    std::set<std::string> part_properties;
    std::vector<HeaderProperty> headers; ///< the header:... properties among `properties`
    bool text_values = false, html_values = false, all_values = false;
    std::size_t value_bytes = 0; ///< maxBodyValueBytes; 0: whole
    [[nodiscard]] bool wants(std::string_view property) const {
        return properties.contains(std::string(property));
    }
    /// Whether the stored bytes are needed: the digest does not say all.
    [[nodiscard]] bool needs_bytes() const;
};
/// Reads properties, bodyProperties, fetch...BodyValues and maxBodyValueBytes. Errors:
/// invalidArguments.
[[nodiscard]] std::expected<EmailWishes, MethodError> read_wishes(
    Arguments& arguments, const std::optional<std::set<std::string>>& properties,
    const std::set<std::string>& by_default
);
/// The default of Email/get, and that of Email/parse.
[[nodiscard]] const std::set<std::string>& default_email_properties();
[[nodiscard]] const std::set<std::string>& default_parse_properties();

/// A stored mail with what the wishes need of it.
struct StoredEmail {
    model::Item item;
    mime::Digest digest;
    std::string thread; ///< id
    std::string bytes;  ///< when needs_bytes()
};
[[nodiscard]] json::Object email_object(const StoredEmail& email, const EmailWishes& wishes);
/// What follows from bytes alone (Email/parse too): header and body properties.
void add_message_properties(
    json::Object& out, std::string_view bytes, const mime::Digest& digest, model::ItemId item,
    model::ChangeSeq content, const EmailWishes& wishes
);

} // namespace lockstep::jmap
