// The tables behind names and the version gate, filled from tokens.def at compile time.
// Spec: MS-ASWBXML 2.1.2.1.
#include "codec/wbxml/tags.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lockstep::wbxml {

namespace {

struct TagRow {
    std::string_view name;
    Version since = Version::v16_1;
    Version until = Version::v2_5;
};

struct TagTable {
    std::array<std::string_view, kPages> pages;
    std::array<std::array<TagRow, kTokens>, kPages> rows;
};

constexpr TagTable make_tag_table() {
    TagTable table{};
#define LOCKSTEP_WBXML_PAGE(page, space, name) table.pages[page] = name;
#define LOCKSTEP_WBXML_TAG(page, space, name, token, since, until)                                 \
    table.rows[page][token] = {#name, Version::since, Version::until};
#include "codec/wbxml/tokens.def"
#undef LOCKSTEP_WBXML_PAGE
#undef LOCKSTEP_WBXML_TAG
    return table;
}

constexpr TagTable kTagTable = make_tag_table();

const TagRow* find_row(Tag tag) {
    if (tag.page >= kPages || tag.token >= kTokens)
        return nullptr;
    const auto& row = kTagTable.rows[tag.page][tag.token];
    return row.name.empty() ? nullptr : &row;
}

} // namespace

std::string_view name_of(Tag tag) {
    const auto* row = find_row(tag);
    return row ? row->name : std::string_view{};
}

std::string_view namespace_of(std::size_t page) {
    return page < kPages ? kTagTable.pages[page] : std::string_view{};
}

std::optional<Tag> tag_by_name(std::size_t page, std::string_view name) {
    if (page >= kPages || name.empty())
        return std::nullopt;
    const auto& rows = kTagTable.rows[page];
    for (std::size_t token = 0; token < kTokens; ++token)
        if (rows[token].name == name)
            return Tag{static_cast<std::uint8_t>(page), static_cast<std::uint8_t>(token)};
    return std::nullopt;
}

bool known(Tag tag) { return find_row(tag) != nullptr; }

bool sendable(Tag tag, Version version) {
    const auto* row = find_row(tag);
    return row && row->since <= version && version <= row->until;
}

} // namespace lockstep::wbxml
