// Synchronization settings: which folders go to devices, and how much of them. Set for an account,
// and for one device in place of that.
// Invariants: kept as settings of the account (scope "" or "device:ID", names "sync.*"), so a read
// of them joins any job of the account's file. A change wakes the account's devices; folders come
// and go by their next FolderSync and items by their window, with the sync keys they have. Errors:
// bad_value (no such setting, or not its form), too_large.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "office/office.hpp"
#include "sync/item_state.hpp"

namespace lockstep::office {

struct FolderKey {
    model::AccountId owner;
    model::CollectionId collection;
    friend auto operator<=>(const FolderKey&, const FolderKey&) = default;
};

/// All folders of a class but those named, or (`only`) just those.
struct FolderChoice {
    bool only = false;
    std::vector<FolderKey> folders; ///< sorted

    [[nodiscard]] bool allows(const FolderKey& key) const;
    friend bool operator==(const FolderChoice&, const FolderChoice&) = default;
};

inline constexpr int kUnlimited = -1;

/// Whether a device has all folders of a class as one.
enum class OneFolder : std::uint8_t {
    by_client, ///< as its client takes them
    all,
    none,
};

/// What was set at one place; what was not is inherited.
struct SyncSettings {
    std::optional<int> mail_days;   ///< mail of the last days; kUnlimited
    std::optional<int> before_days; ///< appointments that end this long before today
    std::optional<int> after_days;  ///< appointments that begin this long after today
    std::array<std::optional<FolderChoice>, 5> folders; ///< by class, in the order of the enum
    std::optional<OneFolder> one_folder;
};

/// What holds for a device.
struct SyncPolicy {
    int mail_days = kUnlimited;
    int before_days = kUnlimited;
    int after_days = kUnlimited;
    std::array<FolderChoice, 5> folders;
    OneFolder one_folder = OneFolder::by_client;

    [[nodiscard]] const FolderChoice& choice(model::ItemClass item_class) const {
        return folders[static_cast<std::size_t>(item_class) - 1];
    }
    friend bool operator==(const SyncPolicy&, const SyncPolicy&) = default;
};

/// The settings of an account (`device` empty) or of one of its devices.
[[nodiscard]] SyncSettings
read_sync_settings(store::Snapshot& snapshot, model::AccountId account, std::string_view device);
/// The device's own settings over those of the account.
[[nodiscard]] SyncPolicy
sync_policy(store::Snapshot& snapshot, model::AccountId account, std::string_view device);

/// The names of settings with a word on each, in the order of the struct: "mail-days", ...
struct SyncSettingName {
    std::string_view name;
    std::string_view doc;
};
[[nodiscard]] std::span<const SyncSettingName> sync_setting_names();
/// As set_sync takes it: a number of days or "all"; "all", "none", "12,5.3" or "-12,-5.3" (all
/// but). A folder of another owner is "OWNER.FOLDER". Empty: not set.
[[nodiscard]] std::string
sync_setting_text(const SyncSettings& settings, std::string_view name, model::AccountId account);

/// Sets one by its name; an empty value takes it back.
[[nodiscard]] Task<Result<>> set_sync(
    Office& office, model::AccountId account, std::string device, std::string name,
    std::string value
);

/// The stretch of time of which a device gets items: the smaller of the policy and of what the
/// client asked for (`client_days`, kUnlimited: nothing). Days begin at midnight of `zone`, a
/// little later (up to 15 minutes) for each device, so that not all of them slide at once.
[[nodiscard]] sync::Wanted window_of(
    const SyncPolicy& policy, model::ItemClass item_class, int client_days, std::string_view zone,
    model::AuthorId device, std::int64_t now_us
);
/// When that window moves next, UTC microseconds.
[[nodiscard]] std::int64_t
next_slide(std::string_view zone, model::AuthorId device, std::int64_t now_us);

/// How many of a folder's items devices get, and of how many.
struct SyncPreview {
    Folder folder;
    bool shown = true; ///< false: the folder does not go to devices at all
    std::int64_t inside = 0;
    std::int64_t total = 0;
};
/// For each folder that the account sees, under the given policy.
[[nodiscard]] Task<Result<std::vector<SyncPreview>>>
preview_sync(Office& office, const directory::Account& account, SyncPolicy policy);

} // namespace lockstep::office
