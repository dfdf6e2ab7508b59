// What is done with stored mail: flags, moving, deleting; and the properties that flags cannot say.
// Invariants: as in objects.hpp. What "delete" means is decided here by the folder's role, once for
// all doors.
#pragma once
#include "codec/mime/digest.hpp"
#include "office/office.hpp"
#include "store/items.hpp"

namespace lockstep::office {

/// Follow-up, categories and what was done with a mail; stored as text in Item::props.
struct MailProps {
    int follow_up = 0; ///< 0 none, 1 complete, 2 active (MS-ASEMAIL 2.2.2.71 counts so too)
    std::string follow_up_text;
    std::string follow_up_fields; ///< the dates of the follow-up as the client sent them, lines
                                  ///< "name\tvalue"
    std::vector<std::string> categories;
    int last_verb = 0; ///< 0 none, 1 replied, 2 replied to all, 3 forwarded
    std::int64_t last_verb_us = 0;
    friend bool operator==(const MailProps&, const MailProps&) = default;
};
[[nodiscard]] std::string pack(const MailProps& props);
/// Unknown or damaged text gives empty properties: it is no reason to lose a mail.
[[nodiscard]] MailProps unpack_mail_props(std::string_view text);

/// Stores a whole message. `flags` as model::flag; the window is the time of arrival.
[[nodiscard]] Result<model::Item> add_mail(
    store::Txn& txn, const Folder& folder, store::Blob blob, const mime::Digest& digest,
    std::string packed_digest, std::int64_t flags, std::int64_t received_us, model::AuthorId author,
    bool held
);
/// Stores a message that the actor's device made and has: a draft. Received now. Blocks on the
/// disk.
[[nodiscard]] Result<model::Item> add_message(
    store::Txn& txn, Office& office, const Actor& actor, const Folder& folder, std::string message,
    std::int64_t flags
);
/// Puts another message in the place of a stored one; flags, properties and arrival stay. Blocks on
/// the disk.
[[nodiscard]] Result<> replace_message(
    store::Txn& txn, Office& office, const Actor& actor, const Folder& folder,
    const model::Item& item, std::string message
);
[[nodiscard]] Result<> set_mail_flags(
    store::Txn& txn, const Actor& actor, const Folder& folder, const model::Item& item,
    std::int64_t flags, const MailProps& props
);
[[nodiscard]] Result<model::Item> move_mail(
    store::Txn& txn, const Actor& actor, const Folder& from, const model::Item& item,
    const Folder& to
);
/// To the Trash, or for good when `for_good` is set or the mail lies there already (or in another
/// account's folder).
[[nodiscard]] Result<> remove_mail(
    store::Txn& txn, const Actor& actor, const Folder& folder, const model::Item& item,
    bool for_good
);

} // namespace lockstep::office
