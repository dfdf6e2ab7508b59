// A Sync request as plain values.
// Spec: MS-ASCMD 2.2.1.21, 2.2.2.20. Errors: a Status of 2.2.3.177.17 that stands for the whole
// request.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "codec/wbxml/node.hpp"
#include "codec/wbxml/version.hpp"

namespace lockstep::activesync {

struct CollectionRequest {
    std::string key;
    std::string id;
    std::string item_class; ///< 12.1 and older name it
    bool deletes_as_moves = true;
    std::optional<bool> get_changes;
    bool conversation_mode = false; ///< is there, whatever it says
    std::optional<std::size_t> window_size;
    const wbxml::Node* options = nullptr; ///< into the request's tree
    const wbxml::Node* supported = nullptr;
    const wbxml::Node* commands = nullptr;
};

struct SyncRequest {
    std::vector<CollectionRequest> collections;
    std::optional<std::chrono::seconds> wait;
    std::optional<std::size_t> window_size;
    bool partial = false;
};

/// What is wrong with a request as a whole.
struct SyncFault {
    int status = 4;
    std::optional<int> limit = {}; ///< for Status 14 (seconds or minutes) and 15 (collections)
};

struct WaitBounds {
    std::chrono::seconds low;
    std::chrono::seconds high;
};
/// The views and pointers live as long as `root`.
[[nodiscard]] std::expected<SyncRequest, SyncFault>
read_sync_request(const wbxml::Node& root, wbxml::Version version, WaitBounds bounds);

} // namespace lockstep::activesync
