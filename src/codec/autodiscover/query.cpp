// Reads the query: a scanner over a few kilobytes of XML, without a tree and without recursion.
#include <optional>
#include <vector>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/autodiscover/discovery.hpp"

namespace lockstep::autodiscover {

namespace {

constexpr std::size_t kQueryDepth = 16;
constexpr std::size_t kReferenceBytes = 10; ///< "&#x10FFFF;"

std::unexpected<Error> malformed(const char* what) { return fail(Code::bad_syntax, what); }

std::string_view local_name(std::string_view name) {
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::optional<char32_t> reference(std::string_view name) {
    if (name == "amp")
        return U'&';
    if (name == "lt")
        return U'<';
    if (name == "gt")
        return U'>';
    if (name == "quot")
        return U'"';
    if (name == "apos")
        return U'\'';
    if (!name.starts_with('#'))
        return std::nullopt;
    name.remove_prefix(1);
    const bool hexadecimal = name.starts_with('x');
    if (hexadecimal)
        name.remove_prefix(1);
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(name.data(), name.data() + name.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc{} || end != name.data() + name.size())
        return std::nullopt;
    return value;
}

class QueryScanner {
public:
    explicit QueryScanner(std::string_view xml) : rest_(xml) {}

    Result<Query> scan() {
        if (rest_.starts_with("\xEF\xBB\xBF"))
            rest_.remove_prefix(3);
        while (!rest_.empty()) {
            if (rest_.starts_with('<'))
                CHECK_OK(markup());
            else
                CHECK_OK(text());
        }
        if (!open_.empty() || !seen_root_)
            return malformed("the document ends too soon");
        if (!is_query_)
            return malformed("not an Autodiscover request");
        query_.address = std::string(trim(clean_utf8(query_.address)));
        query_.schema = std::string(trim(clean_utf8(query_.schema)));
        if (query_.address.empty())
            return malformed("no EMailAddress");
        return std::move(query_);
    }

private:
    Result<> markup() {
        if (rest_.starts_with("<?"))
            return skip("?>");
        if (rest_.starts_with("<!--"))
            return skip("-->");
        // A DTD can define entities, and CDATA has no use here.
        if (rest_.starts_with("<!"))
            return malformed("declarations are not accepted");
        return rest_.starts_with("</") ? close() : begin();
    }

    Result<> skip(std::string_view until) {
        const auto end = rest_.find(until, 2);
        if (end == std::string_view::npos)
            return malformed("an unfinished comment or instruction");
        rest_.remove_prefix(end + until.size());
        return {};
    }

    Result<> begin() {
        const auto end = tag_end();
        if (end == std::string_view::npos)
            return malformed("an unfinished tag");
        auto inside = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        const bool empty = inside.ends_with('/');
        if (empty)
            inside.remove_suffix(1);
        const auto name = local_name(inside.substr(0, inside.find_first_of(" \t\r\n")));
        if (name.empty())
            return malformed("a tag without a name");
        if (open_.empty() && seen_root_)
            return malformed("a second root element");
        if (open_.size() >= kQueryDepth)
            return malformed("nested too deeply");
        seen_root_ = true;
        if (empty)
            return {};
        open_.push_back(name);
        if (open_ == std::vector<std::string_view>{"Autodiscover", "Request"})
            is_query_ = true;
        return {};
    }

    /// Where the tag's '>' is; one inside quotes does not count.
    std::size_t tag_end() const {
        char quote = 0;
        for (std::size_t at = 1; at < rest_.size(); ++at) {
            const char c = rest_[at];
            if (quote != 0)
                quote = c == quote ? char{0} : quote;
            else if (c == '"' || c == '\'')
                quote = c;
            else if (c == '<')
                return std::string_view::npos;
            else if (c == '>')
                return at;
        }
        return std::string_view::npos;
    }

    Result<> close() {
        const auto end = rest_.find('>');
        if (end == std::string_view::npos || open_.empty())
            return malformed("a stray end tag");
        if (local_name(trim(rest_.substr(2, end - 2))) != open_.back())
            return malformed("tags that cross");
        open_.pop_back();
        rest_.remove_prefix(end + 1);
        return {};
    }

    Result<> text() {
        const auto piece = rest_.substr(0, rest_.find('<'));
        rest_.remove_prefix(piece.size());
        if (open_.empty() && !trim(piece).empty())
            return malformed("text outside the root element");
        std::string* into = nullptr;
        if (open_.size() == 3 && is_query_ && open_[1] == "Request") {
            if (open_.back() == "EMailAddress")
                into = &query_.address;
            if (open_.back() == "AcceptableResponseSchema")
                into = &query_.schema;
        }
        return append(piece, into);
    }

    static Result<> append(std::string_view piece, std::string* into) {
        for (std::size_t at = 0; at < piece.size();) {
            if (piece[at] != '&') {
                const auto plain = piece.substr(at, piece.find('&', at) - at);
                if (into != nullptr)
                    *into += plain;
                at += plain.size();
                continue;
            }
            const auto name = piece.substr(at + 1, kReferenceBytes);
            const auto end = name.find(';');
            const auto value = reference(name.substr(0, end));
            if (end == std::string_view::npos || !value)
                return malformed("an unknown entity");
            if (into != nullptr)
                append_utf8(*into, *value);
            at += end + 2;
        }
        return {};
    }

    std::string_view rest_;
    std::vector<std::string_view> open_;
    bool seen_root_ = false;
    bool is_query_ = false;
    Query query_;
};

} // namespace

Result<Query> parse_query(std::string_view xml) {
    if (xml.size() > limits::kDiscoveryBytes)
        return fail(Code::too_large, "an Autodiscover request beyond its limit");
    return QueryScanner(xml).scan();
}

} // namespace lockstep::autodiscover
