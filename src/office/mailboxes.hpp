// Mailboxes: the mail folders that a person sees, under the names by which IMAP knows them.
// Spec: RFC 9051 5.1, RFC 2342 (namespaces), RFC 6154 (roles); the product's rules about names.
// Invariants: the delimiter is "/"; a name has no slash in it, so "A/B" nests where A exists and is
// "AB" otherwise; "Name.Sub" makes Sub inside Name where that exists; what was made is found again
// under the name that the client gave. Own folders stand at the top, those of others under
// "Shared/OWNER". Errors: not_found, exists, forbidden, bad_value.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "office/folders.hpp"

namespace lockstep::office {

inline constexpr std::string_view kSharedPrefix = "Shared/";

struct Mailbox {
    std::string path;
    model::AccountId owner;
    model::Collection collection; ///< its id is none for the names above other people's folders
    model::Right right = model::Right::none;
    bool own = true;
    bool subscribed = true;
    bool children = false;
    [[nodiscard]] bool selectable() const { return static_cast<bool>(collection.id); }
};

struct MailboxList {
    std::vector<Mailbox> all; ///< parents before their children
    /// By its name, or by a name that leads to it. Null when there is none.
    [[nodiscard]] const Mailbox* find(std::string_view name) const;
    [[nodiscard]] const Mailbox* find_exact(std::string_view path) const;
};
[[nodiscard]] Task<Result<MailboxList>> mailboxes(Office& office, const Actor& actor);
/// Opens one of them.
[[nodiscard]] Task<Result<Folder>>
open_mailbox(Office& office, const Actor& actor, std::string name, model::Right needed);

/// Makes a folder and answers its path.
[[nodiscard]] Task<Result<std::string>>
create_mailbox(Office& office, const Actor& actor, std::string name);
/// The Inbox keeps its name: its mail moves to a new folder (RFC 9051 6.3.6).
[[nodiscard]] Task<Result<>>
rename_mailbox(Office& office, const Actor& actor, std::string from, std::string to);
/// Error also: conflict (it holds folders).
[[nodiscard]] Task<Result<>> remove_mailbox(Office& office, const Actor& actor, std::string name);
[[nodiscard]] Task<Result<>>
subscribe(Office& office, const Actor& actor, std::string name, bool subscribed);

} // namespace lockstep::office
