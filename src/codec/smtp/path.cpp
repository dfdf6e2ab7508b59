// Paths and mailboxes of the envelope; see path.hpp.
#include "codec/smtp/path.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace lockstep::smtp {

namespace {

constexpr std::size_t kLocalBytes = 64;   // RFC 5321 4.5.3.1.1
constexpr std::size_t kDomainBytes = 255; // RFC 5321 4.5.3.1.2
constexpr std::size_t kLabelBytes = 63;   // RFC 1035 2.3.4

bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_alnum(char c) { return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'); }
bool is_atext(char c) {
    return is_alnum(c) || is_high(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c);
}
bool is_printable(char c) { return is_high(c) || (c >= 0x20 && c < 0x7F); }

Result<std::string> take_quoted(std::string_view& text) {
    std::string value;
    for (std::size_t at = 1; at < text.size() && value.size() <= kLocalBytes; ++at) {
        char c = text[at];
        if (c == '"') {
            text.remove_prefix(at + 1);
            return value;
        }
        if (c == '\\') {
            if (++at == text.size() || is_high(text[at]))
                break;
            c = text[at];
        }
        if (!is_printable(c))
            break;
        value += c;
    }
    return fail(Code::bad_syntax, "ill-formed quoted local-part");
}

Result<std::string> take_dot_string(std::string_view& text) {
    std::size_t at = 0;
    bool atom = false;
    for (; at < text.size() && at <= kLocalBytes; ++at) {
        if (is_atext(text[at])) {
            atom = true;
        } else if (text[at] == '.' && atom) {
            atom = false;
        } else {
            break;
        }
    }
    if (!atom)
        return fail(Code::bad_syntax, "ill-formed local-part");
    std::string value(text.substr(0, at));
    text.remove_prefix(at);
    return value;
}

bool is_ipv4(std::string_view text) {
    const auto parts = split(text, '.');
    if (parts.size() != 4)
        return false;
    for (const auto part : parts) {
        const auto number = parse_int<std::uint32_t>(part);
        if (!number || *number > 255 || part.size() > 3 || (part.size() > 1 && part.front() == '0'))
            return false;
    }
    return true;
}

/// RFC 5321 4.1.3 IPv6-addr: up to eight groups, one "::" that stands for at least two, an IPv4
/// tail.
bool is_ipv6(std::string_view text) {
    if (text.size() > 45)
        return false;
    const auto gap = text.find("::");
    if (gap != std::string_view::npos && text.find("::", gap + 1) != std::string_view::npos)
        return false;
    std::size_t groups = 0;
    const auto count = [&groups](std::string_view side, bool tail) {
        if (side.empty())
            return true;
        const auto parts = split(side, ':');
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (tail && i + 1 == parts.size() && parts[i].contains('.')) {
                if (!is_ipv4(parts[i]))
                    return false;
                groups += 2;
                continue;
            }
            if (parts[i].empty() || parts[i].size() > 4)
                return false;
            if (parts[i].find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
                return false;
            ++groups;
        }
        return true;
    };
    if (gap == std::string_view::npos)
        return count(text, true) && groups == 8;
    return count(text.substr(0, gap), false) && count(text.substr(gap + 2), true) && groups <= 6;
}

Result<std::string> take_literal(std::string_view& text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos)
        return fail(Code::bad_syntax, "unterminated address literal");
    const auto inside = text.substr(1, end - 1);
    const bool ok = istarts_with(inside, "IPv6:") ? is_ipv6(inside.substr(5)) : is_ipv4(inside);
    if (!ok)
        return fail(Code::bad_syntax, "not an IPv4 or IPv6 address literal");
    std::string value = lower(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
    return value;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= kLabelBytes && label.front() != '-' &&
           label.back() != '-';
}

Result<std::string> take_domain(std::string_view& text) {
    if (text.starts_with('['))
        return take_literal(text);
    std::size_t at = 0;
    while (at < text.size() &&
           (is_alnum(text[at]) || is_high(text[at]) || text[at] == '-' || text[at] == '.'))
        ++at;
    const auto domain = text.substr(0, at);
    if (domain.size() > kDomainBytes)
        return fail(Code::bad_syntax, "domain too long");
    for (const auto label : split(domain, '.'))
        if (!is_label(label))
            return fail(Code::bad_syntax, "ill-formed domain");
    text.remove_prefix(at);
    return lower(domain);
}

Result<std::string> take_local(std::string_view& text) {
    TRY(auto local, text.starts_with('"') ? take_quoted(text) : take_dot_string(text));
    // `""@domain` follows the grammar, but would be mistaken for the null path everywhere behind
    // us.
    if (local.empty())
        return fail(Code::bad_syntax, "empty local-part");
    if (local.size() > kLocalBytes)
        return fail(Code::bad_syntax, "local-part too long");
    return local;
}

} // namespace

Result<Path> take_mailbox(std::string_view& text) {
    const auto whole = text;
    TRY(auto local, take_local(text));
    if (!text.starts_with('@'))
        return fail(Code::bad_syntax, "no domain in the address");
    text.remove_prefix(1);
    TRY(auto domain, take_domain(text));
    if (!is_utf8(whole.substr(0, whole.size() - text.size())))
        return fail(Code::bad_syntax, "ill-formed UTF-8 in an address");
    return Path{std::move(local), std::move(domain)};
}

Result<Path> take_path(std::string_view& text, bool null_allowed) {
    if (!text.starts_with('<'))
        return fail(Code::bad_syntax, "an address stands in angle brackets");
    text.remove_prefix(1);
    Path path;
    if (istarts_with(text, "postmaster>")) {
        path.local = "postmaster";
        text.remove_prefix(path.local.size());
    } else if (!(null_allowed && text.starts_with('>'))) {
        if (text.starts_with('@'))
            return fail(Code::bad_syntax, "source routes are not accepted");
        TRY(path, take_mailbox(text));
    }
    if (!text.starts_with('>'))
        return fail(Code::bad_syntax, "an address ends with an angle bracket");
    text.remove_prefix(1);
    return path;
}

Result<Path> parse_mailbox(std::string_view text) {
    const bool brackets = text.starts_with('<');
    TRY(auto path, brackets ? take_path(text, false) : take_mailbox(text));
    if (!text.empty() || path.domain.empty())
        return fail(Code::bad_syntax, "text after the address");
    return path;
}

std::string Path::text() const {
    if (null())
        return {};
    std::string_view rest = local;
    std::string out;
    if (const auto plain = take_dot_string(rest); plain && rest.empty()) {
        out = local;
    } else {
        out = '"';
        for (const char c : local) {
            if (c == '"' || c == '\\')
                out += '\\';
            out += c;
        }
        out += '"';
    }
    if (!domain.empty())
        out.append("@").append(domain);
    return out;
}

bool needs_smtputf8(const Path& path) { return !is_ascii(path.local) || !is_ascii(path.domain); }

} // namespace lockstep::smtp
