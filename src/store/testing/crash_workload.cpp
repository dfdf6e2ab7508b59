// CrashWorkload: what the accounts of a crash test do, drawn from a seed.
// Invariants: an intent is in the ledger before the store sees the request, its acknowledgement
// after the commit. Errors: of the store.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "store/devices.hpp"
#include "store/testing/crash_store.hpp"

namespace lockstep::store::testing {
namespace {

constexpr unsigned kMails = 7;
constexpr unsigned kDevices = 2;
constexpr unsigned kSharedBodies = 3;

model::Role role_of(std::string_view folder) {
    return folder == "inbox" ? model::Role::inbox : model::Role::archive;
}

Result<model::Collection>
folder_of(Snapshot& snapshot, model::AccountId account, std::string_view name) {
    const auto folder = find_by_role(snapshot, account, role_of(name));
    if (!folder)
        return fail(Code::not_found, "no such folder");
    return *folder;
}

} // namespace

std::string MailState::text() const {
    if (folder.empty())
        return {};
    return fmt::format(
        "{} {} {} v{}", folder, flags, blake2b256(body).hex().substr(0, 12), version
    );
}

Result<> CrashWorkload::prepare(CrashStore& store) {
    for (const auto account : kAccounts) {
        const auto key = fmt::format("{}/account", account.value);
        const auto version = ledger_.intend(key, "made");
        auto made = store.write(
            account,
            [account](Txn& txn) -> Result<> {
                create_account_state(txn, account, 77);
                for (const std::string name : {"inbox", "archive"}) {
                    TRY(const auto folder,
                        create_collection(txn, account, {.role = role_of(name), .name = name}));
                    if (!folder.id)
                        return fail(Code::internal, "a folder without an id");
                }
                for (unsigned i = 0; i < kDevices; ++i) {
                    const auto id = fmt::format("{}/STATE-{}", account.value, i);
                    put_device(
                        txn, account, {.id = id, .author = author_of(account, id), .kind = "phone"}
                    );
                }
                return {};
            },
            [this, key, version] { ledger_.acknowledge(key, version); }
        );
        CHECK_OK(made.get());
    }
    return {};
}

std::size_t CrashWorkload::run(CrashStore& store, int rounds) {
    std::size_t refused = 0;
    SweepState sweeps;
    for (int round = 0; round < rounds; ++round) {
        busy_.clear();
        std::vector<Started> started;
        const auto count = 1 + random_() % 4;
        for (std::uint64_t i = 0; i < count; ++i) {
            auto one = start(store);
            if (one) {
                started.push_back(std::move(*one));
            } else {
                ++refused;
            }
        }
        for (auto& one : started) {
            if (!one.get())
                ++refused;
        }
        if (round % 5 == 4 && !store.sweep(sweeps))
            ++refused;
    }
    return refused;
}

Result<CrashWorkload::Started> CrashWorkload::start(CrashStore& store) {
    const auto account = kAccounts[random_() % std::size(kAccounts)];
    switch (random_() % 6) {
    case 0:
        return start_state(store, account);
    case 1:
        return start_changes(store, account, true);
    default:
        return start_changes(store, account, false);
    }
}

CrashWorkload::Started CrashWorkload::start_state(CrashStore& store, model::AccountId account) {
    const auto key = draw_key(account, "STATE", kDevices);
    const auto text = fmt::format("state {}", random_());
    if (key.empty()) {
        std::promise<Result<>> nothing;
        nothing.set_value({});
        return nothing.get_future();
    }
    const auto version = ledger_.intend(key, text);
    return store.write(
        account,
        [account, key, text](Txn& txn) -> Result<> {
            put_sync_state(txn, account, key, account, model::CollectionId{1}, text, 0);
            return {};
        },
        [this, key, version] { ledger_.acknowledge(key, version); }
    );
}

Result<CrashWorkload::Started>
CrashWorkload::start_changes(CrashStore& store, model::AccountId account, bool pair) {
    std::vector<Change> changes;
    for (int i = 0; i < (pair ? 2 : 1); ++i) {
        const auto key = draw_key(account, "mail", kMails);
        if (key.empty())
            break;
        TRY(auto change, draw_change(store, key, pair));
        changes.push_back(std::move(change));
    }
    for (auto& change : changes) {
        change.to.version = ledger_.count(change.key);
        const auto version = ledger_.intend(change.key, change.to.text());
        if (version != change.to.version)
            return fail(Code::internal, "two requests for one key");
    }
    if (changes.size() == 2) {
        ledger_.intend_together(
            {changes[0].key, changes[0].to.version, changes[1].key, changes[1].to.version}
        );
    }
    auto sequence = std::make_shared<model::ChangeSeq>();
    return store.write(
        account,
        [account, changes, sequence](Txn& txn) -> Result<> {
            for (const auto& change : changes)
                CHECK_OK(apply(txn, account, change));
            *sequence = txn.modseq(account);
            return {};
        },
        [this, account, changes, sequence] {
            const std::lock_guard lock(mutex_);
            for (const auto& change : changes) {
                ledger_.acknowledge(change.key, change.to.version);
                mails_[change.key] = change.to;
            }
            ledger_.acknowledge(account, *sequence);
        }
    );
}

Result<CrashWorkload::Change>
CrashWorkload::draw_change(CrashStore& store, const std::string& key, bool gently) {
    Change change{.key = key, .from = {}, .to = {}, .blob = {}};
    {
        const std::lock_guard lock(mutex_);
        change.from = mails_[key];
    }
    change.to = change.from;
    const auto kind = random_() % (gently ? 3 : 4);
    if (change.from.folder.empty()) {
        change.to = {.folder = "inbox", .flags = 0, .body = draw_body(), .version = 0};
    } else if (kind == 0) {
        change.to.flags ^= model::flag::seen;
    } else if (kind == 1) {
        change.to.folder = change.from.folder == "inbox" ? "archive" : "inbox";
    } else if (kind == 2) {
        change.to.body = draw_body();
    } else {
        change.to = {};
    }
    if (change.to.body != change.from.body && !change.to.folder.empty()) {
        TRY(change.blob, make_blob(store.files(), change.to.body));
    }
    return change;
}

std::string CrashWorkload::draw_body() {
    const auto big = random_() % 3 == 0;
    // Some bodies come again and again, so that blobs are shared between mails and accounts.
    if (random_() % 2 == 0)
        return std::string(big ? 20'000 : 200, static_cast<char>('a' + random_() % kSharedBodies));
    const auto size = big ? kInlineBlob + random_() % 9'000 : random_() % 3'000;
    std::string body(size, '\0');
    for (auto& byte : body)
        byte = static_cast<char>(random_());
    return body;
}

std::string
CrashWorkload::draw_key(model::AccountId account, std::string_view kind, unsigned count) {
    for (unsigned attempt = 0; attempt < count; ++attempt) {
        auto key = fmt::format("{}/{}-{}", account.value, kind, random_() % count);
        if (busy_.insert(key).second)
            return key;
    }
    return {};
}

Result<> CrashWorkload::apply(Txn& txn, model::AccountId account, const Change& change) {
    const auto& [key, from, to, blob] = change;
    const auto props = fmt::format("v{}", to.version);
    TRY(const auto target, folder_of(txn, account, to.folder.empty() ? from.folder : to.folder));
    if (from.folder.empty()) {
        TRY(const auto item, insert_item(
                                 txn, account,
                                 {.collection = target.id,
                                  .flags = to.flags,
                                  .blob = blob,
                                  .uid_text = key,
                                  .props = props,
                                  .digest = "digest of " + key}
                             ));
        return item.uid ? Result<>{} : fail(Code::internal, "an item without a uid");
    }
    TRY(const auto source, folder_of(txn, account, from.folder));
    auto item = find_by_uid_text(txn, account, source.id, key);
    if (!item)
        return fail(Code::not_found, "an acknowledged mail is gone: " + key);
    if (to.folder.empty())
        return delete_item(txn, account, source.id, item->uid, {});
    if (to.folder != from.folder) {
        TRY(item, move_item(txn, *item, target.id, {}));
    }
    if (to.body != from.body) {
        CHECK_OK(
            set_content(txn, *item, {.blob = blob, .uid_text = key, .digest = "digest of " + key})
        );
        item = find_item(txn, account, target.id, item->uid);
    }
    return set_flags(txn, *item, to.flags, props, {});
}

} // namespace lockstep::store::testing
