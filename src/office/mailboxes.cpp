// Builds the tree of names, and changes it.
#include "office/mailboxes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "office/folder_marks.hpp"
#include "office/mail.hpp"
#include "store/mail_rows.hpp"

namespace lockstep::office {
namespace {

using model::CollectionId;
using model::Role;
using store::Snapshot;
using store::Txn;

bool is_shown(const model::Collection& collection) {
    return collection.item_class == model::ItemClass::mail && collection.role != Role::outbox;
}

/// The names of one owner's folders, parents first.
class Naming {
public:
    Naming(const Owner& owner, std::string prefix, std::string language)
        : owner_(owner), prefix_(std::move(prefix)), language_(std::move(language)) {}

    std::vector<Mailbox> name_all(std::vector<model::Collection> folders) {
        std::erase_if(folders, [&](const auto& each) {
            return !is_shown(each) || !owner_.sees(each.id);
        });
        std::set<CollectionId> present;
        for (const auto& each : folders)
            present.insert(each.id);
        std::multimap<CollectionId, model::Collection> children;
        for (auto& each : folders) {
            const auto parent = present.contains(each.parent) ? each.parent : CollectionId();
            children.emplace(parent, std::move(each));
        }
        // Breadth first, so that parents come first; each folder is visited once.
        std::vector<std::pair<CollectionId, std::string>> open{{CollectionId(), prefix_}};
        for (std::size_t i = 0; i < open.size(); ++i) {
            const auto [first, last] = children.equal_range(open[i].first);
            for (auto child = first; child != last; ++child) {
                auto path = free_path(open[i].second + name_of(child->second));
                open.emplace_back(child->second.id, path + "/");
                const bool has_children = children.contains(child->second.id);
                add(std::move(child->second), std::move(path), has_children);
            }
        }
        return std::move(all_);
    }

private:
    std::string name_of(const model::Collection& collection) const {
        if (collection.role == Role::inbox)
            return "INBOX";
        return replace_all(shown_name(collection, language_), "/", "");
    }

    /// Two folders never share a name: a role's name may be that of another folder.
    std::string free_path(std::string wanted) {
        auto path = wanted;
        for (int n = 2; !taken_.insert(path).second; ++n)
            path = wanted + " (" + std::to_string(n) + ")";
        return path;
    }

    void add(model::Collection collection, std::string path, bool children) {
        Mailbox made;
        made.path = std::move(path);
        made.owner = owner_.id;
        made.right = owner_.right_on(collection.id);
        made.collection = std::move(collection);
        made.own = owner_.own;
        made.children = children;
        all_.push_back(std::move(made));
    }

    const Owner& owner_;
    const std::string prefix_;
    const std::string language_;
    std::set<std::string> taken_;
    std::vector<Mailbox> all_;
};

Mailbox heading(std::string path) {
    Mailbox made;
    made.path = std::move(path);
    made.own = false;
    made.subscribed = false;
    made.children = true;
    return made;
}

/// As clients give names: a leading slash means nothing (quirk 9), a trailing one says that folders
/// will follow.
std::string_view bare(std::string_view name) {
    while (name.starts_with('/'))
        name.remove_prefix(1);
    while (name.ends_with('/'))
        name.remove_suffix(1);
    return name;
}

bool same_path(std::string_view a, std::string_view b) {
    // INBOX in any case, also as the first part of a longer name.
    if (istarts_with(a, "inbox") && istarts_with(b, "inbox")) {
        a.remove_prefix(5);
        b.remove_prefix(5);
        return a == b && (a.empty() || a.front() == '/');
    }
    return a == b;
}

/// Where a new name leads: the parent that exists, and what remains as the folder's own name.
struct Place {
    const Mailbox* parent = nullptr;
    std::string name;
};
Place place_of(const MailboxList& list, std::string_view name) {
    for (auto at = name.rfind('/'); at != std::string_view::npos && at > 0;
         at = name.rfind('/', at - 1)) {
        const auto* const parent = list.find(name.substr(0, at));
        if (parent != nullptr)
            return {parent, replace_all(name.substr(at + 1), "/", "")};
    }
    for (auto at = name.rfind('.'); at != std::string_view::npos && at > 0;
         at = name.rfind('.', at - 1)) {
        const auto* const parent = list.find_exact(name.substr(0, at));
        if (parent != nullptr && at + 1 < name.size() && !name.contains('/'))
            return {parent, std::string(name.substr(at + 1))};
    }
    return {nullptr, replace_all(name, "/", "")};
}

/// Everything of the Inbox goes to a folder.
Task<Result<>>
empty_inbox(Office& office, const Actor& actor, CollectionId inbox, CollectionId target) {
    std::function<Result<bool>(Txn&)> work = [=, account = actor.account.id,
                                              author = actor.author](Txn& txn) -> Result<bool> {
        for (const auto uid : store::list_uids(txn, account, inbox)) {
            const auto item = store::find_item(txn, account, inbox, model::Uid{uid});
            if (!item)
                continue;
            TRY(const auto moved, store::move_item(txn, *item, target, author));
            (void)moved;
        }
        return true;
    };
    const auto done = co_await office.db.write<bool>(actor.account.id, std::move(work));
    CO_CHECK_OK(done);
    co_return Result<>();
}

} // namespace

const Mailbox* MailboxList::find_exact(std::string_view path) const {
    const auto found =
        std::ranges::find_if(all, [&](const Mailbox& each) { return same_path(each.path, path); });
    return found == all.end() ? nullptr : &*found;
}

const Mailbox* MailboxList::find(std::string_view name) const {
    name = bare(name);
    if (const auto* const exact = find_exact(name))
        return exact;
    const auto place = place_of(*this, name);
    const auto prefix = place.parent != nullptr ? place.parent->path + "/" : std::string();
    return find_exact(prefix + place.name);
}

Task<Result<MailboxList>> mailboxes(Office& office, const Actor& actor) {
    CO_TRY(const auto all_owners, co_await owners(office, actor));
    MailboxList list;
    for (const auto& owner : all_owners) {
        CO_TRY(auto folders, co_await all_folders(office, owner.id));
        CO_TRY(const auto marks, co_await folder_marks(office, actor, owner));
        const auto root = std::string(kSharedPrefix) +
                          replace_all(owner.name.empty() ? "?" : owner.name, "/", "");
        Naming naming(owner, owner.own ? "" : root + "/", actor.account.language);
        auto named = naming.name_all(std::move(folders));
        if (named.empty())
            continue;
        if (!owner.own) {
            if (list.find_exact("Shared") == nullptr)
                list.all.push_back(heading("Shared"));
            if (list.find_exact(root) == nullptr)
                list.all.push_back(heading(root));
        }
        for (auto& each : named) {
            const auto mark = marks.find(each.collection.id);
            each.subscribed = mark == marks.end() || mark->second.subscribed;
            list.all.push_back(std::move(each));
        }
    }
    co_return list;
}

Task<Result<Folder>>
open_mailbox(Office& office, const Actor& actor, std::string name, model::Right needed) {
    CO_TRY(const auto list, co_await mailboxes(office, actor));
    const auto* const found = list.find(name);
    if (found == nullptr || !found->selectable())
        co_return fail(Code::not_found, "no such mailbox");
    co_return co_await open_folder(office, actor, found->owner, found->collection.id, needed);
}

Task<Result<std::string>> create_mailbox(Office& office, const Actor& actor, std::string name) {
    CO_TRY(const auto list, co_await mailboxes(office, actor));
    const auto wanted = std::string(bare(name));
    if (list.find(wanted) != nullptr)
        co_return fail(Code::exists, "the mailbox is there already");
    if (istarts_with(wanted, kSharedPrefix))
        co_return fail(Code::forbidden, "folders of others are made by their owners");
    const auto place = place_of(list, wanted);
    if (place.parent != nullptr && !place.parent->own)
        co_return fail(Code::forbidden, "folders of others are made by their owners");
    const auto parent = place.parent != nullptr ? place.parent->collection.id : CollectionId();
    const auto prefix = place.parent != nullptr ? place.parent->path + "/" : std::string();
    const auto made =
        co_await create_folder(office, actor, parent, model::ItemClass::mail, place.name);
    CO_CHECK_OK(made);
    co_return prefix + made->name;
}

Task<Result<>>
rename_mailbox(Office& office, const Actor& actor, std::string from, std::string to) {
    CO_TRY(const auto list, co_await mailboxes(office, actor));
    const auto* const found = list.find(from);
    if (found == nullptr)
        co_return fail(Code::not_found, "no such mailbox");
    if (!found->own || !found->selectable())
        co_return fail(Code::forbidden, "folders of others are renamed by their owners");
    const auto wanted = std::string(bare(to));
    if (list.find(wanted) != nullptr)
        co_return fail(Code::exists, "the new name is taken");
    if (istarts_with(wanted, kSharedPrefix))
        co_return fail(Code::forbidden, "nothing moves to other people by its name");
    if (found->collection.role == Role::inbox) {
        const auto made = co_await create_mailbox(office, actor, wanted);
        CO_CHECK_OK(made);
        CO_TRY(const auto target, co_await open_mailbox(office, actor, *made, model::Right::add));
        co_return co_await empty_inbox(office, actor, found->collection.id, target.collection.id);
    }
    const auto place = place_of(list, wanted);
    if (place.parent != nullptr && (place.parent->path + "/").starts_with(found->path + "/"))
        co_return fail(Code::bad_value, "a folder cannot move into itself");
    const auto parent = place.parent != nullptr ? place.parent->collection.id : CollectionId();
    co_return co_await rename_folder(office, actor, found->collection.id, parent, place.name);
}

Task<Result<>> remove_mailbox(Office& office, const Actor& actor, std::string name) {
    CO_TRY(const auto list, co_await mailboxes(office, actor));
    const auto* const found = list.find(name);
    if (found == nullptr)
        co_return fail(Code::not_found, "no such mailbox");
    if (!found->own || !found->selectable())
        co_return fail(Code::forbidden, "folders of others are removed by their owners");
    if (found->children)
        co_return fail(Code::conflict, "the mailbox holds others");
    co_return co_await remove_folder(office, actor, found->collection.id);
}

Task<Result<>> subscribe(Office& office, const Actor& actor, std::string name, bool subscribed) {
    CO_TRY(const auto list, co_await mailboxes(office, actor));
    const auto* const found = list.find(name);
    if (found == nullptr) {
        if (!subscribed)
            co_return Result<>();
        co_return fail(Code::not_found, "no such mailbox");
    }
    if (!found->selectable())
        co_return Result<>();
    Owner owner;
    owner.id = found->owner;
    owner.own = found->own;
    owner.right = found->right;
    CO_TRY(auto all, co_await folder_marks(office, actor, owner));
    auto marks = all[found->collection.id];
    if (marks.subscribed == subscribed)
        co_return Result<>();
    marks.subscribed = subscribed;
    co_return co_await mark_folder(office, actor, owner, found->collection.id, marks);
}

} // namespace lockstep::office
