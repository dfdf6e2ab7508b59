// Writes an Apple configuration profile with one Exchange account.
#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "protocols/web/invite.hpp"

namespace lockstep::web {
namespace {

std::string xml_text(std::string_view text) {
    auto out = replace_all(clean_utf8(text), "&", "&amp;");
    out = replace_all(out, "<", "&lt;");
    return replace_all(out, ">", "&gt;");
}

/// RFC 9562 5.4.
std::string new_uuid() {
    auto bytes = random_bytes(16);
    bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x40U);
    bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
    const auto text = upper(hex(bytes));
    return fmt::format(
        "{}-{}-{}-{}-{}", text.substr(0, 8), text.substr(8, 4), text.substr(12, 4),
        text.substr(16, 4), text.substr(20)
    );
}

std::string entry(std::string_view key, std::string_view value) {
    return fmt::format("<key>{}</key><string>{}</string>\n", key, xml_text(value));
}

std::string enabled(std::string_view key) { return fmt::format("<key>{}</key><true/>\n", key); }

} // namespace

std::string apple_profile(const Profile& profile) {
    // The same identifier each time: a new profile takes the place of the old one.
    const auto name = "lockstep." + blake2b256(profile.address).hex().substr(0, 16);
    std::string account =
        entry("PayloadType", "com.apple.eas.account") + entry("PayloadIdentifier", name + ".eas") +
        entry("PayloadUUID", new_uuid()) + entry("PayloadDisplayName", profile.address) +
        entry("EmailAddress", profile.address) + entry("Host", profile.host) +
        entry("UserName", profile.address) + entry("Password", profile.password);
    account += "<key>PayloadVersion</key><integer>1</integer>\n"
               "<key>MailNumberOfPastDaysToSync</key><integer>0</integer>\n";
    for (const auto* key :
         {"SSL", "EnableMail", "EnableContacts", "EnableCalendars", "EnableReminders", "EnableNotes"
         })
        account += enabled(key);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
           "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
           "<plist version=\"1.0\"><dict>\n" +
           entry("PayloadType", "Configuration") + entry("PayloadIdentifier", name) +
           entry("PayloadUUID", new_uuid()) + entry("PayloadDisplayName", "Lockstep") +
           entry(
               "PayloadDescription",
               "Mail, calendar, contacts, reminders and notes of " + profile.address
           ) +
           "<key>PayloadVersion</key><integer>1</integer>\n"
           "<key>PayloadContent</key><array><dict>\n" +
           account + "</dict></array>\n</dict></plist>\n";
}

} // namespace lockstep::web
