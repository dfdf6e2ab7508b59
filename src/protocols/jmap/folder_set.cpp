// /set of address books, calendars, task lists and notebooks.
// Spec: RFC 9610 2.3; draft-ietf-jmap-calendars 4.3. Invariants: name, color and the like are each
// person's own; a name of an own folder without a role is the folder's, so that phones show it too.
#include <algorithm>

#include "protocols/jmap/folder_kind.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

/// What an object or patch gives, checked.
struct FolderChange {
    std::optional<std::string> name;
    office::FolderFacts set; ///< JSON texts; empty: back to the standard
};

const FactMember* fact_named(const FolderKind& kind, std::string_view name) {
    const auto found = std::ranges::find(kind.facts, name, &FactMember::name);
    return found == kind.facts.end() ? nullptr : &*found;
}

std::expected<FolderChange, MethodError>
read_folder_change(const FolderKind& kind, const json::Object& object, const json::Object* before) {
    FolderChange change;
    for (const auto& member : object) {
        const std::string_view name(member.key().data(), member.key().size());
        const auto& value = member.value();
        const auto* fact = fact_named(kind, name);
        const auto* was = before ? json::find(*before, name) : nullptr;
        if (name == "name") {
            if (!value.is_string() || value.get_string().empty() || value.get_string().size() > 255)
                return refuse_property(name, "has 1 to 255 bytes");
            change.name = json::view(value.get_string());
        } else if (name == "isSubscribed") {
            if (!value.is_bool())
                return refuse_property(name, "is neither true nor false");
            change.set["isSubscribed"] = json::write(value);
        } else if (fact != nullptr) {
            if (!value.is_null() && !fact->may_be(value))
                return refuse_property(name, "cannot have this value");
            change.set[std::string(name)] = value.is_null() ? "" : json::write(value);
        } else if (name == "shareWith" || name.starts_with("shareWith/")) {
            continue; // set_share_with
        } else if (was == nullptr || *was != value) {
            return refuse_property(name, "cannot be set");
        }
    }
    return change;
}

Task<std::optional<MethodError>> store_facts(
    Call& call, const office::Owner& owner, model::CollectionId id, office::FolderFacts set
) {
    if (set.empty())
        co_return std::nullopt;
    const auto known = co_await office::folder_facts(call.office(), call.actor(), owner);
    if (!known)
        co_return set_error(known.error());
    const auto found = known->find(id);
    auto facts = found == known->end() ? office::FolderFacts{} : found->second;
    for (auto& [name, value] : set)
        facts[name] = std::move(value);
    std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
    const auto done =
        co_await office::set_folder_facts(call.office(), call.actor(), owner, id, std::move(facts));
    if (!done)
        co_return set_error(done.error());
    co_return std::nullopt;
}

MethodError name_error(const Error& error) {
    if (error.code == Code::exists || error.code == Code::bad_value)
        return invalid_properties("name", error.text);
    return set_error(error);
}

Task<std::expected<model::CollectionId, MethodError>> create_folder_of(
    Call& call, const office::Owner& owner, const FolderKind& kind, const json::Object& object
) {
    auto change = read_folder_change(kind, object, nullptr);
    if (!change)
        co_return std::unexpected(std::move(change).error());
    if (!change->name)
        co_return refuse_property("name", "is missing");
    if (!owner.own)
        co_return refuse("forbidden", "folders are made in one's own account");
    const auto made = co_await office::create_folder(
        call.office(), call.actor(), {}, kind.item_class, *change->name
    );
    if (!made)
        co_return std::unexpected(name_error(made.error()));
    auto failed = co_await store_facts(call, owner, made->id, std::move(change->set));
    if (!failed)
        failed = co_await set_share_with(call, owner, made->id, object, kind.rights, kind.right_of);
    if (failed) {
        // A folder that is made half is not made.
        const auto gone = co_await office::remove_folder(call.office(), call.actor(), made->id);
        co_return std::unexpected(gone ? *failed : set_error(gone.error()));
    }
    co_return made->id;
}

Task<std::optional<MethodError>> update_folder_of(
    Call& call, const office::Owner& owner, const FolderKind& kind, const model::Collection& folder,
    const json::Object& shown, const json::Object& patch
) {
    auto change = read_folder_change(kind, patch, &shown);
    if (!change)
        co_return change.error();
    if (change->name && json::Value(*change->name) != shown.at("name")) {
        if (owner.own && folder.role == model::Role::none) {
            const auto done = co_await office::rename_folder(
                call.office(), call.actor(), folder.id, folder.parent, *change->name
            );
            if (!done)
                co_return name_error(done.error());
            change->set["name"] = "";
        } else {
            change->set["name"] = json::write(json::Value(*change->name));
        }
    }
    auto failed = co_await store_facts(call, owner, folder.id, std::move(change->set));
    if (failed)
        co_return failed;
    co_return co_await set_share_with(call, owner, folder.id, patch, kind.rights, kind.right_of);
}

Task<std::optional<MethodError>> destroy_folder_of(
    Call& call, const office::Owner& owner, const FolderKind& kind, const model::Collection& folder,
    bool with_contents
) {
    if (!owner.own)
        co_return MethodError{"forbidden", {}, {}};
    if (folder.total > 0 && !with_contents)
        co_return MethodError{std::string(kind.not_empty), {}, {}};
    const auto removed = co_await office::remove_folder(call.office(), call.actor(), folder.id);
    if (!removed)
        co_return set_error(removed.error());
    co_return std::nullopt;
}

struct FolderRun {
    Call& call;
    const office::Owner& owner;
    const FolderKind& kind;
    const ShownFolders& before;
    SetRequest request;
    SetResponse response;
    std::map<model::CollectionId, std::string> made; ///< creation ids
    bool failed = false;

    [[nodiscard]] std::size_t index_of(std::string_view id) const {
        const auto wanted = parse_collection_id(id).value_or(model::CollectionId{});
        const auto at = std::ranges::find(before.collections, wanted, &model::Collection::id);
        return static_cast<std::size_t>(at - before.collections.begin());
    }
};

Task<void> run_folder_creates(FolderRun& run) {
    for (const auto& [key, object] : run.request.create) {
        const auto made = co_await create_folder_of(run.call, run.owner, run.kind, object);
        if (made) {
            run.call.session.created[key] = collection_id(*made);
            run.made[*made] = key;
        } else {
            run.response.not_created[key] = to_json(made.error());
            run.failed = true;
        }
    }
}

Task<void> run_folder_updates(FolderRun& run) {
    for (const auto& [id, patch] : run.request.update) {
        const auto& shown = run.request.shown.at(id);
        const auto at = run.index_of(id);
        std::optional<MethodError> failed;
        if (at == run.before.collections.size())
            failed = MethodError{"notFound", {}, {}};
        else if (run.request.destroys(id))
            failed = MethodError{"willDestroy", {}, {}};
        else
            failed = co_await update_folder_of(
                run.call, run.owner, run.kind, run.before.collections[at], run.before.objects[at],
                patch
            );
        if (failed)
            run.response.not_updated[shown] = to_json(*failed);
        else
            run.response.updated[shown] = nullptr;
        run.failed = run.failed || failed;
    }
}

Task<void> run_folder_destroys(FolderRun& run, bool with_contents) {
    for (const auto& id : run.request.destroy) {
        const auto at = run.index_of(id);
        std::optional<MethodError> failed = MethodError{"notFound", {}, {}};
        if (at != run.before.collections.size())
            failed = co_await destroy_folder_of(
                run.call, run.owner, run.kind, run.before.collections[at], with_contents
            );
        if (failed)
            run.response.not_destroyed[run.request.shown.at(id)] = to_json(*failed);
        else
            run.response.destroyed.emplace_back(run.request.shown.at(id));
        run.failed = run.failed || failed;
    }
}

/// Tells what was made, and whose default changed.
void tell_folders(FolderRun& run, const ShownFolders& after) {
    for (std::size_t i = 0; i < after.collections.size(); ++i) {
        const auto id = after.collections[i].id;
        if (const auto made = run.made.find(id); made != run.made.end()) {
            auto news = after.objects[i];
            const auto* given =
                &std::ranges::find(
                     run.request.create, made->second, &std::pair<std::string, json::Object>::first
                )
                     ->second;
            for (const auto& member : *given)
                if (const auto* now = news.if_contains(member.key()); now && *now == member.value())
                    news.erase(member.key());
            run.response.created[made->second] = std::move(news);
            continue;
        }
        const auto at = run.index_of(collection_id(id));
        if (at < run.before.objects.size() &&
            run.before.objects[at].at("isDefault") != after.objects[i].at("isDefault"))
            run.response.updated[collection_id(id)] =
                json::Object{{"isDefault", after.objects[i].at("isDefault")}};
    }
}

} // namespace

Task<Outcome> set_folders(Call& call, const json::Object& object, const FolderKind& kind) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_set(call, arguments);
    const bool with_contents = arguments.truth(kind.destroy_argument).value_or(false);
    const auto chosen = arguments.text("onSuccessSetIsDefault");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    auto before = co_await show_folders(call, *owner, kind);
    if (!before)
        co_return std::unexpected(std::move(before).error());
    FolderRun run{call, *owner, kind, *before, std::move(*request), {}, {}};
    run.response.account = account_id(owner->id);
    run.response.old_state = before->state;
    if (run.request.if_in_state && *run.request.if_in_state != before->state)
        co_return refuse("stateMismatch");
    co_await run_folder_creates(run);
    co_await run_folder_updates(run);
    co_await run_folder_destroys(run, with_contents);
    if (chosen && !run.failed && owner->own) {
        const auto id = parse_collection_id(call.resolve(*chosen));
        // A folder that is not there leaves the default as it is, says the RFC.
        if (id) {
            const auto set =
                co_await office::choose_folder(call.office(), call.actor(), kind.item_class, *id);
            if (!set && set.error().code != Code::not_found)
                co_return std::unexpected(method_error(set.error()));
        }
    }
    const auto after = co_await show_folders(call, *owner, kind);
    if (!after)
        co_return std::unexpected(after.error());
    tell_folders(run, *after);
    co_return run.response.take(after->state);
}

} // namespace lockstep::jmap
