// News as settings of the scope "share-news": ID = packed; "dismissed" = a count.
#include "office/share_news.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "store/collections.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr const char* kNewsScope = "share-news";
constexpr const char* kDismissed = "dismissed";

std::string pack_news(const ShareNews& news) {
    Packer out;
    out.number(1); // version
    out.number(static_cast<std::uint64_t>(news.created_us));
    out.number(static_cast<std::uint64_t>(news.owner.value));
    out.number(static_cast<std::uint64_t>(news.folder.value));
    out.number(static_cast<std::uint64_t>(news.item_class));
    out.text(news.folder_name);
    out.text(news.changed_by_name);
    out.text(news.changed_by_address);
    out.number(static_cast<std::uint64_t>(news.changed_by.value));
    out.number(static_cast<std::uint64_t>(news.before));
    out.number(static_cast<std::uint64_t>(news.after));
    return base64(out.take());
}

ShareNews unpack_news(std::string id, std::string_view text) {
    const auto bytes = unbase64(text).value_or(std::string());
    Unpacker in(bytes);
    ShareNews news;
    news.id = std::move(id);
    in.number();
    news.created_us = static_cast<std::int64_t>(in.number());
    news.owner.value = static_cast<std::int64_t>(in.number());
    news.folder.value = static_cast<std::int64_t>(in.number());
    news.item_class = static_cast<model::ItemClass>(in.number());
    news.folder_name = in.text();
    news.changed_by_name = in.text();
    news.changed_by_address = in.text();
    news.changed_by.value = static_cast<std::int64_t>(in.number());
    news.before = static_cast<model::Right>(in.number());
    news.after = static_cast<model::Right>(in.number());
    return news;
}

std::int64_t count_dismissed(store::Snapshot& snapshot, model::AccountId account) {
    const auto text = store::find_setting(snapshot, account, kNewsScope, kDismissed);
    return text ? parse_int(*text).value_or(0) : 0;
}

void add_dismissed(store::Txn& txn, model::AccountId account, std::int64_t more) {
    store::put_setting(
        txn, account, kNewsScope, kDismissed,
        fmt::format("{}", count_dismissed(txn, account) + more)
    );
}

bool is_news(std::string_view name) { return !name.empty() && is_digit(name.front()); }

/// Appends, and forgets the oldest beyond the limit.
void put_news(store::Txn& txn, model::AccountId account, const ShareNews& news) {
    std::vector<std::string> names;
    for (const auto& [name, value] : store::list_settings(txn, account, kNewsScope))
        if (is_news(name))
            names.push_back(name);
    // Greater than every one before, also when a clock went back.
    auto number = news.created_us;
    if (!names.empty())
        number = std::max(number, parse_int(names.back()).value_or(0) + 1);
    store::put_setting(txn, account, kNewsScope, fmt::format("{:020}", number), pack_news(news));
    std::int64_t forgotten = 0;
    for (std::size_t i = 0; i + kShareNews <= names.size(); ++i, ++forgotten)
        store::drop_setting(txn, account, kNewsScope, names[i]);
    if (forgotten > 0)
        add_dismissed(txn, account, forgotten);
}

Task<Result<std::vector<model::AccountId>>> readers_of(Office& office, model::AccountId grantee) {
    CO_TRY(const auto account, co_await office.directory.find(grantee));
    if (account.kind == model::AccountKind::person)
        co_return std::vector{grantee};
    CO_TRY(const auto members, co_await office.directory.members(grantee));
    std::vector<model::AccountId> out;
    for (const auto& member : members)
        out.push_back(member.account.id);
    co_return out;
}

Task<Result<>> write_news(Office& office, ShareNews news, model::AccountId grantee) {
    if (news.folder && news.folder_name.empty()) {
        std::function<Result<model::Collection>(store::Snapshot&)> look =
            [&news](store::Snapshot& snapshot) -> Result<model::Collection> {
            auto found = store::find_collection(snapshot, news.owner, news.folder);
            if (!found)
                return fail(Code::not_found, "no such folder");
            return std::move(*found);
        };
        CO_TRY(
            const auto folder,
            co_await office.db.read<model::Collection>(news.owner, std::move(look))
        );
        news.item_class = folder.item_class;
        news.folder_name = folder.name;
    }
    CO_TRY(const auto readers, co_await readers_of(office, grantee));
    for (const auto reader : readers) {
        if (reader == news.changed_by)
            continue;
        std::function<Result<bool>(store::Txn&)> work = [&news,
                                                         reader](store::Txn& txn) -> Result<bool> {
            put_news(txn, reader, news);
            return true;
        };
        const auto done = co_await office.db.write<bool>(reader, std::move(work));
        if (!done)
            co_return std::unexpected(done.error());
        office.directory.tell_visibility(reader);
    }
    co_return Result<>();
}

ShareNews news_by(Office& office, const Actor& actor, model::AccountId owner) {
    ShareNews news;
    news.created_us = office.clock.now_us();
    news.owner = owner;
    news.changed_by = actor.account.id;
    news.changed_by_name = actor.account.name;
    news.changed_by_address = actor.account.address;
    return news;
}

} // namespace

Task<Result<ShareNewsList>> share_news(Office& office, const Actor& actor) {
    std::function<Result<ShareNewsList>(store::Snapshot&)> work =
        [account = actor.account.id](store::Snapshot& snapshot) -> Result<ShareNewsList> {
        ShareNewsList out;
        for (auto& [name, value] : store::list_settings(snapshot, account, kNewsScope))
            if (is_news(name))
                out.all.push_back(unpack_news(name, value));
        out.state.dismissed = count_dismissed(snapshot, account);
        if (!out.all.empty())
            out.state.last = out.all.back().id;
        return out;
    };
    co_return co_await office.db.read<ShareNewsList>(actor.account.id, std::move(work));
}

Task<Result<>> dismiss_share_news(Office& office, const Actor& actor, std::string id) {
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        if (!is_news(id) || !store::find_setting(txn, actor.account.id, kNewsScope, id))
            return fail(Code::not_found, "no such notification");
        store::drop_setting(txn, actor.account.id, kNewsScope, id);
        add_dismissed(txn, actor.account.id, 1);
        return true;
    };
    const auto done = co_await office.db.write<bool>(actor.account.id, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Task<void> tell_share(
    Office& office, const Actor& actor, model::AccountId owner, model::CollectionId folder,
    model::AccountId grantee, model::Right before, model::Right after
) {
    if (before == after)
        co_return;
    auto news = news_by(office, actor, owner);
    news.folder = folder;
    news.before = before;
    news.after = after;
    const auto done = co_await write_news(office, std::move(news), grantee);
    if (!done)
        log::warn("share.news_failed", {{"reason", done.error().text}});
}

Task<void> tell_unshared(
    Office& office, const Actor& actor, const model::Collection& folder,
    const std::vector<Grant>& grants
) {
    for (const auto& each : grants) {
        auto news = news_by(office, actor, folder.owner);
        news.folder = folder.id;
        news.folder_name = folder.name;
        news.item_class = folder.item_class;
        news.before = each.right;
        const auto done = co_await write_news(office, std::move(news), each.grantee.id);
        if (!done)
            log::warn("share.news_failed", {{"reason", done.error().text}});
    }
}

} // namespace lockstep::office
