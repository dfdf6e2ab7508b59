// Reading signatures and keys.
#include "codec/proof/dkim.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/limits_proof.hpp"
#include "base/text.hpp"

namespace lockstep::proof {
namespace {

Result<Canon> canon_named(std::string_view name) {
    if (name == "simple")
        return Canon::simple;
    if (name == "relaxed")
        return Canon::relaxed;
    return fail(Code::unsupported, "a canonical form that nobody knows");
}

Result<> read_canons(Signature& signature, std::string_view text) {
    const auto slash = text.find('/');
    TRY(signature.header_canon, canon_named(text.substr(0, slash)));
    TRY(signature.body_canon,
        canon_named(slash == std::string_view::npos ? "simple" : text.substr(slash + 1)));
    return {};
}

Result<KeyKind> algorithm_named(std::string_view name) {
    if (name == "rsa-sha256")
        return KeyKind::rsa;
    if (name == "ed25519-sha256")
        return KeyKind::ed25519;
    return fail(Code::unsupported, "an algorithm that is not for signatures of today");
}

/// A host name as labels of letters, digits, '-' and '_'.
bool is_name(std::string_view name) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' || c == '.';
    };
    return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, good) &&
           name.front() != '.' && name.back() != '.' && !name.contains("..");
}

Result<> read_headers(Signature& signature, std::string_view text) {
    for (const auto part : split(text, ':')) {
        if (signature.headers.size() >= limits::kDkimHeaders)
            return fail(Code::too_large, "a signature names too many fields");
        signature.headers.push_back(lower(trim(part)));
    }
    if (std::ranges::find(signature.headers, "from") == signature.headers.end())
        return fail(Code::bad_value, "a signature that leaves From out");
    return {};
}

Result<std::optional<std::int64_t>> time_tag(const Tags& tags, std::string_view name) {
    const auto text = tags.find(name);
    if (!text)
        return std::optional<std::int64_t>();
    const auto number = parse_int(*text);
    if (!number || *number < 0)
        return fail(Code::bad_syntax, "a time that is none");
    return number;
}

Result<> read_identity(Signature& signature, const Tags& tags) {
    signature.identity = tags.text("i");
    const auto at = signature.identity.rfind('@');
    if (signature.identity.empty())
        return {};
    const auto domain = at == std::string::npos
                            ? std::string()
                            : lower(std::string_view(signature.identity).substr(at + 1));
    if (domain == signature.domain || domain.ends_with("." + signature.domain))
        return {};
    return fail(Code::bad_value, "a signature's identity is not of its domain");
}

} // namespace

Result<Signature> read_signature(std::string_view value, bool arc) {
    TRY(const auto tags, Tags::read(mime::unfold(value)));
    if (!arc && tags.text("v") != "1")
        return fail(Code::bad_value, "a signature of another version");
    Signature made;
    TRY(made.kind, algorithm_named(lower(tags.text("a"))));
    CHECK_OK(read_canons(made, tags.text("c", "simple/simple")));
    TRY(made.signature, unbase64(without_blanks(tags.text("b"))));
    TRY(made.body_hash, unbase64(without_blanks(tags.text("bh"))));
    made.domain = lower(tags.text("d"));
    made.selector = lower(tags.text("s"));
    if (!is_name(made.domain) || !is_name(made.selector) || !made.domain.contains('.'))
        return fail(Code::bad_value, "a signature without a domain or selector");
    CHECK_OK(read_headers(made, tags.text("h")));
    if (!arc)
        CHECK_OK(read_identity(made, tags));
    if (tags.text("q", "dns/txt") != "dns/txt")
        return fail(Code::unsupported, "a key that is not in the DNS");
    if (const auto length = tags.find("l")) {
        made.length = parse_int<std::uint64_t>(*length);
        if (!made.length)
            return fail(Code::bad_syntax, "a length that is none");
    }
    TRY(made.made, time_tag(tags, "t"));
    TRY(made.expires, time_tag(tags, "x"));
    if (made.signature.empty() || made.body_hash.empty())
        return fail(Code::bad_syntax, "an empty signature");
    return made;
}

Result<KeyRecord> read_key_record(std::string_view text, KeyKind kind) {
    TRY(const auto tags, Tags::read(text));
    if (tags.find("v") && (tags.first() != "v" || tags.text("v") != "DKIM1"))
        return fail(Code::bad_value, "a key of another version");
    if (tags.text("k", "rsa") != (kind == KeyKind::rsa ? "rsa" : "ed25519"))
        return fail(Code::unsupported, "a key of another kind");
    const auto names = [&](std::string_view tag, std::string_view otherwise,
                           std::string_view name) {
        const auto list = tags.text(tag, otherwise);
        const auto parts = split(list, ':');
        return std::ranges::any_of(parts, [&](std::string_view each) {
            return trim(each) == name || (tag == "s" && trim(each) == "*");
        });
    };
    if (!names("h", "sha256", "sha256") || !names("s", "*", "email"))
        return fail(Code::unsupported, "a key for something else");
    const auto key = without_blanks(tags.text("p"));
    if (key.empty())
        return fail(Code::not_found, "the key was taken back");
    TRY(const auto bytes, unbase64(key));
    TRY(auto read, PublicKey::read(kind, bytes));
    if (kind == KeyKind::rsa &&
        (read.bits() < limits::kRsaBitsLeast || read.bits() > limits::kRsaBitsMost))
        return fail(Code::unsupported, "an RSA key of a length that is not accepted");
    return KeyRecord{std::move(read), names("t", "", "y"), names("t", "", "s")};
}

std::string signed_header(
    std::string_view message, const mime::Headers& headers, const Signature& signature,
    std::string_view field
) {
    const auto& fields = headers.fields();
    std::vector<bool> taken(fields.size(), false);
    // Names in lower case, so that the search below compares bytes only.
    std::vector<std::string> names;
    names.reserve(fields.size());
    for (const auto& each : fields)
        names.push_back(lower(each.name));
    std::string out;
    for (const auto& name : signature.headers) {
        for (std::size_t i = fields.size(); i-- > 0;) {
            if (taken[i] || names[i] != name)
                continue;
            taken[i] = true;
            const auto raw = message.substr(fields[i].offset, fields[i].length);
            // Its own field is not part of what it signs.
            if (raw == field)
                continue;
            out += canonical_field(signature.header_canon, raw);
            break;
        }
    }
    const auto colon = field.find(':');
    auto own = std::string(field.substr(0, colon + 1)) + without_signature(field.substr(colon + 1));
    own = canonical_field(signature.header_canon, own);
    while (own.ends_with('\n') || own.ends_with('\r'))
        own.pop_back();
    return out + own;
}

std::string signed_text(KeyKind kind, std::string header) {
    return kind == KeyKind::rsa ? std::move(header) : sha(ShaKind::sha256, header);
}

bool body_matches(std::string_view body, const Signature& signature) {
    const auto text = canonical_body(signature.body_canon, body);
    return sha(ShaKind::sha256, text) == signature.body_hash;
}

} // namespace lockstep::proof
