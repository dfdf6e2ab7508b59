// Reading SPF records.
#include "codec/proof/spf.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <arpa/inet.h>

#include "base/limits_proof.hpp"
#include "base/text.hpp"

namespace lockstep::proof {
namespace {

struct Known {
    std::string_view name;
    SpfKind kind;
};
constexpr std::array<Known, 8> kMechanisms = {{
    {"all", SpfKind::all},
    {"include", SpfKind::include},
    {"a", SpfKind::a},
    {"mx", SpfKind::mx},
    {"ptr", SpfKind::ptr},
    {"ip4", SpfKind::ip4},
    {"ip6", SpfKind::ip6},
    {"exists", SpfKind::exists},
}};

std::unexpected<Error> wrong_record(std::string_view term) {
    return fail(Code::bad_syntax, "an SPF term that follows no grammar: " + std::string(term));
}

/// "/24", "//64", "/24//64" at the end of `text`; they are removed from there.
Result<> take_prefixes(std::string_view& text, SpfTerm& term) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return {};
    auto rest = text.substr(slash);
    const auto number = [&](std::string_view digits, int most) -> std::optional<int> {
        const auto value = parse_int<int>(digits);
        const bool padded = digits.size() > 1 && digits.front() == '0';
        return value && !padded && *value <= most ? value : std::nullopt;
    };
    const auto both = rest.find("//");
    const auto first = rest.substr(0, both);
    if (!first.empty()) {
        const auto value = number(first.substr(1), 32);
        if (!value)
            return wrong_record(text);
        term.prefix4 = *value;
    }
    if (both != std::string_view::npos) {
        const auto value = number(rest.substr(both + 2), 128);
        if (!value)
            return wrong_record(text);
        term.prefix6 = *value;
    }
    text = text.substr(0, slash);
    return {};
}

Result<> read_network(std::string_view text, SpfTerm& term) {
    const auto slash = text.find('/');
    const bool four = term.kind == SpfKind::ip4;
    term.domain = text.substr(0, slash);
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(four ? AF_INET : AF_INET6, term.domain.c_str(), bytes.data()) != 1)
        return wrong_record(text);
    if (slash == std::string_view::npos)
        return {};
    const auto digits = text.substr(slash + 1);
    const auto value = parse_int<int>(digits);
    if (!value || *value > (four ? 32 : 128) || (digits.size() > 1 && digits.front() == '0'))
        return wrong_record(text);
    (four ? term.prefix4 : term.prefix6) = *value;
    return {};
}

Result<> read_domain(std::string_view text, bool given, SpfTerm& term) {
    const bool needed = term.kind == SpfKind::include || term.kind == SpfKind::exists;
    const bool sizes = term.kind == SpfKind::a || term.kind == SpfKind::mx;
    if (sizes)
        CHECK_OK(take_prefixes(text, term));
    if (term.kind == SpfKind::all && (given || !text.empty()))
        return wrong_record(text);
    if ((needed || given) && text.empty())
        return wrong_record(text);
    // Grammar only: the values do not matter yet.
    if (const auto spec = expand_spf(text, {"a@b.c", "b.c", "192.0.2.1", "b.c"}); !spec)
        return std::unexpected(spec.error());
    term.domain = text;
    return {};
}

Result<SpfTerm> read_term(std::string_view text) {
    SpfTerm term;
    if (std::string_view("+-~?").contains(text.front())) {
        term.qualifier = text.front();
        text.remove_prefix(1);
    }
    const auto end = text.find_first_of(":/");
    const auto name = lower(text.substr(0, end));
    const auto known = std::ranges::find(kMechanisms, name, &Known::name);
    if (known == kMechanisms.end())
        return wrong_record(text);
    term.kind = known->kind;
    const bool given = end != std::string_view::npos && text[end] == ':';
    auto rest = text.substr(name.size() + (given ? 1 : 0));
    if (term.kind == SpfKind::ip4 || term.kind == SpfKind::ip6) {
        if (!given)
            return wrong_record(text);
        CHECK_OK(read_network(rest, term));
        return term;
    }
    CHECK_OK(read_domain(rest, given, term));
    return term;
}

bool is_modifier_name(std::string_view name) {
    return !name.empty() && ascii_lower(name.front()) >= 'a' && ascii_lower(name.front()) <= 'z' &&
           std::ranges::all_of(name, [](char c) {
               return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || is_digit(c) || c == '-' ||
                      c == '_' || c == '.';
           });
}

Result<>
read_modifier(std::string_view name, std::string_view value, SpfRecord& record, bool& exp) {
    if (iequals(name, "redirect")) {
        const auto spec = expand_spf(value, {"a@b.c", "b.c", "192.0.2.1", "b.c"});
        if (!record.redirect.empty() || value.empty() || !spec)
            return wrong_record(value);
        record.redirect = value;
        return {};
    }
    if (iequals(name, "exp")) {
        if (exp || value.empty() || !expand_spf(value, {"a@b.c", "b.c", "192.0.2.1", "b.c"}))
            return wrong_record(value);
        exp = true;
    }
    return {};
}

/// An address as dotted parts: "192.0.2.1", or the 32 nibbles of IPv6.
std::string dotted(const std::string& address) {
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)
        return address;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        out += out.empty() ? "" : ".";
        out += digits[byte >> 4U];
        out += '.';
        out += digits[byte & 15U];
    }
    return out;
}

Result<std::string> macro_value(char letter, const SpfMacros& macros) {
    const auto at = macros.sender.rfind('@');
    const bool six = macros.address.contains(':');
    switch (ascii_lower(letter)) {
    case 's':
        return macros.sender;
    case 'l':
        return at == std::string::npos ? std::string("postmaster") : macros.sender.substr(0, at);
    case 'o':
        return at == std::string::npos ? macros.sender : macros.sender.substr(at + 1);
    case 'd':
        return macros.domain;
    case 'i':
        return dotted(macros.address);
    case 'p':
        return std::string("unknown"
        ); // RFC 7208 7.3: not to be used; its look-ups are not worth it
    case 'v':
        return std::string(six ? "ip6" : "in-addr");
    case 'h':
        return macros.helo;
    default:
        return fail(Code::bad_syntax, "an SPF macro that nobody knows");
    }
}

std::string percent_written(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
                           std::string_view("-._~").contains(c);
        out += plain ? std::string(1, c) : "%" + hex(std::string_view(&c, 1));
    }
    return out;
}

/// What stands between the braces: letter, digits, 'r', delimiters.
Result<std::string> expand_macro(std::string_view body, const SpfMacros& macros) {
    if (body.empty())
        return fail(Code::bad_syntax, "an empty SPF macro");
    const char letter = body.front();
    TRY(auto value, macro_value(letter, macros));
    std::size_t at = 1;
    while (at < body.size() && is_digit(body[at]))
        ++at;
    const auto count =
        at == 1 ? std::optional<std::size_t>(128) : parse_int<std::size_t>(body.substr(1, at - 1));
    if (!count || *count == 0)
        return fail(Code::bad_syntax, "an SPF macro that keeps nothing");
    const bool reversed = at < body.size() && ascii_lower(body[at]) == 'r';
    at += reversed ? 1 : 0;
    const auto delimiters = body.substr(at);
    if (delimiters.find_first_not_of(".-+,/_=") != std::string_view::npos)
        return fail(Code::bad_syntax, "an SPF macro with unknown delimiters");
    std::vector<std::string> parts(1);
    for (const char c : value) {
        if ((delimiters.empty() ? std::string_view(".") : delimiters).contains(c))
            parts.emplace_back();
        else
            parts.back() += c;
    }
    if (reversed)
        std::ranges::reverse(parts);
    if (*count < parts.size())
        parts.erase(parts.begin(), parts.end() - static_cast<std::ptrdiff_t>(*count));
    value = join(parts, ".");
    return letter >= 'A' && letter <= 'Z' ? percent_written(value) : value;
}

} // namespace

bool is_spf_record(std::string_view text) {
    return istarts_with(text, "v=spf1") && (text.size() == 6 || text[6] == ' ');
}

Result<SpfRecord> read_spf_record(std::string_view text) {
    SpfRecord record;
    bool exp = false;
    for (const auto part : split(text.substr(std::min<std::size_t>(6, text.size())), ' ')) {
        if (part.empty())
            continue;
        const auto equals = part.find('=');
        const auto name = part.substr(0, equals);
        if (equals != std::string_view::npos && is_modifier_name(name)) {
            CHECK_OK(read_modifier(name, part.substr(equals + 1), record, exp));
            continue;
        }
        if (record.terms.size() >= limits::kSpfTerms)
            return fail(Code::bad_syntax, "an SPF record with too many terms");
        TRY(auto term, read_term(part));
        record.terms.push_back(std::move(term));
    }
    return record;
}

Result<std::string> expand_spf(std::string_view spec, const SpfMacros& macros) {
    std::string out;
    for (std::size_t at = 0; at < spec.size(); ++at) {
        const char c = spec[at];
        if (c <= 0x20 || c > 0x7E)
            return fail(Code::bad_syntax, "a byte that no SPF record holds");
        if (c != '%') {
            out += c;
            continue;
        }
        const char next = at + 1 < spec.size() ? spec[at + 1] : ' ';
        ++at;
        if (next == '%') {
            out += '%';
        } else if (next == '_') {
            out += ' ';
        } else if (next == '-') {
            out += "%20";
        } else if (next == '{') {
            const auto end = spec.find('}', at);
            if (end == std::string_view::npos)
                return fail(Code::bad_syntax, "an SPF macro without an end");
            TRY(const auto value, expand_macro(spec.substr(at + 1, end - at - 1), macros));
            out += value;
            at = end;
        } else {
            return fail(Code::bad_syntax, "a stray % in an SPF record");
        }
    }
    // Too long for a name: labels go from the left (RFC 7208 7.3).
    while (out.size() > 253 && out.contains('.'))
        out.erase(0, out.find('.') + 1);
    return out;
}

bool is_in_network(std::string_view address, std::string_view network, int prefix) {
    const std::string left(address);
    const std::string right(network);
    std::array<unsigned char, 16> a{};
    std::array<unsigned char, 16> b{};
    const bool four = inet_pton(AF_INET, left.c_str(), a.data()) == 1;
    if (four ? inet_pton(AF_INET, right.c_str(), b.data()) != 1
             : inet_pton(AF_INET6, left.c_str(), a.data()) != 1 ||
                   inet_pton(AF_INET6, right.c_str(), b.data()) != 1)
        return false;
    const auto whole = static_cast<std::size_t>(prefix) / 8;
    if (std::memcmp(a.data(), b.data(), whole) != 0)
        return false;
    const auto rest = static_cast<unsigned>(prefix) % 8;
    const auto mask = static_cast<unsigned char>(0xFFU << (8 - rest));
    return rest == 0 || (a[whole] & mask) == (b[whole] & mask);
}

} // namespace lockstep::proof
