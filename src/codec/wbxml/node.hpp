// A decoded WBXML document as a tree: what command parsers read.
// Spec: MS-ASWBXML 2.1; hardening W1, W2.
// Invariants: depth <= limits::kWbxmlDepth, nodes <= limits::kWbxmlElements, every tag is known.
#pragma once
#include <cstddef>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/wbxml/tags.hpp"

namespace lockstep::wbxml {

/// An element: its text (inline strings and opaque data joined, in order) and its child elements.
struct Node {
    Tag tag;
    std::string text;
    bool opaque =
        false; ///< some of the text came as opaque data: bytes as sent; otherwise it is clean UTF-8
    std::vector<Node> children;

    /// The first child with that tag, or nullptr. Lives as long as this node is unchanged.
    [[nodiscard]] const Node* find(Tag child) const;
    /// The text of the first child with that tag; the fallback when there is none. An empty element
    /// gives an empty text, not the fallback.
    [[nodiscard]] std::string_view text_of(Tag child, std::string_view fallback = {}) const;
    [[nodiscard]] bool has(Tag child) const { return find(child) != nullptr; }
    /// Every child with that tag, in document order: `for (const auto& add :
    /// commands.all(air_sync::Add))`. Refuses temporaries, whose children would be gone inside the
    /// loop.
    [[nodiscard]] auto all(Tag child) const& {
        return children |
               std::views::filter([child](const Node& node) { return node.tag == child; });
    }
    auto all(Tag child) const&& = delete;

    friend bool operator==(const Node&, const Node&) = default;
};

class Writer;

/// Writes an element and all it contains; its text before its children.
void write(Writer& out, const Node& root);

/// The root element of a whole document. Unknown tags and pages are left out with all they contain.
/// Errors: bad_syntax (not this grammar, cut short, bytes after the end), too_large (depth, count).
[[nodiscard]] Result<Node> parse(std::string_view bytes);

} // namespace lockstep::wbxml
