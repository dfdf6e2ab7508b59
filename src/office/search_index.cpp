// Read what is due, make the texts, write them: three jobs a batch.
#include "office/search_index.hpp"

#include "base/limits.hpp"
#include "office/conversations.hpp"
#include "office/search_text.hpp"
#include "store/blobs.hpp"
#include "store/items.hpp"

namespace lockstep::office {
namespace {

using store::Snapshot;
using store::Txn;

struct DueWork {
    store::DueItem due;
    std::string blob; ///< the body that the text was made of; empty: the item is gone
    store::SearchText text;
};

struct Batch {
    std::vector<DueWork> work;
    bool more = false;
};

/// Texts are made here, on a reader's thread: they need the blobs, which may lie in the file.
Batch gather(Snapshot& snapshot, Office& office) {
    Batch batch;
    const auto due = store::due_for_search(snapshot, limits::kIndexBatch);
    batch.more = due.size() == limits::kIndexBatch;
    std::size_t bytes = 0;
    for (const auto& each : due) {
        if (bytes > limits::kIndexBatchBytes) {
            batch.more = true;
            break;
        }
        DueWork work{each, {}, {}};
        if (const auto item = store::find_item(snapshot, each.account, each.item)) {
            work.blob = item->blob;
            work.text = search_text_of(snapshot, office, *item);
            bytes += work.text.header.size() + work.text.body.size();
        }
        batch.work.push_back(std::move(work));
    }
    return batch;
}

/// False: the item changed meanwhile and stays due.
bool settle(Txn& txn, const DueWork& work) {
    const auto item = store::find_item(txn, work.due.account, work.due.item);
    if (!item) {
        store::drop_search_text(txn, work.due.account, work.due.item);
        return true;
    }
    if (item->blob != work.blob)
        return false;
    store::put_search_text(txn, item->owner, item->id, work.text);
    if (item->item_class == model::ItemClass::mail)
        if (const auto digest = mime::decode(store::find_digest(txn, item->owner, item->id)))
            catch_up_conversation(txn, item->owner, item->id, *digest);
    return true;
}

} // namespace

Task<Result<IndexStep>> index_some(Office& office, int shard) {
    std::function<Result<Batch>(Snapshot&)> read = [&office](Snapshot& snapshot) -> Result<Batch> {
        return gather(snapshot, office);
    };
    CO_TRY(auto batch, co_await office.db.read<Batch>(store::Plane{shard}, std::move(read)));
    if (batch.work.empty())
        co_return IndexStep{};
    const auto shared = std::make_shared<const Batch>(std::move(batch));
    std::function<Result<std::size_t>(Txn&)> write = [shared](Txn& txn) -> Result<std::size_t> {
        std::size_t done = 0;
        for (const auto& work : shared->work)
            done += settle(txn, work) ? 1 : 0;
        return done;
    };
    CO_TRY(
        const auto done,
        co_await office.db.write<std::size_t>(store::Plane{shard}, std::move(write))
    );
    co_return IndexStep{done, shared->more || done < shared->work.size()};
}

Task<Result<std::size_t>> index_all(Office& office, const std::atomic<bool>* stopping) {
    std::size_t total = 0;
    for (int shard = 0; shard < office.db.engine().shards(); ++shard) {
        for (bool more = true; more;) {
            if (stopping != nullptr && *stopping)
                co_return fail(Code::closed, "stopping");
            CO_TRY(const auto step, co_await index_some(office, shard));
            total += step.done;
            more = step.more;
        }
    }
    co_return total;
}

Task<Result<std::size_t>> reindex(Office& office, model::AccountId account) {
    std::function<Result<std::size_t>(Txn&)> work = [account](Txn& txn) -> Result<std::size_t> {
        store::mark_all_for_search(txn, account);
        return store::due_for_search(txn, account, SIZE_MAX >> 1U).size();
    };
    co_return co_await office.db.write<std::size_t>(account, std::move(work));
}

} // namespace lockstep::office
