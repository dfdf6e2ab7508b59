// One bit for each sequence.
#include "store/search_signature.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace lockstep::store {
namespace {

constexpr std::size_t kSmallestSignature = 32;
constexpr std::size_t kLargestSignature = 8'192;
constexpr std::size_t kNeedleGrams = 64; ///< of a needle: more would hardly tell more

std::uint32_t gram_hash(const char* at) {
    const auto gram = static_cast<std::uint32_t>(static_cast<unsigned char>(at[0])) << 16U |
                      static_cast<std::uint32_t>(static_cast<unsigned char>(at[1])) << 8U |
                      static_cast<std::uint32_t>(static_cast<unsigned char>(at[2]));
    return (gram * 0x9E3779B1U) >> 16U; // 16 bits: as many as the largest signature has
}

void sign(std::string& out, std::string_view text) {
    const auto mask = out.size() * 8 - 1;
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const auto bit = gram_hash(text.data() + i) & mask;
        out[bit / 8] = static_cast<char>(static_cast<unsigned char>(out[bit / 8]) | 1U << bit % 8);
    }
}

} // namespace

std::string signature_of(std::string_view header, std::string_view body) {
    const auto wanted = std::bit_ceil((header.size() + body.size()) / 8 + 1);
    std::string out(std::clamp(wanted, kSmallestSignature, kLargestSignature), '\0');
    sign(out, header);
    sign(out, body);
    return out;
}

Needle::Needle(std::string_view text) {
    for (std::size_t i = 0; i + 2 < text.size() && i < kNeedleGrams; ++i)
        hashes_.push_back(gram_hash(text.data() + i));
}

bool Needle::may_be_in(std::string_view signature) const {
    if (!std::has_single_bit(signature.size()))
        return true;
    const auto mask = signature.size() * 8 - 1;
    return std::ranges::all_of(hashes_, [&](std::uint32_t hash) {
        const auto bit = hash & mask;
        return (static_cast<unsigned char>(signature[bit / 8]) >> bit % 8 & 1U) != 0;
    });
}

} // namespace lockstep::store
