// What a door that shows whole folders reads: uids, changes since a commit, and messages in batches
// with their descriptions and bytes.
// Spec: docs/store.md (cursors). Invariants: every answer is one snapshot; memory is bounded by the
// batch, save for one message that is larger than it. Errors: not_found (the folder is gone),
// corrupt, unavailable.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/imap/structure.hpp"
#include "codec/mime/digest.hpp"
#include "office/office.hpp"
#include "store/conversations.hpp"

namespace lockstep::office {

struct FolderImage {
    model::Collection collection;
    model::ChangeSeq now;            ///< everything up to it is in the image
    std::vector<std::uint32_t> uids; ///< ascending
    std::uint32_t first_unseen = 0;  ///< uid; 0: none
};
[[nodiscard]] Task<Result<FolderImage>> read_folder(Office& office, const Folder& folder);

struct FolderChanges {
    model::Collection collection;
    model::ChangeSeq now;
    std::vector<model::Item> changed; ///< by uid, ascending; new ones among them
    std::vector<std::uint32_t> removed;
    /// Set when removals before `since` may have been forgotten: every uid that is there.
    std::optional<std::vector<std::uint32_t>> all;
};
[[nodiscard]] Task<Result<FolderChanges>>
folder_changes(Office& office, const Folder& folder, model::ChangeSeq since);

/// What is wanted of messages beside their rows.
struct MailWanted {
    bool description = false;
    bool digest = false;
    bool conversation = false;
    std::uint64_t bytes_most = 0; ///< whole messages of at most so many bytes
};
struct MailRead {
    model::Item item;
    imap::Structure description;
    mime::Digest digest;
    store::ConversationId conversation; ///< none: it was not looked at yet
    std::string bytes;
};
struct MailBatch {
    std::vector<MailRead> mails; ///< those of the uids that are there
    std::size_t consumed = 0;    ///< of the uids
};
/// The first of `uids` (ascending), as many as fit a batch; one at least.
[[nodiscard]] Task<Result<MailBatch>> read_mails(
    Office& office, const Folder& folder, std::vector<std::uint32_t> uids, MailWanted wanted
);
/// A range of a message's bytes.
[[nodiscard]] Task<Result<std::string>> read_mail_bytes(
    Office& office, const model::Item& item, std::uint64_t offset, std::uint64_t length
);

/// Bytes used of the account, and its quota (0: none).
struct Usage {
    std::int64_t used = 0;
    std::int64_t quota = 0;
};
[[nodiscard]] Task<Result<Usage>> usage(Office& office, const Folder& folder);
/// Sum of sizes, and the number of messages marked as deleted.
struct FolderSums {
    std::int64_t size = 0;
    std::int64_t deleted = 0;
};
[[nodiscard]] Task<Result<FolderSums>> folder_sums(Office& office, const Folder& folder);

} // namespace lockstep::office
