// What people do with mail at doors that show folders: mark, delete, expunge, copy, move, append.
// The door says what the client asked for; what that means is decided here by the folder's role,
// once for all doors.
// Spec: RFC 9051 6.3.12, 6.4.3, 6.4.6-6.4.8, RFC 7162 3.1.3 (UNCHANGEDSINCE); the product's table:
//   marked as deleted in the Inbox -> gone at once (setting, see below);
//   expunged in Trash, Drafts, Junk or [Detained], or copied elsewhere a moment ago -> gone;
//   expunged in any other folder -> moved to the Trash.
// Invariants: each call is one commit; uids that are not there are passed over (quirk 3); what is
// gone is kept for its owner for two weeks. Errors: forbidden, not_found, over_quota, unavailable.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/locked.hpp"
#include "codec/mime/digest.hpp"
#include "office/bytes.hpp"
#include "office/keywords.hpp"
#include "office/mail.hpp"
#include "office/office.hpp"

namespace lockstep::office {

/// What was copied or appended in the last minutes, by anybody's session: a deletion that follows
/// is the second half of a move. Thread-safe.
class RecentCopies {
public:
    void note(const model::Collection& into, std::string_view blob, std::int64_t now_us);
    /// Whether the latest copy of these bytes went to another folder than `here`.
    [[nodiscard]] bool
    went_elsewhere(const model::Collection& here, std::string_view blob, std::int64_t now_us);

private:
    using Key = std::pair<std::int64_t, std::string>;
    struct Copy {
        std::int64_t at_us = 0;
        model::CollectionId into;
    };
    LockGuarded<std::map<Key, Copy>> copies_;
};

/// Whether \Deleted in the Inbox removes at once.
[[nodiscard]] Task<Result<bool>> expunges_at_once(Office& office, model::AccountId account);
[[nodiscard]] Task<Result<>>
set_expunges_at_once(Office& office, model::AccountId account, bool at_once);

enum class MarkMode : std::uint8_t { replace, add, remove };
struct MarkChange {
    std::vector<std::uint32_t> uids;
    MarkMode mode = MarkMode::replace;
    std::set<std::string> keywords; ///< lower case; those that are flags too ("$seen")
    bool deleted = false;           ///< model::flag::deleted is among them
    std::optional<std::int64_t> unchanged_since;
};
struct MarkResult {
    std::vector<model::Item> items;      ///< as they are now, also those that were removed by it
    std::vector<std::uint32_t> modified; ///< left alone: changed since
};
[[nodiscard]] Task<Result<MarkResult>>
mark_mails(Office& office, const Actor& actor, const Folder& folder, MarkChange change);

/// Removes those of the uids that are marked as deleted. Answers which were.
[[nodiscard]] Task<Result<std::vector<std::uint32_t>>> expunge_mails(
    Office& office, const Actor& actor, const Folder& folder, std::vector<std::uint32_t> uids,
    std::shared_ptr<RecentCopies> recent
);

/// Uids before and after, in the order of the copies.
struct Copied {
    std::vector<std::uint32_t> from;
    std::vector<std::uint32_t> to;
};
[[nodiscard]] Task<Result<Copied>> copy_mails(
    Office& office, const Actor& actor, const Folder& from, std::vector<std::uint32_t> uids,
    const Folder& to, std::shared_ptr<RecentCopies> recent
);
[[nodiscard]] Task<Result<Copied>> move_mails(
    Office& office, const Actor& actor, const Folder& from, std::vector<std::uint32_t> uids,
    const Folder& to
);

/// A message ready to be added.
struct PreparedMail {
    store::Blob blob;
    mime::Digest digest;
    std::set<std::string> keywords;
    bool deleted = false;
    std::int64_t received_us = 0; ///< 0: now
};
/// Parses what was spooled; large ones on a worker.
[[nodiscard]] Task<Result<PreparedMail>> prepare_mail(Office& office, std::shared_ptr<Spool> spool);
/// All of them or none. A client's own copy of what it just sent is recognised in Sent Messages
/// (quirk 10) and answers the uid of the copy that is there.
[[nodiscard]] Task<Result<std::vector<std::uint32_t>>> append_mails(
    Office& office, const Actor& actor, const Folder& folder, std::vector<PreparedMail> mails,
    std::shared_ptr<RecentCopies> recent
);

/// Adds a mail and removes another one for good, both or neither (a draft that is saved again).
/// Error also: not_found (the mail to be replaced is not there); unsupported (other accounts).
[[nodiscard]] Task<Result<std::uint32_t>> replace_mail(
    Office& office, const Actor& actor, const Folder& from, std::uint32_t uid, const Folder& to,
    PreparedMail mail, std::shared_ptr<RecentCopies> recent
);

} // namespace lockstep::office
