// For tests only: an office in memory with its door, and phones that speak to it without a socket.
// Invariants: every phone has its own device id; a request is built as a tree and written for the
// phone's version, an answer is parsed back.
#pragma once
#include <condition_variable>
#include <future>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"
#include "office/delivery_test_support.hpp"
#include "protocols/activesync/commands.hpp"

namespace lockstep::activesync::testing {

using wbxml::Node;
using wbxml::Tag;
using wbxml::Version;

/// An element with a text, or with children.
[[nodiscard]] Node el(Tag tag, std::string text = {});
[[nodiscard]] Node el(Tag tag, std::vector<Node> children);
[[nodiscard]] Node opaque(Tag tag, std::string bytes);
[[nodiscard]] std::string bytes_of(const Node& root, Version version);

/// The node at a path below `root`; fails the test and gives an empty node when there is none.
[[nodiscard]] const Node& at(const Node& root, std::initializer_list<Tag> path);
[[nodiscard]] std::string text_at(const Node& root, std::initializer_list<Tag> path);
[[nodiscard]] std::vector<const Node*> all_of(const Node& parent, Tag tag);

/// A connection of which the test decides when its peer goes away.
class FakeConnection final : public net::Connection {
public:
    const net::Peer& peer() const override { return peer_; }
    const net::TlsFacts* tls() const override { return nullptr; }
    void watch_close(std::function<void(net::Stir)> stirred) override;
    void unwatch() override;
    bool stopping() const override { return false; }

    /// Waits until the handler parks; false when it does not within ten seconds.
    [[nodiscard]] bool wait_until_parked();
    void stir(net::Stir why);
    bool impatient = false; ///< goes away as soon as a handler parks

private:
    net::Peer peer_{"192.0.2.7", 40'000, false};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void(net::Stir)> stirred_;
};

struct Answer {
    unsigned status = 0;
    net::Headers headers;
    std::string body;
    Node root; ///< of a WBXML body; no tag otherwise

    /// The text below the root.
    [[nodiscard]] std::string at(std::initializer_list<Tag> path) const;
};

struct FolderSeen {
    std::string id;
    std::string parent;
    std::string name;
    int type = 0;
};

/// One item of a Sync answer.
struct Seen {
    std::string id;
    Node data;
};
/// A Sync answer's only collection, taken apart.
struct Synced {
    int status = 0; ///< of the collection; 0: the answer was empty
    std::string key;
    std::vector<Seen> adds;
    std::vector<Seen> changes;
    std::vector<std::string> deletes;
    std::vector<std::string> soft_deletes;
    std::vector<Node> responses;
    bool more = false;
};

class Phone {
public:
    Phone(Door& door, std::string login, Version version, std::string device = "PHONE1")
        : version(version), device(std::move(device)), door_(door), login_(std::move(login)) {}

    [[nodiscard]] net::Request request(std::string_view command) const;
    [[nodiscard]] Answer send(net::Request request);
    [[nodiscard]] Answer send(net::Request request, FakeConnection& connection);
    [[nodiscard]] Answer post(std::string_view command, const Node& root);
    [[nodiscard]] Answer post(std::string_view command); ///< without a body
    /// On a thread of its own; `connection` must outlive the answer.
    [[nodiscard]] std::future<Answer>
    post_parked(std::string_view command, std::optional<Node> root, FakeConnection& connection);

    /// Both phases, and keeps the final key.
    void provision();
    /// FolderSync from the key that is kept.
    [[nodiscard]] Answer folder_sync();
    /// The id of the folder of a type (the first one).
    [[nodiscard]] std::string folder(int type);

    /// A Sync element for one collection; `more` goes between its id and its end.
    [[nodiscard]] Node collection(
        const std::string& folder, const std::string& key, std::vector<Node> more = {}
    ) const;
    [[nodiscard]] static Node sync_of(std::vector<Node> collections, std::vector<Node> more = {});
    /// One collection, as the answer shows it.
    [[nodiscard]] Synced
    sync(const std::string& folder, const std::string& key, std::vector<Node> more = {});
    /// Key 0, then everything.
    [[nodiscard]] Synced start(const std::string& folder, std::vector<Node> more = {});

    Version version;
    std::string device;
    std::string password = "correct horse";
    std::uint32_t policy_key = 0;
    std::string folder_key = "0";
    std::vector<FolderSeen> folders;

private:
    Door& door_;
    std::string login_;
};

[[nodiscard]] Synced take_apart(const Answer& answer);
[[nodiscard]] std::string mail_text(
    std::string_view subject, std::string_view body = "Text", std::string_view more_headers = {}
);

/// anna (own folders) and bert of example.org, and the group "team" which anna may read.
class DoorTest : public ::testing::Test {
protected:
    DoorTest();
    [[nodiscard]] Phone phone(Version version = Version::v16_1, std::string device = "PHONE1");
    [[nodiscard]] Phone ready(Version version = Version::v16_1, std::string device = "PHONE1");

    /// Mail that came in.
    model::Item deliver(
        const directory::Account& to, std::string message, std::int64_t received_us = 0,
        model::Role role = model::Role::inbox
    );
    /// An object put there by the server.
    model::Item put(const directory::Account& owner, model::Role role, std::string bytes);
    void set_flags(const model::Item& item, std::int64_t flags);
    void remove(const model::Item& item);
    [[nodiscard]] std::optional<model::Item>
    item_of(const directory::Account& owner, const std::string& server_id);
    [[nodiscard]] std::string stored(const directory::Account& owner, const std::string& server_id);
    [[nodiscard]] std::size_t count(const directory::Account& owner, model::Role role);
    [[nodiscard]] model::Collection folder_of(const directory::Account& owner, model::Role role);
    [[nodiscard]] office::Office& office() { return *house.office; }
    [[nodiscard]] std::int64_t now() const { return house.clock->now_us(); }

    office::testing::TestDirectory place;
    office::testing::House house{{}, place.blobs()};
    directory::Account anna, bert, team;
    DoorOptions options;
    std::unique_ptr<Door> door;
};

} // namespace lockstep::activesync::testing
