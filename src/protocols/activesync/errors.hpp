// How errors look on the wire.
#pragma once
#include "protocols/activesync/commands.hpp"

namespace lockstep::activesync {

/// Common status codes (MS-ASCMD 2.2.2) that stand where no command-specific one fits.
enum class Common {
    invalid_content = 101,
    invalid_wbxml = 102,
    invalid_xml = 103,
    invalid_datetime = 104,
    invalid_combination = 105,
    invalid_ids = 106,
    invalid_mime = 107,
    device_id_missing = 108,
    device_type_missing = 109,
    server_error = 110,
    server_error_retry = 111,
    mailbox_quota_exceeded = 113,
    mailbox_offline = 114,
    send_quota_exceeded = 115,
    recipient_unresolved = 116,
    reply_not_allowed = 117,
    previously_sent = 118,
    no_recipient = 119,
    submission_failed = 120,
    reply_failed = 121,
    attachment_too_large = 122,
    user_disabled = 126,
    device_blocked = 129,
    access_denied = 130,
    version_not_supported = 138,
    remote_wipe_requested = 140,
    device_not_provisioned = 142,
    policy_refresh = 143,
    invalid_policy_key = 144,
    no_recurrence = 146,
    item_not_found = 150,
    device_information_required = 165,
    invalid_account = 166,
    max_devices = 177,
    invalid_mime_body = 178,
    invalid_forward = 179,
};

/// The answer to a command that failed as a whole: its Status where the command and version have
/// one, else HTTP.
[[nodiscard]] Reply
reply_to_error(const CommandEntry& command, wbxml::Version version, const Error& error);
/// The top-level Status of a command; before 14.0, where common codes are unknown, HTTP
/// `before_14`.
[[nodiscard]] Reply reply_status(
    const CommandEntry& command, wbxml::Version version, Common status, unsigned before_14
);

} // namespace lockstep::activesync
