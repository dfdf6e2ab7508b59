// Signatures: which three-byte sequences a text holds, in few bytes, so that most texts need not be
// looked into. Invariants: a text that holds a needle passes; the other way round it may err.
// Linear time.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::store {

/// 32 to 8,192 bytes, a power of two.
[[nodiscard]] std::string signature_of(std::string_view header, std::string_view body);

/// A needle ready to be compared with many signatures.
class Needle {
public:
    explicit Needle(std::string_view text);
    [[nodiscard]] bool may_be_in(std::string_view signature) const;

private:
    std::vector<std::uint32_t> hashes_;
};

} // namespace lockstep::store
