// Reads folders and messages.
#include "office/mail_view.hpp"

#include <algorithm>

#include "base/limits_imap.hpp"
#include "store/collections.hpp"
#include "store/mail_rows.hpp"

namespace lockstep::office {
namespace {

using model::ChangeSeq;
using store::Snapshot;

constexpr std::size_t kPage = 10'000; ///< changed rows read at once

Result<model::Collection> current(Snapshot& snapshot, const model::Collection& known) {
    auto found = store::find_collection(snapshot, known.owner, known.id);
    if (!found)
        return fail(Code::not_found, "the folder is gone");
    return std::move(*found);
}

std::vector<model::Item>
all_changed(Snapshot& snapshot, const model::Collection& folder, ChangeSeq since) {
    std::vector<model::Item> all;
    model::Uid below{store::kLastUid};
    for (;;) {
        auto page = store::changed_items(snapshot, folder.owner, folder.id, since, below, kPage);
        const bool last = page.size() < kPage;
        if (!page.empty())
            below = page.back().uid;
        std::ranges::move(page, std::back_inserter(all));
        if (last)
            break;
    }
    std::ranges::reverse(all);
    return all;
}

std::vector<std::uint32_t>
all_removed(Snapshot& snapshot, const model::Collection& folder, ChangeSeq since) {
    std::vector<std::uint32_t> all;
    store::Cursor after{since, model::Uid{store::kLastUid}};
    for (;;) {
        const auto page = store::removed_items(snapshot, folder.owner, folder.id, after, kPage);
        for (const auto& each : page)
            all.push_back(static_cast<std::uint32_t>(each.uid.value));
        if (page.size() < kPage)
            return all;
        after = {page.back().modseq, page.back().uid};
    }
}

imap::Structure to_structure(store::Description description) {
    return {
        std::move(description.envelope), std::move(description.body),
        std::move(description.structure)
    };
}

/// One batch on a database thread. Descriptions that were missing are made and listed in `fresh`.
class BatchReader {
public:
    BatchReader(
        Office& office, model::Collection folder, std::vector<std::uint32_t> uids, MailWanted wanted
    )
        : office_(office), folder_(std::move(folder)), uids_(std::move(uids)), wanted_(wanted) {}

    Result<MailBatch> run(Snapshot& snapshot) {
        MailBatch batch;
        std::size_t held = 0;
        while (batch.consumed < uids_.size() && batch.mails.size() < limits::kImapBatch &&
               held < limits::kImapBatchBytes) {
            // A run of neighbours is one range scan; holes of removed mail cost nothing.
            const auto from = uids_[batch.consumed];
            const auto rows = store::items_in(
                snapshot, folder_.owner, folder_.id, from, uids_.back(), wanted_.description,
                limits::kImapBatch
            );
            for (const auto& row : rows) {
                const auto uid = static_cast<std::uint32_t>(row.item.uid.value);
                while (batch.consumed < uids_.size() && uids_[batch.consumed] < uid)
                    ++batch.consumed;
                if (batch.consumed == uids_.size() || batch.mails.size() >= limits::kImapBatch ||
                    held >= limits::kImapBatchBytes)
                    return batch;
                if (uids_[batch.consumed] != uid)
                    continue;
                TRY(auto mail, read_one(snapshot, row));
                held += mail.bytes.size() + mail.description.structure.size();
                batch.mails.push_back(std::move(mail));
                ++batch.consumed;
            }
            if (rows.size() < limits::kImapBatch)
                batch.consumed = uids_.size();
        }
        return batch;
    }

    std::vector<std::pair<model::Item, store::Description>> fresh;

private:
    Result<MailRead> read_one(Snapshot& snapshot, const store::DescribedItem& row) {
        MailRead mail;
        mail.item = row.item;
        const bool describe = wanted_.description && !row.description;
        const bool whole = static_cast<std::uint64_t>(row.item.size) <= wanted_.bytes_most;
        if (whole || describe) {
            auto bytes = store::read_blob(snapshot, office_.files, folder_.owner, row.item.blob);
            if (!bytes)
                return std::unexpected(std::move(bytes).error());
            mail.bytes = std::move(*bytes);
        }
        if (row.description)
            mail.description = to_structure(*row.description);
        if (describe) {
            mail.description = imap::make_structure(mime::parse(mail.bytes));
            fresh.emplace_back(
                row.item,
                store::Description{
                    mail.description.envelope, mail.description.body, mail.description.structure
                }
            );
            if (!whole)
                mail.bytes.clear();
        }
        if (wanted_.conversation)
            mail.conversation = store::conversation_of(snapshot, folder_.owner, row.item.id);
        if (wanted_.digest) {
            auto digest = mime::decode(store::find_digest(snapshot, folder_.owner, row.item.id));
            if (digest)
                mail.digest = std::move(*digest);
        }
        return mail;
    }

    Office& office_;
    const model::Collection folder_;
    const std::vector<std::uint32_t> uids_;
    const MailWanted wanted_;
};

} // namespace

Task<Result<FolderImage>> read_folder(Office& office, const Folder& folder) {
    std::function<Result<FolderImage>(Snapshot&)> work =
        [known = folder.collection](Snapshot& snapshot) -> Result<FolderImage> {
        FolderImage image;
        TRY(image.collection, current(snapshot, known));
        const auto state = store::account_state(snapshot, known.owner);
        if (!state)
            return fail(Code::not_found, "the owner is gone");
        image.now = state->modseq;
        image.uids = store::list_uids(snapshot, known.owner, known.id);
        image.first_unseen = store::first_unseen(snapshot, known.owner, known.id);
        return image;
    };
    co_return co_await office.db.read<FolderImage>(folder.collection.owner, std::move(work));
}

Task<Result<FolderChanges>> folder_changes(Office& office, const Folder& folder, ChangeSeq since) {
    std::function<Result<FolderChanges>(Snapshot&)> work =
        [known = folder.collection, since](Snapshot& snapshot) -> Result<FolderChanges> {
        FolderChanges changes;
        TRY(changes.collection, current(snapshot, known));
        const auto state = store::account_state(snapshot, known.owner);
        if (!state)
            return fail(Code::not_found, "the owner is gone");
        changes.now = state->modseq;
        if (changes.collection.highest <= since)
            return changes;
        changes.changed = all_changed(snapshot, known, since);
        if (since < state->floor)
            changes.all = store::list_uids(snapshot, known.owner, known.id);
        else
            changes.removed = all_removed(snapshot, known, since);
        return changes;
    };
    co_return co_await office.db.read<FolderChanges>(folder.collection.owner, std::move(work));
}

Task<Result<MailBatch>> read_mails(
    Office& office, const Folder& folder, std::vector<std::uint32_t> uids, MailWanted wanted
) {
    const auto reader =
        std::make_shared<BatchReader>(office, folder.collection, std::move(uids), wanted);
    std::function<Result<MailBatch>(Snapshot&)> work = [reader](Snapshot& snapshot) {
        return reader->run(snapshot);
    };
    auto batch = co_await office.db.read<MailBatch>(folder.collection.owner, std::move(work));
    if (!batch || reader->fresh.empty())
        co_return batch;
    std::function<Result<bool>(store::Txn&)> keep = [reader](store::Txn& txn) -> Result<bool> {
        for (const auto& [item, description] : reader->fresh)
            if (store::find_item(txn, item.owner, item.id))
                store::put_description(txn, item, description);
        return true;
    };
    // A description that cannot be kept is made again the next time.
    const auto kept = co_await office.db.write<bool>(folder.collection.owner, std::move(keep));
    (void)kept;
    co_return batch;
}

Task<Result<std::string>> read_mail_bytes(
    Office& office, const model::Item& item, std::uint64_t offset, std::uint64_t length
) {
    std::function<Result<std::string>(Snapshot&)> work = [&files = office.files, owner = item.owner,
                                                          blob = item.blob, offset,
                                                          length](Snapshot& snapshot) {
        return store::read_blob(snapshot, files, owner, blob, offset, length);
    };
    co_return co_await office.db.read<std::string>(item.owner, std::move(work));
}

Task<Result<Usage>> usage(Office& office, const Folder& folder) {
    std::function<Result<Usage>(Snapshot&)> work = [owner = folder.collection.owner,
                                                    quota = folder.quota_bytes](Snapshot& snapshot
                                                   ) -> Result<Usage> {
        const auto state = store::account_state(snapshot, owner);
        if (!state)
            return fail(Code::not_found, "the owner is gone");
        return Usage{state->used_bytes, quota};
    };
    co_return co_await office.db.read<Usage>(folder.collection.owner, std::move(work));
}

Task<Result<FolderSums>> folder_sums(Office& office, const Folder& folder) {
    std::function<Result<FolderSums>(Snapshot&)> work =
        [known = folder.collection](Snapshot& snapshot) -> Result<FolderSums> {
        const auto sums = store::sums_of(snapshot, known.owner, known.id);
        return FolderSums{sums.size, sums.deleted};
    };
    co_return co_await office.db.read<FolderSums>(folder.collection.owner, std::move(work));
}

} // namespace lockstep::office
