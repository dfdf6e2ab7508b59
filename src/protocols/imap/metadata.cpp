// GETMETADATA and SETMETADATA.
// Spec: RFC 5464. An entry that was asked for by its name and is not there is NIL.
#include "codec/imap/metadata_request.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/limits_annotations.hpp"
#include "codec/imap/writer.hpp"
#include "office/annotations.hpp"
#include "office/mailboxes.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap::commands {
namespace {

using Annotations = std::map<std::string, std::string>;

/// The folder that is meant; nothing for the server.
Task<Result<std::optional<office::Folder>>>
annotated_folder(Session& session, const std::string& name) {
    if (name.empty())
        co_return std::optional<office::Folder>();
    auto folder =
        co_await office::open_mailbox(session.office(), session.actor(), name, model::Right::read);
    if (!folder)
        co_return std::unexpected(folder.error());
    co_return std::optional(std::move(*folder));
}

bool is_asked_for(const GetMetadata& request, const std::string& name, const std::string& asked) {
    if (name == asked)
        return true;
    if (request.depth == GetMetadata::Depth::itself || !name.starts_with(asked + "/"))
        return false;
    return request.depth == GetMetadata::Depth::everything ||
           !std::string_view(name).substr(asked.size() + 1).contains('/');
}

/// What is told: each entry once.
std::map<std::string, std::optional<std::string>>
chosen(const GetMetadata& request, const Annotations& all) {
    std::map<std::string, std::optional<std::string>> out;
    for (const auto& asked : request.names) {
        for (const auto& [name, value] : all)
            if (is_asked_for(request, name, asked))
                out[name] = value;
        if (request.depth == GetMetadata::Depth::itself)
            out.try_emplace(asked);
    }
    return out;
}

} // namespace

Task<Result<>> get_metadata(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto request, parse_get_metadata(in));
    CO_TRY(const auto folder, co_await annotated_folder(session, request.mailbox));
    CO_TRY(
        const auto all,
        co_await office::annotations(session.office(), session.actor(), folder ? &*folder : nullptr)
    );
    std::string values;
    std::size_t longest = 0; // of those that were left out
    for (const auto& [name, value] : chosen(request, all)) {
        if (value && request.max_size &&
            static_cast<std::int64_t>(value->size()) > *request.max_size) {
            longest = std::max(longest, value->size());
            continue;
        }
        values += (values.empty() ? "" : " ") + name + " ";
        put_nstring(values, value, session.utf8());
    }
    if (!values.empty()) {
        std::string line = "METADATA ";
        put_mailbox(line, request.mailbox, session.utf8());
        session.untagged(line + " (" + values + ")");
    }
    co_return co_await session.ok(
        command, longest == 0 ? "" : "[METADATA LONGENTRIES " + std::to_string(longest) + "]"
    );
}

Task<Result<>> set_metadata(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(auto request, parse_set_metadata(in));
    CO_TRY(const auto folder, co_await annotated_folder(session, request.mailbox));
    const auto done = co_await office::annotate(
        session.office(), session.actor(), folder ? &*folder : nullptr, std::move(request.changes)
    );
    if (!done && done.error().code == Code::too_large) {
        session.tagged(
            command.tag, "NO",
            "[METADATA MAXSIZE " + std::to_string(limits::kAnnotationBytes) + "] too large"
        );
        co_return Result<>();
    }
    if (!done && done.error().code == Code::over_quota) {
        session.tagged(command.tag, "NO", "[METADATA TOOMANY] there are too many entries");
        co_return Result<>();
    }
    CO_CHECK_OK(done);
    co_return co_await session.ok(command);
}

} // namespace lockstep::imap::commands
