// Many changes of stored mail at once, as doors with batches ask for them: keywords, moves,
// removal. Invariants: one store job for all of them; each has its own result, and one that fails
// leaves the others as they are (D8). Errors of one: not_found, forbidden, bad_value (in no folder,
// or in one that is not there), too_large (in more folders than one).
#pragma once
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "office/conversations.hpp"
#include "office/folders.hpp"
#include "office/keywords.hpp"

namespace lockstep::office {

struct MailEdit {
    model::ItemId id;
    std::optional<std::set<std::string>> keywords;        ///< exactly these
    std::vector<std::pair<std::string, bool>> marks;      ///< single keywords to set or take away
    std::optional<std::set<model::CollectionId>> folders; ///< exactly these: there can be one only
    std::vector<std::pair<model::CollectionId, bool>> places; ///< single folders, in or out
    bool remove = false;                                      ///< for good
};
/// One result for each edit, in order.
[[nodiscard]] Task<Result<std::vector<Result<>>>>
edit_mails(Office& office, const Actor& actor, const Owner& owner, std::vector<MailEdit> edits);

struct NewMail {
    std::string message;
    Marks marks;
    std::int64_t received_us = 0;
};
/// Files a whole message. Errors: forbidden, not_found, over_quota, unavailable.
struct Filed {
    model::Item item;
    ConversationId conversation;
};
[[nodiscard]] Task<Result<Filed>> file_mail(
    Office& office, const Actor& actor, model::AccountId owner, model::CollectionId folder,
    NewMail mail
);

} // namespace lockstep::office
