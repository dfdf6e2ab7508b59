// Commands on what the office does: sharing, folders, what devices get, partnerships, policies and
// the service term. Each is a function of the office and the request; commands.cpp finds them.
// Invariants and errors: as commands.hpp says.
#pragma once
#include <span>
#include <string_view>

#include "codec/admin/message.hpp"
#include "office/office.hpp"

namespace lockstep::admin {

struct OfficeCommand {
    std::string_view words;
    Task<Result<Answer>> (*run)(office::Office& office, Request request);
};
[[nodiscard]] std::span<const OfficeCommand> sharing_commands();
[[nodiscard]] std::span<const OfficeCommand> sync_commands();
[[nodiscard]] std::span<const OfficeCommand> partnership_commands();
[[nodiscard]] std::span<const OfficeCommand> rule_commands();
[[nodiscard]] std::span<const OfficeCommand> mail_rule_commands();

/// The account or group of the argument `name`.
[[nodiscard]] Task<Result<directory::Account>>
owner_of(office::Office& office, const Request& request, std::string_view name);
/// The folder of `owner` that the argument `name` gives by its number or its name; none when the
/// argument is absent.
[[nodiscard]] Task<Result<model::CollectionId>> folder_of(
    office::Office& office, const Request& request, std::string_view name,
    const directory::Account& owner
);
[[nodiscard]] inline Answer said(std::string text) { return Answer{std::move(text), {}, {}}; }

} // namespace lockstep::admin
