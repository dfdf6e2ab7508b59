// /get and /changes of address books, calendars, task lists and notebooks.
// Spec: RFC 9610 2.1, 2.2.
#include "protocols/jmap/folder_kind.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

using FactMap = std::map<model::CollectionId, office::FolderFacts>;

std::optional<json::Value>
fact_of(const FactMap& facts, model::CollectionId folder, std::string_view name) {
    const auto found = facts.find(folder);
    if (found == facts.end())
        return std::nullopt;
    const auto value = found->second.find(name);
    if (value == found->second.end())
        return std::nullopt;
    auto parsed = json::parse(value->second);
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

model::Role role_of(model::ItemClass item_class) {
    switch (item_class) {
    case model::ItemClass::event:
        return model::Role::calendar;
    case model::ItemClass::contact:
        return model::Role::contacts;
    case model::ItemClass::todo:
        return model::Role::todos;
    case model::ItemClass::note:
        return model::Role::notes;
    case model::ItemClass::mail:
        break;
    }
    return model::Role::inbox;
}

json::Object folder_object(
    const FolderKind& kind, const model::Collection& folder, const office::Owner& owner,
    std::string_view language, const FactMap& mine, const FactMap& owners
) {
    json::Object out{{"id", collection_id(folder.id)}};
    for (const auto& fact : kind.facts) {
        auto value = fact_of(mine, folder.id, fact.name);
        if (!value && fact.inherited)
            value = fact_of(owners, folder.id, fact.name);
        if (!value)
            value = fact.shared != nullptr && !owner.own ? json::Value(fact.shared) : fact.standard;
        out[{fact.name.data(), fact.name.size()}] = std::move(*value);
    }
    auto name = fact_of(mine, folder.id, "name");
    if (!name)
        name = fact_of(owners, folder.id, "name");
    out["name"] = name ? std::move(*name) : json::Value(office::shown_name(folder, language));
    // What others share is not in one's way until one asks for it; what one's group has is.
    const auto subscribed = fact_of(mine, folder.id, "isSubscribed");
    out["isSubscribed"] = subscribed
                              ? *subscribed
                              : json::Value(owner.own || owner.kind != model::AccountKind::person);
    out["myRights"] =
        kind.rights(owner.right_on(folder.id), folder.role != model::Role::none || !owner.own);
    return out;
}

} // namespace

Task<std::expected<ShownFolders, MethodError>>
show_folders(Call& call, const office::Owner& owner, const FolderKind& kind) {
    auto found = co_await office::shelf(call.office(), call.actor(), owner, kind.item_class);
    CO_GET(auto shelf, std::move(found));
    auto own = co_await office::folder_facts(call.office(), call.actor(), owner);
    CO_GET(const auto mine, std::move(own));
    FactMap owners;
    if (!owner.own) {
        auto theirs = co_await office::owner_folder_facts(call.office(), owner);
        CO_GET(owners, std::move(theirs));
    }
    model::CollectionId chosen;
    if (owner.own) {
        auto set = co_await office::chosen_folder(call.office(), call.actor(), kind.item_class);
        CO_GET(chosen, std::move(set));
    }
    ShownFolders out;
    out.state = office::text_of(shelf.collections_state);
    for (const auto& folder : shelf.collections) {
        auto object =
            folder_object(kind, folder, owner, call.actor().account.language, mine, owners);
        object["isDefault"] =
            chosen ? folder.id == chosen : folder.role == role_of(kind.item_class);
        auto shared = co_await share_with(call, owner, folder.id, kind.rights);
        CO_GET(object["shareWith"], std::move(shared));
        out.objects.push_back(std::move(object));
    }
    out.collections = std::move(shelf.collections);
    co_return out;
}

Task<Outcome> get_folders(Call& call, const json::Object& object, const FolderKind& kind) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    std::set<std::string, std::less<>> known{"id",        "name",     "isSubscribed",
                                             "isDefault", "myRights", "shareWith"};
    for (const auto& fact : kind.facts)
        known.emplace(fact.name);
    Arguments arguments(object);
    auto request = read_get(call, arguments, known);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    auto shown = co_await show_folders(call, *owner, kind);
    if (!shown)
        co_return std::unexpected(std::move(shown).error());
    co_return answer_few(
        *request, account_id(owner->id), std::move(shown->state), std::move(shown->objects)
    );
}

Task<Outcome> folder_changes(Call& call, const json::Object& object, const FolderKind& kind) {
    co_return co_await answer_changes(
        call, object, kind.item_class, 'c', office::collection_changes
    );
}

} // namespace lockstep::jmap
