// Choosing bodies: one pass up to learn what subtrees hold, one pass down to choose; see
// bodies.hpp.
#include "codec/mime/bodies.hpp"

#include <cstddef>

namespace lockstep::mime {

namespace {

/// What a subtree could give.
struct Holds {
    bool plain = false;
    bool html = false;
};

/// What a part is wanted for, handed down.
struct Wanted {
    bool plain = false;
    bool html = false;
    bool first = true;    ///< nothing of the body stands before it in its multipart
    bool related = false; ///< beside the root of a multipart/related
};

bool is_text(const Part& part) {
    // A multipart without any part is shown as the text it is, so that nothing is lost.
    return part.leaf() &&
           (part.is("text", "plain") || part.is("text", "html") || part.type == "multipart");
}

class BodyChooser {
public:
    explicit BodyChooser(const Message& message)
        : parts_(message.parts), holds_(parts_.size()), wanted_(parts_.size()),
          roles_(parts_.size()), children_(parts_.size()) {}

    std::vector<PartRole> run() {
        for (std::size_t i = 1; i < parts_.size(); ++i)
            children_[parts_[i].parent].push_back(static_cast<std::uint32_t>(i));
        look_up();
        wanted_[0] = Wanted{true, true, true, false};
        for (std::uint32_t i = 0; i < parts_.size(); ++i)
            if (!parts_[i].embedded)
                hand_down(i);
        return std::move(roles_);
    }

private:
    void look_up() {
        for (std::size_t i = parts_.size(); i-- > 0;) {
            const Part& part = parts_[i];
            if (is_text(part) && part.disposition != Disposition::attachment) {
                holds_[i].html = part.is("text", "html");
                holds_[i].plain = !holds_[i].html;
            }
            if (part.parent == kNoPart || parts_[part.parent].type != "multipart")
                continue;
            holds_[part.parent].plain = holds_[part.parent].plain || holds_[i].plain;
            holds_[part.parent].html = holds_[part.parent].html || holds_[i].html;
        }
    }

    void hand_down(std::uint32_t index) {
        const Part& part = parts_[index];
        const Wanted wanted = wanted_[index];
        if (part.type != "multipart" || part.leaf()) {
            take_leaf(index, wanted);
        } else if (part.subtype == "alternative") {
            choose_alternative(index, wanted);
        } else if (part.subtype == "related") {
            choose_related(index, wanted);
        } else {
            choose_sequence(index, wanted);
        }
    }

    void take_leaf(std::uint32_t index, const Wanted& wanted) {
        const Part& part = parts_[index];
        PartRole& role = roles_[index];
        // A named text counts as body only where the body is expected: at the front.
        const bool body = is_text(part) && part.disposition != Disposition::attachment &&
                          !wanted.related && (wanted.first || part.any_name().empty());
        role.plain = body && wanted.plain;
        role.html = body && wanted.html;
        role.related = wanted.related && part.disposition != Disposition::attachment;
        const bool picture = part.type == "image" && part.disposition == Disposition::inline_ &&
                             !part.content_id.empty();
        role.related = role.related || picture || (wanted.related && !part.content_id.empty());
    }

    /// RFC 2046 5.1.4: the last alternative that can be shown. For plain text the last one that is
    /// nothing but plain.
    void choose_alternative(std::uint32_t index, const Wanted& wanted) {
        std::uint32_t plain = kNoPart;
        std::uint32_t html = kNoPart;
        for (const auto child : children_[index]) {
            if (holds_[child].plain && !holds_[child].html)
                plain = child;
            if (holds_[child].html)
                html = child;
        }
        if (plain == kNoPart)
            plain = html;
        if (html == kNoPart)
            html = plain;
        for (const auto child : children_[index]) {
            wanted_[child] = Wanted{
                wanted.plain && child == plain, wanted.html && child == html, wanted.first,
                wanted.related
            };
            const bool chosen = child == plain || child == html;
            const bool shadow = parts_[child].type == "text" &&
                                parts_[child].disposition != Disposition::attachment;
            if (!chosen && shadow)
                roles_[child].hidden = true;
        }
    }

    void choose_related(std::uint32_t index, const Wanted& wanted) {
        const Part& part = parts_[index];
        std::uint32_t root = children_[index].front();
        if (!part.start.empty()) {
            for (const auto child : children_[index])
                if (parts_[child].content_id == part.start)
                    root = child;
        }
        for (const auto child : children_[index]) {
            if (child == root) {
                wanted_[child] = wanted;
            } else {
                wanted_[child] = Wanted{false, false, false, true};
            }
        }
    }

    /// mixed and what is treated like it; of signed, encrypted, report and digest only some parts
    /// are for reading.
    void choose_sequence(std::uint32_t index, const Wanted& wanted) {
        const Part& part = parts_[index];
        const bool is_signed = part.subtype == "signed";
        const bool encrypted = part.subtype == "encrypted";
        const bool report = part.subtype == "report";
        bool first = true;
        std::size_t position = 0;
        for (const auto child : children_[index]) {
            const bool readable = position == 0 ? !encrypted : !(is_signed || encrypted || report);
            wanted_[child] = Wanted{
                wanted.plain && readable, wanted.html && readable, wanted.first && first,
                wanted.related
            };
            const bool control = (is_signed && position == 1) || (encrypted && position == 0) ||
                                 (report && position > 0 && parts_[child].type == "message" &&
                                  !parts_[child].is("message", "rfc822"));
            roles_[child].hidden = roles_[child].hidden || control;
            if (holds_[child].plain || holds_[child].html)
                first = false;
            ++position;
        }
    }

    const std::vector<Part>& parts_;
    std::vector<Holds> holds_;
    std::vector<Wanted> wanted_;
    std::vector<PartRole> roles_;
    std::vector<std::vector<std::uint32_t>> children_;
};

} // namespace

std::vector<PartRole> body_roles(const Message& message) { return BodyChooser(message).run(); }

} // namespace lockstep::mime
