// Sample data: the people, groups and items of office/demo_content in a new store.
#include "base/text.hpp"
#include "codec/mime/digest.hpp"
#include "office/demo_content.hpp"
#include "office/folders.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "server/core.hpp"
#include "store/collections.hpp"

namespace lockstep::server {
namespace {

using office::DemoItem;
using store::Txn;

constexpr std::size_t kBatch = 200; ///< items of one commit

/// The folder of a path like "Projects/Aurora" ("" = the only one of the class), made where it is
/// missing.
Result<model::Collection> folder_of(Txn& txn, model::AccountId owner, const DemoItem& item) {
    const auto all = store::list_collections(txn, owner);
    if (item.folder.empty()) {
        const auto found = std::ranges::find(all, item.item_class, &model::Collection::item_class);
        if (found == all.end())
            return fail(Code::not_found, "the owner has no folder of this class");
        return *found;
    }
    model::CollectionId parent;
    std::optional<model::Collection> at;
    for (const auto part : split(item.folder, '/')) {
        const auto found = std::ranges::find_if(all, [&](const model::Collection& each) {
            return each.parent == parent && each.item_class == item.item_class && each.name == part;
        });
        if (found != all.end()) {
            at = *found;
        } else {
            store::NewCollection wanted;
            wanted.parent = parent;
            wanted.item_class = item.item_class;
            wanted.name = part;
            TRY(at, store::create_collection(txn, owner, wanted));
        }
        parent = at->id;
    }
    return *at;
}

Result<>
put_item(Txn& txn, office::Office& office, const office::Actor& actor, const DemoItem& item) {
    office::Folder folder;
    TRY(folder.collection, folder_of(txn, actor.account.id, item));
    folder.right = model::Right::own;
    if (item.item_class != model::ItemClass::mail) {
        CHECK_OK(office::add_object(txn, office, actor, folder, item.bytes, false));
        return {};
    }
    const auto digest = mime::make_digest(item.bytes);
    TRY(auto blob, store::make_blob(office.files, item.bytes));
    const auto flags =
        (item.read ? model::flag::seen : 0) | (item.flagged ? model::flag::flagged : 0) |
        (item.answered ? model::flag::answered : 0) | (item.draft ? model::flag::draft : 0);
    CHECK_OK(office::add_mail(
        txn, folder, std::move(blob), digest, mime::encode(digest), flags,
        item.received * 1'000'000, {}, false
    ));
    return {};
}

Task<Result<>>
put_items(office::Office& office, directory::Account account, std::vector<DemoItem> items) {
    const office::Actor actor{account, {}};
    for (std::size_t from = 0; from < items.size(); from += kBatch) {
        std::function<Result<bool>(Txn&)> work = [&, from](Txn& txn) -> Result<bool> {
            for (std::size_t i = from; i < std::min(items.size(), from + kBatch); ++i)
                CHECK_OK(put_item(txn, office, actor, items[i]));
            return true;
        };
        CO_CHECK_OK(co_await office.db.write<bool>(account.id, std::move(work)));
    }
    co_return Result<>();
}

Task<Result<directory::Account>> make(
    office::Office& office, std::string local, std::string name, directory::AccountKind kind,
    model::Right everybody, std::string language, std::string zone
) {
    directory::NewAccount wanted;
    wanted.address = local + "@" + std::string(office::kDemoDomain);
    wanted.name = std::move(name);
    wanted.kind = kind;
    wanted.language = std::move(language);
    wanted.zone = std::move(zone);
    wanted.default_right = everybody;
    if (kind == directory::AccountKind::person)
        wanted.password = Secret<std::string>(std::string(kDemoPassword));
    co_return co_await office.directory.add_account(std::move(wanted));
}

} // namespace

Task<Result<>> fill_demo(office::Office& office) {
    CO_TRY(const auto accounts, co_await office.directory.accounts());
    if (!accounts.empty())
        co_return fail(Code::exists, "the store is not empty: sample data is for a new one");
    const auto now = office.clock.now_us() / 1'000'000;
    CO_CHECK_OK(co_await office.directory.add_domain(std::string(office::kDemoDomain)));
    for (const auto& person : office::demo_people()) {
        CO_TRY(
            const auto account,
            co_await make(
                office, person.local, person.name, directory::AccountKind::person,
                model::Right::none, person.language, person.zone
            )
        );
        CO_CHECK_OK(co_await put_items(office, account, office::demo_items_of(person.local, now)));
    }
    for (const auto& group : office::demo_groups()) {
        CO_TRY(
            const auto account, co_await make(
                                    office, group.local, group.name, directory::AccountKind::group,
                                    model::Right::none, "en", "Europe/Berlin"
                                )
        );
        for (const auto& member : group.members) {
            CO_TRY(
                const auto person,
                co_await office.directory.find(member + "@" + std::string(office::kDemoDomain))
            );
            CO_CHECK_OK(
                co_await office.directory.add_member(account.id, person.id, model::Right::edit)
            );
        }
        CO_CHECK_OK(
            co_await put_items(office, account, office::demo_items_of_group(group.local, now))
        );
    }
    CO_TRY(
        const auto global,
        co_await make(
            office, "company", std::string(office::kDemoCompany), directory::AccountKind::global,
            model::Right::edit, "en", "Europe/Berlin"
        )
    );
    co_return co_await put_items(office, global, office::demo_items_of_global(now));
}

admin::Answer demo_people_answer() {
    admin::Answer answer;
    answer.columns = {"account", "password", "name", "title"};
    for (const auto& person : office::demo_people()) {
        answer.rows.push_back(
            {person.local + "@" + std::string(office::kDemoDomain), std::string(kDemoPassword),
             person.name, person.title}
        );
    }
    return answer;
}

} // namespace lockstep::server
