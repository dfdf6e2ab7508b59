// Annotations as settings: base64 values of the scopes "note:..." of the account that holds them.
#include "office/annotations.hpp"

#include <fmt/format.h>

#include "base/limits_annotations.hpp"
#include "base/text.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr std::string_view kShared = "/shared/";
constexpr std::string_view kPrivate = "/private/";

/// Where annotations of one kind stand.
struct AnnotationShelf {
    model::AccountId account;
    std::string scope;
};

std::string private_scope(model::AccountId owner, model::CollectionId folder) {
    return fmt::format("note:{}.{}", owner.value, folder.value);
}

std::string shared_scope(model::CollectionId folder) {
    return fmt::format("note:shared.{}", folder.value);
}

AnnotationShelf private_shelf(const Actor& actor, const Folder* folder) {
    if (folder == nullptr)
        return {actor.account.id, "note:account"};
    return {actor.account.id, private_scope(folder->collection.owner, folder->collection.id)};
}

AnnotationShelf shared_shelf(const Folder& folder) {
    return {folder.collection.owner, shared_scope(folder.collection.id)};
}

using Notes = std::map<std::string, std::string>;

Task<Result<Notes>> read_shelf(Office& office, AnnotationShelf shelf) {
    std::function<Result<Notes>(store::Snapshot&)> work = [shelf](store::Snapshot& snapshot
                                                          ) -> Result<Notes> {
        Notes notes;
        for (const auto& [name, value] :
             store::list_settings(snapshot, shelf.account, shelf.scope)) {
            TRY(auto bytes, unbase64(value));
            notes[name] = std::move(bytes);
        }
        return notes;
    };
    co_return co_await office.db.read<Notes>(shelf.account, std::move(work));
}

using Changes = std::vector<std::pair<std::string, std::optional<std::string>>>;

Task<Result<>> write_shelf(Office& office, AnnotationShelf shelf, Changes changes) {
    if (changes.empty())
        co_return Result<>();
    std::function<Result<bool>(store::Txn&)> work =
        [shelf, changes = std::move(changes)](store::Txn& txn) -> Result<bool> {
        for (const auto& [name, value] : changes) {
            if (value)
                store::put_setting(txn, shelf.account, shelf.scope, name, base64(*value));
            else
                store::drop_setting(txn, shelf.account, shelf.scope, name);
        }
        if (store::list_settings(txn, shelf.account, shelf.scope).size() > limits::kAnnotations)
            return fail(Code::over_quota, "too many annotations");
        return true;
    };
    const auto done = co_await office.db.write<bool>(shelf.account, std::move(work));
    CO_CHECK_OK(done);
    co_return Result<>();
}

Result<> check_change(const std::string& name, const std::optional<std::string>& value) {
    if (name.size() > limits::kAnnotationName ||
        (!name.starts_with(kShared) && !name.starts_with(kPrivate)))
        return fail(Code::bad_value, "not the name of an annotation");
    if (value && value->size() > limits::kAnnotationBytes)
        return fail(Code::too_large, "the value of an annotation is too large");
    return {};
}

} // namespace

Task<Result<Notes>> annotations(Office& office, const Actor& actor, const Folder* folder) {
    if (folder != nullptr && !folder->may(model::Right::read))
        co_return fail(Code::forbidden, "this folder may not be read");
    CO_TRY(auto notes, co_await read_shelf(office, private_shelf(actor, folder)));
    if (folder != nullptr) {
        CO_TRY(auto shared, co_await read_shelf(office, shared_shelf(*folder)));
        notes.merge(shared);
    }
    co_return notes;
}

Task<Result<>> annotate(Office& office, const Actor& actor, const Folder* folder, Changes changes) {
    Changes own, shared;
    for (auto& change : changes) {
        CO_CHECK_OK(check_change(change.first, change.second));
        (change.first.starts_with(kShared) ? shared : own).push_back(std::move(change));
    }
    if (!shared.empty() && (folder == nullptr || !folder->may(model::Right::edit)))
        co_return fail(Code::forbidden, "shared annotations may not be changed");
    if (folder != nullptr && !folder->may(model::Right::read))
        co_return fail(Code::forbidden, "this folder may not be read");
    if (!shared.empty()) {
        const auto done = co_await write_shelf(office, shared_shelf(*folder), std::move(shared));
        CO_CHECK_OK(done);
    }
    co_return co_await write_shelf(office, private_shelf(actor, folder), std::move(own));
}

void drop_annotations(store::Txn& txn, model::AccountId owner, model::CollectionId folder) {
    store::drop_settings(txn, owner, private_scope(owner, folder));
    store::drop_settings(txn, owner, shared_scope(folder));
}

} // namespace lockstep::office
