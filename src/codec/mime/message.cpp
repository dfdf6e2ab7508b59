// The tree scanner: one pass over the lines, a stack of open parts instead of recursion.
// Invariants: every byte is looked at a constant number of times per open boundary (at most
// kMimeDepth).
#include "codec/mime/message.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/part_header.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kBoundaryBytes = 1'000; // RFC 2046 allows 70; beyond this it is no boundary

struct OpenPart {
    std::uint32_t part = 0;
    bool has_boundary = false;
    bool finished = false;    ///< its closing delimiter was seen: what follows is epilogue
    std::size_t newlines = 0; ///< line feeds before its body
};

struct Delimiter {
    std::size_t frame = 0; ///< index into the stack
    bool closing = false;
};

class TreeScanner {
public:
    explicit TreeScanner(std::string_view bytes) : bytes_(bytes) { message_.bytes = bytes; }

    Message run() {
        open(kNoPart);
        while (at_ < bytes_.size()) {
            const auto line = next_line();
            if (const auto delimiter = match(line)) {
                take_delimiter(*delimiter, line);
            } else {
                at_ += line.size();
                newlines_ += line.ends_with('\n') ? 1 : 0;
            }
        }
        while (!stack_.empty())
            close_top(bytes_.size(), false);
        return std::move(message_);
    }

private:
    /// The line at at_ with its line ending. Without an open boundary nothing ahead matters: the
    /// rest is one "line".
    std::string_view next_line() {
        if (boundaries_ == 0) {
            newlines_ += static_cast<std::size_t>(std::ranges::count(bytes_.substr(at_), '\n'));
            // The caller counts the last one.
            if (bytes_.back() == '\n')
                --newlines_;
            return bytes_.substr(at_);
        }
        return line_at(at_);
    }

    [[nodiscard]] std::string_view line_at(std::size_t at) const {
        const auto end = bytes_.find('\n', at);
        return bytes_.substr(at, end == std::string_view::npos ? end : end + 1 - at);
    }

    /// RFC 2046 5.1.1: innermost first, since an outer boundary also ends everything inside.
    [[nodiscard]] std::optional<Delimiter> match(std::string_view line) const {
        if (boundaries_ == 0 || !line.starts_with("--"))
            return std::nullopt;
        auto text = line.substr(2);
        while (!text.empty() && is_space(text.back()))
            text.remove_suffix(1);
        for (std::size_t i = stack_.size(); i-- > 0;) {
            if (!stack_[i].has_boundary || stack_[i].finished)
                continue;
            const std::string_view boundary = message_.parts[stack_[i].part].boundary;
            if (!text.starts_with(boundary))
                continue;
            const auto rest = text.substr(boundary.size());
            if (rest.empty() || rest == "--")
                return Delimiter{i, !rest.empty()};
        }
        return std::nullopt;
    }

    void take_delimiter(const Delimiter& delimiter, std::string_view line) {
        // The line ending before a delimiter belongs to it, unless it ended a header or another
        // delimiter.
        auto end = at_;
        if (end > floor_ && bytes_[end - 1] == '\n') {
            --end;
            if (end > floor_ && bytes_[end - 1] == '\r')
                --end;
        }
        while (stack_.size() > delimiter.frame + 1)
            close_top(end, end != at_);
        at_ += line.size();
        newlines_ += line.ends_with('\n') ? 1 : 0;
        floor_ = at_;
        if (delimiter.closing) {
            stack_[delimiter.frame].finished = true;
            --boundaries_;
        } else if (message_.parts.size() >= limits::kMimeParts) {
            message_.truncated = true;
        } else {
            open(stack_[delimiter.frame].part);
        }
    }

    void close_top(std::size_t end, bool ending_removed) {
        const auto frame = stack_.back();
        stack_.pop_back();
        if (frame.has_boundary && !frame.finished)
            --boundaries_;
        Part& part = message_.parts[frame.part];
        part.body.length = std::max(end, part.body.offset) - part.body.offset;
        auto lines = newlines_ - frame.newlines;
        if (ending_removed && lines > 0)
            --lines;
        if (part.body.length > 0 && bytes_[part.body.end() - 1] != '\n')
            ++lines;
        part.lines = static_cast<std::uint32_t>(lines);
    }

    /// Opens the part that starts at at_, and the message inside it if it is one, and so on.
    void open(std::uint32_t parent) {
        for (;;) {
            const auto index = static_cast<std::uint32_t>(message_.parts.size());
            Part part;
            part.parent = parent;
            if (parent != kNoPart) {
                Part& above = message_.parts[parent];
                part.depth = static_cast<std::uint16_t>(above.depth + 1);
                part.embedded = above.embedded || above.type == "message";
                part.position = static_cast<std::uint16_t>(++above.children);
                if (above.is("multipart", "digest")) {
                    part.type = "message";
                    part.subtype = "rfc822";
                }
            }
            part.header.offset = at_;
            scan_header(part);
            part.header.length = at_ - part.header.offset;
            part.body.offset = at_;
            floor_ = at_;
            message_.parts.push_back(std::move(part));
            if (!descend(index))
                return;
            parent = index;
        }
    }

    /// Pushes the part; true when a message starts right inside it.
    bool descend(std::uint32_t index) {
        Part& part = message_.parts[index];
        OpenPart frame{
            .part = index, .has_boundary = false, .finished = false, .newlines = newlines_
        };
        const bool composite = part.type == "multipart" || part.is("message", "rfc822") ||
                               part.is("message", "global");
        // RFC 2045 6.4 forbids encodings on composite types. An encoded message stays opaque; on a
        // multipart the field is ignored, because a tree is what everybody else sees.
        const bool encoded = part.encoding != Encoding::identity;
        if (composite && encoded)
            message_.ambiguous = true;
        if (composite && (part.depth + 1U >= limits::kMimeDepth)) {
            message_.truncated = true;
            stack_.push_back(frame);
            return false;
        }
        if (part.type == "multipart") {
            part.encoding = Encoding::identity;
            frame.has_boundary = !part.boundary.empty() && part.boundary.size() <= kBoundaryBytes;
            message_.ambiguous =
                message_.ambiguous || part.boundary.empty() || part.boundary.size() > 70;
            boundaries_ += frame.has_boundary ? 1 : 0;
        }
        stack_.push_back(frame);
        if (part.type == "multipart" || !composite || encoded)
            return false;
        if (message_.parts.size() < limits::kMimeParts)
            return true;
        message_.truncated = true;
        return false;
    }

    /// Moves at_ behind the header block, reading the Content-* fields on the way.
    void scan_header(Part& part) {
        PartHeader found(part);
        std::size_t fields = 0;
        const auto start = at_;
        if (start == 0 && is_mbox_line(bytes_))
            skip_line();
        while (at_ < bytes_.size()) {
            const auto line = line_at(at_);
            if (is_empty_line(line)) {
                skip_line();
                break;
            }
            if (match(line))
                break;
            const auto field = field_start(line);
            if (!field)
                break;
            const auto name_at = at_;
            skip_line();
            while (at_ < bytes_.size() && (bytes_[at_] == ' ' || bytes_[at_] == '\t'))
                skip_line();
            if (++fields > limits::kHeaderFields || at_ - start > limits::kHeaderBytes) {
                message_.truncated = true;
                continue;
            }
            found.take(
                bytes_.substr(name_at, field->name),
                bytes_.substr(name_at + field->value, at_ - name_at - field->value)
            );
        }
        message_.ambiguous = message_.ambiguous || found.ambiguous();
    }

    void skip_line() {
        const auto line = line_at(at_);
        at_ += line.size();
        newlines_ += line.ends_with('\n') ? 1 : 0;
    }

    std::string_view bytes_;
    Message message_;
    std::vector<OpenPart> stack_;
    std::size_t at_ = 0;
    std::size_t floor_ = 0;      ///< no body ends before this: behind the last header or delimiter
    std::size_t newlines_ = 0;   ///< line feeds before at_
    std::size_t boundaries_ = 0; ///< open parts with a boundary that can still match
};

} // namespace

std::vector<std::uint32_t> Message::children_of(std::uint32_t part) const {
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = part + 1; i < parts.size() && found.size() < parts[part].children; ++i)
        if (parts[i].parent == part)
            found.push_back(i);
    return found;
}

std::string Message::path_of(std::uint32_t part) const {
    std::string path;
    for (std::uint32_t at = part; at != kNoPart; at = parts[at].parent) {
        const auto parent = parts[at].parent;
        const bool is_message = parent == kNoPart || parts[parent].type == "message";
        // A multipart message adds no number of its own: its parts are counted from its place.
        if (is_message && !(parts[at].leaf() || parts[at].type == "message"))
            continue;
        const auto number = std::to_string(is_message ? 1 : parts[at].position);
        path = path.empty() ? number : number + "." + path;
    }
    return path.empty() ? "1" : path;
}

Message parse(std::string_view bytes) { return TreeScanner(bytes).run(); }

} // namespace lockstep::mime
