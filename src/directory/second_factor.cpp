// Codes of authenticator apps, and the rows of second factors.
#include "directory/second_factor.hpp"

#include <array>

#include <fmt/format.h>

#include "base/crypto.hpp"
#include "base/digest.hpp"
#include "directory/rows.hpp"

namespace lockstep::directory {
namespace {

using store::Bytes;
using store::Sql;

constexpr Sql kListFactors{"SELECT factor_id, kind, name, secret, public_key, counter, created_us, "
                           "used_us FROM second_factor WHERE account_id = $1 ORDER BY factor_id"};
constexpr Sql kHasFactor{"SELECT 1 FROM second_factor WHERE account_id = $1 LIMIT 1"};
constexpr Sql kAddFactor{"INSERT INTO second_factor (account_id, factor_id, kind, name, secret, "
                         "public_key, counter, created_us, used_us) "
                         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr Sql kDropFactor{"DELETE FROM second_factor WHERE account_id = $1 AND factor_id = $2"};
constexpr Sql kUseFactor{"UPDATE second_factor SET counter = $3, used_us = $4 "
                         "WHERE account_id = $1 AND factor_id = $2 AND counter < $3"};
constexpr Sql kFactorsChanged{"UPDATE account SET generation = generation + 1 WHERE account_id = $1"
};

constexpr std::int64_t kStepUs = 30'000'000;
constexpr std::size_t kShaBlock = 64;

/// RFC 2104 with SHA-1, as every authenticator app computes codes.
std::string hmac_sha1(std::string_view key, std::string_view bytes) {
    std::string block = key.size() > kShaBlock ? sha(ShaKind::sha1, key) : std::string(key);
    block.resize(kShaBlock, '\0');
    std::string inner = block;
    std::string outer = block;
    for (auto& c : inner)
        c = static_cast<char>(c ^ 0x36);
    for (auto& c : outer)
        c = static_cast<char>(c ^ 0x5C);
    return sha(ShaKind::sha1, outer + sha(ShaKind::sha1, inner + std::string(bytes)));
}

} // namespace

std::vector<SecondFactor> list_factors(store::Snapshot& snapshot, model::AccountId account) {
    std::vector<SecondFactor> all;
    for (auto rows = snapshot.query(kListFactors, account); rows.next();)
        all.push_back(
            {rows.i64(0), static_cast<FactorKind>(rows.i64(1)), rows.str(2), rows.str(3),
             rows.str(4), rows.i64(5), rows.i64(6), rows.i64(7)}
        );
    return all;
}

bool has_factor(store::Snapshot& snapshot, model::AccountId account) {
    return snapshot.scalar(kHasFactor, account).has_value();
}

std::int64_t add_factor(store::Txn& txn, model::AccountId account, const SecondFactor& factor) {
    const auto id = next_number(txn, "second_factor");
    txn.exec(
        kAddFactor, account, id, factor.kind, factor.name, Bytes{factor.secret}, Bytes{factor.key},
        factor.counter, factor.created_us, factor.used_us
    );
    txn.exec(kFactorsChanged, account);
    return id;
}

bool remove_factor(store::Txn& txn, model::AccountId account, std::int64_t id) {
    txn.exec(kFactorsChanged, account);
    return txn.exec(kDropFactor, account, id) == 1;
}

bool use_factor(
    store::Txn& txn, model::AccountId account, std::int64_t id, std::int64_t counter,
    std::int64_t now_us
) {
    return txn.exec(kUseFactor, account, id, counter, now_us) == 1;
}

std::string code_of_step(std::string_view secret, std::int64_t step) {
    std::array<char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i)
        counter[i] = static_cast<char>(static_cast<std::uint64_t>(step) >> (56U - 8U * i));
    const auto mac = hmac_sha1(secret, {counter.data(), counter.size()});
    const auto byte = [&mac](std::size_t at) {
        return std::uint32_t{static_cast<unsigned char>(mac[at])};
    };
    const std::size_t at = byte(19) & 0x0FU;
    const auto number =
        (byte(at) & 0x7FU) << 24U | byte(at + 1) << 16U | byte(at + 2) << 8U | byte(at + 3);
    return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> step_of_code(
    std::string_view secret, std::string_view code, std::int64_t now_us, std::int64_t after
) {
    const auto now = now_us / kStepUs;
    std::optional<std::int64_t> found;
    // All three are compared, so that the time tells nothing.
    for (auto step = now - 1; step <= now + 1; ++step)
        if (constant_time_equal(code_of_step(secret, step), code) && step > after)
            found = step;
    return found;
}

std::string base32(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : bytes) {
        bits = bits << 8U | static_cast<unsigned char>(c);
        for (held += 8; held >= 5; held -= 5)
            text += alphabet[bits >> (held - 5U) & 31U];
    }
    if (held > 0)
        text += alphabet[bits << (5U - held) & 31U];
    return text;
}

} // namespace lockstep::directory
