// Writing and reading of ids.
#include "protocols/jmap/ids.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::jmap {
namespace {

/// Decimal without leading zeros: one object has one id.
std::optional<std::int64_t> canonical(std::string_view digits) {
    if (digits.empty() || !is_digit(digits.front()) || (digits.size() > 1 && digits.front() == '0'))
        return std::nullopt;
    return parse_int(digits);
}

bool is_id_char(char c) {
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' || c == '_';
}

} // namespace

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, is_id_char);
}

std::string numbered(char kind, std::int64_t number) { return fmt::format("{}{}", kind, number); }

std::optional<std::int64_t> number_of(char kind, std::string_view id) {
    if (id.size() < 2 || id.front() != kind)
        return std::nullopt;
    return canonical(id.substr(1));
}

std::optional<model::AccountId> parse_account_id(std::string_view id) {
    const auto number = number_of('a', id);
    return number ? std::optional(model::AccountId{*number}) : std::nullopt;
}

std::optional<model::CollectionId> parse_collection_id(std::string_view id) {
    const auto number = number_of('c', id);
    return number ? std::optional(model::CollectionId{*number}) : std::nullopt;
}

std::optional<model::ItemId> parse_item_id(std::string_view id) {
    const auto number = number_of('i', id);
    return number ? std::optional(model::ItemId{*number}) : std::nullopt;
}

std::string blob_id(const BlobRef& ref) {
    switch (ref.kind) {
    case BlobRef::Kind::item:
        return fmt::format("b{}_{}", ref.number, ref.content);
    case BlobRef::Kind::part:
        return fmt::format("p{}_{}_{}", ref.number, ref.content, ref.part);
    case BlobRef::Kind::upload:
        return fmt::format("u{}", ref.number);
    }
    return {};
}

std::optional<BlobRef> parse_blob_id(std::string_view id) {
    if (id.empty())
        return std::nullopt;
    const auto numbers = split(id.substr(1), '_');
    BlobRef ref;
    std::size_t wanted = 0;
    switch (id.front()) {
    case 'b':
        ref.kind = BlobRef::Kind::item;
        wanted = 2;
        break;
    case 'p':
        ref.kind = BlobRef::Kind::part;
        wanted = 3;
        break;
    case 'u':
        ref.kind = BlobRef::Kind::upload;
        wanted = 1;
        break;
    default:
        return std::nullopt;
    }
    if (numbers.size() != wanted)
        return std::nullopt;
    std::int64_t values[3] = {};
    for (std::size_t i = 0; i < wanted; ++i) {
        const auto value = canonical(numbers[i]);
        if (!value)
            return std::nullopt;
        values[i] = *value;
    }
    if (values[2] > 0xFFFF)
        return std::nullopt;
    ref.number = values[0];
    ref.content = values[1];
    ref.part = static_cast<std::uint32_t>(values[2]);
    return ref;
}

} // namespace lockstep::jmap
