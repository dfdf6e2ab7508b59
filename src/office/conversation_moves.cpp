// Moving conversations, and where they were moved to.
#include "office/conversation_moves.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "office/mail.hpp"
#include "store/collections.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

using model::Role;

const std::string kHomes = "conversations";
constexpr std::size_t kMostHomes = 1'000; ///< kept of one account
constexpr std::size_t kHomePage = 500;    ///< items read at once

bool stays_where_it_is(Role role) {
    return role == Role::drafts || role == Role::outbox || role == Role::sent ||
           role == Role::trash || role == Role::junk;
}

/// "COLLECTION TIME", the oldest making room for a new one.
void keep_home(
    store::Txn& txn, model::AccountId account, const std::string& name, model::CollectionId home,
    std::int64_t now_us
) {
    const auto kept = store::list_settings(txn, account, kHomes);
    if (kept.size() >= kMostHomes) {
        const auto time = [](const auto& entry) {
            const auto blank = entry.second.find(' ');
            return parse_int(std::string_view(entry.second).substr(blank + 1)).value_or(0);
        };
        const auto oldest = std::ranges::min_element(kept, {}, time);
        store::drop_setting(txn, account, kHomes, oldest->first);
    }
    store::put_setting(txn, account, kHomes, name, fmt::format("{} {}", home.value, now_us));
}

/// The uids of a collection's mails of the conversation.
std::vector<model::Uid>
uids_of(store::Snapshot& snapshot, const model::Collection& folder, const std::string& key) {
    std::vector<model::Uid> found;
    model::Uid below{store::kLastUid};
    for (bool more = true; more;) {
        const auto page =
            store::changed_items(snapshot, folder.owner, folder.id, {}, below, kHomePage);
        more = page.size() == kHomePage;
        for (const auto& item : page) {
            below = item.uid;
            const auto digest = mime::decode(store::find_digest(snapshot, item.owner, item.id));
            if (digest && conversation_key(*digest) == key)
                found.push_back(item.uid);
        }
    }
    return found;
}

/// What is to be moved, found outside of the writer's thread.
struct Found {
    std::vector<std::pair<model::Collection, std::vector<model::Uid>>> folders;
    std::size_t total = 0;
};

Result<Found> find_conversation(
    store::Snapshot& snapshot, model::AccountId account, const std::string& key,
    model::CollectionId target
) {
    Found found;
    for (auto& folder : store::list_collections(snapshot, account)) {
        if (folder.item_class != model::ItemClass::mail || stays_where_it_is(folder.role))
            continue;
        auto uids = uids_of(snapshot, folder, key);
        found.total += uids.size();
        if (!uids.empty() && folder.id != target)
            found.folders.emplace_back(std::move(folder), std::move(uids));
    }
    return found;
}

} // namespace

std::string conversation_key(const mime::Digest& digest) {
    const std::string& root = !digest.references.empty()    ? digest.references.front()
                              : !digest.in_reply_to.empty() ? digest.in_reply_to.front()
                              : !digest.message_id.empty()  ? digest.message_id
                                                            : digest.subject;
    return std::string(blake2b256(root).raw().substr(0, 16));
}

Task<Result<std::size_t>>
move_conversation(Office& office, const Actor& actor, std::string key, Folder target) {
    const auto account = actor.account.id;
    std::function<Result<Found>(store::Snapshot&)> look =
        [=, id = target.collection.id](store::Snapshot& snapshot) {
            return find_conversation(snapshot, account, key, id);
        };
    CO_TRY(const auto found, co_await office.db.read<Found>(account, std::move(look)));
    if (found.total == 0)
        co_return fail(Code::not_found, "no mail of this conversation");
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        // Not in the device's name: it is told of everything that moves.
        const Actor server{actor.account, {}};
        for (const auto& [folder, uids] : found.folders) {
            const Folder from{.collection = folder, .right = model::Right::own};
            for (const auto uid : uids) {
                const auto item = store::find_item(txn, account, folder.id, uid);
                if (!item)
                    continue;
                const auto moved = move_mail(txn, server, from, *item, target);
                if (!moved)
                    return std::unexpected(moved.error());
            }
        }
        keep_home(txn, account, hex(key), target.collection.id, office.clock.now_us());
        return true;
    };
    const auto done = co_await office.db.write<bool>(account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return found.total;
}

std::optional<model::Collection>
conversation_home(store::Snapshot& snapshot, model::AccountId account, const mime::Digest& digest) {
    const auto kept = store::find_setting(snapshot, account, kHomes, hex(conversation_key(digest)));
    if (!kept)
        return std::nullopt;
    const auto id = parse_int(std::string_view(*kept).substr(0, kept->find(' ')));
    if (!id)
        return std::nullopt;
    auto folder = store::find_collection(snapshot, account, model::CollectionId{*id});
    if (!folder || folder->item_class != model::ItemClass::mail)
        return std::nullopt;
    return folder;
}

} // namespace lockstep::office
