// Mailbox/get and Mailbox/changes.
// Spec: RFC 8621 2.1, 2.2.
#include "office/folder_marks.hpp"
#include "office/threads.hpp"
#include "protocols/jmap/folder_kind.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/mailbox.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kMailboxProperties{
    "id",           "name",         "parentId",      "role",     "sortOrder",    "totalEmails",
    "unreadEmails", "totalThreads", "unreadThreads", "myRights", "isSubscribed", "shareWith"
};

int sort_order(model::Role role) {
    switch (role) {
    case model::Role::inbox:
        return 1;
    case model::Role::drafts:
        return 2;
    case model::Role::sent:
        return 3;
    case model::Role::archive:
        return 4;
    case model::Role::junk:
        return 5;
    case model::Role::trash:
        return 6;
    case model::Role::detained:
        return 7;
    case model::Role::outbox:
        return 8;
    case model::Role::none:
    case model::Role::calendar:
    case model::Role::contacts:
    case model::Role::todos:
    case model::Role::notes:
        break;
    }
    return 10;
}

json::Object rights_of(const model::Collection& collection, const office::Owner& owner) {
    auto rights =
        mailbox_rights(owner.right_on(collection.id), collection.role != model::Role::none);
    rights["maySubmit"] = owner.own;
    return rights;
}

std::vector<std::string> mailbox_ids(const std::vector<model::Collection>& collections) {
    std::vector<std::string> ids;
    for (const auto& each : collections)
        ids.push_back(collection_id(each.id));
    return ids;
}

/// Counts of threads, when they are asked for: they cost a look at every mail.
Task<Result<std::vector<store::ConversationCounts>>> count_threads(
    Call& call, const office::Owner& owner, const GetRequest& request,
    const std::vector<const model::Collection*>& mailboxes
) {
    std::vector<model::CollectionId> ids;
    if (request.wants("totalThreads") || request.wants("unreadThreads"))
        for (const auto* each : mailboxes)
            ids.push_back(each->id);
    co_return co_await office::conversation_counts(call.office(), owner, std::move(ids));
}

} // namespace

json::Object mailbox_rights(model::Right right, bool fixed) {
    const auto may = [right](model::Right needed) { return right >= needed; };
    return {
        {"mayReadItems", may(model::Right::read)},
        {"mayAddItems", may(model::Right::add)},
        {"mayRemoveItems", may(model::Right::edit)},
        {"maySetSeen", may(model::Right::edit)},
        {"maySetKeywords", may(model::Right::edit)},
        {"mayCreateChild", may(model::Right::own)},
        {"mayRename", may(model::Right::own) && !fixed},
        {"mayDelete", may(model::Right::own) && !fixed},
        {"maySubmit", false},
    };
}

model::Right right_of_mailbox(const json::Object& rights) {
    const auto has = [&](std::string_view name) {
        const auto* value = json::find(rights, name);
        return value != nullptr && *value == json::Value(true);
    };
    if (has("mayShare") || has("mayCreateChild"))
        return model::Right::own;
    if (has("mayRemoveItems") || has("maySetKeywords") || has("maySetSeen"))
        return model::Right::edit;
    if (has("mayAddItems"))
        return model::Right::add;
    return has("mayReadItems") ? model::Right::read : model::Right::none;
}

std::string_view mailbox_role(model::Role role) {
    switch (role) {
    case model::Role::inbox:
        return "inbox";
    case model::Role::drafts:
        return "drafts";
    case model::Role::sent:
        return "sent";
    case model::Role::trash:
        return "trash";
    case model::Role::junk:
        return "junk";
    case model::Role::archive:
        return "archive";
    case model::Role::none:
    case model::Role::detained:
    case model::Role::outbox:
    case model::Role::calendar:
    case model::Role::contacts:
    case model::Role::todos:
    case model::Role::notes:
        break;
    }
    return {};
}

json::Object mailbox_object(
    const model::Collection& collection, const office::Owner& owner, std::string_view language
) {
    const auto role = mailbox_role(collection.role);
    return {
        {"id", collection_id(collection.id)},
        {"name", office::shown_name(collection, language)},
        {"parentId",
         collection.parent ? json::Value(collection_id(collection.parent)) : json::Value(nullptr)},
        {"role", role.empty() ? json::Value(nullptr) : json::Value(role)},
        {"sortOrder", sort_order(collection.role)},
        {"totalEmails", collection.total},
        {"unreadEmails", collection.unseen},
        {"myRights", rights_of(collection, owner)},
        {"isSubscribed", true},
    };
}

Task<Outcome> mailbox_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kMailboxProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    auto found =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::mail);
    CO_GET(const auto shelf, std::move(found));
    auto noted = co_await office::folder_marks(call.office(), call.actor(), *owner);
    CO_GET(const auto marks, std::move(noted));
    GetResponse response{account_id(owner->id), office::text_of(shelf.collections_state), {}, {}};
    std::vector<const model::Collection*> shown;
    for (const auto& id : request->ids.value_or(mailbox_ids(shelf.collections))) {
        const auto wanted = parse_collection_id(id);
        const auto at = wanted
                            ? std::ranges::find(shelf.collections, *wanted, &model::Collection::id)
                            : shelf.collections.end();
        if (at == shelf.collections.end())
            response.not_found.emplace_back(id);
        else
            shown.push_back(&*at);
    }
    auto counted = co_await count_threads(call, *owner, *request, shown);
    CO_GET(const auto threads, std::move(counted));
    for (std::size_t i = 0; i < shown.size(); ++i) {
        auto box = mailbox_object(*shown[i], *owner, call.actor().account.language);
        if (const auto mark = marks.find(shown[i]->id); mark != marks.end()) {
            box["isSubscribed"] = mark->second.subscribed;
            if (mark->second.sort_order)
                box["sortOrder"] = *mark->second.sort_order;
        }
        // Not of RFC 8621: told to whom asks for it.
        if (request->properties && request->wants("shareWith")) {
            auto shared = co_await share_with(call, *owner, shown[i]->id, mailbox_rights);
            CO_GET(box["shareWith"], std::move(shared));
        }
        if (i < threads.size()) {
            box["totalThreads"] = threads[i].total;
            box["unreadThreads"] = threads[i].unread;
        }
        response.list.push_back(pick(std::move(box), *request));
    }
    co_return response.take();
}

Task<Outcome> mailbox_changes(Call& call, const json::Object& object) {
    co_return co_await answer_changes(
        call, object, model::ItemClass::mail, 'c', office::collection_changes
    );
}

} // namespace lockstep::jmap
