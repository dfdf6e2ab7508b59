// Visits mails in steps of one store job each.
#include "office/mail_read.hpp"

#include "office/changes.hpp"
#include "store/blobs.hpp"
#include "store/change_rows.hpp"

namespace lockstep::office {
namespace {

constexpr std::size_t kStep = 50; ///< mails read in one job

Result<> visit_step(
    store::Snapshot& snapshot, store::BlobFiles& files, model::AccountId owner,
    const std::vector<model::CollectionId>& readable, std::span<const model::ItemId> ids,
    bool with_bytes, const std::function<void(MailRecord)>& visit
) {
    for (const auto id : ids) {
        auto item = store::find_item(snapshot, owner, id);
        if (!item || item->item_class != model::ItemClass::mail ||
            std::ranges::find(readable, item->collection) == readable.end())
            continue;
        MailRecord record;
        TRY(record.digest, mime::decode(store::find_digest(snapshot, owner, id)));
        record.conversation = conversation_of(snapshot, owner, id);
        if (with_bytes) {
            TRY(record.bytes, store::read_blob(snapshot, files, owner, item->blob));
        }
        record.item = std::move(*item);
        visit(std::move(record));
    }
    return {};
}

} // namespace

Task<Result<>> visit_mails(
    Office& office, const Actor& actor, const Owner& owner, std::vector<model::ItemId> ids,
    bool with_bytes, std::function<void(MailRecord)> visit
) {
    CO_TRY(const auto here, co_await shelf(office, actor, owner, model::ItemClass::mail));
    std::vector<model::CollectionId> readable;
    for (const auto& each : here.collections)
        readable.push_back(each.id);
    for (std::size_t at = 0; at < ids.size(); at += kStep) {
        std::function<Result<bool>(store::Snapshot&)> work = [&, at](store::Snapshot& snapshot
                                                             ) -> Result<bool> {
            const auto some = std::span(ids).subspan(at, std::min(kStep, ids.size() - at));
            CHECK_OK(visit_step(snapshot, office.files, owner.id, readable, some, with_bytes, visit)
            );
            return true;
        };
        const auto done = co_await office.db.read<bool>(owner.id, std::move(work));
        if (!done)
            co_return std::unexpected(done.error());
    }
    co_return Result<>();
}

Task<Result<std::vector<model::ItemId>>>
all_mail(Office& office, const Actor& actor, const Owner& owner, std::size_t most) {
    CO_TRY(const auto here, co_await shelf(office, actor, owner, model::ItemClass::mail));
    std::function<Result<std::vector<model::ItemId>>(store::Snapshot&)> work =
        [&](store::Snapshot& snapshot) -> Result<std::vector<model::ItemId>> {
        std::vector<model::ItemId> ids;
        for (const auto& each : here.collections)
            for (const auto& row :
                 store::changed_rows(snapshot, owner.id, each.id, {}, most - ids.size()))
                ids.push_back(row.id);
        return ids;
    };
    co_return co_await office.db.read<std::vector<model::ItemId>>(owner.id, std::move(work));
}

} // namespace lockstep::office
