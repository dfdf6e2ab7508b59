// Reading of a Sync request.
#include "protocols/activesync/sync_request.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/wbxml/tags.hpp"
#include "protocols/activesync/sync_options.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
using wbxml::Version;

std::optional<bool> flag_of(const wbxml::Node& parent, wbxml::Tag tag, bool& valid) {
    const auto* node = parent.find(tag);
    if (node == nullptr)
        return std::nullopt;
    const auto text = trim(node->text);
    if (text.empty() || text == "1")
        return true; // an empty element means yes
    if (text != "0")
        valid = false;
    return false;
}

std::optional<std::size_t> window_of(const wbxml::Node& parent, bool& valid) {
    const auto* node = parent.find(as::WindowSize);
    if (node == nullptr)
        return std::nullopt;
    const auto value = parse_int<std::uint32_t>(trim(node->text));
    if (!value || *value > 10'000'000) {
        valid = false;
        return std::nullopt;
    }
    // MS-ASCMD 2.2.3.199: 0 and everything above 512 count as 512.
    return *value == 0 ? limits::kEasWindow : std::min<std::size_t>(*value, limits::kEasWindow);
}

constexpr std::size_t kIdBytes = 64; ///< of a ServerId, ClientId or CollectionId

/// Whether each command names its item in a way that an answer can repeat.
bool commands_are_named(const wbxml::Node* commands) {
    if (commands == nullptr)
        return true;
    return std::ranges::all_of(commands->children, [](const wbxml::Node& command) {
        const auto server_id = command.text_of(as::ServerId);
        const bool named = command.tag == as::Add || !server_id.empty();
        return named && server_id.size() <= kIdBytes &&
               command.text_of(as::ClientId).size() <= kIdBytes;
    });
}

std::expected<CollectionRequest, SyncFault>
read_collection(const wbxml::Node& node, Version version) {
    CollectionRequest request;
    bool valid = true;
    const auto* key = node.find(as::SyncKey);
    if (key == nullptr)
        return std::unexpected(SyncFault{4});
    request.key = trim(key->text);
    request.id = trim(node.text_of(as::CollectionId));
    request.item_class = trim(node.text_of(as::Class));
    request.deletes_as_moves = flag_of(node, as::DeletesAsMoves, valid).value_or(true);
    request.get_changes = flag_of(node, as::GetChanges, valid);
    request.window_size = window_of(node, valid);
    // What the mode would add to the window is not sent: the filter alone decides.
    request.conversation_mode = node.has(as::ConversationMode);
    request.options = find_options(node, valid);
    request.supported = node.find(as::Supported);
    // MS-ASCMD 2.2.3.179: the id stands before.
    if (request.supported != nullptr && request.supported < node.find(as::CollectionId))
        valid = false;
    request.commands = node.find(as::Commands);
    if (request.id.size() > kIdBytes || !commands_are_named(request.commands))
        return std::unexpected(SyncFault{4});
    if (request.id.empty() && !(version <= Version::v12_0 && !request.item_class.empty()))
        return std::unexpected(SyncFault{4});
    // A first request brings nothing and gets nothing (MS-ASCMD 2.2.3.84, 2.2.3.32).
    if (request.key == "0" && (request.get_changes.value_or(false) || request.commands != nullptr))
        return std::unexpected(SyncFault{4});
    if (!valid || request.key.empty())
        return std::unexpected(SyncFault{4});
    return request;
}

/// Wait is in minutes, HeartbeatInterval in seconds; Limit answers in the unit of the question.
std::expected<std::optional<std::chrono::seconds>, SyncFault>
read_wait(const wbxml::Node& root, WaitBounds bounds) {
    const auto* wait = root.find(as::Wait);
    const auto* heartbeat = root.find(as::HeartbeatInterval);
    if (wait == nullptr && heartbeat == nullptr)
        return std::nullopt;
    if (wait != nullptr && heartbeat != nullptr)
        return std::unexpected(SyncFault{4});
    const auto value = parse_int<std::int64_t>(trim((wait != nullptr ? wait : heartbeat)->text));
    if (!value)
        return std::unexpected(SyncFault{4});
    const std::int64_t unit = wait != nullptr ? 60 : 1;
    const auto low = std::max<std::int64_t>(1, bounds.low.count() / unit);
    const auto high = bounds.high.count() / unit;
    if (*value < low)
        return std::unexpected(SyncFault{14, static_cast<int>(low)});
    if (*value > high)
        return std::unexpected(SyncFault{14, static_cast<int>(high)});
    return std::chrono::seconds(*value * unit);
}

} // namespace

std::expected<SyncRequest, SyncFault>
read_sync_request(const wbxml::Node& root, Version version, WaitBounds bounds) {
    SyncRequest request;
    bool valid = true;
    const auto wait = read_wait(root, bounds);
    if (!wait)
        return std::unexpected(wait.error());
    request.wait = *wait;
    request.window_size = window_of(root, valid);
    request.partial = root.has(as::Partial);
    if (!valid)
        return std::unexpected(SyncFault{4});
    const auto* collections = root.find(as::Collections);
    if (collections == nullptr || collections->children.empty()) {
        if (!request.partial)
            return std::unexpected(SyncFault{4});
        return request;
    }
    for (const auto& node : collections->all(as::Collection)) {
        if (request.collections.size() >= limits::kEasCollections)
            return std::unexpected(SyncFault{15, static_cast<int>(limits::kEasCollections)});
        auto collection = read_collection(node, version);
        if (!collection)
            return std::unexpected(collection.error());
        request.collections.push_back(std::move(*collection));
    }
    return request;
}

} // namespace lockstep::activesync
