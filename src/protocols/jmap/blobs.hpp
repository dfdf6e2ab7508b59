// Finding the bytes that a blob id stands for.
#pragma once
#include <optional>
#include <string>

#include "office/bytes.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {

struct FoundBlob {
    office::Span span;                  ///< the stored bytes
    std::optional<std::string> decoded; ///< those of a part whose transfer encoding was undone
    [[nodiscard]] std::uint64_t size() const { return decoded ? decoded->size() : span.length; }
};
/// Errors: not_found (also for what the actor may not read, and bytes that were replaced since).
[[nodiscard]] Task<Result<FoundBlob>> find_blob(
    office::Office& office, const office::Actor& actor, const office::Owner& owner, BlobRef ref
);
/// All of it, decoded. Errors: as above, too_large.
[[nodiscard]] Task<Result<std::string>> read_blob(
    office::Office& office, const office::Actor& actor, const office::Owner& owner, BlobRef ref
);

} // namespace lockstep::jmap
