// WBXML document to tree, with a stack instead of recursion.
// Spec: MS-ASWBXML 2.1; hardening W2.
#include "codec/wbxml/node.hpp"

#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/wbxml/reader.hpp"
#include "codec/wbxml/text_run.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::wbxml {

const Node* Node::find(Tag child) const {
    for (const auto& node : children)
        if (node.tag == child)
            return &node;
    return nullptr;
}

std::string_view Node::text_of(Tag child, std::string_view fallback) const {
    const auto* node = find(child);
    return node ? std::string_view(node->text) : fallback;
}

namespace {

/// Takes the events of a document and holds the elements that are open.
class TreeBuilder {
public:
    void take(const Event& event) {
        switch (event.kind) {
        case Event::Kind::open:
            open_.emplace_back();
            open_.back().tag = event.tag;
            break;
        case Event::Kind::close:
            close();
            break;
        case Event::Kind::text:
            open_.back().text += event.bytes;
            break;
        case Event::Kind::opaque:
            open_.back().text += event.bytes;
            open_.back().opaque = true;
            break;
        case Event::Kind::end:
            break;
        }
    }

    Result<Node> finish() && {
        if (root_.tag == Tag{})
            return fail(Code::bad_syntax, "WBXML: unknown root element");
        return std::move(root_);
    }

private:
    void close() {
        auto node = std::move(open_.back());
        open_.pop_back();
        // Cleaned here and not piece by piece: a client may cut a character between two strings.
        if (!node.opaque && !is_clean(node.text)) {
            std::string clean;
            append_clean(clean, node.text);
            node.text = std::move(clean);
        }
        if (open_.empty())
            root_ = std::move(node);
        else
            open_.back().children.push_back(std::move(node));
    }

    std::vector<Node> open_;
    Node root_;
};

} // namespace

void write(Writer& out, const Node& root) {
    std::vector<const Node*> todo{&root}; // nullptr: close the innermost element
    while (!todo.empty()) {
        const auto* node = todo.back();
        todo.pop_back();
        if (!node) {
            out.close();
            continue;
        }
        out.open(node->tag);
        if (node->opaque)
            out.opaque(node->text);
        else
            out.text(node->text);
        todo.push_back(nullptr);
        for (const auto& child : node->children | std::views::reverse)
            todo.push_back(&child);
    }
}

Result<Node> parse(std::string_view bytes) {
    TRY(auto reader, Reader::create(bytes));
    TreeBuilder builder;
    while (true) {
        TRY(const auto event, reader.next());
        if (event.kind == Event::Kind::end)
            break;
        builder.take(event);
    }
    return std::move(builder).finish();
}

} // namespace lockstep::wbxml
