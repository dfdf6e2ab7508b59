// HTML to text: a tokenizer that keeps what a reader would see; see html.hpp.
// Invariants: every byte is passed once. What is never closed (a comment, a quoted attribute, a
// script) swallows the rest,
//   as it does in a browser, so that no search starts twice.
#include "codec/mime/html.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/mime/entities.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kTagNameBytes = 12;
constexpr std::size_t kLinkBytes = 2'000;

/// Collects text with collapsed blanks and at most one empty line in a row.
class TextSink {
public:
    explicit TextSink(std::size_t max_bytes) : max_(max_bytes) {}

    void text(std::string_view run) {
        for (std::size_t at = 0; at < run.size();) {
            if (is_space(run[at])) {
                space_ = true;
                ++at;
                continue;
            }
            auto end = at;
            while (end < run.size() && !is_space(run[end]))
                ++end;
            word(run.substr(at, end - at));
            at = end;
        }
    }
    void preformatted(std::string_view run) {
        for (const char c : run) {
            if (c == '\r')
                continue;
            if (c == '\n') {
                flush();
                out_ += "\r\n";
            } else {
                word(std::string_view(&c, 1));
            }
        }
    }
    void word(std::string_view bytes) {
        flush();
        out_ += bytes;
    }
    /// At least `count` line breaks before what comes next.
    void breaks(std::size_t count) {
        breaks_ = std::max(breaks_, count);
        space_ = false;
    }
    void line_break() {
        if (breaks_ > 0 && !out_.empty())
            ++hard_breaks_;
        breaks(1);
    }
    void space() { space_ = true; }
    [[nodiscard]] bool full() const { return out_.size() >= max_; }
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] std::string_view since(std::size_t at) const {
        return std::string_view(out_).substr(std::min(at, out_.size()));
    }

    std::string finish() {
        if (!out_.empty() && breaks_ > 0 && out_.size() + 2 <= max_)
            out_ += "\r\n";
        if (out_.size() > max_)
            out_.resize(utf8_prefix(out_, max_).size());
        return std::move(out_);
    }

private:
    void flush() {
        if (out_.empty()) {
            // Blanks and breaks before the first word mean nothing.
        } else if (breaks_ > 0) {
            const auto count = std::min<std::size_t>(std::max(breaks_, 1 + hard_breaks_), 2);
            for (std::size_t i = 0; i < count; ++i)
                out_ += "\r\n";
        } else if (space_) {
            out_ += ' ';
        }
        breaks_ = 0;
        hard_breaks_ = 0;
        space_ = false;
    }

    std::size_t max_;
    std::string out_;
    std::size_t breaks_ = 0;
    std::size_t hard_breaks_ = 0; ///< <br> after a break: an empty line
    bool space_ = false;
};

struct Tag {
    std::string name; ///< lower-case
    bool closing = false;
    std::string_view attributes;
};

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) {
    return std::ranges::find(names, name) != names.end();
}

/// Value of an attribute, entities decoded; empty when absent or absurdly long.
std::string attribute(std::string_view attributes, std::string_view wanted) {
    std::size_t at = 0;
    while (at < attributes.size()) {
        while (at < attributes.size() && (is_space(attributes[at]) || attributes[at] == '/'))
            ++at;
        const auto start = at;
        while (at < attributes.size() && !is_space(attributes[at]) && attributes[at] != '=')
            ++at;
        const auto name = attributes.substr(start, at - start);
        while (at < attributes.size() && is_space(attributes[at]))
            ++at;
        if (at == attributes.size() || attributes[at] != '=') {
            if (at == start)
                ++at;
            continue;
        }
        ++at;
        while (at < attributes.size() && is_space(attributes[at]))
            ++at;
        std::string_view raw;
        if (at < attributes.size() && (attributes[at] == '"' || attributes[at] == '\'')) {
            const auto end = std::min(attributes.find(attributes[at], at + 1), attributes.size());
            raw = attributes.substr(at + 1, end - at - 1);
            at = std::min(end + 1, attributes.size());
        } else {
            const auto value = at;
            while (at < attributes.size() && !is_space(attributes[at]))
                ++at;
            raw = attributes.substr(value, at - value);
        }
        if (iequals(name, wanted) && raw.size() <= kLinkBytes)
            return decode_entities(raw);
    }
    return {};
}

class HtmlReader {
public:
    HtmlReader(std::string_view html, std::size_t max_bytes, Links links)
        : html_(html), links_(links), sink_(max_bytes) {}

    std::string run() {
        while (at_ < html_.size() && !sink_.full()) {
            const char c = html_[at_];
            if (c == '<') {
                take_markup();
            } else if (c == '&') {
                take_entity();
            } else {
                const auto end = std::min(html_.find_first_of("<&", at_), html_.size());
                put(html_.substr(at_, end - at_));
                at_ = end;
            }
        }
        return sink_.finish();
    }

private:
    void put(std::string_view run) {
        if (pre_ > 0) {
            sink_.preformatted(run);
        } else {
            sink_.text(run);
        }
    }

    void take_entity() {
        std::string character;
        const auto length = decode_entity(html_.substr(at_), character);
        if (length == 0) {
            sink_.word("&");
            ++at_;
            return;
        }
        at_ += length;
        if (character == "\xC2\xA0" || (character.size() == 1 && is_space(character.front()))) {
            sink_.space();
        } else if (!character.empty()) {
            sink_.word(character);
        }
    }

    void take_markup() {
        const auto rest = html_.substr(at_);
        if (rest.starts_with("<!--")) {
            const auto end = html_.find("-->", at_ + 2);
            at_ = end == std::string_view::npos ? html_.size() : end + 3;
            return;
        }
        const char next = rest.size() > 1 ? rest[1] : ' ';
        if (next == '!' || next == '?') {
            const auto end = html_.find('>', at_);
            at_ = end == std::string_view::npos ? html_.size() : end + 1;
            return;
        }
        const char first = ascii_lower(next == '/' && rest.size() > 2 ? rest[2] : next);
        if (first < 'a' || first > 'z') {
            sink_.word("<");
            ++at_;
            return;
        }
        apply(take_tag());
    }

    Tag take_tag() {
        Tag tag;
        ++at_;
        if (html_[at_] == '/') {
            tag.closing = true;
            ++at_;
        }
        const auto start = at_;
        while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '>' && html_[at_] != '/'
        )
            ++at_;
        tag.name = lower(html_.substr(start, std::min(at_ - start, kTagNameBytes)));
        const auto attributes = at_;
        while (at_ < html_.size() && html_[at_] != '>') {
            if (html_[at_] == '"' || html_[at_] == '\'') {
                const bool value =
                    at_ > attributes && (html_[at_ - 1] == '=' || is_space(html_[at_ - 1]));
                if (value)
                    at_ = std::min(html_.find(html_[at_], at_ + 1), html_.size() - 1);
            }
            ++at_;
        }
        tag.attributes = html_.substr(attributes, std::min(at_, html_.size()) - attributes);
        at_ = std::min(at_ + 1, html_.size());
        return tag;
    }

    void apply(const Tag& tag) {
        constexpr std::array<std::string_view, 5> kRaw{
            "script", "style", "title", "template", "textarea"
        };
        constexpr std::array<std::string_view, 12> kParagraph{"p",  "h1", "h2",         "h3",
                                                              "h4", "h5", "h6",         "ul",
                                                              "ol", "dl", "blockquote", "pre"};
        constexpr std::array<std::string_view, 17> kBlock{
            "div", "tr",      "li",     "table", "section", "article", "header", "footer", "dt",
            "dd",  "address", "center", "form",  "main",    "aside",   "figure", "caption"
        };
        const auto& name = tag.name;
        if (name == "br") {
            sink_.line_break();
        } else if (name == "td" || name == "th") {
            sink_.space();
        } else if (name == "hr") {
            sink_.breaks(1);
            sink_.word("----------");
            sink_.breaks(1);
        } else if (name == "a") {
            apply_link(tag);
        } else if (name == "img") {
            apply_image(tag);
        } else if (one_of(name, kRaw)) {
            if (!tag.closing)
                skip_raw(name);
        } else if (one_of(name, kParagraph)) {
            sink_.breaks(2);
            if (name == "pre")
                pre_ = tag.closing ? 0 : 1;
        } else if (one_of(name, kBlock)) {
            sink_.breaks(1);
            if (name == "li" && !tag.closing) {
                sink_.word("-");
                sink_.space();
            }
        }
    }

    void skip_raw(std::string_view name) {
        auto end = html_.find("</", at_);
        while (end != std::string_view::npos && !istarts_with(html_.substr(end + 2), name))
            end = html_.find("</", end + 2);
        at_ = end == std::string_view::npos ? html_.size() : end;
    }

    void apply_link(const Tag& tag) {
        if (links_ == Links::drop)
            return;
        if (!tag.closing) {
            link_ = attribute(tag.attributes, "href");
            link_start_ = sink_.size();
            return;
        }
        const auto target = istarts_with(link_, "mailto:") ? std::string_view(link_).substr(7)
                                                           : std::string_view(link_);
        const bool known = istarts_with(link_, "http:") || istarts_with(link_, "https:") ||
                           istarts_with(link_, "mailto:");
        const auto shown = trim(sink_.since(link_start_));
        if (known && !shown.empty() && shown != target && !shown.ends_with(target)) {
            sink_.space();
            sink_.word("<" + std::string(target) + ">");
        }
        link_.clear();
    }

    void apply_image(const Tag& tag) {
        if (links_ == Links::drop)
            return;
        const auto alternative = attribute(tag.attributes, "alt");
        if (!alternative.empty())
            sink_.text("[" + alternative + "]");
    }

    std::string_view html_;
    Links links_;
    TextSink sink_;
    std::size_t at_ = 0;
    int pre_ = 0;
    std::string link_;
    std::size_t link_start_ = 0;
};

} // namespace

std::string html_to_text(std::string_view html, std::size_t max_bytes, Links links) {
    return HtmlReader(html, max_bytes, links).run();
}

} // namespace lockstep::mime
