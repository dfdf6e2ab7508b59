// The table of commands.
#include "protocols/activesync/commands.hpp"

#include "protocols/activesync/search_commands.hpp"

namespace lockstep::activesync {
namespace {

namespace w = wbxml;

// name, function, root of the request, root, tag and inner parent of a bare Status, needs policy,
// may be empty
constexpr CommandEntry kCommands[] = {
    {"Sync", sync, w::air_sync::Sync, w::air_sync::Sync, w::air_sync::Status, {}, true, true},
    {"SendMail", send_mail, w::compose_mail::SendMail, w::compose_mail::SendMail,
     w::compose_mail::Status},
    {"SmartForward", smart_forward, w::compose_mail::SmartForward, w::compose_mail::SmartForward,
     w::compose_mail::Status},
    {"SmartReply", smart_reply, w::compose_mail::SmartReply, w::compose_mail::SmartReply,
     w::compose_mail::Status},
    {"GetAttachment", get_attachment, {}, {}, {}, {}, true, true},
    {"FolderSync", folder_sync, w::folder_hierarchy::FolderSync, w::folder_hierarchy::FolderSync,
     w::folder_hierarchy::Status},
    {"FolderCreate", folder_create, w::folder_hierarchy::FolderCreate,
     w::folder_hierarchy::FolderCreate, w::folder_hierarchy::Status},
    {"FolderDelete", folder_delete, w::folder_hierarchy::FolderDelete,
     w::folder_hierarchy::FolderDelete, w::folder_hierarchy::Status},
    {"FolderUpdate", folder_update, w::folder_hierarchy::FolderUpdate,
     w::folder_hierarchy::FolderUpdate, w::folder_hierarchy::Status},
    {"GetHierarchy", get_hierarchy, {}, {}, {}, {}, true, true},
    {"MoveItems", move_items, w::move::MoveItems, w::move::MoveItems, w::move::Status},
    {"MeetingResponse", meeting_response, w::meeting_response::MeetingResponse,
     w::meeting_response::MeetingResponse, w::meeting_response::Status,
     w::meeting_response::Result},
    {"GetItemEstimate", get_item_estimate, w::get_item_estimate::GetItemEstimate,
     w::get_item_estimate::GetItemEstimate, w::get_item_estimate::Status},
    {"Search", search, w::search::Search, w::search::Search, w::search::Status},
    {"Find", find, w::find::Find, w::find::Find, w::find::Status},
    {"ResolveRecipients", resolve_recipients, w::resolve_recipients::ResolveRecipients,
     w::resolve_recipients::ResolveRecipients, w::resolve_recipients::Status},
    {"ValidateCert", validate_cert, w::validate_cert::ValidateCert, w::validate_cert::ValidateCert,
     w::validate_cert::Status},
    {"Settings",
     settings,
     w::settings::Settings,
     w::settings::Settings,
     w::settings::Status,
     {},
     false},
    {"ItemOperations", item_operations, w::item_operations::ItemOperations,
     w::item_operations::ItemOperations, w::item_operations::Status},
    {"Provision",
     provision,
     w::provision::Provision,
     w::provision::Provision,
     w::provision::Status,
     {},
     false},
    {"Ping", ping, w::ping::Ping, w::ping::Ping, w::ping::Status, {}, true, true},
};

} // namespace

const CommandEntry* find_command(std::string_view name) {
    for (const auto& entry : kCommands)
        if (entry.name == name)
            return &entry;
    return nullptr;
}

std::string command_list() {
    std::string list;
    for (const auto& entry : kCommands) {
        if (!list.empty())
            list += ",";
        list += entry.name;
    }
    return list;
}

} // namespace lockstep::activesync
