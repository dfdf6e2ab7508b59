// Mailbox/set.
// Spec: RFC 8621 2.5. Invariants: what the office refuses is refused here, with the property at
// fault; folders with a role keep their name, place and existence.
#include <algorithm>

#include "office/folder_marks.hpp"
#include "protocols/jmap/folder_kind.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/mailbox.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

/// The settable properties that an object or a patch gives.
struct MailboxChange {
    std::optional<std::string> name;
    std::optional<model::CollectionId> parent; ///< none inside: to the top
    std::optional<bool> subscribed;
    std::optional<std::int64_t> sort_order;
};

std::expected<model::CollectionId, MethodError>
read_parent(const Call& call, const json::Value& value) {
    if (value.is_null())
        return model::CollectionId{};
    const auto id = value.is_string()
                        ? parse_collection_id(call.resolve(json::view(value.get_string())))
                        : std::nullopt;
    if (!id)
        return refuse_property("parentId", "names no mailbox");
    return *id;
}

std::expected<MailboxChange, MethodError>
read_change(const Call& call, const json::Object& object, std::string_view role) {
    MailboxChange change;
    for (const auto& member : object) {
        const std::string_view name(member.key().data(), member.key().size());
        const auto& value = member.value();
        if (name == "name") {
            if (!value.is_string() || value.get_string().empty())
                return refuse_property(name, "is no name");
            change.name = json::view(value.get_string());
        } else if (name == "parentId") {
            const auto parent = read_parent(call, value);
            if (!parent)
                return std::unexpected(parent.error());
            change.parent = *parent;
        } else if (name == "isSubscribed") {
            if (!value.is_bool())
                return refuse_property(name, "is neither true nor false");
            change.subscribed = value.get_bool();
        } else if (name == "sortOrder") {
            const auto order = json::integer_of(value);
            if (!order || *order < 0 || *order >= 1LL << 31)
                return refuse_property(name, "is no number below 2^31");
            change.sort_order = *order;
        } else if (name == "role") {
            if ((value.is_null()     ? std::string_view()
                 : value.is_string() ? json::view(value.get_string())
                                     : "?") != role)
                return refuse_property(name, "roles are given by the server");
        } else if (name != "shareWith" && !name.starts_with("shareWith/")) {
            return refuse_property(name, "cannot be set");
        }
    }
    return change;
}

MethodError folder_error(const Error& error) {
    switch (error.code) {
    case Code::exists:
        return invalid_properties("name", "a mailbox of this name is there already");
    case Code::bad_value:
        return invalid_properties("name", error.text);
    default:
        return set_error(error);
    }
}

Task<Outcome> create_mailbox(Call& call, const office::Owner& owner, const json::Object& object) {
    const auto change = read_change(call, object, {});
    if (!change)
        co_return std::unexpected(change.error());
    if (!change->name)
        co_return refuse_property("name", "is missing");
    if (!owner.own)
        co_return refuse("forbidden", "mailboxes are made in one's own account");
    auto made = co_await office::create_folder(
        call.office(), call.actor(), change->parent.value_or(model::CollectionId{}),
        model::ItemClass::mail, *change->name
    );
    if (!made && made.error().code == Code::not_found)
        co_return refuse_property("parentId", "there is no such mailbox");
    if (!made)
        co_return std::unexpected(folder_error(made.error()));
    if (change->subscribed || change->sort_order) {
        const auto marked = co_await office::mark_folder(
            call.office(), call.actor(), owner, made->id,
            {change->subscribed.value_or(true), change->sort_order}
        );
        if (!marked)
            co_return std::unexpected(set_error(marked.error()));
    }
    const auto refused =
        co_await set_share_with(call, owner, made->id, object, mailbox_rights, right_of_mailbox);
    if (refused)
        co_return std::unexpected(*refused);
    auto whole = mailbox_object(*made, owner, call.actor().account.language);
    whole["totalThreads"] = 0;
    whole["unreadThreads"] = 0;
    if (change->sort_order)
        whole.erase("sortOrder");
    // RFC 8620 5.3: what the client does not know already.
    for (const auto& member : object)
        if (member.key() != "name" || member.value() == whole["name"])
            whole.erase(member.key());
    co_return whole;
}

Task<Outcome> update_mailbox(
    Call& call, const office::Owner& owner, const model::Collection& before,
    const json::Object& patch
) {
    const auto change = read_change(call, patch, mailbox_role(before.role));
    if (!change)
        co_return std::unexpected(change.error());
    const bool renames = change->name && *change->name != before.name &&
                         *change->name != office::shown_name(before, call.actor().account.language);
    const bool moves = change->parent && *change->parent != before.parent;
    if (renames || moves) {
        if (!owner.own)
            co_return refuse("forbidden");
        const auto done = co_await office::rename_folder(
            call.office(), call.actor(), before.id, change->parent.value_or(before.parent),
            renames ? *change->name : before.name
        );
        if (!done && done.error().code == Code::not_found)
            co_return refuse_property("parentId", "there is no such mailbox");
        if (!done && moves && done.error().code == Code::bad_value)
            co_return refuse_property("parentId", done.error().text);
        if (!done)
            co_return std::unexpected(folder_error(done.error()));
    }
    if (change->subscribed || change->sort_order) {
        const auto all = co_await office::folder_marks(call.office(), call.actor(), owner);
        if (!all)
            co_return std::unexpected(set_error(all.error()));
        const auto known = all->find(before.id);
        auto marks = known == all->end() ? office::FolderMarks{} : known->second;
        marks.subscribed = change->subscribed.value_or(marks.subscribed);
        if (change->sort_order)
            marks.sort_order = change->sort_order;
        const auto marked =
            co_await office::mark_folder(call.office(), call.actor(), owner, before.id, marks);
        if (!marked)
            co_return std::unexpected(set_error(marked.error()));
    }
    const auto refused =
        co_await set_share_with(call, owner, before.id, patch, mailbox_rights, right_of_mailbox);
    if (refused)
        co_return std::unexpected(*refused);
    co_return json::Object();
}

Task<std::optional<MethodError>>
destroy_mailbox(Call& call, const office::Owner& owner, model::CollectionId id, bool with_mail) {
    auto found = co_await office::shelf(call.office(), call.actor(), owner, model::ItemClass::mail);
    if (!found)
        co_return set_error(found.error());
    const auto& all = found->collections;
    const auto at = std::ranges::find(all, id, &model::Collection::id);
    if (at == all.end())
        co_return MethodError{"notFound", {}, {}};
    if (std::ranges::find(all, id, &model::Collection::parent) != all.end())
        co_return MethodError{"mailboxHasChild", {}, {}};
    if (at->total > 0 && !with_mail)
        co_return MethodError{"mailboxHasEmail", {}, {}};
    if (!owner.own)
        co_return MethodError{"forbidden", {}, {}};
    const auto removed = co_await office::remove_folder(call.office(), call.actor(), id);
    if (!removed)
        co_return set_error(removed.error());
    co_return std::nullopt;
}

/// Creations in an order in which every parent is there before its children.
Task<void> create_all(
    Call& call, const office::Owner& owner, const SetRequest& request, SetResponse& response
) {
    auto left = request.create;
    for (bool progress = true; progress && !left.empty();) {
        progress = false;
        for (auto each = left.begin(); each != left.end();) {
            const auto parent = json::text_of(each->second, "parentId");
            const bool waits = parent && parent->starts_with('#') &&
                               call.resolve(*parent).empty() &&
                               std::ranges::find(left, parent->substr(1), [](const auto& other) {
                                   return std::string_view(other.first);
                               }) != left.end();
            if (waits) {
                ++each;
                continue;
            }
            auto made = co_await create_mailbox(call, owner, each->second);
            if (made) {
                call.session.created[each->first] = *json::text_of(*made, "id");
                response.created[each->first] = std::move(*made);
            } else {
                response.not_created[each->first] = to_json(made.error());
            }
            each = left.erase(each);
            progress = true;
        }
    }
    for (const auto& [key, object] : left)
        response.not_created[key] =
            to_json(invalid_properties("parentId", "the parents form a ring"));
}

Task<void> update_all(
    Call& call, const office::Owner& owner, const std::vector<model::Collection>& known,
    const SetRequest& request, SetResponse& response
) {
    for (const auto& [id, patch] : request.update) {
        const auto& shown = request.shown.at(id);
        const auto wanted = parse_collection_id(id);
        const auto at = std::ranges::find(
            known, wanted.value_or(model::CollectionId{}), &model::Collection::id
        );
        if (at == known.end()) {
            response.not_updated[shown] = to_json({"notFound", {}, {}});
        } else if (request.destroys(id)) {
            response.not_updated[shown] = to_json({"willDestroy", {}, {}});
        } else {
            const auto done = co_await update_mailbox(call, owner, *at, patch);
            if (done)
                response.updated[shown] = nullptr;
            else
                response.not_updated[shown] = to_json(done.error());
        }
    }
}

/// How many mailboxes lie above one.
std::size_t depth_of(const std::vector<model::Collection>& all, std::string_view id) {
    std::size_t depth = 0;
    auto wanted = parse_collection_id(id).value_or(model::CollectionId{});
    while (wanted && depth <= all.size()) {
        const auto at = std::ranges::find(all, wanted, &model::Collection::id);
        wanted = at == all.end() ? model::CollectionId{} : at->parent;
        ++depth;
    }
    return depth;
}

} // namespace

Task<Outcome> mailbox_set(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_set(call, arguments);
    const bool with_mail = arguments.truth("onDestroyRemoveEmails").value_or(false);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    auto before =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::mail);
    CO_GET(const auto known, std::move(before));
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = office::text_of(known.collections_state);
    if (request->if_in_state && *request->if_in_state != response.old_state)
        co_return refuse("stateMismatch");
    co_await create_all(call, *owner, *request, response);
    co_await update_all(call, *owner, known.collections, *request, response);
    // Deepest first: a mailbox goes after those that lie in it.
    auto order = request->destroy;
    std::ranges::stable_sort(order, std::greater{}, [&](const std::string& id) {
        return depth_of(known.collections, id);
    });
    for (const auto& id : order) {
        const auto wanted = parse_collection_id(id);
        auto failed = co_await destroy_mailbox(
            call, *owner, wanted.value_or(model::CollectionId{}), with_mail
        );
        if (failed)
            response.not_destroyed[request->shown.at(id)] = to_json(*failed);
        else
            response.destroyed.emplace_back(request->shown.at(id));
    }
    auto after =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::mail);
    CO_GET(const auto shelf, std::move(after));
    co_return response.take(office::text_of(shelf.collections_state));
}

} // namespace lockstep::jmap
