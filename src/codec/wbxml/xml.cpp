// WBXML as readable XML, without recursion.
// Spec: XML 1.0 2.4 (escaping), 2.11 (CR must be escaped to survive); Namespaces in XML 1.0.
#include "codec/wbxml/xml.hpp"

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/markup.hpp"
#include "base/text.hpp"
#include "codec/wbxml/text_run.hpp"

namespace lockstep::wbxml {

namespace {

using PageSet = std::bitset<kPages>;

PageSet pages_of(const Node& root) {
    PageSet pages;
    std::vector<const Node*> todo{&root};
    while (!todo.empty()) {
        const auto* node = todo.back();
        todo.pop_back();
        if (node->tag.page < kPages)
            pages.set(node->tag.page);
        for (const auto& child : node->children)
            todo.push_back(&child);
    }
    return pages;
}

bool is_password(Tag tag) {
    return tag == settings::Password || tag == item_operations::Password || tag == search::Password;
}

/// A carriage return as it is would be read back as a line feed.
std::string escaped(std::string_view text) {
    return replace_all(escape_markup(text), "\r", "&#13;");
}

class XmlPrinter {
public:
    XmlPrinter(const Node& root, const XmlStyle& style) : root_(root), style_(style) {}

    std::string print() && {
        out_ = R"(<?xml version="1.0" encoding="utf-8"?>)";
        open(root_);
        while (!open_.empty()) {
            auto& top = open_.back();
            if (top.next == top.node->children.size()) {
                const auto* node = top.node;
                open_.pop_back();
                close(*node);
            } else {
                open(top.node->children[top.next++]);
            }
        }
        if (style_.indent)
            out_ += '\n';
        return std::move(out_);
    }

private:
    struct OpenNode {
        const Node* node;
        std::size_t next = 0;
    };

    void open(const Node& node) {
        new_line(open_.size());
        out_ += '<';
        append_name(node.tag);
        if (&node == &root_)
            append_namespaces();
        if (node.text.empty() && node.children.empty()) {
            out_ += "/>";
            return;
        }
        out_ += '>';
        append_text(node);
        open_.push_back({&node});
    }

    void close(const Node& node) {
        if (!node.children.empty())
            new_line(open_.size());
        out_ += "</";
        append_name(node.tag);
        out_ += '>';
    }

    void new_line(std::size_t depth) {
        if (!style_.indent)
            return;
        out_ += '\n';
        out_.append(depth * 2, ' ');
    }

    void append_name(Tag tag) {
        if (tag.page != root_.tag.page)
            out_.append(lower(namespace_of(tag.page))).append(":");
        out_ += name_of(tag);
    }

    void append_namespaces() {
        const auto pages = pages_of(root_);
        out_.append(" xmlns=\"").append(namespace_of(root_.tag.page)).append("\"");
        for (std::size_t page = 0; page < kPages; ++page) {
            if (!pages.test(page) || page == root_.tag.page)
                continue;
            const auto name = namespace_of(page);
            out_.append(" xmlns:").append(lower(name)).append("=\"").append(name).append("\"");
        }
    }

    void append_text(const Node& node) {
        if (style_.mask_passwords && is_password(node.tag)) {
            out_ += "***";
            return;
        }
        // Cut before the conversion: a log must not pay for 100 MB of attachment.
        const auto shown = utf8_prefix(node.text, style_.text_limit);
        out_ += escaped(is_clean(shown) ? std::string(shown) : base64(shown));
        if (shown.size() < node.text.size())
            out_.append("... (").append(std::to_string(node.text.size())).append(" bytes)");
    }

    const Node& root_;
    const XmlStyle& style_;
    std::string out_;
    std::vector<OpenNode> open_;
};

} // namespace

std::string to_xml(const Node& root, const XmlStyle& style) {
    return XmlPrinter(root, style).print();
}

Result<std::string> to_xml(std::string_view bytes, const XmlStyle& style) {
    TRY(const auto root, parse(bytes));
    return to_xml(root, style);
}

} // namespace lockstep::wbxml
