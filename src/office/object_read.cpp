// Visits objects in steps of one store job each.
#include "office/object_read.hpp"

#include <algorithm>
#include <span>

#include "office/changes.hpp"
#include "store/blobs.hpp"
#include "store/change_rows.hpp"

namespace lockstep::office {
namespace {

constexpr std::size_t kObjectStep = 100; ///< objects read in one job

Result<> visit_objects_step(
    store::Snapshot& snapshot, store::BlobFiles& files, const Owner& owner,
    model::ItemClass item_class, std::span<const model::ItemId> ids,
    const std::function<void(ObjectRecord)>& visit
) {
    for (const auto id : ids) {
        auto item = store::find_item(snapshot, owner.id, id);
        if (!item || item->item_class != item_class || !owner.sees(item->collection))
            continue;
        ObjectRecord record;
        TRY(record.bytes, store::read_blob(snapshot, files, owner.id, item->blob));
        record.item = std::move(*item);
        visit(std::move(record));
    }
    return {};
}

/// Ids of one folder's objects in the range.
void list_folder(
    store::Snapshot& snapshot, const model::Collection& folder, const ObjectRange& range,
    std::size_t most, std::vector<model::ItemId>& ids
) {
    if (range.low == model::kEver && range.high == model::kForever) {
        for (const auto& row :
             store::changed_rows(snapshot, folder.owner, folder.id, {}, most - ids.size()))
            ids.push_back(row.id);
        return;
    }
    const store::EdgePlace from{range.low, 0};
    const store::EdgePlace to{model::kForever, store::kLastUid};
    for (const auto& item : store::items_between(
             snapshot, folder.owner, folder.id, store::Edge::high, from, to, true, most - ids.size()
         ))
        if (item.window.low < range.high)
            ids.push_back(item.id);
}

} // namespace

Task<Result<>> visit_objects(
    Office& office, const Actor& /*actor*/, const Owner& owner, model::ItemClass item_class,
    std::vector<model::ItemId> ids, std::function<void(ObjectRecord)> visit
) {
    for (std::size_t at = 0; at < ids.size(); at += kObjectStep) {
        std::function<Result<bool>(store::Snapshot&)> work = [&, at](store::Snapshot& snapshot
                                                             ) -> Result<bool> {
            const auto some = std::span(ids).subspan(at, std::min(kObjectStep, ids.size() - at));
            CHECK_OK(visit_objects_step(snapshot, office.files, owner, item_class, some, visit));
            return true;
        };
        const auto done = co_await office.db.read<bool>(owner.id, std::move(work));
        if (!done)
            co_return std::unexpected(done.error());
    }
    co_return Result<>();
}

Task<Result<std::vector<model::ItemId>>> list_objects(
    Office& office, const Actor& /*actor*/, const Owner& owner, model::ItemClass item_class,
    ObjectRange range, std::size_t most
) {
    using Ids = std::vector<model::ItemId>;
    std::function<Result<Ids>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                        ) -> Result<Ids> {
        TRY(const auto here, shelf_now(snapshot, owner, item_class));
        Ids ids;
        for (const auto& folder : here.collections)
            if ((!range.folder || folder.id == range.folder) && ids.size() < most)
                list_folder(snapshot, folder, range, most, ids);
        return ids;
    };
    co_return co_await office.db.read<Ids>(owner.id, std::move(work));
}

Task<Result<model::ItemId>> find_object(
    Office& office, const Actor& /*actor*/, const Owner& owner, model::ItemClass item_class,
    std::string uid
) {
    std::function<Result<model::ItemId>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                                  ) -> Result<model::ItemId> {
        TRY(const auto here, shelf_now(snapshot, owner, item_class));
        for (const auto& folder : here.collections)
            if (const auto item = store::find_by_uid_text(snapshot, owner.id, folder.id, uid))
                return item->id;
        return model::ItemId{};
    };
    co_return co_await office.db.read<model::ItemId>(owner.id, std::move(work));
}

} // namespace lockstep::office
