// Settings: what the device says of itself, who its user is, and the away reply.
// Spec: MS-ASCMD 2.2.1.18; Status 2.2.3.177.15 (1 success, 2 protocol error, 3 access denied, 5
// invalid arguments, 6 conflicting, 7 denied by policy). Quirk 23: without a full SMTP address an
// iPhone cannot send.
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/device_info.hpp"
#include "protocols/activesync/settings_oof.hpp"

namespace lockstep::activesync {
namespace {

namespace s = wbxml::settings;
using wbxml::Version;

void status_in(wbxml::Writer& out, wbxml::Tag property, int status) {
    out.open(property);
    out.element(s::Status, status);
    out.close();
}

Task<Result<int>> set_device_information(Exchange& exchange, const wbxml::Node& information) {
    const auto lines = read_device_information(information);
    if (!lines)
        co_return 5;
    if (exchange.device.info == *lines)
        co_return 1;
    CO_CHECK_OK(co_await update_device(exchange, [&lines](office::Device& device) {
        device.info = *lines;
    }));
    co_return 1;
}

void write_user(
    wbxml::Writer& out, const Exchange& exchange, const std::vector<std::string>& addresses
) {
    const auto& primary = exchange.actor.account.address;
    const auto write_addresses = [&] {
        out.open(s::EmailAddresses);
        out.element(s::SMTPAddress, primary);
        for (const auto& address : addresses)
            if (address != primary)
                out.element(s::SMTPAddress, address);
        // From 14.1 on it stands in an element of its own, too.
        out.element_if_allowed(s::PrimarySmtpAddress, primary);
        out.close();
    };
    out.open(s::UserInformation);
    out.element(s::Status, 1);
    out.open(s::Get);
    if (exchange.at_least(Version::v14_1)) {
        out.open(s::Accounts);
        out.open(s::Account);
        out.element(s::UserDisplayName, exchange.actor.account.name);
        write_addresses();
        out.close();
        out.close();
    } else {
        write_addresses();
    }
    out.close();
    out.close();
}

Result<Reply> refused_settings(const Exchange& exchange) {
    wbxml::Writer out(exchange.version);
    out.open(s::Settings);
    out.element(s::Status, 2);
    out.close();
    return reply_of(out);
}

} // namespace

Task<Result<Reply>> settings(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    if (root.children.empty())
        co_return refused_settings(exchange);
    CO_TRY(
        const auto addresses,
        co_await exchange.office().directory.addresses(exchange.actor.account.id)
    );
    wbxml::Writer out(exchange.version);
    out.open(s::Settings);
    out.element(s::Status, 1);
    std::set<wbxml::Tag> seen;
    for (const auto& property : root.children) {
        // Each property stands once (MS-ASCMD 2.2.3.165).
        if (!seen.insert(property.tag).second)
            co_return refused_settings(exchange);
        if (property.tag == s::Oof) {
            CO_CHECK_OK(co_await answer_oof(exchange, out, property));
        } else if (property.tag == s::DeviceInformation) {
            CO_TRY(const int status, co_await set_device_information(exchange, property));
            status_in(out, s::DeviceInformation, status);
        } else if (property.tag == s::DevicePassword) {
            // No policy asks for a recovery password (MS-ASCMD 2.2.3.177.15: 7 denied by policy).
            status_in(out, s::DevicePassword, property.has(s::Set) ? 7 : 2);
        } else if (property.tag == s::UserInformation) {
            if (property.has(s::Get))
                write_user(out, exchange, addresses);
            else
                status_in(out, s::UserInformation, 2);
        } else if (property.tag == s::RightsManagementInformation &&
                   out.allows(s::RightsManagementInformation)) {
            out.open(s::RightsManagementInformation);
            out.element(s::Status, 1);
            out.open(s::Get);
            out.empty(wbxml::rights_management::RightsManagementTemplates);
            out.close();
            out.close();
        } else {
            co_return refused_settings(exchange);
        }
    }
    out.close();
    co_return reply_of(out);
}

} // namespace lockstep::activesync
