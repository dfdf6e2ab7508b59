// The commands of the door. Each file holds one; all have the same form, so that the dispatcher is
// a table. Spec: MS-ASCMD 2.2.1. Errors: a command answers wrong input with the Status its section
// names; a returned Error is mapped by errors.cpp to the command's top-level Status or to HTTP.
#pragma once
#include "protocols/activesync/exchange.hpp"

namespace lockstep::activesync {

using Command = Task<Result<Reply>> (*)(Exchange&);

[[nodiscard]] Task<Result<Reply>> folder_sync(Exchange& exchange);       // MS-ASCMD 2.2.1.6
[[nodiscard]] Task<Result<Reply>> folder_create(Exchange& exchange);     // MS-ASCMD 2.2.1.3
[[nodiscard]] Task<Result<Reply>> folder_update(Exchange& exchange);     // MS-ASCMD 2.2.1.7
[[nodiscard]] Task<Result<Reply>> folder_delete(Exchange& exchange);     // MS-ASCMD 2.2.1.4
[[nodiscard]] Task<Result<Reply>> get_item_estimate(Exchange& exchange); // MS-ASCMD 2.2.1.9
[[nodiscard]] Task<Result<Reply>> item_operations(Exchange& exchange);   // MS-ASCMD 2.2.1.10
[[nodiscard]] Task<Result<Reply>> meeting_response(Exchange& exchange);  // MS-ASCMD 2.2.1.11
[[nodiscard]] Task<Result<Reply>> move_items(Exchange& exchange);        // MS-ASCMD 2.2.1.12
[[nodiscard]] Task<Result<Reply>> ping(Exchange& exchange);              // MS-ASCMD 2.2.1.13
[[nodiscard]] Task<Result<Reply>> provision(Exchange& exchange);         // MS-ASPROV 2.2.2
[[nodiscard]] Task<Result<Reply>> send_mail(Exchange& exchange);         // MS-ASCMD 2.2.1.17
[[nodiscard]] Task<Result<Reply>> settings(Exchange& exchange);          // MS-ASCMD 2.2.1.18
[[nodiscard]] Task<Result<Reply>> smart_forward(Exchange& exchange);     // MS-ASCMD 2.2.1.19
[[nodiscard]] Task<Result<Reply>> smart_reply(Exchange& exchange);       // MS-ASCMD 2.2.1.20
[[nodiscard]] Task<Result<Reply>> sync(Exchange& exchange);              // MS-ASCMD 2.2.1.21
[[nodiscard]] Task<Result<Reply>> get_attachment(Exchange& exchange
); // MS-ASCMD 2.2.1.8 (12.1 and older)

/// What the dispatcher knows of a command before it runs.
struct CommandEntry {
    std::string_view name;
    Command run;
    wbxml::Tag root;        ///< of the request; {} when the body is not WBXML
    wbxml::Tag status_root; ///< of an answer that is only a top-level Status; {} when there is
                            ///< none: HTTP then
    wbxml::Tag status;
    wbxml::Tag status_parent{}; ///< between the two, where the schema wants one
    bool needs_policy =
        true; ///< refused with Status 142-144 (449 up to 12.1) until the policy is acknowledged
    bool may_be_empty = false; ///< a request without body has a meaning
};
/// Null for what this door does not know.
[[nodiscard]] const CommandEntry* find_command(std::string_view name);
/// The value of MS-ASProtocolVersions.
inline constexpr std::string_view kVersions = "2.5,12.0,12.1,14.0,14.1,16.0,16.1";
/// The value of MS-ASProtocolCommands.
[[nodiscard]] std::string command_list();

} // namespace lockstep::activesync
