// Device: a phone of one person: set-up, folders, Sync and Ping over one kept TLS connection.
// Spec: MS-ASCMD 2.2.1.5, 2.2.1.13, 2.2.1.21; MS-ASPROV 3.1.5.1; MS-ASHTTP 2.2.1.
// Invariants: one thread at a time; one folder is followed, whose key moves with each answer.
// Errors: those of the wire; bad_value for an answer that is not what was asked for.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/office_data.hpp"
#include "bench/wire.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::bench {

/// Types of MS-ASCMD 2.2.3.186.3.
enum class FolderType { inbox = 2, calendar = 8, contacts = 9 };

/// What a Sync answer brought.
struct SyncAnswer {
    bool quiet = false; ///< an empty body: nothing to say
    bool more = false;
    int status = 1;
    std::string key;
    std::vector<std::string> added; ///< ServerIds
    std::size_t changed = 0;
    std::size_t removed = 0;
};

/// What is asked for with each Sync.
struct SyncWish {
    std::size_t window = 100;
    int body_type = 0;          ///< 0: no body preference
    std::size_t truncation = 0; ///< bytes
};

class Device {
public:
    /// `number` tells the devices of a person apart.
    [[nodiscard]] static Result<Device> connect(
        std::uint16_t port, const Person& person, std::size_t number,
        wbxml::Version version = wbxml::Version::v14_1
    );

    /// Both phases of Provision, and the folders.
    [[nodiscard]] Result<> set_up();
    /// Follows that folder from key 0; nothing was fetched yet.
    [[nodiscard]] Result<> follow(FolderType type, const SyncWish& wish);
    /// One round of the followed folder.
    [[nodiscard]] Result<SyncAnswer> sync();
    /// Rounds until nothing more is there; returns how many items came.
    [[nodiscard]] Result<std::size_t> pull();
    /// Marks a mail of the followed folder as read or unread.
    [[nodiscard]] Result<> mark(std::string_view server_id, bool read);

    /// Sends a Ping on the followed folder; its answer comes with end_ping().
    [[nodiscard]] Result<> begin_ping();
    /// Waits for the answer; its Status (2: changes).
    [[nodiscard]] Result<int> end_ping();

    [[nodiscard]] std::size_t requests() const { return requests_; }
    [[nodiscard]] HttpClient& http() { return http_; }

private:
    Device(HttpClient http, const Person& person, std::size_t number, wbxml::Version version);
    [[nodiscard]] Result<> send(std::string_view command, std::string_view body);
    [[nodiscard]] Result<std::string> receive();
    [[nodiscard]] Result<wbxml::Node> ask(std::string_view command, std::string_view body);
    [[nodiscard]] Result<std::int64_t> provision(std::optional<std::int64_t> temporary);
    [[nodiscard]] std::string sync_request(std::string_view server_id, bool read) const;

    HttpClient http_;
    wbxml::Version version_;
    std::string target_; ///< request line up to the command
    std::string fields_; ///< header fields that never change
    std::int64_t policy_ = 0;
    std::size_t requests_ = 0;
    std::map<int, std::string> folders_; ///< by type
    FolderType type_ = FolderType::inbox;
    std::string folder_;
    std::string key_;
    SyncWish wish_;
};

/// Reads a Sync answer of one collection without copying its items.
[[nodiscard]] Result<SyncAnswer> read_sync(std::string_view bytes);

} // namespace lockstep::bench
