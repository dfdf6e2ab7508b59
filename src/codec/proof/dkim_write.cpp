// Writing signatures and key records.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "codec/proof/dkim.hpp"

namespace lockstep::proof {
namespace {

/// What readers show or act on: signed once more than it is there (RFC 6376 8.15).
constexpr std::array<std::string_view, 14> kOversigned = {
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "In-Reply-To",
    "References",
    "Sender",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition"
};
constexpr std::array<std::string_view, 5> kSigned = {
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post", "Auto-Submitted"
};
constexpr std::size_t kFold = 72;

std::vector<std::string> names_to_sign(const mime::Headers& headers) {
    std::vector<std::string> names;
    for (const auto name : kOversigned)
        names.insert(names.end(), std::min<std::size_t>(headers.count(name), 8) + 1, lower(name));
    for (const auto name : kSigned)
        if (headers.count(name) > 0)
            names.push_back(lower(name));
    return names;
}

/// Names with colons, folded.
std::string folded_names(const std::vector<std::string>& names) {
    std::string out;
    std::size_t line = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (line + names[i].size() > kFold) {
            out += "\r\n\t ";
            line = 0;
        }
        out += names[i];
        line += names[i].size() + 1;
        if (i + 1 < names.size())
            out += ":";
    }
    return out;
}

} // namespace

std::string folded_base64(std::string_view bytes) {
    const auto text = base64(bytes);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += kFold)
        out += (at > 0 ? "\r\n\t " : "") + text.substr(at, kFold);
    return out;
}

Result<std::string>
write_signature(const SigningKey& key, const SignWish& wish, std::string_view message) {
    const mime::Headers headers(message);
    if (headers.count("From") == 0)
        return fail(Code::bad_value, "a message without From is not signed");
    Signature made;
    made.kind = key.key.kind();
    made.header_canon = made.body_canon = Canon::relaxed;
    made.headers = names_to_sign(headers);
    const auto body = canonical_body(Canon::relaxed, message.substr(headers.size()));
    auto field = fmt::format(
        "{}: {}; a={}; c=relaxed/relaxed; d={};\r\n\ts={}; t={}; h={};\r\n\tbh={};\r\n\tb=",
        wish.field, wish.first, made.kind == KeyKind::rsa ? "rsa-sha256" : "ed25519-sha256",
        key.domain, key.selector, wish.now, folded_names(made.headers),
        base64(sha(ShaKind::sha256, body))
    );
    const auto text = signed_text(made.kind, signed_header(message, headers, made, field + "\r\n"));
    TRY(const auto signature, key.key.sign(text));
    return field + folded_base64(signature) + "\r\n";
}

std::string key_record(const PrivateKey& key) {
    return fmt::format(
        "v=DKIM1; k={}; p={}", key.kind() == KeyKind::rsa ? "rsa" : "ed25519",
        base64(key.public_bytes())
    );
}

} // namespace lockstep::proof
