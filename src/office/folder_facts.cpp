// Facts as settings "OWNER.COLLECTION" of the scope "folder-facts"; chosen folders as
// "chosen.CLASS".
#include "office/folder_facts.hpp"

#include <fmt/format.h>

#include "base/pack.hpp"
#include "base/text.hpp"
#include "store/collections.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr const char* kFactsScope = "folder-facts";

std::string pack_facts(const FolderFacts& facts) {
    Packer out;
    out.number(facts.size());
    for (const auto& [name, value] : facts) {
        out.text(name);
        out.text(value);
    }
    return base64(out.take());
}

FolderFacts unpack_facts(std::string_view text) {
    FolderFacts facts;
    const auto bytes = unbase64(text).value_or(std::string());
    Unpacker in(bytes);
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        std::string name(in.text());
        facts[std::move(name)] = in.text();
    }
    return facts;
}

std::string chosen_name(model::ItemClass item_class) {
    return fmt::format("chosen.{}", static_cast<int>(item_class));
}

std::map<model::CollectionId, FolderFacts>
read_facts(store::Snapshot& snapshot, model::AccountId person, model::AccountId owner) {
    std::map<model::CollectionId, FolderFacts> all;
    const auto prefix = fmt::format("{}.", owner.value);
    for (const auto& [name, value] : store::list_settings(snapshot, person, kFactsScope))
        if (name.starts_with(prefix))
            if (const auto id = parse_int(std::string_view(name).substr(prefix.size())))
                all[model::CollectionId{*id}] = unpack_facts(value);
    return all;
}

Task<Result<std::map<model::CollectionId, FolderFacts>>>
facts_of(Office& office, model::AccountId person, model::AccountId owner) {
    using All = std::map<model::CollectionId, FolderFacts>;
    std::function<Result<All>(store::Snapshot&)> work = [=](store::Snapshot& snapshot
                                                        ) -> Result<All> {
        return read_facts(snapshot, person, owner);
    };
    co_return co_await office.db.read<All>(person, std::move(work));
}

/// Makes the person's devices look at a folder of its own again.
Result<> touch_folder(store::Txn& txn, const Actor& actor, model::CollectionId id) {
    const auto found = store::find_collection(txn, actor.account.id, id);
    if (!found)
        return fail(Code::not_found, "no such folder");
    return store::rename_collection(
        txn, actor.account.id, id, found->parent, found->name, actor.author
    );
}

} // namespace

std::set<model::CollectionId>
calendars_left_out(store::Snapshot& snapshot, model::AccountId owner) {
    std::set<model::CollectionId> out;
    for (const auto& [id, facts] : read_facts(snapshot, owner, owner))
        if (const auto fact = facts.find(kAvailabilityFact);
            fact != facts.end() && fact->second == kNotAvailable)
            out.insert(id);
    return out;
}

Task<Result<std::map<model::CollectionId, FolderFacts>>>
folder_facts(Office& office, const Actor& actor, const Owner& owner) {
    co_return co_await facts_of(office, actor.account.id, owner.id);
}

Task<Result<std::map<model::CollectionId, FolderFacts>>>
owner_folder_facts(Office& office, const Owner& owner) {
    co_return co_await facts_of(office, owner.id, owner.id);
}

Task<Result<>> set_folder_facts(
    Office& office, const Actor& actor, const Owner& owner, model::CollectionId id,
    FolderFacts facts
) {
    const auto folder = co_await open_folder(office, actor, owner.id, id, model::Right::read);
    if (!folder)
        co_return std::unexpected(folder.error());
    auto packed = pack_facts(facts);
    if (facts.size() > kFolderFacts || packed.size() > kFolderFactBytes)
        co_return fail(Code::too_large, "too much is set for a folder");
    std::function<Result<bool>(store::Txn&)> work =
        [&actor, id, own = folder->own, packed = std::move(packed),
         name = fmt::format("{}.{}", owner.id.value, id.value)](store::Txn& txn) -> Result<bool> {
        store::put_setting(txn, actor.account.id, kFactsScope, name, packed);
        if (own)
            CHECK_OK(touch_folder(txn, actor, id));
        return true;
    };
    const auto done = co_await office.db.write<bool>(actor.account.id, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Task<Result<model::CollectionId>>
chosen_folder(Office& office, const Actor& actor, model::ItemClass item_class) {
    using Id = model::CollectionId;
    std::function<Result<Id>(store::Snapshot&)> work =
        [account = actor.account.id, item_class](store::Snapshot& snapshot) -> Result<Id> {
        const auto set =
            store::find_setting(snapshot, account, kFactsScope, chosen_name(item_class));
        const Id id{set ? parse_int(*set).value_or(0) : 0};
        const auto there = id ? store::find_collection(snapshot, account, id) : std::nullopt;
        return there && there->item_class == item_class ? id : Id{};
    };
    co_return co_await office.db.read<Id>(actor.account.id, std::move(work));
}

Task<Result<>> choose_folder(
    Office& office, const Actor& actor, model::ItemClass item_class, model::CollectionId id
) {
    std::function<Result<bool>(store::Txn&)> work = [&actor, item_class,
                                                     id](store::Txn& txn) -> Result<bool> {
        const auto found = store::find_collection(txn, actor.account.id, id);
        if (!found || found->item_class != item_class)
            return fail(Code::not_found, "no such folder");
        store::put_setting(
            txn, actor.account.id, kFactsScope, chosen_name(item_class), fmt::format("{}", id.value)
        );
        CHECK_OK(touch_folder(txn, actor, id));
        return true;
    };
    const auto done = co_await office.db.write<bool>(actor.account.id, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

} // namespace lockstep::office
