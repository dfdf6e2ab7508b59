// Random documents for tests and fuzzers: any tag of a version, any text that may be written.
// Invariants: the same seed gives the same tree; depth and size stay within the limits.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "codec/wbxml/node.hpp"

namespace lockstep::wbxml {

class RandomNodes {
public:
    /// `tags`: what the trees are made of; not empty.
    RandomNodes(std::uint32_t seed, std::vector<Tag> tags)
        : random_(seed), tags_(std::move(tags)) {}

    /// A tree of at most `size` nodes below the root, at most `depth` levels below it.
    [[nodiscard]] Node tree(std::size_t size, std::size_t depth) {
        Node root;
        root.tag = any_tag();
        std::vector<Node*> path{&root};
        for (std::size_t i = 0; i < size; ++i) {
            // Up by some levels, then one child down: references to the path stay valid, because
            // only the last child of a node is ever on it.
            const auto keep = 1 + below(path.size());
            path.resize(std::min(keep, depth));
            auto& child = path.back()->children.emplace_back();
            child.tag = any_tag();
            if (below(3) == 0)
                fill(child);
            path.push_back(&child);
        }
        return root;
    }

    [[nodiscard]] Tag any_tag() { return tags_[below(tags_.size())]; }

    /// Clean UTF-8 of every length of sequence.
    [[nodiscard]] std::string any_text() {
        std::string text;
        for (auto left = below(20); left > 0; --left) {
            constexpr char32_t kSamples[] = {U'a', U'<',      U'&',      U' ',
                                             U'9', U'\u00DF', U'\u20AC', U'\U0001F600'};
            append_utf8(text, kSamples[below(std::size(kSamples))]);
        }
        return text;
    }

private:
    std::size_t below(std::size_t bound) { return random_() % bound; }

    void fill(Node& node) {
        if (below(4) != 0) {
            node.text = any_text();
            return;
        }
        for (auto left = 1 + below(300); left > 0; --left)
            node.text += static_cast<char>(below(256));
        node.opaque = true;
    }

    std::mt19937 random_;
    std::vector<Tag> tags_;
};

/// Every tag that may be sent to a version.
[[nodiscard]] inline std::vector<Tag> tags_of(Version version) {
    std::vector<Tag> tags;
    for (std::size_t page = 0; page < kPages; ++page)
        for (std::size_t token = 0; token < kTokens; ++token) {
            const Tag tag{static_cast<std::uint8_t>(page), static_cast<std::uint8_t>(token)};
            if (sendable(tag, version))
                tags.push_back(tag);
        }
    return tags;
}

} // namespace lockstep::wbxml
