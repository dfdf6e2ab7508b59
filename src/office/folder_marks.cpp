// Marks as settings "OWNER.COLLECTION" = "subscribed sort-order" of the scope "folders".
#include "office/folder_marks.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr const char* kFolderScope = "folders";

FolderMarks parse_marks(std::string_view text) {
    const auto parts = split(text, ' ');
    FolderMarks marks;
    marks.subscribed = parts[0] != "0";
    if (parts.size() > 1)
        marks.sort_order = parse_int(parts[1]);
    return marks;
}

} // namespace

Task<Result<std::map<model::CollectionId, FolderMarks>>>
folder_marks(Office& office, const Actor& actor, const Owner& owner) {
    using All = std::map<model::CollectionId, FolderMarks>;
    std::function<Result<All>(store::Snapshot&)> work =
        [account = actor.account.id, owner = owner.id](store::Snapshot& snapshot) -> Result<All> {
        All all;
        const auto prefix = fmt::format("{}.", owner.value);
        for (const auto& [name, value] : store::list_settings(snapshot, account, kFolderScope))
            if (name.starts_with(prefix))
                if (const auto id = parse_int(std::string_view(name).substr(prefix.size())))
                    all[model::CollectionId{*id}] = parse_marks(value);
        return all;
    };
    co_return co_await office.db.read<All>(actor.account.id, std::move(work));
}

Task<Result<>> mark_folder(
    Office& office, const Actor& actor, const Owner& owner, model::CollectionId id,
    FolderMarks marks
) {
    const auto folder = co_await open_folder(office, actor, owner.id, id, model::Right::read);
    if (!folder)
        co_return std::unexpected(folder.error());
    auto value = std::string(marks.subscribed ? "1" : "0");
    if (marks.sort_order)
        value += fmt::format(" {}", *marks.sort_order);
    std::function<Result<bool>(store::Txn&)> work =
        [=, account = actor.account.id, author = actor.author,
         name = fmt::format("{}.{}", owner.id.value, id.value), collection = folder->collection,
         own = folder->own](store::Txn& txn) -> Result<bool> {
        store::put_setting(txn, account, kFolderScope, name, value);
        // Other devices of the person look at the folder again.
        if (own)
            CHECK_OK(store::rename_collection(
                txn, account, id, collection.parent, collection.name, author
            ));
        return true;
    };
    const auto done = co_await office.db.write<bool>(actor.account.id, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

} // namespace lockstep::office
