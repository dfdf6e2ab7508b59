// ThreadMails from the table of conversations.
#include "office/threads.hpp"

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "store/items.hpp"

namespace lockstep::office {
namespace {

using ThreadMails = std::map<ConversationId, std::vector<model::ItemId>>;

std::vector<model::CollectionId> folder_ids(const std::vector<model::Collection>& collections) {
    std::vector<model::CollectionId> ids;
    for (const auto& each : collections)
        ids.push_back(each.id);
    return ids;
}

/// Readable mails, by arrival.
std::vector<model::ItemId> mails_of(
    store::Snapshot& snapshot, model::AccountId owner,
    const std::vector<model::CollectionId>& readable, ConversationId conversation
) {
    std::vector<std::pair<std::int64_t, model::ItemId>> mails;
    for (const auto id :
         mails_of_conversation(snapshot, owner, conversation, limits::kThreadMails)) {
        const auto item = store::find_item(snapshot, owner, id);
        if (item && std::ranges::find(readable, item->collection) != readable.end())
            mails.emplace_back(item->received_us, id);
    }
    std::ranges::sort(mails);
    std::vector<model::ItemId> out;
    for (const auto& [at, id] : mails)
        out.push_back(id);
    return out;
}

/// From changed mails to changed conversations.
Result<IdChanges> lift(
    store::Snapshot& snapshot, model::AccountId owner,
    const std::vector<model::CollectionId>& readable, const IdChanges& mails
) {
    const std::set<std::int64_t> created(mails.created.begin(), mails.created.end());
    std::set<ConversationId> touched;
    std::set<std::int64_t> gone;
    for (const auto& list : {mails.created, mails.updated})
        for (const auto id : list)
            touched.insert(conversation_of(snapshot, owner, model::ItemId{id}));
    for (const auto id : mails.destroyed) {
        // The first mail of a conversation names it.
        const ConversationId own{id};
        if (mails_of(snapshot, owner, readable, own).empty())
            gone.insert(id);
        else
            touched.insert(own);
    }
    IdChanges out;
    out.state = mails.state;
    for (const auto conversation : touched) {
        const auto all = mails_of(snapshot, owner, readable, conversation);
        const bool fresh =
            std::ranges::all_of(all, [&](model::ItemId id) { return created.contains(id.value); });
        (fresh ? out.created : out.updated).push_back(conversation.value);
    }
    out.destroyed.assign(gone.begin(), gone.end());
    return out;
}

} // namespace

Task<Result<ThreadMails>> read_threads(
    Office& office, const Actor& actor, const Owner& owner, std::vector<ConversationId> wanted
) {
    CO_TRY(const auto here, co_await shelf(office, actor, owner, model::ItemClass::mail));
    std::function<Result<ThreadMails>(store::Snapshot&)> work =
        [readable = folder_ids(here.collections), owner = owner.id,
         wanted = std::move(wanted)](store::Snapshot& snapshot) -> Result<ThreadMails> {
        ThreadMails threads;
        for (const auto id : wanted)
            if (auto mails = mails_of(snapshot, owner, readable, id); !mails.empty())
                threads[id] = std::move(mails);
        return threads;
    };
    co_return co_await office.db.read<ThreadMails>(owner.id, std::move(work));
}

Task<Result<IdChanges>> thread_changes(
    Office& office, const Actor& actor, const Owner& owner, model::ItemClass item_class,
    TypeState since, std::size_t most
) {
    CO_TRY(const auto here, co_await shelf(office, actor, owner, item_class));
    CO_TRY(
        auto mails,
        co_await item_changes(office, actor, owner, item_class, since, limits::kJmapChanges)
    );
    if (mails.more)
        co_return fail(Code::stale, "more changed than is told one by one");
    std::function<Result<IdChanges>(store::Snapshot&)> work =
        [readable = folder_ids(here.collections), owner = owner.id,
         mails = std::move(mails)](store::Snapshot& snapshot) {
            return lift(snapshot, owner, readable, mails);
        };
    CO_TRY(auto threads, co_await office.db.read<IdChanges>(owner.id, std::move(work)));
    if (threads.created.size() + threads.updated.size() + threads.destroyed.size() > most)
        co_return fail(Code::stale, "more changed than was asked for");
    co_return threads;
}

Task<Result<std::vector<store::ConversationCounts>>> conversation_counts(
    Office& office, const Owner& owner, std::vector<model::CollectionId> collections
) {
    using Counts = std::vector<store::ConversationCounts>;
    std::function<Result<Counts>(store::Snapshot&)> work =
        [owner = owner.id,
         collections = std::move(collections)](store::Snapshot& snapshot) -> Result<Counts> {
        Counts counts;
        for (const auto id : collections)
            counts.push_back(store::count_conversations(snapshot, owner, id));
        return counts;
    };
    co_return co_await office.db.read<Counts>(owner.id, std::move(work));
}

} // namespace lockstep::office
