// The recipient information cache: a folder of its own kind, which lists whom the person writes to.
// Spec: MS-ASCMD 2.2.3.30.6 (its id is "RI"), 2.2.3.103.2 MaxItems, 2.2.3.186.3 (type 19);
// MS-ASCNTC 3.2.4.4 (which elements), 2.2.2.64 WeightedRank. From 14.0 on.
// Invariants: clients only read it; its state is the list itself, which is short.
#pragma once
#include "protocols/activesync/folder_state.hpp"
#include "protocols/activesync/sync_answer.hpp"

namespace lockstep::activesync {

inline constexpr std::string_view kRecipientFolder = "RI";

[[nodiscard]] inline bool is_recipient_folder(const Exchange& exchange, std::string_view id) {
    return id == kRecipientFolder && exchange.at_least(wbxml::Version::v14_0);
}
/// As FolderSync tells it to a device that begins.
[[nodiscard]] FolderChange recipient_folder(const Exchange& exchange);

/// Answers its Collection in a Sync without commands.
[[nodiscard]] Task<Result<>> sync_recipients(
    Exchange& exchange, const CollectionRequest& request, wbxml::Writer& out, Budget& budget
);

struct RecipientEstimate {
    int status = 1;
    std::size_t count = 0;
};
[[nodiscard]] Task<Result<RecipientEstimate>>
estimate_recipients(Exchange& exchange, std::string_view key, const wbxml::Node* options);

} // namespace lockstep::activesync
