// Posting rights, and the mailboxes behind an address.
#include "office/posting.hpp"
#include "base/limits_mail.hpp"
#include "office/forwarding.hpp"

#include <algorithm>
#include <array>

#include "office/delivery.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;

constexpr std::string_view kPosting = "posting";
constexpr std::array<std::string_view, 3> kPostingNames = {"anyone", "members", "office"};

/// The account that a sender's address belongs to; none: nobody's here.
Task<Result<AccountId>> account_of_sender(Office& office, std::string sender) {
    if (sender.empty())
        co_return AccountId{};
    const auto found = co_await office.directory.recipient(std::move(sender));
    if (found)
        co_return *found;
    if (found.error().code == Code::not_found || found.error().code == Code::bad_value)
        co_return AccountId{};
    co_return std::unexpected(found.error());
}

Task<Result<>> check_posting(
    Office& office, const directory::Account& group, std::string sender,
    const std::vector<directory::Member>& members
) {
    CO_TRY(const auto right, co_await posting_right(office, group.id));
    if (right == PostingRight::anyone)
        co_return Result<>();
    CO_TRY(const auto from, co_await account_of_sender(office, std::move(sender)));
    const bool member = std::ranges::any_of(members, [&](const directory::Member& each) {
        return each.account.id == from;
    });
    if (member || (right == PostingRight::office && from))
        co_return Result<>();
    co_return fail(Code::forbidden, "the sender may not write to " + group.address);
}

} // namespace

std::string_view name_of(PostingRight right) {
    return kPostingNames[static_cast<std::size_t>(right)];
}

std::optional<PostingRight> posting_right_named(std::string_view name) {
    const auto found = std::ranges::find(kPostingNames, name);
    if (found == kPostingNames.end())
        return std::nullopt;
    return static_cast<PostingRight>(found - kPostingNames.begin());
}

Task<Result<PostingRight>> posting_right(Office& office, AccountId group) {
    std::function<Result<std::string>(store::Snapshot&)> work = [group](store::Snapshot& snapshot
                                                                ) -> Result<std::string> {
        return store::find_setting(snapshot, group, "", std::string(kPosting)).value_or("");
    };
    CO_TRY(const auto name, co_await office.db.read<std::string>(group, std::move(work)));
    co_return posting_right_named(name).value_or(PostingRight::anyone);
}

Task<Result<>> set_posting_right(Office& office, AccountId group, PostingRight right) {
    std::function<Result<bool>(store::Txn&)> work = [group,
                                                     right](store::Txn& txn) -> Result<bool> {
        store::put_setting(txn, group, "", std::string(kPosting), name_of(right));
        return true;
    };
    const auto done = co_await office.db.write<bool>(group, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

Task<Result<std::vector<AccountId>>>
find_mailboxes(Office& office, std::string address, std::string sender, std::uint64_t bytes) {
    CO_TRY(const auto id, co_await recipient_of(office, address));
    CO_TRY(const auto account, co_await office.directory.find(id));
    std::vector<AccountId> boxes;
    if (account.kind != model::AccountKind::group) {
        CO_TRY(const auto box, co_await find_mailbox(office, std::move(address), bytes));
        boxes.push_back(box);
        co_return boxes;
    }
    CO_TRY(const auto members, co_await office.directory.members(id));
    const auto allowed = co_await check_posting(office, account, std::move(sender), members);
    CO_CHECK_OK(allowed);
    for (const auto& member : members) {
        if (member.account.kind != model::AccountKind::person || boxes.size() >= limits::kExpansion)
            continue;
        // A member whose mailbox is full keeps nobody else from having it.
        const auto box = co_await find_mailbox(office, member.account.address, bytes);
        if (box)
            boxes.push_back(*box);
    }
    if (boxes.empty())
        co_return fail(Code::not_found, account.address + " has no members with a mailbox");
    co_return boxes;
}

} // namespace lockstep::office
