// Reading, setting and previewing of synchronization settings.
#include "office/sync_policy.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "office/folders.hpp"
#include "store/devices.hpp"
#include "store/items.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

using model::AccountId;
using model::ItemClass;

constexpr int kMostDays = 3'650;

constexpr std::array<SyncSettingName, 9> kNames{
    {{"mail-days", "mail of the last N days"},
     {"before", "appointments up to N days before today"},
     {"after", "appointments up to N days after today"},
     {"mail", "which mail folders"},
     {"calendars", "which calendars"},
     {"books", "which address books"},
     {"tasks", "which to-do lists"},
     {"notes", "which notepads"},
     {"one-folder", "classes as one folder each: auto (by the client), all or none"}}
};
constexpr std::size_t kDayNames = 3;
constexpr std::size_t kOneFolder = 8;
constexpr std::array<std::string_view, 3> kOneFolderWords{"auto", "all", "none"};

std::string scope_of(std::string_view device) {
    return device.empty() ? std::string() : "device:" + upper(device);
}

std::optional<std::size_t> index_of(std::string_view name) {
    const auto found = std::ranges::find(kNames, name, &SyncSettingName::name);
    if (found == kNames.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - kNames.begin());
}

std::optional<int>& days_of(SyncSettings& settings, std::size_t index) {
    return index == 0   ? settings.mail_days
           : index == 1 ? settings.before_days
                        : settings.after_days;
}

Result<int> parse_days(std::string_view text) {
    if (text == "all")
        return kUnlimited;
    const auto days = parse_int<int>(text);
    if (!days || *days < 0 || *days > kMostDays)
        return fail(
            Code::bad_value,
            fmt::format("'{}' is neither a number of days (0 to {}) nor all", text, kMostDays)
        );
    return *days;
}

/// "12" or "5.12". `account` owns what names no owner.
std::optional<FolderKey> parse_key(std::string_view text, AccountId account) {
    FolderKey key{account, {}};
    if (const auto dot = text.find('.'); dot != std::string_view::npos) {
        const auto owner = parse_int(text.substr(0, dot));
        if (!owner || *owner <= 0)
            return std::nullopt;
        key.owner = AccountId{*owner};
        text.remove_prefix(dot + 1);
    }
    const auto id = parse_int(text);
    if (!id || *id <= 0)
        return std::nullopt;
    key.collection = model::CollectionId{*id};
    return key;
}

Result<FolderChoice> parse_choice(std::string_view text, AccountId account) {
    FolderChoice choice;
    if (text == "all")
        return choice;
    choice.only = true;
    if (text == "none")
        return choice;
    const auto bad = [text] {
        return fail(
            Code::bad_value,
            fmt::format(
                "'{}' is none of: all, none, folders (12,5.3), all but some (-12,-5.3)", text
            )
        );
    };
    choice.only = !text.starts_with('-');
    for (auto part : split(text, ',')) {
        part = trim(part);
        if (part.starts_with('-') == choice.only)
            return bad();
        const auto key = parse_key(choice.only ? part : part.substr(1), account);
        if (!key)
            return bad();
        choice.folders.push_back(*key);
    }
    if (choice.folders.size() > limits::kSyncChoices)
        return fail(Code::too_large, "too many folders in one setting");
    std::ranges::sort(choice.folders);
    const auto repeated = std::ranges::unique(choice.folders);
    choice.folders.erase(repeated.begin(), repeated.end());
    return choice;
}

std::string text_of(const FolderChoice& choice, AccountId account) {
    if (choice.folders.empty())
        return choice.only ? "none" : "all";
    std::string text;
    for (const auto& key : choice.folders) {
        if (!text.empty())
            text += ',';
        if (!choice.only)
            text += '-';
        if (key.owner != account)
            text += std::to_string(key.owner.value) + ".";
        text += std::to_string(key.collection.value);
    }
    return text;
}

/// One setting as text into the struct; false when it cannot be read.
Result<> take(SyncSettings& settings, std::size_t index, std::string_view text, AccountId account) {
    if (index == kOneFolder) {
        const auto word = std::ranges::find(kOneFolderWords, text);
        if (word == kOneFolderWords.end())
            return fail(Code::bad_value, fmt::format("'{}' is none of: auto, all, none", text));
        settings.one_folder = static_cast<OneFolder>(word - kOneFolderWords.begin());
    } else if (index < kDayNames) {
        TRY(days_of(settings, index), parse_days(text));
    } else {
        TRY(settings.folders[index - kDayNames], parse_choice(text, account));
    }
    return {};
}

void lay_over(SyncPolicy& policy, const SyncSettings& settings) {
    policy.mail_days = settings.mail_days.value_or(policy.mail_days);
    policy.before_days = settings.before_days.value_or(policy.before_days);
    policy.after_days = settings.after_days.value_or(policy.after_days);
    policy.one_folder = settings.one_folder.value_or(policy.one_folder);
    for (std::size_t i = 0; i < policy.folders.size(); ++i)
        if (settings.folders[i])
            policy.folders[i] = *settings.folders[i];
}

} // namespace

bool FolderChoice::allows(const FolderKey& key) const {
    return std::ranges::binary_search(folders, key) == only;
}

std::span<const SyncSettingName> sync_setting_names() { return kNames; }

SyncSettings
read_sync_settings(store::Snapshot& snapshot, AccountId account, std::string_view device) {
    SyncSettings settings;
    for (const auto& [name, value] : store::list_settings(snapshot, account, scope_of(device))) {
        if (!name.starts_with("sync."))
            continue;
        const auto index = index_of(std::string_view(name).substr(5));
        if (!index)
            continue;
        // What a newer program wrote, and this one cannot read, counts as not set.
        static_cast<void>(take(settings, *index, value, account));
    }
    return settings;
}

SyncPolicy sync_policy(store::Snapshot& snapshot, AccountId account, std::string_view device) {
    SyncPolicy policy;
    lay_over(policy, read_sync_settings(snapshot, account, {}));
    if (!device.empty())
        lay_over(policy, read_sync_settings(snapshot, account, device));
    return policy;
}

std::string
sync_setting_text(const SyncSettings& settings, std::string_view name, AccountId account) {
    const auto index = index_of(name);
    if (!index)
        return {};
    if (*index == kOneFolder) {
        if (!settings.one_folder)
            return {};
        return std::string(kOneFolderWords[static_cast<std::size_t>(*settings.one_folder)]);
    }
    if (*index >= kDayNames) {
        const auto& choice = settings.folders[*index - kDayNames];
        return choice ? text_of(*choice, account) : std::string();
    }
    auto copy = settings;
    const auto days = days_of(copy, *index);
    if (!days)
        return {};
    return *days == kUnlimited ? "all" : std::to_string(*days);
}

Task<Result<>> set_sync(
    Office& office, AccountId account, std::string device, std::string name, std::string value
) {
    const auto index = index_of(name);
    if (!index)
        co_return fail(Code::bad_value, fmt::format("there is no setting '{}'", name));
    if (!value.empty()) {
        SyncSettings read;
        CO_CHECK_OK(take(read, *index, value, account));
        value = sync_setting_text(read, name, account);
    }
    std::function<Result<bool>(store::Txn&)> work = [=](store::Txn& txn) -> Result<bool> {
        if (!device.empty() && !store::find_device(txn, account, device))
            return fail(Code::not_found, "there is no device " + device);
        if (value.empty())
            store::drop_setting(txn, account, scope_of(device), "sync." + name);
        else
            store::put_setting(txn, account, scope_of(device), "sync." + name, value);
        return true;
    };
    CO_TRY(const auto done, co_await office.db.write<bool>(account, std::move(work)));
    static_cast<void>(done);
    office.directory.tell_visibility(account);
    co_return Result<>();
}

Task<Result<std::vector<SyncPreview>>>
preview_sync(Office& office, const directory::Account& account, SyncPolicy policy) {
    CO_TRY(auto folders, co_await visible_folders(office, {account, {}}));
    std::vector<SyncPreview> all;
    const auto now = office.clock.now_us();
    for (auto& folder : folders) {
        SyncPreview each;
        const auto owner = folder.collection.owner;
        const auto id = folder.collection.id;
        const auto item_class = folder.collection.item_class;
        each.shown = policy.choice(item_class).allows({owner, id});
        each.total = folder.collection.total;
        const auto wanted = window_of(policy, item_class, kUnlimited, account.zone, {}, now);
        std::function<Result<std::int64_t>(store::Snapshot&)> count = [=](store::Snapshot& snapshot
                                                                      ) -> Result<std::int64_t> {
            return store::count_inside(snapshot, owner, id, wanted.low, wanted.high);
        };
        CO_TRY(each.inside, co_await office.db.read<std::int64_t>(owner, std::move(count)));
        if (!each.shown)
            each.inside = 0;
        each.folder = std::move(folder);
        all.push_back(std::move(each));
    }
    co_return all;
}

} // namespace lockstep::office
