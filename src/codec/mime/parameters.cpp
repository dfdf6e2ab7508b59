// Parameter parsing; see parameters.hpp.
#include "codec/mime/parameters.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/header.hpp"

namespace lockstep::mime {

namespace {

/// One `name=value` as written, with what RFC 2231 put into its name.
struct Segment {
    std::string name;      ///< lower-case, without "*0*"
    std::string value;     ///< unquoted bytes
    int index = -1;        ///< -1: not a continuation
    bool extended = false; ///< percent-encoded; the first one carries charset'language'
};

class ParameterReader {
public:
    explicit ParameterReader(std::string_view raw) : text_(raw) {}

    std::string take_value() {
        skip_blanks();
        const auto start = at_;
        while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != ';' && text_[at_] != '('
        )
            ++at_;
        return lower(text_.substr(start, at_ - start));
    }

    /// The next parameter; nullopt at the end.
    std::optional<Segment> next() {
        for (;;) {
            skip_blanks();
            if (at_ == text_.size())
                return std::nullopt;
            if (text_[at_] == ';') {
                ++at_;
                continue;
            }
            const auto start = at_;
            while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != ';' &&
                   text_[at_] != '=')
                ++at_;
            const auto name = text_.substr(start, at_ - start);
            skip_blanks();
            if (at_ == text_.size() || text_[at_] != '=')
                continue;
            ++at_;
            Segment segment = name_of(name);
            segment.value = take_item(segment.name == "name" || segment.name == "filename");
            if (!segment.name.empty())
                return segment;
        }
    }

private:
    void skip_blanks() {
        std::size_t depth = 0; // comments nest (RFC 5322 3.2.2); a counter instead of recursion
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\\' && depth > 0 && at_ + 1 < text_.size()) {
                ++at_;
            } else if (c == '(') {
                ++depth;
            } else if (c == ')' && depth > 0) {
                --depth;
            } else if (depth == 0 && !is_space(c)) {
                return;
            }
        }
    }

    static Segment name_of(std::string_view name) {
        Segment segment;
        if (name.ends_with('*')) {
            segment.extended = true;
            name.remove_suffix(1);
        }
        if (const auto star = name.find('*'); star != std::string_view::npos) {
            const auto index = parse_int<int>(name.substr(star + 1));
            if (index && *index >= 0)
                segment.index = *index;
            name = name.substr(0, star);
        }
        segment.name = lower(name);
        return segment;
    }

    std::string take_item(bool with_blanks) {
        skip_blanks();
        if (at_ < text_.size() && text_[at_] == '"')
            return take_quoted_item();
        const auto start = at_;
        // `name=My file.pdf` without quotes is common: names run to the semicolon, all else to the
        // next blank.
        while (at_ < text_.size() && text_[at_] != ';' &&
               (with_blanks || (!is_space(text_[at_]) && text_[at_] != '(')))
            ++at_;
        return std::string(trim(text_.substr(start, at_ - start)));
    }

    std::string take_quoted_item() {
        std::string value;
        for (++at_; at_ < text_.size(); ++at_) {
            char c = text_[at_];
            if (c == '"') {
                ++at_;
                break;
            }
            if (c == '\r' || c == '\n')
                continue;
            // A backslash escapes quote and backslash only: Windows paths in names lose nothing.
            if (c == '\\' && at_ + 1 < text_.size() &&
                (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\'))
                c = text_[++at_];
            value += c;
        }
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string percent_bytes(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && text.size() - at > 2) {
            if (const auto byte = unhex(text.substr(at + 1, 2))) {
                out += *byte;
                at += 2;
                continue;
            }
        }
        out += text[at];
    }
    return out;
}

std::string plain_value(const std::string& value) {
    if (value.contains("=?"))
        return decode_text(value);
    return is_ascii(value) ? value : to_utf8(value, {});
}

/// Joins the continuations of one name (RFC 2231 3 and 4); a gap ends them.
std::string joined_value(std::vector<const Segment*> segments) {
    // Pointers into one vector: equal indexes keep the order of the field.
    std::ranges::sort(segments, {}, [](const Segment* segment) {
        return std::pair(segment->index, segment);
    });
    std::string bytes;
    std::string charset;
    bool extended = false;
    int wanted = 0;
    for (const Segment* const segment : segments) {
        if (segment->index >= 0 && segment->index < wanted)
            continue; // repeated index: the first counts
        if (segment->index > wanted)
            break;
        std::string_view value = segment->value;
        if (segment->extended && wanted == 0) {
            const auto first = value.find('\'');
            const auto second =
                first == std::string_view::npos ? first : value.find('\'', first + 1);
            if (second != std::string_view::npos) {
                charset = lower(value.substr(0, first));
                value.remove_prefix(second + 1);
            }
        }
        extended = extended || segment->extended;
        bytes += segment->extended ? percent_bytes(value) : std::string(value);
        ++wanted;
    }
    return extended ? to_utf8(bytes, charset) : plain_value(bytes);
}

} // namespace

std::string_view Parameters::get(std::string_view name) const {
    for (const auto& [key, item] : items)
        if (key == name)
            return item;
    return {};
}

Parameters parse_parameters(std::string_view raw) {
    Parameters out;
    ParameterReader reader(raw);
    out.value = reader.take_value();
    std::vector<Segment> segments;
    while (segments.size() < limits::kMimeParameters) {
        auto segment = reader.next();
        if (!segment)
            break;
        segments.push_back(std::move(*segment));
    }
    for (const auto& segment : segments) {
        if (std::ranges::any_of(out.items, [&](const auto& item) {
                return item.first == segment.name;
            }))
            continue;
        std::vector<const Segment*> parts;  // extended or continued form
        std::vector<const Segment*> simple; // name=value
        for (const auto& other : segments) {
            if (other.name != segment.name)
                continue;
            (other.index >= 0 || other.extended ? parts : simple).push_back(&other);
        }
        out.repeated = out.repeated || simple.size() > 1;
        // `filename*` beats `filename`: RFC 6266 4.3 says so for HTTP, and mail programs agree.
        if (parts.empty()) {
            out.items.emplace_back(segment.name, plain_value(simple.front()->value));
        } else {
            out.items.emplace_back(segment.name, joined_value(std::move(parts)));
        }
    }
    return out;
}

} // namespace lockstep::mime
