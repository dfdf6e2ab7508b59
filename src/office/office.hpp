// Office: what every door works with. It holds the parts of the running office together; what may
// be done with them is in the files beside it (folders, mail, objects, delivery, submission).
// Invariants: one permission check per call, here in office/ and nowhere else; doors never see
// another door's words.
#pragma once
#include "base/clock.hpp"
#include "base/locked.hpp"
#include "base/workers.hpp"
#include "directory/directory.hpp"
#include "office/outbound.hpp"
#include "store/blob_files.hpp"
#include "store/database.hpp"
#include "sync/hub.hpp"

namespace lockstep::office {

/// Who acts: a signed-in person, and the device by which changes are marked (none for mail in and
/// administration).
struct Actor {
    directory::Account account;
    model::AuthorId author;
};

/// A collection together with the right that the actor has on it. Made by open_folder() only.
struct Folder {
    model::Collection collection;
    model::Right right = model::Right::none;
    bool own = true;
    std::int64_t quota_bytes = 0; ///< of the owner; 0: none
    std::string owner_name;       ///< display name of a foreign owner
    [[nodiscard]] bool may(model::Right needed) const { return right >= needed; }
};

class Office {
public:
    Office(
        store::Database& database, store::BlobFiles& blob_files, directory::Directory& people,
        sync::Hub& wakeups, Workers& pool, Clock& time, std::string name
    )
        : db(database), files(blob_files), directory(people), hub(wakeups), workers(pool),
          clock(time), hostname_(std::move(name)) {}

    /// The name for Received, Message-ID and greetings.
    [[nodiscard]] std::string hostname() {
        return hostname_.with([](const std::string& name) { return name; });
    }
    void set_hostname(std::string name) {
        hostname_.with([&](std::string& held) { held = std::move(name); });
    }

    store::Database& db;
    store::BlobFiles& files;
    directory::Directory& directory;
    sync::Hub& hub;
    Workers& workers;
    Clock& clock;
    Outbound outbound;

private:
    LockGuarded<std::string> hostname_;
};

} // namespace lockstep::office
