// Ids of JMAP and what they stand for: a letter for the kind, then numbers.
// Spec: RFC 8620 1.2 (1 to 255 of A-Za-z0-9_-, not beginning with a digit or a dash).
// Invariants: an id is the same for the life of its object; an item keeps its id when it moves
// within its account; ids of other kinds and other accounts never match.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/model.hpp"

namespace lockstep::jmap {

/// Whether the text may be an Id at all.
[[nodiscard]] bool is_id(std::string_view text);

[[nodiscard]] std::string numbered(char kind, std::int64_t number);
/// The number of an id of this kind; nothing for any other text.
[[nodiscard]] std::optional<std::int64_t> number_of(char kind, std::string_view id);

[[nodiscard]] inline std::string account_id(model::AccountId id) { return numbered('a', id.value); }
[[nodiscard]] inline std::string collection_id(model::CollectionId id) {
    return numbered('c', id.value);
}
[[nodiscard]] inline std::string item_id(model::ItemId id) { return numbered('i', id.value); }
[[nodiscard]] std::optional<model::AccountId> parse_account_id(std::string_view id);
[[nodiscard]] std::optional<model::CollectionId> parse_collection_id(std::string_view id);
[[nodiscard]] std::optional<model::ItemId> parse_item_id(std::string_view id);

/// Bytes that JMAP shows as a blob: an item's stored form, one part of a mail, or an upload.
struct BlobRef {
    enum class Kind { item, part, upload };
    Kind kind = Kind::item;
    std::int64_t number = 0; ///< item or upload
    /// ChangeSeq of the item's bytes: a blob never changes, so other bytes are another blob.
    std::int64_t content = 0;
    std::uint32_t part = 0; ///< index in the flat list of parts
    friend bool operator==(const BlobRef&, const BlobRef&) = default;
};
[[nodiscard]] std::string blob_id(const BlobRef& ref);
[[nodiscard]] std::optional<BlobRef> parse_blob_id(std::string_view id);

} // namespace lockstep::jmap
