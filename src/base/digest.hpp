// The hashes that wire formats name: SHA-1 (never for security) and SHA-2.
#pragma once
#include <string>
#include <string_view>

namespace lockstep {

enum class ShaKind { sha1, sha256, sha512 };
/// The raw hash: 20, 32 or 64 bytes.
[[nodiscard]] std::string sha(ShaKind kind, std::string_view bytes);

} // namespace lockstep
